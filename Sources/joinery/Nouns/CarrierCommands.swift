internal import ArgumentParser
internal import Messages
internal import RPC
internal import Values

private typealias Methods = OrdersV1.CarrierServiceMethods
private let troubles = Choice(OrdersV1.CarrierTrouble.allCases, \.name)
private let statuses = Choice(OrdersV1.CarrierStatus.allCases, \.name)

// What `joinery shipment` says about the last mile.
extension ShipmentCommands {
  struct Report: RemoteCommand {
    typealias Response = OrdersV1.IngestCarrierEventsResponse
    static let configuration = CommandConfiguration(
      abstract: "Take what a carrier reports: one event, or a file of them.",
      discussion: """
        joinery shipment report 德邦 --event 8812 --tracking DB-1 --status out-for-delivery \\
          --at 2026-11-21T09:30:00+08:00
        joinery shipment report 德邦 --file events.csv

        A .csv file names the fields in its first row: event_id, tracking_number, \
        shipment_number, status, trouble, occurred_at, place, text; any other file has an event as \
        JSON on each line. What was told before does no harm.
        """)
    static let method = Methods.ingestCarrierEvents
    @Argument(help: "The carrier, as shipments name it.") var carrier: String
    @Option(name: .long, help: "The carrier's own id of the event.") var event: String = ""
    @Option(name: .long, help: "The carrier's number of the shipment.") var tracking: String = ""
    @Option(name: .long, help: "Our number of the shipment.") var shipment: String = ""
    @Option(
      name: .long, help: ArgumentHelp("What it says: \(statuses.help)."),
      transform: statuses.callAsFunction)
    var status: OrdersV1.CarrierStatus = .unspecified
    @Option(
      name: .long, help: ArgumentHelp("With exception, what is wrong: \(troubles.help)."),
      transform: troubles.callAsFunction)
    var trouble: OrdersV1.CarrierTrouble = .unspecified
    @Option(name: .long, help: "When it happened: 2026-11-21T09:30:00+08:00.")
    var at: InstantArgument?
    @Option(name: .long, help: "Where.") var place: String = ""
    @Option(name: .long, help: "What else it says.") var text: String = ""
    @Option(name: .long, help: "A file of events, at most 500.", completion: .file())
    var file: String?
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func request() throws -> OrdersV1.IngestCarrierEventsRequest {
      guard let file else {
        return .init(
          carrier: carrier,
          events: [
            .init(
              eventId: event, trackingNumber: tracking, shipmentNumber: shipment, status: status,
              occurredAt: at?.message, place: place, text: text, trouble: trouble)
          ])
      }
      let rows = try RowFile(path: file, message: OrdersV1.CarrierEvent.fullName).rows
      return .init(
        carrier: carrier,
        events: try rows.map { row in
          do {
            return try OrdersV1.CarrierEvent(
              wire: try JSONMapping().bytes(
                from: row.value, as: OrdersV1.CarrierEvent.fullName))
          } catch { throw Failure("line \(row.line): \(error)") }
        })
    }

    /// What cannot be kept is bad news; what waits for its shipment is none.
    func judge(_ response: Response) throws {
      if response.results.contains(where: { $0.outcome == .refused }) { throw ExitCode(1) }
    }
  }

  struct Track: RemoteCommand {
    typealias Response = OrdersV1.ListCarrierEventsResponse
    static let configuration = CommandConfiguration(
      abstract: "Where a shipment is by what its carrier reported.")
    static let method = Methods.listCarrierEvents
    @Argument(help: "Shipment number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListCarrierEventsRequest { .init(shipmentNumber: number) }
  }

  struct Unmatched: RemoteCommand {
    typealias Response = OrdersV1.ListUnmatchedCarrierEventsResponse
    static let configuration = CommandConfiguration(
      abstract: "What carriers reported of shipments that nobody knows.")
    static let method = Methods.listUnmatchedCarrierEvents
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListUnmatchedCarrierEventsRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken)
    }
  }

  struct Match: RemoteCommand {
    typealias Response = OrdersV1.MatchCarrierEventResponse
    static let configuration = CommandConfiguration(
      abstract: "Say of which shipment an event is.")
    static let method = Methods.matchCarrierEvent
    @Argument(help: "The carrier.") var carrier: String
    @Argument(help: "The carrier's own id of the event.") var event: String
    @Argument(help: "Shipment number.") var shipment: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.MatchCarrierEventRequest {
      .init(carrier: carrier, eventId: event, shipmentNumber: shipment)
    }
  }

  struct Sign: RemoteCommand {
    typealias Response = OrdersV1.RecordProofOfDeliveryResponse
    static let configuration = CommandConfiguration(
      abstract: "Record what was signed at the door, and what was refused.",
      discussion: """
        joinery shipment sign SH-2026-000001 --by 王芳 --at 2026-11-21T10:12:00+08:00 \\
          --photo 9f86… --refused 2:1:damaged --serial 1:A-4711 --collected 563.87:cash

        Photographs and signatures are added before: joinery attachment add. What is refused goes \
        back by a return.
        """)
    static let method = Methods.recordProofOfDelivery
    @Argument(help: "Shipment number.") var number: String
    @Option(name: .long, help: "Who signed.") var by: String
    @Option(name: .long, help: "When: 2026-11-21T10:12:00+08:00; now when absent.")
    var at: InstantArgument?
    @Option(name: .long, help: "Where.") var place: String = ""
    @Option(name: .long, help: "Digest of a photograph or signature; give it again for more.")
    var photo: [String] = []
    @Option(
      name: .long,
      help: ArgumentHelp("Refused of a line; again for more.", valueName: "line:quantity:reason"))
    var refused: [RefusedArgument] = []
    @Option(
      name: .long,
      help: ArgumentHelp("A serial number of a line; again for more.", valueName: "line:serial"))
    var serial: [SerialArgument] = []
    @Option(name: .long, help: CollectedArgument.help) var collected: [CollectedArgument] = []
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func request() -> OrdersV1.RecordProofOfDeliveryRequest {
      let numbers = Set(refused.map(\.line) + serial.map(\.line)).sorted()
      let lines = numbers.map { number in
        let refusal = refused.first { $0.line == number }
        return OrdersV1.ProvenLine(
          orderLineNumber: number, refused: refusal?.quantity,
          reasonCode: refusal?.reason ?? "",
          serialNumbers: serial.filter { $0.line == number }.map(\.serial))
      }
      return .init(
        shipmentNumber: number,
        proof: .init(
          signedBy: by, signedAt: at?.message ?? InstantArgument.now, place: place,
          attachmentDigests: photo, lines: lines),
        collected: collected.map(\.message))
    }
  }

  struct Proof: RemoteCommand {
    typealias Response = OrdersV1.GetProofOfDeliveryResponse
    static let configuration = CommandConfiguration(
      abstract: "What was signed for a shipment.")
    static let method = Methods.getProofOfDelivery
    @Argument(help: "Shipment number.") var number: String
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.GetProofOfDeliveryRequest { .init(shipmentNumber: number) }
  }
}

/// "2026-11-21T09:30:00+08:00".
struct InstantArgument: ExpressibleByArgument {
  let message: GoogleProtobuf.Timestamp

  init?(argument: String) {
    guard let instant = Instant(argument) else { return nil }
    message = Self.message(of: instant)
  }

  static var now: GoogleProtobuf.Timestamp { message(of: Clock.now()) }

  private static func message(of instant: Instant) -> GoogleProtobuf.Timestamp {
    .init(
      seconds: instant.microseconds / 1_000_000,
      nanos: Int32(instant.microseconds % 1_000_000) * 1_000)
  }
}

/// "2:1:damaged": of line 2 one was refused, because it is damaged.
struct RefusedArgument: ExpressibleByArgument {
  let line: Int32
  let quantity: TypeV1.Quantity
  let reason: String

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count == 3, let line = Int32(parts[0]),
      let quantity = QuantityArgument(argument: parts[1])
    else { return nil }
    self.line = line
    self.quantity = quantity.message
    reason = parts[2].asCode
  }
}

/// "1:A-4711".
struct SerialArgument: ExpressibleByArgument {
  let line: Int32
  let serial: String

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let line = Int32(parts[0]) else { return nil }
    self.line = line
    serial = parts[1]
  }
}
