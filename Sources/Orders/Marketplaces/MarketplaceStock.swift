private import Inventory
internal import MasterData
package import Storage
package import Values

/// What a marketplace was told that it may offer of one product.
package struct MarketplaceOffer: Hashable, Sendable {
  package let externalSKU: String
  package let sku: String
  package let unit: String
  package let quantity: Quantity
  /// When it was found to have changed.
  package let since: Instant
  /// Rises with each change at this marketplace.
  package let sequence: Int64
}

/// Questions about what marketplaces may offer. What one was told is kept, with a number that rises
/// with each change: who knows the number of the last change that he saw, misses none, and the
/// quantities of a marketplace that never asks cost nobody anything.
package enum MarketplaceStock {
  /// What it was told after a change, in the order of the changes. Refuses one that is not known,
  /// or whose warehouse is out of scope.
  package static func told(
    to marketplace: String, after sequence: Int64, limit: Int, in snapshot: Snapshot
  ) throws -> [MarketplaceOffer] {
    guard try MarketplaceTable.isInScope(marketplace, in: snapshot) else {
      throw MarketplaceRejection.unknownMarketplace(
        field: "marketplace_code", code: marketplace
      ).ifNamed(marketplace)
    }
    return try MarketplaceOfferTable.list(
      of: marketplace, after: sequence, limit: limit, in: snapshot)
  }

  /// Its codes of products of which it may offer something else than it was told, at most `limit`.
  package static func changed(
    at marketplace: Marketplace, on day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [String] {
    let told = try MarketplaceOfferTable.all(of: marketplace.code, in: snapshot)
    var named: Set<String> = []
    var changed: [String] = []
    var last = ""
    while true {
      let products = try MarketplaceTable.products(
        of: marketplace.code, after: last, limit: together, in: snapshot)
      guard let end = products.last else { break }
      last = end.externalSKU
      let now = try offers(of: products, at: marketplace, on: day, in: snapshot)
      for offer in now {
        named.insert(offer.externalSKU)
        if told[offer.externalSKU] != offer.told { changed.append(offer.externalSKU) }
        if changed.count == limit { return changed }
      }
    }
    // What it no longer has a name for, it is no longer to offer.
    let gone = told.filter { $0.value.quantity.isPositive && !named.contains($0.key) }
    return changed + gone.keys.sorted().prefix(limit - changed.count)
  }

  private static let together = 500

  fileprivate struct Offer {
    let externalSKU: String
    let unit: String
    let told: Told
  }

  /// What counts as a change of an offer.
  struct Told: Hashable {
    let sku: String
    let quantity: Quantity
  }

  fileprivate static func offers(
    of products: [MarketplaceProduct], at marketplace: Marketplace, on day: Day,
    in snapshot: Snapshot
  ) throws -> [Offer] {
    guard let warehouse = try Warehouses.find(code: marketplace.warehouseCode, in: snapshot) else {
      return []
    }
    let known = try Products.find(skus: products.map(\.sku), in: snapshot)
    return try zip(products, known).compactMap { named, product in
      guard let product else { return nil }
      let isSold =
        switch product.lifecycle?.phase(on: day) {
        case nil, .orderable, .whileStockLasts: true
        case .notYetOrderable, .noLongerOrderable, .noLongerServed: false
        }
      let quantity =
        isSold
        ? (named.allocation ?? marketplace.allocation).offer(
          of: product, free: try Availability.free(product, in: warehouse, in: snapshot))
        : .zero
      return Offer(
        externalSKU: named.externalSKU, unit: product.unit,
        told: Told(sku: product.sku, quantity: quantity))
    }
  }
}

/// Finds anew what a marketplace may offer of some products, and keeps what has changed. It follows
/// from stock and from what was said of the marketplace, and is no command of anybody.
package struct TellMarketplaceStock: Sendable {
  package let marketplace: String
  package let externalSKUs: [String]

  package init(_ marketplace: String, _ externalSKUs: [String]) {
    self.marketplace = marketplace
    self.externalSKUs = externalSKUs
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let marketplace = try Marketplaces.require(marketplace, in: tx)
    var sequence = try MarketplaceOfferTable.lastSequence(of: marketplace.code, in: tx)
    let named = try externalSKUs.compactMap {
      try MarketplaceTable.product($0, of: marketplace.code, in: tx)
    }
    let offers = Dictionary(
      try MarketplaceStock.offers(of: named, at: marketplace, on: now.day, in: tx)
        .map { ($0.externalSKU, $0) }, uniquingKeysWith: { $1 })
    for externalSKU in externalSKUs {
      let told = try MarketplaceOfferTable.find(externalSKU, of: marketplace.code, in: tx)
      let offer = offers[externalSKU]
      let next =
        offer?.told ?? told.map { MarketplaceStock.Told(sku: $0.sku, quantity: .zero) }
      guard let next, next != told.map({ .init(sku: $0.sku, quantity: $0.quantity) }) else {
        continue
      }
      sequence += 1
      try MarketplaceOfferTable.upsert(
        MarketplaceOffer(
          externalSKU: externalSKU, sku: next.sku, unit: offer?.unit ?? told?.unit ?? "",
          quantity: next.quantity, since: now.instant, sequence: sequence),
        of: marketplace.code, in: tx)
    }
  }
}

/// All SQL of `marketplace_offer`. A row stays when its product is no longer named: the marketplace
/// may not have asked since.
private enum MarketplaceOfferTable {
  static func find(
    _ externalSKU: String, of marketplace: String, in snapshot: Snapshot
  ) throws -> MarketplaceOffer? {
    try snapshot.first(
      """
      SELECT external_sku, sku, unit, quantity, since, sequence FROM marketplace_offer
      WHERE marketplace_code = ? AND external_sku = ?
      """, marketplace, externalSKU, map: offer)
  }

  static func all(
    of marketplace: String, in snapshot: Snapshot
  ) throws -> [String: MarketplaceStock.Told] {
    var told: [String: MarketplaceStock.Told] = [:]
    try snapshot.forEach(
      "SELECT external_sku, sku, quantity FROM marketplace_offer WHERE marketplace_code = ?",
      marketplace
    ) { row in
      told[row.text(0)] = MarketplaceStock.Told(sku: row.text(1), quantity: row.quantity(2))
    }
    return told
  }

  static func list(
    of marketplace: String, after sequence: Int64, limit: Int, in snapshot: Snapshot
  ) throws -> [MarketplaceOffer] {
    try snapshot.all(
      """
      SELECT external_sku, sku, unit, quantity, since, sequence FROM marketplace_offer
      WHERE marketplace_code = ? AND sequence > ? ORDER BY sequence LIMIT ?
      """, marketplace, sequence, limit, map: offer)
  }

  static func lastSequence(of marketplace: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT sequence FROM marketplace_offer WHERE marketplace_code = ?
      ORDER BY sequence DESC LIMIT 1
      """, marketplace
    ) { $0.int64(0) } ?? 0
  }

  static func upsert(
    _ offer: MarketplaceOffer, of marketplace: String, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO marketplace_offer (
        marketplace_code, external_sku, sku, unit, quantity, since, sequence)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (marketplace_code, external_sku) DO UPDATE SET sku = excluded.sku,
        unit = excluded.unit, quantity = excluded.quantity, since = excluded.since,
        sequence = excluded.sequence
      """, marketplace, offer.externalSKU, offer.sku, offer.unit, offer.quantity, offer.since,
      offer.sequence)
  }

  private static func offer(_ row: Row) -> MarketplaceOffer {
    MarketplaceOffer(
      externalSKU: row.text(0), sku: row.text(1), unit: row.text(2), quantity: row.quantity(3),
      since: row.instant(4), sequence: row.int64(5))
  }
}
