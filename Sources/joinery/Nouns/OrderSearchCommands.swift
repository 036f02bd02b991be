internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.OrderServiceMethods
private typealias ViewMethods = OrdersV1.OrderViewServiceMethods
private let channels = Choice(OrdersV1.Channel.allCases, \.name)
private let states = Choice(OrdersV1.OrderState.allCases, \.name)
private let holds = Choice(OrdersV1.OrderHoldKind.allCases, \.name)

extension OrderCommands {
  /// Which orders, for `list` and `save-view`.
  struct Filters: ParsableArguments {
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: OrdersV1.OrderState?
    @Option(
      name: .long, help: ArgumentHelp("Only that have come so far: \(orderStages.help)."),
      transform: orderStages.callAsFunction)
    var stage: OrdersV1.OrderStage?
    @Option(
      name: .long, help: ArgumentHelp("Only from this channel: \(channels.help)."),
      transform: channels.callAsFunction)
    var channel: OrdersV1.Channel?
    @Option(name: .long, help: "Only where number or external id begins so.") var prefix: String =
      ""
    @Option(name: .long, help: "Only created on this day or later.") var from: DayArgument?
    @Option(name: .long, help: "Only created on this day or earlier.") var until: DayArgument?
    @Option(name: .customLong("days"), help: "Only created on one of so many days up to today.")
    var withinDays: Int32 = 0
    @Option(name: .long, help: "Only with a line of this product.") var sku: String = ""
    @Option(name: .long, help: "Only that come to this much or more, with tax.")
    var grossFrom: MoneyArgument?
    @Option(name: .long, help: "Only that come to this much or less, with tax.")
    var grossUntil: MoneyArgument?
    @Option(name: .long, help: "Only of this salesperson's customers.") var owner: String = ""
    @Option(name: .long, help: "Only of this store's customers.") var store: String = ""
    @Option(
      name: .long, help: ArgumentHelp("Only held for this: \(holds.help)."),
      transform: holds.callAsFunction)
    var hold: OrdersV1.OrderHoldKind?
    @Option(name: .long, help: "Only wanted on this day or later.")
    var requestedFrom: DayArgument?
    @Option(name: .long, help: "Only wanted on this day or earlier.")
    var requestedUntil: DayArgument?
    @Option(name: .long, help: "Only with a line whose goods are expected on this day or later.")
    var expectedFrom: DayArgument?
    @Option(name: .long, help: "Only with a line whose goods are expected on this day or earlier.")
    var expectedUntil: DayArgument?

    var message: OrdersV1.ListOrdersRequest {
      .init(
        customerCode: customer, state: state ?? .unspecified, channel: channel ?? .unspecified,
        prefix: prefix, createdFrom: from?.message, createdUntil: until?.message,
        grossFrom: grossFrom?.message, grossUntil: grossUntil?.message, sku: sku, owner: owner,
        storeCode: store, holdKind: hold ?? .unspecified, requestedFrom: requestedFrom?.message,
        requestedUntil: requestedUntil?.message, expectedFrom: expectedFrom?.message,
        expectedUntil: expectedUntil?.message, createdWithinDays: withinDays,
        stage: stage ?? .unspecified)
    }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListOrdersResponse
    static let configuration = CommandConfiguration(
      abstract: "Orders, the newest first.",
      discussion: """
        joinery order list --state confirmed --sku OAK-180 --gross-from 5000 --days 30
        joinery order list --view "big ones" --owner li.wei

        What an index does not lead to (product, amount, wanted and expected days) is looked for \
        in 1,000 orders a page: a page may be short before the last, and says how to go on.
        """)
    static let method = Methods.listOrders
    @OptionGroup var filters: Filters
    @Option(name: .long, help: "A saved search; options beside it go before what it says.")
    var view: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListOrdersRequest {
      var request = filters.message
      request.pageSize = page.pageSize
      request.pageToken = page.pageToken
      request.view = view
      return request
    }
  }

  struct Views: RemoteCommand {
    typealias Response = OrdersV1.ListOrderViewsResponse
    static let configuration = CommandConfiguration(
      abstract: "Saved searches: your own, and those shared with a role of yours.")
    static let method = ViewMethods.listOrderViews
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListOrderViewsRequest { .init() }
  }

  struct SaveView: RemoteCommand {
    typealias Response = OrdersV1.SaveOrderViewResponse
    static let configuration = CommandConfiguration(
      abstract: "Keep a search under a name, for `order list --view`.",
      discussion: """
        joinery order save-view "big ones" --gross-from 5000 --days 7 --share-with SALES_MANAGER

        An earlier one of yours of the name is replaced.
        """)
    static let method = ViewMethods.saveOrderView
    @Argument(help: "Its name.") var name: String
    @OptionGroup var filters: Filters
    @Option(name: .long, help: "A role of yours, whose holders shall see it, too.")
    var shareWith: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SaveOrderViewRequest {
      .init(name: name, filters: filters.message, shareWithRole: shareWith)
    }
  }

  struct DeleteView: RemoteCommand {
    typealias Response = OrdersV1.DeleteOrderViewResponse
    static let configuration = CommandConfiguration(abstract: "Forget a saved search of yours.")
    static let method = ViewMethods.deleteOrderView
    @Argument(help: "Its name.") var name: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.DeleteOrderViewRequest { .init(name: name) }
  }

  struct Recommend: RemoteCommand {
    typealias Response = OrdersV1.RecommendResponse
    static let configuration = CommandConfiguration(
      abstract: "What customers bought together with what a customer has in its basket.",
      discussion: """
        joinery order recommend VIP --sku TABLE --sku CHAIR

        Without products, beside what the customer bought lately.
        """)
    static let method = OrdersV1.RecommendationServiceMethods.recommend
    @Argument(help: "Customer code.") var customer: String
    @Option(name: .long, help: "A product in the basket; give it again for more.")
    var sku: [String] = []
    @Option(name: .long, help: "How many, 1–50.") var limit: Int32 = 10
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.RecommendRequest {
      .init(customerCode: customer, skus: sku, limit: limit)
    }
  }
}
