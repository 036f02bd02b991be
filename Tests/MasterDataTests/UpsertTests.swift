import MasterData
import Storage
import Testing
import Values

@Suite("Batch upserts")
struct UpsertTests {
  @Test("a bad row stops nobody, and every row has its verdict in the order of the request")
  func verdicts() async throws {
    let books = try Books()
    var renamed = ProductDraft.chair
    renamed.name = "椅子"
    let batch = [
      ProductDraft.chair,
      ProductDraft(sku: "BAD SKU", name: "x", kind: .stocked, unit: "pcs", taxClass: "STANDARD"),
      ProductDraft(sku: "SOFA-1", name: "沙发", kind: .stocked, unit: "pcs", taxClass: "STANDARD"),
    ]
    let first = try await books.write { try UpsertProducts(batch).run(in: $0, at: Books.now) }
    #expect(
      first.map(\.summary) == ["created", "refused INVALID_CODE products[1].sku", "created"])
    #expect(first.map(\.row) == [0, 1, 2])
    #expect(first.map(\.code) == ["CHAIR-1", "BAD SKU", "SOFA-1"])

    let change = [renamed, batch[2]]
    let second = try await books.write { try UpsertProducts(change).run(in: $0, at: Books.now) }
    #expect(second.map(\.summary) == ["updated", "unchanged"])
    let chair = try await books.database.read { try Products.find(sku: "CHAIR-1", in: $0) }
    #expect(chair?.name == "椅子")
    #expect(chair?.version == 2)
  }

  @Test("takes the version that the caller read, once")
  func expectedVersion() async throws {
    let books = try Books()
    var draft = ProductDraft.chair
    draft.expectedVersion = 1
    let early = draft
    let verdict = try await books.write {
      try UpsertProducts([early]).run(in: $0, at: Books.now)[0].summary
    }
    #expect(verdict == "refused VERSION_CONFLICT products[0].version")
    try await books.stock()
    draft.name = "另一把椅子"
    let change = draft
    let summaries = try await books.write { tx in
      try (0..<2).map { _ in
        try UpsertProducts([change]).run(in: tx, at: Books.now)[0].summary
      }
    }
    #expect(summaries == ["updated", "refused VERSION_CONFLICT products[0].version"])
  }

  @Test("writes customers with limit, terms and list, and reads them back")
  func customers() async throws {
    let books = try Books()
    try await books.stock()
    let draft = CustomerDraft(
      code: "HOTEL", name: "Hotel Pacific", customerClass: "VIP", phone: "021-555",
      address: "1 Bund", creditLimit: cny(50_000),
      terms: PaymentTerms(netDays: 30, deposit: Rate(micros: 300_000)), priceList: "RETAIL")
    let outcome = try await books.write { tx in
      try (0..<2).map { _ in
        try UpsertCustomers([draft]).run(in: tx, at: Books.now)[0].summary
      }
    }
    #expect(outcome == ["created", "unchanged"])
    let stored = try #require(
      try await books.database.read { try Customers.find(code: "HOTEL", in: $0) })
    #expect(stored.creditLimit == cny(50_000))
    #expect(stored.terms == draft.terms)
    #expect(stored.priceList == "RETAIL")
    #expect(stored.customerClass == "VIP")
    #expect(try await books.database.read { try Customers.fetch(stored.id, in: $0) } == stored)
    let anna = try await books.database.read { try Customers.find(code: "ANNA", in: $0) }
    #expect(anna?.customerClass == "STANDARD")
    #expect(anna?.creditLimit == cny(0))
    #expect(anna?.terms == PaymentTerms())
  }

  @Test("what an update mask does not name stays as it is, also where it is hidden")
  func maskedCustomers() async throws {
    let books = try Books()
    try await books.stock()
    var hotel = CustomerDraft(
      code: "HOTEL", name: "Hotel Pacific", customerClass: "VIP", phone: "021-555",
      address: "1 Bund", creditLimit: cny(50_000),
      terms: PaymentTerms(netDays: 30, deposit: Rate(micros: 300_000)), priceList: "RETAIL",
      owner: "li.na", storeCode: "S1")
    hotel.groupLimit = cny(90_000)
    let whole = hotel
    func change(
      _ fields: Set<CustomerDraft.Field>, hidden: Set<CustomerDraft.Restricted> = [],
      _ edit: (inout CustomerDraft) -> Void
    ) async throws -> (verdict: String?, stored: Customer?) {
      var draft = CustomerDraft(code: "HOTEL", name: "")
      edit(&draft)
      let row = draft
      return try await books.write { tx in
        let verdicts = try UpsertCustomers([row], fields: fields, hidden: hidden)
          .run(in: tx, at: Books.now)
        return (verdicts.first?.summary, try Customers.find(code: "HOTEL", in: tx))
      }
    }
    let before = try await books.write { tx in
      _ = try UpsertCustomers([whole]).run(in: tx, at: Books.now)
      return try #require(try Customers.find(code: "HOTEL", in: tx))
    }
    var expected = before
    expected.phone = "139"
    expected.version = 2
    let called = try await change([.phone]) { $0.phone = "139" }
    #expect(called == ("updated", expected))
    expected.terms.netDays = 60
    expected.version = 3
    let later = try await change([.netDays]) { $0.terms.netDays = 60 }
    #expect(later == ("updated", expected))
    expected.groupLimit = nil
    expected.name = "Hotel Atlantic"
    expected.version = 4
    let renamed = try await change([.groupLimit, .name]) { $0.name = "Hotel Atlantic" }
    #expect(renamed == ("updated", expected))
    // Who may not see limits and phones sets a class all the same, and neither of those.
    expected.customerClass = "STANDARD"
    expected.version = 5
    let classed = try await change([.customerClass], hidden: [.credit, .personal]) { _ in }
    #expect(classed == ("updated", expected))
    let refused = try await change([.creditLimit], hidden: [.credit]) { $0.creditLimit = cny(1) }
    #expect(refused.verdict?.hasPrefix("refused") == true && refused.stored == expected)
    expected.terms = PaymentTerms()
    expected.version = 6
    let atOnce = try await change([.terms]) { _ in }
    #expect(atOnce == ("updated", expected))
  }

  @Test("of a product that is there an update mask takes what it names, of a new one all")
  func maskedProducts() async throws {
    let books = try Books()
    var chair = ProductDraft.chair
    chair.nameEnglish = "Chair"
    chair.weightGrams = 6_500
    chair.size = ProductSize(length: 400, width: 400, height: 900)
    let whole = chair
    let light = ProductDraft(
      sku: chair.sku, name: "", kind: nil, unit: "kg", taxClass: "", weightGrams: 6_400)
    let (verdicts, stored) = try await books.write { tx in
      let verdicts = try [whole, light].map {
        try UpsertProducts([$0], fields: [.weightGrams]).run(in: tx, at: Books.now)[0].summary
      }
      return (verdicts, try Products.find(sku: whole.sku, in: tx))
    }
    #expect(verdicts == ["created", "updated"])
    #expect(stored?.weightGrams == 6_400 && stored?.nameEnglish == "Chair")
    #expect(stored?.size == whole.size && stored?.unit == whole.unit && stored?.name == whole.name)
  }

  @Test("changes of a supplier only what is named, and takes all that is given of a new one")
  func supplierFields() async throws {
    let books = try Books()
    let (verdicts, stored) = try await books.write { tx in
      func set(
        _ name: String, _ days: Int, _ fields: Set<SupplierDraft.Field>?
      ) throws -> String {
        let draft = SupplierDraft(code: "MILL", name: name, leadDays: days)
        return try UpsertSuppliers([draft], fields: fields).run(in: tx, at: Books.now)[0].summary
      }
      let verdicts = try [
        set("Mill", 5, [.name]), set("", 7, [.leadDays]), set("Old mill", 0, [.name]),
        set("Old mill", 0, [.name]),
      ]
      let kept = try Suppliers.require(code: "MILL", field: "supplier", in: tx)
      return (verdicts + [try set("Mill", 0, nil)], kept)
    }
    #expect(verdicts == ["created", "updated", "updated", "unchanged", "updated"])
    #expect(stored.name == "Old mill" && stored.leadDays == 7)
  }

  @Test("writes suppliers, warehouses, price lists and tax rates")
  func others() async throws {
    let books = try Books()
    let summaries = try await books.write { tx in
      try (0..<2).flatMap { round in
        try [
          UpsertSuppliers([SupplierDraft(code: "MILL", name: "Mill", leadDays: 5 + round)])
            .run(in: tx, at: Books.now),
          UpsertWarehouses([WarehouseDraft(code: "MAIN", name: "Main \(round)")])
            .run(in: tx, at: Books.now),
          UpsertPriceLists([PriceListDraft(code: "VIP", name: "VIP", priority: round)])
            .run(in: tx, at: Books.now),
          UpsertTaxRates([
            TaxRateDraft(
              taxClass: "STANDARD", rate: Rate(micros: 140_000 + Int64(round)),
              validFrom: Books.day)
          ]).run(in: tx, at: Books.now),
        ].flatMap { $0 }.map(\.summary)
      }
    }
    #expect(
      summaries == Array(repeating: "created", count: 4) + Array(repeating: "updated", count: 4))
    let (supplier, warehouses) = try await books.database.read { snapshot in
      (
        try Suppliers.require(code: "MILL", field: "supplier", in: snapshot),
        try Warehouses.list(limit: 10, in: snapshot)
      )
    }
    #expect(supplier.leadDays == 6)
    #expect(warehouses.map(\.name) == ["Main 1"])
    #expect(warehouses.map(\.version) == [2])
  }

  @Test("text of any language fits up to its limit in characters, codes stay ASCII")
  func texts() async throws {
    let books = try Books()
    var draft = ProductDraft.chair
    draft.name = String(repeating: "橡", count: 200)
    draft.nameEnglish = "Chair, “oak” — 85 × 40 cm 🪑"
    let long = draft
    draft.name += "木"
    let longer = draft
    let summaries = try await books.write { tx in
      try [long, longer].map { try UpsertProducts([$0]).run(in: tx, at: Books.now)[0].summary }
    }
    #expect(summaries == ["created", "refused TEXT_TOO_LONG products[0].name"])
    for code in ["", "a b", "ä", "x\u{0}", String(repeating: "x", count: 41), "a:b", "a,b"] {
      var check = FieldCheck(.request)
      check.code(code, "sku")
      #expect(check.violations.map(\.field) == ["sku"], "\(code)")
    }
    for code in ["a", "Z9._-/", String(repeating: "x", count: 40)] {
      var check = FieldCheck(.request)
      check.code(code, "sku")
      #expect(check.violations.isEmpty, "\(code)")
    }
  }

  @Test("a row that is refused half way leaves nothing behind")
  func savepoint() async throws {
    let books = try Books()
    let rows = ["A", "B"].map { WarehouseDraft(code: $0, name: $0) }
    let (verdicts, left) = try await books.write { tx in
      let verdicts = try Batch.run(rows, field: "warehouses", in: tx) { row, path in
        _ = try UpsertWarehouses([row]).run(in: tx, at: Books.now)
        if row.code == "A" {
          throw MasterDataRejection.missingValue(field: path.field("name"))
        }
        return .created
      }
      return (verdicts.map(\.summary), try Warehouses.list(limit: 9, in: tx).map(\.code))
    }
    #expect(verdicts == ["refused REQUIRED warehouses[0].name", "created"])
    #expect(left == ["B"])
  }

  @Test("a batch may be empty")
  func empty() async throws {
    let books = try Books()
    let count = try await books.write { try UpsertProducts([]).run(in: $0, at: Books.now).count }
    #expect(count == 0)
  }
}
