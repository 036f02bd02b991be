internal import ArgumentParser
internal import Messages
internal import RPC

/// A client command: options in, one call, the reply shown. All that a noun's verb has to say is
/// its method and how its options make the request.
protocol RemoteCommand: AsyncParsableCommand {
  associatedtype Request: WireMessage
  associatedtype Response: WireMessage

  static var method: MethodDescriptor { get }
  var connection: ConnectionOptions { get }
  /// Nil for a question that changes nothing.
  var command: CommandOptions? { get }

  func request() throws -> Request
  /// Throws an exit code when the reply, once shown, is bad news.
  func judge(_ response: Response) throws
}

extension RemoteCommand {
  var command: CommandOptions? { nil }

  func judge(_ response: Response) throws {}

  func run() async throws {
    let request = try request()
    let metadata = command.map { $0.extend(connection.metadata) } ?? connection.metadata
    try await RemoteCall.with(connection) { channel in
      let reply: Reply<Response> = try await StepUp.retrying(channel, connection) {
        try await channel.unary(
          Self.method, request, options: connection.callOptions(metadata))
      }
      try Renderer(format: connection.output).show(reply.message)
      let withheld = reply.trailers[all: "joinery-withheld"]
      if !withheld.isEmpty {
        Terminal.standardError("not shown to you: \(withheld.joined(separator: ", "))")
      }
      command?.sayWhenDry()
      try RowRefusals.check(reply.message.encoded(), as: Response.fullName)
      try judge(reply.message)
    }
  }
}
