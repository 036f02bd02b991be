internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.BlanketServiceMethods
private let channels = Choice(OrdersV1.Channel.allCases, \.name)

/// `joinery blanket …`
struct BlanketCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blanket", abstract: "Blanket orders, from which orders call off.",
    subcommands: [
      Create.self, Schedule.self, CallOff.self, Close.self, Show.self, List.self,
    ])

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

  struct Schedule: RemoteCommand {
    typealias Response = OrdersV1.ScheduleDeliveriesResponse
    static let configuration = CommandConfiguration(
      abstract: "Say on which days which parts are to be delivered; --dry-run: what would change?",
      discussion: """
          joinery blanket schedule BO-2026-000001 --warehouse MAIN --reason "rooms are ready" \\
            --on 2026-12-01=CHAIR:40 --on "2027-01-15=CHAIR:60;LAMP:20"
        """)
    static let method = Methods.scheduleDeliveries
    @Argument(help: "Number, such as BO-2026-000012.") var number: String
    @Option(
      name: .long,
      help: ArgumentHelp(
        "A day and what is due then; give it again for more, and never to end the schedule.",
        valueName: "day=sku:quantity;…"))
    var on: [ScheduledDeliveryArgument] = []
    @Option(name: .shortAndLong, help: "Warehouse that delivers.") var warehouse: String
    @Option(
      name: .long, help: ArgumentHelp("Where its orders come from: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel = .salesRep
    @Option(name: .long, help: "Number of the customer's address; fetched when absent.")
    var address: Int64 = 0
    @Option(name: .long, help: "Why.") var reason: String
    @Option(name: .long, help: "Only if it still has this version.") var expectedVersion: Int64?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ScheduleDeliveriesRequest {
      .init(
        number: number, expectedVersion: expectedVersion, deliveries: on.map(\.message),
        channel: channel, warehouseCode: warehouse, addressId: address, reason: reason)
    }
  }

  struct CallOff: RemoteCommand {
    typealias Response = OrdersV1.CallOffDeliveriesResponse
    static let configuration = CommandConfiguration(
      abstract: "Place the orders for scheduled deliveries that are due soon.",
      discussion: "joinery blanket call-off --days 30   # of all blanket orders, every night")
    static let method = Methods.callOffDeliveries
    @Argument(help: "Number, such as BO-2026-000012; all when absent.") var number: String = ""
    @Option(name: .long, help: "Those that are due within so many days.") var days: Int32 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CallOffDeliveriesRequest {
      .init(number: number, daysAhead: days)
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

/// "2026-12-01=CHAIR:40;LAMP:20".
struct ScheduledDeliveryArgument: ExpressibleByArgument {
  let message: OrdersV1.ScheduledDelivery

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let day = DayArgument(argument: parts[0]) else { return nil }
    var quantities: [OrdersV1.ScheduledQuantity] = []
    for word in parts[1].split(separator: ";") {
      guard let given = NamedQuantityArgument(argument: String(word)) else { return nil }
      quantities.append(.init(sku: given.sku, quantity: given.quantity))
    }
    message = .init(dueOn: day.message, quantities: quantities)
  }
}
