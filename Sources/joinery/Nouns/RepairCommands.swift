internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = AftersalesV1.RepairServiceMethods

/// `joinery repair …`
struct RepairCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Parts and work for goods that have left.",
    subcommands: [Create.self, List.self])

  struct Create: RemoteCommand {
    typealias Response = AftersalesV1.CreateRepairResponse
    static let configuration = CommandConfiguration(
      abstract: "Order parts and work for a line that has left; free under warranty.",
      discussion: """
        joinery repair create SO-2026-000123 --line 1 --reason defect --part HINGE:2 \\
          --part LABOUR:1.5 --note "the door sags" --dry-run
        """)
    static let method = Methods.createRepair
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Line.") var line: Int32
    @Option(name: .long, help: "Why: a code of `joinery return reasons`.") var reason: String
    @Option(
      name: .long,
      help: ArgumentHelp(
        "A part, or so much of a service; give it again for more.", valueName: "sku:quantity"))
    var part: [OrderLineArgument]
    @Option(name: .long, help: "The component that is bad, as warranty rules name it.")
    var component: String = ""
    @Option(name: .long, help: "What is to be done.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.CreateRepairRequest {
      .init(
        orderNumber: order, lineNumber: line,
        lines: part.map { .init(sku: $0.message.sku, quantity: $0.message.quantity) },
        reasonCode: reason.asCode, component: component, note: note)
    }
  }

  struct List: RemoteCommand {
    typealias Response = AftersalesV1.ListRepairsResponse
    static let configuration = CommandConfiguration(abstract: "Repairs, the newest first.")
    static let method = Methods.listRepairs
    @Option(name: .long, help: "Only those of this order's goods.") var order: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListRepairsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order)
    }
  }
}
