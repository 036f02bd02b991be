import Inventory
import MasterData
import Storage
import Values

/// What serving an order takes, and when it is possible at the earliest.
struct AppointmentTerms {
  let kind: SlotKind
  let demand: SlotDemand
  let earliest: SlotTime
  private(set) var explanation: Explanation

  /// Refuses an order that cannot be served at all. `minutes` is what the caller says that it
  /// takes; nil for what the products say.
  init(
    _ kind: SlotKind, of order: SalesOrder, minutes: Int64?, on today: Day, in snapshot: Snapshot
  ) throws {
    self.kind = kind
    let states: Set<OrderState> = [.confirmed, .partlyShipped, .shipped]
    try order.expect(
      "book a slot for it", in: kind == .delivery ? states : states.union([.delivered, .closed]))
    guard order.delivery != nil else {
      throw AppointmentRejection.notBrought(order: order.number)
    }
    var explanation = Explanation()
    switch kind {
    case .delivery:
      earliest = try Self.delivery(of: order, on: today, &explanation, in: snapshot)
      let volume = try order.undeliveredVolume(in: snapshot, &explanation)
      demand = SlotDemand(minutes: minutes ?? 0, volume: volume)
    case .installation:
      earliest = try Self.installation(of: order, on: today, &explanation, in: snapshot)
      let assembly = try minutes ?? order.assemblyMinutes(in: snapshot)
      guard assembly > 0 else {
        throw AppointmentRejection.durationUnknown(order: order.number)
      }
      demand = SlotDemand(minutes: assembly, volume: 0)
    }
    explanation.add(
      "DEMAND",
      kind == .delivery
        ? "It takes \(demand.volume) cm³ of the van" : "It takes \(demand.minutes) minutes of work",
      [Fact("minutes", demand.minutes), Fact("volume_ccm", demand.volume)])
    self.explanation = explanation
  }

  /// When all that is to be brought is there: the line that comes last decides.
  private static func delivery(
    of order: SalesOrder, on today: Day, _ explanation: inout Explanation, in snapshot: Snapshot
  ) throws -> SlotTime {
    guard order.lines.contains(where: { $0.isBroughtByUs }) else {
      throw order.lines.contains(where: { $0.isBrought })
        ? AppointmentRejection.suppliersBring(order: order.number)
        : .nothingToBring(order: order.number)
    }
    var day = today
    for promise in try OrderPromises.of(order, on: today, in: snapshot)
    where !order.lines[promise.line - 1].isDropShipped {
      guard let ready = promise.readyOn else {
        throw AppointmentRejection.notPromised(
          order: order.number, line: promise.line, sku: promise.sku)
      }
      guard ready > day else { continue }
      day = ready
      explanation.add(
        "PROMISE", "Line \(promise.line) (\(promise.sku)) is there on \(ready)",
        [Fact("line", promise.line), Fact("ready_on", ready)])
    }
    for (line, release) in try order.unreleased(on: today, in: snapshot).sorted(by: <)
    where release > day {
      day = release
      explanation.add(
        "RELEASE", "Line \(line) does not leave before \(release)",
        [Fact("line", line), Fact("releases_on", release)])
    }
    if day == today { explanation.add("READY", "All that is to be brought is there") }
    return SlotTime(day: day, minute: 0)
  }

  /// After what is to be put together was brought.
  private static func installation(
    of order: SalesOrder, on today: Day, _ explanation: inout Explanation, in snapshot: Snapshot
  ) throws -> SlotTime {
    guard order.lines.contains(where: { $0.isBrought }) else {
      explanation.add("DELIVERED", "All that is to be put together was brought")
      return SlotTime(day: today, minute: 0)
    }
    var earliest = SlotTime(day: today, minute: 0)
    if order.lines.contains(where: { $0.isBroughtByUs }) {
      guard let delivery = try AppointmentTable.booked(.delivery, of: order.id, in: snapshot)
      else {
        throw AppointmentRejection.deliveryNotBooked(order: order.number)
      }
      explanation.add(
        "DELIVERY", "\(delivery.number) brings the goods \(delivery.slot.words)",
        [Fact("appointment", delivery.number), Fact("when", delivery.slot.words)])
      earliest = max(delivery.slot.ends, earliest)
    }
    for promise in try OrderPromises.of(order, on: today, in: snapshot)
    where order.lines[promise.line - 1].isDropShipped {
      guard let ready = promise.readyOn else {
        throw AppointmentRejection.notPromised(
          order: order.number, line: promise.line, sku: promise.sku)
      }
      guard ready > earliest.day else { continue }
      earliest = SlotTime(day: ready, minute: 0)
      explanation.add(
        "SUPPLIER", "A supplier brings line \(promise.line) (\(promise.sku)) on \(ready)",
        [Fact("line", promise.line), Fact("ready_on", ready)])
    }
    return earliest
  }

  /// Refuses a slot that does not serve the order, or not yet, or has no room.
  func check(
    _ slot: DeliverySlot, for order: SalesOrder, field: String, on today: Day
  ) throws(AppointmentRejection) {
    guard slot.terms.kind == kind else {
      throw .otherKind(field: field, code: slot.code, kind: slot.terms.kind)
    }
    let zone = order.delivery?.zone ?? ""
    guard slot.terms.warehouseCode == order.warehouseCode,
      slot.terms.zoneCode.isEmpty || slot.terms.zoneCode == zone
    else {
      throw .notServed(
        field: field, code: slot.code, warehouse: slot.terms.warehouseCode,
        zone: slot.terms.zoneCode, order: order.number)
    }
    guard slot.terms.day >= today else {
      throw .slotOver(field: field, code: slot.code, day: slot.terms.day)
    }
    guard slot.begins >= earliest else {
      throw .tooEarly(field: field, code: slot.code, when: slot.words, earliest: earliest.day)
    }
    if kind == .delivery, let minute = order.instructions?.delivery?.noEntryBefore,
      slot.terms.ends <= minute
    {
      throw .entryTooEarly(
        field: field, code: slot.code, when: slot.words,
        from: DeliveryRemarks.clock(minute))
    }
    if let short = slot.shortage(of: demand) {
      throw .slotFull(
        field: field, code: slot.code, capacity: short.capacity, left: short.left,
        needed: short.needed)
    }
  }
}

extension SalesOrderLine {
  /// Goods that are still to come to the customer.
  var isBrought: Bool { sourcing != .service && undelivered.isPositive }

  /// Those of them that come with our own van, not with a supplier's.
  var isBroughtByUs: Bool { isBrought && !isDropShipped }
}

extension SalesOrder {
  /// Cubic centimetres of what is not delivered, rounded up for each line; what nobody has measured
  /// takes none, and that is told.
  fileprivate func undeliveredVolume(
    in snapshot: Snapshot, _ explanation: inout Explanation
  ) throws -> Int64 {
    var volume: Int64 = 0
    for line in lines where line.isBroughtByUs {
      let product = try line.requireProduct(in: snapshot)
      guard let each = line.volumeCubicCentimetres(of: product) else {
        explanation.add(
          "NOT_MEASURED", "Nobody has said what room \(line.sku) takes", [Fact("sku", line.sku)])
        continue
      }
      let (sum, overflow) = volume.addingReportingOverflow(try line.undelivered.times(each))
      if overflow { throw ArithmeticError.overflow }
      volume = sum
    }
    return volume
  }

  /// Of everything that is not cancelled.
  fileprivate func assemblyMinutes(in snapshot: Snapshot) throws -> Int64 {
    var minutes: Int64 = 0
    for line in lines where line.sourcing != .service && line.wanted.isPositive {
      guard let time = try AssemblyTimes.find(sku: line.sku, in: snapshot) else { continue }
      let (sum, overflow) = minutes.addingReportingOverflow(
        try time.minutes(of: line.wanted, line.configuration))
      if overflow { throw ArithmeticError.overflow }
      minutes = sum
    }
    return minutes
  }
}
