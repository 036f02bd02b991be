internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC

/// `joinery order edit`
struct OrderEditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Change the orders of a file: each by itself, or all or none.",
    discussion: """
      A .csv file has a row for each line that is changed or added; rows of one order stand \
      together, and the first says what the whole order says. Its first row names the columns, in \
      any order: \(OrderEditFile.columnNames.joined(separator: ", ")); number, expected_version \
      and reason are needed. Any other file has a change as JSON on each line \
      (`joinery describe orders.v1.OrderEdit`).

      Each is done as `joinery order change` does it, with the same rights. What was carried out \
      before is left as it is, so the same file can be sent again at any time.
      """)

  @Argument(help: ArgumentHelp("The changes.", valueName: "file")) var file: String
  @Flag(name: .long, help: "All changes or none, 100 at most.") var atomic = false
  @Option(name: .long, help: "What the file is called; its name when absent.")
  var source: String?
  @OptionGroup var options: CommandOptions
  @OptionGroup var connection: ConnectionOptions

  /// Orders of one command.
  private static let together = (atomic: 100, each: 25)

  func run() async throws {
    let edits = try OrderEditFile(path: file).edits
    guard !edits.isEmpty else { throw Failure("there is nothing in \(file)") }
    let most = atomic ? Self.together.atomic : Self.together.each
    guard !atomic || edits.count <= most else {
      throw Failure("all or none is for \(most) orders, and there are \(edits.count)")
    }
    let name = source ?? String((file as NSString).lastPathComponent.prefix(100))
    var answer = OrdersV1.EditOrdersResponse()
    try await RemoteCall.with(connection) { channel in
      let client = OrdersV1.IntakeServiceClient(channel: channel)
      for start in stride(from: 0, to: edits.count, by: most) {
        let part = Array(edits[start..<min(start + most, edits.count)])
        var own = options
        if let key = options.key, start > 0 { own.key = "\(key)#\(start)" }
        let reply = try await client.editOrders(
          .init(mode: atomic ? .atomic : .bestEffort, source: name, edits: part),
          options: connection.callOptions(own.extend(connection.metadata)))
        answer.verdicts += reply.verdicts
        answer.changed += reply.changed
        answer.unchanged += reply.unchanged
        answer.refused += reply.refused
      }
    }
    try show(answer)
    options.sayWhenDry()
    if answer.refused > 0 { throw ExitCode(1) }
  }

  private func show(_ answer: OrdersV1.EditOrdersResponse) throws {
    guard connection.output == .table else {
      return try Renderer(format: connection.output).show(answer)
    }
    let lines = AlignedColumns.lines(
      header: ["line", "order", "outcome", "version", "why"],
      rows: answer.verdicts.map { verdict in
        let why = verdict.violations.map { violation in
          violation.field.isEmpty
            ? "\(violation.message) [\(violation.reason)]"
            : "\(violation.field): \(violation.message) [\(violation.reason)]"
        }
        return [
          "\(verdict.row)", verdict.number, Renderer.word(verdict.outcome.name),
          verdict.version == 0 ? "" : "\(verdict.version)", why.joined(separator: "; "),
        ]
      })
    Terminal.standardOutput(lines.joined(separator: "\n") + "\n")
    Terminal.standardOutput(
      "\(answer.changed) changed, \(answer.unchanged) unchanged, \(answer.refused) refused")
  }
}
