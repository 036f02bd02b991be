import Storage
package import Values

/// What a customer chose about a line for which there are not enough goods.
package enum ShortageChoice: String, Hashable, Sendable, CaseIterable {
  /// For the day that is known now.
  case wait = "WAIT"
  /// Something else instead.
  case substitute = "SUBSTITUTE"
  /// What is there now, and the rest when it comes.
  case partShip = "PART_SHIP"
  /// What is not there is not wanted any more, and its money goes back.
  case cancel = "CANCEL"
}

/// A line of a promised order that waits for goods.
struct ShortLine {
  var order: SalesOrder
  let line: SalesOrderLine
  let waiting: Quantity

  /// Refuses an order or a line that does not wait.
  init(
    _ number: String, line lineNumber: Int, expectedVersion: Int64?, in snapshot: Snapshot
  ) throws {
    order = try SalesOrders.require(number: number, field: "order_number", in: snapshot)
    try order.expect(version: expectedVersion)
    let index = try order.index(ofLine: lineNumber, field: "line_number")
    line = order.lines[index]
    waiting = Quantity(micros: line.open.micros - line.reserved.micros)
    guard order.state == .confirmed || order.state == .partlyShipped, line.isServedFromStock,
      waiting.isPositive
    else {
      throw ShortageRejection.notShort(
        field: "line_number", order: order.number, line: lineNumber)
    }
  }
}

extension SalesOrder {
  /// Writes down what was chosen about a line that waits, and says so.
  func record(
    _ choice: ShortageChoice, ofLine line: Int, _ quantity: Quantity, agreedOn day: Day? = nil,
    substitute: Int? = nil, comment: String, by actor: String, in tx: Transaction, at now: Moment
  ) throws {
    try ShortageChoiceTable.insert(
      choice, ofLine: line, of: self, quantity, agreedOn: day, substitute: substitute,
      comment: comment, by: actor, in: tx, at: now)
    tx.record(
      DomainEvent(
        "order.shortage-settled", reference,
        [
          Fact("line", line), Fact("sku", lines[line - 1].sku), Fact("choice", choice.rawValue),
          Fact("quantity", quantity), Fact("agreed_on", day?.description ?? ""),
          Fact("substitute_line", substitute.map { "\($0)" } ?? ""), Fact("actor", actor),
          Fact("comment", comment),
        ]))
  }
}

/// What choices about shortages refuse, in the order in which it is checked.
package enum ShortageRejection: Rejection, Hashable {
  /// All that is open of the line is on the shelf, or nothing is promised.
  case notShort(field: String, order: String, line: Int)
  case notASubstitute(field: String, sku: String, given: String)
  /// More than is open.
  case moreThanOpen(field: String, open: Quantity, given: Quantity)
  /// None of it is on the shelf and in no shipment.
  case nothingHeld(order: String, line: Int)
}

extension ShortageRejection {
  package var kind: RejectionKind { .precondition }

  package var reason: String {
    switch self {
    case .notShort: "NOT_SHORT"
    case .notASubstitute: "NOT_A_SUBSTITUTE"
    case .moreThanOpen: "MORE_THAN_OPEN"
    case .nothingHeld: "NOTHING_HELD"
    }
  }

  package var message: String {
    switch self {
    case .notShort(_, let order, let line): "Line \(line) of \(order) does not wait for goods"
    case .notASubstitute(_, let sku, let given): "\(given) does not stand in for \(sku) today"
    case .moreThanOpen(_, let open, let given): "\(given) are more than the \(open) that are open"
    case .nothingHeld(let order, let line):
      "Nothing of line \(line) of \(order) is on the shelf and in no shipment yet"
    }
  }

  package var field: String? {
    switch self {
    case .notShort(let field, _, _), .notASubstitute(let field, _, _),
      .moreThanOpen(let field, _, _):
      field
    case .nothingHeld: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .notShort(_, let order, let line), .nothingHeld(let order, let line):
      [Fact("order", order), Fact("line", line)]
    case .notASubstitute(_, let sku, let given): [Fact("sku", sku), Fact("given", given)]
    case .moreThanOpen(_, let open, let given): [Fact("open", open), Fact("given", given)]
    }
  }
}
