internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = AutomationV1.AutomationServiceMethods
private let holds = Choice(OrdersV1.OrderHoldKind.allCases, \.name)
private let channels = Choice(OrdersV1.Channel.allCases, \.name)
private let states = Choice(OrdersV1.OrderState.allCases, \.name)
private let categories = Choice(AftersalesV1.ComplaintCategory.allCases, \.name)
private let severities = Choice(AftersalesV1.ComplaintSeverity.allCases, \.name)

/// `joinery rule …`
struct RuleCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule", abstract: "What the server does by itself when something happens.",
    subcommands: [List.self, SetOne.self, Try.self, Runs.self, Settle.self])

  /// A rule as it is typed.
  struct Definition: ParsableArguments {
    @Argument(help: "Code of the rule.") var code: String
    @Option(name: .long, help: "What must happen, such as order.held.") var on: String
    @Option(
      name: .long, help: ArgumentHelp("Only orders that came in so: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: [OrdersV1.Channel] = []
    @Option(
      name: .long, help: ArgumentHelp("Only orders in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: [OrdersV1.OrderState] = []
    @Option(name: .long, help: "Only customers of this class.") var customerClass: [String] = []
    @Option(name: .long, help: "Only this customer.") var customer: [String] = []
    @Option(name: .long, help: "Only orders from this warehouse.") var warehouse: [String] = []
    @Option(name: .long, help: "Only orders with a product of this class.")
    var productClass: [String] = []
    @Option(name: .long, help: "Only orders of at least this much.") var from: MoneyArgument?
    @Option(name: .long, help: "Only orders of less than this.") var below: MoneyArgument?
    @Option(
      name: .long, help: ArgumentHelp("Only events with this fact.", valueName: "name=value"))
    var fact: [SettingArgument] = []
    @Option(
      name: .long, help: ArgumentHelp("Hold the order for: \(holds.help)."),
      transform: holds.callAsFunction)
    var hold: OrdersV1.OrderHoldKind?
    @Option(name: .long, help: "Release this hold.", transform: holds.callAsFunction)
    var release: OrdersV1.OrderHoldKind?
    @Option(name: .long, help: "Say how urgent it is.") var priority: Int32?
    @Option(name: .long, help: "Give the customer this tag.") var tag: String?
    @Option(
      name: .long, help: ArgumentHelp("Open a complaint about: \(categories.help)."),
      transform: categories.callAsFunction)
    var complaint: AftersalesV1.ComplaintCategory?
    @Option(
      name: .long, help: ArgumentHelp("How bad it is: \(severities.help)."),
      transform: severities.callAsFunction)
    var severity: AftersalesV1.ComplaintSeverity = .normal
    @Option(name: .long, help: "Why, or what is to be done.") var reason: String = ""
    @Option(name: .long, help: "The service in whose name it is done.") var principal: String
    @Option(name: .long, help: "For one order within an hour, at most; 10 when absent.")
    var hourlyLimit: Int32 = 0
    @Flag(name: .long, help: "Switch it off.") var off = false
    @Option(name: .long, help: "The version that you have seen.") var version: Int64 = 0

    var message: AutomationV1.Rule {
      var rule = AutomationV1.Rule(
        code: code, version: version, active: !off, eventType: on,
        conditions: .init(
          channels: channel, states: state, customerClasses: customerClass,
          customerCodes: customer, warehouseCodes: warehouse, productClasses: productClass,
          grossFrom: from?.message, grossBelow: below?.message,
          facts: fact.map { .init(name: $0.message.name, values: [$0.message.value]) }),
        principal: principal, hourlyLimit: hourlyLimit)
      if let hold { rule.action = .hold(.init(kind: hold, reason: reason)) }
      if let release { rule.action = .release(.init(kind: release, reason: reason)) }
      if let priority { rule.action = .priority(.init(score: priority, reason: reason)) }
      if let tag { rule.action = .tag(.init(tag: tag)) }
      if let complaint {
        rule.action = .complaint(.init(category: complaint, severity: severity, text: reason))
      }
      return rule
    }

    func validate() throws {
      let actions = [
        hold != nil, release != nil, priority != nil, tag != nil, complaint != nil,
      ]
      guard actions.filter(\.self).count == 1 else {
        throw ValidationError(
          "give one of --hold, --release, --priority, --tag and --complaint")
      }
    }
  }

  struct List: RemoteCommand {
    typealias Response = AutomationV1.ListRulesResponse
    static let configuration = CommandConfiguration(abstract: "All rules.")
    static let method = Methods.listRules
    @OptionGroup var connection: ConnectionOptions
    func request() -> AutomationV1.ListRulesRequest { .init() }
  }

  struct SetOne: RemoteCommand {
    typealias Response = AutomationV1.SetRuleResponse
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Add a rule, or a new version of one.",
      discussion: """
        joinery rule set BIG-ON-WEB --on order.confirmed --channel web --from 50000 \\
          --hold customer --reason "call the customer first" --principal robot

        With --off it is switched off. It looks at what happens from now on; `joinery rule try` \
        shows what it would have done before.
        """)
    static let method = Methods.setRule
    @OptionGroup var rule: Definition
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AutomationV1.SetRuleRequest { .init(rule: rule.message) }
  }

  struct Try: RemoteCommand {
    typealias Response = AutomationV1.TryRuleResponse
    static let configuration = CommandConfiguration(
      abstract: "What a rule would do about what has happened already; nothing is done.")
    static let method = Methods.tryRule
    @OptionGroup var rule: Definition
    @Option(name: .long, help: "How many commands are looked at; 1000 when absent.")
    var commands: Int32 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> AutomationV1.TryRuleRequest {
      .init(rule: rule.message, commands: commands)
    }
  }

  struct Runs: RemoteCommand {
    typealias Response = AutomationV1.ListRuleRunsResponse
    static let configuration = CommandConfiguration(
      abstract: "What rules have done, the newest first.")
    static let method = Methods.listRuleRuns
    @Option(name: .long, help: "Only this rule.") var rule: String = ""
    @Option(name: .long, help: "Only about this order.") var order: String = ""
    @Flag(name: .long, help: "Only what somebody must look at.") var attention = false
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AutomationV1.ListRuleRunsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, ruleCode: rule,
        needsAttention: attention, orderNumber: order)
    }
  }

  struct Settle: RemoteCommand {
    typealias Response = AutomationV1.SettleRuleRunResponse
    static let configuration = CommandConfiguration(
      abstract: "Take a run off the list of those that somebody must look at.")
    static let method = Methods.settleRuleRun
    @Argument(help: "Id of the run.") var id: Int64
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AutomationV1.SettleRuleRunRequest { .init(id: id) }
  }
}
