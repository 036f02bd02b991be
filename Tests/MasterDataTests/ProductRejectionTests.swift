import MasterData
import Storage
import Testing
import Values

/// Every case of `ProductRejection` that master data meets by itself.
private let refusals: [Refusal] = [
  Refusal("IS_BASE_UNIT", "units[0].unit_code", .invalid) { tx in
    try units(ProductUnitDraft(sku: "CHAIR-1", unit: "pcs", base: .one), in: tx)
  },
  Refusal("REQUIRED", "units[0].base_quantity", .invalid) { tx in
    try units(ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: nil), in: tx)
  },
  Refusal("OUT_OF_RANGE", "units[0].base_quantity", .invalid) { tx in
    try units(ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: .zero), in: tx)
  },
  Refusal("UNKNOWN_PRODUCT", "units[0].sku", .notFound) { tx in
    try units(ProductUnitDraft(sku: "NONE", unit: "box", base: .one), in: tx)
  },
  Refusal("INVALID_BARCODE", "barcodes[0].barcode", .invalid) { tx in
    try barcode(BarcodeDraft(barcode: "4006381333932", sku: "CHAIR-1"), in: tx)
  },
  Refusal("INVALID_GS1_PREFIX", "company.gs1_prefix", .invalid) { tx in
    try Refusal.thrown { try ConfigureCompany(gs1Prefix: "123").run(in: tx, at: Books.now) }
  },
  Refusal("INVALID_HS_CODE", "products[0].hs_code", .invalid) { tx in
    try declare(tx) { $0.hsCode = "9401.61" }
  },
  Refusal("UNKNOWN_COUNTRY", "products[0].origin_country_code", .invalid) { tx in
    try declare(tx) { $0.origin = "XX" }
  },
  Refusal("UNKNOWN_UNIT", "barcodes[0].unit_code", .notFound) { tx in
    try barcode(BarcodeDraft(barcode: "4006381333931", sku: "CHAIR-1", unit: "crate"), in: tx)
  },
  Refusal("BARCODE_TAKEN", "barcodes[0].barcode", .alreadyExists) { tx in
    _ = try barcode(BarcodeDraft(barcode: "4006381333931", sku: "CHAIR-1"), in: tx)
    return try barcode(BarcodeDraft(barcode: "04006381333931", sku: "TABLE-1"), in: tx)
  },
  Refusal("DUPLICATE_IN_BATCH", "barcodes[1].barcode", .invalid) { tx in
    try UpsertBarcodes([
      BarcodeDraft(barcode: "4006381333931", sku: "CHAIR-1"),
      BarcodeDraft(barcode: "04006381333931", sku: "TABLE-1"),
    ]).run(in: tx, at: Books.now)[1].violations
  },
  Refusal("UNKNOWN_BARCODE", "text", .notFound) { tx in
    try Refusal.thrown { try Scan.resolve("4006381333931", field: "text", on: Books.day, in: tx) }
  },
  Refusal("UNREADABLE_SCAN", "text", .invalid) { tx in
    try Refusal.thrown { try Scan.resolve("(10)A", field: "text", on: Books.day, in: tx) }
  },
  Refusal("INEXACT_CONVERSION", "prices[0].minimum_quantity", .invalid) { tx in
    _ = try units(
      ProductUnitDraft(
        sku: "CHAIR-1", unit: "leg", base: Quantity(micros: 1_000_000),
        quantity: Quantity(micros: 3_000_000)), in: tx)
    return try Refusal.price(
      PriceDraft(
        list: "RETAIL", sku: "CHAIR-1", unitPrice: price(25),
        minimumQuantity: Quantity(micros: 1_000_000), minimumUnit: "leg", validFrom: Books.day),
      in: tx)
  },
  Refusal("HAS_NO_CARTONS", "products[0].sku", .invalid) { tx in
    try cartons(CartonsDraft(sku: "OAK-27", cartons: []), in: tx)
  },
  Refusal("OUT_OF_RANGE", "products[0].cartons[0].weight_grams", .invalid) { tx in
    try cartons(CartonsDraft(sku: "CHAIR-1", cartons: [carton(grams: 0)]), in: tx)
  },
  Refusal("CARTONS_SAY_OTHERWISE", "products[0].weight_grams", .precondition) { tx in
    _ = try cartons(CartonsDraft(sku: "CHAIR-1", cartons: [carton(grams: 4_000)]), in: tx)
    var draft = ProductDraft.chair
    draft.weightGrams = 5_000
    return try Refusal.product(draft, in: tx)
  },
  Refusal("NO_ACCESSORY", "accessories[0].accessory_sku", .invalid) { tx in
    try UpsertAccessories([AccessoryDraft(sku: "CHAIR-1", accessorySKU: "CHAIR-1", rank: 1)])
      .run(in: tx, at: Books.now)[0].violations
  },
  Refusal("SUCCEEDS_ITSELF", "lifecycles[0].successor_sku", .invalid) { tx in
    _ = try life(
      LifecycleDraft(sku: "TABLE-1", lifecycle: ProductLifecycle(successorSKU: "CHAIR-1")), in: tx)
    return try life(
      LifecycleDraft(sku: "CHAIR-1", lifecycle: ProductLifecycle(successorSKU: "TABLE-1")), in: tx)
  },
  Refusal("PERIOD_REVERSED", "lifecycles[0].orderable_until", .invalid) { tx in
    try life(
      LifecycleDraft(
        sku: "CHAIR-1",
        lifecycle: ProductLifecycle(
          orderableFrom: Books.day, orderableUntil: Books.day.adding(days: -1))), in: tx)
  },
  Refusal("ATTRIBUTE_TWICE", "families[0].attributes[1].code", .invalid) { tx in
    try family(["colour": ["oak"], "COLOUR": ["oak"]], in: tx, lowercased: true)
  },
  Refusal("UNKNOWN_FAMILY", "variants[0].family_code", .notFound) { tx in
    try variant("CHAIR-1", "NONE", [], in: tx)
  },
  Refusal("ATTRIBUTE_MISSING", "variants[0].choices", .invalid) { tx in
    _ = try family(["colour": ["oak", "grey"]], in: tx)
    return try variant("CHAIR-1", "CHAIRS", [], in: tx)
  },
  Refusal("UNKNOWN_ATTRIBUTE", "variants[0].choices[0].attribute_code", .notFound) { tx in
    _ = try family(["colour": ["oak", "grey"]], in: tx)
    return try variant(
      "CHAIR-1", "CHAIRS", [("color", "oak"), ("colour", "oak")], in: tx)
  },
  Refusal("UNKNOWN_ATTRIBUTE_VALUE", "variants[0].choices[0].value_code", .notFound) { tx in
    _ = try family(["colour": ["oak", "grey"], "seats": ["2"]], in: tx)
    return try variant(
      "CHAIR-1", "CHAIRS", [("colour", "gray"), ("seats", "2"), ("colour", "oak")], in: tx)
  },
  Refusal("VARIANT_TAKEN", "variants[0].choices", .alreadyExists) { tx in
    _ = try family(["colour": ["oak", "grey"]], in: tx)
    _ = try variant("CHAIR-1", "CHAIRS", [("colour", "oak")], in: tx)
    return try variant("TABLE-1", "CHAIRS", [("colour", "oak")], in: tx)
  },
  Refusal("VARIANT_IN_THE_WAY", "families[0].attributes", .precondition) { tx in
    _ = try family(["colour": ["oak", "grey"]], in: tx)
    _ = try variant("CHAIR-1", "CHAIRS", [("colour", "oak")], in: tx)
    return try family(["colour": ["grey"]], in: tx)
  },
]

private func units(_ draft: ProductUnitDraft, in tx: Transaction) throws -> [any Rejection] {
  try UpsertProductUnits([draft]).run(in: tx, at: Books.now)[0].violations
}

private func barcode(_ draft: BarcodeDraft, in tx: Transaction) throws -> [any Rejection] {
  try UpsertBarcodes([draft]).run(in: tx, at: Books.now)[0].violations
}

private func cartons(_ draft: CartonsDraft, in tx: Transaction) throws -> [any Rejection] {
  try UpsertCartons([draft]).run(in: tx, at: Books.now)[0].violations
}

/// A product of the shop, otherwise.
private func declare(
  _ tx: Transaction, _ change: (inout ProductDraft) -> Void
) throws -> [any Rejection] {
  var draft = ProductDraft.chair
  change(&draft)
  return try UpsertProducts([draft]).run(in: tx, at: Books.now)[0].violations
}

private func carton(grams: Int64) -> Carton {
  Carton(number: 1, weightGrams: grams, length: 500, width: 400, height: 300, contents: "")
}

private func life(_ draft: LifecycleDraft, in tx: Transaction) throws -> [any Rejection] {
  try UpsertLifecycles([draft]).run(in: tx, at: Books.now)[0].violations
}

private func family(
  _ attributes: KeyValuePairs<String, [String]>, in tx: Transaction, lowercased: Bool = false
) throws -> [any Rejection] {
  try UpsertProductFamilies([
    ProductFamilyDraft(
      code: "CHAIRS", name: "椅子",
      attributes: attributes.map { name, values in
        let code = lowercased ? name.lowercased() : name
        return .init(code: code, name: code, values: values.map { .init(code: $0, name: $0) })
      })
  ]).run(in: tx, at: Books.now)[0].violations
}

private func variant(
  _ sku: String, _ family: String, _ choices: [(String, String)], in tx: Transaction
) throws -> [any Rejection] {
  try UpsertVariants([
    VariantDraft(
      sku: sku, familyCode: family,
      choices: choices.map { AttributeChoice(attribute: $0.0, value: $0.1) })
  ]).run(in: tx, at: Books.now)[0].violations
}

@Suite("Refusals about products in full")
struct ProductRejectionTests {
  @Test("each rule refuses what breaks it, at the field that does", arguments: refusals)
  func provoked(_ refusal: Refusal) async throws {
    let books = try Books()
    try await books.stock()
    let found = try await books.write(refusal.provoke)
    #expect(found.map(\.reason).first == refusal.reason)
    #expect(found.first?.field == refusal.field)
    #expect(found.first?.kind == refusal.kind)
    #expect(found.first?.message.isEmpty == false)
  }

  @Test("the nearest attribute and value are named")
  func nearest() async throws {
    let books = try Books()
    try await books.stock()
    let found = try await books.write { tx in
      _ = try family(["colour": ["oak", "grey"], "seats": ["2"]], in: tx)
      return try variant("CHAIR-1", "CHAIRS", [("Color", "oak"), ("colour", "gray")], in: tx)
    }
    #expect(
      found.prefix(2).map(\.message) == [
        "CHAIRS has no attribute 'Color'; the nearest is colour",
        "colour cannot be 'gray'; the nearest is grey",
      ])
  }

  @Test(
    "each damage done behind the verbs is named",
    arguments: [
      (
        "masterdata.unit-is-another-than-the-base-unit",
        "UPDATE product SET has_units = 0" as StaticString
      ),
      ("masterdata.barcode-is-of-a-unit", "UPDATE product_barcode SET unit = 'crate'"),
      ("masterdata.barcode-has-check-digit", "UPDATE product_barcode SET gtin = '04006381333932'"),
      ("masterdata.cartons-say-measures", "UPDATE product_carton SET weight_grams = 1"),
      ("masterdata.cartons-say-measures", "DELETE FROM product_carton"),
      ("masterdata.variant-fits-family", "UPDATE product_variant SET choices = 'colour=blue'"),
    ])
  func damaged(rule: String, sql: StaticString) async throws {
    let books = try Books()
    try await books.stock()
    let (before, after) = try await books.write { tx in
      _ = try units(ProductUnitDraft(sku: "CHAIR-1", unit: "box", base: units(6)), in: tx)
      _ = try barcode(BarcodeDraft(barcode: "4006381333931", sku: "CHAIR-1", unit: "box"), in: tx)
      _ = try cartons(CartonsDraft(sku: "CHAIR-1", cartons: [carton(grams: 4_000)]), in: tx)
      _ = try family(["colour": ["oak", "grey"]], in: tx)
      _ = try variant("CHAIR-1", "CHAIRS", [("colour", "oak")], in: tx)
      let before = try MasterDataInvariants.violations(in: tx)
      try tx.execute(sql)
      return (before, try MasterDataInvariants.violations(in: tx))
    }
    #expect(before == [])
    #expect(after.map(\.rule) == [rule])
  }
}
