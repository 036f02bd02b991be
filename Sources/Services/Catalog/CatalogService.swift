internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import RPC
internal import Values

/// joinery.catalog.v1: messages to the verbs and questions of MasterData.
struct CatalogService: CatalogV1.CatalogService {
  let commands: CommandLog
  let questions: Questions

  func upsertProducts(
    _ request: CatalogV1.UpsertProductsRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertProductsResponse {
    var reader = RequestReader()
    let fields: Set<ProductDraft.Field>? = reader.fields(request.updateMask, "update_mask")
    try FailureStatus.refusing { try reader.check() }
    let verb = UpsertProducts(
      request.products.enumerated().map { ProductDraft($1, row: $0) }, fields: fields)
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func getProduct(
    _ request: CatalogV1.GetProductRequest, context: CallContext
  ) async throws -> CatalogV1.GetProductResponse {
    try await questions.ask(context) { snapshot in
      let product = try Products.require(sku: request.sku, field: "sku", in: snapshot)
      return .init(product: CatalogV1.Product(product))
    }
  }

  func listProducts(
    _ request: CatalogV1.ListProductsRequest, context: CallContext
  ) async throws -> CatalogV1.ListProductsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["products", request.prefix])
    return try await questions.ask(context) { snapshot in
      let found = try Products.search(
        prefix: request.prefix, after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.sku] }
      return .init(products: rows.map { CatalogV1.Product($0) }, nextPageToken: next)
    }
  }

  func upsertSubstitutes(
    _ request: CatalogV1.UpsertSubstitutesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertSubstitutesResponse {
    let verb = UpsertSubstitutes(
      request.substitutes.enumerated().map { SubstituteDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listSubstitutes(
    _ request: CatalogV1.ListSubstitutesRequest, context: CallContext
  ) async throws -> CatalogV1.ListSubstitutesResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      let product = try Products.require(sku: request.sku, field: "sku", in: snapshot)
      return .init(
        substitutes: try Substitutes.of(product, on: day, in: snapshot).map { .init($0) })
    }
  }

  func upsertWarehouses(
    _ request: CatalogV1.UpsertWarehousesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertWarehousesResponse {
    let verb = UpsertWarehouses(request.warehouses.map { WarehouseDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listWarehouses(
    _ request: CatalogV1.ListWarehousesRequest, context: CallContext
  ) async throws -> CatalogV1.ListWarehousesResponse {
    try await questions.ask(context) { snapshot in
      .init(
        warehouses: try Warehouses.list(limit: 1_000, in: snapshot).map { CatalogV1.Warehouse($0) })
    }
  }

  func upsertPriceLists(
    _ request: CatalogV1.UpsertPriceListsRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertPriceListsResponse {
    let verb = UpsertPriceLists(
      request.priceLists.enumerated().map { PriceListDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func upsertPrices(
    _ request: CatalogV1.UpsertPricesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertPricesResponse {
    let verb = UpsertPrices(request.prices.enumerated().map { PriceDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func getPrice(
    _ request: CatalogV1.GetPriceRequest, context: CallContext
  ) async throws -> CatalogV1.GetPriceResponse {
    var reader = RequestReader()
    let quantity = request.quantity.map { GivenQuantity($0) } ?? GivenQuantity(.one)
    let day = reader.day(request.day, "day") ?? commands.clock.moment().day
    let channel = reader.choice(
      Channel(request.channel), request.channel.rawValue, "channel", required: false)
    let currency =
      request.currencyCode.isEmpty ? nil : reader.currency(request.currencyCode, "currency_code")
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      let product = try Products.require(sku: request.sku, field: "sku", in: snapshot)
      var check = FieldCheck(.request)
      let base = quantity.read(&check, "quantity", of: product)
      try check.pass()
      let customer = try Customers.require(
        code: request.customerCode, field: "customer_code", in: snapshot)
      if let currency, !customer.trades(in: currency) {
        throw CurrencyRejection.notTraded(
          field: "currency_code", given: currency, customer: customer.code,
          traded: customer.currency)
      }
      guard
        let price = try Prices.price(
          of: product, for: customer, by: channel, quantity: base ?? .one, as: currency, on: day,
          in: snapshot)
      else {
        throw RequestRejection.noPrice(
          sku: product.sku, customer: customer.code, currency: currency ?? customer.currency,
          day: day)
      }
      return .init(
        unitPrice: TypeV1.UnitPrice(price.unitPrice), priceListCode: price.listCode,
        explanation: .init(price.explanation), taxIncluded: price.isTaxIncluded)
    }
  }

  func upsertTaxRates(
    _ request: CatalogV1.UpsertTaxRatesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertTaxRatesResponse {
    let verb = UpsertTaxRates(request.taxRates.enumerated().map { TaxRateDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func upsertExchangeRates(
    _ request: CatalogV1.UpsertExchangeRatesRequest, context: CallContext
  ) async throws -> CatalogV1.UpsertExchangeRatesResponse {
    let verb = UpsertExchangeRates(
      request.exchangeRates.enumerated().map { ExchangeRateDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func getExchangeRate(
    _ request: CatalogV1.GetExchangeRateRequest, context: CallContext
  ) async throws -> CatalogV1.GetExchangeRateResponse {
    var reader = RequestReader()
    let currency = reader.currency(request.currencyCode, "currency_code")
    let day = reader.day(request.day, "day") ?? commands.clock.moment().day
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      .init(
        exchangeRate: .init(
          try ExchangeRates.require(currency, on: day, field: "currency_code", in: snapshot)))
    }
  }

  func listExchangeRates(
    _ request: CatalogV1.ListExchangeRatesRequest, context: CallContext
  ) async throws -> CatalogV1.ListExchangeRatesResponse {
    var reader = RequestReader()
    let currency =
      request.currencyCode.isEmpty ? nil : reader.currency(request.currencyCode, "currency_code")
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 2,
      question: ["exchange-rates", request.currencyCode])
    return try await questions.ask(context) { snapshot in
      let after = page.row(1).map { day in
        (currency: page.after?[0] ?? "", day: Day(daysSinceEpoch: Int32(clamping: day)))
      }
      let found = try ExchangeRates.list(
        of: currency, after: after, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) {
        [$0.rate.currency.code, String($0.validFrom.daysSinceEpoch)]
      }
      return .init(exchangeRates: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func getCompany(
    _ request: CatalogV1.GetCompanyRequest, context: CallContext
  ) async throws -> CatalogV1.GetCompanyResponse {
    try await questions.ask(context) {
      .init(company: CatalogV1.Company(try Companies.current(in: $0)))
    }
  }

  func configureCompany(
    _ request: CatalogV1.ConfigureCompanyRequest, context: CallContext
  ) async throws -> CatalogV1.ConfigureCompanyResponse {
    let wanted = request.company ?? .init()
    guard wanted.timeZone.isEmpty || SiteClock.knows(zone: wanted.timeZone) else {
      throw RejectionStatus.status(of: [
        MasterDataRejection.unknownTimeZone(
          field: "company.time_zone", given: String(wanted.timeZone.prefix(60)))
      ])
    }
    var reader = RequestReader()
    let alone = reader.money(wanted.creditLimitAlone, "company.credit_limit_alone")
    try FailureStatus.refusing { try reader.check() }
    let verb = ConfigureCompany(
      name: wanted.name, baseCurrencyCode: wanted.baseCurrencyCode, timeZone: wanted.timeZone,
      creditLimitAlone: alone, convertsPrices: wanted.convertsPrices,
      gs1Prefix: wanted.gs1Prefix,
      by: try CallerMetadata.caller(context).name)
    let reply: CatalogV1.ConfigureCompanyResponse = try await commands.run(request, context) {
      tx, command in
      .init(company: CatalogV1.Company(try verb.run(in: tx, at: command.moment)))
    }
    try await commands.clock.follow(questions)
    return reply
  }
}
