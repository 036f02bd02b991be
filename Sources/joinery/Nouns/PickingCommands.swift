internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.PickingServiceMethods
private let causes = Choice(OrdersV1.ShortPickCause.allCases, \.name)

/// What was found of a line: "LINE:QUANTITY" or "LINE:QUANTITY:CAUSE".
struct ShortPickArgument: ExpressibleByArgument {
  let message: OrdersV1.FoundQuantity

  /// For the help of an option.
  static var causesHelp: String { causes.help }

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), let line = Int32(parts[0]),
      let found = QuantityArgument(argument: parts[1])
    else { return nil }
    var cause = OrdersV1.ShortPickCause.notFound
    if parts.count == 3 {
      guard let given = try? causes(parts[2]) else { return nil }
      cause = given
    }
    message = OrdersV1.FoundQuantity(lineNumber: line, found: found.message, cause: cause)
  }
}

/// Where a product lies: "SKU=PLACE", or "SKU=" for nowhere in particular.
struct PickPlaceArgument: ExpressibleByArgument {
  let message: OrdersV1.PickPlace

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    message = OrdersV1.PickPlace(sku: String(parts[0]), place: String(parts[1]))
  }
}

// What `joinery shipment` says about goods on their way from the shelves to the dock.
extension ShipmentCommands {
  struct Wave: RemoteCommand {
    typealias Response = OrdersV1.PrepareWaveResponse
    static let configuration = CommandConfiguration(
      abstract: "Prepare a shipment for each order that has something to leave by a day.",
      discussion: """
        joinery shipment wave MAIN
        joinery shipment wave MAIN --due-by 2026-12-01 --zone HZ --carrier 德邦 --limit 30
        """)
    static let method = Methods.prepareWave
    @Argument(help: "Warehouse.") var warehouse: String
    @Option(name: .long, help: "What is wanted by this day; today when absent.")
    var dueBy: DayArgument?
    @Option(name: .long, help: "Only to this delivery zone.") var zone: String = ""
    @Option(name: .long, help: "Only what this carrier brings.") var carrier: String = ""
    @Option(name: .long, help: "Shipments at most, 1–100; 50 when absent.") var limit: Int32 = 0
    @Option(name: .long, help: "nextToken of the call before.") var token: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.PrepareWaveRequest {
      .init(
        warehouseCode: warehouse, dueBy: dueBy?.message, zoneCode: zone, carrier: carrier,
        limit: limit, token: token)
    }
  }

  struct PickList: RemoteCommand {
    typealias Response = OrdersV1.GetPickListResponse
    static let configuration = CommandConfiguration(
      abstract: "What is to be taken from the shelves, place by place.")
    static let method = Methods.getPickList
    @Argument(help: "Warehouse.") var warehouse: String
    @Option(name: .long, help: "Of this wave; of all that is prepared when absent.")
    var wave: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetPickListRequest {
      .init(warehouseCode: warehouse, wave: wave)
    }
  }

  struct SetPlaces: RemoteCommand {
    typealias Response = OrdersV1.SetPickPlacesResponse
    static let configuration = CommandConfiguration(
      abstract: "Say where in a warehouse pickers look for products.")
    static let method = Methods.setPickPlaces
    @Argument(help: "Warehouse.") var warehouse: String
    @Option(
      name: .long,
      help: ArgumentHelp("Where a product lies; give it again for more.", valueName: "sku=place"))
    var place: [PickPlaceArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetPickPlacesRequest {
      .init(warehouseCode: warehouse, places: place.map(\.message))
    }
  }

  struct ShortPicks: RemoteCommand {
    typealias Response = OrdersV1.ListShortPicksResponse
    static let configuration = CommandConfiguration(
      abstract: "What pickers did not find, the oldest first.")
    static let method = Methods.listShortPicks
    @Option(name: .long, help: "Of this order only.") var order: String = ""
    @Flag(name: .long, help: "Only what nobody has looked into.") var open = false
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListShortPicksRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, orderNumber: order, open: open)
    }
  }

  struct ReleaseShortPick: RemoteCommand {
    typealias Response = OrdersV1.ReleaseShortPickResponse
    static let configuration = CommandConfiguration(
      abstract: "What a picker did not find is there: it is free for whoever waits.")
    static let method = Methods.releaseShortPick
    @Argument(help: "Shipment number.") var number: String
    @Argument(help: "Line of the order.") var line: Int32
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ReleaseShortPickRequest {
      .init(shipmentNumber: number, lineNumber: line)
    }
  }
}
