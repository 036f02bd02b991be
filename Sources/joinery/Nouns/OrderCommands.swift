internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.OrderServiceMethods
private let channels = Choice(OrdersV1.Channel.allCases, \.name)
private let states = Choice(OrdersV1.OrderState.allCases, \.name)
private let shortages = Choice(OrdersV1.ShortageRule.allCases, \.name)

/// `joinery order …`
struct OrderCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order", abstract: "Customers' orders.",
    subcommands: [
      Place.self, Create.self, Submit.self, Approve.self, Reject.self, Confirm.self, Change.self,
      Preview.self, Cancel.self, PreviewCancel.self, Hold.self, Release.self, Actions.self,
      Versions.self, Version.self, Diff.self, Show.self, Address.self, List.self, Views.self,
      SaveView.self, DeleteView.self, Recommend.self, Timeline.self,
      CompleteService.self, OrderImportCommand.self, OrderEditCommand.self,
      Rules.self, SetRules.self, Cod.self, SetTerms.self,
      Link.self, Links.self, RevokeLinks.self, Track.self,
    ])

  /// What an order says, for `place` and `create`.
  struct Input: ParsableArguments {
    @Option(name: .shortAndLong, help: "Customer code.")
    var customer: String

    @Option(name: .shortAndLong, help: "Warehouse that delivers; that of the rules when absent.")
    var warehouse: String = ""

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "A line; give it again for more.", valueName: "sku:quantity[:discount%][:name=value,…]"))
    var line: [OrderLineArgument] = []

    @Option(
      name: .long, help: ArgumentHelp("Where it comes from: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel = .store

    @Option(name: .long, help: "Your own number, unique within the channel.")
    var externalID: String = ""

    @Option(name: .long, help: "Day on which the customer wants the goods.")
    var requestedOn: DayArgument?

    @Option(
      name: .long,
      help: ArgumentHelp(
        "A part of a line that is wanted on another day, or at another address of the customer's; "
          + "all parts come to the line.",
        valueName: "line:day:quantity[@address]"))
    var schedule: [ScheduleArgument] = []

    @Option(
      name: .long, help: ArgumentHelp("What to do about shortages: \(shortages.help)."),
      transform: shortages.callAsFunction)
    var shortage: OrdersV1.ShortageRule = .wait

    @Option(name: .long, help: "A remark.")
    var note: String = ""

    @Option(
      name: .long, help: ArgumentHelp("Discount on the whole order.", valueName: "5%|amount"))
    var discount: OrderDiscountArgument?

    @Option(name: .long, help: "A coupon; give it again for more.")
    var coupon: [String] = []

    @Option(name: .long, help: "The blanket order that it calls off from.")
    var blanket: String = ""

    @Option(name: .long, help: "Currency of the order; the customer's when absent.")
    var currency: String = ""

    @Option(
      name: .long,
      help: ArgumentHelp(
        "Paid at the door; who collects: \(collectors.help).", valueName: "collector"),
      transform: collectors.callAsFunction)
    var cod: OrdersV1.CodCollector?

    @OptionGroup var delivery: DeliveryOptions
    @OptionGroup var asked: InstructionOptions

    var message: OrdersV1.OrderInput {
      OrdersV1.OrderInput(
        channel: channel, externalId: externalID, customerCode: customer, warehouseCode: warehouse,
        lines: schedule.scheduling(asked.asked(of: line.map(\.message))),
        requestedOn: requestedOn?.message,
        shortageRule: shortage,
        note: note, discountMicros: discount?.micros ?? 0, discount: discount?.amount,
        couponCodes: coupon, delivery: delivery.message, blanketNumber: blanket,
        currencyCode: currency, instructions: asked.message,
        cashOnDelivery: cod ?? .unspecified)
    }
  }

  struct Place: RemoteCommand {
    typealias Response = OrdersV1.PlaceOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Create, submit and confirm an order in one command.")
    static let method = Methods.placeOrder
    @OptionGroup var input: Input
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PlaceOrderRequest { .init(order: input.message) }
  }

  struct Create: RemoteCommand {
    typealias Response = OrdersV1.CreateOrderResponse
    static let configuration = CommandConfiguration(abstract: "Write a draft.")
    static let method = Methods.createOrder
    @OptionGroup var input: Input
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CreateOrderRequest { .init(order: input.message) }
  }

  /// An order by number, at the version that was seen.
  struct Target: ParsableArguments {
    @Argument(help: "Order number, such as SO-2026-000123.")
    var number: String

    @Option(name: .long, help: "Only if the order still has this version.")
    var expectedVersion: Int64?
  }

  struct Submit: RemoteCommand {
    typealias Response = OrdersV1.SubmitOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Check a draft, fix its prices and find out who must approve.")
    static let method = Methods.submitOrder
    @OptionGroup var target: Target
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SubmitOrderRequest {
      .init(number: target.number, expectedVersion: target.expectedVersion)
    }
  }

  struct Approve: RemoteCommand {
    typealias Response = OrdersV1.ApproveOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Approve the steps of a submitted order that a role (--roles) of yours decides.")
    static let method = Methods.approveOrder
    @OptionGroup var target: Target
    @Option(name: .long, help: "A remark for the record.")
    var comment: String = ""
    @Option(name: .long, help: "Only the steps of this kind.") var kind: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ApproveOrderRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, comment: comment,
        kind: kind)
    }
  }

  struct Reject: RemoteCommand {
    typealias Response = OrdersV1.RejectOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Send a submitted order back to draft.")
    static let method = Methods.rejectOrder
    @OptionGroup var target: Target
    @Option(name: .long, help: "Why.")
    var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RejectOrderRequest {
      .init(number: target.number, expectedVersion: target.expectedVersion, reason: reason)
    }
  }

  struct Confirm: RemoteCommand {
    typealias Response = OrdersV1.ConfirmOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Promise a submitted order: credit, stock, work orders, requisitions.")
    static let method = Methods.confirmOrder
    @OptionGroup var target: Target
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ConfirmOrderRequest {
      .init(number: target.number, expectedVersion: target.expectedVersion)
    }
  }

  /// What to cancel, for `cancel` and `preview-cancel`.
  struct CancelInput: ParsableArguments {
    @OptionGroup var target: Target
    @Option(
      name: .long, help: "Why: a code of `joinery cancellation reasons`, such as customer-wish.")
    var reason: String
    @Option(name: .long, help: "A remark for the record.")
    var comment: String = ""
    @Option(name: .shortAndLong, help: "Number of a line to cancel; all when absent.")
    var line: [Int32] = []
    @Option(
      name: .long, help: ArgumentHelp("Cancel so much of a line.", valueName: "line:quantity"))
    var quantity: [NumberedQuantityArgument] = []
    @Option(
      name: .long,
      help: ArgumentHelp("Cancel a part of a line.", valueName: "line:schedule[:quantity]"))
    var schedule: [ScheduleNumberArgument] = []

    func request(preview: String) -> OrdersV1.CancelOrderRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion,
        comment: comment, lineNumbers: line,
        quantities: quantity.map { .init(lineNumber: $0.line, quantity: $0.quantity) },
        reasonCode: reason.uppercased().replacing("-", with: "_"), preview: preview,
        schedules: schedule.map(\.message))
    }
  }

  struct Cancel: RemoteCommand {
    typealias Response = OrdersV1.CancelOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Cancel what has not left, of some lines or of all.",
      discussion: """
        `joinery order preview-cancel` with the same options shows beforehand what becomes of \
        supplies and money, and a token for --preview that makes sure that just this is done.
        """)
    static let method = Methods.cancelOrder
    @OptionGroup var input: CancelInput
    @Option(name: .long, help: "Token of a preview: do just that, or nothing.")
    var preview: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CancelOrderRequest { input.request(preview: preview) }
  }

  struct PreviewCancel: RemoteCommand {
    typealias Response = OrdersV1.CancelOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Show what cancelling would do: supplies, fee, earnest money, refund, approval.")
    static let method = Methods.cancelOrder
    @OptionGroup var input: CancelInput
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? {
      var dry = options
      dry.dryRun = true
      return dry
    }
    func request() -> OrdersV1.CancelOrderRequest { input.request(preview: "") }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetOrderResponse
    static let configuration = CommandConfiguration(abstract: "One order with its lines.")
    static let method = Methods.getOrder
    @Argument(help: "Order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetOrderRequest { .init(number: number) }
  }

  struct Address: RemoteCommand {
    typealias Response = OrdersV1.GetDeliveryAddressResponse
    static let configuration = CommandConfiguration(
      abstract: "Where the goods of an order go.")
    static let method = Methods.getDeliveryAddress
    @Argument(help: "Order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetDeliveryAddressRequest { .init(number: number) }
  }

  struct Timeline: RemoteCommand {
    typealias Response = OrdersV1.GetOrderTimelineResponse
    static let configuration = CommandConfiguration(
      abstract: "Everything that happened to an order, oldest first.")
    static let method = Methods.getOrderTimeline
    @Argument(help: "Order number.") var number: String
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetOrderTimelineRequest {
      .init(number: number, pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct CompleteService: RemoteCommand {
    typealias Response = OrdersV1.CompleteServiceResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that service lines were done (all open ones when no line is given).")
    static let method = Methods.completeService
    @Argument(help: "Order number.") var number: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A line.", valueName: "line:quantity"))
    var line: [NumberedQuantityArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CompleteServiceRequest {
      .init(
        orderNumber: number, lines: line.map { .init(lineNumber: $0.line, quantity: $0.quantity) })
    }
  }

  struct Rules: RemoteCommand {
    typealias Response = OrdersV1.ListApprovalRulesResponse
    static let configuration = CommandConfiguration(abstract: "Who approves which orders.")
    static let method = Methods.listApprovalRules
    @Option(name: .customLong("rules-version"), help: "This version; the newest when absent.")
    var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListApprovalRulesRequest {
      .init(version: version)
    }
  }

  struct SetRules: RemoteCommand {
    typealias Response = OrdersV1.ReplaceApprovalRulesResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace the rules that say who approves which orders.",
      discussion: """
        A rule is a list of NAME=VALUE: kind, class, gross (or more), below, window (hours of \
        orders that count together), discount (or more), margin (below), region (CN or CN:33), \
        product (a class), unless (a role that need not ask), by (roles that approve, one after \
        the other A>B or at once A+B; without it nobody needs to), due and remind (business \
        hours), escalate (a role). Of each kind the first of which everything fits decides.

          joinery order set-rules --rule class=VIP \\
            --rule "gross=50000,window=24,by=SALES_MANAGER>GENERAL_MANAGER,due=8,escalate=OWNER" \\
            --rule kind=PRICE,discount=10%,unless=SALES_MANAGER,by=SALES_MANAGER \\
            --rule kind=PRICE,margin=15%,by=GENERAL_MANAGER --reason "new limits"
        """)
    static let method = Methods.replaceApprovalRules
    @Option(name: .long, help: ArgumentHelp("A rule, in turn.", valueName: "name=value,…"))
    var rule: [ApprovalRuleArgument] = []
    @Option(name: .long, help: "Why.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReplaceApprovalRulesRequest {
      .init(rules: rule.map(\.message), reason: reason)
    }
  }
}

/// How the goods get to the customer.
struct DeliveryOptions: ParsableArguments {
  @Option(
    name: .long, help: "The customer's address to which we bring the goods; zone and floor follow.")
  var address: Int64?
  @Option(name: .long, help: "Zone to which we bring the goods.") var zone: String?
  @Option(name: .long, help: "Floor to which we bring them; 0 is the ground.") var floor: Int32?
  @Flag(name: .long, help: "There is a lift.") var lift = false
  @Flag(name: .long, help: "We put them together there.") var assembly = false

  /// Nil when they are fetched.
  var message: OrdersV1.Delivery? {
    guard address != nil || zone != nil || floor != nil || assembly else { return nil }
    return .init(
      zoneCode: zone ?? "", floor: floor ?? 0, hasLift: lift, assembly: assembly,
      addressId: address ?? 0)
  }
}

/// A page of a list.
struct PageOptions: ParsableArguments {
  @Option(name: .customLong("limit"), help: "Rows to show, 1–500.")
  var pageSize: Int32 = 50

  @Option(name: .long, help: "Token of the page to show, as printed below the page before.")
  var pageToken: String = ""
}
