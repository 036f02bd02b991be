internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.ShortageServiceMethods
private let kinds = Choice(OrdersV1.ExceptionKind.allCases, \.name)

/// `joinery shortage …`
struct ShortageCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shortage", abstract: "What a customer chooses about a line that waits.",
    discussion: """
      With --dry-run each choice says what it would do: price, tax, money, what is bought or \
      called off; substitute and cancel give a token for --preview that makes sure that just this \
      is done.
      """,
    subcommands: [Show.self, Wait.self, Substitute.self, PartShip.self, Cancel.self])

  /// Which line it is about.
  struct Target: ParsableArguments {
    @Argument(help: "Order number.") var order: String
    @Argument(help: "Number of the line that waits.") var line: Int32
    @Option(name: .long, help: "A remark for the record.") var comment: String = ""
    @Option(name: .long, help: "Only if the order still has this version.")
    var expectedVersion: Int64?
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetShortageResponse
    static let configuration = CommandConfiguration(
      abstract: "The lines of an order that wait, and what could stand in for them.")
    static let method = Methods.getShortage
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetShortageRequest { .init(orderNumber: order) }
  }

  struct Wait: RemoteCommand {
    typealias Response = OrdersV1.AgreeToWaitResponse
    static let configuration = CommandConfiguration(
      abstract: "The customer waits for the day that is known now.")
    static let method = Methods.agreeToWait
    @OptionGroup var target: Target
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.AgreeToWaitRequest {
      .init(
        orderNumber: target.order, lineNumber: target.line, comment: target.comment,
        expectedVersion: target.expectedVersion)
    }
  }

  struct Substitute: RemoteCommand {
    typealias Response = OrdersV1.SubstituteLineResponse
    static let configuration = CommandConfiguration(
      abstract: "The customer takes something else for what is not there.")
    static let method = Methods.substituteLine
    @OptionGroup var target: Target
    @Option(name: .long, help: "What stands in.") var sku: String
    @Option(name: .long, help: "For so much of the line; for all that waits when absent.")
    var quantity: QuantityArgument?
    @Option(name: .long, help: "Token of a dry run: do just that, or nothing.")
    var preview: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SubstituteLineRequest {
      .init(
        orderNumber: target.order, lineNumber: target.line, sku: sku,
        quantity: quantity?.message, comment: target.comment,
        expectedVersion: target.expectedVersion, preview: preview)
    }
  }

  struct PartShip: RemoteCommand {
    typealias Response = OrdersV1.PartShipLineResponse
    static let configuration = CommandConfiguration(
      abstract: "The customer takes what is there and waits for the rest.")
    static let method = Methods.partShipLine
    @OptionGroup var target: Target
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PartShipLineRequest {
      .init(
        orderNumber: target.order, lineNumber: target.line, comment: target.comment,
        expectedVersion: target.expectedVersion)
    }
  }

  struct Cancel: RemoteCommand {
    typealias Response = OrdersV1.CancelShortLineResponse
    static let configuration = CommandConfiguration(
      abstract: "The customer does not want what is not there; its money goes back.")
    static let method = Methods.cancelShortLine
    @OptionGroup var target: Target
    @Option(name: .long, help: "Code of a reason; NOT_AVAILABLE when absent.")
    var reason: String = ""
    @Option(name: .long, help: "Token of a dry run: do just that, or nothing.")
    var preview: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CancelShortLineRequest {
      .init(
        orderNumber: target.order, lineNumber: target.line, reasonCode: reason,
        comment: target.comment, expectedVersion: target.expectedVersion, preview: preview)
    }
  }
}

/// `joinery exceptions`
struct Exceptions: RemoteCommand {
  typealias Response = OrdersV1.ListExceptionsResponse
  static let configuration = CommandConfiguration(
    commandName: "exceptions",
    abstract: "All that somebody must look at, over all orders: late, short, held, stuck, overdue.")
  static let method = Methods.listExceptions
  @Option(
    name: .long, help: ArgumentHelp("Only of this kind: \(kinds.help)."),
    transform: kinds.callAsFunction)
  var kind: [OrdersV1.ExceptionKind] = []
  @Option(name: .long, help: "Approvals may take so many days.") var approvalDays: Int32 = 1
  @OptionGroup var page: PageOptions
  @OptionGroup var connection: ConnectionOptions
  func request() -> OrdersV1.ListExceptionsRequest {
    .init(
      pageSize: page.pageSize, pageToken: page.pageToken, kinds: kind,
      approvalDays: approvalDays)
  }
}
