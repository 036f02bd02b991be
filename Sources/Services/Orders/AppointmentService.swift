internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about when goods are brought and put
/// together.
struct AppointmentService: OrdersV1.AppointmentService {
  let commands: CommandLog
  let questions: Questions

  // MARK: Slots

  func upsertDeliverySlots(
    _ request: OrdersV1.UpsertDeliverySlotsRequest, context: CallContext
  ) async throws -> OrdersV1.UpsertDeliverySlotsResponse {
    let verb = UpsertDeliverySlots(
      request.slots.enumerated().map { DeliverySlotDraft($1, row: "slots[\($0)]") })
    return try await commands.run(request, context) { tx, command in
      .init(
        verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listDeliverySlots(
    _ request: OrdersV1.ListDeliverySlotsRequest, context: CallContext
  ) async throws -> OrdersV1.ListDeliverySlotsResponse {
    var reader = RequestReader()
    let kind = reader.choice(
      SlotKind(request.kind), request.kind.rawValue, "kind", required: false)
    let from = reader.day(request.from, "from") ?? commands.clock.moment().day
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 3,
      question: ["slots", request.warehouseCode, "\(request.kind.rawValue)", "\(from)"])
    let key = page.after.flatMap { DeliverySlots.Key($0) }
    return try await questions.ask(context) { snapshot in
      let found = try DeliverySlots.list(
        warehouse: request.warehouseCode.isEmpty ? nil : request.warehouseCode, kind: kind,
        from: from, after: key,
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { $0.keys }
      return .init(slots: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func upsertAssemblyTimes(
    _ request: OrdersV1.UpsertAssemblyTimesRequest, context: CallContext
  ) async throws -> OrdersV1.UpsertAssemblyTimesResponse {
    let verb = UpsertAssemblyTimes(
      request.times.map {
        AssemblyTimeDraft(
          AssemblyTime(
            sku: $0.sku, minutes: $0.minutes, minutesPerCubicMetre: $0.minutesPerCubicMetre))
      })
    return try await commands.run(request, context) { tx, command in
      .init(
        verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listAssemblyTimes(
    _ request: OrdersV1.ListAssemblyTimesRequest, context: CallContext
  ) async throws -> OrdersV1.ListAssemblyTimesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["assembly-times"])
    return try await questions.ask(context) { snapshot in
      let found = try AssemblyTimes.list(
        after: page.after?.first, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.sku] }
      return .init(
        times: rows.map {
          .init(
            sku: $0.sku, minutes: $0.minutes, minutesPerCubicMetre: $0.minutesPerCubicMetre)
        }, nextPageToken: next)
    }
  }

  // MARK: Appointments

  func offerSlots(
    _ request: OrdersV1.OfferSlotsRequest, context: CallContext
  ) async throws -> OrdersV1.OfferSlotsResponse {
    var reader = RequestReader()
    let kind = reader.choice(SlotKind(request.kind), request.kind.rawValue, "kind")
    let from = reader.day(request.from, "from")
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let offer = try SlotOffer.find(
        kind ?? .delivery, orderNumber: request.orderNumber,
        at: request.addressId.asked.map { ID($0) }, minutes: request.minutes.asked, from: from,
        limit: request.limit == 0 ? 10 : Int(request.limit), on: today, in: snapshot)
      return .init(
        slots: offer.slots.map { .init($0) }, earliestOn: GoogleType.Date(offer.earliestOn),
        explanation: .init(offer.explanation), full: Int32(offer.full))
    }
  }

  func bookAppointment(
    _ request: OrdersV1.BookAppointmentRequest, context: CallContext
  ) async throws -> OrdersV1.BookAppointmentResponse {
    try await commands.run(request, context) { tx, command in
      let booked = try BookAppointment(
        orderNumber: request.orderNumber, at: request.addressId.asked.map { ID($0) },
        slotCode: request.slotCode, minutes: request.minutes.asked, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(appointment: .init(booked))
    }
  }

  func moveAppointment(
    _ request: OrdersV1.MoveAppointmentRequest, context: CallContext
  ) async throws -> OrdersV1.MoveAppointmentResponse {
    try await commands.run(request, context) { tx, command in
      let moved = try MoveAppointment(
        number: request.number, slotCode: request.slotCode, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(appointment: .init(moved))
    }
  }

  func releaseAppointment(
    _ request: OrdersV1.ReleaseAppointmentRequest, context: CallContext
  ) async throws -> OrdersV1.ReleaseAppointmentResponse {
    try await commands.run(request, context) { tx, command in
      let ended = try ReleaseAppointment(
        number: request.number, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        appointment: .init(ended.appointment), alsoReleased: ended.alsoReleased ?? "")
    }
  }

  func missAppointment(
    _ request: OrdersV1.MissAppointmentRequest, context: CallContext
  ) async throws -> OrdersV1.MissAppointmentResponse {
    var reader = RequestReader()
    let missedBy = reader.choice(
      MissedBy(request.missedBy), request.missedBy.rawValue, "missed_by")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let ended = try MissAppointment(
        number: request.number, missedBy: missedBy ?? .customer, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        appointment: .init(ended.appointment), alsoReleased: ended.alsoReleased ?? "")
    }
  }

  func completeInstallation(
    _ request: OrdersV1.CompleteInstallationRequest, context: CallContext
  ) async throws -> OrdersV1.CompleteInstallationResponse {
    try await commands.run(request, context) { tx, command in
      let done = try CompleteInstallation(
        number: request.number, report: request.report, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        appointment: .init(done.appointment),
        serviceLineNumbers: done.services.map { Int32($0) })
    }
  }

  func getAppointment(
    _ request: OrdersV1.GetAppointmentRequest, context: CallContext
  ) async throws -> OrdersV1.GetAppointmentResponse {
    try await questions.ask(context) { snapshot in
      .init(appointment: .init(try Appointments.require(number: request.number, in: snapshot)))
    }
  }

  func listAppointments(
    _ request: OrdersV1.ListAppointmentsRequest, context: CallContext
  ) async throws -> OrdersV1.ListAppointmentsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["appointments", request.orderNumber, request.slotCode])
    return try await questions.ask(context) { snapshot in
      let order =
        request.orderNumber.isEmpty
        ? nil
        : try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
      let slot =
        request.slotCode.isEmpty
        ? nil : try DeliverySlots.require(code: request.slotCode, field: "slot_code", in: snapshot)
      let found = try Appointments.list(
        order: order, slot: slot, before: page.row(0).map { ID($0) }, limit: page.limit,
        in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(appointments: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

extension Int64 {
  /// 0 asks for nothing.
  fileprivate var asked: Int64? { self == 0 ? nil : self }
}

extension DeliverySlots.Key {
  fileprivate init?(_ keys: [String]) {
    guard keys.count == 3, let day = Int32(keys[0]), let begins = Int(keys[1]),
      let id = Int64(keys[2])
    else { return nil }
    self.init(day: Day(daysSinceEpoch: day), begins: begins, id: ID(id))
  }
}

extension DeliverySlot {
  fileprivate var keys: [String] {
    ["\(terms.day.daysSinceEpoch)", "\(terms.begins)", "\(id.value)"]
  }
}

extension DeliverySlotDraft {
  fileprivate init(_ slot: OrdersV1.DeliverySlot, row: String) {
    var reader = RequestReader(row: row)
    let kind = reader.choice(SlotKind(slot.kind), slot.kind.rawValue, "kind")
    let day = reader.requiredDay(slot.day, "day")
    self.init(
      code: slot.code,
      terms: SlotTerms(
        kind: kind ?? .delivery, warehouseCode: slot.warehouseCode, zoneCode: slot.zoneCode,
        crewCode: slot.crewCode, day: day, begins: Int(slot.beginsMinute),
        ends: Int(slot.endsMinute), stops: Int(slot.stops), minutes: slot.minutes,
        volume: slot.volumeCcm),
      malformed: reader.found)
  }
}

extension OrdersV1.DeliverySlot {
  fileprivate init(_ slot: DeliverySlot) {
    let terms = slot.terms
    self.init(
      code: slot.code, kind: terms.kind.message, warehouseCode: terms.warehouseCode,
      zoneCode: terms.zoneCode, crewCode: terms.crewCode, day: GoogleType.Date(terms.day),
      beginsMinute: Int32(terms.begins), endsMinute: Int32(terms.ends),
      stops: Int32(terms.stops), minutes: terms.minutes, volumeCcm: terms.volume,
      bookedStops: Int32(slot.bookedStops), bookedMinutes: slot.bookedMinutes,
      bookedVolumeCcm: slot.bookedVolume)
  }
}

extension OrdersV1.Appointment {
  init(_ found: Appointment) {
    self.init(
      number: found.number, orderNumber: found.orderNumber, state: found.state.message,
      slot: .init(found.slot), minutes: found.minutes, volumeCcm: found.volume,
      explanation: .init(found.explanation), bookedBy: found.bookedBy,
      remark: found.remark, missedBy: found.missedBy?.message ?? .unspecified,
      remarks: found.remarks.map { .init($0) }, overtaken: found.isOvertaken,
      addressId: found.addressID?.value ?? 0)
  }
}

extension SlotKind {
  fileprivate init?(_ message: OrdersV1.SlotKind) {
    switch message {
    case .delivery: self = .delivery
    case .installation: self = .installation
    default: return nil
    }
  }

  var message: OrdersV1.SlotKind {
    switch self {
    case .delivery: .delivery
    case .installation: .installation
    }
  }
}

extension AppointmentState {
  fileprivate var message: OrdersV1.AppointmentState {
    switch self {
    case .booked: .booked
    case .kept: .kept
    case .missed: .missed
    case .released: .released
    }
  }
}

extension MissedBy {
  fileprivate init?(_ message: OrdersV1.MissedBy) {
    switch message {
    case .customer: self = .customer
    case .crew: self = .crew
    case .goods: self = .goods
    default: return nil
    }
  }

  fileprivate var message: OrdersV1.MissedBy {
    switch self {
    case .customer: .customer
    case .crew: .crew
    case .goods: .goods
    }
  }
}
