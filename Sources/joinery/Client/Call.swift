internal import ArgumentParser
private import Foundation
internal import Messages
internal import RPC

/// `joinery call`: any method of the API by name, with JSON in and out.
struct Call: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Call any method with JSON.",
    discussion: """
      The method may be written PlaceOrder, OrderService/PlaceOrder or in full. The request is \
      JSON text, `-` for standard input, or @FILE. Amounts may be written as text: "1299.00 CNY", \
      quantities as "3 pcs". \
      `joinery describe METHOD` shows what a method takes.
      """)

  @Argument(help: "Method.") var method: String
  @Argument(help: "Request as JSON, - or @FILE.") var request = "{}"
  @OptionGroup var options: CommandOptions
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let description = try MethodArgument.find(method)
    guard description.descriptor.shape == .unary else {
      throw Failure("\(description.fullName) is a stream; call answers only single requests")
    }
    let mapping = JSONMapping()
    let bytes: [UInt8]
    do {
      bytes = try mapping.bytes(fromJSON: try text(), as: description.input)
    } catch let error as JSONMappingError {
      throw Failure("the request does not fit \(description.input): \(error)")
    }
    let changes = description.descriptor.idempotency != .noSideEffects
    let metadata = changes ? options.extend(connection.metadata) : connection.metadata
    try await RemoteCall.with(connection) { channel in
      let reply: Reply<AnyMessage> = try await channel.unary(
        description.descriptor, AnyMessage(bytes: bytes),
        options: connection.callOptions(metadata))
      Terminal.standardOutput(
        try mapping.json(reply.message.bytes, as: description.output, pretty: true))
      if changes { options.sayWhenDry() }
      try RowRefusals.check(reply.message.bytes, as: description.output)
    }
  }

  private func text() throws -> String {
    if request == "-" {
      return String(decoding: try FileHandle.standardInput.readToEnd() ?? Data(), as: UTF8.self)
    }
    guard request.hasPrefix("@") else { return request }
    let path = String(request.dropFirst())
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure("cannot read \(path)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

/// An encoded message of whatever type.
struct AnyMessage: WireMessage {
  static let fullName = "google.protobuf.Any"
  var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(wire bytes: UnsafeRawBufferPointer) { self.bytes = [UInt8](bytes) }

  func encode(_ allocate: (Int) -> UnsafeMutableRawPointer) {
    let memory = allocate(bytes.count)
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
    }
  }
}

enum MethodArgument {
  /// The method of that name, or words that help to find it.
  static func find(_ name: String) throws -> MethodDescription {
    let pool = DescriptorPool.joinery
    if let method = pool.method(name) { return method }
    let hint = pool.nearestMethod(to: name).map { "; did you mean \($0)?" } ?? ""
    throw Failure("there is no method \(name)\(hint) (joinery describe lists all)")
  }
}
