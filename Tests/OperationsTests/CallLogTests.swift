import InMemoryLogging
import Logging
import Testing

@testable import Operations
@testable import RPC

@Suite("Calls in the log")
struct CallLogTests {
  private let handler = InMemoryLogHandler()
  private static let unary = MethodDescriptor(service: "s.S", name: "Ask", shape: .unary)
  private static let stream = MethodDescriptor(
    service: "s.S", name: "Watch", shape: .serverStreaming)

  private struct Cause: Error, CustomStringConvertible { let description = "the disk is gone" }

  /// What is logged of a call.
  private func logged(
    _ method: MethodDescriptor = unary, _ error: (any Error)? = nil, code: RPCError.Code = .ok,
    duration: Duration = .milliseconds(1)
  ) -> InMemoryLogHandler.Entry? {
    var handler = handler
    handler.logLevel = .debug
    let log = Logger(label: "test") { [handler] _ in handler }
    let context = CallContext(
      method: method,
      metadata: [
        "x-request-id": "r-1",
        "traceparent":
          "00-\(String(repeating: "a", count: 32))-\(String(repeating: "b", count: 16))-01",
        "grpc-previous-rpc-attempts": "2",
      ], peer: "10.0.0.7:5")
    CallLog.interceptor({ log }, slowFrom: .seconds(1)).after?(
      context, CallOutcome(code: code, duration: duration, error: error))
    return handler.entries.last
  }

  @Test("a fault of the server is an error, with the cause that the caller does not see")
  func fault() throws {
    let error = RPCError(.unknown, "the handler failed", cause: Cause())
    let entry = try #require(logged(Self.unary, error, code: .unknown))
    #expect(entry.level == .error)
    #expect(
      entry.metadata == [
        "cause": "the disk is gone", "method": "s.S/Ask", "status": "UNKNOWN", "peer": "10.0.0.7:5",
        "milliseconds": "1.000", "request": "r-1", "attempt": "3",
        "trace": "\(String(repeating: "a", count: 32))",
      ])
  }

  @Test("a call that takes long is a warning, a stream may last")
  func slow() throws {
    #expect(logged(duration: .seconds(1))?.level == .warning)
    #expect(logged(duration: .milliseconds(999))?.level == .debug)
    #expect(logged(Self.stream, duration: .seconds(3_600))?.level == .debug)
  }

  @Test("a server that ends its streams because it stops has not failed")
  func stopping() {
    let error = RPCError(.unavailable, "the server is shutting down")
    #expect(logged(Self.stream, error, code: .unavailable)?.level == .debug)
    let fault = RPCError(.unavailable, "busy", cause: Cause())
    #expect(logged(Self.unary, fault, code: .unavailable)?.level == .error)
    #expect(logged(Self.unary, RPCError(.notFound, "no"), code: .notFound)?.level == .debug)
  }
}
