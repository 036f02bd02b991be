internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

// How people log in, stay in, and get out.
extension IdentityService {
  func login(
    _ request: IdentityV1.LoginRequest, context: CallContext
  ) async throws -> IdentityV1.LoginResponse {
    context.compressesResponses = false
    try throttle.check(context.peer, at: commands.clock.instant())
    do {
      return try await logIn(request, context)
    } catch let error as RPCError where error.isLoginRefused {
      throttle.fail(context.peer, at: commands.clock.instant())
      throw error
    }
  }

  private func logIn(
    _ request: IdentityV1.LoginRequest, _ context: CallContext
  ) async throws -> IdentityV1.LoginResponse {
    let stored = try await password(context.peer) {
      try Principals.find(name: request.name, in: $0)
    }
    let matched = try await hasher.compare(request.password, with: stored?.hash)
    // Nothing is written for strangers and during a wait: they could fill the log.
    guard let stored, !stored.isLocked(at: commands.clock.instant()) else {
      throw RejectionStatus.status(of: [IdentityRejection.loginRefused])
    }
    let session = freshName()
    let tokens = SessionTokens(
      session: session, entropy: settings.chance(SessionTokens.byteCount))
    let verb = LogIn(
      name: request.name, compared: stored.hash, matched: matched,
      stronger: matched ? try await hasher.strengthened(stored.hash, request.password) : nil,
      code: shown(request.code), distrustsUnusual: settings.distrustsUnusualLogins,
      session: session, tokens: tokens, peer: context.peer)
    // A session pushed out by this one is over at once.
    defer { authentication.forget(request.name) }
    return try await commands.record(
      IdentityV1.LoginRequest(name: request.name), context, by: Caller(name: request.name),
      key: "login \(session)"
    ) { reply in
      .init(passwordChangeRequired: reply.passwordChangeRequired)
    } _: { tx, command in
      switch try verb.run(in: tx, at: command.moment) {
      case .refused(let rejection): .refused(rejection)
      case .opened(let session, let mustChange):
        .done(
          .init(
            tokens: IdentityV1.Tokens(tokens, of: session), passwordChangeRequired: mustChange))
      }
    }
  }

  func refresh(
    _ request: IdentityV1.RefreshRequest, context: CallContext
  ) async throws -> IdentityV1.RefreshResponse {
    context.compressesResponses = false
    // Nothing is written for strangers: they could fill the log.
    let caller = try await questions.askForServer {
      try Sessions.holder(refresh: request.refreshToken, in: $0).name
    }
    let session = Secret.name(in: request.refreshToken, prefix: Session.refreshPrefix) ?? ""
    let verb = RefreshSession(
      token: request.refreshToken, entropy: settings.chance(SessionTokens.byteCount),
      key: try CommandLog.givenKey(context).map { Secret.digest($0) },
      lastUsed: authentication.lastUsed(in: session))
    defer { authentication.forget(caller) }
    return try await commands.record(
      IdentityV1.RefreshRequest(), context, by: Caller(name: caller),
      key: "refresh \(freshName())"
    ) { _ in
      .init()
    } _: { tx, command in
      switch try verb.run(in: tx, at: command.moment) {
      case .refused(let rejection): .refused(rejection)
      case .refreshed(let session, let tokens):
        .done(.init(tokens: IdentityV1.Tokens(tokens, of: session)))
      }
    }
  }

  func logout(
    _ request: IdentityV1.LogoutRequest, context: CallContext
  ) async throws -> IdentityV1.LogoutResponse {
    let admission = try authentication.admission(context)
    guard case .session(let name, _) = admission.credential else {
      throw RejectionStatus.status(of: [IdentityRejection.sessionRequired])
    }
    let owner = admission.principal.name
    let verb = EndSession(session: name, reason: .loggedOut, owner: owner)
    return try await command(request, context, concerning: owner) { tx, command in
      try verb.run(in: tx, at: command.moment)
      return .init()
    }
  }

  func whoAmI(
    _ request: IdentityV1.WhoAmIRequest, context: CallContext
  ) async throws -> IdentityV1.WhoAmIResponse {
    let admission = try authentication.admission(context)
    var reply = IdentityV1.WhoAmIResponse(
      principal: IdentityV1.Principal(admission.principal),
      permissions: admission.permissions.sorted(),
      passwordChangeRequired: admission.mustChangePassword,
      secondFactorExpireTime: admission.secondFactorExpiresAt.map {
        GoogleProtobuf.Timestamp($0)
      })
    switch admission.credential {
    case .session(let name, _): reply.sessionId = name
    case .key(let name): reply.keyId = name
    case .certificate, .rule: break
    }
    if admission.principal.hasSecondFactor {
      reply.recoveryCodesLeft = Int32(
        try await questions.ask(context) {
          try SecondFactors.recoveryCodesLeft(of: admission.principal, in: $0)
        })
    }
    return reply
  }

  func changePassword(
    _ request: IdentityV1.ChangePasswordRequest, context: CallContext
  ) async throws -> IdentityV1.ChangePasswordResponse {
    let (admission, session) = try ownSession(context)
    if let fault = PasswordPolicy.fault(
      in: request.newPassword, named: [admission.principal.name, admission.principal.displayName],
      field: "new_password")
    {
      throw RejectionStatus.status(of: [fault])
    }
    if request.newPassword == request.oldPassword {
      throw RejectionStatus.status(of: [
        IdentityRejection.passwordUnchanged(field: "new_password")
      ])
    }
    guard let stored = try await password(context.peer, { _ in admission.principal }) else {
      throw RejectionStatus.status(of: [IdentityRejection.sessionRequired])
    }
    let verb = ChangePassword(
      session: session, compared: stored.hash,
      matched: try await hasher.compare(request.oldPassword, with: stored.hash),
      password: try await hasher.hash(request.newPassword))
    return try await own(IdentityV1.ChangePasswordRequest(), context, admission) { reply in
      reply
    } _: { tx, command in
      if let refusal = try verb.run(in: tx, at: command.moment) { return .refused(refusal) }
      return .done(.init())
    }
  }

  func listSessions(
    _ request: IdentityV1.ListSessionsRequest, context: CallContext
  ) async throws -> IdentityV1.ListSessionsResponse {
    let admission = try authentication.admission(context)
    let name = try nameAskedFor(request.principal, "ListSessions", context)
    let now = commands.clock.instant()
    return try await questions.ask(context) { snapshot in
      let person = try Principals.requirePerson(name: name, field: "principal", in: snapshot)
      let sessions = try Sessions.live(of: person, at: now, in: snapshot)
      return .init(
        sessions: sessions.map { session in
          IdentityV1.Session(session, isCurrent: session.id == admission.sessionID)
        })
    }
  }

  func revokeSession(
    _ request: IdentityV1.RevokeSessionRequest, context: CallContext
  ) async throws -> IdentityV1.RevokeSessionResponse {
    let admission = try authentication.admission(context)
    let isAdministrator = isAdministrator(admission)
    let own = admission.principal.name
    if isAdministrator, try await holder(of: request.sessionId) != own {
      try FailureStatus.refusing {
        try authentication.checkSensitive(admission, "RevokeSession of somebody else")
      }
    }
    let verb = EndSession(
      session: request.sessionId, reason: .revoked, owner: isAdministrator ? nil : own)
    return try await command(request, context, concerning: nil) { tx, command in
      try verb.run(in: tx, at: command.moment)
      return .init()
    }
  }

  /// Whose session it is or was; nil for none.
  private func holder(of session: String) async throws -> String? {
    try await questions.askForServer { snapshot in
      try Sessions.find(name: session, in: snapshot).map {
        try Principals.fetch($0.principal, in: snapshot).name
      }
    }
  }

  /// The password of whom `find` finds, for a caller at `peer`.
  func password(
    _ peer: String, _ find: @escaping @Sendable (Snapshot) throws -> Principal?
  ) async throws -> StoredPassword? {
    try await questions.askForServer { snapshot in
      try find(snapshot).flatMap { try Principals.password(of: $0, at: peer, in: snapshot) }
    }
  }
}

extension RPCError {
  /// Whether it is the refusal of a guess.
  fileprivate var isLoginRefused: Bool {
    details.contains {
      ($0 as? GoogleRPC.ErrorInfo)?.reason == IdentityRejection.loginRefused.reason
    }
  }
}
