internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.QuoteServiceMethods
private let states = Choice(OrdersV1.QuoteState.allCases, \.name)

/// `joinery quote …`
struct QuoteCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quote", abstract: "Offers to customers.",
    subcommands: [
      Create.self, Revise.self, Approve.self, Convert.self, Lose.self, Lapse.self, Show.self,
      Variant.self, Revisions.self, Diff.self, List.self, Outcomes.self, Reasons.self,
      SetReasons.self,
    ])

  /// What `create` and `revise` say of an offer beside its first variant.
  struct Terms: ParsableArguments {
    @Option(name: .long, help: "What tells the offer from its alternatives.")
    var title: String = ""

    @Option(
      name: .long,
      help: ArgumentHelp(
        "An alternative; give it again for more.", valueName: "title=sku:quantity;sku:quantity…"))
    var alternative: [AlternativeArgument] = []

    @Option(name: .long, help: "The last day on which the customer can take it.")
    var validUntil: DayArgument?

    @Option(name: .long, help: "A remark on the quote, or what a revision changes.")
    var remark: String = ""

    /// `order` and its alternatives, which differ from it in their lines only.
    func variants(of order: OrdersV1.OrderInput) -> [OrdersV1.QuoteVariantInput] {
      [.init(title: title, order: order)]
        + alternative.map { alternative in
          var other = order
          other.lines = alternative.lines
          return .init(title: alternative.title, order: other)
        }
    }
  }

  struct Create: RemoteCommand {
    typealias Response = OrdersV1.CreateQuoteResponse
    static let configuration = CommandConfiguration(
      abstract: "Offer something at the prices of today.",
      discussion: """
          joinery quote create --customer C-1 --warehouse MAIN --title Oak --line TABLE:1 \\
            --alternative 'Beech=TABLE-BEECH:1' --valid-until 2026-12-31
        """)
    static let method = Methods.createQuote
    @OptionGroup var input: OrderCommands.Input
    @OptionGroup var terms: Terms
    @Option(name: .long, help: "The opportunity that it is an offer for.")
    var opportunity: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CreateQuoteRequest {
      .init(
        customerCode: input.customer, variants: terms.variants(of: input.message),
        validUntil: terms.validUntil?.message, note: terms.remark,
        opportunityNumber: opportunity)
    }
  }

  /// A quote by number, at the version that was seen.
  struct Target: ParsableArguments {
    @Argument(help: "Quote number, such as QU-2026-000123.")
    var number: String

    @Option(name: .long, help: "Only if the quote still has this version.")
    var expectedVersion: Int64?
  }

  struct Revise: RemoteCommand {
    typealias Response = OrdersV1.ReviseQuoteResponse
    static let configuration = CommandConfiguration(
      abstract: "Offer something else, or without --file the same anew, at the prices of today.",
      discussion: """
        The file has `variants` as YAML or JSON: `joinery describe ReviseQuoteRequest`. \
        `joinery quote show NUMBER --output json` has what was offered so far.
        """)
    static let method = Methods.reviseQuote
    @OptionGroup var target: Target
    @Option(name: .long, help: "What is offered now.", completion: .file()) var file: String?
    @Option(name: .long, help: "The last day on which the customer can take it.")
    var validUntil: DayArgument?
    @Option(name: .long, help: "What is different.") var remark: String?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> OrdersV1.ReviseQuoteRequest {
      var request = OrdersV1.ReviseQuoteRequest()
      if let file {
        let type = OrdersV1.ReviseQuoteRequest.fullName
        request = try .init(wire: YAMLMessage(type: type).bytes(ofFile: file))
      }
      request.number = target.number
      request.expectedVersion = target.expectedVersion ?? request.expectedVersion
      request.validUntil = validUntil?.message ?? request.validUntil
      request.note = remark ?? request.note
      return request
    }
  }

  struct Approve: RemoteCommand {
    typealias Response = OrdersV1.ApproveQuoteResponse
    static let configuration = CommandConfiguration(
      abstract: "Approve what of a quote waits for a role (--roles) of yours.")
    static let method = Methods.approveQuote
    @OptionGroup var target: Target
    @Option(name: .long, help: "A remark for the record.") var comment: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ApproveQuoteRequest {
      .init(number: target.number, expectedVersion: target.expectedVersion, comment: comment)
    }
  }

  struct Convert: RemoteCommand {
    typealias Response = OrdersV1.ConvertQuoteResponse
    static let configuration = CommandConfiguration(
      abstract: "Make it an order, at the quoted prices.")
    static let method = Methods.convertQuote
    @OptionGroup var target: Target
    @Option(name: .long, help: "Number of the variant; not needed where there is but one.")
    var variant: Int32 = 0
    @Option(name: .long, help: "Why the customer takes it: a code of `joinery quote reasons`.")
    var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ConvertQuoteRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, variantNumber: variant,
        reasonCode: reason)
    }
  }

  struct Lose: RemoteCommand {
    typealias Response = OrdersV1.LoseQuoteResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that the customer does not want it, and why.")
    static let method = Methods.loseQuote
    @OptionGroup var target: Target
    @Option(name: .long, help: "Why: a code of `joinery quote reasons`.") var reason: String
    @Option(name: .long, help: "A remark for the record.") var comment: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.LoseQuoteRequest {
      .init(
        number: target.number, expectedVersion: target.expectedVersion, reasonCode: reason,
        comment: comment)
    }
  }

  struct Lapse: RemoteCommand {
    typealias Response = OrdersV1.LapseQuotesResponse
    static let configuration = CommandConfiguration(
      abstract: "Close quotes that expired and that nobody came back to, for a nightly job.")
    static let method = Methods.lapseQuotes
    @Option(name: .long, help: "Only those whose last day was before this one; today if absent.")
    var expiredBefore: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.LapseQuotesRequest {
      .init(expiredBefore: expiredBefore?.message)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetQuoteResponse
    static let configuration = CommandConfiguration(abstract: "One quote with its variants.")
    static let method = Methods.getQuote
    @Argument(help: "Quote number.") var number: String
    @Option(name: .long, help: "An earlier revision.") var revision: Int32 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetQuoteRequest { .init(number: number, revision: revision) }
  }

  struct Variant: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One variant, line by line, as the order that it would become.")
    @Argument(help: "Quote number.") var number: String
    @Argument(help: "Number of the variant.") var variant: Int32 = 1
    @Option(name: .long, help: "An earlier revision.") var revision: Int32 = 0
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let request = OrdersV1.GetQuoteRequest(number: number, revision: revision)
      try await RemoteCall.with(connection) { channel in
        let reply = try await OrdersV1.QuoteServiceClient(channel: channel).getQuote(
          request, options: connection.callOptions(connection.metadata))
        let found = reply.quote?.revision?.variants.first { $0.variantNumber == variant }
        guard let order = found?.order else {
          throw ValidationError("\(number) has no variant \(variant)")
        }
        try Renderer(format: connection.output).show(order)
      }
    }
  }

  struct Revisions: RemoteCommand {
    typealias Response = OrdersV1.ListQuoteRevisionsResponse
    static let configuration = CommandConfiguration(
      abstract: "What was offered when, and by whom, oldest first.")
    static let method = Methods.listQuoteRevisions
    @Argument(help: "Quote number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListQuoteRevisionsRequest { .init(number: number) }
  }

  struct Diff: RemoteCommand {
    typealias Response = OrdersV1.DiffQuoteRevisionsResponse
    static let configuration = CommandConfiguration(
      abstract: "In what two revisions of a quote differ, variant by variant.")
    static let method = Methods.diffQuoteRevisions
    @Argument(help: "Quote number.") var number: String
    @Argument(help: "The earlier revision.") var from: Int32
    @Argument(help: "The later revision; the newest when absent.") var to: Int32 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.DiffQuoteRevisionsRequest {
      .init(number: number, fromRevision: from, toRevision: to)
    }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListQuotesResponse
    static let configuration = CommandConfiguration(abstract: "Quotes, the newest first.")
    static let method = Methods.listQuotes
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: OrdersV1.QuoteState?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListQuotesRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer,
        state: state ?? .unspecified)
    }
  }

  struct Outcomes: RemoteCommand {
    typealias Response = OrdersV1.GetQuoteOutcomesResponse
    static let configuration = CommandConfiguration(
      abstract: "How many quotes were won and lost, of which value, and why.")
    static let method = Methods.getQuoteOutcomes
    @Option(name: .long, help: "Created on this day or later; 90 days ago if absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Created on this day or earlier; today if absent.")
    var until: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetQuoteOutcomesRequest {
      .init(createdFrom: from?.message, createdUntil: until?.message)
    }
  }

  struct Reasons: RemoteCommand {
    typealias Response = OrdersV1.ListQuoteReasonsResponse
    static let configuration = CommandConfiguration(
      abstract: "The reasons that can be given for an outcome.")
    static let method = Methods.listQuoteReasons
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListQuoteReasonsRequest { .init() }
  }

  struct SetReasons: RemoteCommand {
    typealias Response = OrdersV1.ReplaceQuoteReasonsResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace the reasons that can be given for an outcome.")
    static let method = Methods.replaceQuoteReasons
    @Option(name: .long, help: ArgumentHelp("For quotes that are won.", valueName: "code=text"))
    var won: [ReasonArgument] = []
    @Option(name: .long, help: ArgumentHelp("For quotes that are lost.", valueName: "code=text"))
    var lost: [ReasonArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReplaceQuoteReasonsRequest {
      .init(reasons: won.map { $0.message(.won) } + lost.map { $0.message(.lost) })
    }
  }
}

/// "Beech=TABLE-BEECH:1;CHAIR:4": what tells it from the others, and its lines.
struct AlternativeArgument: ExpressibleByArgument {
  let title: String
  let lines: [OrdersV1.LineInput]

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let lines = parts[1].split(separator: ";").map { OrderLineArgument(argument: String($0)) }
    guard lines.allSatisfy({ $0 != nil }) else { return nil }
    title = parts[0]
    self.lines = lines.compactMap { $0?.message }
  }
}

/// "TOO_LATE=It would have taken too long".
struct ReasonArgument: ExpressibleByArgument {
  private let code: String
  private let text: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    (code, text) = (parts[0], parts[1])
  }

  func message(_ outcome: OrdersV1.QuoteOutcome) -> OrdersV1.QuoteReason {
    .init(code: code, text: text, outcome: outcome)
  }
}
