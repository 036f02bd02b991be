internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.AssignmentServiceMethods
private let channels = Choice(OrdersV1.Channel.allCases, \.name)
private let choices = Choice(OrdersV1.AssignmentChoice.allCases, \.name)

/// `joinery assignment …`
struct AssignmentCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assignment",
    abstract: "Which warehouse delivers and makes an order that names none, and why.",
    subcommands: [Ask.self, Show.self, Policy.self, SetPolicy.self])

  struct Ask: RemoteCommand {
    typealias Response = OrdersV1.AssignWarehouseResponse
    static let configuration = CommandConfiguration(
      abstract: "Which warehouse an order would get now. Nothing is written.",
      discussion: "  joinery assignment ask --customer C-1001 --line CHAIR-OAK:4 --zone HZ")
    static let method = Methods.assignWarehouse
    @OptionGroup var input: OrderCommands.Input
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.AssignWarehouseRequest { .init(order: input.message) }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetAssignmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Why an order has its warehouse.")
    static let method = Methods.getAssignment
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetAssignmentRequest { .init(orderNumber: order) }
  }

  struct Policy: RemoteCommand {
    typealias Response = OrdersV1.GetAssignmentPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "The rules of a day, or a version of them.")
    static let method = Methods.getAssignmentPolicy
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetAssignmentPolicyRequest {
      .init(day: day?.message, version: version)
    }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = OrdersV1.SetAssignmentPolicyResponse
    static let configuration = CommandConfiguration(
      commandName: "set-policy",
      abstract: "Say which warehouses orders get that name none, from a day on.",
      discussion: """
        joinery assignment set-policy --rule made=yes:PLANT --rule zone=HZ:EAST,MAIN \\
          --rule channel=web,class=VIP:MAIN,EAST --rule any,take=first:MAIN \\
          --reason "two warehouses"

        Before the colon stands what an order must be, all of it: channel, class and store of its \
        customer, zone, product (a class of products), made (yes), or any; behind it the \
        warehouses, the first choice first. take=\(choices.help): without it, the warehouse that \
        has most of the order. The first rule that fits decides. Without any rule orders must name \
        their warehouse.
        """)
    static let method = Methods.setAssignmentPolicy
    @Option(
      name: .long,
      help: ArgumentHelp("A rule.", valueName: "any|condition=value,…:warehouse,…"))
    var rule: [AssignmentRuleArgument] = []
    @Option(name: .long, help: "The first day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetAssignmentPolicyRequest {
      .init(validFrom: validFrom?.message, rules: rule.map(\.message), reason: reason)
    }
  }
}

/// "zone=HZ,class=VIP,take=first:EAST,MAIN".
struct AssignmentRuleArgument: ExpressibleByArgument {
  let message: OrdersV1.AssignmentRule

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    var rule = OrdersV1.AssignmentRule(
      warehouseCodes: parts[1].split(separator: ",").map(String.init))
    for setting in parts[0].split(separator: ",", omittingEmptySubsequences: false) {
      let pair = setting.split(separator: "=", maxSplits: 1).map(String.init)
      switch (pair.first, pair.count) {
      case ("any", 1): break
      case ("class", 2): rule.customerClass = pair[1]
      case ("store", 2): rule.storeCode = pair[1]
      case ("zone", 2): rule.zoneCode = pair[1]
      case ("product", 2): rule.productClass = pair[1]
      case ("made", 2) where pair[1] == "yes": rule.made = true
      case ("channel", 2):
        guard let channel = try? channels(pair[1]) else { return nil }
        rule.channel = channel
      case ("take", 2):
        guard let choice = try? choices(pair[1]) else { return nil }
        rule.choice = choice
      default: return nil
      }
    }
    message = rule
  }
}
