import Storage
import Values

/// All SQL of `customer_contact`.
enum ContactTable {
  static func find(
    _ id: ID<Contact>, of customer: ID<Customer>, in snapshot: Snapshot
  ) throws -> Contact? {
    try snapshot.first(
      """
      SELECT id, role, name, phone, email, is_preferred, version
      FROM customer_contact WHERE id = ? AND customer_id = ?
      """, id, customer, map: contact)
  }

  /// Never more than `Contact.limit`, unless customers were merged.
  static func list(of customer: ID<Customer>, in snapshot: Snapshot) throws -> [Contact] {
    try snapshot.all(
      """
      SELECT id, role, name, phone, email, is_preferred, version
      FROM customer_contact WHERE customer_id = ? ORDER BY is_preferred DESC, id LIMIT 1000
      """, customer, map: contact)
  }

  static func count(of customer: ID<Customer>, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      "SELECT count(*) FROM customer_contact WHERE customer_id = ?", customer
    ) { $0.int(0) } ?? 0
  }

  static func insert(_ contact: Contact, of customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer_contact (id, customer_id, role, name, phone, email, is_preferred,
        version)
      VALUES (?, ?, ?, ?, ?, ?, ?, 1)
      """, contact.id, customer, contact.role, contact.name, contact.phone, contact.email,
      contact.isPreferred)
  }

  static func update(_ contact: Contact, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE customer_contact
      SET role = ?, name = ?, phone = ?, email = ?, is_preferred = ?, version = ?
      WHERE id = ?
      """, contact.role, contact.name, contact.phone, contact.email, contact.isPreferred,
      contact.version, contact.id)
  }

  static func preferNobody(
    as role: Contact.Role, of customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE customer_contact SET is_preferred = 0
      WHERE customer_id = ? AND role = ? AND is_preferred = 1
      """, customer, role)
  }

  static func remove(_ id: ID<Contact>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM customer_contact WHERE id = ?", id)
  }

  static func removeAll(of customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM customer_contact WHERE customer_id = ?", customer)
  }

  /// One customer's are another's; whom that one asks first stays first.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE customer_contact SET is_preferred = 0
      WHERE customer_id = ? AND is_preferred = 1 AND role IN (
        SELECT k.role FROM customer_contact AS k WHERE k.customer_id = ? AND k.is_preferred = 1)
      """, from, customer)
    try tx.execute(
      "UPDATE customer_contact SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  private static func contact(_ row: Row) throws -> Contact {
    Contact(
      id: row.id(0), role: try row.value(1), name: row.text(2), phone: row.text(3),
      email: row.text(4), isPreferred: row.bool(5), version: row.int64(6))
  }
}

/// All SQL of `customer_part_number`, one row: contacts and addresses are removed, and a caller may
/// still hold their number, which nobody gets again.
enum CustomerPartNumbers {
  static func next(in tx: Transaction) throws -> Int64 {
    try tx.execute("UPDATE customer_part_number SET last = last + 1 WHERE id = 1")
    return try tx.first("SELECT last FROM customer_part_number WHERE id = 1") { $0.int64(0) } ?? 0
  }
}
