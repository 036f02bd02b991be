internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.OrderServiceMethods
private let holds = Choice(OrdersV1.OrderHoldKind.allCases, \.name)

// What becomes of an order that was placed.
extension OrderCommands {
  /// What is to be otherwise.
  struct ChangeWish: ParsableArguments {
    @Option(
      name: .long,
      help: ArgumentHelp("Order another quantity of a line.", valueName: "line:quantity"))
    var set: [NumberedQuantityArgument] = []

    @Option(
      name: .long,
      help: ArgumentHelp("Give a line another discount.", valueName: "line:discount%"))
    var setDiscount: [NumberedRateArgument] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Choose otherwise what is made for a line.", valueName: "line:name=value,…|line:CF-…"))
    var configure: [LineChoiceArgument] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Stop and write off work that has begun for what a line does not want any more; else it is "
          + "kept as stock.", valueName: "line"))
    var scrapBegun: [Int32] = []

    @OptionGroup var rework: ReworkOptions

    @Option(name: .long, help: ArgumentHelp("Take a line out.", valueName: "line"))
    var remove: [Int32] = []

    @Option(
      name: .long,
      help: ArgumentHelp("Add a line.", valueName: "sku:quantity[:discount%][:name=value,…]"))
    var add: [OrderLineArgument] = []

    @Option(name: .long, help: "Day on which the customer wants the goods.")
    var requestedOn: DayArgument?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "When so much of what is open of a line is wanted; all parts come to what is open.",
        valueName: "line:day:quantity[@address]"))
    var schedule: [ScheduleArgument] = []

    @Flag(name: .long, help: "The customer wants the goods as soon as possible.")
    var asSoonAsPossible = false

    @Option(
      name: .long,
      help: ArgumentHelp("Discount on the whole order; 0 for none.", valueName: "5%|amount"))
    var discount: OrderDiscountArgument?

    @OptionGroup var delivery: DeliveryOptions

    @Flag(name: .long, help: "The customer fetches the goods.") var fetched = false

    @OptionGroup var asked: InstructionOptions
    @OptionGroup var clearing: InstructionClearing

    @Flag(name: .long, help: "Prices of today instead of those that were agreed.")
    var reprice = false

    @Option(
      name: .long,
      help: "Code of the reason why less is ordered; the customer's wish when absent.")
    var reductionReason = ""

    var message: OrdersV1.OrderChange {
      var lines: [Int32: OrdersV1.LineChange] = [:]
      for line in set { lines[line.line, default: .init()].quantity = line.quantity }
      for line in setDiscount { lines[line.line, default: .init()].discountMicros = line.micros }
      for choice in configure {
        lines[choice.line, default: .init()].configuration = choice.message
      }
      for line in scrapBegun { lines[line, default: .init()].begunWork = .scrap }
      for (line, terms) in rework.lines {
        lines[line, default: .init()].begunWork = .rework
        lines[line, default: .init()].rework = terms
      }
      for line in remove { lines[line, default: .init()].remove = true }
      for part in schedule { lines[part.line, default: .init()].schedules.append(part.message) }
      for (line, asked) in asked.lines { lines[line, default: .init()].instructions = asked }
      let changes = lines.sorted { $0.key < $1.key }.map { number, change in
        var change = change
        change.lineNumber = number
        return change
      }
      return .init(
        lines: changes, addedLines: add.map(\.message), requestedOn: requestedOn?.message,
        asSoonAsPossible: asSoonAsPossible, delivery: delivery.message, fetched: fetched,
        discountMicros: discount.flatMap { $0.amount == nil ? $0.micros : nil },
        discount: discount?.amount, reprice: reprice,
        instructions: clearing.message(asked.message), reductionReasonCode: reductionReason)
    }
  }

  /// What was begun for a line becomes what is chosen now.
  struct ReworkOptions: ParsableArguments {
    @Option(
      name: .long,
      help: ArgumentHelp(
        "Work that has begun for a line goes on as what is chosen with --configure.",
        valueName: "line"))
    var rework: [Int32] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "With --rework: what was taken of this component is of no use any more.",
        valueName: "line:sku"))
    var spoiled: [NumberedSKUArgument] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "With --rework: do all steps again, also those that are the same.", valueName: "line"))
    var repeatSteps: [Int32] = []

    /// By line. Terms alone are a rework, too.
    var lines: [Int32: OrdersV1.ReworkTerms] {
      var found = Dictionary(rework.map { ($0, OrdersV1.ReworkTerms()) }) { first, _ in first }
      for given in spoiled { found[given.line, default: .init()].spoiledSkus.append(given.sku) }
      for line in repeatSteps { found[line, default: .init()].repeatSteps = true }
      return found
    }
  }

  /// Which order, what and why, for `change` and `preview`.
  struct ChangeInput: ParsableArguments {
    @OptionGroup var target: Target
    @OptionGroup var wish: ChangeWish
    @Option(name: .long, help: "Why.") var reason: String

    func request(preview: String) -> OrdersV1.ChangeOrderRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, change: wish.message,
        reason: reason, preview: preview)
    }
  }

  struct Change: RemoteCommand {
    typealias Response = OrdersV1.ChangeOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Change an order: lines, quantities, discounts, delivery, day.",
      discussion: """
        Prices are those of the day on which the order was priced. Everything that was promised \
        follows at once; `joinery order preview` with the same options shows beforehand what \
        would happen, and a token for --preview that makes sure that just this does.

          joinery order change SO-2026-000001 --set 1:6 --add LAMP:1 --remove 2 \\
            --reason "customer called"
        """)
    static let method = Methods.changeOrder
    @OptionGroup var input: ChangeInput
    @Option(name: .long, help: "Token of a preview: do just that, or nothing.")
    var preview: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ChangeOrderRequest { input.request(preview: preview) }
  }

  struct Preview: RemoteCommand {
    typealias Response = OrdersV1.ChangeOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Show what a change would do: price, work, purchases, cost, approval.")
    static let method = Methods.changeOrder
    @OptionGroup var input: ChangeInput
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? {
      var dry = options
      dry.dryRun = true
      return dry
    }
    func request() -> OrdersV1.ChangeOrderRequest { input.request(preview: "") }
  }

  struct Versions: RemoteCommand {
    typealias Response = OrdersV1.ListOrderVersionsResponse
    static let configuration = CommandConfiguration(
      abstract: "What was agreed with the customer from time to time.")
    static let method = Methods.listOrderVersions
    @Argument(help: "Order number.") var number: String
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListOrderVersionsRequest {
      .init(number: number, pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Version: RemoteCommand {
    typealias Response = OrdersV1.GetOrderVersionResponse
    static let configuration = CommandConfiguration(
      abstract: "What was agreed at one version, with lines.")
    static let method = Methods.getOrderVersion
    @Argument(help: "Order number.") var number: String
    @Argument(help: "A version that it had; the present one when absent.") var version: Int64 = 0
    @Option(name: .long, help: "What was agreed at this time instead.") var asOf: InstantArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetOrderVersionRequest {
      .init(number: number, version: version, asOf: asOf?.message)
    }
  }

  struct Diff: RemoteCommand {
    typealias Response = OrdersV1.DiffOrderVersionsResponse
    static let configuration = CommandConfiguration(
      abstract: "In what two versions of an order differ.")
    static let method = Methods.diffOrderVersions
    @Argument(help: "Order number.") var number: String
    @Argument(help: "The earlier version.") var from: Int64
    @Argument(help: "The later version; the present one when absent.") var to: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.DiffOrderVersionsRequest {
      .init(number: number, fromVersion: from, toVersion: to)
    }
  }

  struct Hold: RemoteCommand {
    typealias Response = OrdersV1.HoldOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Hold an order: what the kind of hold names cannot be done meanwhile.")
    static let method = Methods.holdOrder
    @OptionGroup var target: Target
    @Option(
      name: .long, help: ArgumentHelp("What is in doubt: \(holds.help)."),
      transform: holds.callAsFunction)
    var kind: OrdersV1.OrderHoldKind
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.HoldOrderRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, kind: kind,
        reason: reason)
    }
  }

  struct Release: RemoteCommand {
    typealias Response = OrdersV1.ReleaseOrderHoldResponse
    static let configuration = CommandConfiguration(abstract: "Release a hold of an order.")
    static let method = Methods.releaseOrderHold
    @OptionGroup var target: Target
    @Option(
      name: .long, help: ArgumentHelp("Which hold: \(holds.help)."),
      transform: holds.callAsFunction)
    var kind: OrdersV1.OrderHoldKind
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReleaseOrderHoldRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, kind: kind,
        reason: reason)
    }
  }

  struct Actions: RemoteCommand {
    typealias Response = OrdersV1.GetAllowedActionsResponse
    static let configuration = CommandConfiguration(
      abstract: "What you can do with an order now, and why not.")
    static let method = Methods.getAllowedActions
    @Argument(help: "Order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetAllowedActionsRequest { .init(number: number) }
  }
}

/// A rate for a numbered line: "LINE:5%".
struct NumberedRateArgument: ExpressibleByArgument {
  let line: Int32
  let micros: Int64

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let line = Int32(parts[0]),
      let rate = RateArgument(argument: parts[1])
    else { return nil }
    self.line = line
    micros = rate.micros
  }
}

/// A component of what is made for a line: "LINE:SKU".
struct NumberedSKUArgument: ExpressibleByArgument {
  let line: Int32
  let sku: String

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let line = Int32(parts[0]), !parts[1].isEmpty else { return nil }
    self.line = line
    sku = parts[1]
  }
}
