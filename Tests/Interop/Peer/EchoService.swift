internal import Messages
internal import RPC

/// What `make bench-rpc` measures.
struct EchoService: BenchV1.EchoService {
  func echo(_ request: TypeV1.Violation, context: CallContext) async throws -> TypeV1.Violation {
    request
  }

  func `repeat`(
    _ request: TypeV1.Fact, writer: ResponseWriter<TypeV1.Fact>, context: CallContext
  ) async throws {
    guard let count = Int(request.value), (0...10_000_000).contains(count) else {
      throw RPCError(.invalidArgument, "value: not a number of messages")
    }
    for _ in 0..<count { try await writer.write(request) }
  }
}
