internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.CustomsServiceMethods
private let incoterms = Choice(OrdersV1.Incoterm.allCases, \.name)

// What `joinery order` and `joinery shipment` say about goods that cross a border.
extension OrderCommands {
  struct SetTerms: RemoteCommand {
    typealias Response = OrdersV1.SetTradeTermsResponse
    static let configuration = CommandConfiguration(
      abstract: "Say on what terms (Incoterms 2020) an order is delivered.",
      discussion: """
        joinery order set-terms SO-2026-000001 --incoterm dap --place Hamburg
        joinery order set-terms SO-2026-000001      # takes back what was said
        """)
    static let method = Methods.setTradeTerms
    @Argument(help: "Order number.") var number: String
    @Option(
      name: .long, help: ArgumentHelp("The rule: \(incoterms.help); none takes back."),
      transform: incoterms.callAsFunction)
    var incoterm: OrdersV1.Incoterm?
    @Option(name: .long, help: "The named place.") var place: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SetTradeTermsRequest {
      let isGiven = incoterm != nil || !place.isEmpty
      return .init(
        orderNumber: number,
        terms: isGiven ? .init(incoterm: incoterm ?? .unspecified, namedPlace: place) : nil)
    }
  }
}

extension ShipmentCommands {
  struct Customs: RemoteCommand {
    typealias Response = OrdersV1.GetCustomsDocumentResponse
    static let configuration = CommandConfiguration(
      abstract: "What is declared to customs of a shipment, and what is missing.",
      discussion: """
        joinery shipment customs SH-2026-000001
        joinery shipment customs --order SO-2026-000001     # pro forma, before anything is sent
        """)
    static let method = Methods.getCustomsDocument
    @Argument(help: "Shipment number.") var number: String = ""
    @Option(name: .long, help: "Or else all goods of an order.") var order: String = ""
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetCustomsDocumentRequest {
      .init(shipmentNumber: number, orderNumber: order)
    }
  }
}
