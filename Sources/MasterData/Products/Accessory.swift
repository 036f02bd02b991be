package import Storage
package import Values

/// A product that goes with another one.
package struct Accessory: Hashable, Sendable {
  package let product: ID<Product>
  package let sku: String
  package let accessory: ID<Product>
  package let accessorySKU: String
  /// The smaller is suggested first.
  package let rank: Int
  /// How it goes with it, for people.
  package let note: String
  /// It does not any more.
  package let isRetired: Bool
}

/// An accessory as a caller wants it to be, named by the two products.
package struct AccessoryDraft: BatchRow {
  package var sku: String
  package var accessorySKU: String
  package var rank: Int
  package var note: String
  package var isRetired: Bool

  package init(
    sku: String, accessorySKU: String, rank: Int, note: String = "", isRetired: Bool = false
  ) {
    self.sku = sku
    self.accessorySKU = accessorySKU
    self.rank = rank
    self.note = note
    self.isRetired = isRetired
  }

  package var malformed: [any Rejection] { [] }
  package var code: String { sku }
  package static var codeField: String { "sku" }
  /// Codes have no blanks, so the parts cannot run into each other.
  package var identity: String { "\(sku) \(accessorySKU)" }

  func accessory(at path: FieldPath, in snapshot: Snapshot) throws -> Accessory {
    var check = FieldCheck(path)
    let product = try Products.find(sku: sku, in: snapshot)
    let other = try Products.find(sku: accessorySKU, in: snapshot)
    for (found, given, name) in [(product, sku, "sku"), (other, accessorySKU, "accessory_sku")]
    where found == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(
          field: path.field(name), sku: String(given.prefix(60))
        ).ifNamed(given))
    }
    if let other, other.kind == .rawMaterial || other.id == product?.id {
      check.refuse(
        ProductRejection.noAccessory(field: path.field("accessory_sku"), sku: other.sku))
    }
    check.range(rank, "rank", 1...1_000)
    check.text(note, "note")
    try check.pass()
    guard let product, let other else {
      preconditionFailure("a row that passed its checks is complete")
    }
    return Accessory(
      product: product.id, sku: product.sku, accessory: other.id, accessorySKU: other.sku,
      rank: rank, note: note, isRetired: isRetired)
  }
}

/// Says what goes with products.
package struct UpsertAccessories: Sendable {
  package let rows: [AccessoryDraft]

  package init(_ rows: [AccessoryDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "accessories", in: tx) { draft, path in
      let accessory = try draft.accessory(at: path, in: tx)
      let stored = try AccessoryTable.find(accessory.product, accessory.accessory, in: tx)
      guard accessory != stored else { return .unchanged }
      try AccessoryTable.upsert(accessory, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}

/// Questions about what goes with what.
package enum Accessories {
  package static let limit = 100
  package static let basketLimit = 500

  /// Of a product, those suggested first in front.
  package static func of(_ product: Product, in snapshot: Snapshot) throws -> [Accessory] {
    try AccessoryTable.list(of: [product.id], limit: limit, in: snapshot)
  }

  /// What goes with the products of a basket, can be ordered on that day and is not in it: each
  /// once, with the first that it goes with.
  package static func suggested(
    for products: [Product], on day: Day, in snapshot: Snapshot
  ) throws -> [Accessory] {
    var known = Set(products.map(\.id))
    var found: [Accessory] = []
    let listed = try AccessoryTable.list(
      of: products.prefix(basketLimit).map(\.id), limit: 1_000, in: snapshot)
    for accessory in listed where !known.contains(accessory.accessory) {
      known.insert(accessory.accessory)
      let product = try Products.find(sku: accessory.accessorySKU, in: snapshot)
      switch product?.lifecycle?.phase(on: day) ?? .orderable {
      case .orderable, .whileStockLasts: found.append(accessory)
      case .notYetOrderable, .noLongerOrderable, .noLongerServed: continue
      }
      if found.count == limit { break }
    }
    return found
  }
}

/// All SQL of `product_accessory`.
enum AccessoryTable {
  /// Those that still hold of several products, those suggested first in front.
  static func list(
    of products: [ID<Product>], limit: Int, in snapshot: Snapshot
  ) throws -> [Accessory] {
    try snapshot.all(
      """
      SELECT a.product_id, a.sku, a.accessory_id, a.accessory_sku, a.rank, a.note, a.is_retired
      FROM json_each(?) AS wanted
      CROSS JOIN product_accessory AS a ON a.product_id = wanted.value
      WHERE a.is_retired = 0 ORDER BY a.rank, wanted.key, a.accessory_sku LIMIT ?
      """, ValueList(products), limit, map: accessory)
  }

  static func find(
    _ product: ID<Product>, _ accessory: ID<Product>, in snapshot: Snapshot
  ) throws -> Accessory? {
    try snapshot.first(
      """
      SELECT product_id, sku, accessory_id, accessory_sku, rank, note, is_retired
      FROM product_accessory WHERE product_id = ? AND accessory_id = ?
      """, product, accessory, map: self.accessory)
  }

  static func upsert(_ row: Accessory, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO product_accessory (product_id, sku, accessory_id, accessory_sku, rank, note,
        is_retired)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (product_id, accessory_id) DO UPDATE
      SET rank = excluded.rank, note = excluded.note, is_retired = excluded.is_retired
      """, row.product, row.sku, row.accessory, row.accessorySKU, row.rank, row.note,
      row.isRetired)
  }

  private static func accessory(_ row: Row) -> Accessory {
    Accessory(
      product: row.id(0), sku: row.text(1), accessory: row.id(2), accessorySKU: row.text(3),
      rank: row.int(4), note: row.text(5), isRetired: row.bool(6))
  }
}
