internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = FinanceV1.FinanceServiceMethods
private let payoutStates = Choice(FinanceV1.PayoutState.allCases, \.name)
private let paymentMethods = Choice(FinanceV1.PaymentMethod.allCases, \.name)

/// `joinery payout …`
struct PayoutCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "payout", abstract: "Money on account that goes back to customers.",
    discussion: """
      What was paid for nothing in particular, and pays nothing (any more). Somebody asks for it, \
      somebody else pays it. Money for an order goes back with `joinery refund`.

        joinery payout propose 563.87 --customer C-1001 --reason "sent back, pays no more here"
        joinery payout list
        joinery payout pay PB-2026-000001 --reference BANK-77
      """,
    subcommands: [Propose.self, List.self, Pay.self, Decline.self])

  struct Propose: RemoteCommand {
    typealias Response = FinanceV1.ProposePayoutResponse
    static let configuration = CommandConfiguration(
      abstract: "Ask for money on account to go back.")
    static let method = Methods.proposePayout
    @Argument(help: "Amount, such as 1299.00.") var amount: MoneyArgument
    @Option(name: .shortAndLong, help: "Whose money it is.") var customer: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.ProposePayoutRequest {
      .init(customerCode: customer, amount: amount.message, reason: reason)
    }
  }

  struct List: RemoteCommand {
    typealias Response = FinanceV1.ListPayoutsResponse
    static let configuration = CommandConfiguration(
      abstract: "Payouts, those that are proposed when nothing else is said.")
    static let method = Methods.listPayouts
    @Option(
      name: .long, help: ArgumentHelp("In this state: \(payoutStates.help)."),
      transform: payoutStates.callAsFunction)
    var state: FinanceV1.PayoutState?
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListPayoutsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, state: state ?? .unspecified)
    }
  }

  struct Pay: RemoteCommand {
    typealias Response = FinanceV1.PayPayoutResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that a payout was paid; not by whoever asked for it.")
    static let method = Methods.payPayout
    @Argument(help: "Payout number.") var number: String
    @Option(
      name: .long, help: ArgumentHelp("How: \(paymentMethods.help)."),
      transform: paymentMethods.callAsFunction)
    var method: FinanceV1.PaymentMethod = .bankTransfer
    @Option(name: .long, help: "The bank's or gateway's id of it.") var reference: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.PayPayoutRequest {
      .init(number: number, method: method, externalReference: reference)
    }
  }

  struct Decline: RemoteCommand {
    typealias Response = FinanceV1.DeclinePayoutResponse
    static let configuration = CommandConfiguration(
      abstract: "Decline a payout: the money stays here for the customer.")
    static let method = Methods.declinePayout
    @Argument(help: "Payout number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.DeclinePayoutRequest { .init(number: number, reason: reason) }
  }
}
