internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.CancellationServiceMethods
private let stages = Choice(OrdersV1.CancelStage.allCases, \.name)
private let sourcings = Choice(OrdersV1.Sourcing.allCases, \.name)
private let faults = Choice(OrdersV1.CancelFault.allCases, \.name)
private let dimensions = Choice(OrdersV1.CancellationDimension.allCases, \.name)
private let refundStates = Choice(OrdersV1.RefundState.allCases, \.name)
private let paymentMethods = Choice(FinanceV1.PaymentMethod.allCases, \.name)

/// `joinery cancellation …`
struct CancellationCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancellation",
    abstract: "What cancelling orders costs, who agrees to it, and what was cancelled.",
    subcommands: [
      Policy.self, SetPolicy.self, Reasons.self, SetReasons.self, Requests.self, Approve.self,
      Reject.self, Report.self,
    ])

  struct Policy: RemoteCommand {
    typealias Response = OrdersV1.GetCancellationPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "What cancelling costs orders of today, of another day, or one version of it.")
    static let method = Methods.getCancellationPolicy
    @Option(name: .long, help: "Of orders that are created on this day.") var day: DayArgument?
    @Option(name: .long, help: "This version.") var policyVersion: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetCancellationPolicyRequest {
      .init(day: day?.message, version: policyVersion)
    }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = OrdersV1.SetCancellationPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a new version of what cancelling costs, for orders from a day on.",
      discussion: """
        A rule is a list of NAME=VALUE: stage (\(stages.help)), sourcing (\(sourcings.help)), \
        class of the customer; fee (a share), fixed, min, max; earnest=kept where it is not \
        forfeited; by, the roles that must agree (A>B one after the other, A+B at once), and \
        from, the amount from which on, with what was cancelled in window hours before in other \
        orders of the customer; due, remind and escalate as of approvals. The first of which \
        everything fits decides about a line; fees are due where the customer is at fault.

          joinery cancellation set-policy --reason "terms of 2027" \\
            --rule stage=confirmed,fee=5%,max=500 \\
            --rule stage=in-work,fee=50%,by=SALES_MANAGER,from=10000 \\
            --rule "stage=made,fee=80%,by=PLANNER>SALES_MANAGER,due=8,escalate=BOSS"
        """)
    static let method = Methods.setCancellationPolicy
    @Option(name: .long, help: "First day of the orders that it is for; today when absent.")
    var validFrom: DayArgument?
    @Option(name: .long, help: "Share of an order up to which earnest money counts; 20% if absent.")
    var earnestCap: RateArgument?
    @Option(name: .long, help: ArgumentHelp("A rule, in turn.", valueName: "name=value,…"))
    var rule: [CancellationRuleArgument] = []
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetCancellationPolicyRequest {
      .init(
        validFrom: validFrom?.message, earnestCapMicros: earnestCap?.micros,
        rules: rule.map(\.message), reason: reason)
    }
  }

  struct Reasons: RemoteCommand {
    typealias Response = OrdersV1.ListCancelReasonsResponse
    static let configuration = CommandConfiguration(
      abstract: "The reasons for which orders are cancelled, and whose doing each is.")
    static let method = Methods.listCancelReasons
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListCancelReasonsRequest { .init() }
  }

  struct SetReasons: RemoteCommand {
    typealias Response = OrdersV1.ReplaceCancelReasonsResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace the reasons for which orders are cancelled.")
    static let method = Methods.replaceCancelReasons
    @Option(
      name: .long, help: ArgumentHelp("The customer's doing.", valueName: "code=text"))
    var customer: [CancelReasonArgument] = []
    @Option(name: .long, help: ArgumentHelp("Our own doing.", valueName: "code=text"))
    var seller: [CancelReasonArgument] = []
    @Option(name: .long, help: ArgumentHelp("Nobody's doing.", valueName: "code=text"))
    var nobody: [CancelReasonArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReplaceCancelReasonsRequest {
      .init(
        reasons: customer.map { $0.message(.customer) } + seller.map { $0.message(.seller) }
          + nobody.map { $0.message(.nobody) })
    }
  }

  struct Requests: RemoteCommand {
    typealias Response = OrdersV1.ListCancelRequestsResponse
    static let configuration = CommandConfiguration(
      abstract: "Cancellations that wait for somebody to agree.")
    static let method = Methods.listCancelRequests
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListCancelRequestsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Approve: RemoteCommand {
    typealias Response = OrdersV1.ApproveCancellationResponse
    static let configuration = CommandConfiguration(
      abstract: "Agree to a cancellation that somebody else asked for; the last one does it.")
    static let method = Methods.approveCancellation
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "A remark for the record.") var comment: String = ""
    @Option(name: .long, help: "The version of the order that you have seen.")
    var expectedVersion: Int64?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ApproveCancellationRequest {
      .init(orderNumber: order, expectedVersion: expectedVersion, comment: comment)
    }
  }

  struct Reject: RemoteCommand {
    typealias Response = OrdersV1.RejectCancellationResponse
    static let configuration = CommandConfiguration(
      abstract: "Refuse a cancellation that somebody asked for, or take back your own.")
    static let method = Methods.rejectCancellation
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RejectCancellationRequest {
      .init(orderNumber: order, reason: reason)
    }
  }

  struct Report: RemoteCommand {
    typealias Response = OrdersV1.GetCancellationReportResponse
    static let configuration = CommandConfiguration(
      abstract: "What was cancelled: how often, how much, fees, forfeits, cost in vain.")
    static let method = Methods.getCancellationReport
    @Option(name: .long, help: "First day; 90 days before the last when absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Last day; today when absent.") var until: DayArgument?
    @Option(
      name: .long,
      help: ArgumentHelp(
        "Count by: \(dimensions.help); by reason, stage, store and month when absent."),
      transform: dimensions.callAsFunction)
    var by: [OrdersV1.CancellationDimension] = []
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetCancellationReportRequest {
      .init(
        cancelledFrom: from?.message, cancelledUntil: until?.message, dimensions: by)
    }
  }
}

/// `joinery refund …`
struct RefundCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refund", abstract: "Money that goes back because an order does not need it.",
    subcommands: [List.self, Propose.self, Pay.self, Decline.self])

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListRefundsResponse
    static let configuration = CommandConfiguration(
      abstract: "Refunds, those that are proposed when nothing else is said.")
    static let method = Methods.listRefunds
    @Option(
      name: .long, help: ArgumentHelp("In this state: \(refundStates.help)."),
      transform: refundStates.callAsFunction)
    var state: OrdersV1.RefundState?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListRefundsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, state: state ?? .unspecified)
    }
  }

  struct Propose: RemoteCommand {
    typealias Response = OrdersV1.ProposeRefundResponse
    static let configuration = CommandConfiguration(
      abstract: "Propose that what an order does not need of its money goes back.")
    static let method = Methods.proposeRefund
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ProposeRefundRequest { .init(orderNumber: order, reason: reason) }
  }

  struct Pay: RemoteCommand {
    typealias Response = OrdersV1.PayRefundResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that the refund of an order was paid out.")
    static let method = Methods.payRefund
    @Argument(help: "Order number.") var order: String
    @Option(
      name: .long, help: ArgumentHelp("How: \(paymentMethods.help)."),
      transform: paymentMethods.callAsFunction)
    var method: FinanceV1.PaymentMethod = .bankTransfer
    @Option(name: .long, help: "The bank's or gateway's id of it.") var reference: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PayRefundRequest {
      .init(orderNumber: order, method: method, externalReference: reference)
    }
  }

  struct Decline: RemoteCommand {
    typealias Response = OrdersV1.DeclineRefundResponse
    static let configuration = CommandConfiguration(
      abstract: "Decline the refund of an order: the money pays what else the customer owes.")
    static let method = Methods.declineRefund
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.DeclineRefundRequest { .init(orderNumber: order, reason: reason) }
  }
}

/// "MOVED=Moved away".
struct CancelReasonArgument: ExpressibleByArgument {
  private let code: String
  private let text: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    (code, text) = (parts[0], parts[1])
  }

  func message(_ fault: OrdersV1.CancelFault) -> OrdersV1.CancelReasonRow {
    .init(code: code, text: text, fault: fault)
  }
}

/// "stage=in-work,fee=50%,by=SALES_MANAGER".
struct CancellationRuleArgument: ExpressibleByArgument {
  let message: OrdersV1.CancellationRule

  init?(argument: String) {
    var rule = OrdersV1.CancellationRule()
    var steps = ApprovalStepsArgument()
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2,
        Self.set(&rule, parts[0], parts[1]) || steps.read(parts[0], parts[1])
      else { return nil }
    }
    rule.approverRole = steps.onlyRole
    rule.steps = steps.messages
    rule.parallel = steps.isParallel
    message = rule
  }

  private static func set(
    _ rule: inout OrdersV1.CancellationRule, _ name: String, _ value: String
  ) -> Bool {
    switch name {
    case "stage": (try? stages(value)).map { rule.stage = $0 } != nil
    case "sourcing": (try? sourcings(value)).map { rule.sourcing = $0 } != nil
    case "class": set(&rule.customerClass, value)
    case "product": set(&rule.productClass, value)
    case "allowed" where value == "no": set(&rule.forbidden, true)
    case "fee": RateArgument(argument: value).map { rule.shareMicros = $0.micros } != nil
    case "fixed": MoneyArgument(argument: value).map { rule.fixed = $0.message } != nil
    case "min": MoneyArgument(argument: value).map { rule.minimum = $0.message } != nil
    case "max": MoneyArgument(argument: value).map { rule.maximum = $0.message } != nil
    case "from": MoneyArgument(argument: value).map { rule.approvalFrom = $0.message } != nil
    case "window": Int32(value).map { rule.windowHours = $0 } != nil
    case "earnest" where value == "kept": set(&rule.waivesEarnest, true)
    default: false
    }
  }

  private static func set<Value>(_ place: inout Value, _ value: Value) -> Bool {
    place = value
    return true
  }
}
