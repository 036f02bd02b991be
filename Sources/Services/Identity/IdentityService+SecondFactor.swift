internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

// How people add a second factor, prove it, and lose it. The requests go into the log without the
// codes in them.
extension IdentityService {
  func addSecondFactor(
    _ request: IdentityV1.AddSecondFactorRequest, context: CallContext
  ) async throws -> IdentityV1.AddSecondFactorResponse {
    let (admission, session) = try ownSession(context)
    guard let stored = try await password(context.peer, { _ in admission.principal }) else {
      throw RejectionStatus.status(of: [IdentityRejection.sessionRequired])
    }
    let secret = settings.chance(TOTP.secretByteCount)
    let verb = AddSecondFactor(
      session: session, compared: stored.hash,
      matched: try await hasher.compare(request.password, with: stored.hash), secret: secret,
      keys: settings.sealKeys, nonce: settings.chance(SealKeys.nonceByteCount))
    return try await own(IdentityV1.AddSecondFactorRequest(), context, admission) { _ in
      .init()
    } _: { tx, command in
      if let refusal = try verb.run(in: tx, at: command.moment) { return .refused(refusal) }
      return .done(
        .init(
          secret: SecretText.base32(secret),
          uri: TOTP.uri(secret, of: admission.principal.name)))
    }
  }

  func confirmSecondFactor(
    _ request: IdentityV1.ConfirmSecondFactorRequest, context: CallContext
  ) async throws -> IdentityV1.ConfirmSecondFactorResponse {
    let codes = freshRecoveryCodes()
    return try await use(
      request.code, for: .confirm(recoveryCodes: codes), IdentityV1.ConfirmSecondFactorRequest(),
      context, reply: { _ in .init(recoveryCodes: codes) }, kept: .init())
  }

  func proveSecondFactor(
    _ request: IdentityV1.ProveSecondFactorRequest, context: CallContext
  ) async throws -> IdentityV1.ProveSecondFactorResponse {
    try await use(
      request.code, for: .prove, IdentityV1.ProveSecondFactorRequest(), context,
      reply: { now in
        .init(
          expireTime: GoogleProtobuf.Timestamp(now.adding(seconds: SecondFactor.freshSeconds)))
      })
  }

  func replaceRecoveryCodes(
    _ request: IdentityV1.ReplaceRecoveryCodesRequest, context: CallContext
  ) async throws -> IdentityV1.ReplaceRecoveryCodesResponse {
    let codes = freshRecoveryCodes()
    return try await use(
      request.code, for: .replace(recoveryCodes: codes), IdentityV1.ReplaceRecoveryCodesRequest(),
      context, reply: { _ in .init(recoveryCodes: codes) }, kept: .init())
  }

  func removeSecondFactor(
    _ request: IdentityV1.RemoveSecondFactorRequest, context: CallContext
  ) async throws -> IdentityV1.RemoveSecondFactorResponse {
    try await use(
      request.code, for: .remove, IdentityV1.RemoveSecondFactorRequest(), context,
      reply: { _ in .init() })
  }

  func resetSecondFactor(
    _ request: IdentityV1.ResetSecondFactorRequest, context: CallContext
  ) async throws -> IdentityV1.ResetSecondFactorResponse {
    try await command(request, context, concerning: request.name) { tx, command in
      let verb = ResetSecondFactor(name: request.name, by: command.caller.name)
      return .init(principal: IdentityV1.Principal(try verb.run(in: tx, at: command.moment)))
    }
  }

  /// Takes a code of the caller's own; `kept` is what the log keeps of the reply, where that is not
  /// the reply itself.
  private func use<Request: WireMessage, Reply: WireMessage>(
    _ code: String, for purpose: UseSecondFactor.Purpose, _ request: Request,
    _ context: CallContext, reply: @escaping @Sendable (Instant) -> Reply, kept: Reply? = nil
  ) async throws -> Reply {
    let (admission, session) = try ownSession(context)
    let verb = UseSecondFactor(session: session, code: shown(code), for: purpose)
    return try await own(request, context, admission) { given in
      kept ?? given
    } _: { tx, command in
      if let refusal = try verb.run(in: tx, at: command.moment) { return .refused(refusal) }
      return .done(reply(command.moment.instant))
    }
  }

  /// The session of a call that concerns the person who makes it.
  func ownSession(_ context: CallContext) throws -> (Admission, ID<Session>) {
    let admission = try authentication.admission(context)
    guard let session = admission.sessionID else {
      throw RejectionStatus.status(of: [IdentityRejection.sessionRequired])
    }
    return (admission, session)
  }

  func shown(_ code: String) -> ShownCode {
    ShownCode(
      code, keys: settings.sealKeys, nonce: settings.chance(SealKeys.nonceByteCount))
  }

  private func freshRecoveryCodes() -> [String] {
    RecoveryCode.codes(settings.chance(RecoveryCode.count * RecoveryCode.byteCount))
  }
}
