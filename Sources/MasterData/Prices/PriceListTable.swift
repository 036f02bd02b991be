import Storage
import Values

/// All SQL of `price_list`.
enum PriceListTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> PriceList? {
    try snapshot.first(
      "SELECT id, code, name, customer_class, priority FROM price_list WHERE code = ?", code
    ) { row in
      PriceList(
        id: row.id(0), code: row.text(1), name: row.text(2), customerClass: row.optionalText(3),
        priority: row.int(4))
    }
  }

  static func insert(_ list: PriceList, in tx: Transaction) throws {
    try tx.execute(
      "INSERT INTO price_list (code, name, customer_class, priority) VALUES (?, ?, ?, ?)",
      list.code, list.name, list.customerClass, list.priority)
  }

  static func update(_ list: PriceList, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE price_list SET name = ?, customer_class = ?, priority = ? WHERE id = ?", list.name,
      list.customerClass, list.priority, list.id)
  }
}
