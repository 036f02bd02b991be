import MasterData
package import Storage
package import Values

/// An appointment that came to its end, and the installation that ended with it.
package struct EndedAppointment: Sendable {
  package let appointment: Appointment
  /// Number of the installation that was given up; nil for none.
  package let alsoReleased: String?
}

/// Gives an appointment up: its slot is free again.
package struct ReleaseAppointment: Sendable {
  package let number: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, by actor: String) {
    self.number = number
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> EndedAppointment {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var found = try Appointments.require(number: number, in: tx)
    try found.expectBooked(toBecome: .released)
    try found.end(.released, remark: reason, [Fact("actor", actor)], in: tx)
    return try EndedAppointment(ending: found, in: tx)
  }
}

/// Records that nothing came of an appointment whose day has come.
package struct MissAppointment: Sendable {
  package let number: String
  package let missedBy: MissedBy
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, missedBy: MissedBy, reason: String, by actor: String) {
    self.number = number
    self.missedBy = missedBy
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> EndedAppointment {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var found = try Appointments.require(number: number, in: tx)
    try found.expectBooked(toBecome: .missed)
    try found.expectDay(by: now.day)
    try found.end(
      .missed, remark: reason, missedBy: missedBy,
      [Fact("missed_by", missedBy.rawValue), Fact("actor", actor)], in: tx)
    return try EndedAppointment(ending: found, in: tx)
  }
}

/// Records that what was brought is put together: the services that waited for it are done.
package struct CompleteInstallation: Sendable {
  package let number: String
  /// What the crew says; may be empty.
  package let report: String
  /// Who asks.
  package let actor: String

  package init(number: String, report: String = "", by actor: String) {
    self.number = number
    self.report = report
    self.actor = actor
  }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (appointment: Appointment, services: [Int]) {
    var check = FieldCheck(.request)
    check.text(report, "report", limit: 2_000)
    try check.pass()
    var found = try Appointments.require(number: number, in: tx)
    guard found.slot.terms.kind == .installation else {
      throw AppointmentRejection.otherKind(
        field: "number", code: found.slot.code, kind: found.slot.terms.kind)
    }
    try found.expectBooked(toBecome: .kept)
    try found.expectDay(by: now.day)
    var order = try SalesOrders.require(number: found.orderNumber, in: tx)
    if let line = try Stop(of: order, at: found.addressID, in: tx)?.firstToCome {
      throw AppointmentRejection.notDelivered(order: order.number, line: line.number)
    }
    try found.end(.kept, remark: report, [Fact("actor", actor)], in: tx)
    let done = try order.isPutTogether(in: tx) ? order.servicesOfInstallation(in: tx) : []
    for number in done {
      order.lines[number - 1].shipped = order.lines[number - 1].wanted
      order.lines[number - 1].delivered = order.lines[number - 1].wanted
    }
    guard !done.isEmpty else { return (found, []) }
    tx.record(
      DomainEvent(
        "order.service-completed", order.reference,
        done.map { Fact("line_\($0)", order.lines[$0 - 1].wanted) }))
    try order.save(lines: done, in: tx)
    try order.updateExposureOfShipped(in: tx, at: now)
    try order.settlePoints(in: tx, at: now)
    return (found, done)
  }
}

extension EndedAppointment {
  /// Nothing is put together that was not brought: with a delivery that does not take place, the
  /// installation after it is given up.
  init(ending found: Appointment, in tx: Transaction) throws {
    appointment = found
    guard found.slot.terms.kind == .delivery,
      var next = try AppointmentTable.booked(
        .installation, of: found.order, at: found.addressID, in: tx)
    else {
      alsoReleased = nil
      return
    }
    try next.end(
      .released, remark: "\(found.number) did not take place",
      [Fact("because", found.number)], in: tx)
    alsoReleased = next.number
  }
}

extension SalesOrder {
  /// Everywhere, as far as anybody is to come for it: its services are of all its places.
  fileprivate func isPutTogether(in snapshot: Snapshot) throws -> Bool {
    try !lines.contains(where: \.isBrought)
      && !AppointmentTable.awaitsInstallation(id, in: snapshot)
  }
}

extension Appointment {
  fileprivate func expectDay(by today: Day) throws(AppointmentRejection) {
    guard slot.terms.day <= today else { throw .notYet(number: number, day: slot.terms.day) }
  }
}
