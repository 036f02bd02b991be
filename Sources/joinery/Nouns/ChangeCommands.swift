internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.ChangeServiceMethods
private let states = Choice(OrdersV1.ChangeRequestState.allCases, \.name)
private let kinds = Choice(OrdersV1.ChangeKind.allCases, \.name)
private let stages = Choice(OrdersV1.ChangeStage.allCases, \.name)

/// `joinery change …`
struct ChangeCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change",
    abstract: "Changes of orders that others must agree to.",
    discussion: """
      joinery change request SO-2026-000001 --set 1:6 --discount 8% --reason "for the long wait"
      joinery change list --mine
      joinery approval list --mine
      joinery change approve SO-2026-000001 --comment "as agreed with the customer"
      """,
    subcommands: [
      Request.self, Preview.self, List.self, Show.self, Approve.self, Reject.self, Return.self,
      Resubmit.self, Withdraw.self, Policy.self, SetPolicy.self,
    ])

  /// Which request of which order.
  struct Target: ParsableArguments {
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Number of the request; the one that is open when absent.")
    var number: Int32 = 0
    @Option(name: .long, help: "Only at this version of the request.") var expectedVersion: Int64?
  }

  struct Request: RemoteCommand {
    typealias Response = OrdersV1.RequestOrderChangeResponse
    static let configuration = CommandConfiguration(
      abstract: "Ask for a change of an order: it is made when all who must agree have.",
      discussion: """
        The options are those of `joinery order change`. The order stays as it is until then. \
        What nobody need agree to is made at once.
        """)
    static let method = Methods.requestOrderChange
    @OptionGroup var input: OrderCommands.ChangeInput
    @Option(name: .long, help: "Token of a preview: ask for just that, or nothing.")
    var preview: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RequestOrderChangeRequest { input.asked(preview: preview) }
  }

  struct Preview: RemoteCommand {
    typealias Response = OrdersV1.RequestOrderChangeResponse
    static let configuration = CommandConfiguration(
      abstract: "Show what a change would do, and who would have to agree.")
    static let method = Methods.requestOrderChange
    @OptionGroup var input: OrderCommands.ChangeInput
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? {
      var dry = options
      dry.dryRun = true
      return dry
    }
    func request() -> OrdersV1.RequestOrderChangeRequest { input.asked(preview: "") }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListChangeRequestsResponse
    static let configuration = CommandConfiguration(
      abstract: "Changes that were asked for, those that are open when nothing else is said.")
    static let method = Methods.listChangeRequests
    @Option(name: .long, help: "Of this order, in any state.") var order: String = ""
    @Option(
      name: .long, help: ArgumentHelp("In this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: OrdersV1.ChangeRequestState?
    @Flag(name: .long, help: "Only those that you asked for.") var mine = false
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListChangeRequestsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order,
        state: state ?? .unspecified, mine: mine)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetChangeRequestResponse
    static let configuration = CommandConfiguration(
      abstract: "What a request asks for, what it would do, and who has agreed.")
    static let method = Methods.getChangeRequest
    @Argument(help: "Order number.") var order: String
    @Argument(help: "Number of the request; the newest when absent.") var number: Int32 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetChangeRequestRequest {
      .init(orderNumber: order, number: number)
    }
  }

  struct Approve: RemoteCommand {
    typealias Response = OrdersV1.ApproveChangeRequestResponse
    static let configuration = CommandConfiguration(
      abstract: "Agree to a request; the last one makes the change, just as it was shown.")
    static let method = Methods.approveChangeRequest
    @OptionGroup var target: Target
    @Option(name: .long, help: "A remark.") var comment: String = ""
    @Option(name: .long, help: "Only the steps of this kind.") var kind: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ApproveChangeRequestRequest {
      .init(
        orderNumber: target.order, number: target.number,
        expectedVersion: target.expectedVersion, comment: comment, kind: kind)
    }
  }

  struct Reject: RemoteCommand {
    typealias Response = OrdersV1.RejectChangeRequestResponse
    static let configuration = CommandConfiguration(abstract: "Refuse a request for good.")
    static let method = Methods.rejectChangeRequest
    @OptionGroup var target: Target
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RejectChangeRequestRequest {
      .init(
        orderNumber: target.order, number: target.number,
        expectedVersion: target.expectedVersion, reason: reason)
    }
  }

  struct Return: RemoteCommand {
    typealias Response = OrdersV1.ReturnChangeRequestResponse
    static let configuration = CommandConfiguration(
      abstract: "Send a request back to be written otherwise; what was approved stays so.")
    static let method = Methods.returnChangeRequest
    @OptionGroup var target: Target
    @Option(name: .long, help: "What should be otherwise.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReturnChangeRequestRequest {
      .init(
        orderNumber: target.order, number: target.number,
        expectedVersion: target.expectedVersion, reason: reason)
    }
  }

  struct Resubmit: RemoteCommand {
    typealias Response = OrdersV1.ResubmitChangeRequestResponse
    static let configuration = CommandConfiguration(
      abstract: "Ask again for the same, of the order as it is now, or for something else.",
      discussion: """
        Without --reason and options of a change it asks for the same as before.

          joinery change resubmit SO-2026-000001
          joinery change resubmit SO-2026-000001 --set 1:5 --reason "as the boss says"
        """)
    static let method = Methods.resubmitChangeRequest
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Number of the request; the one that is open when absent.")
    var number: Int32 = 0
    @Option(name: .long, help: "Only at this version of the request.") var expectedVersion: Int64?
    @Option(name: .long, help: "Why; as before when absent.") var reason: String = ""
    @OptionGroup var wish: OrderCommands.ChangeWish
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ResubmitChangeRequestRequest {
      let change = wish.message
      return .init(
        orderNumber: order, number: number, expectedVersion: expectedVersion,
        change: change == .init() ? nil : change, reason: reason)
    }
  }

  struct Withdraw: RemoteCommand {
    typealias Response = OrdersV1.WithdrawChangeRequestResponse
    static let configuration = CommandConfiguration(abstract: "Take back what you asked for.")
    static let method = Methods.withdrawChangeRequest
    @OptionGroup var target: Target
    @Option(name: .long, help: "Why.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.WithdrawChangeRequestRequest {
      .init(
        orderNumber: target.order, number: target.number,
        expectedVersion: target.expectedVersion, reason: reason)
    }
  }

  struct Policy: RemoteCommand {
    typealias Response = OrdersV1.GetChangePolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Who must agree to which changes beside the approval rules, and until when.")
    static let method = Methods.getChangePolicy
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetChangePolicyRequest { .init() }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = OrdersV1.SetChangePolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Say who must agree to which changes; replaces all of it.",
      discussion: """
        A rule is a list of NAME=VALUE: change (\(kinds.help)) and stage (\(stages.help)), several \
        with + between, from, the amount by which the order costs more or less; by, the role that \
        must agree, and due, remind (business hours) and escalate as in `joinery order set-rules`. \
        All rules that fit ask.

          joinery change set-policy --expire 40 --slack 2 --reason "terms of 2027" \\
            --rule change=discount+prices,by=FINANCE,due=8 \\
            --rule stage=begun+partly-shipped,by=PLANNER \\
            --rule from=20000,by=GENERAL_MANAGER,due=16,escalate=OWNER
        """)
    static let method = Methods.setChangePolicy
    @Option(name: .long, help: ArgumentHelp("A rule.", valueName: "name=value,…"))
    var rule: [ChangeRuleArgument] = []
    @Option(name: .long, help: "Business hours after which a request ends; 0 for never.")
    var expire: Int32
    @Option(name: .long, help: "Days by which goods may be ready later than was shown.")
    var slack: Int32 = 0
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetChangePolicyRequest {
      .init(
        rules: rule.map(\.message), expireHours: expire, slackDays: slack, reason: reason)
    }
  }
}

extension OrderCommands.ChangeInput {
  fileprivate func asked(preview: String) -> OrdersV1.RequestOrderChangeRequest {
    .init(
      orderNumber: target.number, expectedVersion: target.expectedVersion, change: wish.message,
      reason: reason, preview: preview)
  }
}

/// "change=discount+prices,stage=begun,from=20000,by=FINANCE,due=8".
struct ChangeRuleArgument: ExpressibleByArgument {
  let message: OrdersV1.ChangeRule

  init?(argument: String) {
    var rule = OrdersV1.ChangeRule(step: .init())
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, Self.read(parts[0], parts[1], &rule) else { return nil }
    }
    message = rule
  }

  private static func read(
    _ name: String, _ value: String, _ rule: inout OrdersV1.ChangeRule
  ) -> Bool {
    switch name {
    case "change":
      let named = value.split(separator: "+").map { try? kinds("\($0)") }
      rule.kinds = named.compactMap(\.self)
      return rule.kinds.count == named.count
    case "stage":
      let named = value.split(separator: "+").map { try? stages("\($0)") }
      rule.stages = named.compactMap(\.self)
      return rule.stages.count == named.count
    case "from":
      rule.minimumChange = MoneyArgument(argument: value)?.message
      return rule.minimumChange != nil
    case "by": rule.step?.role = value
    case "escalate": rule.step?.escalationRole = value
    case "due", "remind":
      guard let hours = Int32(value) else { return false }
      if name == "due" { rule.step?.dueHours = hours } else { rule.step?.remindHours = hours }
    default: return false
    }
    return true
  }
}
