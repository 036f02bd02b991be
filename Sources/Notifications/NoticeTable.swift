import Storage
import Values

/// All SQL of `notice`.
enum NoticeTable {
  /// False where there is one already about the same event to the same recipient.
  static func insert(
    _ draft: NoticeDraft, sealed: NoticeTexts, at now: Moment, in tx: Transaction
  ) throws -> Bool {
    let due = draft.isSuppressed ? now.instant : try due(draft, at: now, in: tx)
    let lane = draft.channel == .webhook ? draft.recipient : draft.channel.rawValue
    let settledAt = draft.isSuppressed ? now.instant : nil
    let id: ID<Notice>? = try tx.insertIfAbsent(
      """
      INSERT INTO notice (place, event_type, root_kind, root_number, channel, origin, recipient,
        lane, customer_code, locale, state, attempts, created_at, due_at, settled_at, version,
        address, subject, body, last_error)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, 1, ?, ?, ?, ?)
      ON CONFLICT (place, channel, recipient) DO NOTHING
      RETURNING id
      """, draft.event.place, draft.event.type, draft.event.root.kind, draft.event.root.number,
      draft.channel, draft.origin, draft.recipient, lane, draft.customerCode, draft.locale,
      draft.isSuppressed ? NoticeState.suppressed : .pending, now.instant, due, settledAt,
      sealed.address, sealed.subject, sealed.body, sealed.lastError)
    return id != nil
  }

  /// Its turn: outside the quiet hours, and not within an hour of as many others as may be sent.
  private static func due(
    _ draft: NoticeDraft, at now: Moment, in snapshot: Snapshot
  ) throws -> Instant {
    var due = now.instant
    if let limit = draft.hourlyLimit {
      let before = try snapshot.first(
        """
        SELECT due_at FROM notice
        WHERE recipient = ? AND channel = ? AND due_at > ? AND state <> 'SUPPRESSED'
        ORDER BY due_at DESC, id DESC LIMIT 1 OFFSET ?
        """, draft.recipient, draft.channel, now.instant.adding(seconds: -3_600), limit - 1
      ) { $0.instant(0) }
      if let before { due = max(due, before.adding(seconds: 3_600)) }
    }
    return draft.quiet?.end(after: due, secondsEast: now.secondsEast) ?? due
  }

  static func find(_ id: ID<Notice>, in snapshot: Snapshot) throws -> Notice? {
    try snapshot.first(
      """
      SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
        customer_code, locale, state, attempts, created_at, due_at, settled_at, version
      FROM notice WHERE id = ?
      """, id, map: notice)
  }

  /// Those whose document is in scope, as events are.
  static func seen(_ id: ID<Notice>, in snapshot: Snapshot) throws -> Notice? {
    try snapshot.first(
      """
      SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
        customer_code, locale, state, attempts, created_at, due_at, settled_at, version
      FROM notice_owner WHERE id = ?
        AND (in_scope() OR is_somebodys AND in_scope(owner, store_code, warehouse_code, author))
      """, id, map: notice)
  }

  static func texts(of id: ID<Notice>, in snapshot: Snapshot) throws -> NoticeTexts {
    try snapshot.first(
      "SELECT address, subject, body, last_error FROM notice WHERE id = ?", id
    ) { row in
      NoticeTexts(
        address: row.text(0), subject: row.text(1), body: row.text(2), lastError: row.text(3))
    } ?? NoticeTexts()
  }

  /// By the index of what narrows most: a document has few, a customer some. `codes` are those by
  /// which the customer of the filter is or was known: what was written before it was merged stays
  /// sealed for whom it was written.
  static func list(
    _ filter: Notices.Filter, codes: [String], before id: ID<Notice>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Notice] {
    let customer = codes.isEmpty ? nil : ValueList(codes)
    let origin = filter.origin.isEmpty ? nil : filter.origin
    if !filter.document.isEmpty {
      return try snapshot.all(
        """
        SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
          customer_code, locale, state, attempts, created_at, due_at, settled_at, version
        FROM notice_owner
        WHERE root_number = ? AND id < ?
          AND (? IS NULL OR customer_code IN (SELECT value FROM json_each(?)))
          AND (? IS NULL OR state = ?) AND (? IS NULL OR origin = ?)
          AND (in_scope() OR is_somebodys AND in_scope(owner, store_code, warehouse_code, author))
        ORDER BY id DESC LIMIT ?
        """, filter.document, id, customer, customer, filter.state, filter.state, origin, origin,
        limit, map: notice)
    }
    if let customer {
      return try snapshot.all(
        """
        SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
          customer_code, locale, state, attempts, created_at, due_at, settled_at, version
        FROM notice_owner
        WHERE customer_code IN (SELECT value FROM json_each(?)) AND id < ?
          AND (? IS NULL OR state = ?) AND (? IS NULL OR origin = ?)
          AND (in_scope() OR is_somebodys AND in_scope(owner, store_code, warehouse_code, author))
        ORDER BY id DESC LIMIT ?
        """, customer, id, filter.state, filter.state, origin, origin, limit, map: notice)
    }
    if let origin {
      return try snapshot.all(
        """
        SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
          customer_code, locale, state, attempts, created_at, due_at, settled_at, version
        FROM notice_owner
        WHERE origin = ? AND id < ? AND (? IS NULL OR state = ?)
          AND (in_scope() OR is_somebodys AND in_scope(owner, store_code, warehouse_code, author))
        ORDER BY id DESC LIMIT ?
        """, origin, id, filter.state, filter.state, limit, map: notice)
    }
    if let state = filter.state {
      return try snapshot.all(
        """
        SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
          customer_code, locale, state, attempts, created_at, due_at, settled_at, version
        FROM notice_owner
        WHERE state = ? AND id < ?
          AND (in_scope() OR is_somebodys AND in_scope(owner, store_code, warehouse_code, author))
        ORDER BY id DESC LIMIT ?
        """, state, id, limit, map: notice)
    }
    return try snapshot.all(
      """
      SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
        customer_code, locale, state, attempts, created_at, due_at, settled_at, version
      FROM notice_owner
      WHERE id < ?
        AND (in_scope() OR is_somebodys AND in_scope(owner, store_code, warehouse_code, author))
      ORDER BY id DESC LIMIT ?
      """, id, limit, map: notice)
  }

  // MARK: What waits

  static func due(
    lane: String, at now: Instant, limit: Int, in snapshot: Snapshot
  ) throws -> [Notice] {
    try snapshot.all(
      """
      SELECT id, place, event_type, root_kind, root_number, channel, origin, recipient,
        customer_code, locale, state, attempts, created_at, due_at, settled_at, version
      FROM notice AS n
      WHERE state = 'PENDING' AND lane = ? AND due_at <= ?
        AND NOT EXISTS (
          SELECT 1 FROM notice AS e
          WHERE e.state = 'PENDING' AND e.recipient = n.recipient
            AND e.root_number = n.root_number AND e.id < n.id)
      ORDER BY due_at, id LIMIT ?
      """, lane, now, limit, map: notice)
  }

  static func lanes(in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      """
      WITH RECURSIVE step (lane) AS (
        SELECT min(lane) FROM notice WHERE state = 'PENDING'
        UNION ALL
        SELECT (SELECT min(lane) FROM notice WHERE state = 'PENDING' AND lane > step.lane)
        FROM step WHERE step.lane IS NOT NULL
      )
      SELECT lane FROM step WHERE lane IS NOT NULL
      """
    ) { $0.text(0) }
  }

  static func nextDue(in snapshot: Snapshot) throws -> Instant? {
    try snapshot.first("SELECT min(due_at) FROM notice WHERE state = 'PENDING'") {
      $0.optionalInstant(0)
    } ?? nil
  }

  static func count(_ state: NoticeState, in snapshot: Snapshot) throws -> Int {
    try snapshot.first("SELECT count(*) FROM notice WHERE state = ?", state) { $0.int(0) } ?? 0
  }

  // MARK: Changes

  /// `error` is sealed.
  static func update(_ notice: Notice, error: String?, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE notice SET state = ?, attempts = ?, due_at = ?, settled_at = ?, version = ?,
        last_error = coalesce(?, last_error)
      WHERE id = ?
      """, notice.state, notice.attempts, notice.dueAt, notice.settledAt, notice.version, error,
      notice.id)
  }

  static func suppressPending(about customer: String, at now: Instant, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE notice SET state = 'SUPPRESSED', settled_at = ?, version = version + 1
      WHERE customer_code = ? AND state = 'PENDING' AND channel <> 'WEBHOOK'
      """, now, customer)
  }

  private static func notice(_ row: Row) throws -> Notice {
    Notice(
      id: row.id(0), place: row.int64(1), eventType: row.text(2),
      root: DocumentReference(try row.value(3), row.text(4)), channel: try row.value(5),
      origin: row.text(6), recipient: row.text(7), customerCode: row.text(8), locale: row.text(9),
      state: try row.value(10), attempts: row.int(11), createdAt: row.instant(12),
      dueAt: row.instant(13), settledAt: row.optionalInstant(14), version: row.int64(15))
  }
}

/// All SQL of `notice_feed`, one row: how far the log of events has been told.
enum NoticeFeedTable {
  static func place(in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first("SELECT place FROM notice_feed WHERE id = 1") { $0.int64(0) } ?? 0
  }

  static func advance(to place: Int64, in tx: Transaction) throws {
    try tx.execute("UPDATE notice_feed SET place = ? WHERE id = 1 AND place < ?", place, place)
  }
}
