import Storage
import Values

/// All SQL of `price_list`.
enum PriceListTable {
  private static let knownContractors = LookupCache<OnlyKey, Set<String>>()

  /// Codes of all customers that have a list by contract.
  static func contractors(in snapshot: Snapshot) throws -> Set<String> {
    try snapshot.lookUp(in: knownContractors) {
      Set(
        try snapshot.all(
          "SELECT DISTINCT customer_code FROM price_list WHERE customer_code IS NOT NULL"
        ) { $0.text(0) })
    }
  }

  static func find(_ code: String, in snapshot: Snapshot) throws -> PriceList? {
    try snapshot.first(
      """
      SELECT id, code, name, customer_class, customer_code, channel, priority, breaks,
        across_lines, tax_included, currency
      FROM price_list WHERE code = ?
      """, code
    ) { row in
      PriceList(
        id: row.id(0), code: row.text(1), name: row.text(2), customerClass: row.optionalText(3),
        customerCode: row.optionalText(4), channel: try row.optionalValue(5),
        priority: row.int(6), breaks: try row.value(7), countsAcrossLines: row.bool(8),
        isTaxIncluded: row.bool(9), currency: row.isNull(10) ? nil : row.currency(10))
    }
  }

  /// The contracts of one customer are another's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE price_list SET customer_code = ? WHERE customer_code = ?", customer, from)
  }

  static func insert(_ list: PriceList, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO price_list (code, name, customer_class, customer_code, channel, priority, breaks,
        across_lines, tax_included, currency)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, list.code, list.name, list.customerClass, list.customerCode, list.channel,
      list.priority, list.breaks, list.countsAcrossLines, list.isTaxIncluded, list.currency)
  }

  static func update(_ list: PriceList, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE price_list SET name = ?, customer_class = ?, customer_code = ?, channel = ?,
        priority = ?, breaks = ?, across_lines = ?, tax_included = ?, currency = ?
      WHERE id = ?
      """, list.name, list.customerClass, list.customerCode, list.channel, list.priority,
      list.breaks, list.countsAcrossLines, list.isTaxIncluded, list.currency, list.id)
  }
}

extension PriceBreaks: Bindable {}
extension Channel: Bindable {}
