internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.PortalServiceMethods

// What `joinery order` says about links by which customers follow their orders.
extension OrderCommands {
  struct Link: RemoteCommand {
    typealias Response = OrdersV1.CreatePortalLinkResponse
    static let configuration = CommandConfiguration(
      abstract: "Make a link by which a customer follows an order; prints its token, once.")
    static let method = Methods.createPortalLink
    @Argument(help: "Order number.") var number: String
    @Option(name: .long, help: "Days after which it opens nothing; 90 when absent.")
    var validDays: Int32 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.CreatePortalLinkRequest {
      .init(orderNumber: number, validDays: validDays)
    }
  }

  struct Links: RemoteCommand {
    typealias Response = OrdersV1.ListPortalLinksResponse
    static let configuration = CommandConfiguration(
      abstract: "Links to an order: who made them, and until when they open it.")
    static let method = Methods.listPortalLinks
    @Argument(help: "Order number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListPortalLinksRequest { .init(orderNumber: number) }
  }

  struct RevokeLinks: RemoteCommand {
    typealias Response = OrdersV1.RevokePortalLinksResponse
    static let configuration = CommandConfiguration(
      abstract: "End a link to an order, or all of them.")
    static let method = Methods.revokePortalLinks
    @Argument(help: "Order number.") var number: String
    @Option(name: .long, help: "One of its links, by its id; all when absent.")
    var link: String = ""
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RevokePortalLinksRequest {
      .init(orderNumber: number, linkId: link)
    }
  }

  struct Track: RemoteCommand {
    typealias Response = OrdersV1.TrackOrderResponse
    static let configuration = CommandConfiguration(
      abstract: "Where the order of a link stands, without a login; asks for its token.")
    static let method = Methods.trackOrder
    @OptionGroup var connection: ConnectionOptions
    func request() throws -> OrdersV1.TrackOrderRequest {
      .init(token: try Prompt.secret("Token of the link"))
    }
  }
}
