import Storage
import Values

/// All SQL of `customer`.
enum CustomerTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> Customer? {
    try snapshot.first(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version
      FROM customer WHERE code = ?
      """, code, map: customer)
  }

  static func fetch(_ id: ID<Customer>, in snapshot: Snapshot) throws -> Customer? {
    try snapshot.first(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version
      FROM customer WHERE id = ?
      """, id, map: customer)
  }

  static func list(after code: String, limit: Int, in snapshot: Snapshot) throws -> [Customer] {
    try snapshot.all(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version
      FROM customer WHERE code > ? ORDER BY code LIMIT ?
      """, code, limit, map: customer)
  }

  static func search(
    prefix: String, byPhone: Bool, after code: String, limit: Int, in snapshot: Snapshot
  ) throws -> [Customer] {
    let (first, last) = SearchTermTable.range(of: prefix)
    return try snapshot.all(
      """
      SELECT c.id, c.code, c.name, c.customer_class, c.phone, c.address, c.credit_limit_minor,
        c.currency, c.net_days, c.deposit_micros, c.price_list_code, c.version
      FROM (
        SELECT DISTINCT t.code FROM search_term AS t JOIN customer AS o ON o.code = t.code
        WHERE t.subject = 'CUSTOMER' AND t.term >= ? AND t.term < ? AND t.code > ?
          AND (? OR t.term <> lower(o.phone) OR t.term = lower(o.name) OR t.term = lower(o.code))
        ORDER BY t.code LIMIT ?
      ) AS found
      JOIN customer AS c ON c.code = found.code
      ORDER BY c.code
      """, first, last, code, byPhone, limit, map: customer)
  }

  static func isEmpty(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM customer LIMIT 1", map: { _ in true }) == nil
  }

  static func insert(_ customer: Customer, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer (code, name, customer_class, phone, address, credit_limit_minor,
        currency, net_days, deposit_micros, price_list_code, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      """, customer.code, customer.name, customer.customerClass, customer.phone, customer.address,
      customer.creditLimit.minor, customer.creditLimit.currency, customer.terms.netDays,
      customer.terms.deposit, customer.priceList)
    try SearchTermTable.insert(.customer, code: customer.code, terms: terms(customer), in: tx)
  }

  /// Writes what may change and counts the version up.
  static func update(_ customer: Customer, from stored: Customer, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE customer SET name = ?, customer_class = ?, phone = ?, address = ?,
        credit_limit_minor = ?, currency = ?, net_days = ?, deposit_micros = ?,
        price_list_code = ?, version = version + 1
      WHERE id = ?
      """, customer.name, customer.customerClass, customer.phone, customer.address,
      customer.creditLimit.minor, customer.creditLimit.currency, customer.terms.netDays,
      customer.terms.deposit, customer.priceList, customer.id)
    if terms(customer) != terms(stored) {
      try SearchTermTable.replace(.customer, code: customer.code, terms: terms(customer), in: tx)
    }
  }

  /// Takes out what is about the person, and counts the version up.
  static func erase(_ customer: Customer, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE customer SET name = '', phone = '', address = '', version = version + 1 WHERE id = ?",
      customer.id)
    try SearchTermTable.replace(
      .customer, code: customer.code, terms: SearchTermTable.terms([customer.code]), in: tx)
  }

  private static func terms(_ customer: Customer) -> Set<String> {
    SearchTermTable.terms([customer.code, customer.name, customer.phone])
  }

  private static func customer(_ row: Row) -> Customer {
    Customer(
      id: row.id(0), code: row.text(1), name: row.text(2), customerClass: row.text(3),
      phone: row.text(4), address: row.text(5), creditLimit: row.money(6, 7),
      terms: PaymentTerms(netDays: row.int(8), deposit: row.rate(9)),
      priceList: row.optionalText(10), version: row.int64(11))
  }
}
