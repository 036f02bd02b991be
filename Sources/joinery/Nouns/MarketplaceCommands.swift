internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.MarketplaceServiceMethods
private let states = Choice(OrdersV1.OrderState.allCases, \.name)

/// `joinery marketplace …`
struct MarketplaceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "marketplace", abstract: "Marketplaces that sell for us, and their orders.",
    subcommands: [
      Set.self, List.self, Name.self, Forget.self, Products.self, Stock.self, Pull.self,
      Orders.self,
    ])

  struct Set: RemoteCommand {
    typealias Response = OrdersV1.UpsertMarketplacesResponse
    static let configuration = CommandConfiguration(
      abstract: "Add or change a marketplace, with its words for what becomes of an order.",
      discussion: """
        Of a marketplace that is there already, only what is given changes; --status says all of \
        its words anew. A new one tolerates no other price, uses our words and may offer all \
        that is free where nothing else is said.
        """)
    static let method = Methods.upsertMarketplaces
    @Argument(help: "Code.") var code: String
    @Option(name: .shortAndLong, help: "Name.") var name: String?
    @Option(name: .shortAndLong, help: "Customer whose orders they are: who pays us.")
    var customer: String?
    @Option(name: .shortAndLong, help: "Warehouse that delivers.") var warehouse: String?
    @Option(name: .long, help: "What its prices may differ from ours by.")
    var tolerance: RateArgument?
    @Option(
      name: .long,
      help: ArgumentHelp("Its word for a state: \(states.help).", valueName: "state=word"))
    var status: [MarketplaceStatusArgument] = []
    @OptionGroup var allocation: StockAllocationOptions
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.UpsertMarketplacesRequest {
      let given = [
        ("name", name != nil), ("customer_code", customer != nil),
        ("warehouse_code", warehouse != nil), ("tolerance_micros", tolerance != nil),
        ("statuses", !status.isEmpty), ("allocation.share_micros", allocation.share != nil),
        ("allocation.keep_back_units", allocation.keepBack != nil),
        ("allocation.at_most_units", allocation.atMost != nil),
      ]
      return .init(
        marketplaces: [
          .init(
            code: code, name: name ?? "", customerCode: customer ?? "",
            warehouseCode: warehouse ?? "", toleranceMicros: tolerance?.micros ?? 0,
            statuses: status.map(\.message), allocation: allocation.message)
        ], updateMask: given.filter(\.1).map(\.0))
    }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListMarketplacesResponse
    static let configuration = CommandConfiguration(abstract: "All marketplaces.")
    static let method = Methods.listMarketplaces
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListMarketplacesRequest { .init() }
  }

  struct Name: RemoteCommand {
    typealias Response = OrdersV1.UpsertMarketplaceProductsResponse
    static let configuration = CommandConfiguration(
      abstract: "Say what a marketplace calls our products.")
    static let method = Methods.upsertMarketplaceProducts
    @Argument(help: "Marketplace.") var marketplace: String
    @Argument(help: ArgumentHelp("Its code and ours.", valueName: "theirs=ours"))
    var product: [MarketplaceProductArgument]
    @OptionGroup var allocation: StockAllocationOptions
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.UpsertMarketplaceProductsRequest {
      .init(
        marketplaceCode: marketplace,
        products: product.map {
          .init(
            externalSku: $0.message.externalSku, sku: $0.message.sku,
            allocation: allocation.message)
        })
    }
  }

  struct Forget: RemoteCommand {
    typealias Response = OrdersV1.RemoveMarketplaceProductsResponse
    static let configuration = CommandConfiguration(
      abstract: "Take back what a marketplace calls products of ours.")
    static let method = Methods.removeMarketplaceProducts
    @Argument(help: "Marketplace.") var marketplace: String
    @Argument(help: "Its codes.") var theirs: [String]
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RemoveMarketplaceProductsRequest {
      .init(marketplaceCode: marketplace, externalSkus: theirs)
    }
  }

  struct Stock: RemoteCommand {
    typealias Response = OrdersV1.ListMarketplaceStockResponse
    static let configuration = CommandConfiguration(
      abstract: "How much of each product a marketplace may offer, or what of it has changed.")
    static let method = Methods.listMarketplaceStock
    @Argument(help: "Marketplace.") var marketplace: String
    @Option(name: .long, help: "Only what has changed since the reply with this resume token.")
    var since = ""
    @Option(name: .long, help: "Rows wanted, 1 to 500.") var pageSize: Int32 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListMarketplaceStockRequest {
      .init(marketplaceCode: marketplace, pageSize: pageSize, resumeToken: since)
    }
  }

  struct Products: RemoteCommand {
    typealias Response = OrdersV1.ListMarketplaceProductsResponse
    static let configuration = CommandConfiguration(
      abstract: "What a marketplace calls our products.")
    static let method = Methods.listMarketplaceProducts
    @Argument(help: "Marketplace.") var marketplace: String
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListMarketplaceProductsRequest {
      .init(
        marketplaceCode: marketplace, pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Orders: RemoteCommand {
    typealias Response = OrdersV1.ListMarketplaceOrdersResponse
    static let configuration = CommandConfiguration(
      abstract: "What became of the orders of a marketplace, in its words.")
    static let method = Methods.listMarketplaceOrders
    @Argument(help: "Marketplace.") var marketplace: String
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListMarketplaceOrdersRequest {
      .init(
        marketplaceCode: marketplace, pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Pull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take up the orders that a marketplace has put into a folder, and answer it there.",
      discussion: """
        Takes every file that ends in .csv or .jsonl, in the order of their names. A .csv file has \
        a row for each line of an order; rows of one order stand together. Its first row names the \
        columns, in any order: \(MarketplaceFile.columnNames.joined(separator: ", ")); order_id, \
        sku and quantity are needed, where sku is what the marketplace calls the product. A .jsonl \
        file has an order as JSON on each line, as MarketplaceService.TakeMarketplaceOrders takes \
        it.

        Beside FILE comes FILE.ack, with a verdict on each order as JSON on a line: its number \
        with us, what it is held for, or why it was refused. A file whose orders were all taken is \
        not read again; another comes up again at each pull, where what was taken is left as it \
        is. MARKETPLACE.status says where each order stands, in the marketplace's words, with \
        carrier and tracking number; MARKETPLACE.stock says how much of each product it may offer. \
        All are written whole or not at all.
        """)

    @Argument(help: ArgumentHelp("Where the orders are.", valueName: "folder")) var folder: String
    @Option(name: .shortAndLong, help: "Whose they are.") var marketplace: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let drop = try MarketplaceFolder(path: folder)
      var refused = false
      try await RemoteCall.with(connection) { channel in
        let client = OrdersV1.MarketplaceServiceClient(channel: channel)
        for file in try drop.waiting() {
          let verdicts = try await take(file, client)
          if !options.dryRun { try drop.acknowledge(file, verdicts) }
          refused = refused || verdicts.contains { $0.outcome == .refused }
          let counts = Dictionary(grouping: verdicts, by: \.outcome).mapValues(\.count)
          let words: [(OrdersV1.ImportOutcome, String)] = [
            (.placed, "placed"), (.waiting, "waiting"), (.unchanged, "unchanged"),
            (.refused, "refused"),
          ]
          Terminal.standardOutput(
            "\(file.name): "
              + words.map { "\(counts[$0.0] ?? 0) \($0.1)" }.joined(separator: ", "))
        }
        if !options.dryRun {
          try drop.report(try await statuses(client), of: marketplace)
          try drop.offer(try await stock(client), of: marketplace)
        }
      }
      options.sayWhenDry()
      if refused { throw ExitCode(1) }
    }

    private func take(
      _ file: MarketplaceFile, _ client: OrdersV1.MarketplaceServiceClient
    ) async throws -> [OrdersV1.ImportVerdict] {
      var verdicts: [OrdersV1.ImportVerdict] = []
      for orders in file.batches {
        let reply = try await client.takeMarketplaceOrders(
          .init(marketplaceCode: marketplace, orders: orders),
          options: connection.callOptions(command.extend(connection.metadata)))
        verdicts += reply.verdicts
      }
      return verdicts
    }

    /// A key names one call, and there are many.
    private var command: CommandOptions {
      var options = options
      options.key = nil
      return options
    }

    private func statuses(
      _ client: OrdersV1.MarketplaceServiceClient
    ) async throws -> [OrdersV1.MarketplaceOrderStatus] {
      var all: [OrdersV1.MarketplaceOrderStatus] = []
      var token = ""
      repeat {
        let page = try await client.listMarketplaceOrders(
          .init(marketplaceCode: marketplace, pageSize: 500, pageToken: token),
          options: connection.callOptions(connection.metadata))
        all += page.orders
        token = page.nextPageToken
      } while !token.isEmpty
      return all
    }
  }
}

extension MarketplaceCommands.Pull {
  /// All of it: a file is read from its beginning.
  private func stock(
    _ client: OrdersV1.MarketplaceServiceClient
  ) async throws -> [OrdersV1.MarketplaceStock] {
    // A change that came while the pages were read is the last of its product.
    var rows: [String: OrdersV1.MarketplaceStock] = [:]
    var answer = OrdersV1.ListMarketplaceStockResponse()
    repeat {
      answer = try await client.listMarketplaceStock(
        .init(marketplaceCode: marketplace, resumeToken: answer.resumeToken),
        options: connection.callOptions(connection.metadata))
      for row in answer.rows { rows[row.externalSku] = row }
    } while !answer.caughtUp
    return rows.values.sorted { $0.externalSku < $1.externalSku }
  }
}

/// What of the stock is offered.
struct StockAllocationOptions: ParsableArguments {
  @Option(name: .long, help: "Share of what is free that it may offer; all when absent.")
  var share: RateArgument?
  @Option(name: .long, help: "Units that it is never to offer; none when absent.")
  var keepBack: Int64?
  @Option(name: .long, help: "Units that it may offer at most; of what has no stock, that many.")
  var atMost: Int64?

  /// Nil when nothing is said.
  var message: OrdersV1.StockAllocation? {
    guard share != nil || keepBack != nil || atMost != nil else { return nil }
    return .init(
      shareMicros: share?.micros ?? 1_000_000, keepBackUnits: keepBack ?? 0, atMostUnits: atMost)
  }
}

/// "shipped=SENT".
struct MarketplaceStatusArgument: ExpressibleByArgument {
  let message: OrdersV1.MarketplaceStatus

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let state = try? states(parts[0]) else { return nil }
    message = .init(state: state, word: parts[1])
  }
}

/// "TB-9931=CHAIR-OAK".
struct MarketplaceProductArgument: ExpressibleByArgument {
  let message: OrdersV1.MarketplaceProduct

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex else {
      return nil
    }
    message = .init(
      externalSku: String(argument[..<equals]),
      sku: String(argument[argument.index(after: equals)...]))
  }
}
