import MasterData
import Storage
import Testing
import Values

/// One refusal provoked, with what it must say.
struct Refusal: Sendable, CustomTestStringConvertible {
  let reason: String
  let field: String?
  let kind: RejectionKind
  let provoke: @Sendable (Transaction) throws -> [any Rejection]

  init(
    _ reason: String, _ field: String?, _ kind: RejectionKind,
    _ provoke: @escaping @Sendable (Transaction) throws -> [any Rejection]
  ) {
    self.reason = reason
    self.field = field
    self.kind = kind
    self.provoke = provoke
  }

  var testDescription: String { reason }

  static func product(_ draft: ProductDraft, in tx: Transaction) throws -> [any Rejection] {
    try UpsertProducts([draft]).run(in: tx, at: Books.now)[0].violations
  }

  static func customer(_ draft: CustomerDraft, in tx: Transaction) throws -> [any Rejection] {
    try UpsertCustomers([draft]).run(in: tx, at: Books.now)[0].violations
  }

  static func price(_ draft: PriceDraft, in tx: Transaction) throws -> [any Rejection] {
    try UpsertPrices([draft]).run(in: tx, at: Books.now)[0].violations
  }

  static func thrown(by body: () throws -> some Any) throws -> [any Rejection] {
    do {
      _ = try body()
      return []
    } catch let one as any Rejection {
      return [one]
    }
  }

  /// Every case of `MasterDataRejection`, in the order of its declaration.
  static let all: [Refusal] = [
    Refusal("TOO_MANY_ROWS", "products", .invalid) { tx in
      try thrown {
        try UpsertProducts(Array(repeating: .chair, count: 1_001)).run(in: tx, at: Books.now)
      }
    },
    Refusal("DUPLICATE_IN_BATCH", "products[1].sku", .invalid) { tx in
      try UpsertProducts([.chair, .chair]).run(in: tx, at: Books.now)[1].violations
    },
    Refusal("REQUIRED", "products[0].name", .invalid) { tx in
      var draft = ProductDraft.chair
      draft.name = "  "
      return try product(draft, in: tx)
    },
    Refusal("INVALID_CODE", "products[0].sku", .invalid) { tx in
      var draft = ProductDraft.chair
      draft.sku = "CHAIR 1"
      return try product(draft, in: tx)
    },
    Refusal("TEXT_TOO_LONG", "products[0].name_english", .invalid) { tx in
      var draft = ProductDraft.chair
      draft.nameEnglish = String(repeating: "x", count: 201)
      return try product(draft, in: tx)
    },
    Refusal("CONTROL_CHARACTER", "products[0].name", .invalid) { tx in
      var draft = ProductDraft.chair
      draft.name = "Chair\nwith a break"
      return try product(draft, in: tx)
    },
    Refusal("OUT_OF_RANGE", "customers[0].terms.net_days", .invalid) { tx in
      try customer(
        CustomerDraft(code: "BO", name: "Bo", terms: PaymentTerms(netDays: -1)), in: tx)
    },
    Refusal("CURRENCY_NOT_ACCEPTED", "customers[0].credit_limit", .invalid) { tx in
      try customer(
        CustomerDraft(code: "BO", name: "Bo", creditLimit: Money(minor: 1, currency: .usd)), in: tx)
    },
    Refusal("UNKNOWN_CURRENCY", "company.base_currency_code", .invalid) { tx in
      try thrown { try ConfigureCompany(baseCurrencyCode: "XXX").run(in: tx, at: Books.now) }
    },
    Refusal("UNKNOWN_TIME_ZONE", "company.time_zone", .invalid) { tx in
      try thrown { try ConfigureCompany(timeZone: "Asia Shanghai").run(in: tx, at: Books.now) }
    },
    Refusal("PERIOD_REVERSED", "prices[0].valid_until", .invalid) { tx in
      try price(
        PriceDraft(
          list: "RETAIL", sku: "CHAIR-1", unitPrice: .init(micros: 1, currency: .cny),
          validFrom: Books.day, validUntil: Books.day.adding(days: -1)), in: tx)
    },
    Refusal("CLASS_OF_CONTRACT", "price_lists[0].customer_class", .invalid) { tx in
      try UpsertPriceLists([
        PriceListDraft(code: "DEAL", name: "Deal", customerClass: "VIP", customerCode: "ANNA")
      ]).run(in: tx, at: Books.now)[0].violations
    },
    Refusal("UNKNOWN_PRODUCT", "lines[2].sku", .notFound) { tx in
      try thrown { try Products.require(sku: "NONE", field: "lines[2].sku", in: tx) }
    },
    Refusal("UNKNOWN_CUSTOMER", "customer_code", .notFound) { tx in
      try thrown { try Customers.require(code: "NONE", field: "customer_code", in: tx) }
    },
    Refusal("UNKNOWN_SUPPLIER", "supplier_code", .notFound) { tx in
      try thrown { try Suppliers.require(code: "NONE", field: "supplier_code", in: tx) }
    },
    Refusal("UNKNOWN_WAREHOUSE", "warehouse_code", .notFound) { tx in
      try thrown { try Warehouses.require(code: "NONE", field: "warehouse_code", in: tx) }
    },
    Refusal("UNKNOWN_PRICE_LIST", "customers[0].price_list_code", .notFound) { tx in
      try customer(CustomerDraft(code: "BO", name: "Bo", priceList: "NONE"), in: tx)
    },
    Refusal("UNKNOWN_TAX_CLASS", "products[0].tax_class", .notFound) { tx in
      var draft = ProductDraft.chair
      draft.taxClass = "NONE"
      return try product(draft, in: tx)
    },
    Refusal("NO_TAX_RATE", nil, .precondition) { tx in
      try thrown { try TaxRates.rate(of: "NONE", on: Books.day, in: tx) }
    },
    Refusal("VERSION_CONFLICT", "products[0].version", .conflict) { tx in
      var draft = ProductDraft.chair
      draft.expectedVersion = 7
      return try product(draft, in: tx)
    },
    Refusal("FIXED_ONCE_CREATED", "products[0].unit_code", .precondition) { tx in
      var draft = ProductDraft.chair
      draft.unit = "kg"
      return try product(draft, in: tx)
    },
    Refusal("PRICE_PERIODS_OVERLAP", "prices[1].valid_from", .precondition) { tx in
      let draft = { (from: Day) in
        PriceDraft(
          list: "RETAIL", sku: "CHAIR-1", unitPrice: .init(micros: 1, currency: .cny),
          validFrom: from)
      }
      return try UpsertPrices([draft(Books.day), draft(Books.day.adding(days: 9))])
        .run(in: tx, at: Books.now)[1].violations
    },
    Refusal("CURRENCY_IN_USE", "company.base_currency_code", .precondition) { tx in
      try thrown { try ConfigureCompany(baseCurrencyCode: "USD").run(in: tx, at: Books.now) }
    },
  ]
}

@Suite("Refusals of master data")
struct MasterDataRejectionTests {
  @Test("says what, where and of which kind", arguments: Refusal.all)
  func refuses(_ refusal: Refusal) async throws {
    let books = try Books()
    try await books.stock()
    let found = try await books.write(refusal.provoke)
    #expect(found.map(\.reason) == [refusal.reason])
    #expect(found.first?.field == refusal.field)
    #expect(found.first?.kind == refusal.kind)
    #expect(found.first?.message.isEmpty == false)
  }

  @Test("shape comes before references, references before state")
  func precedence() {
    let ranks = Refusal.all.map { refusal in
      switch refusal.kind {
      case .invalid: 0
      case .notFound: 1
      default: 2
      }
    }
    #expect(ranks == ranks.sorted())
    #expect(Set(Refusal.all.map(\.reason)).count == Refusal.all.count)
  }

  @Test("lists every fault of a row at once, one per field")
  func collects() async throws {
    let books = try Books()
    let verdicts = try await books.write { tx in
      try UpsertProducts([
        ProductDraft(
          sku: "", name: "", nameEnglish: "a\u{0}b", kind: nil, unit: "m²", taxClass: "NONE",
          expectedVersion: 3)
      ]).run(in: tx, at: Books.now)
    }
    #expect(
      verdicts[0].summary
        == """
        refused REQUIRED products[0].sku, REQUIRED products[0].name, \
        CONTROL_CHARACTER products[0].name_english, REQUIRED products[0].kind, \
        INVALID_CODE products[0].unit_code, UNKNOWN_TAX_CLASS products[0].tax_class, \
        VERSION_CONFLICT products[0].version
        """)
  }

  @Test("a fault found by the reader of the request counts instead of its own for that field")
  func malformed() async throws {
    let books = try Books()
    try await books.stock()
    let fault = MasterDataRejection.unknownCurrency(
      field: "prices[0].unit_price.currency_code", given: "???")
    let summary = try await books.write { tx in
      try UpsertPrices([
        PriceDraft(
          list: "RETAIL", sku: "CHAIR-1", unitPrice: nil, validFrom: nil, malformed: [fault])
      ]).run(in: tx, at: Books.now)[0].summary
    }
    #expect(
      summary == """
        refused UNKNOWN_CURRENCY prices[0].unit_price.currency_code, \
        REQUIRED prices[0].valid_from
        """)
  }
}
