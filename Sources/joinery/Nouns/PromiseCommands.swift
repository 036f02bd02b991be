internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.PromiseServiceMethods
private let criteria = Choice(OrdersV1.AllocationCriterion.allCases, \.name)

/// `joinery promise …`
struct PromiseCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promise", abstract: "When the goods of orders come, and why then.",
    subcommands: [Ask.self, Show.self, Refresh.self])

  struct Ask: RemoteCommand {
    typealias Response = OrdersV1.PromiseOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "When an order could leave if it were placed now. Nothing is written.",
      discussion: """
        The steps are a tree: what brings goods of a line has level 0, its material level 1. What \
        is critical decides the day.

          joinery promise ask --customer C-1001 --warehouse MAIN --line CHAIR-OAK:40
        """)
    static let method = Methods.promiseOrder
    @OptionGroup var input: OrderCommands.Input
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.PromiseOrderRequest {
      .init(order: input.message)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetPromisesResponse
    static let configuration = CommandConfiguration(
      abstract: "When the lines of an order can leave, and what brings them.")
    static let method = Methods.getPromises
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetPromisesRequest { .init(orderNumber: order) }
  }

  struct Refresh: RemoteCommand {
    typealias Response = OrdersV1.RefreshPromisesResponse
    static let configuration = CommandConfiguration(
      abstract: "Look anew at lines that wait: of an order, or all that nobody saw today.",
      discussion: """
        What changes supply is followed at once; what is overdue or not ordered moves on with the \
        days. Run it daily, until fewer than 500 lines are seen.
        """)
    static let method = Methods.refreshPromises
    @Argument(help: "Order number.") var order: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RefreshPromisesRequest {
      .init(orderNumber: order)
    }
  }
}

/// `joinery allocation …`
struct AllocationCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocation", abstract: "Who gets goods where there are too few.",
    subcommands: [
      Policy.self, SetPolicy.self, Priority.self, SetPriority.self, Run.self,
    ])

  struct Policy: RemoteCommand {
    typealias Response = OrdersV1.GetAllocationPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "The policy that holds, or one version of it.")
    static let method = Methods.getAllocationPolicy
    @Option(name: .long, help: "This version.") var policyVersion: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetAllocationPolicyRequest { .init(version: policyVersion) }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = OrdersV1.SetAllocationPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a new version of who comes first.",
      discussion: """
        Lines are ranked by \(criteria.help), in the order of the options. A rule is a list of \
        NAME=VALUE: class of the customer, from (an amount), within (days from the order to when \
        it is wanted), sku, and points; all that fit add up to the score.

          joinery allocation set-policy --by priority --by promised --reason "autumn" \\
            --rule class=VIP,points=50 --rule from=10000,points=20 --rule within=7,points=10
        """)
    static let method = Methods.setAllocationPolicy
    @Option(
      name: .long, help: ArgumentHelp("What counts, in turn: \(criteria.help)."),
      transform: criteria.callAsFunction)
    var by: [OrdersV1.AllocationCriterion]
    @Option(name: .long, help: ArgumentHelp("Points.", valueName: "name=value,…"))
    var rule: [PriorityRuleArgument] = []
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetAllocationPolicyRequest {
      .init(criteria: by, rules: rule.map(\.message), reason: reason)
    }
  }

  struct Priority: RemoteCommand {
    typealias Response = OrdersV1.GetPriorityResponse
    static let configuration = CommandConfiguration(
      abstract: "How urgent the lines of an order are, and why.")
    static let method = Methods.getPriority
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetPriorityRequest { .init(orderNumber: order) }
  }

  struct SetPriority: RemoteCommand {
    typealias Response = OrdersV1.SetPriorityResponse
    static let configuration = CommandConfiguration(
      abstract: "Set by hand how urgent an order is; without a score take that back.")
    static let method = Methods.setPriority
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "−100000 to 100000; absent for what the policy says.")
    var score: Int32?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetPriorityRequest {
      .init(orderNumber: order, score: score, reason: reason)
    }
  }

  struct Run: RemoteCommand {
    typealias Response = OrdersV1.ReallocateResponse
    static let configuration = CommandConfiguration(
      abstract: "Give the goods that orders hold to those that come first.",
      discussion: """
        With --dry-run it shows who would win and who would lose what, and a token for --preview \
        that makes sure that just this is done.
        """)
    static let method = Methods.reallocate
    @Argument(help: "Product.") var sku: String
    @Option(name: .shortAndLong, help: "Warehouse that has it.") var warehouse: String
    @Option(name: .long, help: "Why.") var reason: String
    @Option(name: .long, help: "Token of a dry run: do just that, or nothing.")
    var preview: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReallocateRequest {
      .init(sku: sku, warehouseCode: warehouse, reason: reason, preview: preview)
    }
  }
}

/// "class=VIP,from=10000,product=SOFA,points=50".
struct PriorityRuleArgument: ExpressibleByArgument {
  let message: OrdersV1.PriorityRule

  init?(argument: String) {
    var rule = OrdersV1.PriorityRule()
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      switch parts[0] {
      case "class": rule.customerClass = parts[1]
      case "sku": rule.sku = parts[1]
      case "product": rule.productClass = parts[1]
      case "from":
        guard let money = MoneyArgument(argument: parts[1]) else { return nil }
        rule.fromGross = money.message
      case "within":
        guard let days = Int32(parts[1]) else { return nil }
        rule.withinDays = days
      case "points":
        guard let points = Int32(parts[1]) else { return nil }
        rule.points = points
      default: return nil
      }
    }
    message = rule
  }
}
