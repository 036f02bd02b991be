internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC

/// `joinery call`: any method of any gRPC server by name, with JSON in and out.
struct Call: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Call any method with JSON.",
    discussion: """
      The method may be written PlaceOrder, OrderService/PlaceOrder or in full. The request is \
      JSON text, `-` for standard input, or @FILE; for a method that takes a stream, any number \
      of JSON values, each sent as soon as it is complete. The answers of a stream are printed \
      one a line. Amounts may be written as text: "1299.00 CNY", quantities as "3 pcs". \
      `joinery describe METHOD` shows what a method takes.

      The server says what it offers (gRPC server reflection), so any gRPC server can be called; \
      where it does not say, it is taken for a Joinery of this version.
      """)

  @Argument(help: "Method.") var method: String
  @Argument(help: "Request as JSON, - or @FILE.") var request = "{}"
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Metadata to send along; binary (-bin) as base64. May be repeated.", valueName: "name=value"))
  var metadata: [String] = []
  @OptionGroup var options: CommandOptions
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    for pair in metadata where MetadataArgument.field(pair) == nil {
      throw ValidationError("--metadata \(pair): expected NAME=VALUE, the name in lower case")
    }
  }

  func run() async throws {
    try await RemoteCall.with(connection) { channel in
      let pool =
        try await Reflection(channel, connection.callOptions(connection.metadata)).pool(for: method)
        ?? .joinery
      let description = try MethodArgument.find(method, in: pool)
      try await call(description, JSONMapping(pool), channel)
    }
  }

  private func call(
    _ method: MethodDescription, _ mapping: JSONMapping, _ channel: any ClientChannel
  ) async throws {
    let descriptor = method.descriptor
    let changes = isOurs(method) && descriptor.idempotency != .noSideEffects
    let options = connection.callOptions(
      callMetadata(isOurs: isOurs(method), changes: changes),
      isStream: descriptor.shape != .unary)
    let messages = RequestMessages(text: request, mapping: mapping, type: method.input)
    let reply: (AnyMessage) throws -> Void = { message in
      let text = try mapping.json(
        message.bytes, as: method.output, pretty: !descriptor.shape.streamsResponses)
      Terminal.standardOutput(text)
    }
    let failure = FirstFailure()
    let send: @Sendable (RequestWriter<AnyMessage>) async throws -> Void = { writer in
      do {
        var iterator = messages.makeIterator()
        while let message = try await iterator.next() { try await writer.write(message) }
      } catch let error as Failure {
        failure.note(error)
        throw error
      }
    }
    do {
      switch descriptor.shape {
      case .unary:
        let message = try await messages.single()
        let answer: Reply<AnyMessage> = try await StepUp.retrying(channel, connection) {
          try await channel.unary(descriptor, message, options: options)
        }
        try reply(answer.message)
        if changes { self.options.sayWhenDry() }
        if isOurs(method) { try RowRefusals.check(answer.message.bytes, as: method.output) }
      case .serverStreaming:
        let answers: ResponseStream<AnyMessage> = try await channel.serverStreaming(
          descriptor, try await messages.single(), options: options)
        for try await message in answers { try reply(message) }
      case .clientStreaming:
        let answer: Reply<AnyMessage> = try await channel.clientStreaming(
          descriptor, options: options, send: send)
        try reply(answer.message)
      case .bidirectional:
        let answers: ResponseStream<AnyMessage> = try await channel.bidirectional(
          descriptor, options: options, send: send)
        for try await message in answers { try reply(message) }
      }
    } catch let error as RPCError {
      // A request that is wrong cancels the call; what was wrong is what to say.
      throw failure.first ?? error
    }
  }

  /// Whether the method is Joinery's own: others are told nothing that they did not ask for.
  private func isOurs(_ method: MethodDescription) -> Bool {
    method.descriptor.service.hasPrefix("joinery.")
  }

  private func callMetadata(isOurs: Bool, changes: Bool) -> Metadata {
    var all = isOurs ? connection.metadata : Metadata()
    if changes { all = options.extend(all) }
    for pair in metadata {
      switch MetadataArgument.field(pair)?.value {
      case .text(let text)?: all.add(MetadataArgument.name(pair), text)
      case .binary(let bytes)?: all.add(MetadataArgument.name(pair), bytes)
      case nil: break
      }
    }
    return all
  }
}

/// NAME=VALUE.
private enum MetadataArgument {
  static func name(_ pair: String) -> String { String(pair.prefix { $0 != "=" }) }

  static func field(_ pair: String) -> Metadata.Field? {
    guard pair.contains("=") else { return nil }
    let name = name(pair)
    let text = String(pair.dropFirst(name.count + 1))
    let value: Metadata.Field.Value
    if name.hasSuffix("-bin") {
      guard let data = Data(base64Encoded: text) else { return nil }
      value = .binary([UInt8](data))
    } else {
      value = .text(text)
    }
    guard Metadata.isValid(name: name, value: value) else { return nil }
    return Metadata.Field(name: name, value: value)
  }
}

enum MethodArgument {
  /// The method of that name, or words that help to find it.
  static func find(_ name: String, in pool: DescriptorPool) throws -> MethodDescription {
    if let method = pool.method(name) { return method }
    let hint = pool.nearestMethod(to: name).map { "; did you mean \($0)?" } ?? ""
    throw Failure("there is no method \(name)\(hint) (joinery describe lists all)")
  }
}
