internal import Messages
internal import RPC

/// What a command does that is refused until the second factor is proved once more.
enum StepUp {
  static let question = "Code of your authenticator app, or a recovery code"

  /// Whether the refusal says that this is to be done first.
  static func asks(_ error: RPCError, for remedy: String) -> Bool {
    let info = error.detail(GoogleRPC.ErrorInfo.self)
    return info?.reason == "MFA_REQUIRED" && info?.metadata["remedy"] == remedy
  }

  /// Asks for a code and calls again, where somebody is there to be asked. What was refused is not
  /// on record: the same idempotency key is good again.
  static func retrying<Value>(
    _ channel: any ClientChannel, _ connection: ConnectionOptions,
    _ call: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await call()
    } catch let error as RPCError where asks(error, for: "PROVE") && Prompt.isPossible {
      Terminal.standardError("\(error.message)")
      try await prove(channel, connection)
      return try await call()
    }
  }

  static func prove(
    _ channel: any ClientChannel, _ connection: ConnectionOptions
  ) async throws {
    let code = try Prompt.secret(question)
    _ = try await IdentityV1.IdentityServiceClient(channel: channel).proveSecondFactor(
      .init(code: code),
      options: connection.callOptions(["idempotency-key": IdempotencyKey.fresh()]))
  }

  static func remedy(_ error: RPCError) -> String? {
    if asks(error, for: "PROVE") {
      return error.code == .unauthenticated
        ? "Log in with `joinery login NAME`, which asks for the code."
        : "Run `joinery confirm`, which asks for a code, and the same again."
    }
    return asks(error, for: "ADD") ? "Run `joinery factor add`." : nil
  }
}
