internal import RPC

extension InteropCase {
  static let streamingCases = [
    InteropCase("client_streaming") { channel in
      let client = GRPCTesting.TestServiceClient(channel: channel)
      let response = try await client.streamingInputCall { writer in
        for size in requestSizes { try await writer.write(.init(payload: payload(size))) }
      }
      try demand(response.aggregatedPayloadSize, is: 74_922, "sum of the sizes")
    },
    InteropCase("client_compressed_streaming", clientCompressedStreaming),
    InteropCase("server_streaming") { channel in
      let client = GRPCTesting.TestServiceClient(channel: channel)
      let responses = try await client.streamingOutputCall(
        .init(responseParameters: responseSizes.map { .init(size: $0) }))
      var sizes: [Int32] = []
      for try await response in responses { sizes.append(Int32(response.payload?.body.count ?? 0)) }
      try demand(sizes, is: responseSizes, "sizes")
    },
    InteropCase("server_compressed_streaming", serverCompressedStreaming),
    InteropCase("ping_pong", pingPong),
    InteropCase("empty_stream") { channel in
      let client = GRPCTesting.TestServiceClient(channel: channel)
      for try await _ in try await client.fullDuplexCall(send: { _ in }) {
        throw Mismatch(description: "a response to no request")
      }
    },
  ]

  static let requestSizes = [27_182, 8, 1_828, 45_904]
  static let responseSizes: [Int32] = [31_415, 9, 2_653, 58_979]

  @Sendable
  private static func clientCompressedStreaming(_ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    // Does the server look at all? A claim that is not true must be refused.
    try await refusal(.invalidArgument) {
      _ = try await client.streamingInputCall { writer in
        try await writer.write(
          .init(payload: payload(27_182), expectCompressed: .init(value: true)))
      }
    }
    let response = try await client.streamingInputCall(
      options: CallOptions(compressesMessages: true)
    ) { writer in
      for (size, compressed) in [(27_182, true), (45_904, false)] {
        try await writer.write(
          .init(payload: payload(size), expectCompressed: .init(value: compressed)),
          compressed: compressed)
      }
    }
    try demand(response.aggregatedPayloadSize, is: 73_086, "sum of the sizes")
  }

  @Sendable
  private static func serverCompressedStreaming(_ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    let wanted: [(size: Int32, compressed: Bool)] = [(31_415, true), (92_653, false)]
    let responses = try await client.streamingOutputCall(
      .init(
        responseParameters: wanted.map {
          .init(size: $0.size, compressed: .init(value: $0.compressed))
        }))
    var sizes: [Int32] = []
    var flags: [Bool] = []
    for try await response in responses {
      sizes.append(Int32(response.payload?.body.count ?? 0))
      flags.append(responses.wasCompressed)
    }
    try demand(sizes, is: wanted.map(\.size), "sizes")
    try demand(flags, is: wanted.map(\.compressed), "compression")
  }

  /// Each request is sent when the response to the one before has come.
  @Sendable
  private static func pingPong(_ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    let (turns, turn) = AsyncStream.makeStream(of: Int.self)
    let responses = try await client.fullDuplexCall { writer in
      for await index in turns {
        try await writer.write(
          .init(
            responseParameters: [.init(size: responseSizes[index])],
            payload: payload(requestSizes[index])))
      }
    }
    var next = 0
    turn.yield(next)
    for try await response in responses {
      try demand(Int32(response.payload?.body.count ?? 0), is: responseSizes[next], "size")
      next += 1
      if next < responseSizes.count { turn.yield(next) } else { turn.finish() }
    }
    try demand(next, is: responseSizes.count, "responses")
  }
}
