private import Crypto
internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: marketplaces that sell for us.
struct MarketplaceService: OrdersV1.MarketplaceService {
  let commands: CommandLog
  let questions: Questions
  let clock: SiteClock

  /// Orders, and lines of them together, that one command takes: a till waits for no more.
  static let orderLimit = 25
  static let lineLimit = 500

  func upsertMarketplaces(
    _ request: OrdersV1.UpsertMarketplacesRequest, context: CallContext
  ) async throws -> OrdersV1.UpsertMarketplacesResponse {
    var reader = RequestReader()
    let fields: Set<Marketplace.Field>? = reader.fields(request.updateMask, "update_mask")
    let verb = UpsertMarketplaces(
      request.marketplaces.enumerated().map { index, row in
        Marketplace(row, &reader, field: "marketplaces[\(index)]")
      }, fields: fields)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listMarketplaces(
    _ request: OrdersV1.ListMarketplacesRequest, context: CallContext
  ) async throws -> OrdersV1.ListMarketplacesResponse {
    try await questions.ask(context) { snapshot in
      .init(marketplaces: try Marketplaces.list(in: snapshot).map { .init($0) })
    }
  }

  func upsertMarketplaceProducts(
    _ request: OrdersV1.UpsertMarketplaceProductsRequest, context: CallContext
  ) async throws -> OrdersV1.UpsertMarketplaceProductsResponse {
    let verb = UpsertMarketplaceProducts(
      marketplace: request.marketplaceCode,
      request.products.map {
        .init(
          externalSKU: $0.externalSku, sku: $0.sku,
          allocation: $0.allocation.map { StockAllocation($0) })
      })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listMarketplaceProducts(
    _ request: OrdersV1.ListMarketplaceProductsRequest, context: CallContext
  ) async throws -> OrdersV1.ListMarketplaceProductsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["marketplace products", request.marketplaceCode])
    return try await questions.ask(context) { snapshot in
      let found = try Marketplaces.products(
        of: request.marketplaceCode, after: page.after?.first ?? "", limit: page.limit,
        in: snapshot)
      let (rows, next) = page.cut(found) { [$0.externalSKU] }
      return .init(
        products: rows.map {
          .init(
            externalSku: $0.externalSKU, sku: $0.sku, allocation: $0.allocation.map { .init($0) })
        }, nextPageToken: next)
    }
  }

  func removeMarketplaceProducts(
    _ request: OrdersV1.RemoveMarketplaceProductsRequest, context: CallContext
  ) async throws -> OrdersV1.RemoveMarketplaceProductsResponse {
    let verb = RemoveMarketplaceProducts(
      marketplace: request.marketplaceCode, request.externalSkus)
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listMarketplaceStock(
    _ request: OrdersV1.ListMarketplaceStockRequest, context: CallContext
  ) async throws -> OrdersV1.ListMarketplaceStockResponse {
    var reader = RequestReader()
    let size = reader.pageSize(request.pageSize, ifAbsent: Self.stockLimit)
    try FailureStatus.refusing { try reader.check() }
    let code = request.marketplaceCode
    let place = try StockPlace(request.resumeToken, of: code)
    let told = { @Sendable (snapshot: Snapshot) in
      _ = try place.log.confirmed(in: snapshot)
      return (
        offers: try MarketplaceStock.told(
          to: code, after: place.sequence, limit: size + 1, in: snapshot),
        head: try CommandTable.head(in: snapshot)
      )
    }
    var page = try await questions.ask(context, told)
    var isAll = page.offers.count <= size
    if isAll {
      // What it was told before has all gone out: what is not so any more?
      let today = clock.moment()
      let changed = try await questions.askForServer { snapshot in
        try MarketplaceStock.changed(
          at: Marketplaces.require(code, in: snapshot), on: today.day,
          limit: Self.stockLimit + 1, in: snapshot)
      }
      if !changed.isEmpty {
        let verb = TellMarketplaceStock(code, Array(changed.prefix(Self.stockLimit)))
        try await FailureStatus.translating {
          try await questions.database.write { try verb.run(in: $0, at: today) }
        }
        page = try await questions.ask(context, told)
        isAll = page.offers.count <= size && changed.count <= Self.stockLimit
      }
    }
    let rows = page.offers.prefix(size)
    let reached = StockPlace(
      sequence: rows.last?.sequence ?? place.sequence,
      log: ResumeToken(EventPosition(after: page.head.sequence), hash: page.head.hash))
    return .init(
      rows: rows.map { .init($0) }, resumeToken: reached.token(of: code), caughtUp: isAll)
  }

  /// Rows of stock on a page, and found anew for one: the writer is held for no more.
  private static let stockLimit = 500

  func takeMarketplaceOrders(
    _ request: OrdersV1.TakeMarketplaceOrdersRequest, context: CallContext
  ) async throws -> OrdersV1.TakeMarketplaceOrdersResponse {
    var reader = RequestReader()
    _ = reader.count(request.orders.count, "orders", 1...Self.orderLimit)
    _ = reader.count(request.orders.reduce(0) { $0 + $1.lines.count }, "orders", 0...Self.lineLimit)
    try FailureStatus.refusing { try reader.check() }
    let caller = try CallerMetadata.caller(context)
    let marketplace = request.marketplaceCode
    let rows = request.orders.enumerated().map { index, order in
      ImportedRow(order, number: Int64(index + 1), of: marketplace, by: caller)
    }
    return try await commands.run(
      request, context,
      preparing: { snapshot, now in rows.map { $0.prepared(in: snapshot, at: now) } }
    ) { (tx, command, found: [Result<PreparedOrder, any Error>]) in
      _ = try Marketplaces.require(marketplace, in: tx)
      let done = try ImportWork(rows: Array(zip(rows, found)), allVerdicts: true)
        .oneByOne(in: tx, at: command.moment)
      return .init(verdicts: done.verdicts, counts: done.counts)
    }
  }

  func listMarketplaceOrders(
    _ request: OrdersV1.ListMarketplaceOrdersRequest, context: CallContext
  ) async throws -> OrdersV1.ListMarketplaceOrdersResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["marketplace orders", request.marketplaceCode])
    return try await questions.ask(context) { snapshot in
      let marketplace = try Marketplaces.require(request.marketplaceCode, in: snapshot)
      let found = try MarketplaceOrders.list(
        of: marketplace, after: page.after?.first ?? "", limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.orderID] }
      return .init(
        orders: rows.map { status in
          .init(
            orderId: status.orderID, orderNumber: status.number, state: status.state.message,
            word: marketplace.word(for: status.state), carrier: status.carrier,
            trackingNumber: status.trackingNumber)
        }, nextPageToken: next)
    }
  }
}

/// How far a marketplace knows what it may offer: up to a change, in a database whose log has come
/// so far.
private struct StockPlace {
  let sequence: Int64
  let log: ResumeToken

  init(sequence: Int64, log: ResumeToken) {
    self.sequence = sequence
    self.log = log
  }

  /// From the beginning where the token is empty.
  init(_ token: String, of marketplace: String) throws {
    let keys: [String]?
    do {
      keys = try PageToken.read(token, keys: 2, question: Self.question(marketplace))
    } catch { throw RejectionStatus.status(of: [WatchRejection.tokenInvalid]) }
    guard let keys else {
      self.init(
        sequence: 0, log: ResumeToken(EventPosition(after: 0), hash: AuditHash.genesis))
      return
    }
    guard let sequence = Int64(keys[0]), let log = ResumeToken(keys[1]) else {
      throw RejectionStatus.status(of: [WatchRejection.tokenInvalid])
    }
    self.init(sequence: sequence, log: log)
  }

  func token(of marketplace: String) -> String {
    PageToken.make(["\(sequence)", log.text], question: Self.question(marketplace))
  }

  private static func question(_ marketplace: String) -> [String] {
    ["marketplace stock", marketplace]
  }
}

extension StockAllocation {
  fileprivate init(_ message: OrdersV1.StockAllocation) {
    self.init(
      share: Rate(micros: message.shareMicros), keepBackUnits: message.keepBackUnits,
      atMostUnits: message.atMostUnits)
  }
}

extension OrdersV1.StockAllocation {
  fileprivate init(_ allocation: StockAllocation) {
    self.init(
      shareMicros: allocation.share.micros, keepBackUnits: allocation.keepBackUnits,
      atMostUnits: allocation.atMostUnits)
  }
}

extension OrdersV1.MarketplaceStock {
  fileprivate init(_ offer: MarketplaceOffer) {
    self.init(
      externalSku: offer.externalSKU, sku: offer.sku,
      quantity: TypeV1.Quantity(offer.quantity, offer.unit), since: .init(offer.since))
  }
}

extension ImportedRow {
  /// As a marketplace tells of it.
  init(
    _ order: OrdersV1.MarketplaceOrder, number: Int64, of marketplace: String, by caller: Caller
  ) {
    let read = Result { try MarketplaceOrder(order) }
    self.number = number
    externalID = order.orderId
    self.order = MarketplaceOrder.identity(
      of: order.orderId, at: marketplace,
      fingerprint: Array(SHA256.hash(data: order.encoded()).prefix(16)), by: caller.name)
    warehouse = ""
    prepare = { now, snapshot in
      try read.get().prepared(
        for: marketplace, by: caller.name, roles: caller.roles, in: snapshot, at: now)
    }
  }
}

extension MarketplaceOrder {
  fileprivate init(_ order: OrdersV1.MarketplaceOrder) throws {
    var reader = RequestReader()
    let requestedOn = reader.day(order.requestedOn, "order.requested_on")
    let lines = order.lines.enumerated().map { index, line in
      Line(
        externalSKU: line.externalSku, quantity: GivenQuantity(line.quantity),
        unitPrice: reader.unitPrice(line.unitPrice, "order.lines[\(index)].unit_price"))
    }
    let instructions = reader.instructions(order.instructions, "order")
    try reader.check()
    self.init(
      orderID: order.orderId, lines: lines,
      place: order.address.map { address in
        Place(
          recipient: address.recipient, phone: address.phone,
          region: Region(
            country: address.countryCode.isEmpty ? "CN" : address.countryCode,
            code: address.regionCode), street: address.street, postcode: address.postcode)
      }, requestedOn: requestedOn, note: order.note, instructions: instructions)
  }
}

extension Marketplace {
  fileprivate init(
    _ message: OrdersV1.Marketplace, _ reader: inout RequestReader, field: String
  ) {
    var words: [OrderState: String] = [:]
    for (index, status) in message.statuses.enumerated() {
      guard
        let state = reader.choice(
          OrderState(status.state), status.state.rawValue, "\(field).statuses[\(index)].state")
      else { continue }
      words[state] = status.word
    }
    self.init(
      code: message.code, name: message.name, customerCode: message.customerCode,
      warehouseCode: message.warehouseCode, tolerance: Rate(micros: message.toleranceMicros),
      words: words, allocation: message.allocation.map { StockAllocation($0) } ?? .all)
  }
}

extension OrdersV1.Marketplace {
  fileprivate init(_ marketplace: Marketplace) {
    self.init(
      code: marketplace.code, name: marketplace.name, customerCode: marketplace.customerCode,
      warehouseCode: marketplace.warehouseCode, toleranceMicros: marketplace.tolerance.micros,
      statuses: OrderState.allCases.compactMap { state in
        marketplace.words[state].map { .init(state: state.message, word: $0) }
      }, allocation: .init(marketplace.allocation))
  }
}
