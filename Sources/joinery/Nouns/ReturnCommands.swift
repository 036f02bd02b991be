internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = AftersalesV1.ReturnServiceMethods
private let sourcings = Choice(OrdersV1.Sourcing.allCases, \.name)
private let responsibles = Choice(AftersalesV1.Responsible.allCases, \.name)
private let states = Choice(AftersalesV1.ReturnState.allCases, \.name)
private let grades = Choice(AftersalesV1.ReturnGrade.allCases, \.name)

/// `joinery return …`
struct ReturnCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "return",
    abstract: "Goods that customers give back, and what may be given back.",
    subcommands: [
      Check.self, Request.self, Approve.self, Reject.self, Cancel.self, Receive.self, Grade.self,
      Credit.self, Show.self, List.self, CreditNote.self, Policy.self, SetPolicy.self,
      Reasons.self, SetReasons.self,
    ])

  struct Check: RemoteCommand {
    typealias Response = AftersalesV1.GetReturnableResponse
    static let configuration = CommandConfiguration(
      abstract: "What of an order could come back now for a reason, on what terms, and why not.")
    static let method = Methods.getReturnable
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "Why: a code of `joinery return reasons`.") var reason: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetReturnableRequest {
      .init(orderNumber: order, reasonCode: reason.asCode)
    }
  }

  struct Request: RemoteCommand {
    typealias Response = AftersalesV1.RequestReturnResponse
    static let configuration = CommandConfiguration(
      abstract: "Ask to give goods of an order back.",
      discussion: """
        joinery return request SO-2026-000123 --line 1:2 --line 3:1:damaged --reason changed-mind
        """)
    static let method = Methods.requestReturn
    @Argument(help: "Order number.") var order: String
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("A line, with a reason of its own.", valueName: "line:quantity[:reason]"))
    var line: [ReturnLineArgument]
    @Option(name: .long, help: "Why, for lines that say nothing: a code of `return reasons`.")
    var reason: String = ""
    @Option(name: .long, help: "What the customer says.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.RequestReturnRequest {
      .init(
        orderNumber: order,
        lines: line.map {
          .init(
            lineNumber: $0.line, quantity: $0.quantity, reasonCode: ($0.word ?? reason).asCode)
        }, note: note)
    }
  }

  struct Approve: RemoteCommand {
    typealias Response = AftersalesV1.ApproveReturnResponse
    static let configuration = CommandConfiguration(
      abstract: "Agree to a return that somebody else asked for.")
    static let method = Methods.approveReturn
    @Argument(help: "Return number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.ApproveReturnRequest { .init(number: number) }
  }

  struct Reject: RemoteCommand {
    typealias Response = AftersalesV1.RejectReturnResponse
    static let configuration = CommandConfiguration(abstract: "Do not agree to a return.")
    static let method = Methods.rejectReturn
    @Argument(help: "Return number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.RejectReturnRequest { .init(number: number, reason: reason) }
  }

  struct Cancel: RemoteCommand {
    typealias Response = AftersalesV1.CancelReturnResponse
    static let configuration = CommandConfiguration(
      abstract: "Call a return off while nothing has come.")
    static let method = Methods.cancelReturn
    @Argument(help: "Return number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.CancelReturnRequest { .init(number: number, reason: reason) }
  }

  struct Receive: RemoteCommand {
    typealias Response = AftersalesV1.ReceiveReturnResponse
    static let configuration = CommandConfiguration(
      abstract: "Take the goods into quarantine (all when no line is given).")
    static let method = Methods.receiveReturn
    @Argument(help: "Return number.") var number: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A line.", valueName: "line:quantity"))
    var line: [NumberedQuantityArgument] = []
    @Option(name: .long, help: "The warehouse; the one of the order when absent.")
    var warehouse: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.ReceiveReturnRequest {
      .init(
        number: number, lines: line.map { .init(lineNumber: $0.line, quantity: $0.quantity) },
        warehouseCode: warehouse)
    }
  }

  struct Grade: RemoteCommand {
    typealias Response = AftersalesV1.GradeReturnResponse
    static let configuration = CommandConfiguration(
      abstract: "Say what the goods are good for: A as new, B to be repaired, C scrap.")
    static let method = Methods.gradeReturn
    @Argument(help: "Return number.") var number: String
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("A line (grades: \(grades.help)).", valueName: "line:quantity:grade"))
    var line: [ReturnLineArgument]
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> AftersalesV1.GradeReturnRequest {
      .init(
        number: number,
        lines: try line.map {
          .init(lineNumber: $0.line, quantity: $0.quantity, grade: try grades($0.word ?? ""))
        })
    }
  }

  struct Credit: RemoteCommand {
    typealias Response = AftersalesV1.CreditReturnResponse
    static let configuration = CommandConfiguration(
      abstract: "Credit what came, and propose what was paid for it as a refund.")
    static let method = Methods.creditReturn
    @Argument(help: "Return number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.CreditReturnRequest { .init(number: number) }
  }

  struct Show: RemoteCommand {
    typealias Response = AftersalesV1.GetReturnResponse
    static let configuration = CommandConfiguration(abstract: "One return.")
    static let method = Methods.getReturn
    @Argument(help: "Return number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetReturnRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = AftersalesV1.ListReturnsResponse
    static let configuration = CommandConfiguration(abstract: "Returns, the newest first.")
    static let method = Methods.listReturns
    @Option(name: .long, help: "Only those of this order.") var order: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only those in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: AftersalesV1.ReturnState?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListReturnsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order,
        state: state ?? .unspecified)
    }
  }

  struct CreditNote: RemoteCommand {
    typealias Response = FinanceV1.GetCreditNoteResponse
    static let configuration = CommandConfiguration(
      commandName: "credit-note", abstract: "One credit note.")
    static let method = FinanceV1.FinanceServiceMethods.getCreditNote
    @Argument(help: "Credit note number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetCreditNoteRequest { .init(number: number) }
  }

  struct Policy: RemoteCommand {
    typealias Response = AftersalesV1.GetReturnPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "What may come back of orders of today, of another day, or one version of it.")
    static let method = Methods.getReturnPolicy
    @Option(name: .long, help: "Of orders that are created on this day.") var day: DayArgument?
    @Option(name: .long, help: "This version.") var policyVersion: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.GetReturnPolicyRequest {
      .init(day: day?.message, version: policyVersion)
    }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = AftersalesV1.SetReturnPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a new version of what may come back, for orders from a day on.",
      discussion: """
        A rule is a list of NAME=VALUE: reason (a code), defect (yes or no), sourcing \
        (\(sourcings.help)), days since the delivery of each; allowed (yes or no), fee (a share of \
        what is credited), by, the role that must agree. The first of which everything fits \
        decides about a line; what no rule fits cannot be given back.

          joinery return set-policy --reason "terms of 2027" \\
            --rule defect=yes,allowed=yes,by=SALES_MANAGER \\
            --rule sourcing=make,allowed=no \\
            --rule days=7,allowed=yes --rule days=30,allowed=yes,fee=10%
        """)
    static let method = Methods.setReturnPolicy
    @Option(name: .long, help: "First day of the orders that it is for; today when absent.")
    var validFrom: DayArgument?
    @Option(name: .long, help: ArgumentHelp("A rule, in turn.", valueName: "name=value,…"))
    var rule: [ReturnRuleArgument] = []
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.SetReturnPolicyRequest {
      .init(validFrom: validFrom?.message, rules: rule.map(\.message), reason: reason)
    }
  }

  struct Reasons: RemoteCommand {
    typealias Response = AftersalesV1.ListReturnReasonsResponse
    static let configuration = CommandConfiguration(
      abstract: "The reasons for which goods come back, and whose doing each is.")
    static let method = Methods.listReturnReasons
    @OptionGroup var connection: ConnectionOptions
    func request() -> AftersalesV1.ListReturnReasonsRequest { .init() }
  }

  struct SetReasons: RemoteCommand {
    typealias Response = AftersalesV1.ReplaceReturnReasonsResponse
    static let configuration = CommandConfiguration(
      abstract: "Replace the reasons for which goods come back.",
      discussion: """
        joinery return set-reasons --reason customer:CHANGED_MIND=Changed mind \\
          --reason workshop:DEFECT=Made badly
        """)
    static let method = Methods.replaceReturnReasons
    @Option(
      name: .long,
      help: ArgumentHelp(
        "A reason; whose doing: \(responsibles.help).", valueName: "whose:code=text"))
    var reason: [ReturnReasonArgument]
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> AftersalesV1.ReplaceReturnReasonsRequest {
      .init(reasons: reason.map(\.message))
    }
  }
}

/// "workshop:DEFECT=Made badly".
struct ReturnReasonArgument: ExpressibleByArgument {
  let message: AftersalesV1.ReturnReasonRow

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let responsible = try? responsibles(parts[0]) else { return nil }
    let words = parts[1].split(separator: "=", maxSplits: 1).map(String.init)
    guard words.count == 2 else { return nil }
    message = .init(code: words[0], text: words[1], responsible: responsible)
  }
}

/// A quantity of a numbered line, and a word about it: "2:1:damaged".
struct ReturnLineArgument: ExpressibleByArgument {
  let line: Int32
  let quantity: TypeV1.Quantity
  let word: String?

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count),
      let amount = NumberedQuantityArgument(argument: parts[0] + ":" + parts[1])
    else { return nil }
    line = amount.line
    quantity = amount.quantity
    word = parts.count == 3 ? parts[2] : nil
  }
}

/// "defect=no,days=30,allowed=yes,fee=10%".
struct ReturnRuleArgument: ExpressibleByArgument {
  let message: AftersalesV1.ReturnRule

  init?(argument: String) {
    var rule = AftersalesV1.ReturnRule()
    for word in argument.split(separator: ",") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, Self.set(&rule, parts[0], parts[1]) else { return nil }
    }
    message = rule
  }

  private static func set(
    _ rule: inout AftersalesV1.ReturnRule, _ name: String, _ value: String
  ) -> Bool {
    switch name {
    case "reason": rule.reasonCode = value.asCode
    case "by": rule.approverRole = value
    case "defect":
      guard let answer = yes(value) else { return false }
      rule.isDefect = answer
    case "allowed":
      guard let answer = yes(value) else { return false }
      rule.allowed = answer
    case "days":
      guard let days = Int32(value) else { return false }
      rule.withinDays = days
    case "fee", "b":
      guard let share = RateArgument(argument: value) else { return false }
      if name == "fee" {
        rule.feeMicros = share.micros
      } else {
        rule.writeDownMicros = share.micros
      }
    case "sourcing":
      guard let sourcing = try? sourcings(value) else { return false }
      rule.sourcing = sourcing
    default: return false
    }
    return true
  }

  private static func yes(_ value: String) -> Bool? {
    ["yes": true, "no": false][value]
  }
}

extension String {
  /// "changed-mind" as the server writes it.
  var asCode: String { replacing("-", with: "_").uppercased() }
}
