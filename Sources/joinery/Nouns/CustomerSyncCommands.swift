internal import ArgumentParser
internal import Messages
internal import RPC

private typealias Methods = CustomersV1.SyncServiceMethods

/// Customers as other systems keep them.
extension CustomerCommands {
  struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take over what another system, such as a CRM, has changed.",
      discussion: """
        A .csv file names the fields of its rows in its first row, as the API calls them \
        (`joinery describe customers.v1.ExternalCustomer`); any other file has a row as JSON on \
        each line. external_id (CRM:0035g00000XyZ) and modify_time (2026-11-22T09:30:00Z) are \
        needed. Whoever changed a customer last wins: what the system changed before is STALE. \
        The same file can be taken over again at any time. What is not as it was is shown.
        """)
    @Argument(help: ArgumentHelp("The customers.", valueName: "file")) var file: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
      let rows = try RowFile(path: file, message: CustomersV1.ExternalCustomer.fullName).rows
      let mapping = JSONMapping()
      let messages = try rows.map { row in
        do {
          return try CustomersV1.ExternalCustomer(
            wire: mapping.bytes(from: row.value, as: CustomersV1.ExternalCustomer.fullName))
        } catch {
          throw Failure("line \(row.line): \(error)")
        }
      }
      var answer = CustomersV1.SyncCustomersResponse()
      try await RemoteCall.with(connection) { channel in
        for (number, start) in stride(from: 0, to: messages.count, by: Self.together).enumerated() {
          let part = Array(messages[start..<min(start + Self.together, messages.count)])
          var command = options
          command.key = options.key.map { "\($0)-\(number)" }
          let metadata = command.extend(connection.metadata)
          let reply: Reply<CustomersV1.SyncCustomersResponse> = try await StepUp.retrying(
            channel, connection
          ) {
            try await channel.unary(
              Methods.syncCustomers, CustomersV1.SyncCustomersRequest(customers: part),
              options: connection.callOptions(metadata))
          }
          answer.verdicts += reply.message.verdicts.map { verdict in
            var verdict = verdict
            verdict.row += Int32(start)
            return verdict
          }
        }
      }
      try Renderer(format: connection.output).show(answer)
      options.sayWhenDry()
      if answer.verdicts.contains(where: { $0.outcome == .refused }) { throw ExitCode(1) }
    }

    /// Rows in one request.
    private static let together = 500
  }

  struct ExternalIds: RemoteCommand {
    typealias Response = CustomersV1.ListExternalIdsResponse
    static let configuration = CommandConfiguration(
      abstract: "By what other systems know customers.")
    static let method = Methods.listExternalIds
    @Option(name: .shortAndLong, help: "Only this customer's.") var customer: String = ""
    @Option(name: .long, help: "Only those that begin so, such as CRM: or a whole id.")
    var prefix: String = ""
    @OptionGroup var page: PageOptions
    @OptionGroup var connection: ConnectionOptions
    func request() -> CustomersV1.ListExternalIdsRequest {
      .init(
        pageSize: page.pageSize, pageToken: page.pageToken, customerCode: customer,
        prefix: prefix)
    }
  }

  struct RemoveExternalId: RemoteCommand {
    typealias Response = CustomersV1.RemoveExternalIdResponse
    static let configuration = CommandConfiguration(
      abstract: "Forget that an id of another system names a customer.")
    static let method = Methods.removeExternalId
    @Argument(help: "The id, such as CRM:0035g00000XyZ.") var externalId: String
    @OptionGroup var options: CommandOptions
    @OptionGroup var connection: ConnectionOptions
    var command: CommandOptions? { options }
    func request() -> CustomersV1.RemoveExternalIdRequest { .init(externalId: externalId) }
  }
}
