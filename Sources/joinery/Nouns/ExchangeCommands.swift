internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = AftersalesV1.ExchangeServiceMethods
private let shortages = Choice(OrdersV1.ShortageRule.allCases, \.name)

/// `joinery exchange …`
struct ExchangeCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exchange", abstract: "Goods that come back for others that go out.",
    subcommands: [Create.self, Show.self, List.self])

  struct Create: RemoteCommand {
    typealias Response = AftersalesV1.CreateExchangeResponse
    static let configuration = CommandConfiguration(
      abstract: "Take goods of an order back for others; with --dry-run: what would be to pay?",
      discussion: """
        joinery exchange create SO-2026-000123 --return 1:2 --reason changed-mind \\
          --line SOFA:1 --dry-run

        Then `joinery return receive`, `grade` and `credit` as for any return: what that frees pays
        the new order, and the rest is a refund.
        """)
    static let method = Methods.createExchange
    @Argument(help: "Order whose goods come back.") var order: String
    @Option(
      name: .customLong("return"),
      help: ArgumentHelp(
        "A line that comes back, with a reason of its own.", valueName: "line:quantity[:reason]"))
    var returned: [ReturnLineArgument]
    @Option(name: .long, help: "Why, for lines that say nothing: a code of `return reasons`.")
    var reason: String = ""
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "What goes out; give it again for more.",
        valueName: "sku:quantity[:discount%][:name=value,…]"))
    var line: [OrderLineArgument]
    @Option(name: .long, help: "Day on which the customer wants the new goods.")
    var requestedOn: DayArgument?
    @Option(
      name: .long, help: ArgumentHelp("What to do about shortages: \(shortages.help)."),
      transform: shortages.callAsFunction)
    var shortage: OrdersV1.ShortageRule = .wait
    @Flag(help: "The customer fetches the new goods.") var collected = false
    @Option(name: .long, help: "What the customer says.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.CreateExchangeRequest {
      .init(
        orderNumber: order,
        lines: returned.map {
          .init(
            lineNumber: $0.line, quantity: $0.quantity,
            reasonCode: ($0.word ?? reason).asCode)
        }, note: note,
        order: .init(
          lines: line.map(\.message), requestedOn: requestedOn?.message, shortageRule: shortage,
          collected: collected))
    }
  }

  struct Show: RemoteCommand {
    typealias Response = AftersalesV1.GetExchangeResponse
    static let configuration = CommandConfiguration(
      abstract: "One exchange: both sides, and what is to pay or to go back.")
    static let method = Methods.getExchange
    @Argument(help: "Exchange number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetExchangeRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = AftersalesV1.ListExchangesResponse
    static let configuration = CommandConfiguration(abstract: "Exchanges, the newest first.")
    static let method = Methods.listExchanges
    @Option(name: .long, help: "Only those of this order, on either side.") var order: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListExchangesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order)
    }
  }
}
