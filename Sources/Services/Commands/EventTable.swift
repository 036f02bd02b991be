internal import Storage
internal import Values

/// An event as it is stored: a domain event, on the timeline of its root document.
struct StoredEvent: Sendable {
  var type: String
  var subject: DocumentReference
  /// The document whose timeline shows it: the related one, or else the subject itself.
  var root: DocumentReference
  /// The facts as text: one a line, name and value apart by a tab.
  var facts: String

  init(_ event: DomainEvent) {
    type = event.type
    subject = event.subject
    root = event.related ?? event.subject
    facts = Explanation([.init("", "", event.facts)]).storedText
  }

  init(type: String, subject: DocumentReference, root: DocumentReference, facts: String) {
    self.type = type
    self.subject = subject
    self.root = root
    self.facts = facts
  }

  var factList: [Fact] { Explanation(storedText: facts).steps.first?.facts ?? [] }
}

/// A place between two events, in the order of commits.
struct EventPosition: Hashable, Comparable, Sendable {
  let sequence: Int64
  /// Of the last event before the place.
  let ordinal: Int64

  init(sequence: Int64, ordinal: Int64) {
    self.sequence = sequence
    self.ordinal = ordinal
  }

  init(place: Int64) {
    self.init(
      sequence: place >> Self.ordinalBits, ordinal: place & Self.highestOrdinal)
  }

  /// Behind all events of a command; with 0 at the beginning of the log.
  init(after sequence: Int64) { self.init(sequence: sequence, ordinal: .max) }

  var isAfterAll: Bool { ordinal == .max }

  static func < (left: EventPosition, right: EventPosition) -> Bool {
    (left.sequence, left.ordinal) < (right.sequence, right.ordinal)
  }

  /// What a command records fits into the lower bits: its request is bounded.
  static let ordinalBits = 20
  private static let highestOrdinal: Int64 = 1 << ordinalBits - 1

  /// As one number, in the same order: `event.place`.
  var place: Int64 {
    let sequence = min(sequence, Int64.max >> Self.ordinalBits)
    return sequence << Self.ordinalBits | min(ordinal, Self.highestOrdinal)
  }
}

/// An event with the command that caused it.
struct CommittedEvent: Sendable {
  var sequence: Int64
  var ordinal: Int
  var at: Instant
  var actor: String
  var event: StoredEvent
}

/// All SQL of `event`.
enum EventTable {
  static func insert(
    _ event: StoredEvent, sequence: Int64, ordinal: Int, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO event
        (place, sequence, type, subject_kind, subject_number, root_kind, root_number, facts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, EventPosition(sequence: sequence, ordinal: Int64(ordinal)).place, sequence, event.type,
      event.subject.kind, event.subject.number,
      event.root.kind, event.root.number, event.facts)
  }

  /// The events after the given place that are in scope, oldest first, up to a command and all of
  /// it: those on the timeline of a document that is. What concerns nobody's document, master data
  /// and who may do what, is in the scope of all only.
  static func events(
    after position: EventPosition, through last: Int64 = .max, limit: Int, in snapshot: Snapshot
  ) throws -> [CommittedEvent] {
    try snapshot.all(
      """
      SELECT e.place, c.at, c.actor,
        e.type, e.subject_kind, e.subject_number, e.root_kind, e.root_number, e.facts
      FROM event e JOIN command c ON c.sequence = e.sequence
      WHERE e.place > ? AND e.place <= ?
        AND (in_scope() OR CASE e.root_kind
          WHEN 'SALES_ORDER' THEN EXISTS (
            SELECT 1 FROM view_order_owner AS o
            WHERE o.number = e.root_number
              AND in_scope(o.owner, o.store_code, o.warehouse_code, o.author))
          WHEN 'QUOTE' THEN EXISTS (
            SELECT 1 FROM view_quote_owner AS q
            WHERE q.number = e.root_number
              AND in_scope(q.owner, q.store_code, NULL, q.author))
          WHEN 'OPPORTUNITY' THEN EXISTS (
            SELECT 1 FROM view_opportunity_owner AS t
            WHERE t.number = e.root_number
              AND in_scope(t.owner, t.store_code, NULL, t.author))
          WHEN 'BLANKET_ORDER' THEN EXISTS (
            SELECT 1 FROM view_blanket_owner AS b
            WHERE b.number = e.root_number
              AND in_scope(b.owner, b.store_code, NULL, b.author))
          WHEN 'PAYMENT' THEN EXISTS (
            SELECT 1 FROM view_payment_owner AS p
            WHERE p.number = e.root_number AND in_scope(p.owner, p.store_code))
          WHEN 'INVOICE' THEN EXISTS (
            SELECT 1 FROM view_consolidated_invoice_owner AS i
            WHERE i.number = e.root_number AND in_scope(i.owner, i.store_code))
          WHEN 'DUNNING_LETTER' THEN EXISTS (
            SELECT 1 FROM view_dunning_letter_owner AS d
            WHERE d.number = e.root_number AND in_scope(d.owner, d.store_code))
          WHEN 'WORK_ORDER' THEN EXISTS (
            SELECT 1 FROM view_work_order_place AS w
            WHERE w.number = e.root_number AND in_scope(NULL, NULL, w.warehouse_code))
          WHEN 'PURCHASE_ORDER' THEN EXISTS (
            SELECT 1 FROM view_purchase_order_place AS u
            WHERE u.number = e.root_number AND in_scope(NULL, NULL, u.warehouse_code))
          WHEN 'TRANSFER_ORDER' THEN EXISTS (
            SELECT 1 FROM view_transfer_order_place AS f
            WHERE f.number = e.root_number AND in_scope(NULL, NULL, f.warehouse_code))
          WHEN 'STOCK_ADJUSTMENT' THEN EXISTS (
            SELECT 1 FROM view_stock_document_place AS s
            WHERE s.kind = e.root_kind AND s.number = e.root_number
              AND in_scope(NULL, NULL, s.warehouse_code))
          ELSE 0 END)
      ORDER BY e.place LIMIT ?
      """, position.place, EventPosition(after: last).place, limit, map: committed)
  }

  /// The timeline of one document, oldest first, after the given position.
  static func timeline(
    of number: String, after position: EventPosition, limit: Int, in snapshot: Snapshot
  ) throws -> [CommittedEvent] {
    try snapshot.all(
      """
      SELECT e.place, c.at, c.actor,
        e.type, e.subject_kind, e.subject_number, e.root_kind, e.root_number, e.facts
      FROM event e JOIN command c ON c.sequence = e.sequence
      WHERE e.root_number = ? AND e.place > ?
      ORDER BY e.place LIMIT ?
      """, number, position.place, limit, map: committed)
  }

  /// Nil where there is none at the place.
  static func find(place: Int64, in snapshot: Snapshot) throws -> CommittedEvent? {
    try snapshot.first(
      """
      SELECT e.place, c.at, c.actor,
        e.type, e.subject_kind, e.subject_number, e.root_kind, e.root_number, e.facts
      FROM event e JOIN command c ON c.sequence = e.sequence WHERE e.place = ?
      """, place, map: committed)
  }

  /// The events of the commands between two positions, both included, by command.
  static func events(
    from first: Int64, through last: Int64, in snapshot: Snapshot
  ) throws -> [Int64: [StoredEvent]] {
    var events: [Int64: [StoredEvent]] = [:]
    try snapshot.forEach(
      """
      SELECT sequence, type, subject_kind, subject_number, root_kind, root_number, facts
      FROM event WHERE place BETWEEN ? AND ? ORDER BY place
      """, EventPosition(sequence: first, ordinal: 0).place, EventPosition(after: last).place
    ) { row in events[row.int64(0), default: []].append(try stored(row, from: 1)) }
    return events
  }

  /// The commands with an event on the timeline of a document, the newest first, before a position.
  static func commands(
    about number: String, before sequence: Int64, limit: Int, in snapshot: Snapshot
  ) throws -> [Int64] {
    try snapshot.all(
      """
      SELECT DISTINCT sequence FROM event WHERE root_number = ? AND place < ?
      ORDER BY place DESC LIMIT ?
      """, number, EventPosition(sequence: sequence, ordinal: 0).place, limit
    ) { $0.int64(0) }
  }

  private static func committed(_ row: Row) throws -> CommittedEvent {
    let place = EventPosition(place: row.int64(0))
    return CommittedEvent(
      sequence: place.sequence, ordinal: Int(place.ordinal), at: row.instant(1),
      actor: row.text(2), event: try stored(row, from: 3))
  }

  private static func stored(_ row: Row, from column: Int) throws -> StoredEvent {
    StoredEvent(
      type: row.text(column),
      subject: DocumentReference(try row.value(column + 1), row.text(column + 2)),
      root: DocumentReference(try row.value(column + 3), row.text(column + 4)),
      facts: row.text(column + 5))
  }
}
