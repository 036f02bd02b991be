internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.DropShipServiceMethods

/// `joinery dropship …`
struct DropShipCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dropship", abstract: "Lines that a supplier brings straight to the customer.",
    subcommands: [Order.self, Ship.self, Cancel.self, Show.self, List.self])

  struct Order: RemoteCommand {
    typealias Response = OrdersV1.DropShipLineResponse
    static let configuration = CommandConfiguration(
      abstract: "Have a supplier bring all that is open of a line to its customer.",
      discussion: """
        joinery dropship order SO-2026-000123 2 --supplier OAK-WORKS
        joinery purchase confirm PO-2026-000007 --reference A-4711 --expected-on 2026-12-01
        joinery dropship ship PO-2026-000007 --carrier SF --tracking 998877
        joinery shipment deliver SH-2026-000045
        joinery purchase bill PO-2026-000007 --bill-number R-1
        """)
    static let method = Methods.dropShipLine
    @Argument(help: "Order number.") var order: String
    @Argument(help: "The line.") var line: Int32
    @Option(name: .long, help: "The supplier; the product's preferred one when absent.")
    var supplier: String = ""
    @Option(name: .long, help: "Price of one base unit without tax; his list when absent.")
    var price: UnitPriceArgument?
    @Option(name: .long, help: "When it is expected to leave; his lead time when absent.")
    var expectedOn: DayArgument?
    @Option(name: .long, help: "The version of the order that you have seen.")
    var expectedVersion: Int64?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.DropShipLineRequest {
      .init(
        orderNumber: order, lineNumber: line, supplierCode: supplier,
        unitPrice: price?.message, expectedOn: expectedOn?.message,
        expectedVersion: expectedVersion)
    }
  }

  struct Ship: RemoteCommand {
    typealias Response = OrdersV1.ShipDropShipmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Record that the supplier has sent all, or a part.")
    static let method = Methods.shipDropShipment
    @Argument(help: "Purchase order number.") var number: String
    @Option(name: .long, help: "How much; all that is open when absent.")
    var quantity: QuantityArgument?
    @Option(name: .long, help: "Who carries it.") var carrier: String
    @Option(name: .long, help: "The carrier's number for it.") var tracking: String = ""
    @Option(name: .long, help: "The supplier's delivery note.") var deliveryNote: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ShipDropShipmentRequest {
      .init(
        purchaseOrderNumber: number, quantity: quantity?.message, carrier: carrier,
        trackingNumber: tracking, deliveryNote: deliveryNote)
    }
  }

  struct Cancel: RemoteCommand {
    typealias Response = OrdersV1.CancelDropShipmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Take back what the supplier has not sent: our own stock serves the line again.")
    static let method = Methods.cancelDropShipment
    @Argument(help: "Purchase order number.") var number: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CancelDropShipmentRequest {
      .init(purchaseOrderNumber: number, reason: reason)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetDropShipmentResponse
    static let configuration = CommandConfiguration(
      abstract: "One drop shipment, by its purchase order.")
    static let method = Methods.getDropShipment
    @Argument(help: "Purchase order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetDropShipmentRequest { .init(purchaseOrderNumber: number) }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListDropShipmentsResponse
    static let configuration = CommandConfiguration(
      abstract: "Drop shipments, the newest first.")
    static let method = Methods.listDropShipments
    @Option(name: .long, help: "Only those of this order.") var order: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListDropShipmentsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order)
    }
  }
}
