package import Storage
package import Values

/// Another unit that a product is counted in, beside the base unit in which its stock is kept: a
/// box of 6, a roll of 25 m. What it is never changes: a box that holds more is another unit.
package struct ProductUnit: Hashable, Sendable {
  package let code: String
  /// So much in the base unit is as much as `quantity` in this one: both together are the exact
  /// ratio (DOMAIN 5.0).
  package let base: Quantity
  package let quantity: Quantity
  /// Nothing can be asked for in it any more.
  package let isRetired: Bool

  package init(code: String, base: Quantity, quantity: Quantity, isRetired: Bool) {
    self.code = code
    self.base = base
    self.quantity = quantity
    self.isRetired = isRetired
  }

  /// How much `amount` of it is in the base unit; nil when that is no whole number of millionths,
  /// or too many.
  package func base(of amount: Quantity) -> Quantity? {
    exact(amount.micros, base.micros, dividedBy: quantity.micros).map { Quantity(micros: $0) }
  }

  /// What one base unit costs where one of this unit costs `price`; nil when that is no whole
  /// number of millionths.
  package func base(of price: UnitPrice) -> UnitPrice? {
    exact(price.micros, quantity.micros, dividedBy: base.micros).map {
      UnitPrice(micros: $0, currency: price.currency)
    }
  }

  private func exact(_ left: Int64, _ right: Int64, dividedBy divisor: Int64) -> Int64? {
    let (whole, rest) = (Int128(left) * Int128(right))
      .quotientAndRemainder(dividingBy: Int128(divisor))
    return rest == 0 ? Int64(exactly: whole) : nil
  }

  /// One of it is as much.
  func measures(as other: ProductUnit) -> Bool {
    Int128(base.micros) * Int128(other.quantity.micros)
      == Int128(other.base.micros) * Int128(quantity.micros)
  }
}

/// A unit as a caller wants it to be, named by product and code.
package struct ProductUnitDraft: BatchRow {
  package var sku: String
  package var unit: String
  package var base: Quantity?
  /// Nil for one.
  package var quantity: Quantity?
  package var isRetired: Bool

  package init(
    sku: String, unit: String, base: Quantity?, quantity: Quantity? = nil, isRetired: Bool = false
  ) {
    self.sku = sku
    self.unit = unit
    self.base = base
    self.quantity = quantity
    self.isRetired = isRetired
  }

  package var malformed: [any Rejection] { [] }
  package var code: String { sku }
  package static var codeField: String { "sku" }
  /// Codes have no blanks, so the parts cannot run into each other.
  package var identity: String { "\(sku) \(unit)" }

  /// A million of one for one of the other.
  private static let most = Quantity(micros: 1_000_000_000_000)
  /// No product has more.
  package static let limit = 20

  /// The unit of `product`, which has these.
  func unit(of product: Product?, at path: FieldPath) throws -> ProductUnit {
    var check = FieldCheck(path)
    if product == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(field: path.field("sku"), sku: String(sku.prefix(60)))
          .ifNamed(sku))
    }
    check.code(unit, "unit_code")
    if unit == product?.unit {
      check.refuse(ProductRejection.isBaseUnit(field: path.field("unit_code"), unit: unit))
    }
    let base = check.required(base, "base_quantity")
    let sizes = Quantity(micros: 1)...Self.most
    if let base { check.range(base, "base_quantity", sizes) }
    let quantity = quantity ?? .one
    check.range(quantity, "quantity", sizes)
    try check.pass()
    guard let product, let base else {
      preconditionFailure("a row that passed its checks is complete")
    }
    let unit = ProductUnit(code: unit, base: base, quantity: quantity, isRetired: isRetired)
    guard let stored = product.units.first(where: { $0.code == unit.code }) else {
      check.range(product.units.count + 1, "unit_code", 1...Self.limit)
      try check.pass()
      return unit
    }
    guard unit.measures(as: stored) else {
      throw MasterDataRejection.fixedOnceCreated(
        field: path.field("base_quantity"), code: "\(sku) \(unit.code)",
        stored: "\(stored.base) \(product.unit) for \(stored.quantity)",
        given: "\(base) \(product.unit) for \(quantity)")
    }
    // However it is said: 12 for two is 6 for one.
    return ProductUnit(
      code: stored.code, base: stored.base, quantity: stored.quantity, isRetired: isRetired)
  }
}

/// Adds or retires units, by product and code.
package struct UpsertProductUnits: Sendable {
  package let rows: [ProductUnitDraft]

  package init(_ rows: [ProductUnitDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "units", in: tx) { draft, path in
      let product = try ProductTable.find(draft.sku, in: tx)
      let unit = try draft.unit(of: product, at: path)
      guard let product else { preconditionFailure("a row that passed its checks is complete") }
      let stored = product.units.first { $0.code == unit.code }
      guard unit != stored else { return .unchanged }
      try ProductUnitTable.upsert(unit, of: product, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}

/// All SQL of `product_unit`.
enum ProductUnitTable {
  /// In the order of their code.
  static func list(of product: ID<Product>, in snapshot: Snapshot) throws -> [ProductUnit] {
    try snapshot.all(
      """
      SELECT code, base_quantity, quantity, is_retired FROM product_unit
      WHERE product_id = ? ORDER BY code
      """, product
    ) { row in
      ProductUnit(
        code: row.text(0), base: row.quantity(1), quantity: row.quantity(2),
        isRetired: row.bool(3))
    }
  }

  /// Says at the product that it has units, so that nobody looks for those of the others.
  static func upsert(_ unit: ProductUnit, of product: Product, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO product_unit (product_id, code, base_quantity, quantity, is_retired)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (product_id, code) DO UPDATE SET is_retired = excluded.is_retired
      """, product.id, unit.code, unit.base, unit.quantity, unit.isRetired)
    try tx.execute("UPDATE product SET has_units = 1 WHERE id = ? AND has_units = 0", product.id)
  }
}
