internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Defects = AftersalesV1.DefectServiceMethods
private let dimensions = Choice(AftersalesV1.DefectDimension.allCases, \.name)
private let orders = Choice(AftersalesV1.DefectOrder.allCases, \.name)

/// `joinery defect …`
struct DefectCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "defect", abstract: "Where defects come from, and what they cost.",
    subcommands: [Record.self, List.self, Report.self])

  struct Record: RemoteCommand {
    typealias Response = AftersalesV1.RecordDefectFindingResponse
    static let configuration = CommandConfiguration(
      abstract: "Say where a defect comes from: lot, supplier, or step of the workshop.",
      discussion: """
        joinery defect record RT-2026-000001 --line 1 --lot F-2231 --supplier WOOD
        joinery defect record SO-2026-000124 --work WO-2026-000007 --step 2
        joinery defect record CP-2026-000003 --line 1 --lot F-2231
        The document is the return, the complaint, or the order of the remake or the repair. Said
        again, the latest counts.
        """)
    static let method = Defects.recordDefectFinding
    @Argument(help: "Number of the return or complaint, or of the order of the remake or repair.")
    var document: String
    @Option(name: .long, help: "Line of the goods' order; not needed when there is one only.")
    var line: Int32 = 0
    @Option(name: .long, help: "Lot, as the label says it.") var lot: String = ""
    @Option(name: .long, help: "Code of the supplier.") var supplier: String = ""
    @Option(name: .long, help: "The work order; the one that made the line when absent.")
    var work: String = ""
    @Option(name: .long, help: "Sequence of the step that did it badly.") var step: Int32 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.RecordDefectFindingRequest {
      .init(
        documentNumber: document, lineNumber: line, lot: lot, supplierCode: supplier,
        workOrderNumber: work, operationSequence: step)
    }
  }

  struct List: RemoteCommand {
    typealias Response = AftersalesV1.ListDefectFindingsResponse
    static let configuration = CommandConfiguration(abstract: "Findings, the newest first.")
    static let method = Defects.listDefectFindings
    @Option(name: .long, help: "Only those of goods of this order.") var order: String = ""
    @Option(name: .long, help: "Only those of this lot: whose goods were bad.")
    var lot: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListDefectFindingsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order, lot: lot)
    }
  }

  struct Report: RemoteCommand {
    typealias Response = AftersalesV1.GetDefectReportResponse
    static let configuration = CommandConfiguration(
      abstract: "What came back, was made again or repaired for a defect, and what it cost.")
    static let method = Defects.getDefectReport
    @Option(name: .long, help: "First day; 90 days before the last when absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Last day; today when absent.") var until: DayArgument?
    @Option(
      name: .long, help: ArgumentHelp("Count by: \(dimensions.help)."),
      transform: dimensions.callAsFunction)
    var by: [AftersalesV1.DefectDimension] = []
    @Option(
      name: .long, help: ArgumentHelp("The most first: \(orders.help)."),
      transform: orders.callAsFunction)
    var orderBy: AftersalesV1.DefectOrder?
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetDefectReportRequest {
      .init(
        from: from?.message, until: until?.message, dimensions: by,
        orderBy: orderBy ?? .unspecified)
    }
  }
}
