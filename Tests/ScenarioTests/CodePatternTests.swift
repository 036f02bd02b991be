import Messages
import RPC
import TestKit
import Testing
import Values

@Suite("Scenario: codes of one kind are written in one way")
struct CodePatternTests {
  private func set(
    _ shop: Shop, _ patterns: [CatalogV1.CodePattern], reason: String = "one way to name them"
  ) async throws -> CatalogV1.CodePatterns? {
    try await shop.codes.setCodePatterns(
      .init(patterns: patterns, reason: reason), options: shop.command()
    ).patterns
  }

  private func add(_ shop: Shop, customer code: String, class name: String = "") async throws
    -> [String]
  {
    try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: code, name: "Somebody", customerClass: name)]),
      options: shop.command()
    ).verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
  }

  @Test("new codes fit a pattern of their kind and class, and those that are there stay valid")
  func patterns() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let made = try await set(
      shop,
      [
        .init(kind: .customer, pattern: "C-#####"), .init(kind: .customer, pattern: "WEB*"),
        .init(kind: .customer, classCode: "VIP", pattern: "V-@@"),
        .init(kind: .product, classCode: "SOFA", pattern: "SF-####*"),
        .init(kind: .warehouse, pattern: "W?"),
      ])
    #expect(made?.version == 2 && made?.madeBy.isEmpty == false)
    #expect(try await add(shop, customer: "C-00017") == [])
    #expect(try await add(shop, customer: "WEB-shop.7") == [])
    #expect(try await add(shop, customer: "V-AB", class: "VIP") == [])
    for (code, name) in [("C-017", ""), ("C-0001A", ""), ("V-AC", ""), ("C-00018", "VIP")] {
      let refused = try await add(shop, customer: code, class: name)
      #expect(refused == ["CODE_OUTSIDE_PATTERN customers[0].code"], "\(code) \(name)")
    }
    let told = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: "X", name: "")]), options: shop.command()
    ).verdicts[0].violations
    #expect(told.map(\.reason) == ["CODE_OUTSIDE_PATTERN", "REQUIRED"])
    #expect(told[0].message == "'X' is not written as C-##### or WEB*, such as C-11111")
    #expect(told[0].facts.map(\.value) == ["X", "C-#####", "WEB*", "C-11111"])
    // CREDIT was there before: it changes as ever, and so do orders of it.
    #expect(try await add(shop, customer: "CREDIT") == [])
    let products = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(
          sku: "SF-1234-R", name: "Sofa", kind: .stocked, unitCode: "pcs",
          taxClass: "STANDARD", productClass: "SOFA"),
        .init(
          sku: "SOFA-1", name: "Sofa", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD",
          productClass: "SOFA"),
        .init(
          sku: "ANY", name: "Other", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD"),
      ]), options: shop.command())
    #expect(products.verdicts.map(\.outcome) == [.created, .refused, .created])
    #expect(products.verdicts[1].violations.map(\.field) == ["products[1].sku"])
    let places = try await shop.catalog.upsertWarehouses(
      .init(warehouses: [.init(code: "W7", name: "W"), .init(code: "EAST2", name: "E")]),
      options: shop.command())
    #expect(places.verdicts.map(\.outcome) == [.created, .refused])
    _ = try await set(shop, [], reason: "let go")
    #expect(try await add(shop, customer: "ANYTHING") == [])
    let second = try await shop.codes.getCodePatterns(.init(version: 2)).patterns
    #expect(second == made)
    #expect(try await shop.codes.getCodePatterns(.init()).patterns?.patterns == [])
    await shop.close()
  }

  @Test("a code is tested, and the next of a series is told and given to the CRM's customers")
  func series() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    func test(_ code: String) async throws -> CatalogV1.TestCodeResponse {
      try await shop.codes.testCode(.init(kind: .customer, code: code))
    }
    #expect(try await test("NEW") == .init(accepted: true))
    #expect(try await test("CREDIT") == .init(taken: true))
    #expect(try await test("not a code").accepted == false)
    _ = try await set(shop, [.init(kind: .customer, pattern: "C-###")])
    let empty = try await test("")
    #expect(empty.patterns == ["C-###"] && empty.example == "C-111" && empty.nextCode == "C-001")
    #expect(!empty.accepted && !empty.taken)
    for code in ["C-001", "C-007"] { #expect(try await add(shop, customer: code) == []) }
    #expect(try await test("C-006").accepted)
    #expect(try await test("C-0006").accepted == false)
    #expect(
      try await test("C-007")
        == {
          var told = empty
          (told.taken, told.nextCode) = (true, "C-008")
          return told
        }())
    let synced = try await shop.sync.syncCustomers(
      .init(
        customers: (1...2).map {
          .init(
            externalId: "CRM:\($0)",
            modifyTime: .init(seconds: shop.clock.now.microseconds / 1_000_000), name: "New")
        }), options: shop.command())
    #expect(synced.verdicts.map(\.code) == ["C-008", "C-009"])
    #expect(try await add(shop, customer: "C-999") == [])
    #expect(try await test("").nextCode == "")
    let full = try await shop.sync.syncCustomers(
      .init(customers: [
        .init(
          externalId: "CRM:3",
          modifyTime: .init(seconds: shop.clock.now.microseconds / 1_000_000), name: "New")
      ]), options: shop.command())
    #expect(full.verdicts[0].violations.map(\.field) == ["customers[0].code"])
    await shop.close()
  }

  @Test("patterns that mean nothing are refused, each with its field")
  func refused() async throws {
    let shop = try await Shop.open()
    let error = await refusal {
      try await set(
        shop,
        [
          .init(kind: .customer, pattern: ""), .init(kind: .product, pattern: "A*B"),
          .init(kind: .product, pattern: "A B"),
          .init(kind: .supplier, classCode: "VIP", pattern: "S-#"),
          .init(kind: .product, pattern: String(repeating: "#", count: 41)),
          .init(kind: .warehouse, pattern: "W"), .init(kind: .warehouse, pattern: "W"),
        ], reason: "")
    }
    let fields = violations(error)
    #expect(
      fields == [
        "REQUIRED reason", "INVALID_PATTERN patterns[0].pattern",
        "INVALID_PATTERN patterns[1].pattern", "INVALID_PATTERN patterns[2].pattern",
        "NO_CLASSES patterns[3].class_code", "INVALID_PATTERN patterns[4].pattern",
        "DUPLICATE_PATTERN patterns[6].pattern",
      ])
    let kind = await refusal { try await set(shop, [.init(pattern: "W")]) }
    #expect(kind?.code == .invalidArgument)
    let unknown = await refusal { try await shop.codes.getCodePatterns(.init(version: 9)) }
    #expect(unknown?.code == .notFound)
    let none = await refusal { try await shop.codes.testCode(.init()) }
    #expect(none?.code == .invalidArgument)
    await shop.close()
  }
}
