internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC
private import Synchronization

private let channels = Choice(OrdersV1.Channel.allCases, \.name)

/// `joinery order import`
struct OrderImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Place the orders of a file: each by itself, or all or none.",
    discussion: """
      A .csv file has a row for each line of an order; rows of one order stand together and have \
      the same external_id. Its first row names the columns, in any order: \
      \(OrderFile.columnNames.joined(separator: ", ")); external_id, sku and quantity are needed. \
      Any other file has an order as JSON on each line, as OrderService.PlaceOrder takes it.

      What was imported before is left as it is, so the same file can be imported again at any \
      time: after a break, or when what was refused is put right. Refused orders and those that \
      wait are shown with the line of the file that they begin on.
      """)

  @Argument(help: ArgumentHelp("The orders.", valueName: "file")) var file: String
  @Flag(name: .long, help: "All orders or none, 1,000 at most.") var atomic = false
  @Flag(name: .long, help: "Show every order, not only those to look at.") var all = false
  @Option(name: .long, help: "What the file is called in reports; its name when absent.")
  var source: String?
  @Option(
    name: .long, help: ArgumentHelp("Where not given in the file: \(channels.help)."),
    transform: channels.callAsFunction)
  var channel: OrdersV1.Channel = .web
  @Option(name: .shortAndLong, help: "Customer, where not given in the file.")
  var customer = ""
  @Option(name: .shortAndLong, help: "Warehouse that delivers, where not given in the file.")
  var warehouse = ""
  @OptionGroup var options: CommandOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let orders = try OrderFile(
      path: file,
      defaults: .init(channel: channel, customer: customer, warehouse: warehouse))
    let name = source ?? String((file as NSString).lastPathComponent.prefix(100))
    let opening = OrdersV1.ImportOpening(
      mode: atomic ? .atomic : .bestEffort, source: name, allVerdicts: all)
    var answer = OrdersV1.ImportOrdersResponse(counts: .init())
    try await RemoteCall.with(connection) { channel in
      answer = try await OrderImporter(connection: connection, options: options)
        .send(orders, opening, channel)
    }
    try OrderImporter.show(answer, connection.output)
    options.sayWhenDry()
    if answer.counts?.refused ?? 0 > 0 { throw ExitCode(1) }
  }
}

/// Sends orders and gathers what is told of them.
struct OrderImporter {
  let connection: ConnectionOptions
  let options: CommandOptions

  /// Orders in one message.
  private static let together = 50

  func send(
    _ orders: OrderFile, _ opening: OrdersV1.ImportOpening, _ channel: any ClientChannel
  ) async throws -> OrdersV1.ImportOrdersResponse {
    let failure = FirstFailure()
    let client = OrdersV1.IntakeServiceClient(channel: channel)
    var answer = OrdersV1.ImportOrdersResponse(counts: .init())
    do {
      let replies = try await client.importOrders(
        options: connection.callOptions(options.extend(connection.metadata), isStream: true)
      ) { writer in
        do {
          try await writer.write(.init(opening: opening))
          var orders = orders
          var rows: [OrdersV1.ImportRow] = []
          while let row = try orders.next() {
            rows.append(row)
            guard rows.count == Self.together else { continue }
            try await writer.write(.init(rows: rows))
            rows = []
          }
          if !rows.isEmpty { try await writer.write(.init(rows: rows)) }
        } catch let error as Failure {
          failure.note(error)
          throw error
        }
      }
      for try await reply in replies { Self.add(reply, to: &answer) }
    } catch let error as RPCError {
      // A file that cannot be read cancels the call; what is wrong with it is what to say.
      if let first = failure.first {
        throw Failure("\(first); \(Self.total(answer)) orders before it were answered")
      }
      throw error
    }
    return answer
  }

  private static func add(
    _ reply: OrdersV1.ImportOrdersResponse, to answer: inout OrdersV1.ImportOrdersResponse
  ) {
    answer.verdicts += reply.verdicts
    answer.counts?.placed += reply.counts?.placed ?? 0
    answer.counts?.waiting += reply.counts?.waiting ?? 0
    answer.counts?.unchanged += reply.counts?.unchanged ?? 0
    answer.counts?.refused += reply.counts?.refused ?? 0
  }

  private static func total(_ answer: OrdersV1.ImportOrdersResponse) -> Int64 {
    let counts = answer.counts ?? .init()
    return counts.placed + counts.waiting + counts.unchanged + counts.refused
  }

  static func show(_ answer: OrdersV1.ImportOrdersResponse, _ format: OutputFormat) throws {
    guard format == .table else { return try Renderer(format: format).show(answer) }
    if !answer.verdicts.isEmpty {
      let lines = AlignedColumns.lines(
        header: ["line", "external id", "outcome", "order", "why"],
        rows: answer.verdicts.map { verdict in
          [
            "\(verdict.row)", verdict.externalId, word(verdict.outcome), verdict.orderNumber,
            why(verdict),
          ]
        })
      Terminal.standardOutput(lines.joined(separator: "\n") + "\n")
    }
    let counts = answer.counts ?? .init()
    Terminal.standardOutput(
      "\(counts.placed) placed, \(counts.waiting) waiting, \(counts.unchanged) unchanged, "
        + "\(counts.refused) refused")
  }

  private static func word(_ outcome: OrdersV1.ImportOutcome) -> String {
    switch outcome {
    case .placed: "placed"
    case .waiting: "waiting"
    case .unchanged: "unchanged"
    case .refused, .unspecified, .unrecognized: "refused"
    }
  }

  private static func why(_ verdict: OrdersV1.ImportVerdict) -> String {
    let holds = verdict.holds.map { hold in
      "held for \(Renderer.word(hold.kind.name)): \(hold.reason)"
    }
    let violations = verdict.violations.map { violation in
      violation.field.isEmpty
        ? "\(violation.message) [\(violation.reason)]"
        : "\(violation.field): \(violation.message) [\(violation.reason)]"
    }
    let all = holds + violations
    return all.isEmpty && verdict.outcome == .waiting
      ? "somebody must approve it" : all.joined(separator: "; ")
  }
}
