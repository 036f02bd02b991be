import Storage
import Values

/// All SQL of `customer_address`.
enum AddressTable {
  static func find(
    _ id: ID<Address>, of customer: ID<Customer>, in snapshot: Snapshot
  ) throws -> Address? {
    try snapshot.first(
      """
      SELECT id, label, country_code, region_code, street, postcode, floor, has_lift, contact_id,
        is_delivery_default, is_invoice_default, is_retired, version
      FROM customer_address WHERE id = ? AND customer_id = ?
      """, id, customer, map: address)
  }

  /// Never more than `Address.limit`, unless customers were merged.
  static func list(of customer: ID<Customer>, in snapshot: Snapshot) throws -> [Address] {
    try snapshot.all(
      """
      SELECT id, label, country_code, region_code, street, postcode, floor, has_lift, contact_id,
        is_delivery_default, is_invoice_default, is_retired, version
      FROM customer_address WHERE customer_id = ?
      ORDER BY is_retired, is_delivery_default DESC, id LIMIT 1000
      """, customer, map: address)
  }

  static func count(of customer: ID<Customer>, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      "SELECT count(*) FROM customer_address WHERE customer_id = ?", customer
    ) { $0.int(0) } ?? 0
  }

  static func insert(_ address: Address, of customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer_address (id, customer_id, label, country_code, region_code, street,
        postcode, floor, has_lift, contact_id, is_delivery_default, is_invoice_default, is_retired,
        version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      """, address.id, customer, address.label, address.region.country, address.region.code,
      address.street, address.postcode, address.floor, address.hasLift, address.contact,
      address.isDeliveryDefault, address.isInvoiceDefault, address.isRetired)
  }

  static func update(_ address: Address, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE customer_address
      SET label = ?, country_code = ?, region_code = ?, street = ?, postcode = ?, floor = ?,
        has_lift = ?, contact_id = ?, is_delivery_default = ?, is_invoice_default = ?,
        is_retired = ?, version = ?
      WHERE id = ?
      """, address.label, address.region.country, address.region.code, address.street,
      address.postcode, address.floor, address.hasLift, address.contact,
      address.isDeliveryDefault, address.isInvoiceDefault, address.isRetired, address.version,
      address.id)
  }

  /// What is to be the default is the only one.
  static func makeRoom(
    for address: Address, of customer: ID<Customer>, in tx: Transaction
  ) throws {
    if address.isDeliveryDefault {
      try tx.execute(
        """
        UPDATE customer_address SET is_delivery_default = 0
        WHERE customer_id = ? AND is_delivery_default = 1
        """, customer)
    }
    if address.isInvoiceDefault {
      try tx.execute(
        """
        UPDATE customer_address SET is_invoice_default = 0
        WHERE customer_id = ? AND is_invoice_default = 1
        """, customer)
    }
  }

  /// Nobody in particular takes goods where the contact did.
  static func forget(_ contact: ID<Contact>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE customer_address SET contact_id = NULL WHERE contact_id = ?", contact)
  }

  static func remove(_ id: ID<Address>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM customer_address WHERE id = ?", id)
  }

  static func removeAll(of customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM customer_address WHERE customer_id = ?", customer)
  }

  /// One customer's are another's; what is that one's default stays it.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE customer_address SET is_delivery_default = 0
      WHERE customer_id = ? AND is_delivery_default = 1 AND EXISTS (
        SELECT 1 FROM customer_address AS k WHERE k.customer_id = ? AND k.is_delivery_default = 1)
      """, from, customer)
    try tx.execute(
      """
      UPDATE customer_address SET is_invoice_default = 0
      WHERE customer_id = ? AND is_invoice_default = 1 AND EXISTS (
        SELECT 1 FROM customer_address AS k WHERE k.customer_id = ? AND k.is_invoice_default = 1)
      """, from, customer)
    try tx.execute(
      "UPDATE customer_address SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  private static func address(_ row: Row) -> Address {
    Address(
      id: row.id(0), label: row.text(1),
      region: Region(country: row.text(2), code: row.text(3)), street: row.text(4),
      postcode: row.text(5), floor: row.int(6), hasLift: row.bool(7), contact: row.optionalID(8),
      isDeliveryDefault: row.bool(9), isInvoiceDefault: row.bool(10), isRetired: row.bool(11),
      version: row.int64(12))
  }
}
