internal import MasterData
internal import Messages
internal import Values

// Products, warehouses and prices: messages to drafts and nouns to messages.

extension ProductDraft {
  init(_ message: CatalogV1.Product, row: Int) {
    var reader = RequestReader(row: "products[\(row)]")
    self.init(
      sku: message.sku, name: message.name, nameEnglish: message.nameEnglish,
      kind: reader.choice(
        ProductKind(message.kind), message.kind.rawValue, "kind", required: false),
      unit: message.unitCode, taxClass: message.taxClass,
      weightGrams: message.weightGrams,
      volumeCubicCentimetres: message.volumeCubicCentimetres, expectedVersion: message.version)
    description = message.description
    descriptionEnglish = message.descriptionEnglish
    size = ProductSize(length: message.lengthMm, width: message.widthMm, height: message.heightMm)
    productClass = message.productClass
    hsCode = message.hsCode
    origin = message.originCountryCode
    netWeightGrams = message.netWeightGrams
    malformed = reader.found
  }
}

extension ProductKind {
  init?(_ message: CatalogV1.ProductKind) {
    switch message {
    case .stocked: self = .stocked
    case .madeToOrder: self = .madeToOrder
    case .rawMaterial: self = .rawMaterial
    case .service: self = .service
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: CatalogV1.ProductKind {
    switch self {
    case .stocked: .stocked
    case .madeToOrder: .madeToOrder
    case .rawMaterial: .rawMaterial
    case .service: .service
    }
  }
}

extension CatalogV1.Product {
  init(_ product: Product) {
    self.init(
      sku: product.sku, name: product.name, nameEnglish: product.nameEnglish,
      kind: product.kind.message, unitCode: product.unit, taxClass: product.taxClass,
      version: product.version, weightGrams: product.weightGrams,
      volumeCubicCentimetres: product.volumeCubicCentimetres,
      description: product.description.isEmpty ? nil : product.description,
      descriptionEnglish: product.descriptionEnglish.isEmpty ? nil : product.descriptionEnglish,
      lengthMm: product.size.length, widthMm: product.size.width, heightMm: product.size.height,
      productClass: product.productClass.isEmpty ? nil : product.productClass,
      hsCode: product.customs.hsCode.isEmpty ? nil : product.customs.hsCode,
      originCountryCode: product.customs.origin.isEmpty ? nil : product.customs.origin,
      netWeightGrams: product.customs.netWeightGrams)
  }
}

extension WarehouseDraft {
  init(_ message: CatalogV1.Warehouse) {
    self.init(code: message.code, name: message.name, expectedVersion: message.version)
  }
}

extension CatalogV1.Warehouse {
  init(_ warehouse: Warehouse) {
    self.init(code: warehouse.code, name: warehouse.name, version: warehouse.version)
  }
}

extension PriceListDraft {
  init(_ message: CatalogV1.PriceList, row: Int) {
    var reader = RequestReader(row: "price_lists[\(row)]")
    self.init(
      code: message.code, name: message.name, customerClass: message.customerClass,
      customerCode: message.customerCode,
      channel: reader.choice(
        Channel(message.channel), message.channel.rawValue, "channel", required: false),
      priority: Int(message.priority),
      breaks: reader.choice(PriceBreaks(message.breaks), message.breaks.rawValue, "breaks")
        ?? .slab,
      countsAcrossLines: message.countsAcrossLines, isTaxIncluded: message.taxIncluded,
      currencyCode: message.currencyCode)
    malformed = reader.found
  }
}

extension PriceBreaks {
  /// Nil for a kind that is not known.
  init?(_ message: CatalogV1.PriceBreaks) {
    switch message {
    case .slab, .unspecified: self = .slab
    case .graduated: self = .graduated
    case .unrecognized: return nil
    }
  }
}

extension PriceDraft {
  init(_ message: CatalogV1.Price, row: Int) {
    var reader = RequestReader(row: "prices[\(row)]")
    if message.model != nil {
      if message.unitPrice != nil {
        reader.refuse(.notBoth("prices[\(row)].unit_price", and: "model"))
      }
      if !message.unitCode.isEmpty {
        reader.refuse(.notBoth("prices[\(row)].unit_code", and: "model"))
      }
    }
    self.init(
      list: message.priceListCode, sku: message.sku,
      unitPrice: reader.unitPrice(message.unitPrice, "unit_price"),
      model: message.model.map { ModelTerms($0, &reader) }, unit: message.unitCode,
      minimumQuantity: reader.quantity(message.minimumQuantity) ?? .zero,
      minimumUnit: message.minimumQuantity?.unitCode ?? "",
      validFrom: reader.day(message.validFrom, "valid_from"),
      validUntil: reader.day(message.validUntil, "valid_until"))
    malformed = reader.found
  }
}

extension ModelTerms {
  fileprivate init(_ message: CatalogV1.ModelTerms, _ reader: inout RequestReader) {
    let parts = message.parts.enumerated().map { index, part in
      let field = "model.parts[\(index)]"
      _ = reader.text(part.partCode, "\(field).part_code", 1...40)
      let rule: Rule
      switch part.price {
      case .shareMicros(let share): rule = .share(Rate(micros: share))
      case .amount(let amount):
        rule = .amount(
          reader.unitPrice(amount, "\(field).amount") ?? UnitPrice(micros: 0, currency: .cny))
      case nil:
        _ = reader.text("", "\(field).price", 1...1)
        rule = .share(.one)
      }
      return Part(code: part.partCode, rule: rule)
    }
    self.init(share: message.shareMicros.map { Rate(micros: $0) } ?? .one, parts: parts)
  }
}

extension TaxRateDraft {
  init(_ message: CatalogV1.TaxRate, row: Int) {
    var reader = RequestReader(row: "tax_rates[\(row)]")
    self.init(
      taxClass: message.taxClass, rate: Rate(micros: message.rateMicros),
      validFrom: reader.day(message.validFrom, "valid_from"))
    malformed = reader.found
  }
}

extension ExchangeRateDraft {
  init(_ message: CatalogV1.DatedExchangeRate, row: Int) {
    var reader = RequestReader(row: "exchange_rates[\(row)]")
    let rate = message.rate ?? .init()
    self.init(
      currencyCode: rate.currencyCode, baseCurrencyCode: rate.baseCurrencyCode,
      micros: rate.micros, units: Int64(rate.units),
      validFrom: reader.day(message.validFrom, "valid_from"), source: message.source)
    malformed = reader.found
  }
}

extension CatalogV1.DatedExchangeRate {
  init(_ dated: DatedExchangeRate) {
    self.init(
      rate: TypeV1.ExchangeRate(dated.rate), validFrom: GoogleType.Date(dated.validFrom),
      source: dated.source)
  }
}

extension CatalogV1.Company {
  init(_ company: Company) {
    self.init(
      name: company.name, baseCurrencyCode: company.baseCurrency.code, timeZone: company.timeZone,
      creditLimitAlone: company.creditLimitAlone.map { TypeV1.Money($0) },
      convertsPrices: company.convertsPrices, gs1Prefix: company.gs1Prefix)
  }
}

extension SubstituteDraft {
  init(_ message: CatalogV1.Substitute, row: Int) {
    var reader = RequestReader(row: "substitutes[\(row)]")
    self.init(
      sku: message.sku, substituteSKU: message.substituteSku, rank: Int(message.rank),
      quantity: reader.quantity(message.quantity),
      validFrom: reader.day(message.validFrom, "valid_from"),
      validUntil: reader.day(message.validUntil, "valid_until"), note: message.note)
    malformed = reader.found
  }
}

extension CatalogV1.Substitute {
  init(_ substitute: Substitute) {
    self.init(
      sku: substitute.sku, substituteSku: substitute.substituteSKU, rank: Int32(substitute.rank),
      quantity: TypeV1.Quantity(micros: substitute.quantity.micros),
      validFrom: GoogleType.Date(substitute.validFrom),
      validUntil: substitute.validUntil.map { GoogleType.Date($0) }, note: substitute.note)
  }
}
