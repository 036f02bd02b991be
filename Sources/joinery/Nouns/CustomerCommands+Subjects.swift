internal import ArgumentParser
internal import Messages
internal import RPC

/// What people may ask about their own data.
extension CustomerCommands {
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Everything that is stored about a customer.",
      discussion: """
        For the person who asks what we know: the customer with contacts, addresses, tags and \
        consents, orders with their shipments and events, invoices and payments. With --output \
        json one line for each.
        """)
    @Argument(help: "Code.") var code: String
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      try await RemoteCall.with(connection) { channel in
        let client = CustomersV1.CustomerServiceClient(channel: channel)
        let options = connection.callOptions(connection.metadata, isStream: true)
        for try await item in try await client.exportCustomer(.init(code: code), options: options) {
          switch connection.output {
          case .json:
            try Terminal.stream(JSONMapping(printsDefaults: true).json(item, pretty: false))
          case .table:
            try Renderer(format: .table).show(item)
            try Terminal.stream("")
          }
        }
      }
    }
  }

  struct Erase: RemoteCommand {
    typealias Response = CustomersV1.EraseCustomerResponse
    static let configuration = CommandConfiguration(
      abstract: "Forget the person behind a customer, for ever.",
      discussion: """
        Name, phone, addresses, contacts, tags, remarks on orders and who took deliveries are \
        gone from the database and unreadable in the log; code, orders, invoices and the books \
        stay. Not while \
        an order is open, an invoice unpaid or a payment unused. --dry-run tells what would be \
        erased.
        """)
    static let method = CustomersV1.CustomerServiceMethods.eraseCustomer
    @Argument(help: "Code.") var code: String
    @Option(name: .long, help: "Who asked for it and when; says nothing about the person.")
    var reason: String
    @Option(name: .long, help: "The version that was seen.") var expectedVersion: Int64 = 0
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.EraseCustomerRequest {
      .init(code: code, reason: reason, expectedVersion: expectedVersion)
    }
  }
}
