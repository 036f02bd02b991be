internal import RPC

/// How calls end otherwise than well.
extension InteropCase {
  static let endings = [
    InteropCase("status_code_and_message") { try await status("test status message", $0) },
    InteropCase("special_status_message") {
      let message =
        "\t\ntest with whitespace\r\nand Unicode BMP \u{263A} and non-BMP \u{1F608}\t\n"
      try await status(message, $0)
    },
    InteropCase("unimplemented_method") { channel in
      try await unimplemented("grpc.testing.TestService", channel)
    },
    InteropCase("unimplemented_service") { channel in
      try await unimplemented("grpc.testing.UnimplementedService", channel)
    },
    InteropCase("cancel_after_begin", cancelAfterBegin),
    InteropCase("cancel_after_first_response", cancelAfterFirstResponse),
    InteropCase("timeout_on_sleeping_server", timeoutOnSleepingServer),
  ]

  private static func status(_ message: String, _ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    let status = GRPCTesting.EchoStatus(code: 2, message: message)
    let unary = try await refusal(.unknown) {
      _ = try await client.unaryCall(.init(responseStatus: status))
    }
    try demand(unary.message, is: message, "message")
    let streamed = try await refusal(.unknown) {
      let responses = try await client.fullDuplexCall {
        try await $0.write(.init(responseStatus: status))
      }
      for try await _ in responses {}
    }
    try demand(streamed.message, is: message, "message")
  }

  private static func unimplemented(_ service: String, _ channel: any ClientChannel) async throws {
    let method = MethodDescriptor(service: service, name: "UnimplementedCall", shape: .unary)
    try await refusal(.unimplemented) {
      let _: Reply<GRPCTesting.Empty> = try await channel.unary(
        method, GRPCTesting.Empty(), options: CallOptions())
    }
  }

  @Sendable
  private static func cancelAfterBegin(_ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let call = Task {
      _ = try await client.streamingInputCall { _ in
        begin.finish()
        try await untilCancelled()
      }
    }
    for await _ in begun {}
    call.cancel()
    try await refusal(.cancelled) { try await call.value }
  }

  @Sendable
  private static func cancelAfterFirstResponse(_ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    let (begun, begin) = AsyncStream.makeStream(of: Int.self)
    let call = Task {
      let responses = try await client.fullDuplexCall { writer in
        try await writer.write(
          .init(responseParameters: [.init(size: 31_415)], payload: payload(27_182)))
        try await untilCancelled()
      }
      for try await response in responses { begin.yield(response.payload?.body.count ?? 0) }
    }
    for await size in begun {
      try demand(size, is: 31_415, "size")
      break
    }
    call.cancel()
    try await refusal(.cancelled) { try await call.value }
  }

  @Sendable
  private static func timeoutOnSleepingServer(_ channel: any ClientChannel) async throws {
    let client = GRPCTesting.TestServiceClient(channel: channel)
    try await refusal(.deadlineExceeded) {
      let options = CallOptions(timeout: .milliseconds(1))
      let responses = try await client.fullDuplexCall(options: options) { writer in
        try await writer.write(.init(payload: payload(27_182)))
        try await untilCancelled()
      }
      for try await _ in responses {}
    }
  }

  /// Keeps the request side open: nothing but the end of the call ends it.
  private static func untilCancelled() async throws { try await Task.sleep(for: .seconds(86_400)) }
}
