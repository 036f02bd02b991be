internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = InventoryV1.InventoryServiceMethods

/// `joinery stock …`
struct StockCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stock", abstract: "Where goods are and to whom promised.",
    subcommands: [Show.self, List.self, Moves.self, Receive.self, Adjust.self, Transfer.self])

  struct Show: RemoteCommand {
    typealias Response = InventoryV1.GetAvailabilityResponse
    static let configuration = CommandConfiguration(
      abstract: "What of a product is on hand, reserved and free.")
    static let method = Methods.getAvailability
    @Argument(help: "Product.") var sku: String
    @Option(name: .shortAndLong, help: "Only this warehouse.") var warehouse: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> InventoryV1.GetAvailabilityRequest {
      .init(sku: sku, warehouseCode: warehouse)
    }
  }

  struct List: RemoteCommand {
    typealias Response = InventoryV1.ListStockResponse
    static let configuration = CommandConfiguration(abstract: "Stock of all products.")
    static let method = Methods.listStock
    @Option(name: .shortAndLong, help: "Only this warehouse.") var warehouse: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> InventoryV1.ListStockRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, warehouseCode: warehouse)
    }
  }

  struct Moves: RemoteCommand {
    typealias Response = InventoryV1.ListMovesResponse
    static let configuration = CommandConfiguration(
      abstract: "Moves of a product, the newest first.")
    static let method = Methods.listMoves
    @Argument(help: "Product.") var sku: String
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> InventoryV1.ListMovesRequest {
      .init(sku: sku, pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Receive: RemoteCommand {
    typealias Response = InventoryV1.ReceiveStockResponse
    static let configuration = CommandConfiguration(
      abstract: "Take goods in without a purchase order, such as opening stock.")
    static let method = Methods.receiveStock
    @Argument(help: "Product.") var sku: String
    @Argument(help: "How much.") var quantity: QuantityArgument
    @Option(name: .shortAndLong, help: "Warehouse.") var warehouse: String
    @Option(name: .long, help: "Cost of one unit.") var unitCost: UnitPriceArgument
    @Option(name: .long, help: "Why.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> InventoryV1.ReceiveStockRequest {
      .init(
        sku: sku, warehouseCode: warehouse, quantity: quantity.message, unitCost: unitCost.message,
        reason: reason)
    }
  }

  struct Adjust: RemoteCommand {
    typealias Response = InventoryV1.AdjustStockResponse
    static let configuration = CommandConfiguration(
      abstract: "Correct stock to what was counted, or by a difference.")
    static let method = Methods.adjustStock
    @Argument(help: "Product.") var sku: String
    @Option(name: .shortAndLong, help: "Warehouse.") var warehouse: String
    @Option(name: .long, help: "What was counted.") var counted: QuantityArgument?
    @Option(name: .long, help: "By how much stock changes; negative for a loss.")
    var difference: QuantityArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @Option(name: .long, help: "Cost of one unit found where there was none.")
    var unitCost: UnitPriceArgument?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func validate() throws {
      guard (counted == nil) != (difference == nil) else {
        throw ValidationError("give either --counted or --difference")
      }
    }

    func request() -> InventoryV1.AdjustStockRequest {
      .init(
        sku: sku, warehouseCode: warehouse,
        correction: counted.map { .counted($0.message) }
          ?? difference.map { .difference($0.message) },
        reason: reason, unitCost: unitCost?.message)
    }
  }

  struct Transfer: RemoteCommand {
    typealias Response = InventoryV1.TransferStockResponse
    static let configuration = CommandConfiguration(
      abstract: "Move free goods from one warehouse to another.")
    static let method = Methods.transferStock
    @Argument(help: "Product.") var sku: String
    @Argument(help: "How much.") var quantity: QuantityArgument
    @Option(name: .long, help: "Warehouse they leave.") var from: String
    @Option(name: .long, help: "Warehouse they go to.") var to: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> InventoryV1.TransferStockRequest {
      .init(
        sku: sku, fromWarehouseCode: from, toWarehouseCode: to, quantity: quantity.message)
    }
  }
}
