import Inventory
import MasterData
package import Storage
package import Values

/// Goods as carriers see them: where they go, what they weigh, and what of them is awkward. What
/// nobody has said is told by line; nothing is guessed.
package struct Consignment: Hashable, Sendable {
  /// Empty where the order says none.
  package let zone: String
  /// Whose currency costs are told in.
  let order: SalesOrder
  /// The day on which it leaves; nil where nobody knows.
  package let leavesOn: Day?
  /// Who collects money at the door; nil for nobody.
  let collector: CashOnDelivery.Collector?

  package private(set) var weightGrams: Int64 = 0
  package private(set) var volume: Int64 = 0
  package private(set) var cartons: Int64 = 0
  package private(set) var heaviest: Int64 = 0
  package private(set) var longest: Int64 = 0
  package private(set) var largest: Int64 = 0
  package private(set) var fragile: [Int] = []
  package private(set) var unweighed: [Int] = []
  package private(set) var unmeasured: [Int] = []
  package private(set) var unlisted: [Int] = []

  /// A shipment that has not left, and leaves today.
  package init(of shipment: Shipment, on today: Day, in snapshot: Snapshot) throws {
    let order = try SalesOrders.require(number: shipment.orderNumber, in: snapshot)
    try self.init(
      shipment.lines.map { ($0.orderLine, $0.quantity) }, of: order, leavesOn: today,
      paidTo: shipment.cashOnDelivery?.collector,
      to: try shipment.delivery(of: order, in: snapshot), field: "shipment_number", in: snapshot)
  }

  /// What is open of an order and in no shipment: it leaves when all of that is there.
  package init(
    of order: SalesOrder, isPaidToCarrier: Bool, on today: Day, in snapshot: Snapshot
  ) throws {
    try order.expect("rate", in: [.submitted, .confirmed, .partlyShipped])
    let apart = try ShipmentLineTable.setApart(of: order.id, in: snapshot)
    let parts = order.lines.compactMap { line -> (line: Int, quantity: Quantity)? in
      let rest = line.open.micros - apart[line.number, default: .zero].micros
      guard line.isServedFromStock, rest > 0 else { return nil }
      return (line.number, Quantity(micros: rest))
    }
    guard !parts.isEmpty else {
      throw RateRejection.nothingToSend(field: "order_number", order: order.number)
    }
    try self.init(
      parts, of: order,
      leavesOn: try Self.ready(parts.map(\.line), of: order, on: today, in: snapshot),
      paidTo: isPaidToCarrier ? .carrier : nil, to: order.delivery, field: "order_number",
      in: snapshot)
  }

  private init(
    _ parts: [(line: Int, quantity: Quantity)], of order: SalesOrder, leavesOn: Day?,
    paidTo collector: CashOnDelivery.Collector?, to delivery: Delivery?, field: String,
    in snapshot: Snapshot
  ) throws {
    guard let delivery else {
      throw RateRejection.notBrought(field: field, order: order.number)
    }
    zone = delivery.zone
    self.order = order
    self.leavesOn = leavesOn
    self.collector = collector
    for part in parts { try add(order.lines[part.line - 1], part.quantity, in: snapshot) }
  }

  /// The day on which the last of these lines is there and may leave; nil where nobody knows.
  private static func ready(
    _ lines: [Int], of order: SalesOrder, on today: Day, in snapshot: Snapshot
  ) throws -> Day? {
    var day = today
    for promise in try OrderPromises.of(order, on: today, in: snapshot)
    where lines.contains(promise.line) {
      guard let ready = promise.readyOn else { return nil }
      day = max(day, ready)
    }
    for (line, release) in try order.unreleased(on: today, in: snapshot)
    where lines.contains(line) {
      day = max(day, release)
    }
    return day
  }

  private mutating func add(
    _ line: SalesOrderLine, _ quantity: Quantity, in snapshot: Snapshot
  ) throws {
    let product = try line.requireProduct(in: snapshot)
    let list = try Cartons.of(product, in: snapshot)
    for carton in list {
      heaviest = max(heaviest, carton.weightGrams)
      longest = max(longest, carton.longestSide)
      largest = max(largest, carton.volumeCubicCentimetres)
    }
    if list.contains(where: \.isFragile) { fragile.append(line.number) }
    if list.isEmpty { unlisted.append(line.number) }
    try add(Int64(list.count), of: quantity, to: \.cartons)
    if let grams = line.weightGrams(of: product) {
      try add(grams, of: quantity, to: \.weightGrams)
    } else {
      unweighed.append(line.number)
    }
    if let room = line.volumeCubicCentimetres(of: product) {
      try add(room, of: quantity, to: \.volume)
    } else {
      unmeasured.append(line.number)
    }
  }

  /// Adds what so many units come to, rounded up for each line.
  private mutating func add(
    _ each: Int64, of quantity: Quantity, to sum: WritableKeyPath<Consignment, Int64>
  ) throws {
    let (total, overflow) =
      self[keyPath: sum].addingReportingOverflow(try quantity.times(each))
    guard !overflow else { throw ArithmeticError.overflow }
    self[keyPath: sum] = total
  }
}
