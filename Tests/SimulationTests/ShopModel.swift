/// What the shop should be after a series of commands, in a few dozen lines that share nothing with
/// the product: whole pieces, cents, and arrays. The auditor of the simulation.
struct ShopModel {
  struct Line: Equatable {
    let sku: String
    var ordered: Int64
    var cancelled: Int64 = 0
    var held: Int64 = 0
    var shipped: Int64 = 0
    var invoiced: Int64 = 0
    /// Cents.
    var net: Int64
    var tax: Int64
    /// What the workshop still brings for it by its present work order.
    var making: Int64 = 0
    /// Came back.
    var returned: Int64 = 0
    /// A supplier brings what is open of it to the customer.
    var isDirect = false
    /// He brings it another day than today.
    var isDirectLater = false
    /// The customer takes what is there of it, and the rest when it comes.
    var isTakenInPart = false
    /// It is for a piece of the showroom and no other.
    var isPiece = false

    var isMade: Bool { ShopModel.made.contains(sku) }
    var waiting: Int64 { isDirect ? 0 : open - held }
    var open: Int64 { ordered - cancelled - shipped }
    var wanted: Int64 { ordered - cancelled }

    /// Net and tax of the first `count` pieces, each rounded half up.
    func gross(upTo count: Int64) -> Int64 {
      ShopModel.share(net, count, of: ordered) + ShopModel.share(tax, count, of: ordered)
    }
  }

  /// So many of the pieces that cost `cents` together, rounded half up.
  static func share(_ cents: Int64, _ count: Int64, of all: Int64) -> Int64 {
    (2 * cents * count + all) / (2 * all)
  }

  /// An invoice.
  struct Bill: Equatable {
    struct Part: Equatable {
      let line: Int
      let count: Int64
      let net: Int64
      let tax: Int64
      var credited: Int64 = 0
    }

    /// Cents that are not paid.
    var open: Int64
    var parts: [Part] = []
  }

  struct Order: Equatable {
    let customer: String
    var lines: [Line]
    var isConfirmed: Bool
    /// Off the whole.
    var percent: Int64 = 0
    /// The shop brings it.
    var isBrought = false
    /// Some of its lines have parts with days of their own.
    var hasParts = false
    /// Where to; empty where nobody said.
    var zone = ""
    /// Lines that leave only together.
    var set: Set<Int> = []

    /// Lines of which something would leave now: of the set all that is open, or nothing.
    var leaving: Set<Int> {
      let held = Set(lines.indices.filter { lines[$0].held > 0 })
      let isBroken = set.contains { lines[$0].open > lines[$0].held }
      return isBroken ? held.subtracting(set) : held
    }
    /// Takes no promise that stock does not hold.
    var refusesShortage = false
    /// Parts for goods that have left.
    var isRepair = false
    /// What the agreement is about that it calls off from; nil for none.
    var agreed: Set<String>?
    var bills: [Bill] = []
    /// Cents that were paid for it before it was billed.
    var deposit: Int64 = 0

    /// Cents of the invoices that are not paid.
    var unpaid: Int64 { bills.reduce(0) { $0 + $1.open } }
    var gross: Int64 { lines.reduce(0) { $0 + $1.net + $1.tax } }
    var uninvoiced: Int64 {
      lines.reduce(0) { $0 + $1.gross(upTo: $1.wanted) - $1.gross(upTo: $1.invoiced) }
    }

    var state: String {
      if lines.allSatisfy({ $0.wanted == 0 }) { return "CANCELLED" }
      guard isConfirmed else { return "SUBMITTED" }
      let alive = lines.filter { $0.wanted > 0 }
      if alive.allSatisfy({ $0.shipped == $0.wanted }) {
        let billed = alive.allSatisfy { $0.invoiced == $0.shipped }
        return billed && unpaid == 0 ? "CLOSED" : "DELIVERED"
      }
      return lines.contains { $0.shipped > 0 } ? "PARTLY_SHIPPED" : "CONFIRMED"
    }
  }

  /// Cents of one piece.
  static let prices: [String: Int64] = ["CHAIR": 49_900, "LAMP": 19_990, "TABLE": 320_000]
  /// Cents of three lamps together, by which any three or more are counted.
  static let threeLamps: Int64 = 55_000

  /// So many of them before discounts: rounded once, whatever one of them comes to.
  static func price(_ sku: String, _ count: Int64) -> Int64 {
    sku == "LAMP" && count >= 3
      ? share(threeLamps, count, of: 3) : (prices[sku] ?? 0) * count
  }

  /// Made for the line that orders it, which takes nothing from the shelf while it is being made.
  static let made: Set = ["TABLE"]
  static let limits: [String: Int64] = ["VIP": 20_000_000, "TIGHT": 600_000]

  private(set) var onHand: [String: Int64] = ["CHAIR": 0, "LAMP": 0, "TABLE": 0]
  private(set) var orders: [String: Order] = [:]
  /// Lines in the order in which they were promised: who waits longest is served first.
  private(set) var queue: [Place] = []

  struct Place: Equatable {
    let order: String
    let line: Int
  }

  /// What left the shelves to be shown, and by which order it was sold.
  var pieces: [String: Piece] = [:]
  var owners: [String: String] = [:]

  /// What the goods of repairs are of, by the number of the repair's order.
  var lots: [String: String] = [:]

  /// How urgent somebody said that an order is; 0 where nobody did.
  private(set) var urgency: [String: Int64] = [:]

  /// The queue as it is served: the most urgent first, then who waits longest.
  private var turns: [Place] {
    queue.enumerated().sorted { left, right in
      let ranks = (urgency[left.element.order] ?? 0, urgency[right.element.order] ?? 0)
      return ranks.0 == ranks.1 ? left.offset < right.offset : ranks.0 > ranks.1
    }.map(\.element)
  }

  /// The customer does not want what is not there.
  mutating func giveUpWaiting(_ number: String, line index: Int) {
    guard let waiting = orders[number]?.lines[index].waiting else { return }
    orders[number]?.lines[index].cancelled += waiting
  }

  /// What is there of a line leaves.
  mutating func ship(_ number: String, line index: Int) {
    guard let line = orders[number]?.lines[index] else { return }
    onHand[line.sku, default: 0] -= line.held
    orders[number]?.lines[index].shipped += line.held
    orders[number]?.lines[index].held = 0
  }

  /// Whether the customer takes of a line what is there.
  mutating func take(_ number: String, line index: Int, inPart: Bool) {
    orders[number]?.lines[index].isTakenInPart = inPart
  }

  mutating func hurry(_ number: String, _ score: Int64) { urgency[number] = score }

  /// Takes all that is held of a product and gives it out again, turn by turn.
  mutating func giveAnew(_ sku: String) {
    guard !Self.made.contains(sku) else { return }
    var left = held(sku)
    for order in orders.values {
      for line in order.lines where line.sku == sku && line.isPiece { left -= line.held }
    }
    for place in turns where orders[place.order]?.lines[place.line].sku == sku {
      guard orders[place.order]?.isConfirmed == true,
        orders[place.order]?.lines[place.line].isDirect == false
      else { continue }
      let part = min(left, orders[place.order]?.lines[place.line].open ?? 0)
      orders[place.order]?.lines[place.line].held = part
      left -= part
    }
  }

  func held(_ sku: String) -> Int64 {
    orders.values.reduce(0) { sum, order in
      sum + order.lines.reduce(0) { $0 + ($1.sku == sku ? $1.held : 0) }
    }
  }

  func free(_ sku: String) -> Int64 { (onHand[sku] ?? 0) - held(sku) }

  func exposure(_ customer: String) -> Int64 {
    orders.values.filter { $0.customer == customer }.reduce(0) { sum, order in
      sum + order.unpaid + (order.isConfirmed ? max(0, order.uninvoiced - order.deposit) : 0)
    }
  }

  /// What of it has left and no invoice says.
  func shipped(_ customer: String) -> Int64 {
    orders.values.filter { $0.customer == customer && $0.isConfirmed }.reduce(0) { sum, order in
      let gone = order.lines.reduce(0) {
        $0 + $1.gross(upTo: $1.shipped) - $1.gross(upTo: $1.invoiced)
      }
      return sum + min(gone, max(0, order.uninvoiced - order.deposit))
    }
  }

  /// The order that these lines make with a discount of so many percent on the whole, and a tenth
  /// off the chairs when there are three of them.
  func draft(
    _ customer: String, _ lines: [(sku: String, count: Int64)], percent: Int64 = 0
  ) -> Order {
    var nets = lines.map { Self.price($0.sku, $0.count) }
    let chairs = nets.indices.map { lines[$0].sku == "CHAIR" ? nets[$0] : 0 }
    if lines.reduce(0, { $0 + ($1.sku == "CHAIR" ? $1.count : 0) }) >= 3 {
      // All that is promoted takes no more off an order than seven in a hundred of it.
      nets = Self.less(
        10, of: chairs, from: nets, atMost: (nets.reduce(0, +) * 7 + 50) / 100)
    }
    nets = Self.less(percent, of: nets, from: nets)
    return Order(
      customer: customer,
      lines: zip(lines, nets).map { line, net in
        Line(sku: line.sku, ordered: line.count, net: net, tax: (net * 13 + 50) / 100)
      }, isConfirmed: false, percent: percent)
  }

  /// So many percent of `base`, taken from `nets` in its proportions: rounded down everywhere, and
  /// what is left over a cent each, the largest fractions first.
  private static func less(
    _ percent: Int64, of base: [Int64], from nets: [Int64], atMost most: Int64 = .max
  ) -> [Int64] {
    let sum = base.reduce(0, +)
    guard sum > 0, percent > 0 else { return nets }
    let whole = min((sum * percent + 50) / 100, most)
    var parts = base.map { $0 * whole / sum }
    let order = base.indices.sorted {
      let (left, right) = (base[$0] * whole % sum, base[$1] * whole % sum)
      return left == right ? $0 < $1 : left > right
    }
    for index in order.prefix(Int(whole - parts.reduce(0, +))) { parts[index] += 1 }
    return zip(nets, parts).map { $0 - $1 }
  }

  func mayConfirm(_ order: Order, refuseShortage: Bool) -> Bool {
    let room = Self.limits[order.customer, default: 0] - exposure(order.customer)
    guard order.gross - order.deposit <= room else { return false }
    guard refuseShortage else { return true }
    return Self.prices.keys.filter { !Self.made.contains($0) }.allSatisfy { sku in
      order.lines.reduce(0) { $0 + ($1.sku == sku ? $1.ordered : 0) } <= max(0, free(sku))
    }
  }

  mutating func add(_ number: String, _ order: Order, confirmed: Bool) {
    orders[number] = order
    if confirmed { confirm(number) }
  }

  mutating func confirm(_ number: String) {
    orders[number]?.isConfirmed = true
    queue += (orders[number]?.lines ?? []).indices.map { Place(order: number, line: $0) }
    for (index, line) in (orders[number]?.lines ?? []).enumerated() where line.isMade {
      orders[number]?.lines[index].making = line.waiting
    }
    for sku in Self.prices.keys { allocate(sku) }
  }

  mutating func receive(_ sku: String, _ count: Int64) {
    onHand[sku, default: 0] += count
    allocate(sku)
  }

  mutating func lose(_ sku: String, _ count: Int64) { onHand[sku, default: 0] -= count }

  /// What is not shipped goes, and a tenth of it is charged, unless it was never promised. Earnest
  /// money up to a fifth of the order is lost and counts towards that, the rest and what else was
  /// paid before pays it; what is left and what is shipped does not need goes back. Nothing has
  /// been shipped where there is earnest money.
  mutating func cancel(
    _ number: String, earnest: Int64 = 0
  ) -> (fee: Int64, forfeited: Int64, refund: Int64) {
    guard var order = orders[number] else { return (0, 0, 0) }
    func amount(ofLamps: Bool) -> Int64 {
      order.lines.filter { ($0.sku == "LAMP") == ofLamps }.reduce(0) {
        $0 + $1.gross(upTo: $1.wanted) - $1.gross(upTo: $1.shipped)
      }
    }
    let forfeited = min(earnest, (order.gross * 20 + 50) / 100)
    let due =
      (amount(ofLamps: true) * 20 + 50) / 100 + (amount(ofLamps: false) * 10 + 50) / 100
    let fee = order.isConfirmed ? max(0, due - forfeited) : 0
    let money = earnest - forfeited + order.deposit
    let paid = min(fee, money)
    order.bills.append(Bill(open: fee - paid))
    if order.lines.contains(where: { $0.isPiece && $0.held > 0 }) { unsell(number) }
    for index in order.lines.indices {
      order.lines[index].cancelled = order.lines[index].ordered - order.lines[index].shipped
      order.lines[index].held = 0
      order.lines[index].making = 0
    }
    order.deposit = min(money - paid, order.uninvoiced)
    orders[number] = order
    for sku in Self.prices.keys { allocate(sku) }
    return (fee, forfeited, money - paid - order.deposit)
  }

  /// The workshop brings `good` pieces for a line and spoils `scrapped`. With `last` no more comes
  /// of this work order, and another one begins for what the line still waits for.
  mutating func make(
    _ number: String, line index: Int, good: Int64, scrapped: Int64, last: Bool
  ) {
    guard var line = orders[number]?.lines[index] else { return }
    onHand[line.sku, default: 0] += good
    line.held += good
    line.making -= good + scrapped
    orders[number]?.lines[index] = line
    guard last || line.making == 0 else { return }
    line.held += min(line.waiting, free(line.sku))
    line.making = line.waiting
    orders[number]?.lines[index] = line
  }

  /// The order as it would be with other counts: of its lines by index (nothing for none of it),
  /// and of new ones. All that is left is priced as if it had been ordered so.
  func changed(
    _ order: Order, _ counts: [Int: Int64], adding added: [(sku: String, count: Int64)]
  ) -> Order {
    var order = order
    let kept = order.lines.indices.filter { order.lines[$0].wanted > 0 && counts[$0] != 0 }
    let wanted = kept.map {
      (sku: order.lines[$0].sku, count: counts[$0] ?? order.lines[$0].ordered)
    }
    let priced = draft(order.customer, wanted + added, percent: order.percent).lines
    for index in order.lines.indices where !kept.contains(index) {
      order.lines[index].cancelled = order.lines[index].ordered
      order.lines[index].held = 0
      order.lines[index].making = 0
      (order.lines[index].net, order.lines[index].tax) = (0, 0)
    }
    for (index, line) in zip(kept, priced) {
      order.lines[index].ordered = line.ordered
      (order.lines[index].net, order.lines[index].tax) = (line.net, line.tax)
      let open = line.ordered - order.lines[index].cancelled - order.lines[index].shipped
      order.lines[index].held = min(order.lines[index].held, open)
    }
    order.lines += priced[kept.count...]
    return order
  }

  /// Nothing of it is billed, something is still to leave, and stock and credit allow it.
  func mayChange(
    _ order: Order, to changed: Order, _ counts: [Int: Int64],
    adding added: [(sku: String, count: Int64)], fee: Int64 = 0
  ) -> Bool {
    let isOpen = order.state == "CONFIRMED" || order.state == "PARTLY_SHIPPED"
    // What is as it was, nobody has to allow.
    let isSame = added.isEmpty && counts.allSatisfy { order.lines[$0].ordered == $1 }
    guard isOpen, isSame || order.lines.allSatisfy({ $0.invoiced == 0 }) else { return false }
    for (index, count) in counts {
      let line = order.lines[index]
      let done = count == 0 ? line.shipped : line.shipped + line.cancelled
      if line.isDirect, count > line.ordered { return false }
      guard line.wanted > 0, done == 0 || count >= done, count > 0 || line.shipped == 0 else {
        return false
      }
    }
    guard changed.lines.contains(where: { $0.wanted > 0 }),
      added.allSatisfy({ order.agreed?.contains($0.sku) ?? true })
    else { return false }
    let more = changed.uninvoiced - order.uninvoiced
    let room = Self.limits[order.customer, default: 0] - exposure(order.customer)
    guard more <= 0 || more + fee <= room else { return false }
    guard order.refusesShortage else { return true }
    // What is given up is free for what is new.
    return Self.prices.keys.filter { !Self.made.contains($0) }.allSatisfy { sku in
      let held = order.lines.reduce(0) { $0 + ($1.sku == sku ? $1.held : 0) }
      let still = changed.lines.reduce(0) { $0 + ($1.sku == sku ? $1.held : 0) }
      var free = free(sku)
      if held > still {
        free += held - still
        free -= min(free, waitingElsewhere(sku, than: order))
      }
      let raised = zip(changed.lines, order.lines.map(Optional.some) + added.map { _ in nil })
        .reduce(Int64(0)) { sum, pair in
          guard pair.0.sku == sku else { return sum }
          return sum + max(0, pair.0.open - (pair.1?.open ?? 0))
        }
      return raised == 0 || raised <= max(0, free)
    }
  }

  /// What others wait for, who are served with what is given up first.
  private func waitingElsewhere(_ sku: String, than order: Order) -> Int64 {
    orders.values.filter { $0.isConfirmed && $0 != order }.reduce(0) { sum, other in
      sum + other.lines.reduce(0) { $0 + ($1.sku == sku ? $1.waiting : 0) }
    }
  }

  /// What ordering less of a promised order costs, as cancelling it would: by the customer's wish.
  func fee(from order: Order, to changed: Order) -> Int64 {
    guard order.isConfirmed else { return 0 }
    func amount(ofLamps: Bool) -> Int64 {
      zip(order.lines, changed.lines).filter { ($0.0.sku == "LAMP") == ofLamps }
        .reduce(0) { sum, pair in
          let left = min(pair.0.wanted, pair.1.wanted)
          return sum + pair.0.gross(upTo: pair.0.wanted) - pair.0.gross(upTo: left)
        }
    }
    return (amount(ofLamps: true) * 20 + 50) / 100 + (amount(ofLamps: false) * 10 + 50) / 100
  }

  /// What is given up goes to those who wait, and only then what is new joins them.
  mutating func replace(_ number: String, by order: Order, fee: Int64 = 0) {
    let before = orders[number]?.lines ?? []
    var given = order
    given.lines = zip(before, order.lines).map { $1.open < $0.open ? $1 : $0 }
    orders[number] = given
    for sku in Self.prices.keys { allocate(sku) }
    for index in order.lines.indices where index >= before.count || before[index].open == 0 {
      // What begins to wait does so behind the others.
      queue.removeAll { $0 == Place(order: number, line: index) }
      queue.append(Place(order: number, line: index))
    }
    var whole = order
    for (index, line) in (orders[number]?.lines ?? []).enumerated() {
      whole.lines[index].held = line.held
    }
    if fee > 0 { whole.bills.append(Bill(open: fee)) }
    orders[number] = whole
    for sku in Self.prices.keys { allocate(sku) }
  }

  mutating func bundle(_ number: String, _ lines: Set<Int>) { orders[number]?.set = lines }

  /// From here on the shelves have nothing to do with the line.
  mutating func giveToSupplier(_ number: String, line index: Int, later: Bool) {
    orders[number]?.lines[index].isDirect = true
    orders[number]?.lines[index].isDirectLater = later
    orders[number]?.lines[index].held = 0
    queue.removeAll { $0 == Place(order: number, line: index) }
    allocate(orders[number]?.lines[index].sku ?? "")
  }

  mutating func sendDirect(_ number: String, line index: Int, _ count: Int64) {
    orders[number]?.lines[index].shipped += count
  }

  /// Behind the others who wait.
  mutating func serveAgain(_ number: String, line index: Int) {
    orders[number]?.lines[index].isDirect = false
    queue.append(Place(order: number, line: index))
    allocate(orders[number]?.lines[index].sku ?? "")
  }

  mutating func ship(_ number: String) {
    guard var order = orders[number] else { return }
    for index in order.leaving {
      let count = order.lines[index].held
      order.lines[index].held = 0
      order.lines[index].shipped += count
      onHand[order.lines[index].sku, default: 0] -= count
    }
    orders[number] = order
  }

  /// Cents of the new invoice.
  mutating func invoice(_ number: String) -> Int64 {
    guard var order = orders[number] else { return 0 }
    var bill = Bill(open: 0)
    for (index, line) in order.lines.enumerated() where line.shipped > line.invoiced {
      func part(_ cents: Int64) -> Int64 {
        Self.share(cents, line.shipped, of: line.ordered)
          - Self.share(cents, line.invoiced, of: line.ordered)
      }
      bill.parts.append(
        Bill.Part(
          line: index, count: line.shipped - line.invoiced, net: part(line.net),
          tax: part(line.tax)))
      order.lines[index].invoiced = line.shipped
    }
    let gross = bill.parts.reduce(0) { $0 + $1.net + $1.tax }
    let paid = min(gross, order.deposit)
    bill.open = gross - paid
    order.deposit -= paid
    order.bills.append(bill)
    orders[number] = order
    return gross
  }

  /// Money comes before the bill.
  mutating func secure(_ number: String, _ cents: Int64) { orders[number]?.deposit += cents }

  /// Of money that another order does not need, what this one takes: at most what is to be paid.
  mutating func carry(_ cents: Int64, to number: String) -> Int64 {
    guard var order = orders[number] else { return 0 }
    var rest = min(cents, order.uninvoiced + order.unpaid - order.deposit)
    let carried = rest
    for index in order.bills.indices {
      let part = min(rest, order.bills[index].open)
      order.bills[index].open -= part
      rest -= part
    }
    order.deposit += rest
    orders[number] = order
    return carried
  }

  /// The oldest invoice first.
  mutating func pay(_ number: String, _ cents: Int64) {
    guard var order = orders[number] else { return }
    var rest = cents
    for index in order.bills.indices {
      let part = min(rest, order.bills[index].open)
      order.bills[index].open -= part
      rest -= part
    }
    orders[number] = order
  }

  /// Pieces of a line of which everything is billed come back, `good` of them to the shelf. They
  /// are credited by the bills, the oldest first, with what is left of the pieces that came back
  /// before; a wish costs a tenth. What is open goes first, then what was paid pays what else is
  /// open of the order, and the rest goes back.
  mutating func giveBack(
    _ number: String, line index: Int, count: Int64, good: Int64, isWish: Bool
  ) -> (credited: Int64, fee: Int64, refund: Int64) {
    guard var order = orders[number] else { return (0, 0, 0) }
    order.lines[index].returned += count
    var (rest, credited, released) = (count, Int64(0), Int64(0))
    for bill in order.bills.indices {
      var gross: Int64 = 0
      for at in order.bills[bill].parts.indices where order.bills[bill].parts[at].line == index {
        let part = order.bills[bill].parts[at]
        let more = min(rest, part.count - part.credited)
        gross += [part.net, part.tax].reduce(0) {
          $0 + Self.share($1, part.credited + more, of: part.count)
            - Self.share($1, part.credited, of: part.count)
        }
        order.bills[bill].parts[at].credited += more
        rest -= more
      }
      let open = min(gross, order.bills[bill].open)
      order.bills[bill].open -= open
      credited += gross
      released += gross - open
    }
    let fee = isWish ? (credited * 10 + 50) / 100 : 0
    order.bills.append(Bill(open: fee - min(fee, released)))
    released -= min(fee, released)
    for bill in order.bills.indices {
      let part = min(released, order.bills[bill].open)
      order.bills[bill].open -= part
      released -= part
    }
    let sku = order.lines[index].sku
    orders[number] = order
    onHand[sku, default: 0] += good
    allocate(sku)
    return (credited, fee, released)
  }

  private mutating func allocate(_ sku: String) {
    guard !Self.made.contains(sku) else { return }
    var free = free(sku)
    for place in turns where orders[place.order]?.lines[place.line].sku == sku {
      let count = min(free, orders[place.order]?.lines[place.line].waiting ?? 0)
      orders[place.order]?.lines[place.line].held += count
      free -= count
    }
  }
}
