package import Storage
package import Values

/// A number that stands for one unit of one product.
package struct Barcode: Hashable, Sendable {
  package let gtin: GTIN
  package let product: ID<Product>
  package let sku: String
  /// Of the product; its base unit, too.
  package let unit: String
  /// It stands for nothing any more, and may be given to something else.
  package let isRetired: Bool
}

/// A barcode as a caller wants it to be, named by its number.
package struct BarcodeDraft: BatchRow {
  package var barcode: String
  package var sku: String
  /// Empty for the base unit.
  package var unit: String
  package var isRetired: Bool

  package init(barcode: String, sku: String, unit: String = "", isRetired: Bool = false) {
    self.barcode = barcode
    self.sku = sku
    self.unit = unit
    self.isRetired = isRetired
  }

  package var malformed: [any Rejection] { [] }
  package var code: String { String(barcode.prefix(20)) }
  package static var codeField: String { "barcode" }
  /// However many zeros it begins with.
  package var identity: String { (try? GTIN(barcode))?.description ?? barcode }

  func barcode(at path: FieldPath, in snapshot: Snapshot) throws -> Barcode {
    var check = FieldCheck(path)
    var gtin: GTIN?
    if check.required(barcode.isEmpty ? nil : barcode, "barcode") != nil {
      do { gtin = try GTIN(barcode) } catch {
        check.refuse(
          ProductRejection.invalidBarcode(
            field: path.field("barcode"), given: code, why: "\(error)"))
      }
    }
    let product = try Products.find(sku: sku, in: snapshot)
    if product == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(field: path.field("sku"), sku: String(sku.prefix(60)))
          .ifNamed(sku))
    }
    if let product, !unit.isEmpty, unit != product.unit, product.pack(unit) == nil {
      check.refuse(product.refusal(ofUnit: unit, field: path.field("unit_code")))
    }
    try check.pass()
    guard let gtin, let product else {
      preconditionFailure("a row that passed its checks is complete")
    }
    return Barcode(
      gtin: gtin, product: product.id, sku: product.sku,
      unit: unit.isEmpty ? product.unit : unit, isRetired: isRetired)
  }
}

/// Says what barcodes stand for.
package struct UpsertBarcodes: Sendable {
  package let rows: [BarcodeDraft]

  package init(_ rows: [BarcodeDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "barcodes", in: tx) { draft, path in
      let barcode = try draft.barcode(at: path, in: tx)
      let stored = try BarcodeTable.find(barcode.gtin, in: tx)
      guard barcode != stored else { return .unchanged }
      if let stored, !stored.isRetired, stored.sku != barcode.sku || stored.unit != barcode.unit {
        throw ProductRejection.barcodeTaken(
          field: path.field("barcode"), barcode: stored.gtin.printed, sku: stored.sku,
          unit: stored.unit)
      }
      try BarcodeTable.upsert(barcode, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}

/// Questions about barcodes.
package enum Barcodes {
  /// No product shows more.
  package static let limit = 100

  /// Of a product, in the order of the number.
  package static func of(_ product: Product, in snapshot: Snapshot) throws -> [Barcode] {
    try BarcodeTable.list(of: product.id, limit: limit, in: snapshot)
  }
}

/// All SQL of `product_barcode`.
enum BarcodeTable {
  static func find(_ gtin: GTIN, in snapshot: Snapshot) throws -> Barcode? {
    try snapshot.first(
      """
      SELECT b.gtin, b.product_id, p.sku, b.unit, b.is_retired
      FROM product_barcode AS b JOIN product AS p ON p.id = b.product_id WHERE b.gtin = ?
      """, gtin.description, map: barcode)
  }

  static func list(
    of product: ID<Product>, limit: Int, in snapshot: Snapshot
  ) throws -> [Barcode] {
    try snapshot.all(
      """
      SELECT b.gtin, b.product_id, p.sku, b.unit, b.is_retired
      FROM product_barcode AS b JOIN product AS p ON p.id = b.product_id
      WHERE b.product_id = ? ORDER BY b.gtin LIMIT ?
      """, product, limit, map: barcode)
  }

  static func upsert(_ barcode: Barcode, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO product_barcode (gtin, product_id, unit, is_retired) VALUES (?, ?, ?, ?)
      ON CONFLICT (gtin) DO UPDATE
      SET product_id = excluded.product_id, unit = excluded.unit,
        is_retired = excluded.is_retired
      """, barcode.gtin.description, barcode.product, barcode.unit, barcode.isRetired)
  }

  private static func barcode(_ row: Row) -> Barcode {
    Barcode(
      gtin: GTIN(stored: row.text(0)), product: row.id(1), sku: row.text(2), unit: row.text(3),
      isRetired: row.bool(4))
  }
}
