internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Warranties = AftersalesV1.WarrantyServiceMethods
private typealias Remakes = AftersalesV1.RemakeServiceMethods
private let sourcings = Choice(OrdersV1.Sourcing.allCases, \.name)

/// `joinery warranty …`
struct WarrantyCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "warranty", abstract: "How long what was sold is answered for.",
    subcommands: [Check.self, Policy.self, SetPolicy.self])

  struct Check: RemoteCommand {
    typealias Response = AftersalesV1.CheckWarrantyResponse
    static let configuration = CommandConfiguration(
      abstract: "Whether a line of an order, or a component of it, is covered, and why.")
    static let method = Warranties.checkWarranty
    @Argument(help: "Order number; not needed with --serial.") var order: String = ""
    @Option(name: .long, help: "Line; not needed with --serial.") var line: Int32 = 0
    @Option(name: .long, help: "Serial number of the piece, as its proof of delivery has it.")
    var serial: String = ""
    @Option(name: .long, help: "Component, as the rules name it.") var component: String = ""
    @Option(name: .long, help: "On this day; today when absent.") var day: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.CheckWarrantyRequest {
      .init(
        orderNumber: order, lineNumber: line, component: component, day: day?.message,
        serial: serial)
    }
  }

  struct Policy: RemoteCommand {
    typealias Response = AftersalesV1.GetWarrantyPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "The terms of orders of today, of another day, or one version of them.")
    static let method = Warranties.getWarrantyPolicy
    @Option(name: .long, help: "Of orders that are created on this day.") var day: DayArgument?
    @Option(name: .long, help: "This version.") var policyVersion: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetWarrantyPolicyRequest {
      .init(day: day?.message, version: policyVersion)
    }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = AftersalesV1.SetWarrantyPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a new version of the terms, for orders from a day on.",
      discussion: """
        A rule is a list of NAME=VALUE: sku, sourcing (\(sourcings.help)), component; years or \
        months from the delivery of each piece, 0 for not covered. The first of which everything \
        fits decides. What is given for nothing beyond what the customer keeps of a line, or \
        beyond --free-limit, waits until --approver agrees.

          joinery warranty set-policy --reason "terms of 2027" \\
            --rule component=FRAME,years=10 --rule component=FABRIC,years=2 --rule years=2
        """)
    static let method = Warranties.setWarrantyPolicy
    @Option(name: .long, help: "First day of the orders that it is for; today when absent.")
    var validFrom: DayArgument?
    @Option(name: .long, help: ArgumentHelp("A rule, in turn.", valueName: "name=value,…"))
    var rule: [WarrantyRuleArgument] = []
    @Option(name: .long, help: "Given for a line in all before a second person agrees: 1299.00.")
    var freeLimit: MoneyArgument?
    @Option(name: .long, help: "Role that agrees to more; SALES_MANAGER when absent.")
    var approver: String = ""
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.SetWarrantyPolicyRequest {
      .init(
        validFrom: validFrom?.message, rules: rule.map(\.message), reason: reason,
        freeLimit: freeLimit?.message, approverRole: approver)
    }
  }
}

/// "component=FRAME,years=10".
struct WarrantyRuleArgument: ExpressibleByArgument {
  let message: AftersalesV1.WarrantyRule

  init?(argument: String) {
    var rule = AftersalesV1.WarrantyRule()
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      switch parts[0] {
      case "sku": rule.sku = parts[1]
      case "component": rule.component = parts[1]
      case "sourcing":
        guard let sourcing = try? sourcings(parts[1]) else { return nil }
        rule.sourcing = sourcing
      case "months":
        guard let months = Int32(parts[1]) else { return nil }
        rule.months = months
      case "years":
        guard let years = Int32(parts[1]), (0...100).contains(years) else { return nil }
        rule.months = years * 12
      default: return nil
      }
    }
    message = rule
  }
}

/// `joinery remake …`
struct RemakeCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remake", abstract: "Parts and pieces made or sent again.",
    subcommands: [Create.self, List.self])

  struct Create: RemoteCommand {
    typealias Response = AftersalesV1.CreateRemakeResponse
    static let configuration = CommandConfiguration(
      abstract: "Send or make something again for a line that has left; free under warranty.",
      discussion: """
        joinery remake create SO-2026-000123 --line 1 --quantity 1 --reason damaged --dry-run
        joinery remake create SO-2026-000123 --line 1 --quantity 2 --reason defect --sku HINGE
        """)
    static let method = Remakes.createRemake
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Line.") var line: Int32
    @Option(name: .long, help: "How much.") var quantity: QuantityArgument
    @Option(name: .long, help: "Why: a code of `joinery return reasons`.") var reason: String
    @Option(name: .long, help: "A spare part; what was ordered when absent.")
    var sku: String = ""
    @Option(name: .long, help: "The component that was bad, as warranty rules name it.")
    var component: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.CreateRemakeRequest {
      .init(
        orderNumber: order, lineNumber: line, quantity: quantity.message,
        reasonCode: reason.replacing("-", with: "_").uppercased(), sku: sku, component: component)
    }
  }

  struct List: RemoteCommand {
    typealias Response = AftersalesV1.ListRemakesResponse
    static let configuration = CommandConfiguration(abstract: "Remakes, the newest first.")
    static let method = Remakes.listRemakes
    @Option(name: .long, help: "Only those for this order, and for its remakes.")
    var order: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListRemakesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order)
    }
  }
}
