internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = FinanceV1.GiftCardServiceMethods
private let paymentMethods = Choice(
  FinanceV1.PaymentMethod.allCases.filter { $0 != .giftCard && $0 != .points }, \.name)
private let states = Choice(FinanceV1.GiftCardState.allCases, \.name)

/// `joinery gift-card …`. Codes are asked for and never stand on the command line, which others can
/// see and a shell remembers.
struct GiftCardCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gift-card", abstract: "Gift cards: sold, used, lost, ended.",
    subcommands: [
      Sell.self, Check.self, Redeem.self, Block.self, Replace.self, Show.self, List.self,
      Expire.self, Policy.self, SetPolicy.self,
    ])

  struct Sell: RemoteCommand {
    typealias Response = FinanceV1.SellGiftCardResponse
    static let configuration = CommandConfiguration(
      abstract: "Sell a card; prints its code, once.")
    static let method = Methods.sellGiftCard
    @Argument(help: "Amount, such as 500.00.") var amount: MoneyArgument
    @Option(
      name: .long, help: ArgumentHelp("How it is paid for: \(paymentMethods.help)."),
      transform: paymentMethods.callAsFunction)
    var method: FinanceV1.PaymentMethod = .card
    @Option(name: .long, help: "The bank's or gateway's id of the payment.")
    var reference: String = ""
    @Option(name: .shortAndLong, help: "Who buys it.") var customer: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.SellGiftCardRequest {
      .init(
        amount: amount.message, method: method, externalReference: reference,
        customerCode: customer)
    }
  }

  struct Check: RemoteCommand {
    typealias Response = FinanceV1.CheckGiftCardResponse
    static let configuration = CommandConfiguration(
      abstract: "What is on a card; asks for its code.")
    static let method = Methods.checkGiftCard
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> FinanceV1.CheckGiftCardRequest {
      .init(code: try Prompt.secret("Code of the gift card"))
    }
  }

  struct Redeem: RemoteCommand {
    typealias Response = FinanceV1.RedeemGiftCardResponse
    static let configuration = CommandConfiguration(
      abstract: "Pay an order with a card; asks for its code.")
    static let method = Methods.redeemGiftCard
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: "How much; as much as is to be paid and on the card when absent.")
    var amount: MoneyArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> FinanceV1.RedeemGiftCardRequest {
      .init(
        code: try Prompt.secret("Code of the gift card"), orderNumber: order,
        amount: amount?.message)
    }
  }

  struct Block: RemoteCommand {
    typealias Response = FinanceV1.BlockGiftCardResponse
    static let configuration = CommandConfiguration(abstract: "Block a card that was lost.")
    static let method = Methods.blockGiftCard
    @Argument(help: "Card number, such as GC-2026-000009.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.BlockGiftCardRequest { .init(number: number, reason: reason) }
  }

  struct Replace: RemoteCommand {
    typealias Response = FinanceV1.ReplaceGiftCardResponse
    static let configuration = CommandConfiguration(
      abstract: "Move what is on a card to a new one; prints its code, once.")
    static let method = Methods.replaceGiftCard
    @Argument(help: "Card number, such as GC-2026-000009.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.ReplaceGiftCardRequest { .init(number: number, reason: reason) }
  }

  struct Show: RemoteCommand {
    typealias Response = FinanceV1.GetGiftCardResponse
    static let configuration = CommandConfiguration(
      abstract: "One card by number, and what happened to it.")
    static let method = Methods.getGiftCard
    @Argument(help: "Card number, such as GC-2026-000009.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetGiftCardRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = FinanceV1.ListGiftCardsResponse
    static let configuration = CommandConfiguration(abstract: "Cards, the newest first.")
    static let method = Methods.listGiftCards
    @Option(name: .shortAndLong, help: "Only those that this customer bought.")
    var customer: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: FinanceV1.GiftCardState = .unspecified
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.ListGiftCardsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer, state: state)
    }
  }

  struct Expire: RemoteCommand {
    typealias Response = FinanceV1.ExpireGiftCardsResponse
    static let configuration = CommandConfiguration(
      abstract: "Book what is left on cards whose last day is over as income.")
    static let method = Methods.expireGiftCards
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.ExpireGiftCardsRequest { .init(reason: reason) }
  }

  struct Policy: RemoteCommand {
    typealias Response = FinanceV1.GetGiftCardPolicyResponse
    static let configuration = CommandConfiguration(abstract: "How long cards are good.")
    static let method = Methods.getGiftCardPolicy
    @OptionGroup var connection: ConnectionOptions
    func request() -> FinanceV1.GetGiftCardPolicyRequest { .init() }
  }

  struct SetPolicy: RemoteCommand {
    typealias Response = FinanceV1.SetGiftCardPolicyResponse
    static let configuration = CommandConfiguration(
      abstract: "Set how long cards are good that are sold from now on.")
    static let method = Methods.setGiftCardPolicy
    @Option(name: .long, help: "Months from the day of sale; 0 for ever.") var validMonths: Int32
    @Option(name: .long, help: "What may be on a card at most.") var highest: MoneyArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> FinanceV1.SetGiftCardPolicyRequest {
      .init(validMonths: validMonths, highestValue: highest?.message, reason: reason)
    }
  }
}
