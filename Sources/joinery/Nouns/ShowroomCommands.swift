internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.ShowroomServiceMethods
private let states = Choice(OrdersV1.PieceState.allCases, \.name)

/// `joinery piece …`
struct PieceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "piece",
    abstract: "Pieces in showrooms: shown, lent as samples, and sold as what they are.",
    subcommands: [
      Display.self, Describe.self, Lend.self, TakeBack.self, Sell.self, Reshelve.self, Show.self,
      List.self,
    ])

  struct Display: RemoteCommand {
    typealias Response = OrdersV1.ShowPieceResponse
    static let configuration = CommandConfiguration(
      abstract: "Take a piece off the shelves into the showroom.",
      discussion: """
        joinery piece display SOFA-27 --warehouse MAIN --condition "scratched leg" --discount 20%
        joinery piece lend SP-2026-000004 --customer C-1 --due 2026-12-15
        joinery piece take-back SP-2026-000004
        joinery piece sell SP-2026-000004 --customer C-1
        """)
    static let method = Methods.showPiece
    @Argument(help: "The product.") var sku: String
    @Option(name: .long, help: "From the shelves of which warehouse.") var warehouse: String
    @Option(name: .long, help: "In what condition.") var condition: String = ""
    @Option(name: .long, help: "For how much less it may be had.") var discount: RateArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ShowPieceRequest {
      .init(
        sku: sku, warehouseCode: warehouse, condition: condition,
        discountMicros: discount?.micros ?? 0)
    }
  }

  struct Describe: RemoteCommand {
    typealias Response = OrdersV1.DescribePieceResponse
    static let configuration = CommandConfiguration(
      abstract: "Say in what condition a piece is, and for how much less it may be had.")
    static let method = Methods.describePiece
    @Argument(help: "Number of the piece.") var number: String
    @Option(name: .long, help: "In what condition.") var condition: String
    @Option(name: .long, help: "For how much less it may be had.") var discount: RateArgument
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.DescribePieceRequest {
      .init(number: number, condition: condition, discountMicros: discount.micros)
    }
  }

  struct Lend: RemoteCommand {
    typealias Response = OrdersV1.LendPieceResponse
    static let configuration = CommandConfiguration(
      abstract: "Lend a piece to a customer until a day.")
    static let method = Methods.lendPiece
    @Argument(help: "Number of the piece.") var number: String
    @Option(name: .shortAndLong, help: "The customer.") var customer: String
    @Option(name: .long, help: "When it is due back.") var due: DayArgument
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.LendPieceRequest {
      .init(number: number, customerCode: customer, dueBackOn: due.message)
    }
  }

  struct TakeBack: RemoteCommand {
    typealias Response = OrdersV1.TakePieceBackResponse
    static let configuration = CommandConfiguration(
      commandName: "take-back", abstract: "Take a piece back that was lent.")
    static let method = Methods.takePieceBack
    @Argument(help: "Number of the piece.") var number: String
    @Option(name: .long, help: "In what condition it comes; as before when absent.")
    var condition: String?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.TakePieceBackRequest {
      .init(number: number, condition: condition)
    }
  }

  struct Sell: RemoteCommand {
    typealias Response = OrdersV1.SellPieceResponse
    static let configuration = CommandConfiguration(
      abstract: "Sell a piece, less its discount: an order with the piece set apart for it.")
    static let method = Methods.sellPiece
    @Argument(help: "Number of the piece.") var number: String
    @Option(name: .shortAndLong, help: "Who buys it.") var customer: String
    @Option(name: .long, help: "A remark on the order.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SellPieceRequest {
      .init(
        number: number,
        order: .init(channel: .store, customerCode: customer, shortageRule: .wait, note: note))
    }
  }

  struct Reshelve: RemoteCommand {
    typealias Response = OrdersV1.ReshelvePieceResponse
    static let configuration = CommandConfiguration(
      abstract: "Put a piece back on the shelves, as good as any other.")
    static let method = Methods.reshelvePiece
    @Argument(help: "Number of the piece.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReshelvePieceRequest { .init(number: number) }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetPieceResponse
    static let configuration = CommandConfiguration(abstract: "One piece with its loans.")
    static let method = Methods.getPiece
    @Argument(help: "Number of the piece.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetPieceRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListPiecesResponse
    static let configuration = CommandConfiguration(abstract: "Pieces, the newest first.")
    static let method = Methods.listPieces
    @Option(
      name: .long, help: ArgumentHelp("Only in this state: \(states.help)."),
      transform: states.callAsFunction)
    var state: OrdersV1.PieceState = .unspecified
    @Flag(name: .long, help: "Only those that should have come back before today.")
    var overdue = false
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListPiecesRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, state: state, overdue: overdue)
    }
  }
}
