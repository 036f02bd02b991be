internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.BlanketServiceMethods

/// `joinery blanket …`
struct BlanketCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blanket", abstract: "Blanket orders, from which orders call off.",
    subcommands: [Create.self, Close.self, Show.self, List.self])

  struct Create: RemoteCommand {
    typealias Response = OrdersV1.CreateBlanketResponse
    static let configuration = CommandConfiguration(
      abstract: "Agree on quantities, at the prices of today for all of it.",
      discussion: """
          joinery blanket create --customer C-1 --line CHAIR:400 --valid-until 2027-12-31
          joinery order place --customer C-1 --warehouse MAIN --blanket BO-2026-000001 \\
            --line CHAIR:40
        """)
    static let method = Methods.createBlanket
    @Option(name: .shortAndLong, help: "Customer code.") var customer: String
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "A product and how much of it in all; give it again for more.", valueName: "sku:quantity"))
    var line: [NamedQuantityArgument] = []
    @Option(name: .long, help: "The first day on which orders may call off; today if absent.")
    var validFrom: DayArgument?
    @Option(name: .long, help: "The last day.") var validUntil: DayArgument
    @Option(name: .long, help: "A remark.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CreateBlanketRequest {
      .init(
        customerCode: customer, lines: line.map { .init(sku: $0.sku, quantity: $0.quantity) },
        validFrom: validFrom?.message, validUntil: validUntil.message, note: note)
    }
  }

  struct Close: RemoteCommand {
    typealias Response = OrdersV1.CloseBlanketResponse
    static let configuration = CommandConfiguration(
      abstract: "End a blanket order early; what is called off goes on.")
    static let method = Methods.closeBlanket
    @Argument(help: "Number, such as BO-2026-000012.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @Option(name: .long, help: "Only if it still has this version.") var expectedVersion: Int64?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CloseBlanketRequest {
      .init(number: number, expectedVersion: expectedVersion, reason: reason)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetBlanketResponse
    static let configuration = CommandConfiguration(
      abstract: "One blanket order: what is agreed and called off, and by which orders.")
    static let method = Methods.getBlanket
    @Argument(help: "Its number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetBlanketRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListBlanketsResponse
    static let configuration = CommandConfiguration(abstract: "Blanket orders, the newest first.")
    static let method = Methods.listBlankets
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListBlanketsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer)
    }
  }
}
