import Inventory
import MasterData
import Storage
import Values

/// What serving one of an order's places takes, and when it is possible at the earliest.
struct AppointmentTerms {
  let kind: SlotKind
  let stop: Stop
  let earliest: SlotTime
  /// Why none before.
  private let reasons: Explanation
  /// Of work.
  private let minutes: Int64
  /// What a van is to bring; none for what is put together.
  private let loads: [VanLoad]

  /// Refuses what cannot be served at all. `minutes` is what the caller says that it takes; nil for
  /// what the products say.
  init(
    _ kind: SlotKind, of order: SalesOrder, at address: ID<Address>?, minutes: Int64?,
    on today: Day, in snapshot: Snapshot
  ) throws {
    self.kind = kind
    let states: Set<OrderState> = [.confirmed, .partlyShipped, .shipped]
    try order.expect(
      "book a slot for it", in: kind == .delivery ? states : states.union([.delivered, .closed]))
    guard order.delivery != nil else {
      throw AppointmentRejection.notBrought(order: order.number)
    }
    guard let stop = try Stop(of: order, at: address, in: snapshot) else {
      throw ScheduleRejection.unknownPlace(
        field: "address_id", order: order.number, address: address?.value ?? 0)
    }
    self.stop = stop
    loads = try stop.loads(on: today, in: snapshot)
    var reasons = Explanation()
    switch kind {
    case .delivery:
      earliest = try Self.delivery(to: stop, loads, on: today, &reasons)
      self.minutes = minutes ?? 0
    case .installation:
      earliest = try Self.installation(at: stop, loads, on: today, &reasons, in: snapshot)
      let assembly = try minutes ?? stop.assemblyMinutes(in: snapshot)
      guard assembly > 0 else {
        throw AppointmentRejection.durationUnknown(order: order.number)
      }
      self.minutes = assembly
    }
    self.reasons = reasons
  }

  /// When all that the van waits for is there: the line that comes last decides. Where it waits for
  /// nothing, the first part that can be brought.
  private static func delivery(
    to stop: Stop, _ loads: [VanLoad], on today: Day, _ reasons: inout Explanation
  ) throws -> SlotTime {
    guard !loads.isEmpty else {
      throw stop.firstToCome == nil
        ? AppointmentRejection.nothingToBring(order: stop.order.number)
        : .suppliersBring(order: stop.order.number)
    }
    let awaited = loads.filter { !$0.isLater }
    guard !awaited.isEmpty else {
      guard let first = loads.compactMap(\.from).min() else {
        throw stop.notPromised(loads[0].line)
      }
      if first > today {
        reasons.add(
          "PART", "The first part is wanted and there on \(first)", [Fact("from", first)])
      } else {
        reasons.add("READY", "A part is there")
      }
      return SlotTime(day: max(first, today), minute: 0)
    }
    var day = today
    for load in awaited {
      guard let from = load.from else { throw stop.notPromised(load.line) }
      guard from > day else { continue }
      day = from
      if from == load.releasesOn {
        reasons.add(
          "RELEASE", "Line \(load.line.number) does not leave before \(from)",
          [Fact("line", load.line.number), Fact("releases_on", from)])
      } else {
        reasons.add(
          "PROMISE", "Line \(load.line.number) (\(load.line.sku)) is there on \(from)",
          [Fact("line", load.line.number), Fact("ready_on", from)])
      }
    }
    if day == today { reasons.add("READY", "All that is to be brought is there") }
    return SlotTime(day: day, minute: 0)
  }

  /// After what is to be put together was brought.
  private static func installation(
    at stop: Stop, _ loads: [VanLoad], on today: Day, _ reasons: inout Explanation,
    in snapshot: Snapshot
  ) throws -> SlotTime {
    guard stop.firstToCome != nil else {
      reasons.add("DELIVERED", "All that is to be put together was brought")
      return SlotTime(day: today, minute: 0)
    }
    var earliest = SlotTime(day: today, minute: 0)
    if !loads.isEmpty {
      guard
        let delivery = try AppointmentTable.booked(
          .delivery, of: stop.order.id, at: stop.addressID, in: snapshot)
      else { throw AppointmentRejection.deliveryNotBooked(order: stop.order.number) }
      reasons.add(
        "DELIVERY", "\(delivery.number) brings the goods \(delivery.slot.words)",
        [Fact("appointment", delivery.number), Fact("when", delivery.slot.words)])
      earliest = max(delivery.slot.ends, earliest)
      for load in loads where !load.comes(on: delivery.slot.terms.day) {
        guard let from = load.from else { throw stop.notPromised(load.line) }
        guard from > earliest.day else { continue }
        earliest = SlotTime(day: from, minute: 0)
        reasons.add(
          "PART", "The rest of line \(load.line.number) (\(load.line.sku)) comes on \(from)",
          [Fact("line", load.line.number), Fact("from", from)])
      }
    }
    guard stop.addressID == nil else { return earliest }
    for promise in try OrderPromises.of(stop.order, on: today, in: snapshot) {
      let line = stop.order.lines[promise.line - 1]
      guard line.isDropShipped else { continue }
      guard let ready = promise.readyOn else { throw stop.notPromised(line) }
      guard ready > earliest.day else { continue }
      earliest = SlotTime(day: ready, minute: 0)
      reasons.add(
        "SUPPLIER", "A supplier brings line \(promise.line) (\(promise.sku)) on \(ready)",
        [Fact("line", promise.line), Fact("ready_on", ready)])
    }
    return earliest
  }

  /// What it takes of a slot of a day: a van brings what is there by then.
  func demand(on day: Day) throws(ArithmeticError) -> SlotDemand {
    guard kind == .delivery else { return SlotDemand(minutes: minutes, volume: 0) }
    var volume: Int64 = 0
    for load in loads where load.comes(on: day) {
      let (sum, overflow) = volume.addingReportingOverflow(load.volume ?? 0)
      if overflow { throw .overflow }
      volume = sum
    }
    return SlotDemand(minutes: minutes, volume: volume)
  }

  /// Why none before, and what it takes on a day; what nobody has measured takes no room, and that
  /// is told.
  func explanation(on day: Day) throws(ArithmeticError) -> Explanation {
    var explanation = reasons
    let demand = try demand(on: day)
    guard kind == .delivery else {
      explanation.add(
        "DEMAND", "It takes \(demand.minutes) minutes of work", Self.facts(demand))
      return explanation
    }
    for load in loads where !load.comes(on: day) {
      explanation.add(
        "LATER",
        "\(load.quantity) of line \(load.line.number) (\(load.line.sku)) do not come with it"
          + (load.from.map { ", but from \($0) on" } ?? ": nobody can say when they are there"),
        [
          Fact("line", load.line.number), Fact("quantity", load.quantity),
          Fact("from", load.from?.description ?? ""),
        ])
    }
    for sku in loads.filter({ $0.comes(on: day) && $0.volume == nil }).map(\.line.sku).eachOnce {
      explanation.add("NOT_MEASURED", "Nobody has said what room \(sku) takes", [Fact("sku", sku)])
    }
    explanation.add(
      "DEMAND", "It takes \(demand.volume) cm³ of the van", Self.facts(demand))
    return explanation
  }

  private static func facts(_ demand: SlotDemand) -> [Fact] {
    [Fact("minutes", demand.minutes), Fact("volume_ccm", demand.volume)]
  }
}

extension AppointmentTerms {
  /// Refuses a slot that does not serve the place, or not yet, or has no room.
  func check(_ slot: DeliverySlot, field: String, on today: Day) throws {
    let order = stop.order
    guard slot.terms.kind == kind else {
      throw AppointmentRejection.otherKind(field: field, code: slot.code, kind: slot.terms.kind)
    }
    guard slot.terms.warehouseCode == order.warehouseCode,
      slot.terms.zoneCode.isEmpty || slot.terms.zoneCode == stop.place.zone
    else {
      throw AppointmentRejection.notServed(
        field: field, code: slot.code, warehouse: slot.terms.warehouseCode,
        zone: slot.terms.zoneCode, order: order.number)
    }
    guard slot.terms.day >= today else {
      throw AppointmentRejection.slotOver(field: field, code: slot.code, day: slot.terms.day)
    }
    guard slot.begins >= earliest else {
      throw AppointmentRejection.tooEarly(
        field: field, code: slot.code, when: slot.words, earliest: earliest.day)
    }
    if kind == .delivery, let minute = order.instructions?.delivery?.noEntryBefore,
      slot.terms.ends <= minute
    {
      throw AppointmentRejection.entryTooEarly(
        field: field, code: slot.code, when: slot.words, from: ClockTime.text(minute))
    }
    if let short = slot.shortage(of: try demand(on: slot.terms.day)) {
      throw AppointmentRejection.slotFull(
        field: field, code: slot.code, capacity: short.capacity, left: short.left,
        needed: short.needed)
    }
  }
}

extension VanLoad {
  /// A van of that day brings it.
  func comes(on day: Day) -> Bool { !isLater || from.map { $0 <= day } ?? false }
}

extension Stop {
  fileprivate func notPromised(_ line: SalesOrderLine) -> AppointmentRejection {
    .notPromised(order: order.number, line: line.number, sku: line.sku)
  }
}
