internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = InventoryV1.TransferServiceMethods

/// `joinery transfer …`
struct TransferCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "What our warehouses ask each other for.",
    subcommands: [
      Order.self, Dispatch.self, Receive.self, Cancel.self, Show.self, List.self,
    ])

  struct Order: RemoteCommand {
    typealias Response = InventoryV1.CreateTransferOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Ask a warehouse for goods that another one needs.")
    static let method = Methods.createTransferOrder
    @Option(name: .long, help: "Warehouse that the goods leave.") var from: String
    @Option(name: .long, help: "Warehouse that receives them.") var to: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Goods.", valueName: "sku:quantity"))
    var line: [NamedQuantityArgument]
    @Option(name: .long, help: "When the goods are to come.") var expectedOn: DayArgument?
    @Option(name: .long, help: "What to say with it.") var note: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> InventoryV1.CreateTransferOrderRequest {
      .init(
        fromWarehouseCode: from, toWarehouseCode: to,
        lines: line.map { .init(sku: $0.sku, quantity: $0.quantity) },
        expectedOn: expectedOn?.message, note: note)
    }
  }

  struct Dispatch: RemoteCommand {
    typealias Response = InventoryV1.DispatchTransferOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Send goods on their way (all that is held when no line is given).")
    static let method = Methods.dispatchTransferOrder
    @Argument(help: "Transfer order number.") var number: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A line.", valueName: "line:quantity"))
    var line: [NumberedQuantityArgument] = []
    @Option(name: .long, help: "When they come; as the order says when absent.")
    var expectedOn: DayArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> InventoryV1.DispatchTransferOrderRequest {
      .init(
        number: number, lines: line.map { .init(lineNumber: $0.line, quantity: $0.quantity) },
        expectedOn: expectedOn?.message)
    }
  }

  struct Receive: RemoteCommand {
    typealias Response = InventoryV1.ReceiveTransferOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Take in what came (all that is on the way when no line is given).")
    static let method = Methods.receiveTransferOrder
    @Argument(help: "Transfer order number.") var number: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A line.", valueName: "line:quantity"))
    var line: [NumberedQuantityArgument] = []
    @Option(
      name: .long,
      help: ArgumentHelp("What of a line was lost on the way.", valueName: "line:quantity"))
    var lost: [NumberedQuantityArgument] = []
    @Option(name: .long, help: "Why something was lost.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func request() -> InventoryV1.ReceiveTransferOrderRequest {
      var lines = line.map {
        InventoryV1.TransferLineQuantity(lineNumber: $0.line, quantity: $0.quantity)
      }
      for gone in lost {
        if let index = lines.firstIndex(where: { $0.lineNumber == gone.line && $0.lost == nil }) {
          lines[index].lost = gone.quantity
        } else {
          lines.append(.init(lineNumber: gone.line, lost: gone.quantity))
        }
      }
      return .init(number: number, lines: lines, reason: reason)
    }
  }

  struct Cancel: RemoteCommand {
    typealias Response = InventoryV1.CancelTransferOrderResponse
    static let configuration = CommandConfiguration(abstract: "Call off what has not left.")
    static let method = Methods.cancelTransferOrder
    @Argument(help: "Transfer order number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> InventoryV1.CancelTransferOrderRequest {
      .init(number: number, reason: reason)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = InventoryV1.GetTransferOrderResponse
    static let configuration = CommandConfiguration(abstract: "One transfer order.")
    static let method = Methods.getTransferOrder
    @Argument(help: "Transfer order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> InventoryV1.GetTransferOrderRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = InventoryV1.ListTransferOrdersResponse
    static let configuration = CommandConfiguration(abstract: "Transfer orders, the newest first.")
    static let method = Methods.listTransferOrders
    @Option(name: .shortAndLong, help: "Only those that this warehouse sends or receives.")
    var warehouse: String = ""
    @Flag(name: .long, help: "Only those of which something is still to leave or to come.")
    var open = false
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> InventoryV1.ListTransferOrdersRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, warehouseCode: warehouse, open: open)
    }
  }
}
