internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = OrdersV1.CashOnDeliveryServiceMethods
let collectors = Choice(OrdersV1.CodCollector.allCases, \.name)
private let methods = Choice(FinanceV1.PaymentMethod.allCases, \.name)

// What `joinery shipment` says about money that is paid at the door.
extension ShipmentCommands {
  struct Cod: RemoteCommand {
    typealias Response = OrdersV1.ArrangeCashOnDeliveryResponse
    static let configuration = CommandConfiguration(
      abstract: "Arrange that a shipment which has not left is paid at the door.",
      discussion: """
        joinery shipment cod SH-2026-000001 --collector carrier

        Its goods may leave unpaid. What is due is fixed when they leave and told with the shipment.
        """)
    static let method = Methods.arrangeCashOnDelivery
    @Argument(help: "Shipment number.") var number: String
    @Option(
      name: .long, help: ArgumentHelp("Who collects: \(collectors.help)."),
      transform: collectors.callAsFunction)
    var collector: OrdersV1.CodCollector
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ArrangeCashOnDeliveryRequest {
      .init(shipmentNumber: number, collector: collector)
    }
  }

  struct Collect: RemoteCommand {
    typealias Response = OrdersV1.RecordCollectionResponse
    static let configuration = CommandConfiguration(
      abstract: "Record what was collected, where the proof of delivery did not say it.")
    static let method = Methods.recordCollection
    @Argument(help: "Shipment number.") var number: String
    @Option(name: .long, help: CollectedArgument.help) var collected: [CollectedArgument]
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.RecordCollectionRequest {
      .init(shipmentNumber: number, collected: collected.map(\.message))
    }
  }

  struct Uncollected: RemoteCommand {
    typealias Response = OrdersV1.ListCashOnDeliveryResponse
    static let configuration = CommandConfiguration(
      abstract: "What is still to be collected at doors, and what carriers have not remitted.")
    static let method = Methods.listCashOnDelivery
    @Option(name: .long, help: "Of this carrier only.") var carrier: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListCashOnDeliveryRequest {
      .init(pageSize: page.pageSize, pageToken: page.pageToken, carrier: carrier)
    }
  }
}

/// `joinery remittance …`
struct RemittanceCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remittance", abstract: "What carriers remit of the money they collected.",
    discussion: """
      A statement of a carrier is taken row by row, each once; what does not fit stays on the \
      board (joinery exceptions --kind remittance-differs) until somebody settles it.

        joinery remittance import 德邦 ST-88 --file statement.csv
        joinery remittance list --open
        joinery remittance match 德邦 ST-88 17 SH-2026-000001 --reason "their typing error"
        joinery remittance write-off 德邦 ST-88 18 --reason "carrier is bankrupt"
        joinery remittance pay-back 德邦 ST-88 19 --reason "paid twice"

      What is more than one person alone may settle waits for somebody else:

        joinery remittance set-policy --alone-up-to 100 --reason "four eyes"
        joinery remittance list --proposed
        joinery remittance approve 德邦 ST-88 18
      """,
    subcommands: [
      Import.self, List.self, Match.self, WriteOff.self, PayBack.self, Approve.self, Decline.self,
      Policy.self, SetPolicy.self,
    ])

  struct Import: RemoteCommand {
    typealias Response = OrdersV1.ImportRemittancesResponse
    static let configuration = CommandConfiguration(
      abstract: "Take a carrier's statement of what it remits.",
      discussion: """
        A .csv file names the fields in its first row: row_id, shipment_number, tracking_number, \
        amount, fee; any other file has a row as JSON on each line. What was told before does no \
        harm.
        """)
    static let method = Methods.importRemittances
    @Argument(help: "The carrier, as shipments name it.") var carrier: String
    @Argument(help: "The carrier's number of the statement.") var statement: String
    @Option(name: .long, help: "A file of rows, at most 500.", completion: .file())
    var file: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }

    func request() throws -> OrdersV1.ImportRemittancesRequest {
      let rows = try RowFile(path: file, message: OrdersV1.RemittanceRow.fullName).rows
      return .init(
        carrier: carrier, statement: statement,
        rows: try rows.map { row in
          do {
            return try OrdersV1.RemittanceRow(
              wire: try JSONMapping().bytes(
                from: row.value, as: OrdersV1.RemittanceRow.fullName))
          } catch { throw Failure("line \(row.line): \(error)") }
        })
    }

    /// What cannot be taken is bad news; what does not fit is none: it is kept.
    func judge(_ response: Response) throws {
      if response.results.contains(where: { $0.outcome == .refused }) { throw ExitCode(1) }
    }
  }

  struct List: RemoteCommand {
    typealias Response = OrdersV1.ListRemittancesResponse
    static let configuration = CommandConfiguration(abstract: "Rows of carriers' statements.")
    static let method = Methods.listRemittances
    @Option(name: .long, help: "Of this carrier only.") var carrier: String = ""
    @Option(name: .long, help: "Of this statement only.") var statement: String = ""
    @Flag(name: .long, help: "Only what does not fit and is not settled.") var open = false
    @Flag(name: .long, help: "Of that only what waits for somebody else to agree.")
    var proposed = false
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> OrdersV1.ListRemittancesRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, carrier: carrier,
        statement: statement, open: open, proposed: proposed)
    }
  }

  struct Row: ParsableArguments {
    @Argument(help: "The carrier.") var carrier: String
    @Argument(help: "The carrier's number of the statement.") var statement: String
    @Argument(help: "The carrier's own id of the row.") var row: String
  }

  struct Match: RemoteCommand {
    typealias Response = OrdersV1.SettleRemittanceResponse
    static let configuration = CommandConfiguration(
      abstract: "Say for which shipment a row is that was not known.")
    static let method = Methods.settleRemittance
    @OptionGroup var row: Row
    @Argument(help: "Shipment number.") var shipment: String
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SettleRemittanceRequest {
      .init(
        carrier: row.carrier, statement: row.statement, rowId: row.row, decision: .match,
        shipmentNumber: shipment, reason: reason)
    }
  }

  struct WriteOff: RemoteCommand {
    typealias Response = OrdersV1.SettleRemittanceResponse
    static let configuration = CommandConfiguration(
      commandName: "write-off", abstract: "Give up what a row left open.")
    static let method = Methods.settleRemittance
    @OptionGroup var row: Row
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SettleRemittanceRequest {
      .init(
        carrier: row.carrier, statement: row.statement, rowId: row.row, decision: .writeOff,
        reason: reason)
    }
  }

  struct PayBack: RemoteCommand {
    typealias Response = OrdersV1.SettleRemittanceResponse
    static let configuration = CommandConfiguration(
      commandName: "pay-back", abstract: "Record that what a row brought too much went back.")
    static let method = Methods.settleRemittance
    @OptionGroup var row: Row
    @Option(name: .long, help: "Why.") var reason: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.SettleRemittanceRequest {
      .init(
        carrier: row.carrier, statement: row.statement, rowId: row.row, decision: .payBack,
        reason: reason)
    }
  }
}

/// "563.87:cash", or "563.87:card:SLIP-7".
struct CollectedArgument: ExpressibleByArgument {
  static let help = ArgumentHelp(
    "What was collected, and how; again for more.", valueName: "amount:method[:reference]")

  let message: OrdersV1.CollectedCash

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count > 1, let amount = MoneyArgument(argument: parts[0]),
      let method = try? methods(parts[1])
    else { return nil }
    message = .init(
      amount: amount.message, method: method,
      externalReference: parts.count > 2 ? parts[2] : "")
  }
}

extension OrderCommands {
  struct Cod: RemoteCommand {
    typealias Response = OrdersV1.ArrangeCashOnDeliveryResponse
    static let configuration = CommandConfiguration(
      abstract: "Arrange that all that has not left of an order is paid at the door.",
      discussion: """
        joinery order cod SO-2026-000001 --collector carrier

        Its shipments that have not left, and each that is prepared from now on. What is told with \
        the order (joinery order place --cod) need not be told here.
        """)
    static let method = Methods.arrangeCashOnDelivery
    @Argument(help: "Order number.") var number: String
    @Option(
      name: .long, help: ArgumentHelp("Who collects: \(collectors.help)."),
      transform: collectors.callAsFunction)
    var collector: OrdersV1.CodCollector
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> OrdersV1.ArrangeCashOnDeliveryRequest {
      .init(collector: collector, orderNumber: number)
    }
  }
}
