internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.OrderServiceMethods

/// `joinery shipment …`
struct ShipmentCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shipment", abstract: "Goods on their way to customers.",
    subcommands: [
      Prepare.self, Pick.self, Pack.self, Dispatch.self, Deliver.self, Cancel.self, List.self,
      Cartons.self, Load.self, Unload.self, Loading.self, SetSets.self,
      Sets.self, Report.self, Track.self, Unmatched.self, Match.self, Sign.self, Proof.self,
      Cod.self, Collect.self, Uncollected.self, Lost.self, Found.self, Rates.self, Choose.self,
      Labels.self, Number.self, FindCarton.self, Customs.self,
      ShortPicks.self, ReleaseShortPick.self, Wave.self, PickList.self, SetPlaces.self,
    ])

  struct Prepare: RemoteCommand {
    typealias Response = OrdersV1.PrepareShipmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Set reserved goods of an order apart (all that is due when no line is given).")
    static let method = Methods.prepareShipment
    @Argument(help: "Order number.") var order: String
    @Option(name: .shortAndLong, help: ArgumentHelp("A line.", valueName: "line:quantity"))
    var line: [NumberedQuantityArgument] = []
    @Option(
      name: .long,
      help: ArgumentHelp(
        "A schedule of a line, due or not.", valueName: "line:schedule[:quantity]"))
    var schedule: [ScheduleNumberArgument] = []
    @Option(name: .long, help: "What is wanted by this day; today when absent.")
    var dueBy: DayArgument?
    @Option(name: .long, help: "Id of the address to which it goes, where parts go to several.")
    var to: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PrepareShipmentRequest {
      .init(
        orderNumber: order, lines: line.map { .init(lineNumber: $0.line, quantity: $0.quantity) },
        schedules: schedule.map(\.message), dueBy: dueBy?.message, addressId: to)
    }
  }

  struct Cartons: RemoteCommand {
    typealias Response = OrdersV1.ListShipmentCartonsResponse
    static let configuration = CommandConfiguration(
      abstract: "The cartons of a shipment: carton k of n of which unit of which line.")
    static let method = Methods.listShipmentCartons
    @Argument(help: "Shipment number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListShipmentCartonsRequest { .init(shipmentNumber: number) }
  }

  struct Pick: RemoteCommand {
    typealias Response = OrdersV1.PickShipmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Goods are taken from the shelves.",
      discussion: """
        joinery shipment pick SH-2026-000001                  # all of them
        joinery shipment pick SH-2026-000001 --short 1:3 --short 2:0:damaged
        """)
    static let method = Methods.pickShipment
    @Argument(help: "Shipment number.") var number: String
    @Option(
      name: .long,
      help: ArgumentHelp(
        "What was found of a line of which there was less; why: \(ShortPickArgument.causesHelp).",
        valueName: "line:found[:cause]"))
    var short: [ShortPickArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PickShipmentRequest {
      .init(number: number, shortLines: short.map(\.message))
    }
  }

  struct Pack: RemoteCommand {
    typealias Response = OrdersV1.PackShipmentResponse
    static let configuration = CommandConfiguration(abstract: "Goods are in their cartons.")
    static let method = Methods.packShipment
    @Argument(help: "Shipment number.") var number: String
    @Option(name: .long, help: "Number of cartons.") var cartons: Int32
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PackShipmentRequest { .init(number: number, cartons: cartons) }
  }

  struct Dispatch: RemoteCommand {
    typealias Response = OrdersV1.DispatchShipmentResponse
    static let configuration = CommandConfiguration(abstract: "Hand the goods to the carrier.")
    static let method = Methods.dispatchShipment
    @Argument(help: "Shipment number.") var number: String
    @Option(name: .long, help: "Who carries it; the chosen one when absent.")
    var carrier: String = ""
    @Option(name: .long, help: "The carrier's number for it.") var tracking: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.DispatchShipmentRequest {
      .init(number: number, carrier: carrier, trackingNumber: tracking)
    }
  }

  struct Deliver: RemoteCommand {
    typealias Response = OrdersV1.DeliverShipmentResponse
    static let configuration = CommandConfiguration(abstract: "The customer has the goods.")
    static let method = Methods.deliverShipment
    @Argument(help: "Shipment number.") var number: String
    @Option(name: .long, help: "Who took it at the door.") var receivedBy: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.DeliverShipmentRequest {
      .init(number: number, receivedBy: receivedBy)
    }
  }

  struct Cancel: RemoteCommand {
    typealias Response = OrdersV1.CancelShipmentResponse
    static let configuration = CommandConfiguration(
      abstract: "Call a shipment off before it leaves; the goods stay reserved.")
    static let method = Methods.cancelShipment
    @Argument(help: "Shipment number.") var number: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CancelShipmentRequest { .init(number: number) }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListShipmentsResponse
    static let configuration = CommandConfiguration(abstract: "Shipments of an order.")
    static let method = Methods.listShipments
    @Argument(help: "Order number.") var order: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListShipmentsRequest { .init(orderNumber: order) }
  }
}
