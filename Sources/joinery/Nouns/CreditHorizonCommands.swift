internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = CustomersV1.CustomerServiceMethods

/// How far ahead orders count in credit.
extension CustomerCommands {
  struct Horizon: RemoteCommand {
    typealias Response = CustomersV1.GetCreditHorizonResponse
    static let configuration = CommandConfiguration(
      abstract: "How far ahead orders count in credit on a day, or a version of it.")
    static let method = Methods.getCreditHorizon
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.GetCreditHorizonRequest {
      .init(day: day?.message, version: version)
    }
  }

  struct SetHorizon: RemoteCommand {
    typealias Response = CustomersV1.SetCreditHorizonResponse
    static let configuration = CommandConfiguration(
      abstract: "Say how far ahead orders count in credit, from a day on.",
      discussion: """
        joinery customer set-horizon --days 60 --days VIP=120 --reason "long orders"

        What is wanted later than so many days from now needs no room in the limits until it is to \
        leave: of a class, or without one of everybody else. Without any --days everything counts.
        """)
    static let method = Methods.setCreditHorizon
    @Option(name: .long, help: ArgumentHelp("How far ahead.", valueName: "class=days"))
    var days: [HorizonRuleArgument] = []
    @Option(name: .long, help: "The first day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.SetCreditHorizonRequest {
      .init(validFrom: validFrom?.message, rules: days.map(\.message), reason: reason)
    }
  }
}

/// "VIP=120", or "60" for everybody else.
struct HorizonRuleArgument: ExpressibleByArgument {
  let message: CustomersV1.CreditHorizonRule

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let last = parts.last, let days = Int32(last) else { return nil }
    message = .init(customerClass: parts.count == 2 ? String(parts[0]) : "", days: days)
  }
}
