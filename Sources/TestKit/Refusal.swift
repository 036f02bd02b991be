internal import Messages
package import RPC

/// The status with which `body` was refused; nil when it was not.
package func refusal<Reply>(_ body: () async throws -> Reply) async -> RPCError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? RPCError
  }
}

/// The reason in a refusal's ErrorInfo.
package func reason(_ error: RPCError?) -> String? {
  error?.detail(GoogleRPC.ErrorInfo.self)?.reason
}
