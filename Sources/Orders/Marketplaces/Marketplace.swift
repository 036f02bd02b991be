package import MasterData
package import Storage
package import Values

/// A marketplace that sells for us, and its words for our states.
package struct Marketplace: Hashable, Sendable {
  package let code: String
  package internal(set) var name: String
  /// Whose orders they are.
  package internal(set) var customerCode: String
  package internal(set) var warehouseCode: String
  /// Of our price: what its prices may differ by.
  package internal(set) var tolerance: Rate
  package internal(set) var words: [OrderState: String]
  /// What it may offer of a product that says nothing else.
  package internal(set) var allocation: StockAllocation

  package init(
    code: String, name: String, customerCode: String, warehouseCode: String, tolerance: Rate,
    words: [OrderState: String], allocation: StockAllocation = .all
  ) {
    self.code = code
    self.name = name
    self.customerCode = customerCode
    self.warehouseCode = warehouseCode
    self.tolerance = tolerance
    self.words = words
    self.allocation = allocation
  }

  package func word(for state: OrderState) -> String { words[state] ?? state.rawValue }

  /// What its orders are called among all of the channel. A code has no slash.
  func externalID(of order: String) -> String { "\(code)/\(order)" }
}

extension Marketplace {
  /// What of a marketplace that is there an update mask may name, by the name in the request.
  package enum Field: String, Sendable {
    case name, allocation
    case customerCode = "customer_code"
    case warehouseCode = "warehouse_code"
    case tolerance = "tolerance_micros"
    case words = "statuses"
    case share = "allocation.share_micros"
    case keepBackUnits = "allocation.keep_back_units"
    case atMostUnits = "allocation.at_most_units"
  }

  /// It with all that `fields` does not name as it is stored.
  func taking(_ fields: Set<Field>, of stored: Marketplace) -> Marketplace {
    var row = self
    func keep<Value>(
      _ field: Field, _ path: WritableKeyPath<Marketplace, Value>, in whole: Field? = nil
    ) {
      guard !fields.contains(field), whole.map({ !fields.contains($0) }) ?? true else { return }
      row[keyPath: path] = stored[keyPath: path]
    }
    keep(.name, \.name)
    keep(.customerCode, \.customerCode)
    keep(.warehouseCode, \.warehouseCode)
    keep(.tolerance, \.tolerance)
    keep(.words, \.words)
    keep(.share, \.allocation.share, in: .allocation)
    keep(.keepBackUnits, \.allocation.keepBackUnits, in: .allocation)
    keep(.atMostUnits, \.allocation.atMostUnits, in: .allocation)
    return row
  }
}

extension Marketplace: BatchRow {
  package static var codeField: String { "code" }
  package var malformed: [any Rejection] { [] }
}

/// What a marketplace calls a product of ours.
package struct MarketplaceProduct: Hashable, Sendable, BatchRow {
  /// Its own.
  package let externalSKU: String
  package let sku: String
  /// What it may offer of this one; nil for what the marketplace says.
  package let allocation: StockAllocation?

  package init(externalSKU: String, sku: String, allocation: StockAllocation? = nil) {
    self.externalSKU = externalSKU
    self.sku = sku
    self.allocation = allocation
  }

  package var code: String { externalSKU }
  package static var codeField: String { "external_sku" }
  package var malformed: [any Rejection] { [] }
}

/// Adds or changes marketplaces, row by row.
package struct UpsertMarketplaces: Sendable {
  package let rows: [Marketplace]
  /// What is taken for marketplaces that are there already; nil for all of it.
  package let fields: Set<Marketplace.Field>?

  package init(_ rows: [Marketplace], fields: Set<Marketplace.Field>? = nil) {
    self.rows = rows
    self.fields = fields
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "marketplaces", in: tx) { row, path in
      let stored = try MarketplaceTable.find(row.code, in: tx)
      var row = row
      if let stored, let fields { row = row.taking(fields, of: stored) }
      var check = FieldCheck(path)
      check.code(row.code, "code")
      if row.code.contains("/") {
        check.refuse(MasterDataRejection.invalidCode(field: path.field("code"), given: row.code))
      }
      check.text(row.name, "name", required: true)
      check.range(row.tolerance, "tolerance_micros", .zero ... .one)
      for word in row.words.values { check.text(word, "statuses", limit: 100, required: true) }
      check.allocation(row.allocation)
      if try Customers.seen(code: row.customerCode, in: tx) == nil {
        check.refuse(
          MasterDataRejection.unknownCustomer(
            field: path.field("customer_code"), code: row.customerCode
          ).ifNamed(row.customerCode))
      }
      if try Warehouses.find(code: row.warehouseCode, in: tx) == nil {
        check.refuse(
          MasterDataRejection.unknownWarehouse(
            field: path.field("warehouse_code"), code: row.warehouseCode
          ).ifNamed(row.warehouseCode))
      }
      try check.pass()
      guard stored != row else { return .unchanged }
      try MarketplaceTable.upsert(row, in: tx)
      tx.record(
        DomainEvent(
          "marketplace.set", DocumentReference(.masterData, "marketplace/\(row.code)"),
          [Fact("customer", row.customerCode), Fact("tolerance", row.tolerance)]))
      return stored == nil ? .created : .updated
    }
  }
}

/// Says what a marketplace calls our products, row by row.
package struct UpsertMarketplaceProducts: Sendable {
  package let marketplace: String
  package let rows: [MarketplaceProduct]

  package init(marketplace: String, _ rows: [MarketplaceProduct]) {
    self.marketplace = marketplace
    self.rows = rows
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    _ = try Marketplaces.require(marketplace, in: tx)
    let found = try Products.find(skus: Array(Set(rows.map(\.sku))), in: tx)
    let known = Set(found.compactMap { $0?.sku })
    return try Batch.run(rows, field: "products", in: tx) { row, path in
      var check = FieldCheck(path)
      check.text(row.externalSKU, "external_sku", limit: 100, required: true)
      if !known.contains(row.sku) {
        check.refuse(
          MasterDataRejection.unknownProduct(field: path.field("sku"), sku: row.sku)
            .ifNamed(row.sku))
      }
      if let allocation = row.allocation { check.allocation(allocation) }
      try check.pass()
      let stored = try MarketplaceTable.product(row.externalSKU, of: marketplace, in: tx)
      guard stored != row else { return .unchanged }
      try MarketplaceTable.upsert(row, at: marketplace, in: tx)
      tx.record(
        DomainEvent(
          "marketplace.product-set", DocumentReference(.masterData, "marketplace/\(marketplace)"),
          [Fact("external_sku", row.externalSKU), Fact("sku", row.sku)]))
      return stored == nil ? .created : .updated
    }
  }
}

/// Takes back what a marketplace calls products of ours.
package struct RemoveMarketplaceProducts: Sendable {
  private struct Named: BatchRow {
    let code: String
    static var codeField: String { "external_skus" }
    var malformed: [any Rejection] { [] }
  }

  package let marketplace: String
  package let externalSKUs: [String]

  package init(marketplace: String, _ externalSKUs: [String]) {
    self.marketplace = marketplace
    self.externalSKUs = externalSKUs
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    _ = try Marketplaces.require(marketplace, in: tx)
    return try Batch.run(
      externalSKUs.map { Named(code: $0) }, field: "external_skus", in: tx
    ) { row, _ in
      guard try MarketplaceTable.remove(row.code, from: marketplace, in: tx) else {
        return .unchanged
      }
      tx.record(
        DomainEvent(
          "marketplace.product-removed",
          DocumentReference(.masterData, "marketplace/\(marketplace)"),
          [Fact("external_sku", row.code)]))
      return .removed
    }
  }
}

/// Questions about marketplaces.
package enum Marketplaces {
  /// By code.
  package static func list(in snapshot: Snapshot) throws -> [Marketplace] {
    try MarketplaceTable.codes(in: snapshot).compactMap {
      try MarketplaceTable.find($0, in: snapshot)
    }
  }

  /// Refuses one that is not known.
  package static func require(
    _ code: String, field: String = "marketplace_code", in snapshot: Snapshot
  ) throws -> Marketplace {
    guard let found = try MarketplaceTable.find(code, in: snapshot) else {
      throw MarketplaceRejection.unknownMarketplace(field: field, code: code).ifNamed(code)
    }
    return found
  }

  /// What it calls our products, by its code, from the one after `externalSKU` on.
  package static func products(
    of marketplace: String, after externalSKU: String, limit: Int, in snapshot: Snapshot
  ) throws -> [MarketplaceProduct] {
    _ = try require(marketplace, in: snapshot)
    return try MarketplaceTable.products(
      of: marketplace, after: externalSKU, limit: limit, in: snapshot)
  }
}

/// What marketplaces refuse.
package enum MarketplaceRejection: Rejection, Hashable {
  case unknownMarketplace(field: String, code: String)
  case unknownSKU(field: String, marketplace: String, externalSKU: String)

  package var kind: RejectionKind { .notFound }

  package var reason: String {
    switch self {
    case .unknownMarketplace: "UNKNOWN_MARKETPLACE"
    case .unknownSKU: "UNKNOWN_MARKETPLACE_SKU"
    }
  }

  package var message: String {
    switch self {
    case .unknownMarketplace(_, let code): "There is no marketplace \(code)"
    case .unknownSKU(_, let marketplace, let externalSKU):
      "Nobody has said which product \(marketplace) calls \(externalSKU)"
    }
  }

  package var field: String? {
    switch self {
    case .unknownMarketplace(let field, _), .unknownSKU(let field, _, _): field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownMarketplace(_, let code): [Fact("code", code)]
    case .unknownSKU(_, let marketplace, let externalSKU):
      [Fact("marketplace", marketplace), Fact("external_sku", externalSKU)]
    }
  }
}
