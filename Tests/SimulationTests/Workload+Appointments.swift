import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// The vans and crews of the model.
  static func hire(_ shop: Shop) async throws {
    let slots = AppointmentModel.slots.sorted { $0.key < $1.key }.map { code, slot in
      OrdersV1.DeliverySlot(
        code: code, kind: slot.isDelivery ? .delivery : .installation, warehouseCode: "MAIN",
        crewCode: code,
        // The clock of a simulation moves by seconds.
        day: slot.isToday
          ? .init(year: 2026, month: 3, day: 2) : .init(year: 2029, month: 1, day: 1),
        beginsMinute: Int32(slot.turn) * 60, endsMinute: Int32(slot.turn) * 60 + 60,
        stops: Int32(slot.stops), minutes: slot.isDelivery ? nil : slot.minutes)
    }
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: slots), options: shop.command())
    _ = try await shop.appointments.upsertAssemblyTimes(
      .init(
        times: AppointmentModel.assembly.sorted { $0.key < $1.key }.map {
          .init(sku: $0, minutes: $1)
        }), options: shop.command())
  }

  /// Somebody books a slot, moves, gives up, misses or keeps an appointment.
  mutating func appoint() async throws {
    let open = appointments.appointments.filter { $0.value.state == "BOOKED" }.keys.sorted()
    if random.chance(65) || open.isEmpty { return try await book() }
    guard let number = open.randomElement(using: &random),
      let found = appointments.appointments[number],
      let slot = AppointmentModel.slots[found.slot]
    else { return }
    switch random.number(0...3) {
    case 0: try await move(number, found, slot)
    case 1:
      _ = try await shop.appointments.releaseAppointment(
        .init(number: number, reason: "a wish"), options: shop.command())
      appointments.end(number, "RELEASED")
    case 2:
      let refused = await refusal {
        try await shop.appointments.missAppointment(
          .init(number: number, missedBy: .customer, reason: "nobody there"),
          options: shop.command())
      }
      #expect((refused == nil) == slot.isToday, "\(number): \(String(describing: refused))")
      if slot.isToday { appointments.end(number, "MISSED") }
    default:
      let isDone = model.orders[found.order]?.lines.allSatisfy { $0.open == 0 } ?? false
      let accepted = !slot.isDelivery && slot.isToday && isDone
      let refused = await refusal {
        try await shop.appointments.completeInstallation(
          .init(number: number), options: shop.command())
      }
      #expect((refused == nil) == accepted, "\(number): \(String(describing: refused))")
      if accepted { appointments.end(number, "KEPT") }
    }
  }

  /// What becomes of appointments when their order changes.
  mutating func follow(_ number: String) {
    if let order = model.orders[number] { appointments.fit(number, order) }
  }

  /// The same when goods were brought.
  mutating func bring(_ number: String) {
    if let order = model.orders[number] { appointments.bring(number, order) }
  }

  private mutating func book() async throws {
    let codes = AppointmentModel.slots.keys.sorted()
    let brought = model.orders.filter { $0.value.isBrought }.keys.sorted()
    let all = random.chance(90) ? brought : model.orders.keys.sorted()
    guard let code = codes.randomElement(using: &random),
      let number = all.randomElement(using: &random), let order = model.orders[number],
      let slot = AppointmentModel.slots[code]
    else { return }
    guard let may = appointments.may(number, order, take: code) else { return }
    let accepted = may && appointments.booked(of: number, delivery: slot.isDelivery) == nil
    let request = OrdersV1.BookAppointmentRequest(orderNumber: number, slotCode: code)
    let options = shop.command()
    do {
      let reply = try await shop.appointments.bookAppointment(request, options: options)
      #expect(accepted, "\(code) for \(order)")
      appointments.book(reply.appointment?.number ?? "", number, order, code)
      repeatLast = { [shop] in
        let again = try await shop.appointments.bookAppointment(request, options: options)
        #expect(again == reply)
      }
    } catch {
      #expect(!accepted, "\(code) for \(order): \(error)")
    }
  }

  private mutating func move(
    _ number: String, _ found: AppointmentModel.Appointment, _ slot: AppointmentModel.Slot
  ) async throws {
    let codes = AppointmentModel.slots.filter { $0.value.isDelivery == slot.isDelivery }.keys
    guard let code = codes.sorted().randomElement(using: &random),
      let order = model.orders[found.order]
    else { return }
    // What it takes where it is does not stand in its own way.
    var free = appointments
    free.drop(number)
    guard let may = free.may(found.order, order, take: code) else { return }
    let accepted =
      may && (!slot.isDelivery || appointments.movesBefore(found.order, to: code))
    let refused = await refusal {
      try await shop.appointments.moveAppointment(
        .init(number: number, slotCode: code), options: shop.command())
    }
    #expect((refused == nil) == accepted, "\(number) to \(code): \(String(describing: refused))")
    if accepted { appointments.book(number, found.order, order, code) }
  }

  /// Slots hold what the model says, and appointments stand where it says.
  func auditAppointments() async throws {
    let slots = try await shop.appointments.listDeliverySlots(.init()).slots
    #expect(slots.count == AppointmentModel.slots.count)
    for slot in slots {
      let load = appointments.load(slot.code)
      #expect(Int(slot.bookedStops) == load.stops, "\(slot.code)")
      #expect(slot.bookedMinutes == load.minutes, "\(slot.code)")
    }
    var overtaken: [String] = []
    for (number, expected) in appointments.appointments {
      let found = try await shop.appointments.getAppointment(.init(number: number)).appointment
      #expect(
        found?.state.name == "APPOINTMENT_STATE_" + expected.state,
        "\(number) of \(expected.order), \(expected.slot)")
      #expect(found?.slot?.code == expected.slot && found?.minutes == expected.minutes)
      if let order = model.orders[expected.order],
        let isLate = appointments.isOvertaken(number, order)
      {
        #expect(found?.overtaken == isLate, "\(number) of \(order)")
      }
      if found?.overtaken == true, found?.state == .booked { overtaken.append(number) }
    }
    let board = try await shop.shortages.listExceptions(
      .init(pageSize: 500, kinds: [.appointmentOvertaken, .carrierTrouble]))
    // All that has left has arrived by now.
    #expect(board.rows.compactMap(\.document?.number).sorted() == overtaken.sorted())
  }
}
