package import Storage
package import Values

/// A product as one of a family, with a value of each of its attributes.
package struct ProductVariant: Hashable, Sendable {
  package let product: ID<Product>
  package let sku: String
  package let familyCode: String
  /// In the order of their code.
  package let choices: [AttributeChoice]

  /// "colour=oak size=90x200"; codes have neither blanks nor equals signs.
  package var text: String {
    choices.map { "\($0.attribute)=\($0.value)" }.joined(separator: " ")
  }

  static func choices(_ text: String) -> [AttributeChoice] {
    text.split(separator: " ").compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      return parts.count == 2 ? AttributeChoice(attribute: parts[0], value: parts[1]) : nil
    }
  }
}

/// A variant as a caller wants it to be, named by its product.
package struct VariantDraft: BatchRow {
  package var sku: String
  /// Empty to take the product out of its family.
  package var familyCode: String
  package var choices: [AttributeChoice]

  package init(sku: String, familyCode: String, choices: [AttributeChoice]) {
    self.sku = sku
    self.familyCode = familyCode
    self.choices = choices
  }

  package var malformed: [any Rejection] { [] }
  package var code: String { sku }
  package static var codeField: String { "sku" }

  /// No family has more.
  package static let limit = 1_000
}

/// Puts products into families, or out of them.
package struct UpsertVariants: Sendable {
  package let rows: [VariantDraft]

  package init(_ rows: [VariantDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "variants", in: tx) { draft, path in
      let product = try Products.require(sku: draft.sku, field: path.field("sku"), in: tx)
      let stored = try VariantTable.find(product.id, in: tx)
      guard !draft.familyCode.isEmpty else {
        guard stored != nil else { return .unchanged }
        try VariantTable.remove(product.id, in: tx)
        return .updated
      }
      let (variant, family) = try variant(draft, of: product, path, in: tx)
      guard variant != stored else { return .unchanged }
      if let other = try VariantTable.sku(with: variant.text, in: family.id, in: tx) {
        throw ProductRejection.variantTaken(
          field: path.field("choices"), family: family.code, choices: variant.text, sku: other)
      }
      var check = FieldCheck(path)
      let isNew = stored?.familyCode != family.code
      check.range(
        try VariantTable.count(in: family.id, in: tx) + (isNew ? 1 : 0), "family_code",
        0...VariantDraft.limit)
      try check.pass()
      try VariantTable.upsert(variant, in: family.id, in: tx)
      return stored == nil ? .created : .updated
    }
  }

  private func variant(
    _ draft: VariantDraft, of product: Product, _ path: FieldPath, in snapshot: Snapshot
  ) throws -> (ProductVariant, ProductFamily) {
    let family = try ProductFamilies.require(
      code: draft.familyCode, field: path.field("family_code"), in: snapshot)
    var check = FieldCheck(path)
    let chosen = family.read(draft.choices, field: "choices", &check)
    for attribute in family.attributes where chosen[attribute.code] == nil {
      check.refuse(
        ProductRejection.attributeMissing(
          field: path.field("choices"), family: family.code, attribute: attribute.code))
    }
    try check.pass()
    return (
      ProductVariant(
        product: product.id, sku: product.sku, familyCode: family.code,
        choices: chosen.sorted { $0.key < $1.key }.map {
          AttributeChoice(attribute: $0.key, value: $0.value)
        }), family
    )
  }
}

/// Questions about families and their variants.
package enum ProductFamilies {
  package static func require(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> ProductFamily {
    guard let family = try ProductFamilyTable.find(code, in: snapshot) else {
      throw ProductRejection.unknownFamily(field: field(), code: String(code.prefix(60)))
        .ifNamed(code)
    }
    return family
  }

  /// In the order of their code, from the one after `code` on (nil: from the first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [ProductFamily] {
    try ProductFamilyTable.list(after: code ?? "", limit: limit, in: snapshot)
  }

  /// The variants that have what was chosen, and what can still be chosen of the other attributes.
  package static func variants(
    of code: String, choosing choices: [AttributeChoice], in snapshot: Snapshot
  ) throws -> (variants: [ProductVariant], open: [ProductFamily.Attribute]) {
    let family = try require(code: code, field: "family_code", in: snapshot)
    var check = FieldCheck(.request)
    let chosen = family.read(choices, field: "choices", &check)
    try check.pass()
    let variants = try VariantTable.list(of: family, in: snapshot).filter { variant in
      variant.choices.allSatisfy { chosen[$0.attribute] ?? $0.value == $0.value }
    }
    let there = Set(variants.flatMap(\.choices))
    let open = family.attributes.filter { chosen[$0.code] == nil }.map { attribute in
      var open = attribute
      open.values = attribute.values.filter {
        there.contains(AttributeChoice(attribute: attribute.code, value: $0.code))
      }
      return open
    }
    return (variants, open)
  }

  /// Which variant of what a product is; nil when of nothing.
  package static func variant(
    of product: Product, in snapshot: Snapshot
  ) throws -> ProductVariant? {
    try VariantTable.find(product.id, in: snapshot)
  }
}

/// All SQL of `product_variant`.
enum VariantTable {
  static func find(_ product: ID<Product>, in snapshot: Snapshot) throws -> ProductVariant? {
    try snapshot.first(
      """
      SELECT v.product_id, v.sku, f.code, v.choices
      FROM product_variant AS v JOIN product_family AS f ON f.id = v.family_id
      WHERE v.product_id = ?
      """, product
    ) { row in
      ProductVariant(
        product: row.id(0), sku: row.text(1), familyCode: row.text(2),
        choices: ProductVariant.choices(row.text(3)))
    }
  }

  /// In the order of their sku.
  static func list(of family: ProductFamily, in snapshot: Snapshot) throws -> [ProductVariant] {
    try snapshot.all(
      """
      SELECT product_id, sku, choices FROM product_variant
      WHERE family_id = ? ORDER BY sku LIMIT ?
      """, family.id, VariantDraft.limit
    ) { row in
      ProductVariant(
        product: row.id(0), sku: row.text(1), familyCode: family.code,
        choices: ProductVariant.choices(row.text(2)))
    }
  }

  static func count(in family: ID<ProductFamily>, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      "SELECT COUNT(*) FROM product_variant WHERE family_id = ?", family
    ) { $0.int(0) } ?? 0
  }

  static func sku(
    with choices: String, in family: ID<ProductFamily>, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      "SELECT sku FROM product_variant WHERE family_id = ? AND choices = ?", family, choices
    ) { $0.text(0) }
  }

  static func upsert(
    _ variant: ProductVariant, in family: ID<ProductFamily>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO product_variant (product_id, sku, family_id, choices) VALUES (?, ?, ?, ?)
      ON CONFLICT (product_id) DO UPDATE
      SET family_id = excluded.family_id, choices = excluded.choices
      """, variant.product, variant.sku, family, variant.text)
  }

  static func remove(_ product: ID<Product>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM product_variant WHERE product_id = ?", product)
  }
}
