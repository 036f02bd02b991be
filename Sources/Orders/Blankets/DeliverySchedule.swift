import Inventory
package import MasterData
package import Storage
package import Values

/// A part of what a blanket order agrees on, on the day on which the customer wants it.
package struct ScheduledDelivery: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package let product: ID<Product>
    package let sku: String
    package let unit: String
    package let quantity: Quantity
  }

  package let id: ID<ScheduledDelivery>
  package let dueOn: Day
  package internal(set) var parts: [Part]
  /// The order that calls it off; nil while none does.
  package let orderNumber: String?
  package let orderState: OrderState?
}

/// What is scheduled otherwise than before.
package struct ScheduleChange: Hashable, Sendable {
  package let dueOn: Day
  package let sku: String
  package let unit: String
  package let before: Quantity
  package let after: Quantity
}

/// Says on which days which parts of a blanket order are to be delivered. All that no order calls
/// off yet is scheduled anew; nothing is promised before one does.
package struct ScheduleDeliveries: Sendable {
  package struct Delivery: Hashable, Sendable {
    package let dueOn: Day
    package let parts: [CreateBlanket.Line]

    package init(dueOn: Day, parts: [CreateBlanket.Line]) {
      self.dueOn = dueOn
      self.parts = parts
    }
  }

  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let deliveries: [Delivery]
  package let terms: ScheduleTerms
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, deliveries: [Delivery], terms: ScheduleTerms,
    reason: String, by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.deliveries = deliveries
    self.terms = terms
    self.reason = reason
    self.actor = actor
  }

  static let limit = 200

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (blanket: Blanket, changes: [ScheduleChange]) {
    var blanket = try Blankets.require(number: number, in: tx)
    try OrdersRejection.checkVersion(
      of: number, expected: expectedVersion, stored: blanket.version)
    guard blanket.closeReason == nil else { throw BlanketRejection.closed(blanket: number) }
    let wanted = try check(blanket, on: now.day, in: tx)
    let before = try DeliveryScheduleTable.list(of: blanket.id, in: tx)
    try DeliveryScheduleTable.replace(with: wanted, terms, of: blanket.id, in: tx)
    blanket.version += 1
    let changes = try Self.changes(from: before.filter { $0.orderNumber == nil }, to: wanted)
    tx.record(
      DomainEvent(
        "blanket.scheduled", blanket.reference,
        [
          Fact("deliveries", wanted.count), Fact("changes", changes.count),
          Fact("reason", reason), Fact("actor", actor),
        ]))
    return (blanket, changes)
  }

  /// Refuses with every violation at once.
  private func check(
    _ blanket: Blanket, on today: Day, in snapshot: Snapshot
  ) throws -> [ScheduledDelivery] {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(deliveries.count, "deliveries", 0...Self.limit)
    if try Warehouses.find(code: terms.warehouseCode, in: snapshot) == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(field: "warehouse_code", code: terms.warehouseCode)
          .ifNamed(terms.warehouseCode))
    }
    try check.pass()
    var left = Dictionary(uniqueKeysWithValues: blanket.lines.map { ($0.sku, $0.left) })
    var days: Set<Day> = []
    var wanted: [ScheduledDelivery] = []
    for (row, delivery) in deliveries.enumerated() {
      var found = FieldCheck(FieldPath("deliveries", row: row))
      let first = max(today, blanket.validFrom)
      found.range(delivery.dueOn, "due_on", first...max(first, blanket.validUntil))
      if !days.insert(delivery.dueOn).inserted {
        found.refuse(
          BlanketRejection.duplicateDay(field: found.path.field("due_on"), day: delivery.dueOn))
      }
      found.range(delivery.parts.count, "quantities", 1...CreateBlanket.lineLimit)
      let parts = try parts(of: delivery, blanket, &left, &found, in: snapshot)
      wanted.append(
        ScheduledDelivery(
          id: ID(0), dueOn: delivery.dueOn, parts: parts, orderNumber: nil, orderState: nil))
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    return wanted.sorted { $0.dueOn < $1.dueOn }
  }

  /// Takes what it wants from `left`.
  private func parts(
    of delivery: Delivery, _ blanket: Blanket, _ left: inout [String: Quantity],
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> [ScheduledDelivery.Part] {
    var known: Set<String> = []
    var parts: [ScheduledDelivery.Part] = []
    for (index, part) in delivery.parts.enumerated() {
      let path = "quantities[\(index)]"
      let sku = check.path.field(path + ".sku")
      guard let line = blanket.lines.first(where: { $0.sku == part.sku }) else {
        check.refuse(BlanketRejection.notAgreed(field: sku, blanket: number, sku: part.sku))
        continue
      }
      if !known.insert(part.sku).inserted {
        check.refuse(BlanketRejection.duplicateProduct(field: sku, sku: part.sku))
        continue
      }
      let before = check.violations.count
      part.quantity.check(
        &check, path + ".quantity", of: try Products.fetch(line.product, in: snapshot))
      guard check.violations.count == before else { continue }
      let quantity = part.quantity.quantity
      let rest = left[line.sku] ?? .zero
      guard quantity <= rest else {
        check.refuse(
          BlanketRejection.moreThanAgreed(
            field: check.path.field(path + ".quantity"), blanket: number, sku: line.sku,
            requested: quantity, left: rest))
        continue
      }
      left[line.sku] = try rest - quantity
      parts.append(
        ScheduledDelivery.Part(
          product: line.product, sku: line.sku, unit: line.unit, quantity: quantity))
    }
    return parts
  }

  private struct Place: Hashable {
    let day: Day
    let sku: String
  }

  private static func changes(
    from before: [ScheduledDelivery], to after: [ScheduledDelivery]
  ) throws -> [ScheduleChange] {
    func quantities(_ deliveries: [ScheduledDelivery]) throws -> [Place: Quantity] {
      var found: [Place: Quantity] = [:]
      for delivery in deliveries {
        for part in delivery.parts {
          let place = Place(day: delivery.dueOn, sku: part.sku)
          found[place] = try (found[place] ?? .zero) + part.quantity
        }
      }
      return found
    }
    let (old, new) = (try quantities(before), try quantities(after))
    let units = Dictionary(
      (before + after).flatMap(\.parts).map { ($0.sku, $0.unit) }, uniquingKeysWith: { $1 })
    return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
      .sorted { ($0.day.daysSinceEpoch, $0.sku) < ($1.day.daysSinceEpoch, $1.sku) }
      .map {
        ScheduleChange(
          dueOn: $0.day, sku: $0.sku, unit: units[$0.sku] ?? "", before: old[$0] ?? .zero,
          after: new[$0] ?? .zero)
      }
  }
}

/// What the orders of a schedule have in common.
package struct ScheduleTerms: Hashable, Sendable {
  package let channel: Channel
  package let warehouseCode: String
  /// Nil when the goods are fetched.
  package let addressID: ID<Address>?

  package init(channel: Channel, warehouseCode: String, addressID: ID<Address>? = nil) {
    self.channel = channel
    self.warehouseCode = warehouseCode
    self.addressID = addressID
  }
}
