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

/// Every field violation of a refusal, as "REASON field"; empty when it names no field.
package func violations(_ error: RPCError?) -> [String] {
  error?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map { "\($0.reason) \($0.field)" } ?? []
}

/// The first field violation of a refusal, as "REASON field"; its reason when it names no field.
package func violation(_ error: RPCError?) -> String? {
  violations(error).first ?? reason(error)
}
