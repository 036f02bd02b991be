import Inventory
import MasterData
package import Storage
package import Values

/// Shipments that were prepared together.
package struct PickWave: Hashable, Sendable {
  package internal(set) var id: ID<PickWave>
  package let warehouseCode: String
  package let dueBy: Day
  /// Empty for all.
  package let zone: String
  /// Empty for all.
  package let carrier: String
  package let preparedBy: String
  package let preparedAt: Instant
}

/// Sets apart what can leave a warehouse by a day: a shipment for each order, or for each place to
/// which it goes, as `PrepareShipment` does by itself, the oldest order first. What speaks against
/// one is its verdict and stops none of the others.
package struct PrepareWave: Sendable {
  /// Where it goes on: behind which order.
  package struct Key: Hashable, Sendable {
    package let state: OrderState
    package let createdOn: Day
    package let id: ID<SalesOrder>

    package init(state: OrderState, createdOn: Day, id: ID<SalesOrder>) {
      self.state = state
      self.createdOn = createdOn
      self.id = id
    }
  }

  package struct Verdict: Sendable {
    package enum Outcome: Sendable {
      case prepared(Shipment)
      case refused([any Rejection])
    }

    package let order: String
    package let outcome: Outcome
  }

  package struct Outcome: Sendable {
    /// Nil where nothing was prepared.
    package let wave: PickWave?
    package let verdicts: [Verdict]
    /// Nil at the end.
    package let next: Key?
  }

  package let warehouseCode: String
  /// Nil for today.
  package let dueBy: Day?
  /// What goes there; empty for all.
  package let zone: String
  /// What it brings, by the table of coverage; empty for all.
  package let carrier: String
  /// Shipments at most, but for those of the first order.
  package let limit: Int
  package let after: Key?
  /// Who asks.
  package let actor: String

  package init(
    warehouseCode: String, dueBy: Day?, zone: String, carrier: String, limit: Int, after: Key?,
    by actor: String
  ) {
    self.warehouseCode = warehouseCode
    self.dueBy = dueBy
    self.zone = zone
    self.carrier = carrier
    self.limit = limit
    self.after = after
    self.actor = actor
  }

  /// Orders that one command looks at: a till that comes in between waits for no more than this.
  static let looks = 300

  /// `refusals` tells what of an error is a refusal; nil for what is none.
  package func run(
    in tx: Transaction, at now: Moment, refusals: (any Error) -> [any Rejection]?
  ) throws -> Outcome {
    var check = FieldCheck(.request)
    check.text(zone, "zone_code", limit: 40)
    check.text(carrier, "carrier", limit: 100)
    check.range(limit, "limit", 1...100)
    try check.pass()
    let warehouse = try Warehouses.requireSeen(
      code: warehouseCode, field: "warehouse_code", in: tx)
    let day = dueBy ?? now.day
    let candidates = try PickWaveTable.candidates(
      in: warehouse.code, zone: zone, after: after, limit: Self.looks, snapshot: tx)
    var (verdicts, last): ([Verdict], Key?) = ([], nil)
    for candidate in candidates {
      let prepared = verdicts.count(where: \.isPrepared)
      // As many refusals as shipments, so that an answer is never longer than that.
      guard verdicts.count < 2 * limit, prepared < limit else { break }
      guard try candidate.hasGoods(in: tx) else {
        last = candidate.key
        continue
      }
      let order = try SalesOrders.require(number: candidate.number, in: tx)
      let places = try places(of: order, by: day, on: now.day, in: tx)
      // What one order leaves with is of one wave.
      guard prepared == 0 || prepared + places.count <= limit else { break }
      last = candidate.key
      verdicts += try prepare(order, places, by: day, in: tx, at: now, refusals)
    }
    let isWhole = candidates.count < Self.looks && last == candidates.last?.key
    return Outcome(
      wave: try write(verdicts, warehouse.code, day, in: tx, at: now), verdicts: verdicts,
      next: isWhole ? nil : last)
  }

  /// Where goods of an order go that are of this day, zone and carrier: nothing is brought before
  /// its appointment.
  private func places(
    of order: SalesOrder, by day: Day, on today: Day, in tx: Transaction
  ) throws -> [PrepareShipment.Place] {
    let isHome =
      try isDue(order, at: nil, by: day, in: tx) && isServed(order.delivery, on: today, in: tx)
    guard order.hasPlaces else { return isHome ? [.any] : [] }
    let others = try order.places.filter {
      try isDue(order, at: $0.addressID, by: day, in: tx) && isServed($0, on: today, in: tx)
    }
    return (isHome ? [.home] : []) + others.compactMap { $0.addressID.map { .address($0) } }
  }

  private func isDue(
    _ order: SalesOrder, at address: ID<Address>?, by day: Day, in tx: Transaction
  ) throws -> Bool {
    if let booked = try AppointmentTable.booked(.delivery, of: order.id, at: address, in: tx) {
      return booked.slot.terms.day <= day
    }
    guard let wanted = order.requestedOn, wanted > day else { return true }
    // Parts of lines have days of their own.
    return order.lines.allSatisfy { !$0.isServedFromStock || !$0.schedules.isEmpty }
  }

  /// What is fetched is of no zone and brought by nobody.
  private func isServed(_ place: Delivery?, on today: Day, in tx: Transaction) throws -> Bool {
    guard zone.isEmpty || place?.zone == zone else { return false }
    guard !carrier.isEmpty else { return true }
    guard let place else { return false }
    do {
      try place.checkCarrier(carrier, on: today, in: tx)
      return true
    } catch is CoverageRejection { return false }
  }

  /// A verdict for each place to which something could leave; none where nothing is wanted by the
  /// day.
  private func prepare(
    _ order: SalesOrder, _ places: [PrepareShipment.Place], by day: Day, in tx: Transaction,
    at now: Moment, _ refusals: (any Error) -> [any Rejection]?
  ) throws -> [Verdict] {
    var verdicts: [Verdict] = []
    var idle: Verdict?
    for place in places {
      do {
        let shipment = try tx.attempt {
          try PrepareShipment(orderNumber: order.number, dueBy: day, place: place)
            .run(in: tx, at: now)
        }
        verdicts.append(Verdict(order: order.number, outcome: .prepared(shipment)))
      } catch {
        if let later = error as? ScheduleRejection, case .notDue = later { continue }
        guard let found = refusals(error) else { throw error }
        let verdict = Verdict(order: order.number, outcome: .refused(found))
        // Of several places not each has goods that are there.
        if case .nothingToShip? = error as? OrdersRejection {
          idle = verdict
        } else {
          verdicts.append(verdict)
        }
      }
    }
    return verdicts.isEmpty ? idle.map { [$0] } ?? [] : verdicts
  }

  private func write(
    _ verdicts: [Verdict], _ warehouse: String, _ day: Day, in tx: Transaction, at now: Moment
  ) throws -> PickWave? {
    let shipments = verdicts.compactMap(\.shipment)
    guard !shipments.isEmpty else { return nil }
    var wave = PickWave(
      id: ID(0), warehouseCode: warehouse, dueBy: day, zone: zone, carrier: carrier,
      preparedBy: actor, preparedAt: now.instant)
    wave.id = try PickWaveTable.insert(wave, shipments, in: tx)
    for shipment in shipments {
      shipment.tell(
        "shipment.in-wave", [Fact("wave", wave.id.value)] + Fact.worker(actor), in: tx)
    }
    return wave
  }
}

extension PrepareWave.Verdict {
  /// Nil where it was refused.
  package var shipment: Shipment? {
    if case .prepared(let shipment) = outcome { shipment } else { nil }
  }

  fileprivate var isPrepared: Bool { shipment != nil }
}
