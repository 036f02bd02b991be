internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.CoverageServiceMethods

/// `joinery coverage …`
struct CoverageCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage", abstract: "Whom carriers reach: region or postcode, zone, carriers.",
    subcommands: [Check.self, Show.self, SetTable.self])

  struct Check: RemoteCommand {
    typealias Response = OrdersV1.CheckCoverageResponse
    static let configuration = CommandConfiguration(
      abstract: "Whether goods can be brought somewhere, by whom, and what else can be done.")
    static let method = Methods.checkCoverage
    @Option(name: .long, help: "The delivery zone; or else region or postcode.") var zone = ""
    @Option(name: .long, help: "The country.") var country: String = "CN"
    @Option(name: .long, help: "The region: GB/T 2260 in China.") var region: String = ""
    @Option(name: .long, help: "The postcode.") var postcode: String = ""
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "This carrier; anybody when absent.") var carrier: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.CheckCoverageRequest {
      .init(
        zoneCode: zone, countryCode: country, regionCode: region, day: day?.message,
        carrier: carrier, postcode: postcode)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetCoverageResponse
    static let configuration = CommandConfiguration(
      abstract: "The table of a day, or a version of it.")
    static let method = Methods.getCoverage
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetCoverageRequest {
      .init(day: day?.message, version: version)
    }
  }

  struct SetTable: RemoteCommand {
    typealias Response = OrdersV1.SetCoverageResponse
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Say which carriers serve which zones, from a day on.",
      discussion: """
        joinery coverage set --zone HZ=德邦 --zone HZ=SF --zone ZJ=德邦 --reason "contract of 2027" \\
          --valid-from 2027-01-01

        Of the carriers of a zone the first is the first choice. A zone that is not named is \
        served by nobody.
        """)
    static let method = Methods.setCoverage
    @Option(name: .long, help: ArgumentHelp("A row.", valueName: "zone=carrier"))
    var zone: [CoverageRowArgument] = []
    @Option(name: .long, help: "The first day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetCoverageRequest {
      .init(validFrom: validFrom?.message, rows: zone.map(\.message), reason: reason)
    }
  }
}

/// "HZ=德邦".
struct CoverageRowArgument: ExpressibleByArgument {
  let message: OrdersV1.CoverageRow

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    message = .init(zoneCode: parts[0], carrier: parts[1])
  }
}
