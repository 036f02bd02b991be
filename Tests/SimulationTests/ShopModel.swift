/// What the shop should be after a series of commands, in a few dozen lines that share nothing with
/// the product: whole pieces, cents, and arrays. The auditor of the simulation.
struct ShopModel {
  struct Line: Equatable {
    let sku: String
    let ordered: Int64
    var cancelled: Int64 = 0
    var held: Int64 = 0
    var shipped: Int64 = 0
    var invoiced: Int64 = 0
    /// Cents.
    let net: Int64
    let tax: Int64
    /// What the workshop still brings for it by its present work order.
    var making: Int64 = 0

    var isMade: Bool { ShopModel.made.contains(sku) }
    var waiting: Int64 { ordered - cancelled - shipped - held }
    var wanted: Int64 { ordered - cancelled }

    /// Net and tax of the first `count` pieces, each rounded half up.
    func gross(upTo count: Int64) -> Int64 {
      (2 * net * count + ordered) / (2 * ordered) + (2 * tax * count + ordered) / (2 * ordered)
    }
  }

  struct Order: Equatable {
    let customer: String
    var lines: [Line]
    var isConfirmed: Bool
    /// Cents of the invoices that are not paid.
    var unpaid: Int64 = 0

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
  /// Made for the line that orders it, which takes nothing from the shelf while it is being made.
  static let made: Set = ["TABLE"]
  static let limits: [String: Int64] = ["VIP": 20_000_000, "TIGHT": 600_000]

  private(set) var onHand: [String: Int64] = ["CHAIR": 0, "LAMP": 0, "TABLE": 0]
  private(set) var orders: [String: Order] = [:]
  /// In the order of confirmation: who waits longest is served first.
  private(set) var queue: [String] = []

  func held(_ sku: String) -> Int64 {
    orders.values.reduce(0) { sum, order in
      sum + order.lines.reduce(0) { $0 + ($1.sku == sku ? $1.held : 0) }
    }
  }

  func free(_ sku: String) -> Int64 { (onHand[sku] ?? 0) - held(sku) }

  func exposure(_ customer: String) -> Int64 {
    orders.values.filter { $0.customer == customer }.reduce(0) { sum, order in
      sum + order.unpaid + (order.isConfirmed ? order.uninvoiced : 0)
    }
  }

  /// The order that these lines make with a discount of so many percent on the whole, and a tenth
  /// off the chairs when there are three of them.
  func draft(
    _ customer: String, _ lines: [(sku: String, count: Int64)], percent: Int64 = 0
  ) -> Order {
    var nets = lines.map { (Self.prices[$0.sku] ?? 0) * $0.count }
    let chairs = nets.indices.map { lines[$0].sku == "CHAIR" ? nets[$0] : 0 }
    if lines.reduce(0, { $0 + ($1.sku == "CHAIR" ? $1.count : 0) }) >= 3 {
      nets = Self.less(10, of: chairs, from: nets)
    }
    nets = Self.less(percent, of: nets, from: nets)
    return Order(
      customer: customer,
      lines: zip(lines, nets).map { line, net in
        Line(sku: line.sku, ordered: line.count, net: net, tax: (net * 13 + 50) / 100)
      }, isConfirmed: false)
  }

  /// So many percent of `base`, taken from `nets` in its proportions: rounded down everywhere, and
  /// what is left over a cent each, the largest fractions first.
  private static func less(_ percent: Int64, of base: [Int64], from nets: [Int64]) -> [Int64] {
    let sum = base.reduce(0, +)
    guard sum > 0, percent > 0 else { return nets }
    let whole = (sum * percent + 50) / 100
    var parts = base.map { $0 * whole / sum }
    let order = base.indices.sorted {
      let (left, right) = (base[$0] * whole % sum, base[$1] * whole % sum)
      return left == right ? $0 < $1 : left > right
    }
    for index in order.prefix(Int(whole - parts.reduce(0, +))) { parts[index] += 1 }
    return zip(nets, parts).map { $0 - $1 }
  }

  func mayConfirm(_ order: Order, refuseShortage: Bool) -> Bool {
    guard exposure(order.customer) + order.gross <= Self.limits[order.customer, default: 0] else {
      return false
    }
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
    queue.append(number)
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

  mutating func cancel(_ number: String) {
    guard var order = orders[number] else { return }
    for index in order.lines.indices {
      order.lines[index].cancelled = order.lines[index].ordered - order.lines[index].shipped
      order.lines[index].held = 0
      order.lines[index].making = 0
    }
    orders[number] = order
    for sku in Self.prices.keys { allocate(sku) }
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

  mutating func ship(_ number: String) {
    guard var order = orders[number] else { return }
    for index in order.lines.indices {
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
    var gross: Int64 = 0
    for index in order.lines.indices {
      let line = order.lines[index]
      gross += line.gross(upTo: line.shipped) - line.gross(upTo: line.invoiced)
      order.lines[index].invoiced = line.shipped
    }
    order.unpaid += gross
    orders[number] = order
    return gross
  }

  mutating func pay(_ number: String, _ cents: Int64) { orders[number]?.unpaid -= cents }

  private mutating func allocate(_ sku: String) {
    guard !Self.made.contains(sku) else { return }
    var free = free(sku)
    for number in queue {
      guard var order = orders[number] else { continue }
      for index in order.lines.indices where order.lines[index].sku == sku {
        let count = min(free, order.lines[index].waiting)
        order.lines[index].held += count
        free -= count
      }
      orders[number] = order
    }
  }
}
