import GRPCCore
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf

/// The client side of the cases. grpc-swift-2 neither shows whether a message came compressed nor
/// lets one choose it for one message of a stream; the rest is as in the specification.
struct Cases: Sendable {
  typealias Request = Grpc_Testing_StreamingOutputCallRequest
  typealias Response = Grpc_Testing_StreamingOutputCallResponse

  struct Mismatch: Error, CustomStringConvertible { let description: String }

  let client: GRPCClient<HTTP2ClientTransport.Posix>

  private static let all: [(name: String, run: @Sendable (Cases) async throws -> Void)] = [
    ("empty_unary", { try await $0.emptyUnary() }),
    ("large_unary", { try await $0.large() }),
    ("client_compressed_unary", { try await $0.clientCompressedUnary() }),
    ("server_compressed_unary", { try await $0.serverCompressedUnary() }),
    ("custom_metadata", { try await $0.customMetadata() }),
    ("client_streaming", { try await $0.clientStreaming() }),
    ("client_compressed_streaming", { try await $0.clientCompressedStreaming() }),
    ("server_streaming", { try await $0.serverStreaming() }),
    ("server_compressed_streaming", { try await $0.serverCompressedStreaming() }),
    ("ping_pong", { try await $0.pingPong() }),
    ("empty_stream", { try await $0.emptyStream() }),
    ("status_code_and_message", { try await $0.status("test status message") }),
    (
      "special_status_message",
      {
        try await $0.status(
          "\t\ntest with whitespace\r\nand Unicode BMP \u{263A} and non-BMP \u{1F608}\t\n")
      }
    ),
    ("unimplemented_method", { try await $0.unimplemented("grpc.testing.TestService") }),
    ("unimplemented_service", { try await $0.unimplemented("grpc.testing.UnimplementedService") }),
    ("cancel_after_begin", { try await $0.cancelAfterBegin() }),
    ("cancel_after_first_response", { try await $0.cancelAfterFirstResponse() }),
    ("timeout_on_sleeping_server", { try await $0.timeoutOnSleepingServer() }),
  ]

  /// The number that failed.
  func run(_ names: [String]) async -> Int {
    let cases = names.isEmpty ? Self.all : Self.all.filter { names.contains($0.name) }
    var failed = 0
    for one in cases {
      do {
        try await one.run(self)
        say("ok \(one.name)")
      } catch {
        failed += 1
        say("FAILED \(one.name): \(error)")
      }
    }
    say("\(cases.count - failed) passed, \(failed) failed")
    return failed
  }

  // MARK: Calls

  private static func method(
    _ name: String, _ service: String = "grpc.testing.TestService"
  ) -> MethodDescriptor {
    MethodDescriptor(
      service: ServiceDescriptor(fullyQualifiedService: service), method: name)
  }

  private func unaryCall(
    _ message: Grpc_Testing_SimpleRequest, metadata: Metadata = [:],
    options: CallOptions = .defaults
  ) async throws -> ClientResponse<Grpc_Testing_SimpleResponse> {
    try await client.unary(
      request: ClientRequest(message: message, metadata: metadata),
      descriptor: Self.method("UnaryCall"),
      serializer: ProtobufSerializer<Grpc_Testing_SimpleRequest>(),
      deserializer: ProtobufDeserializer<Grpc_Testing_SimpleResponse>(), options: options
    ) { $0 }
  }

  private func inputCall(
    options: CallOptions = .defaults,
    _ write:
      @escaping @Sendable (RPCWriter<Grpc_Testing_StreamingInputCallRequest>) async throws -> Void
  ) async throws -> Int32 {
    try await client.clientStreaming(
      request: StreamingClientRequest(metadata: [:], producer: write),
      descriptor: Self.method("StreamingInputCall"),
      serializer: ProtobufSerializer<Grpc_Testing_StreamingInputCallRequest>(),
      deserializer: ProtobufDeserializer<Grpc_Testing_StreamingInputCallResponse>(),
      options: options
    ) { try $0.message.aggregatedPayloadSize }
  }

  private func duplexCall<R: Sendable>(
    metadata: Metadata = [:], options: CallOptions = .defaults,
    _ write: @escaping @Sendable (RPCWriter<Request>) async throws -> Void,
    _ read: @escaping @Sendable (StreamingClientResponse<Response>) async throws -> R
  ) async throws -> R {
    try await client.bidirectionalStreaming(
      request: StreamingClientRequest(metadata: metadata, producer: write),
      descriptor: Self.method("FullDuplexCall"), serializer: ProtobufSerializer<Request>(),
      deserializer: ProtobufDeserializer<Response>(), options: options, onResponse: read)
  }

  private func outputCall(_ parameters: [(size: Int32, compressed: Bool?)]) async throws {
    var request = Request()
    request.responseParameters = parameters.map { wanted in
      var parameters = Grpc_Testing_ResponseParameters()
      parameters.size = wanted.size
      if let compressed = wanted.compressed { parameters.compressed.value = compressed }
      return parameters
    }
    let sizes = try await client.serverStreaming(
      request: ClientRequest(message: request), descriptor: Self.method("StreamingOutputCall"),
      serializer: ProtobufSerializer<Request>(), deserializer: ProtobufDeserializer<Response>(),
      options: .defaults
    ) { response in
      try await response.messages.reduce(into: [Int]()) { $0.append($1.payload.body.count) }
    }
    try demand(sizes, parameters.map { Int($0.size) }, "sizes")
  }

  private func demand<V: Equatable>(_ value: V, _ wanted: V, _ what: String) throws {
    guard value != wanted else { return }
    throw Mismatch(description: "\(what): \(value) instead of \(wanted)")
  }

  @discardableResult
  private func refusal(_ code: RPCError.Code, _ body: () async throws -> Void) async throws
    -> RPCError
  {
    do { try await body() } catch let error as RPCError {
      try demand(error.code, code, "status of “\(error.message)”")
      return error
    }
    throw Mismatch(description: "OK instead of \(code)")
  }

  private static let requestSizes = [27_182, 8, 1_828, 45_904]
  private static let responseSizes: [Int32] = [31_415, 9, 2_653, 58_979]

  private static func payload(_ size: Int) -> Grpc_Testing_Payload {
    .with { $0.body = .init(repeating: 0, count: size) }
  }

  private static var largeRequest: Grpc_Testing_SimpleRequest {
    .with {
      $0.responseSize = 314_159
      $0.payload = payload(271_828)
    }
  }

  private static func duplexRequest(_ size: Int, _ wanted: Int32?) -> Request {
    .with { request in
      request.payload = payload(size)
      if let wanted { request.responseParameters = [.with { $0.size = wanted }] }
    }
  }

  // MARK: Cases

  private func emptyUnary() async throws {
    let response = try await client.unary(
      request: ClientRequest(message: Grpc_Testing_Empty()),
      descriptor: Self.method("EmptyCall"), serializer: ProtobufSerializer<Grpc_Testing_Empty>(),
      deserializer: ProtobufDeserializer<Grpc_Testing_Empty>(), options: .defaults
    ) { try $0.message }
    try demand(response, .init(), "response")
  }

  private func large(_ request: Grpc_Testing_SimpleRequest? = nil, compressed: Bool = false)
    async throws
  {
    var options = CallOptions.defaults
    options.compression = compressed ? .gzip : CompressionAlgorithm.none
    let response = try await unaryCall(request ?? Self.largeRequest, options: options)
    try demand(try response.message.payload.body.count, 314_159, "size")
  }

  private func clientCompressedUnary() async throws {
    var request = Self.largeRequest
    request.expectCompressed.value = true
    let untrue = request
    try await refusal(.invalidArgument) { try await large(untrue) }
    try await large(request, compressed: true)
    request.expectCompressed.value = false
    try await large(request)
  }

  private func serverCompressedUnary() async throws {
    for compressed in [true, false] {
      var request = Self.largeRequest
      request.responseCompressed.value = compressed
      try await large(request)
    }
  }

  private func customMetadata() async throws {
    let initial = "x-grpc-test-echo-initial"
    let trailing = "x-grpc-test-echo-trailing-bin"
    var metadata: Metadata = [initial: "test_initial_metadata_value"]
    metadata.addBinary([0xAB, 0xAB, 0xAB], forKey: trailing)
    let sent = metadata
    let check: @Sendable (Metadata, Metadata) throws -> Void = { headers, trailers in
      try demand(
        Array(headers[stringValues: initial]), ["test_initial_metadata_value"], initial)
      try demand(Array(trailers[binaryValues: trailing]), [[0xAB, 0xAB, 0xAB]], trailing)
    }
    let response = try await unaryCall(Self.largeRequest, metadata: sent)
    try check(response.metadata, response.trailingMetadata)
    try await duplexCall(metadata: sent) {
      try await $0.write(Self.duplexRequest(271_828, 314_159))
    } _: { response in
      for try await part in try response.accepted.get().bodyParts {
        if case .trailingMetadata(let trailers) = part { try check(response.metadata, trailers) }
      }
    }
  }

  private func clientStreaming() async throws {
    let sum = try await inputCall { writer in
      for size in Self.requestSizes {
        try await writer.write(.with { $0.payload = Self.payload(size) })
      }
    }
    try demand(sum, 74_922, "sum")
  }

  private func clientCompressedStreaming() async throws {
    let request = Grpc_Testing_StreamingInputCallRequest.with {
      $0.payload = Self.payload(27_182)
      $0.expectCompressed.value = true
    }
    var plain = CallOptions.defaults
    plain.compression = CompressionAlgorithm.none
    try await refusal(.invalidArgument) {
      _ = try await inputCall(options: plain) { try await $0.write(request) }
    }
    var options = CallOptions.defaults
    options.compression = .gzip
    let sum = try await inputCall(options: options) { try await $0.write(request) }
    try demand(sum, 27_182, "sum")
  }

  private func serverStreaming() async throws {
    try await outputCall(Self.responseSizes.map { ($0, nil) })
  }

  private func serverCompressedStreaming() async throws {
    try await outputCall([(31_415, true), (92_653, false)])
  }

  private func pingPong() async throws {
    let (turns, turn) = AsyncStream.makeStream(of: Int.self)
    turn.yield(0)
    let count = try await duplexCall { writer in
      for await index in turns {
        try await writer.write(
          Self.duplexRequest(Self.requestSizes[index], Self.responseSizes[index]))
      }
    } _: { response in
      var next = 0
      for try await message in response.messages {
        try demand(Int32(message.payload.body.count), Self.responseSizes[next], "size")
        next += 1
        if next < Self.responseSizes.count { turn.yield(next) } else { turn.finish() }
      }
      return next
    }
    try demand(count, Self.responseSizes.count, "responses")
  }

  private func emptyStream() async throws {
    let count = try await duplexCall { _ in
    } _: {
      try await $0.messages.reduce(0) { count, _ in count + 1 }
    }
    try demand(count, 0, "responses")
  }

  private func status(_ message: String) async throws {
    let status = Grpc_Testing_EchoStatus.with {
      $0.code = 2
      $0.message = message
    }
    let unary = try await refusal(.unknown) {
      _ = try await unaryCall(.with { $0.responseStatus = status }).message
    }
    try demand(unary.message, message, "message")
    let streamed = try await refusal(.unknown) {
      try await duplexCall {
        try await $0.write(.with { $0.responseStatus = status })
      } _: {
        for try await _ in $0.messages {}
      }
    }
    try demand(streamed.message, message, "message")
  }

  private func unimplemented(_ service: String) async throws {
    try await refusal(.unimplemented) {
      try await client.unary(
        request: ClientRequest(message: Grpc_Testing_Empty()),
        descriptor: Self.method("UnimplementedCall", service),
        serializer: ProtobufSerializer<Grpc_Testing_Empty>(),
        deserializer: ProtobufDeserializer<Grpc_Testing_Empty>(), options: .defaults
      ) { _ = try $0.message }
    }
  }

  private func cancelAfterBegin() async throws {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      _ = try await inputCall { _ in
        begin.finish()
        try await Self.untilCancelled()
      }
    }
    for await _ in begun {}
    call.cancel()
    try await demandCancelled { try await call.value }
  }

  /// Before the response's headers grpc-swift-2 wraps the cancellation into an UNKNOWN, behind them
  /// it ends the sequence silently.
  private func demandCancelled(_ body: () async throws -> Void) async throws {
    do { try await body() } catch is CancellationError { return } catch let error as RPCError {
      if error.cause is CancellationError { return }
      return try demand(error.code, .cancelled, "status")
    }
    throw Mismatch(description: "OK instead of cancelled")
  }

  private func cancelAfterFirstResponse() async throws {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      try await duplexCall {
        try await $0.write(Self.duplexRequest(27_182, 31_415))
        try await Self.untilCancelled()
      } _: { response in
        for try await _ in response.messages { begin.finish() }
        try Task.checkCancellation()
      }
    }
    for await _ in begun {}
    call.cancel()
    try await demandCancelled { try await call.value }
  }

  private func timeoutOnSleepingServer() async throws {
    var options = CallOptions.defaults
    options.timeout = .milliseconds(1)
    let limited = options
    try await refusal(.deadlineExceeded) {
      try await duplexCall(options: limited) {
        try await $0.write(Self.duplexRequest(27_182, nil))
        try await Self.untilCancelled()
      } _: {
        for try await _ in $0.messages {}
      }
    }
  }

  /// Keeps the request side open: nothing but the end of the call ends it.
  private static func untilCancelled() async throws { try await Task.sleep(for: .seconds(86_400)) }
}
