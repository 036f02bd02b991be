package import MasterData
package import Storage
package import Values

/// A time in which the clock of a complaint stood still, because somebody else was waited for. The
/// deadline is moved when it begins, to where it is if nobody ends it before its bound; so nothing
/// has to be done when the bound passes, and nothing escalates until then.
package struct ComplaintPause: Hashable, Sendable {
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    case customer = "CUSTOMER"
    case supplier = "SUPPLIER"
    case parts = "PARTS"
    case appointment = "APPOINTMENT"
    case carrier = "CARRIER"
  }

  let id: ID<ComplaintPause>
  package let reason: Reason
  /// Empty once the person is erased.
  package let note: String
  package let pausedBy: String
  package let pausedAt: Instant
  /// When it ends by itself.
  package let until: Instant
  /// Nil while nobody has ended it before.
  package let resumedBy: String?
  package let resumedAt: Instant?
  /// Microseconds that were left of the clock when it began.
  let remaining: Int64

  /// Days until the last one, at most and where nobody says.
  package static let longest = 60
  package static let usual = 14

  /// When it ended, or when it is now while it lasts.
  func end(at now: Instant) -> Instant { min(resumedAt ?? until, now) }

  /// How long the clock stood still, of the time that counts.
  package func held(by clock: TermClock, at now: Moment) -> Int64 {
    clock.passed(from: pausedAt, to: end(at: now.instant), now) / 1_000_000
  }
}

extension TermClock {
  package init(_ complaint: Complaint, in snapshot: Snapshot) throws {
    try self.init(inBusinessHours: complaint.inBusinessHours, in: snapshot)
  }

  /// When a term is over that begins now.
  func deadline(of term: ComplaintTerm, _ now: Moment) -> Instant {
    deadline(afterHours: term.hours, now)
  }
}

/// For how long complaints stood still because of one reason.
package struct ComplaintPauseRow: Hashable, Sendable {
  package let reason: ComplaintPause.Reason
  package fileprivate(set) var pauses: Int64 = 0
  package fileprivate(set) var complaints: Int64 = 0
  package fileprivate(set) var heldSeconds: Int64 = 0
  package fileprivate(set) var longestSeconds: Int64 = 0
}

/// Questions about pauses.
package enum ComplaintPauses {
  /// Of one complaint, the newest first.
  package static func of(
    _ complaint: Complaint, in snapshot: Snapshot
  ) throws -> [ComplaintPause] {
    try ComplaintPauseTable.list(of: complaint.id, in: snapshot)
  }

  /// What a complaint is paused for now; nil where its clock goes on.
  package static func reason(
    of complaint: Complaint, at now: Moment, in snapshot: Snapshot
  ) throws -> ComplaintPause.Reason? {
    guard let until = complaint.pausedUntil, until > now.instant else { return nil }
    return try of(complaint, in: snapshot).first?.reason
  }

  /// What began on some days, of complaints about orders in scope, by reason. `from` nil for 90
  /// days before the last, `until` nil for today.
  package static func report(
    from: Day?, until: Day?, at now: Moment, in snapshot: Snapshot
  ) throws -> [ComplaintPauseRow] {
    let until = until ?? now.day
    let from = from ?? until.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(from, "from", until.adding(days: -365)...until)
    try check.pass()
    let clocks = [
      false: try TermClock(inBusinessHours: false, in: snapshot),
      true: try TermClock(inBusinessHours: true, in: snapshot),
    ]
    var rows: [ComplaintPause.Reason: ComplaintPauseRow] = [:]
    var seen: Set<[String]> = []
    let found = try ComplaintPauseTable.begun(
      from: from.begin(now), to: until.adding(days: 1).begin(now), in: snapshot)
    for (number, isBusiness, pause) in found {
      var row = rows[pause.reason] ?? ComplaintPauseRow(reason: pause.reason)
      let held = clocks[isBusiness].map { pause.held(by: $0, at: now) } ?? 0
      row.pauses += 1
      row.heldSeconds += held
      row.longestSeconds = max(row.longestSeconds, held)
      if seen.insert([number, pause.reason.rawValue]).inserted { row.complaints += 1 }
      rows[pause.reason] = row
    }
    return ComplaintPause.Reason.allCases.compactMap { rows[$0] }
  }
}

extension Day {
  /// Its first moment at the site.
  func begin(_ now: Moment) -> Instant {
    Instant(microseconds: (Int64(daysSinceEpoch) * 86_400 - now.secondsEast) * 1_000_000)
  }
}

/// Stops the clock of a complaint until a day is over, or somebody lets it go on.
package struct PauseComplaint: Sendable {
  package let number: String
  package let reason: ComplaintPause.Reason
  package let note: String
  /// The last day; nil for the usual time.
  package let until: Day?
  /// Who asks.
  package let actor: String

  package init(
    number: String, reason: ComplaintPause.Reason, note: String, until: Day?, by actor: String
  ) {
    self.number = number
    self.reason = reason
    self.note = note
    self.until = until
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Complaint {
    let last = until ?? now.day.adding(days: ComplaintPause.usual)
    var check = FieldCheck(.request)
    check.text(note, "note", limit: 500)
    check.range(last, "until", now.day...now.day.adding(days: ComplaintPause.longest))
    try check.pass()
    var found = try Complaints.require(number: number, in: tx)
    try found.expect(resolved: false, to: "pause")
    if let pausedUntil = found.pausedUntil, pausedUntil > now.instant {
      throw ComplaintRejection.paused(number: number, until: pausedUntil)
    }
    // What is late is late, whether or not anybody has looked yet.
    if found.dueAt <= now.instant { try found.escalate(in: tx, at: now) }
    let clock = try TermClock(found, in: tx)
    let end = last.adding(days: 1).begin(now)
    let left = clock.passed(from: now.instant, to: found.dueAt, now)
    let before = found.dueAt
    try ComplaintPauseTable.insert(self, of: found.id, until: end, left, at: now, in: tx)
    found.dueAt = clock.deadline(after: left, from: end, now)
    found.pausedUntil = end
    try found.save(in: tx)
    // Words about it stand in the pause, which can forget them; an event cannot.
    found.record(
      "complaint.paused",
      [
        Fact("reason", reason.rawValue), Fact("until", end), Fact("due_before", before),
        Fact("due_at", found.dueAt), Fact("actor", actor),
      ], in: tx)
    return found
  }
}

/// Lets the clock of a complaint go on.
package struct ResumeComplaint: Sendable {
  package let number: String
  /// Who asks.
  package let actor: String

  package init(number: String, by actor: String) {
    self.number = number
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Complaint {
    var found = try Complaints.require(number: number, in: tx)
    try found.expect(resolved: false, to: "resume")
    guard try found.resume(by: actor, in: tx, at: now) else {
      throw ComplaintRejection.notPaused(number: number)
    }
    try found.save(in: tx)
    found.record(
      "complaint.resumed", [Fact("due_at", found.dueAt), Fact("actor", actor)], in: tx)
    return found
  }
}

extension Complaint {
  /// Ends a pause that lasts; false where none does. The complaint is still to be saved.
  mutating func resume(by actor: String, in tx: Transaction, at now: Moment) throws -> Bool {
    guard let until = pausedUntil, until > now.instant,
      let pause = try ComplaintPauseTable.list(of: id, in: tx).first
    else { return false }
    try ComplaintPauseTable.end(pause.id, by: actor, at: now, in: tx)
    dueAt = try TermClock(self, in: tx)
      .deadline(after: pause.remaining, from: now.instant, now)
    pausedUntil = nil
    return true
  }
}

/// All SQL of `complaint_pause`.
enum ComplaintPauseTable {
  static func insert(
    _ pause: PauseComplaint, of complaint: ID<Complaint>, until: Instant, _ left: Int64,
    at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO complaint_pause (complaint_id, reason, note, paused_by, paused_at, until_at,
        remaining)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, complaint, pause.reason, pause.note, pause.actor, now.instant, until, left)
  }

  static func end(
    _ id: ID<ComplaintPause>, by actor: String, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE complaint_pause SET resumed_by = ?, resumed_at = ? WHERE id = ?", actor,
      now.instant, id)
  }

  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE complaint_pause SET note = ''
      WHERE note <> '' AND complaint_id IN (
        SELECT c.id FROM complaint AS c JOIN sales_order AS o ON o.id = c.sales_order_id
        WHERE o.customer_code = ?)
      """, customer)
  }

  static func list(
    of complaint: ID<Complaint>, in snapshot: Snapshot
  ) throws -> [ComplaintPause] {
    try snapshot.all(
      """
      SELECT id, reason, note, paused_by, paused_at, until_at, resumed_by, resumed_at,
        remaining
      FROM complaint_pause WHERE complaint_id = ? ORDER BY id DESC LIMIT 100
      """, complaint
    ) { try pause($0) }
  }

  /// Of complaints about orders in scope.
  static func begun(
    from: Instant, to: Instant, in snapshot: Snapshot
  ) throws -> [(complaint: String, inBusinessHours: Bool, pause: ComplaintPause)] {
    try snapshot.all(
      """
      SELECT p.id, p.reason, p.note, p.paused_by, p.paused_at, p.until_at, p.resumed_by,
        p.resumed_at, p.remaining, c.number, c.in_business_hours
      FROM complaint_pause AS p
      JOIN complaint AS c ON c.id = p.complaint_id
      JOIN sales_order AS o ON o.id = c.sales_order_id
      WHERE p.paused_at >= ? AND p.paused_at < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.id
      """, from, to
    ) { (complaint: $0.text(9), inBusinessHours: $0.bool(10), pause: try pause($0)) }
  }

  private static func pause(_ row: Row) throws -> ComplaintPause {
    ComplaintPause(
      id: row.id(0), reason: try row.value(1), note: row.text(2), pausedBy: row.text(3),
      pausedAt: row.instant(4), until: row.instant(5), resumedBy: row.optionalText(6),
      resumedAt: row.optionalInstant(7), remaining: row.int64(8))
  }
}

extension ComplaintPause.Reason: Bindable {}
