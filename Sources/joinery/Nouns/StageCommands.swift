internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.OrderStageServiceMethods
let orderStages = Choice(OrdersV1.OrderStage.allCases, \.name)
private let filters = Choice(OrdersV1.StageClockFilter.allCases, \.name)
private let channels = Choice(OrdersV1.Channel.allCases, \.name)
private let holds = Choice(OrdersV1.OrderHoldKind.allCases, \.name)

/// `joinery stage …`
struct StageCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stage",
    abstract: "How far orders have come, how long they may take, and how long they do.",
    subcommands: [
      List.self, Show.self, Report.self, Sweep.self, Policy.self, SetPolicy.self,
    ])

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListStageClocksResponse
    static let configuration = CommandConfiguration(
      abstract: "Orders whose clocks run, the first due first.")
    static let method = Methods.listStageClocks
    @Option(
      name: .long, help: ArgumentHelp("Only in this stage: \(orderStages.help)."),
      transform: orderStages.callAsFunction)
    var stage: OrdersV1.OrderStage?
    @Option(
      name: .long, help: ArgumentHelp("Instead of those that run: \(filters.help)."),
      transform: filters.callAsFunction)
    var only: OrdersV1.StageClockFilter?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListStageClocksRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, stage: stage ?? .unspecified,
        filter: only ?? .unspecified)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetOrderStagesResponse
    static let configuration = CommandConfiguration(
      abstract: "The stages that an order was in, and for how long.")
    static let method = Methods.getOrderStages
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetOrderStagesRequest { .init(orderNumber: order) }
  }

  struct Report: RemoteCommand {
    typealias Response = OrdersV1.GetStageReportResponse
    static let configuration = CommandConfiguration(
      abstract: "How long orders stayed in each stage, and how many are there now.")
    static let method = Methods.getStageReport
    @Option(name: .long, help: "The first day on which stages were left; 90 days back when absent.")
    var from: DayArgument?
    @Option(name: .long, help: "The last day; today when absent.") var until: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetStageReportRequest {
      .init(from: from?.message, until: until?.message)
    }
  }

  struct Sweep: RemoteCommand {
    typealias Response = OrdersV1.SweepStagesResponse
    static let configuration = CommandConfiguration(
      abstract: "Remind of what it is time for, and tell of what is overdue: every few minutes.")
    static let method = Methods.sweepStages
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SweepStagesRequest { .init() }
  }

  struct Policy: RemoteCommand {
    typealias Response = OrdersV1.GetStagePolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "The terms of a day, or a version of them.")
    static let method = Methods.getStagePolicy
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetStagePolicyRequest {
      .init(day: day?.message, version: version)
    }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = OrdersV1.SetStagePolicyResponse
    static let configuration = CommandConfiguration(
      commandName: "set-policy",
      abstract: "Say how long orders may stay in a stage, from a day on.",
      discussion: """
        joinery stage set-policy --term in-review:8,business,remind=2,role=SALES_MANAGER \\
          --term confirmed:24,channel=store,class=VIP,role=PLANNER --term confirmed:72 \\
          --still-on-hold customer --reason "as agreed with the stores"

        Of each stage the first term counts that fits the order. Without any term nothing is due \
        from then on.
        """)
    static let method = Methods.setStagePolicy
    @Option(
      name: .long,
      help: ArgumentHelp(
        "A term; its stage is one of: \(orderStages.help).",
        valueName:
          "stage:hours[,business][,remind=hours][,role=role][,channel=channel][,class=class]"))
    var term: [StageTermArgument] = []
    @Option(
      name: .long,
      help: ArgumentHelp("Clocks stand still while an order is held for this: \(holds.help)."),
      transform: holds.callAsFunction)
    var stillOnHold: [OrdersV1.OrderHoldKind] = []
    @Option(name: .long, help: "The first day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetStagePolicyRequest {
      .init(
        validFrom: validFrom?.message, terms: term.map(\.message), stillOnHold: stillOnHold,
        reason: reason)
    }
  }
}

/// "in-review:8,business,remind=2,role=SALES_MANAGER".
struct StageTermArgument: ExpressibleByArgument {
  let message: OrdersV1.StageTerm

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let stage = try? orderStages(parts[0]) else { return nil }
    let settings = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    guard let first = settings.first, let hours = Int32(first) else { return nil }
    var term = OrdersV1.StageTerm(stage: stage, hours: hours)
    for setting in settings.dropFirst() {
      let pair = setting.split(separator: "=", maxSplits: 1).map(String.init)
      switch (pair.first, pair.count) {
      case ("business", 1): term.businessHours = true
      case ("remind", 2):
        guard let before = Int32(pair[1]) else { return nil }
        term.remindBeforeHours = before
      case ("role", 2): term.escalationRole = pair[1]
      case ("class", 2): term.customerClass = pair[1]
      case ("channel", 2):
        guard let channel = try? channels(pair[1]) else { return nil }
        term.channel = channel
      default: return nil
      }
    }
    message = term
  }
}
