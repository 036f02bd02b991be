import MasterData
import Storage
import Values

/// All SQL of `quote` and `quote_revision`. A quote is in scope when its customer is, or for who
/// wrote it.
enum QuoteTable {
  static func insert(_ quote: Quote, in tx: Transaction) throws -> ID<Quote> {
    try tx.insert(
      """
      INSERT INTO quote (number, version, state, customer_code, customer_name, currency,
        gross_minor, revisions, valid_until, reason_code, comment, created_by, created_at,
        created_on, opportunity_number)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, quote.number, quote.version, quote.storedState, quote.customerCode, quote.customerName,
      quote.gross.currency, quote.gross.minor, quote.revisions, quote.validUntil,
      quote.reasonCode, quote.comment, quote.createdBy, quote.createdAt, quote.createdOn,
      quote.opportunityNumber)
  }

  /// Writes what can change, and counts the version up.
  static func update(_ quote: Quote, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE quote SET state = ?, gross_minor = ?, revisions = ?, valid_until = ?, won_variant = ?,
        order_number = ?, reason_code = ?, comment = ?, decided_on = ?,
        opportunity_number = ?, version = version + 1
      WHERE id = ?
      """, quote.storedState, quote.gross.minor, quote.revisions, quote.validUntil,
      quote.wonVariant, quote.orderNumber, quote.reasonCode, quote.comment, quote.decidedOn,
      quote.opportunityNumber, quote.id)
  }

  /// Closes some of those in scope that expired before a day, the earliest first. Returns their
  /// numbers.
  static func lapse(
    before day: Day, on today: Day, limit: Int, in tx: Transaction
  ) throws -> [String] {
    let numbers = try tx.all(
      """
      SELECT number FROM quote
      WHERE state = 'OPEN' AND valid_until < ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = quote.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY valid_until, id LIMIT ?
      """, day, limit
    ) { $0.text(0) }
    for number in numbers {
      try tx.execute(
        """
        UPDATE quote SET state = 'LAPSED', decided_on = ?, version = version + 1 WHERE number = ?
        """, today, number)
    }
    return numbers
  }

  /// A customer's quotes are another's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE quote SET customer_code = ?, version = version + 1 WHERE customer_code = ?",
      customer, from)
  }

  /// Takes out of a customer's quotes what may be about a person. Returns their numbers.
  static func erasePeople(of customer: String, in tx: Transaction) throws -> [String] {
    try tx.execute(
      """
      UPDATE quote_line SET note = '', instructions = NULL
      WHERE quote_id IN (SELECT id FROM quote WHERE customer_code = ?)
        AND (note <> '' OR instructions IS NOT NULL)
      """, customer)
    try tx.execute(
      """
      UPDATE quote_variant SET note = '', instructions = NULL
      WHERE quote_id IN (SELECT id FROM quote WHERE customer_code = ?)
        AND (note <> '' OR instructions IS NOT NULL)
      """, customer)
    try tx.execute(
      """
      UPDATE quote_revision SET note = ''
      WHERE quote_id IN (SELECT id FROM quote WHERE customer_code = ?) AND note <> ''
      """, customer)
    return try tx.all(
      """
      UPDATE quote SET customer_name = '', comment = '' WHERE customer_code = ? RETURNING number
      """, customer
    ) { $0.text(0) }
  }

  // MARK: Questions

  static func find(_ number: String, in snapshot: Snapshot) throws -> Quote? {
    try snapshot.first(
      """
      SELECT id, number, version, state, customer_code, customer_name, currency, gross_minor,
        revisions, valid_until, won_variant, order_number, reason_code, comment, created_by,
        created_at, created_on, decided_on, opportunity_number
      FROM quote
      WHERE number = ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = quote.customer_code AND in_scope(c.owner, c.store_code)))
      """, number, map: quote)
  }

  /// The newest first.
  static func all(_ range: Quotes.Range, in snapshot: Snapshot) throws -> [Quote] {
    try snapshot.all(
      """
      SELECT id, number, version, state, customer_code, customer_name, currency, gross_minor,
        revisions, valid_until, won_variant, order_number, reason_code, comment, created_by,
        created_at, created_on, decided_on, opportunity_number
      FROM quote
      WHERE id < ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = quote.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY id DESC LIMIT ?
      """, range.before, range.limit, map: quote)
  }

  static func ofCustomer(
    _ customer: String, _ range: Quotes.Range, in snapshot: Snapshot
  ) throws -> [Quote] {
    try snapshot.all(
      """
      SELECT id, number, version, state, customer_code, customer_name, currency, gross_minor,
        revisions, valid_until, won_variant, order_number, reason_code, comment, created_by,
        created_at, created_on, decided_on, opportunity_number
      FROM quote
      WHERE customer_code = ? AND id < ? AND (? IS NULL OR state = ?)
        AND valid_until BETWEEN ? AND ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = quote.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY id DESC LIMIT ?
      """, customer, range.before, range.state, range.state, range.validFrom, range.validUntil,
      range.limit, map: quote)
  }

  static func inState(
    _ state: QuoteState, _ range: Quotes.Range, in snapshot: Snapshot
  ) throws -> [Quote] {
    try snapshot.all(
      """
      SELECT id, number, version, state, customer_code, customer_name, currency, gross_minor,
        revisions, valid_until, won_variant, order_number, reason_code, comment, created_by,
        created_at, created_on, decided_on, opportunity_number
      FROM quote
      WHERE state = ? AND id < ? AND valid_until BETWEEN ? AND ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = quote.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY id DESC LIMIT ?
      """, state, range.before, range.validFrom, range.validUntil, range.limit, map: quote)
  }

  // MARK: Of an opportunity

  /// Those in scope, the newest first.
  static func ofOpportunity(_ number: String, in snapshot: Snapshot) throws -> [Quote] {
    try snapshot.all(
      """
      SELECT id, number, version, state, customer_code, customer_name, currency, gross_minor,
        revisions, valid_until, won_variant, order_number, reason_code, comment, created_by,
        created_at, created_on, decided_on, opportunity_number
      FROM quote
      WHERE opportunity_number = ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = quote.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY id DESC LIMIT 100
      """, number, map: quote)
  }

  /// Whatever the scope: those that are open or expired.
  static func undecided(ofOpportunity number: String, in snapshot: Snapshot) throws -> [Quote] {
    try snapshot.all(
      """
      SELECT id, number, version, state, customer_code, customer_name, currency, gross_minor,
        revisions, valid_until, won_variant, order_number, reason_code, comment, created_by,
        created_at, created_on, decided_on, opportunity_number
      FROM quote WHERE opportunity_number = ? AND state = 'OPEN' ORDER BY id
      """, number, map: quote)
  }

  static func hasAny(ofOpportunity number: String, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM quote WHERE opportunity_number = ? LIMIT 1", number
    ) { _ in true } ?? false
  }

  private static func quote(_ row: Row) throws -> Quote {
    Quote(
      id: row.id(0), number: row.text(1), version: row.int64(2), storedState: try row.value(3),
      customerCode: row.text(4), customerName: row.text(5), gross: row.money(7, 6),
      revisions: row.int(8), validUntil: row.day(9), wonVariant: row.optionalInt(10),
      orderNumber: row.optionalText(11), reasonCode: row.text(12), comment: row.text(13),
      createdBy: row.text(14), createdAt: row.instant(15), createdOn: row.day(16),
      decidedOn: row.optionalDay(17), opportunityNumber: row.optionalText(18))
  }

  // MARK: Revisions

  static func insert(
    _ revision: QuoteRevision, of quote: ID<Quote>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO quote_revision
        (quote_id, revision, valid_until, note, created_by, created_roles, created_at, created_on)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, quote, revision.revision, revision.validUntil, revision.note, revision.createdBy,
      revision.roles.sorted().joined(separator: " "), revision.createdAt, revision.createdOn)
  }

  /// All of a quote without their variants, oldest first; never more than `ReviseQuote.limit`.
  static func revisions(of quote: ID<Quote>, in snapshot: Snapshot) throws -> [QuoteRevision] {
    try snapshot.all(
      """
      SELECT revision, valid_until, note, created_by, created_roles, created_at, created_on
      FROM quote_revision WHERE quote_id = ? ORDER BY revision
      """, quote, map: revision)
  }

  /// One without its variants.
  static func revision(
    _ number: Int, of quote: ID<Quote>, in snapshot: Snapshot
  ) throws -> QuoteRevision? {
    try snapshot.first(
      """
      SELECT revision, valid_until, note, created_by, created_roles, created_at, created_on
      FROM quote_revision WHERE quote_id = ? AND revision = ?
      """, quote, number, map: revision)
  }

  /// The revision that an order came of, without its variants; nil where there was no quote. What
  /// the caller may see does not matter.
  static func wonRevision(
    ofOrder order: String, in snapshot: Snapshot
  ) throws -> QuoteRevision? {
    try snapshot.first(
      """
      SELECT r.revision, r.valid_until, r.note, r.created_by, r.created_roles, r.created_at,
        r.created_on
      FROM quote AS q JOIN quote_revision AS r ON r.quote_id = q.id AND r.revision = q.revisions
      WHERE q.order_number = ?
      """, order, map: revision)
  }

  private static func revision(_ row: Row) throws -> QuoteRevision {
    QuoteRevision(
      revision: row.int(0), validUntil: row.day(1), note: row.text(2), createdBy: row.text(3),
      roles: Set(row.text(4).split(separator: " ").map(String.init)), createdAt: row.instant(5),
      createdOn: row.day(6), variants: [])
  }
}

extension QuoteState: Bindable {}
