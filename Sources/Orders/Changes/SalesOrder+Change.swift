import MasterData
import Values

extension SalesOrder {
  /// Takes over what the lines of a change come to. Lines keep their numbers; what is not ordered
  /// any more stays as a line that costs nothing, and charges follow.
  mutating func take(_ priced: PricedOrder, _ changed: [ChangedLine]) throws {
    let numbers = linesTaken(changed)
    var kept: Set<Int> = []
    for (index, line) in priced.lines.enumerated() {
      let number = index < changed.count ? numbers[index] : number(ofCharge: line.charge)
      if lines.indices.contains(number - 1) {
        lines[number - 1] = line.following(
          lines[number - 1], isRechosen: index < changed.count && changed[index].isRechosen)
      } else {
        var added = line
        added.number = lines.count + 1
        lines.append(added)
      }
      kept.insert(number)
    }
    for index in lines.indices where !kept.contains(index + 1) { try takeOut(lineAt: index) }
    net = priced.net
    tax = priced.tax
    gross = priced.gross
    depositRequired = priced.depositRequired
  }

  /// Takes over what a change asks for about the lines that there are, and when their parts are
  /// wanted.
  mutating func takeInstructions(of changed: [ChangedLine]) {
    for line in changed {
      guard let number = line.number else { continue }
      lines[number - 1].instructions = line.draft.instructions
      lines[number - 1].schedules = line.draft.schedules
    }
  }

  /// The number that each line of a change has: its own, or the next behind all there are.
  func linesTaken(_ changed: [ChangedLine]) -> [Int] {
    var next = lines.count
    return changed.map { line in
      if let number = line.number { return number }
      next += 1
      return next
    }
  }

  /// Of the charge that stands on the order already; else of the next line.
  private func number(ofCharge charge: String) -> Int {
    lines.first { $0.charge == charge && $0.isAlive }?.number ?? lines.count + 1
  }

  private mutating func takeOut(lineAt index: Int) throws {
    var line = lines[index]
    guard !line.isTakenOut else { return }
    guard line.shipped == .zero else {
      throw ChangeRejection.belowDone(
        field: "change", order: number, line: line.number, done: line.shipped)
    }
    line.cancelled = line.ordered
    line.followSchedules()
    line.reserved = .zero
    line.unitPrice.micros = 0
    line.discount = .zero
    line.adjustments = []
    line.net = .zero(currency)
    line.tax = .zero(currency)
    line.priceExplanation = Explanation([
      .init(SalesOrderLine.takenOutRule, "Not ordered any more", [])
    ])
    lines[index] = line
  }
}

extension SalesOrderLine {
  /// The line as it is priced now, with what has become of it so far.
  fileprivate func following(_ old: SalesOrderLine, isRechosen: Bool) -> SalesOrderLine {
    var line = self
    line.number = old.number
    line.cancelled = old.cancelled
    line.shipped = old.shipped
    line.delivered = old.delivered
    line.invoiced = old.invoiced
    line.reserved = old.reserved
    line.description = old.description
    line.sourcing = old.sourcing
    line.isDropShipped = old.isDropShipped
    guard !isRechosen else { return line }
    line.choice = old.choice
    line.configuration = old.configuration
    return line
  }
}
