internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = FinanceV1.DunningServiceMethods
private let letters = Choice(FinanceV1.DunningLetterKind.allCases, \.name)
private let claims = Choice(FinanceV1.DunningClaimKind.allCases, \.name)
private let reasons = Choice(FinanceV1.DunningStopReason.allCases, \.name)

/// `joinery dunning …`
struct DunningCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dunning", abstract: "Reminding customers of what they owe, level by level.",
    subcommands: [
      List.self, Show.self, Run.self, Letters.self, Letter.self, Stop.self, Lift.self,
      Promise.self, Waive.self, Policy.self, SetPolicy.self,
    ])

  struct List: RemoteCommand {
    typealias Response = FinanceV1.ListDunningResponse
    static let configuration = CommandConfiguration(
      abstract: "Customers with overdue invoices, and how far they were reminded.")
    static let method = Methods.listDunning
    @Option(name: .long, help: "Only those reminded of this level or a higher one.")
    var level: Int32 = 0
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListDunningRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, level: level)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = FinanceV1.GetCustomerDunningResponse
    static let configuration = CommandConfiguration(
      abstract: "A customer's overdue invoices, what stops their reminders, and its promises.")
    static let method = Methods.getCustomerDunning
    @Argument(help: "Customer.") var customer: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetCustomerDunningRequest { .init(customerCode: customer) }
  }

  struct Run: RemoteCommand {
    typealias Response = FinanceV1.RunDunningResponse
    static let configuration = CommandConfiguration(
      abstract: "Raise what has reached another level, and write the letters: once a day, say.",
      discussion: "With --dry-run it shows the letters that it would write.")
    static let method = Methods.runDunning
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.RunDunningRequest { .init() }
  }

  struct Letters: RemoteCommand {
    typealias Response = FinanceV1.ListDunningLettersResponse
    static let configuration = CommandConfiguration(abstract: "Letters, the newest first.")
    static let method = Methods.listDunningLetters
    @Option(name: .long, help: "Only those to this customer.") var customer: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListDunningLettersRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer)
    }
  }

  struct Letter: RemoteCommand {
    typealias Response = FinanceV1.GetDunningLetterResponse
    static let configuration = CommandConfiguration(abstract: "One letter.")
    static let method = Methods.getDunningLetter
    @Argument(help: "Its number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetDunningLetterRequest { .init(number: number) }
  }

  struct Stop: RemoteCommand {
    typealias Response = FinanceV1.StopDunningResponse
    static let configuration = CommandConfiguration(
      abstract: "Stop the reminders of a customer or of one invoice until a day.")
    static let method = Methods.stopDunning
    @Option(name: .long, help: "All of this customer.") var customer: String = ""
    @Option(name: .long, help: "This invoice alone.") var invoice: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Why: \(reasons.help)."),
      transform: reasons.callAsFunction)
    var reason: FinanceV1.DunningStopReason
    @Option(name: .long, help: "The last day.") var until: DayArgument
    @Option(name: .long, help: "In words.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.StopDunningRequest {
      .init(
        customerCode: customer, invoiceNumber: invoice, reason: reason, note: note,
        until: until.message)
    }
  }

  struct Lift: RemoteCommand {
    typealias Response = FinanceV1.LiftDunningStopResponse
    static let configuration = CommandConfiguration(abstract: "End a stop before its day.")
    static let method = Methods.liftDunningStop
    @Argument(help: "Id of the stop.") var id: Int64
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.LiftDunningStopRequest { .init(id: id) }
  }

  struct Promise: RemoteCommand {
    typealias Response = FinanceV1.NotePaymentPromiseResponse
    static let configuration = CommandConfiguration(
      abstract: "Note that a customer has promised to pay an invoice.")
    static let method = Methods.notePaymentPromise
    @Argument(help: "Invoice number.") var invoice: String
    @Option(name: .long, help: "By when.") var on: DayArgument
    @Option(name: .long, help: "How much; all that is open when absent.")
    var amount: MoneyArgument?
    @Option(name: .long, help: "In words.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.NotePaymentPromiseRequest {
      .init(
        invoiceNumber: invoice, amount: amount?.message, promisedOn: on.message, note: note)
    }
  }

  struct Waive: RemoteCommand {
    typealias Response = FinanceV1.WaiveDunningClaimResponse
    static let configuration = CommandConfiguration(
      abstract: "Take back what a letter claims and is booked: its fee, its interest, or both.")
    static let method = Methods.waiveDunningClaim
    @Argument(help: "Number of the letter.") var letter: String
    @Option(
      name: .long, help: ArgumentHelp("Which: \(claims.help); both when absent."),
      transform: claims.callAsFunction)
    var kind: FinanceV1.DunningClaimKind = .unspecified
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.WaiveDunningClaimRequest {
      .init(letterNumber: letter, kind: kind, reason: reason)
    }
  }

  struct Policy: RemoteCommand {
    typealias Response = FinanceV1.GetDunningPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "The levels of a day, or a version of them.")
    static let method = Methods.getDunningPolicy
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetDunningPolicyRequest {
      .init(day: day?.message, version: version)
    }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = FinanceV1.SetDunningPolicyResponse
    static let configuration = CommandConfiguration(
      commandName: "set-policy", abstract: "Say when customers are reminded, from a day on.",
      discussion: """
        joinery dunning set-policy --level 7:reminder --level 21:demand,fee=20,interest=5% \\
          --level 45:final-demand,fee=40,interest=5%,blocks --minimum 50 --spare-complaints \\
          --reason "as of 2027"

        A level is reached when an invoice has been overdue for so many days. Without any level \
        nobody is reminded from then on.
        """)
    static let method = Methods.setDunningPolicy
    @Option(
      name: .long,
      help: ArgumentHelp(
        "A level; its letter is one of: \(letters.help).",
        valueName: "days:letter[,fee=amount][,interest=rate][,blocks]"))
    var level: [DunningLevelArgument] = []
    @Option(name: .long, help: "Invoices of which less is open are left alone.")
    var minimum: MoneyArgument?
    @Flag(name: .long, help: "Leave invoices alone while a complaint about their order is open.")
    var spareComplaints = false
    @Option(
      name: .long,
      help: ArgumentHelp(
        "Book fees as owed when the letter is written; their VAT, 0% for none.", valueName: "rate"))
    var bookFees: RateArgument?
    @Option(
      name: .long,
      help: ArgumentHelp(
        "Book interest as owed when the letter is written; its VAT, 0% for none.",
        valueName: "rate"))
    var bookInterest: RateArgument?
    @Option(name: .long, help: "Days from the letter until what is booked is due.")
    var claimDays: Int32 = 0
    @Option(name: .long, help: "The first day; today when absent.") var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.SetDunningPolicyRequest {
      .init(
        validFrom: validFrom?.message, levels: level.map(\.message), minimum: minimum?.message,
        sparesComplaints: spareComplaints, reason: reason,
        claims: bookFees == nil && bookInterest == nil
          ? nil
          : .init(
            fee: bookFees != nil, feeTaxRateMicros: bookFees?.micros ?? 0,
            interest: bookInterest != nil, interestTaxRateMicros: bookInterest?.micros ?? 0,
            netDays: claimDays))
    }
  }
}

/// "45:final-demand,fee=40,interest=5%,blocks".
struct DunningLevelArgument: ExpressibleByArgument {
  let message: FinanceV1.DunningLevel

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let days = Int32(parts[0]) else { return nil }
    let settings = parts[1].split(separator: ",", omittingEmptySubsequences: false)
    guard let first = settings.first, let letter = try? letters(String(first)) else { return nil }
    var level = FinanceV1.DunningLevel(afterDays: days, letter: letter)
    for setting in settings.dropFirst() {
      let pair = setting.split(separator: "=", maxSplits: 1).map(String.init)
      switch (pair.first, pair.count) {
      case ("blocks", 1): level.blocksOrders = true
      case ("fee", 2):
        guard let fee = MoneyArgument(argument: pair[1]) else { return nil }
        level.fee = fee.message
      case ("interest", 2):
        guard let rate = RateArgument(argument: pair[1]) else { return nil }
        level.interestMicros = rate.micros
      default: return nil
      }
    }
    message = level
  }
}
