internal import RPC

/// One case of doc/interop-test-descriptions.md, client side. Throws what is wrong.
struct InteropCase: Sendable {
  let name: String
  let run: @Sendable (any ClientChannel) async throws -> Void

  init(_ name: String, _ run: @escaping @Sendable (any ClientChannel) async throws -> Void) {
    self.name = name
    self.run = run
  }

  static let all = unaryCases + streamingCases + endings

  static func named(_ name: String) -> InteropCase? { all.first { $0.name == name } }

  /// The answer of the server is not what the case demands.
  struct Mismatch: Error, CustomStringConvertible {
    let description: String
  }

  static func demand<V: Equatable>(_ value: V, is wanted: V, _ what: String) throws {
    guard value != wanted else { return }
    throw Mismatch(description: "\(what): \(value) instead of \(wanted)")
  }

  /// `body` must fail with `code`; the error is returned.
  @discardableResult
  static func refusal(
    _ code: RPCError.Code, _ body: () async throws -> Void
  ) async throws -> RPCError {
    do { try await body() } catch let error as RPCError {
      try demand(error.code, is: code, "status of “\(error.message)”")
      return error
    }
    throw Mismatch(description: "OK instead of \(code.name)")
  }

  static func payload(_ size: Int) -> GRPCTesting.Payload {
    GRPCTesting.Payload(body: [UInt8](repeating: 0, count: size))
  }
}
