internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.LoadingServiceMethods

// What `joinery shipment` says about the dock.
extension ShipmentCommands {
  struct Load: RemoteCommand {
    typealias Response = OrdersV1.LoadCartonResponse
    static let configuration = CommandConfiguration(
      abstract: "A carton is on the van, as its label was scanned.")
    static let method = Methods.loadCarton
    @Argument(help: "Shipment number.") var number: String
    @Argument(help: "What the label says: SH-2026-000001/1/2/3 or its SSCC.") var label: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.LoadCartonRequest {
      .init(shipmentNumber: number, label: label)
    }
  }

  struct Unload: RemoteCommand {
    typealias Response = OrdersV1.UnloadCartonResponse
    static let configuration = CommandConfiguration(abstract: "A carton came off the van again.")
    static let method = Methods.unloadCarton
    @Argument(help: "Shipment number.") var number: String
    @Argument(help: "What the label says.") var label: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.UnloadCartonRequest {
      .init(shipmentNumber: number, label: label)
    }
  }

  struct Loading: RemoteCommand {
    typealias Response = OrdersV1.GetLoadingResponse
    static let configuration = CommandConfiguration(
      abstract: "What of a shipment is on the van, and what is missing.")
    static let method = Methods.getLoading
    @Argument(help: "Shipment number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetLoadingRequest { .init(shipmentNumber: number) }
  }

  struct Labels: RemoteCommand {
    typealias Response = OrdersV1.GetLabelsResponse
    static let configuration = CommandConfiguration(
      abstract: "What the labels of a shipment print: number (SSCC), carton k of n, where to.")
    static let method = Methods.getLabels
    @Argument(help: "Shipment number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetLabelsRequest { .init(shipmentNumber: number) }
  }

  struct Number: RemoteCommand {
    typealias Response = OrdersV1.NumberCartonsResponse
    static let configuration = CommandConfiguration(
      abstract: "Number the cartons of a shipment packed before there was a GS1 prefix.")
    static let method = Methods.numberCartons
    @Argument(help: "Shipment number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.NumberCartonsRequest { .init(shipmentNumber: number) }
  }

  struct FindCarton: RemoteCommand {
    typealias Response = OrdersV1.FindCartonResponse
    static let configuration = CommandConfiguration(
      abstract: "The carton whose number (SSCC) was scanned.")
    static let method = Methods.findCarton
    @Argument(help: "What was scanned: (00)069012340000000016.") var text: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.FindCartonRequest { .init(text: text) }
  }

  struct SetSets: RemoteCommand {
    typealias Response = OrdersV1.SetShippingSetsResponse
    static let configuration = CommandConfiguration(
      abstract: "Say which lines of an order leave only together; none for no sets.",
      discussion: "For example: joinery shipment set-sets SO-2026-000001 --set BEDROOM=1,2,3")
    static let method = Methods.setShippingSets
    @Argument(help: "Order number.") var order: String
    @Option(name: .long, help: ArgumentHelp("A set; again for more.", valueName: "code=line,line"))
    var set: [ShippingSetArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetShippingSetsRequest {
      .init(orderNumber: order, sets: set.map(\.message))
    }
  }

  struct Sets: RemoteCommand {
    typealias Response = OrdersV1.ListShippingSetsResponse
    static let configuration = CommandConfiguration(
      abstract: "Which lines of an order leave only together, and what they wait for.")
    static let method = Methods.listShippingSets
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListShippingSetsRequest { .init(orderNumber: order) }
  }
}

/// "BEDROOM=1,2,3".
struct ShippingSetArgument: ExpressibleByArgument {
  let message: OrdersV1.ShippingSet

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    let words = parts[1].split(separator: ",")
    let lines = words.compactMap { Int32($0) }
    guard lines.count == words.count else { return nil }
    message = .init(code: parts[0], lineNumbers: lines)
  }
}
