internal import RPC

extension InteropCase {
  private typealias Methods = GRPCTesting.TestServiceMethods

  static let unaryCases = [
    InteropCase("empty_unary") { channel in
      let client = GRPCTesting.TestServiceClient(channel: channel)
      try demand(try await client.emptyCall(.init()), is: .init(), "response")
    },
    InteropCase("large_unary") { channel in
      let client = GRPCTesting.TestServiceClient(channel: channel)
      let response = try await client.unaryCall(largeRequest)
      try demand(response.payload, is: payload(314_159), "payload")
    },
    InteropCase("client_compressed_unary", clientCompressedUnary),
    InteropCase("server_compressed_unary", serverCompressedUnary),
    InteropCase("custom_metadata", customMetadata),
  ]

  private static let largeRequest = GRPCTesting.SimpleRequest(
    responseSize: 314_159, payload: payload(271_828))

  @Sendable
  private static func clientCompressedUnary(_ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    var request = largeRequest
    request.expectCompressed = .init(value: true)
    // Does the server look at all? A claim that is not true must be refused.
    try await refusal(.invalidArgument) { _ = try await client.unaryCall(request) }
    for compressed in [true, false] {
      request.expectCompressed = .init(value: compressed)
      let options = CallOptions(compressesMessages: compressed)
      let response = try await client.unaryCall(request, options: options)
      try demand(response.payload, is: payload(314_159), "payload")
    }
  }

  @Sendable
  private static func serverCompressedUnary(_ channel: any ClientChannel) async throws {
    for compressed in [true, false] {
      var request = largeRequest
      request.responseCompressed = .init(value: compressed)
      let reply: Reply<GRPCTesting.SimpleResponse> = try await channel.unary(
        Methods.unaryCall, request, options: CallOptions())
      try demand(reply.wasCompressed, is: compressed, "compression")
      try demand(reply.message.payload, is: payload(314_159), "payload")
    }
  }

  @Sendable
  private static func customMetadata(_ channel: any ClientChannel) async throws {
    let initial = "x-grpc-test-echo-initial"
    let trailing = "x-grpc-test-echo-trailing-bin"
    var metadata: Metadata = [initial: "test_initial_metadata_value"]
    metadata.add(trailing, [0xAB, 0xAB, 0xAB])
    let options = CallOptions(metadata: metadata)

    let reply: Reply<GRPCTesting.SimpleResponse> = try await channel.unary(
      Methods.unaryCall, largeRequest, options: options)
    try demand(reply.headers[initial], is: metadata[initial], initial)
    try demand(reply.trailers[binary: trailing], is: metadata[binary: trailing], trailing)

    let responses = try await GRPCTesting.TestServiceClient(channel: channel).fullDuplexCall(
      options: options
    ) { writer in
      try await writer.write(
        .init(responseParameters: [.init(size: 314_159)], payload: payload(271_828)))
    }
    for try await response in responses {
      try demand(response.payload, is: payload(314_159), "payload")
    }
    try demand(try await responses.headers[initial], is: metadata[initial], initial)
    try demand(responses.trailers[binary: trailing], is: metadata[binary: trailing], trailing)
  }
}
