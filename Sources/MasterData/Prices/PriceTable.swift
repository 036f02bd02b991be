import Storage
import Values

/// All SQL of `price`.
enum PriceTable {
  /// Every price of each product that fits whatever the quantity, in no order: in the currency, and
  /// with a rate those in its base currency as well.
  static func offers(
    of products: [ID<Product>], for customer: Customer, by channel: Channel?, on day: Day,
    in currency: Currency, orConvertedBy rate: ExchangeRate?, in snapshot: Snapshot
  ) throws -> [ID<Product>: [PriceOffer]] {
    var offers: [ID<Product>: [PriceOffer]] = [:]
    try snapshot.forEach(
      """
      SELECT p.unit_price_micros, p.currency, l.code, l.customer_code, l.customer_class,
        l.priority, p.minimum_quantity_micros, p.valid_from, l.breaks, l.across_lines,
        l.tax_included, p.product_id, p.pack_unit, p.pack_price_micros, p.pack_base_micros,
        p.pack_quantity_micros, p.model_terms
      FROM json_each(?) AS wanted
      CROSS JOIN price AS p ON p.product_id = wanted.value
      JOIN price_list AS l ON l.id = p.price_list_id
      WHERE p.valid_from <= ? AND (p.valid_until IS NULL OR p.valid_until >= ?)
        AND (p.currency = ? OR p.currency = ?)
        AND (l.channel IS NULL OR l.channel = ?)
        AND (l.code = ? OR l.customer_code = ?
          OR (l.customer_code IS NULL AND (l.customer_class IS NULL OR l.customer_class = ?)))
      """, ValueList(products), day, day, currency, rate?.base ?? currency, channel,
      customer.priceList, customer.code,
      customer.customerClass
    ) { row in
      let code = row.text(2)
      let scope: PriceOffer.Scope =
        row.optionalText(3) == customer.code
        ? .contract
        : code == customer.priceList ? .customer : row.isNull(4) ? .everybody : .customerClass
      let unitPrice = row.unitPrice(0, 1)
      let pack = pack(row, from: 12)
      let conversion = rate.flatMap {
        unitPrice.currency == $0.base ? Conversion(of: pack?.price ?? unitPrice, by: $0) : nil
      }
      let model = try row.optionalText(16).map {
        Shared(try ModelTerms(storedText: $0, unitPrice.currency))
      }
      offers[row.id(11), default: []].append(
        PriceOffer(
          unitPrice: try conversion?.rate.converted(unitPrice) ?? unitPrice,
          pack: try (conversion.map { try pack?.converted(by: $0.rate) } ?? pack).map {
            Shared($0)
          }, conversion: conversion.map { Shared($0) },
          model: model, listCode: code, scope: scope,
          priority: row.int64(5),
          minimumQuantity: row.quantity(6), validFrom: row.day(7), breaks: try row.value(8),
          countsAcrossLines: row.bool(9), isTaxIncluded: model == nil && row.bool(10)))
    }
    return offers
  }

  /// The stored price of the same key.
  static func find(_ price: Price, in snapshot: Snapshot) throws -> Price? {
    try snapshot.first(
      """
      SELECT unit_price_micros, currency, valid_until, pack_unit, pack_price_micros,
        pack_base_micros, pack_quantity_micros, model_terms
      FROM price
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND valid_from = ?
      """, price.product, price.list, price.minimumQuantity, price.validFrom
    ) { row in
      Price(
        list: price.list, product: price.product, unitPrice: row.unitPrice(0, 1),
        pack: pack(row, from: 3),
        model: try row.optionalText(7).map {
          try ModelTerms(storedText: $0, row.unitPrice(0, 1).currency)
        }, minimumQuantity: price.minimumQuantity, validFrom: price.validFrom,
        validUntil: row.optionalDay(2))
    }
  }

  /// The period of another price of the same list, product and minimum quantity that shares a day
  /// with `price`.
  static func overlap(
    with price: Price, in snapshot: Snapshot
  ) throws -> (from: Day, until: Day?)? {
    try snapshot.first(
      """
      SELECT valid_from, valid_until FROM price
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND valid_from <> ? AND valid_from <= ? AND (valid_until IS NULL OR valid_until >= ?)
      ORDER BY valid_from LIMIT 1
      """, price.product, price.list, price.minimumQuantity, price.validFrom, price.lastDay,
      price.validFrom
    ) { ($0.day(0), $0.optionalDay(1)) }
  }

  /// By sku and minimum quantity: the unit prices that hold on a day, behind a sku and minimum
  /// quantity.
  static func entries(
    of list: ID<PriceList>, on day: Day, after sku: String, _ minimum: Quantity?, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PriceLists.Entry] {
    try snapshot.all(
      """
      SELECT p.product_id, p.minimum_quantity_micros, p.valid_from, p.valid_until,
        p.unit_price_micros, p.currency, p.pack_unit, p.pack_price_micros, p.pack_base_micros,
        p.pack_quantity_micros, r.sku
      FROM product AS r CROSS JOIN price AS p ON p.product_id = r.id AND p.price_list_id = ?
      WHERE r.sku >= ? AND (r.sku > ? OR p.minimum_quantity_micros > ?)
        AND p.valid_from <= ? AND (p.valid_until IS NULL OR p.valid_until >= ?)
        AND p.model_terms IS NULL
      ORDER BY r.sku, p.minimum_quantity_micros LIMIT ?
      """, list, sku, sku, minimum ?? Quantity(micros: .max), day, day, limit
    ) { PriceLists.Entry(sku: $0.text(10), price: price($0, in: list)) }
  }

  static func price(
    of product: ID<Product>, in list: ID<PriceList>, from minimum: Quantity, on day: Day,
    in snapshot: Snapshot
  ) throws -> Price? {
    try snapshot.first(
      """
      SELECT product_id, minimum_quantity_micros, valid_from, valid_until, unit_price_micros,
        currency, pack_unit, pack_price_micros, pack_base_micros, pack_quantity_micros
      FROM price
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND valid_from <= ? AND (valid_until IS NULL OR valid_until >= ?)
        AND model_terms IS NULL
      """, product, list, minimum, day, day
    ) { price($0, in: list) }
  }

  private static func price(_ row: Row, in list: ID<PriceList>) -> Price {
    let unitPrice = row.unitPrice(4, 5)
    return Price(
      list: list, product: row.id(0), unitPrice: unitPrice,
      pack: row.optionalText(6).map { unit in
        PackPrice(
          unit: unit, price: row.unitPrice(7, 5), base: row.quantity(8), quantity: row.quantity(9))
      },
      minimumQuantity: row.quantity(1), validFrom: row.day(2), validUntil: row.optionalDay(3))
  }

  static func hasPrices(of list: ID<PriceList>, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM price WHERE price_list_id = ? LIMIT 1", list, map: { _ in true }) ?? false
  }

  static func isEmpty(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM price LIMIT 1", map: { _ in true }) == nil
  }

  static func insert(_ price: Price, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO price (product_id, price_list_id, minimum_quantity_micros, valid_from,
        valid_until, unit_price_micros, currency, pack_unit, pack_price_micros, pack_base_micros,
        pack_quantity_micros, model_terms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, price.product, price.list, price.minimumQuantity, price.validFrom, price.validUntil,
      price.unitPrice.micros, price.unitPrice.currency, price.pack?.unit,
      price.pack?.price.micros, price.pack?.base, price.pack?.quantity, price.model?.storedText)
  }

  /// Columns from there on; the currency is that of the unit price, in the second.
  private static func pack(_ row: Row, from column: Int) -> PackPrice? {
    guard let unit = row.optionalText(column) else { return nil }
    return PackPrice(
      unit: unit, price: row.unitPrice(column + 1, 1), base: row.quantity(column + 2),
      quantity: row.quantity(column + 3))
  }

  static func update(_ price: Price, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE price SET valid_until = ?, unit_price_micros = ?, currency = ?, pack_unit = ?,
        pack_price_micros = ?, pack_base_micros = ?, pack_quantity_micros = ?, model_terms = ?
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND valid_from = ?
      """, price.validUntil, price.unitPrice.micros, price.unitPrice.currency, price.pack?.unit,
      price.pack?.price.micros, price.pack?.base, price.pack?.quantity, price.model?.storedText,
      price.product, price.list,
      price.minimumQuantity, price.validFrom)
  }
}
