internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.CarrierRateServiceMethods
private let modes = Choice(OrdersV1.CarrierMode.allCases, \.name)
private let rankings = Choice(OrdersV1.OfferRanking.allCases, \.name)

/// `joinery tariff …`
struct TariffCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tariff", abstract: "What carriers ask for, and own vans cost.",
    subcommands: [SetTariff.self, Show.self, List.self])

  struct SetTariff: RemoteCommand {
    typealias Response = OrdersV1.SetCarrierTariffResponse
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Make a new version of a carrier's tariff, from a day on.",
      discussion: """
        joinery tariff set road.yaml --reason "contract of 2027" --valid-from 2027-01-01

        The file has the tariff as YAML or JSON: `joinery describe CarrierTariff`.

          carrier: 德邦
          mode: CARRIER_MODE_ROAD
          currencyCode: CNY
          basis: TARIFF_BASIS_WEIGHT
          ccmPerKilogram: 4000
          minimum: 45.00 CNY
          takesFragile: true
          zones:
            - zoneCode: HZ
              transitWorkingDays: 2
              steps:
                - {upTo: 20000, base: 38.00 CNY}
                - {base: 38.00 CNY, each: 1.20 CNY}
        """)
    static let method = Methods.setCarrierTariff
    @Argument(help: "A file with the tariff.", completion: .file()) var file: String
    @Option(name: .long, help: "The first day; else what the file says, or today.")
    var validFrom: DayArgument?
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() throws -> OrdersV1.SetCarrierTariffRequest {
      let type = OrdersV1.CarrierTariff.fullName
      var tariff = try OrdersV1.CarrierTariff(wire: YAMLMessage(type: type).bytes(ofFile: file))
      tariff.validFrom = validFrom?.message ?? tariff.validFrom
      return .init(tariff: tariff, reason: reason)
    }
  }

  struct Show: RemoteCommand {
    typealias Response = OrdersV1.GetCarrierTariffResponse
    static let configuration = CommandConfiguration(
      abstract: "A carrier's tariff of a day, or a version of it.")
    static let method = Methods.getCarrierTariff
    @Argument(help: "The carrier.") var carrier: String
    @Option(
      name: .long, help: ArgumentHelp("How: \(modes.help)."), transform: modes.callAsFunction)
    var mode: OrdersV1.CarrierMode
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @Option(name: .long, help: "The version.") var version: Int64 = 0
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetCarrierTariffRequest {
      .init(carrier: carrier, mode: mode, day: day?.message, version: version)
    }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListCarrierTariffsResponse
    static let configuration = CommandConfiguration(abstract: "The tariffs of a day.")
    static let method = Methods.listCarrierTariffs
    @Option(name: .long, help: "The day; today when absent.") var day: DayArgument?
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListCarrierTariffsRequest { .init(day: day?.message) }
  }
}

// What `joinery shipment` says about who brings it.
extension ShipmentCommands {
  struct Rates: RemoteCommand {
    typealias Response = OrdersV1.RateShopResponse
    static let configuration = CommandConfiguration(
      abstract: "What each carrier would bring the goods for, and why one cannot.",
      discussion: """
        joinery shipment rates SH-2026-000001 --by arrival
        joinery shipment rates --order SO-2026-000001       # before anything is prepared
        """)
    static let method = Methods.rateShop
    @Argument(help: "Shipment number.") var number: String = ""
    @Option(name: .long, help: "Or else what is open of an order.") var order: String = ""
    @Option(
      name: .customLong("by"), help: ArgumentHelp("The best is the best by: \(rankings.help)."),
      transform: rankings.callAsFunction)
    var ranking: OrdersV1.OfferRanking = .cost
    @Option(name: .long, help: "The last day of arrival.") var arriveBy: DayArgument?
    @Flag(name: .long, help: "Of an order: the carrier is to collect the money at the door.")
    var cod = false
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.RateShopRequest {
      .init(
        shipmentNumber: number, orderNumber: order, ranking: ranking,
        arriveBy: arriveBy?.message, cashOnDelivery: cod)
    }
  }

  struct Choose: RemoteCommand {
    typealias Response = OrdersV1.ChooseCarrierResponse
    static let configuration = CommandConfiguration(
      abstract: "Give a shipment that has not left to a carrier.",
      discussion: """
        joinery shipment choose SH-2026-000001 --carrier 德邦 --mode road

        `shipment dispatch` without --carrier gives it to whom was chosen.
        """)
    static let method = Methods.chooseCarrier
    @Argument(help: "Shipment number.") var number: String
    @Option(name: .long, help: "The carrier.") var carrier: String
    @Option(
      name: .long, help: ArgumentHelp("How: \(modes.help)."), transform: modes.callAsFunction)
    var mode: OrdersV1.CarrierMode
    @Option(
      name: .customLong("by"), help: ArgumentHelp("The best is the best by: \(rankings.help)."),
      transform: rankings.callAsFunction)
    var ranking: OrdersV1.OfferRanking = .cost
    @Option(name: .long, help: "Why, where another offer is better.") var reason: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ChooseCarrierRequest {
      .init(
        shipmentNumber: number, carrier: carrier, mode: mode, ranking: ranking, reason: reason)
    }
  }
}
