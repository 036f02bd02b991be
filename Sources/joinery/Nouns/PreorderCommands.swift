internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.PreorderServiceMethods
private let kinds = Choice(FinanceV1.DepositKind.allCases, \.name)

/// `joinery preorder …`
struct PreorderCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preorder", abstract: "What is sold before it is there, and the orders for it.",
    subcommands: [
      Place.self, Show.self, List.self, Lapse.self, Presales.self, SetPresale.self,
    ])

  struct Place: RemoteCommand {
    typealias Response = OrdersV1.PlacePreorderResponse
    static let configuration = CommandConfiguration(
      abstract: "Order what is not there yet; the deposit confirms it.",
      discussion: """
        joinery preorder place --customer C-1 --warehouse MAIN --line SOFA-27:1
        joinery payment receive 1000 --order SO-2026-000123 --method alipay --earnest
        """)
    static let method = Methods.placePreorder
    @OptionGroup var input: OrderCommands.Input
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PlacePreorderRequest { .init(order: input.message) }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetPreorderResponse
    static let configuration = CommandConfiguration(
      abstract: "One pre-order: its deposit, and its places in the queues.")
    static let method = Methods.getPreorder
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetPreorderRequest { .init(orderNumber: order) }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListPreordersResponse
    static let configuration = CommandConfiguration(abstract: "Pre-orders, the oldest first.")
    static let method = Methods.listPreorders
    @Option(name: .long, help: "Only those with this product.") var sku: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListPreordersRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, sku: sku)
    }
  }

  struct Lapse: RemoteCommand {
    typealias Response = OrdersV1.LapsePreordersResponse
    static let configuration = CommandConfiguration(
      abstract: "Cancel the pre-orders whose deposit has not come in time.")
    static let method = Methods.lapsePreorders
    @Option(name: .long, help: "Why: a code of `joinery cancellation reasons`.")
    var reason: String = "not-paid"
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.LapsePreordersRequest { .init(reasonCode: reason.asCode) }
  }

  struct Presales: RemoteCommand {
    typealias Response = OrdersV1.ListPresalesResponse
    static let configuration = CommandConfiguration(
      abstract: "What is or was sold before it was there, and what of it is taken.")
    static let method = Methods.listPresales
    @Option(name: .long, help: "Only this product.") var sku: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListPresalesRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, sku: sku)
    }
  }

  struct SetPresale: RemoteCommand {
    typealias Response = OrdersV1.SetPresaleResponse
    static let configuration = CommandConfiguration(
      commandName: "set-presale",
      abstract: "Offer a product before it is there, or change the terms.",
      discussion: """
        joinery preorder set-presale SOFA-27 --opens 2026-12-01 --closes 2027-01-31 \\
          --releases 2027-03-01 --limit 200 --customer-limit 2 --deposit 20% --kind earnest --days 3
        """)
    static let method = Methods.setPresale
    @Argument(help: "The product.") var sku: String
    @Option(name: .long, help: "The first day on which it can be pre-ordered.")
    var opens: DayArgument
    @Option(name: .long, help: "The last day.") var closes: DayArgument
    @Option(name: .long, help: "Before this day none of it leaves.") var releases: DayArgument
    @Option(name: .long, help: "How much in all.") var limit: QuantityArgument
    @Option(name: .long, help: "How much for one customer; no limit of its own when absent.")
    var customerLimit: QuantityArgument?
    @Option(name: .long, help: "The deposit, of what is ordered with tax.")
    var deposit: RateArgument
    @Option(
      name: .long, help: ArgumentHelp("What it is in law: \(kinds.help)."),
      transform: kinds.callAsFunction)
    var kind: FinanceV1.DepositKind = .prepayment
    @Option(name: .long, help: "Days within which it is to be here.") var days: Int32 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetPresaleRequest {
      .init(
        presale: .init(
          sku: sku, opensOn: opens.message, closesOn: closes.message,
          releasesOn: releases.message, limit: limit.message,
          customerLimit: customerLimit?.message, depositMicros: deposit.micros,
          depositKind: kind, depositDays: days))
    }
  }
}
