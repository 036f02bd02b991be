import Storage
import Values

/// All SQL of `external_id`.
enum ExternalIDTable {
  static func find(
    _ kind: ExternalLink.Kind, _ text: String, in snapshot: Snapshot
  ) throws -> ExternalLink? {
    try snapshot.first(
      """
      SELECT e.id, e.kind, e.external_id, e.customer_id, c.code, e.part_id, e.modified_at
      FROM external_id AS e JOIN customer AS c ON c.id = e.customer_id
      WHERE e.external_id = ? AND e.kind = ? AND e.is_removed = 0
      """, text, kind, map: link)
  }

  static func list(
    _ prefix: String, after key: (text: String, id: ID<ExternalLink>)?, limit: Int,
    in snapshot: Snapshot
  ) throws -> [ExternalLink] {
    let text = max(key?.text ?? "", prefix)
    return try snapshot.all(
      """
      SELECT e.id, e.kind, e.external_id, e.customer_id, c.code, e.part_id, e.modified_at
      FROM external_id AS e JOIN customer AS c ON c.id = e.customer_id
      WHERE e.is_removed = 0 AND e.external_id >= ? AND e.external_id < ?
        AND (e.external_id > ? OR e.id > ?) AND in_scope(c.owner, c.store_code)
      ORDER BY e.external_id, e.id LIMIT ?
      """, text, prefix + "\u{10FFFF}", text, key?.id ?? ID(0), limit, map: link)
  }

  static func list(
    of customer: ID<Customer>, _ prefix: String,
    after key: (text: String, id: ID<ExternalLink>)?, limit: Int, in snapshot: Snapshot
  ) throws -> [ExternalLink] {
    let text = max(key?.text ?? "", prefix)
    return try snapshot.all(
      """
      SELECT e.id, e.kind, e.external_id, e.customer_id, c.code, e.part_id, e.modified_at
      FROM external_id AS e JOIN customer AS c ON c.id = e.customer_id
      WHERE e.customer_id = ? AND e.is_removed = 0
        AND e.external_id >= ? AND e.external_id < ? AND (e.external_id > ? OR e.id > ?)
      ORDER BY e.external_id, e.id LIMIT ?
      """, customer, text, prefix + "\u{10FFFF}", text, key?.id ?? ID(0), limit, map: link)
  }

  /// Also those that were taken away.
  static func all(of customer: ID<Customer>, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      """
      SELECT DISTINCT external_id FROM external_id
      WHERE customer_id = ? AND kind = 'CUSTOMER' ORDER BY external_id
      """, customer
    ) { $0.text(0) }
  }

  /// The part is another one where what the id named is gone.
  static func set(
    _ kind: ExternalLink.Kind, _ text: String, of customer: ID<Customer>, part: Int64?,
    at modified: Instant, in tx: Transaction
  ) throws {
    let changed = try tx.execute(
      """
      UPDATE external_id SET part_id = ?, modified_at = ?
      WHERE external_id = ? AND kind = ? AND is_removed = 0
      """, part, modified, text, kind)
    guard changed == 0 else { return }
    try tx.execute(
      """
      INSERT INTO external_id
        (kind, external_id, customer_id, part_id, modified_at, is_removed)
      VALUES (?, ?, ?, ?, ?, 0)
      """, kind, text, customer, part, modified)
  }

  /// A contact or an address; nobody is forgotten under it.
  static func remove(_ link: ExternalLink, in tx: Transaction) throws {
    try tx.execute("DELETE FROM external_id WHERE id = ?", link.id)
  }

  /// A customer, with its contacts and addresses of the system.
  static func remove(
    _ link: ExternalLink, of system: String, in tx: Transaction
  ) throws {
    try tx.execute("UPDATE external_id SET is_removed = 1 WHERE id = ?", link.id)
    try tx.execute(
      """
      DELETE FROM external_id
      WHERE customer_id = ? AND kind <> 'CUSTOMER' AND external_id >= ? AND external_id < ?
        AND NOT EXISTS (
          SELECT 1 FROM external_id AS o
          WHERE o.customer_id = ? AND o.kind = 'CUSTOMER' AND o.is_removed = 0
            AND o.external_id >= ? AND o.external_id < ?)
      """, link.customer, system + ":", system + ";", link.customer, system + ":", system + ";")
  }

  /// One customer's are another's.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE external_id SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  static func erase(_ customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM external_id WHERE customer_id = ?", customer)
  }

  private static func link(_ row: Row) throws -> ExternalLink {
    ExternalLink(
      id: row.id(0), kind: try row.value(1), externalID: row.text(2), customer: row.id(3),
      customerCode: row.text(4), part: row.optionalInt64(5), modifiedAt: row.instant(6))
  }
}

/// Who wrote a customer last: `customer.modified_at` and `customer.modified_by_system`.
enum CustomerWriterTable {
  static func last(of customer: ID<Customer>, in snapshot: Snapshot) throws -> Writer {
    try snapshot.first(
      "SELECT modified_at, modified_by_system FROM customer WHERE id = ?", customer
    ) { Writer(at: $0.instant(0), system: $0.text(1)) }
      ?? Writer(at: Instant(microseconds: 0), system: "")
  }

  static func set(_ writer: Writer, of customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE customer SET modified_at = ?, modified_by_system = ? WHERE id = ?", writer.at,
      writer.system, customer)
  }
}
