internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = AftersalesV1.ComplaintServiceMethods
private let categories = Choice(AftersalesV1.ComplaintCategory.allCases, \.name)
private let ways = Choice(AftersalesV1.ComplaintChannel.allCases, \.name)
private let dimensions = Choice(AftersalesV1.ComplaintDimension.allCases, \.name)
private let severities = Choice(AftersalesV1.ComplaintSeverity.allCases, \.name)
private let pauseReasons = Choice(AftersalesV1.ComplaintPauseReason.allCases, \.name)
private let states = Choice(AftersalesV1.ComplaintState.allCases, \.name)

/// `joinery complaint …`
struct ComplaintCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "complaint",
    abstract: "What customers are not content with, and what they think of deliveries.",
    subcommands: [
      Open.self, Assign.self, Pause.self, Resume.self, Resolve.self, Reopen.self, Escalate.self,
      Show.self, List.self, Report.self, Pauses.self,
      Terms.self, SetTerms.self, Rate.self, Satisfaction.self,
    ])

  struct Open: RemoteCommand {
    typealias Response = AftersalesV1.OpenComplaintResponse
    static let configuration = CommandConfiguration(
      abstract: "Open a complaint about an order or a line of it.")
    static let method = Methods.openComplaint
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Line; the whole order when absent.") var line: Int32 = 0
    @Option(
      name: .long, help: ArgumentHelp("About: \(categories.help)."),
      transform: categories.callAsFunction)
    var category: AftersalesV1.ComplaintCategory
    @Option(
      name: .long, help: ArgumentHelp("How bad it is: \(severities.help)."),
      transform: severities.callAsFunction)
    var severity: AftersalesV1.ComplaintSeverity = .normal
    @Option(
      name: .long, help: ArgumentHelp("By which way it comes: \(ways.help)."),
      transform: ways.callAsFunction)
    var channel: AftersalesV1.ComplaintChannel?
    @Option(name: .long, help: "What the customer says.") var text: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.OpenComplaintRequest {
      .init(
        orderNumber: order, lineNumber: line, category: category, severity: severity, text: text,
        channel: channel ?? .unspecified)
    }
  }

  struct Report: RemoteCommand {
    typealias Response = AftersalesV1.GetComplaintReportResponse
    static let configuration = CommandConfiguration(
      abstract: "How many complaints came, by which way and about what, and how they ended.")
    static let method = Methods.getComplaintReport
    @Option(name: .long, help: "First day; 90 days before the last when absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Last day; today when absent.") var until: DayArgument?
    @Option(
      name: .long, help: ArgumentHelp("Count by: \(dimensions.help); by channel when absent."),
      transform: dimensions.callAsFunction)
    var by: [AftersalesV1.ComplaintDimension] = []
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetComplaintReportRequest {
      .init(from: from?.message, until: until?.message, dimensions: by)
    }
  }

  struct Assign: RemoteCommand {
    typealias Response = AftersalesV1.AssignComplaintResponse
    static let configuration = CommandConfiguration(
      abstract: "Give a complaint to somebody, or take it.")
    static let method = Methods.assignComplaint
    @Argument(help: "Complaint number.") var number: String
    @Option(name: .long, help: "To whom; to you when absent.") var to: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.AssignComplaintRequest { .init(number: number, assignee: to) }
  }

  struct Resolve: RemoteCommand {
    typealias Response = AftersalesV1.ResolveComplaintResponse
    static let configuration = CommandConfiguration(
      abstract: "Say how a complaint ended, and by which document.")
    static let method = Methods.resolveComplaint
    @Argument(help: "Complaint number.") var number: String
    @Option(name: .long, help: "How.") var resolution: String
    @Option(
      name: .long, help: "Number of a return, exchange, credit note, order, shipment or invoice.")
    var by: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.ResolveComplaintRequest {
      .init(number: number, resolution: resolution, documentNumber: by)
    }
  }

  struct Reopen: RemoteCommand {
    typealias Response = AftersalesV1.ReopenComplaintResponse
    static let configuration = CommandConfiguration(
      abstract: "Open a resolved complaint again, with a new deadline.")
    static let method = Methods.reopenComplaint
    @Argument(help: "Complaint number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.ReopenComplaintRequest {
      .init(number: number, reason: reason)
    }
  }

  struct Escalate: RemoteCommand {
    typealias Response = AftersalesV1.EscalateComplaintsResponse
    static let configuration = CommandConfiguration(
      abstract: "Raise every complaint whose deadline has passed: for a timer, say.")
    static let method = Methods.escalateComplaints
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.EscalateComplaintsRequest { .init() }
  }

  struct Pause: RemoteCommand {
    typealias Response = AftersalesV1.PauseComplaintResponse
    static let configuration = CommandConfiguration(
      abstract: "Stop the clock of a complaint while somebody else is waited for.")
    static let method = Methods.pauseComplaint
    @Argument(help: "Complaint number.") var number: String
    @Option(
      name: .long, help: ArgumentHelp("Who or what is waited for: \(pauseReasons.help)."),
      transform: pauseReasons.callAsFunction)
    var reason: AftersalesV1.ComplaintPauseReason
    @Option(name: .long, help: "The last day; 14 days from now when absent.")
    var until: DayArgument?
    @Option(name: .long, help: "In words.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.PauseComplaintRequest {
      .init(number: number, reason: reason, note: note, until: until?.message)
    }
  }

  struct Resume: RemoteCommand {
    typealias Response = AftersalesV1.ResumeComplaintResponse
    static let configuration = CommandConfiguration(
      abstract: "Let the clock of a complaint go on before its pause is over.")
    static let method = Methods.resumeComplaint
    @Argument(help: "Complaint number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.ResumeComplaintRequest { .init(number: number) }
  }

  struct Pauses: RemoteCommand {
    typealias Response = AftersalesV1.GetComplaintPauseReportResponse
    static let configuration = CommandConfiguration(
      abstract: "For how long complaints stood still, by why.")
    static let method = Methods.getComplaintPauseReport
    @Option(name: .long, help: "First day; 90 days before the last when absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Last day; today when absent.") var until: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetComplaintPauseReportRequest {
      .init(from: from?.message, until: until?.message)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = AftersalesV1.GetComplaintResponse
    static let configuration = CommandConfiguration(abstract: "One complaint.")
    static let method = Methods.getComplaint
    @Argument(help: "Complaint number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetComplaintRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = AftersalesV1.ListComplaintsResponse
    static let configuration = CommandConfiguration(abstract: "Complaints, the newest first.")
    static let method = Methods.listComplaints
    @Option(name: .long, help: "Only those about this order.") var order: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only those in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: AftersalesV1.ComplaintState?
    @Option(
      name: .long, help: ArgumentHelp("Only those about: \(categories.help)."),
      transform: categories.callAsFunction)
    var category: AftersalesV1.ComplaintCategory?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListComplaintsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order,
        state: state ?? .unspecified, category: category ?? .unspecified)
    }
  }

  struct Terms: RemoteCommand {
    typealias Response = AftersalesV1.ListComplaintTermsResponse
    static let configuration = CommandConfiguration(
      abstract: "By when complaints are to be resolved.")
    static let method = Methods.listComplaintTerms
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListComplaintTermsRequest { .init() }
  }

  struct SetTerms: RemoteCommand {
    typealias Response = AftersalesV1.ReplaceComplaintTermsResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace by when complaints are to be resolved: all four severities.",
      discussion: """
        high:8b:SALES_MANAGER counts eight hours that the company works, high:24:SALES_MANAGER all \
        hours of the day.
        """)
    static let method = Methods.replaceComplaintTerms
    @Option(
      name: .long,
      help: ArgumentHelp("\(severities.help).", valueName: "severity:hours[b]:role"))
    var term: [ComplaintTermArgument]
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.ReplaceComplaintTermsRequest {
      .init(terms: term.map(\.message))
    }
  }

  struct Rate: RemoteCommand {
    typealias Response = AftersalesV1.RecordSatisfactionResponse
    static let configuration = CommandConfiguration(
      abstract: "Take down what a customer thinks of a delivery, 0 to 10.")
    static let method = Methods.recordSatisfaction
    @Argument(help: "Shipment number.") var shipment: String
    @Option(name: .long, help: "Would it recommend us? 0 to 10.") var score: Int32
    @Option(name: .long, help: "In its own words.") var text: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.RecordSatisfactionRequest {
      .init(shipmentNumber: shipment, score: score, text: text)
    }
  }

  struct Satisfaction: RemoteCommand {
    typealias Response = AftersalesV1.GetSatisfactionReportResponse
    static let configuration = CommandConfiguration(
      abstract: "What customers thought of deliveries, by month and store.")
    static let method = Methods.getSatisfactionReport
    @Option(name: .long, help: "First day; 90 days before the last when absent.")
    var from: DayArgument?
    @Option(name: .long, help: "Last day; today when absent.") var until: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetSatisfactionReportRequest {
      .init(from: from?.message, until: until?.message)
    }
  }
}

/// "high:24:SALES_MANAGER", or "high:8b:SALES_MANAGER" in business hours.
struct ComplaintTermArgument: ExpressibleByArgument {
  let message: AftersalesV1.ComplaintTerm

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let isBusiness = parts.count == 3 && parts[1].hasSuffix("b")
    guard parts.count == 3, let severity = try? severities(parts[0]),
      let hours = Int32(isBusiness ? String(parts[1].dropLast()) : parts[1])
    else { return nil }
    message = .init(
      severity: severity, hours: hours, escalationRole: parts[2], businessHours: isBusiness)
  }
}
