package import Storage
package import Values

/// One of the cartons that a base unit of a product comes in.
package struct Carton: Hashable, Sendable {
  /// From 1.
  package let number: Int
  package let weightGrams: Int64
  /// In millimetres.
  package let length: Int64
  package let width: Int64
  package let height: Int64
  package let contents: String
  /// It breaks easily.
  package let isFragile: Bool

  package init(
    number: Int, weightGrams: Int64, length: Int64, width: Int64, height: Int64, contents: String,
    isFragile: Bool = false
  ) {
    self.number = number
    self.weightGrams = weightGrams
    self.length = length
    self.width = width
    self.height = height
    self.contents = contents
    self.isFragile = isFragile
  }

  /// In millimetres.
  package var longestSide: Int64 { max(length, width, height) }

  /// The room that it takes, rounded up.
  package var volumeCubicCentimetres: Int64 { (length * width * height + 999) / 1_000 }
}

extension [Carton] {
  package var weightGrams: Int64 { reduce(0) { $0 + $1.weightGrams } }

  /// The room that they take together, rounded up once: a lorry is never too small.
  package var volumeCubicCentimetres: Int64 {
    let cubicMillimetres = reduce(Int64(0)) { $0 + $1.length * $1.width * $1.height }
    return (cubicMillimetres + 999) / 1_000
  }
}

/// All cartons of a product, as a caller wants them to be.
package struct CartonsDraft: BatchRow {
  package var sku: String
  /// None takes them away.
  package var cartons: [Carton]

  package init(sku: String, cartons: [Carton]) {
    self.sku = sku
    self.cartons = cartons
  }

  package var malformed: [any Rejection] { [] }
  package var code: String { sku }
  package static var codeField: String { "sku" }

  func product(at path: FieldPath, in snapshot: Snapshot) throws -> Product {
    var check = FieldCheck(path)
    let product = try Products.find(sku: sku, in: snapshot)
    if let product {
      let comesInCartons = product.kind == .stocked || product.kind == .madeToOrder
      if !comesInCartons || !product.countsInWholeUnits {
        check.refuse(ProductRejection.hasNoCartons(field: path.field("sku"), sku: product.sku))
      }
    } else {
      check.refuse(
        MasterDataRejection.unknownProduct(field: path.field("sku"), sku: String(sku.prefix(60)))
          .ifNamed(sku))
    }
    check.range(cartons.count, "cartons", 0...100)
    for (row, carton) in cartons.prefix(100).enumerated() {
      // Ten tonnes, twenty metres.
      let name = "cartons[\(row)]"
      check.range(carton.weightGrams, name + ".weight_grams", 1...10_000_000)
      check.range(carton.length, name + ".length_mm", 1...20_000)
      check.range(carton.width, name + ".width_mm", 1...20_000)
      check.range(carton.height, name + ".height_mm", 1...20_000)
      check.text(carton.contents, name + ".contents")
    }
    try check.pass()
    guard let product else { preconditionFailure("a row that passed its checks is complete") }
    return product
  }
}

/// Sets the cartons that products come in. They say what the product weighs and what room it takes.
package struct UpsertCartons: Sendable {
  package let rows: [CartonsDraft]

  package init(_ rows: [CartonsDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "products", in: tx) { draft, path in
      let product = try draft.product(at: path, in: tx)
      let stored = try Cartons.of(product, in: tx)
      guard draft.cartons != stored else { return .unchanged }
      try CartonTable.replace(draft.cartons, of: product.id, in: tx)
      try ProductTable.set(draft.cartons, of: product, in: tx)
      return stored.isEmpty ? .created : .updated
    }
  }
}

/// Questions about cartons.
package enum Cartons {
  /// Of one base unit, in the order of their numbers.
  package static func of(_ product: Product, in snapshot: Snapshot) throws -> [Carton] {
    product.hasCartons ? try CartonTable.list(of: product.id, in: snapshot) : []
  }
}

/// All SQL of `product_carton`.
enum CartonTable {
  static func list(of product: ID<Product>, in snapshot: Snapshot) throws -> [Carton] {
    try snapshot.all(
      """
      SELECT number, weight_grams, length_mm, width_mm, height_mm, contents, is_fragile
      FROM product_carton WHERE product_id = ? ORDER BY number
      """, product
    ) { row in
      Carton(
        number: row.int(0), weightGrams: row.int64(1), length: row.int64(2), width: row.int64(3),
        height: row.int64(4), contents: row.text(5), isFragile: row.bool(6))
    }
  }

  static func replace(
    _ cartons: [Carton], of product: ID<Product>, in tx: Transaction
  ) throws {
    try tx.execute("DELETE FROM product_carton WHERE product_id = ?", product)
    for carton in cartons {
      try tx.execute(
        """
        INSERT INTO product_carton (product_id, number, weight_grams, length_mm, width_mm,
          height_mm, contents, is_fragile)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, product, carton.number, carton.weightGrams, carton.length, carton.width,
        carton.height, carton.contents, carton.isFragile)
    }
  }
}
