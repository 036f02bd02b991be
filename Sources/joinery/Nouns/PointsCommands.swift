internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = FinanceV1.PointsServiceMethods
private let moments = Choice(FinanceV1.PointsMoment.allCases, \.name)

/// `joinery points …`
struct PointsCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "points", abstract: "Loyalty points: the programme, and what customers have.",
    subcommands: [
      Show.self, Entries.self, Redeem.self, Expire.self, Programme.self, SetProgramme.self,
    ])

  struct Show: RemoteCommand {
    typealias Response = FinanceV1.GetPointsResponse
    static let configuration = CommandConfiguration(abstract: "A customer's points.")
    static let method = Methods.getPoints
    @Argument(help: "Customer.") var customer: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetPointsRequest { .init(customerCode: customer) }
  }

  struct Entries: RemoteCommand {
    typealias Response = FinanceV1.ListPointsEntriesResponse
    static let configuration = CommandConfiguration(
      abstract: "What happened to a customer's points, the newest first.")
    static let method = Methods.listPointsEntries
    @Argument(help: "Customer.") var customer: String
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListPointsEntriesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer)
    }
  }

  struct Redeem: RemoteCommand {
    typealias Response = FinanceV1.RedeemPointsResponse
    static let configuration = CommandConfiguration(
      abstract: "Pay an order with points of its customer.")
    static let method = Methods.redeemPoints
    @Argument(help: "Order number.") var order: String
    @Argument(help: "How many points.") var points: Int64
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.RedeemPointsRequest {
      .init(orderNumber: order, points: points)
    }
  }

  struct Expire: RemoteCommand {
    typealias Response = FinanceV1.ExpirePointsResponse
    static let configuration = CommandConfiguration(
      abstract: "Take points away whose last day is over.")
    static let method = Methods.expirePoints
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.ExpirePointsRequest { .init() }
  }

  struct Programme: RemoteCommand {
    typealias Response = FinanceV1.GetPointsProgrammeResponse
    static let configuration = CommandConfiguration(
      abstract: "The programme of a day, or a version of it.")
    static let method = Methods.getPointsProgramme
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetPointsProgrammeRequest {
      .init(day: day?.message, version: version)
    }
  }

  struct SetProgramme: RemoteCommand {
    typealias Response = FinanceV1.SetPointsProgrammeResponse
    static let configuration = CommandConfiguration(
      commandName: "set-programme",
      abstract: "Say how points are earned and what they pay, from a day on.",
      discussion: """
        joinery points set-programme --moment INVOICE --rate 1 --rate VIP=2 --value 0.01 \\
          --fair-value 0.008 --minimum 500 --valid-months 24 --reason "programme of 2027"

        A rate is points for each yuan: of a class, or without one of everybody else. Without any \
        rate nobody earns points from then on.
        """)
    static let method = Methods.setPointsProgramme
    @Option(
      name: .long, help: ArgumentHelp("What earns points: \(moments.help)."),
      transform: moments.callAsFunction)
    var moment: FinanceV1.PointsMoment
    @Option(name: .long, help: ArgumentHelp("Points for each yuan.", valueName: "class=points"))
    var rate: [PointsRateArgument] = []
    @Option(name: .long, help: "What a point pays.") var value: UnitPriceArgument
    @Option(name: .long, help: "What a point is worth when it is granted; its value when absent.")
    var fairValue: UnitPriceArgument?
    @Option(name: .long, help: "Points that must be used at once, at least.") var minimum: Int64 = 0
    @Option(name: .long, help: "Months after which points expire; 0 for never.")
    var validMonths: Int32 = 0
    @Option(name: .long, help: "The first day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.SetPointsProgrammeRequest {
      .init(
        validFrom: validFrom?.message, moment: moment, rates: rate.map(\.message),
        redemptionValue: value.message, fairValue: fairValue?.message, minimumPoints: minimum,
        validMonths: validMonths, reason: reason)
    }
  }
}

/// "VIP=2", or "1" for everybody else.
struct PointsRateArgument: ExpressibleByArgument {
  let message: FinanceV1.PointsRate

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let last = parts.last, let micros = FixedPoint.parse(String(last), digits: 6) else {
      return nil
    }
    message = .init(
      customerClass: parts.count == 2 ? String(parts[0]) : "", pointsMicros: micros)
  }
}
