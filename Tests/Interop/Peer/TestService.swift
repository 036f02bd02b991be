internal import RPC

/// The server side of the cases, as doc/interop-test-descriptions.md of grpc/grpc has them.
struct TestService: GRPCTesting.TestService {
  /// Answer to `fill_server_id`.
  let name: String

  func emptyCall(
    _ request: GRPCTesting.Empty, context: CallContext
  ) async throws -> GRPCTesting.Empty {
    Self.echoMetadata(context)
    return GRPCTesting.Empty()
  }

  func unaryCall(
    _ request: GRPCTesting.SimpleRequest, context: CallContext
  ) async throws -> GRPCTesting.SimpleResponse {
    Self.echoMetadata(context)
    try Self.check(request.expectCompressed, context)
    try Self.fail(request.responseStatus)
    if let wish = request.responseCompressed { context.compressesResponses = wish.value }
    return GRPCTesting.SimpleResponse(
      payload: try Self.payload(request.responseSize),
      serverId: request.fillServerId ? name : "")
  }

  func streamingOutputCall(
    _ request: GRPCTesting.StreamingOutputCallRequest,
    writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, context: CallContext
  ) async throws {
    Self.echoMetadata(context)
    try await Self.answer(request, writer, context)
  }

  func streamingInputCall(
    _ requests: RequestStream<GRPCTesting.StreamingInputCallRequest>, context: CallContext
  ) async throws -> GRPCTesting.StreamingInputCallResponse {
    Self.echoMetadata(context)
    var sum = 0
    for try await request in requests {
      try Self.check(request.expectCompressed, context)
      sum += request.payload?.body.count ?? 0
    }
    return GRPCTesting.StreamingInputCallResponse(aggregatedPayloadSize: Int32(clamping: sum))
  }

  func fullDuplexCall(
    _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>,
    writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, context: CallContext
  ) async throws {
    Self.echoMetadata(context)
    for try await request in requests { try await Self.answer(request, writer, context) }
  }

  func halfDuplexCall(
    _ requests: RequestStream<GRPCTesting.StreamingOutputCallRequest>,
    writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, context: CallContext
  ) async throws {
    Self.echoMetadata(context)
    var all: [GRPCTesting.StreamingOutputCallRequest] = []
    for try await request in requests { all.append(request) }
    for request in all { try await Self.answer(request, writer, context) }
  }

  // MARK: What the cases have in common

  private static func echoMetadata(_ context: CallContext) {
    let initial = "x-grpc-test-echo-initial"
    if let value = context.metadata[initial] { context.addHeader(initial, value) }
    let trailing = "x-grpc-test-echo-trailing-bin"
    for value in context.metadata[binary: trailing] { context.addTrailer(trailing, value) }
  }

  /// A request that is not as compressed as its sender believes is refused.
  private static func check(_ claim: GRPCTesting.BoolValue?, _ context: CallContext) throws {
    guard let claim, claim.value != context.requestWasCompressed else { return }
    throw RPCError(
      .invalidArgument, claim.value ? "the request is not compressed" : "the request is compressed")
  }

  private static func fail(_ status: GRPCTesting.EchoStatus?) throws {
    guard let status, status.code != 0 else { return }
    throw RPCError(RPCError.Code(rawValue: Int(status.code)) ?? .unknown, status.message)
  }

  private static func payload(_ size: Int32) throws -> GRPCTesting.Payload {
    guard (0...16_000_000).contains(size) else {
      throw RPCError(.invalidArgument, "no response has \(size) bytes")
    }
    return GRPCTesting.Payload(body: [UInt8](repeating: 0, count: Int(size)))
  }

  private static func answer(
    _ request: GRPCTesting.StreamingOutputCallRequest,
    _ writer: ResponseWriter<GRPCTesting.StreamingOutputCallResponse>, _ context: CallContext
  ) async throws {
    try fail(request.responseStatus)
    if request.responseParameters.contains(where: { $0.compressed?.value == true }) {
      context.compressesResponses = true
    }
    for wanted in request.responseParameters {
      if wanted.intervalUs > 0 { try await Task.sleep(for: .microseconds(wanted.intervalUs)) }
      try await writer.write(
        GRPCTesting.StreamingOutputCallResponse(payload: try payload(wanted.size)),
        compressed: wanted.compressed?.value ?? true)
    }
  }
}
