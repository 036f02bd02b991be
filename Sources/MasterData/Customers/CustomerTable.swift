import Storage
import Values

/// All SQL of `customer`.
enum CustomerTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> Customer? {
    let found = try snapshot.first(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version, owner, store_code, parent_code,
        group_limit_minor, trading_currency
      FROM customer WHERE code = ?
      """, code, map: customer)
    return try found ?? merged(code, in: snapshot).flatMap { try fetch($0, in: snapshot) }
  }

  /// Into which customer that of this code was merged.
  private static func merged(_ code: String, in snapshot: Snapshot) throws -> ID<Customer>? {
    try snapshot.first("SELECT customer_id FROM customer_alias WHERE code = ?", code) { $0.id(0) }
  }

  /// Codes that were merged into it.
  static func aliases(
    of customer: ID<Customer>, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      "SELECT code FROM customer_alias WHERE customer_id = ? ORDER BY code LIMIT 1000", customer
    ) { $0.text(0) }
  }

  /// Removes a customer whose documents are another's: its code, and those that were merged into
  /// it, are names of that one.
  static func replace(_ gone: Customer, by kept: Customer, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE customer_alias SET customer_id = ? WHERE customer_id = ?", kept.id, gone.id)
    try tx.execute(
      "INSERT INTO customer_alias (code, customer_id) VALUES (?, ?)", gone.code, kept.id)
    try ConfigurationDraftTable.give(allOf: gone.code, to: kept.code, in: tx)
    try PriceListTable.give(allOf: gone.code, to: kept.code, in: tx)
    try ContactTable.give(allOf: gone.id, to: kept.id, in: tx)
    try AddressTable.give(allOf: gone.id, to: kept.id, in: tx)
    try ConsentTable.give(allOf: gone.id, to: kept.id, in: tx)
    try CustomerTagTable.give(allOf: gone.code, to: kept.code, in: tx)
    try ExternalIDTable.give(allOf: gone.id, to: kept.id, in: tx)
    try tx.execute(
      "UPDATE customer SET parent_code = ? WHERE parent_code = ?", kept.code, gone.code)
    try tx.execute("DELETE FROM customer WHERE id = ?", gone.id)
    try SearchTermTable.replace(.customer, code: gone.code, terms: [], in: tx)
    try SearchTermTable.replace(
      .customer, code: kept.code, terms: try terms(kept, in: tx), in: tx)
  }

  static func fetch(_ id: ID<Customer>, in snapshot: Snapshot) throws -> Customer? {
    try snapshot.first(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version, owner, store_code, parent_code,
        group_limit_minor, trading_currency
      FROM customer WHERE id = ?
      """, id, map: customer)
  }

  /// Nil when there is none in scope.
  static func seen(_ code: String, in snapshot: Snapshot) throws -> Customer? {
    let found = try snapshot.first(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version, owner, store_code, parent_code,
        group_limit_minor, trading_currency
      FROM customer WHERE code = ? AND in_scope(owner, store_code)
      """, code, map: customer)
    if let found { return found }
    return try merged(code, in: snapshot).flatMap { id in
      try snapshot.first(
        """
        SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
          net_days, deposit_micros, price_list_code, version, owner, store_code, parent_code,
        group_limit_minor, trading_currency
        FROM customer WHERE id = ? AND in_scope(owner, store_code)
        """, id, map: customer)
    }
  }

  /// The lists: what is in scope, in the order of the code, from the one after `code` on.
  static func list(after code: String, limit: Int, in snapshot: Snapshot) throws -> [Customer] {
    try snapshot.all(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version, owner, store_code, parent_code,
        group_limit_minor, trading_currency
      FROM customer WHERE code > ? AND in_scope(owner, store_code) ORDER BY code LIMIT ?
      """, code, limit, map: customer)
  }

  /// `store` empty means any.
  static func list(
    owner: String, store: String, after code: String, limit: Int, in snapshot: Snapshot
  ) throws -> [Customer] {
    try snapshot.all(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version, owner, store_code, parent_code,
        group_limit_minor, trading_currency
      FROM customer
      WHERE owner = ? AND owner <> '' AND code > ? AND (? = '' OR store_code = ?)
        AND in_scope(owner, store_code)
      ORDER BY code LIMIT ?
      """, owner, code, store, store, limit, map: customer)
  }

  static func list(
    store: String, after code: String, limit: Int, in snapshot: Snapshot
  ) throws -> [Customer] {
    try snapshot.all(
      """
      SELECT id, code, name, customer_class, phone, address, credit_limit_minor, currency,
        net_days, deposit_micros, price_list_code, version, owner, store_code, parent_code,
        group_limit_minor, trading_currency
      FROM customer
      WHERE store_code = ? AND store_code <> '' AND code > ? AND in_scope(owner, store_code)
      ORDER BY code LIMIT ?
      """, store, code, limit, map: customer)
  }

  static func names(
    owner: String, limit: Int, in snapshot: Snapshot
  ) throws -> [(id: ID<Customer>, code: String)] {
    try snapshot.all(
      "SELECT id, code FROM customer WHERE owner = ? AND owner <> '' ORDER BY code LIMIT ?", owner,
      limit
    ) { ($0.id(0), $0.text(1)) }
  }

  static func names(
    store: String, limit: Int, in snapshot: Snapshot
  ) throws -> [(id: ID<Customer>, code: String)] {
    try snapshot.all(
      """
      SELECT id, code FROM customer WHERE store_code = ? AND store_code <> '' ORDER BY code LIMIT ?
      """, store, limit
    ) { ($0.id(0), $0.text(1)) }
  }

  /// `owner` and `store` empty mean any.
  static func search(
    prefix: String, byPhone: Bool, owner: String, store: String, after code: String, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Customer] {
    let (first, last) = SearchTermTable.range(of: prefix)
    return try snapshot.all(
      """
      SELECT c.id, c.code, c.name, c.customer_class, c.phone, c.address, c.credit_limit_minor,
        c.currency, c.net_days, c.deposit_micros, c.price_list_code, c.version, c.owner,
        c.store_code, c.parent_code, c.group_limit_minor, c.trading_currency
      FROM (
        SELECT DISTINCT t.code FROM search_term AS t JOIN customer AS o ON o.code = t.code
        WHERE t.subject = 'CUSTOMER' AND t.term >= ? AND t.term < ? AND t.code > ?
          AND (? OR t.term <> lower(o.phone) OR t.term = lower(o.name) OR t.term = lower(o.code))
          AND (? = '' OR o.owner = ?) AND (? = '' OR o.store_code = ?)
          AND in_scope(o.owner, o.store_code)
        ORDER BY t.code LIMIT ?
      ) AS found
      JOIN customer AS c ON c.code = found.code
      ORDER BY c.code
      """, first, last, code, byPhone, owner, owner, store, store, limit, map: customer)
  }

  /// Those who have the tag, found by it; the rest of the filter looks at what is found.
  static func list(
    tag: String, _ filter: Customers.Filter, byPhone: Bool, after code: String, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Customer] {
    let (first, last) = SearchTermTable.range(of: filter.prefix)
    return try snapshot.all(
      """
      SELECT c.id, c.code, c.name, c.customer_class, c.phone, c.address, c.credit_limit_minor,
        c.currency, c.net_days, c.deposit_micros, c.price_list_code, c.version, c.owner,
        c.store_code, c.parent_code, c.group_limit_minor, c.trading_currency
      FROM customer_tag AS g JOIN customer AS c ON c.code = g.customer_code
      WHERE g.tag = ? AND g.customer_code > ?
        AND (? = '' OR EXISTS (
          SELECT 1 FROM search_term AS t
          WHERE t.subject = 'CUSTOMER' AND t.code = c.code AND t.term >= ? AND t.term < ?
            AND (? OR t.term <> lower(c.phone) OR t.term = lower(c.name)
              OR t.term = lower(c.code))))
        AND (? = '' OR c.owner = ?) AND (? = '' OR c.store_code = ?)
        AND in_scope(c.owner, c.store_code)
      ORDER BY g.customer_code LIMIT ?
      """, tag, code, filter.prefix, first, last, byPhone, filter.owner, filter.owner,
      filter.storeCode, filter.storeCode, limit, map: customer)
  }

  /// Whether the groups above a customer lead back to it. Each is looked at once.
  static func isAboveItself(_ code: String, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      """
      WITH RECURSIVE above AS (
        SELECT parent_code AS code FROM customer WHERE code = ?
        UNION
        SELECT c.parent_code FROM above JOIN customer AS c ON c.code = above.code
      )
      SELECT 1 FROM above WHERE code = ? LIMIT 1
      """, code, code
    ) { _ in true } ?? false
  }

  static func isEmpty(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM customer LIMIT 1", map: { _ in true }) == nil
  }

  static func insert(_ customer: Customer, by writer: Writer, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer (code, name, customer_class, phone, address, credit_limit_minor,
        currency, net_days, deposit_micros, price_list_code, owner, store_code, parent_code,
        group_limit_minor, trading_currency, modified_at, modified_by_system, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      """, customer.code, customer.name, customer.customerClass, customer.phone, customer.address,
      customer.creditLimit.minor, customer.creditLimit.currency, customer.terms.netDays,
      customer.terms.deposit, customer.priceList, customer.owner, customer.storeCode,
      customer.parentCode, customer.groupLimit?.minor, tradingCurrency(customer),
      writer.at, writer.system)
    try SearchTermTable.insert(.customer, code: customer.code, terms: terms(customer), in: tx)
  }

  /// Writes what may change and counts the version up. Without a writer it is nothing that other
  /// systems have.
  static func update(
    _ customer: Customer, from stored: Customer, by writer: Writer? = nil, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE customer SET name = ?, customer_class = ?, phone = ?, address = ?,
        credit_limit_minor = ?, currency = ?, net_days = ?, deposit_micros = ?,
        price_list_code = ?, owner = ?, store_code = ?, parent_code = ?, group_limit_minor = ?,
        trading_currency = ?, modified_at = COALESCE(?, modified_at),
        modified_by_system = COALESCE(?, modified_by_system), version = version + 1
      WHERE id = ?
      """, customer.name, customer.customerClass, customer.phone, customer.address,
      customer.creditLimit.minor, customer.creditLimit.currency, customer.terms.netDays,
      customer.terms.deposit, customer.priceList, customer.owner, customer.storeCode,
      customer.parentCode, customer.groupLimit?.minor, tradingCurrency(customer),
      writer?.at, writer?.system, customer.id)
    if terms(customer) != terms(stored) {
      try SearchTermTable.replace(
        .customer, code: customer.code, terms: try terms(customer, in: tx), in: tx)
    }
  }

  /// Takes out what is about the person, and counts the version up.
  static func erase(_ customer: Customer, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE customer SET name = '', phone = '', address = '', version = version + 1 WHERE id = ?",
      customer.id)
    try AddressTable.removeAll(of: customer.id, in: tx)
    try ContactTable.removeAll(of: customer.id, in: tx)
    try ConsentTable.erase(customer.id, in: tx)
    try CustomerTagTable.removeAll(of: customer.code, in: tx)
    let codes = [customer.code] + (try aliases(of: customer.id, in: tx))
    try SearchTermTable.replace(
      .customer, code: customer.code, terms: SearchTermTable.terms(codes), in: tx)
  }

  /// Of all customers.
  static func insertTerms(in tx: Transaction) throws {
    try tx.forEach("SELECT id FROM customer ORDER BY id") { row in
      guard let customer = try fetch(row.id(0), in: tx) else { return }
      try SearchTermTable.insert(
        .customer, code: customer.code, terms: try terms(customer, in: tx), in: tx)
    }
  }

  /// With the codes that were merged into it.
  private static func terms(
    _ customer: Customer, in snapshot: Snapshot
  ) throws -> Set<String> {
    let aliases = try aliases(of: customer.id, in: snapshot)
    return terms(customer).union(SearchTermTable.terms(aliases))
  }

  private static func terms(_ customer: Customer) -> Set<String> {
    SearchTermTable.terms([customer.code, customer.name, customer.phone])
  }

  /// Nil for that of the books.
  private static func tradingCurrency(_ customer: Customer) -> Currency? {
    customer.currency == customer.baseCurrency ? nil : customer.currency
  }

  private static func customer(_ row: Row) -> Customer {
    Customer(
      id: row.id(0), code: row.text(1), name: row.text(2), customerClass: row.text(3),
      phone: row.text(4), address: row.text(5), creditLimit: row.money(6, 7),
      terms: PaymentTerms(netDays: row.int(8), deposit: row.rate(9)),
      currency: row.currency(row.isNull(16) ? 7 : 16), priceList: row.optionalText(10),
      version: row.int64(11), owner: row.text(12),
      storeCode: row.text(13), parentCode: row.optionalText(14),
      groupLimit: row.optionalMoney(15, 7))
  }
}
