internal import ArgumentParser
internal import Messages
internal import RPC

/// One connection for one command, and the words for what can go wrong on it.
enum RemoteCall {
  static func with(
    _ options: ConnectionOptions, interceptors: [ClientInterceptor]? = nil,
    _ body: (any ClientChannel) async throws -> Void
  ) async throws {
    let channel = try channel(options, interceptors: interceptors)
    do {
      try await body(channel)
      await channel.close()
    } catch let error as RPCError {
      await channel.close()
      Terminal.standardError(explain(error))
      throw ExitCode(exitCode(error))
    }
  }

  /// A channel that shows who asks, unless other interceptors are given.
  static func channel(
    _ options: ConnectionOptions, interceptors: [ClientInterceptor]? = nil
  ) throws -> RPCClient {
    RPCClient(
      options.endpoints, tls: try options.security.load(for: options.endpoints),
      interceptors: interceptors ?? [Credentials.interceptor(options)])
  }

  /// What was refused and why, every violation on a line of its own with the field and the rule.
  static func explain(_ error: RPCError) -> String {
    var lines = ["error: \(error.message.isEmpty ? error.code.name : error.message)"]
    let reason = error.detail(GoogleRPC.ErrorInfo.self)
    let fields = error.detail(GoogleRPC.BadRequest.self)?.fieldViolations ?? []
    for violation in fields {
      lines.append("  \(violation.field): \(violation.description) [\(violation.reason)]")
    }
    for violation in error.detail(GoogleRPC.PreconditionFailure.self)?.violations ?? [] {
      lines.append("  \(violation.description) [\(violation.type)]")
    }
    for (name, value) in (reason?.metadata ?? [:]).sorted(by: { $0.key < $1.key }) {
      lines.append("  \(name) = \(value)")
    }
    if let remedy = StepUp.remedy(error) ?? remedy(error) { lines.append("  \(remedy)") }
    return lines.joined(separator: "\n")
  }

  private static func remedy(_ error: RPCError) -> String? {
    switch error.code {
    // The server has answered.
    case .unavailable where error.detail(GoogleRPC.ErrorInfo.self) != nil: nil
    case .unavailable:
      "Is the server running? Name it with --server HOST:PORT or JOINERY_SERVER; "
        + "--tls-ca where it speaks TLS."
    case .deadlineExceeded:
      "Whether it was done is unknown: run it again with the same --key, and it is done once."
    case .unauthenticated
    where error.detail(GoogleRPC.ErrorInfo.self)?.reason == "LINK_REFUSED":
      "Whoever sent it can make another one: `joinery order link`."
    case .unauthenticated:
      "Log in with `joinery login NAME`, or give a key in JOINERY_TOKEN or JOINERY_TOKEN_FILE."
    case .aborted: "Somebody changed it meanwhile: look at it again."
    default: nil
    }
  }

  private static func exitCode(_ error: RPCError) -> Int32 {
    switch error.code {
    // The server is there and says why.
    case .unavailable where error.detail(GoogleRPC.ErrorInfo.self) != nil: 1
    case .unavailable, .deadlineExceeded, .cancelled: 2
    case .internal, .unknown, .dataLoss, .unimplemented: 70
    default: 1
    }
  }
}
