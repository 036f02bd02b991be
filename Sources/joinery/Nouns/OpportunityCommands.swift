internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.OpportunityServiceMethods
private let states = Choice(OrdersV1.OpportunityState.allCases, \.name)
private let groups = Choice(OrdersV1.ConversionGroup.allCases, \.name)
private let channels = Choice(OrdersV1.Channel.allCases, \.name)

/// `joinery opportunity …`
struct OpportunityCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "opportunity", abstract: "What customers may buy some day.",
    discussion: """
      joinery opportunity create --customer C-1 --title 'Kitchen, new flat' --expected 60000
      joinery opportunity move OP-2026-000001 NEEDS
      joinery quote create --opportunity OP-2026-000001 --customer C-1 … (its conversion wins it)
      joinery opportunity report --by owner
      """,
    subcommands: [
      Create.self, Change.self, Move.self, Lose.self, Link.self, Show.self, List.self,
      Report.self, Stages.self, SetStages.self,
    ])

  /// What `create` and `change` say.
  struct Input: ParsableArguments {
    @Option(name: .long, help: "What it is about.") var title: String?
    @Option(name: .long, help: "The salesperson; empty for nobody.") var owner: String?
    @Option(name: .long, help: "The store; empty for none.") var store: String?
    @Option(name: .long, help: "What it is expected to come to, with tax.")
    var expected: MoneyArgument?
    @Option(name: .long, help: "When the customer is expected to decide.")
    var closeOn: DayArgument?
    @Option(
      name: .long, help: ArgumentHelp("By which way it came: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel?
    @Option(name: .long, help: "What brought it, such as REFERRAL.") var source: String?
    @Option(name: .long, help: "A remark.") var remark: String?

    var message: OrdersV1.OpportunityInput {
      .init(
        title: title, owner: owner, storeCode: store, expected: expected?.message,
        expectedCloseOn: closeOn?.message, channel: channel ?? .unspecified, sourceCode: source,
        note: remark)
    }
  }

  /// An opportunity by number, at the version that was seen.
  struct Target: ParsableArguments {
    @Argument(help: "Opportunity number, such as OP-2026-000123.")
    var number: String

    @Option(name: .long, help: "Only if the opportunity still has this version.")
    var expectedVersion: Int64?
  }

  struct Create: RemoteCommand {
    typealias Response = OrdersV1.CreateOpportunityResponse
    static let configuration = CommandConfiguration(
      abstract: "Write down what a customer may buy.",
      discussion: """
        Whoever has bought nothing yet is entered as a customer first: \
        joinery customer set C-9 --name 'Wang Fang' --class PROSPECT
        """)
    static let method = Methods.createOpportunity
    @Option(name: .shortAndLong, help: "Customer code.") var customer: String
    @OptionGroup var input: Input
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CreateOpportunityRequest {
      .init(customerCode: customer, opportunity: input.message)
    }
  }

  struct Change: RemoteCommand {
    typealias Response = OrdersV1.ChangeOpportunityResponse
    static let configuration = CommandConfiguration(
      abstract: "Change what is known of it; what is not given stays as it is.")
    static let method = Methods.changeOpportunity
    @OptionGroup var target: Target
    @OptionGroup var input: Input
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ChangeOpportunityRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion,
        opportunity: input.message)
    }
  }

  struct Move: RemoteCommand {
    typealias Response = OrdersV1.MoveOpportunityResponse
    static let configuration = CommandConfiguration(
      abstract: "Bring it into another stage, or open again what was lost.")
    static let method = Methods.moveOpportunity
    @OptionGroup var target: Target
    @Argument(help: "Code of the stage: `joinery opportunity stages`.") var stage: String
    @Option(name: .long, help: "Why; needed to go back and to open again.")
    var comment: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.MoveOpportunityRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, stageCode: stage,
        comment: comment)
    }
  }

  struct Lose: RemoteCommand {
    typealias Response = OrdersV1.LoseOpportunityResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that the customer does not want it, and why; its open quotes go with it.")
    static let method = Methods.loseOpportunity
    @OptionGroup var target: Target
    @Option(name: .long, help: "Why: a code of `joinery quote reasons`.") var reason: String
    @Option(name: .long, help: "A remark for the record.") var comment: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.LoseOpportunityRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, reasonCode: reason,
        comment: comment)
    }
  }

  struct Link: RemoteCommand {
    typealias Response = OrdersV1.LinkQuoteResponse
    static let configuration = CommandConfiguration(
      abstract: "Say that a quote is an offer for it; without an opportunity, for none.")
    static let method = Methods.linkQuote
    @Argument(help: "Quote number.") var quote: String
    @Argument(help: "Opportunity number.") var opportunity: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.LinkQuoteRequest {
      .init(quoteNumber: quote, opportunityNumber: opportunity)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetOpportunityResponse
    static let configuration = CommandConfiguration(
      abstract: "One opportunity with its steps, quotes and orders.")
    static let method = Methods.getOpportunity
    @Argument(help: "Opportunity number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetOpportunityRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListOpportunitiesResponse
    static let configuration = CommandConfiguration(abstract: "Opportunities, the newest first.")
    static let method = Methods.listOpportunities
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: OrdersV1.OpportunityState?
    @Option(name: .long, help: "Only in this stage.") var stage: String = ""
    @Option(name: .long, help: "Only of this salesperson.") var owner: String = ""
    @Option(name: .long, help: "Only for this store.") var store: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListOpportunitiesRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer,
        state: state ?? .unspecified, stageCode: stage, owner: owner, storeCode: store)
    }
  }

  struct Report: RemoteCommand {
    typealias Response = OrdersV1.GetConversionResponse
    static let configuration = CommandConfiguration(
      abstract: "How many were won and lost, how long each stage takes, what is to be expected.")
    static let method = Methods.getConversion
    @Option(name: .long, help: "Written down on this day or later; 90 days ago if absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Written down on this day or earlier; today if absent.")
    var until: DayArgument?
    @Option(
      name: .long, help: ArgumentHelp("A row for each: \(groups.help)."),
      transform: groups.callAsFunction)
    var by: OrdersV1.ConversionGroup?
    @Option(name: .long, help: "Only of this salesperson.") var owner: String = ""
    @Option(name: .long, help: "Only for this store.") var store: String = ""
    @Option(name: .long, help: "Only what this brought.") var source: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only what came by this way: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel?
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetConversionRequest {
      .init(
        createdFrom: from?.message, createdUntil: until?.message, groupBy: by ?? .unspecified,
        owner: owner, storeCode: store, sourceCode: source, channel: channel ?? .unspecified)
    }
  }

  struct Stages: RemoteCommand {
    typealias Response = OrdersV1.GetOpportunityStagesResponse
    static let configuration = CommandConfiguration(
      abstract: "The stages of today, or of an earlier version.")
    static let method = Methods.getOpportunityStages
    @Option(name: .long, help: "This version.") var stagesVersion: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetOpportunityStagesRequest { .init(version: stagesVersion) }
  }

  struct SetStages: RemoteCommand {
    typealias Response = OrdersV1.SetOpportunityStagesResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a new version of the stages.",
      discussion: """
        joinery opportunity set-stages --reason 'a visit comes first' \\
          --stage 'NEW=10%:New' --stage 'VISIT=30%:Visited' --stage 'OFFER=60%:Offer is made'
        """)
    static let method = Methods.setOpportunityStages
    @Option(
      name: .long,
      help: ArgumentHelp("An open stage, in turn.", valueName: "code=probability:name"))
    var stage: [StageArgument]
    @Option(name: .long, help: ArgumentHelp("Where what is won comes.", valueName: "code=name"))
    var won: String = "WON=Won"
    @Option(name: .long, help: ArgumentHelp("Where what is lost comes.", valueName: "code=name"))
    var lost: String = "LOST=Lost"
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetOpportunityStagesRequest {
      .init(
        stages: stage.map(\.message) + [last(won, .won), last(lost, .lost)], reason: reason)
    }

    private func last(
      _ text: String, _ state: OrdersV1.OpportunityState
    ) -> OrdersV1.OpportunityStage {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      return .init(
        code: parts.first ?? "", name: parts.last ?? "",
        probabilityMicros: state == .won ? 1_000_000 : 0, state: state)
    }
  }
}

/// "VISIT=30%:Visited".
struct StageArgument: ExpressibleByArgument {
  let message: OrdersV1.OpportunityStage

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    let rest = parts.last?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
    guard parts.count == 2, rest.count == 2, let rate = RateArgument(argument: rest[0]) else {
      return nil
    }
    message = .init(
      code: parts[0], name: rest[1], probabilityMicros: rate.micros, state: .open)
  }
}
