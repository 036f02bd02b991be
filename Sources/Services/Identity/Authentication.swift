internal import Identity
internal import RPC
internal import Storage
private import Synchronization
internal import Values

/// Finds out who makes a call, and whether it may: from memory for whom it has let in before, from
/// a snapshot otherwise, never through the writer. Whatever changes what somebody may do makes it
/// forget whom it concerns, at once: a revoked key is refused by the next call.
final class Authentication: Sendable {
  /// Where handlers find who makes their call.
  enum Key: ContextKey { typealias Value = Admission }

  static let field = "authorization"

  private struct Known {
    let admission: Admission
    let budget: RateLimits.Budget?
  }

  private struct State {
    /// Whom it has let in, by what they showed.
    var known: [Proof: Known] = [:]
    /// What each principal showed, by its name.
    var proofs: [String: Set<Proof>] = [:]
    /// The access token that was used last, by the name of its session.
    var used: [String: [UInt8]] = [:]
    var rates: RateLimits
    /// Counts the changes of who may do what.
    var generation: UInt64 = 0
  }

  private let questions: Questions
  private let clock: SiteClock
  private let settings: IdentitySettings
  private let state: Mutex<State>
  private let changed = Bell()

  /// Remembered at the same time; one more and all are forgotten.
  private static let limit = 10_000

  init(questions: Questions, clock: SiteClock, settings: IdentitySettings) {
    self.questions = questions
    self.clock = clock
    self.settings = settings
    state = Mutex(State(rates: RateLimits(settings.rates)))
  }

  var callers: IdentitySettings.Callers { settings.callers }

  /// Refuses calls whose caller is not known or lacks the permission that the method declares.
  /// Health and reflection have none to declare: load balancers have no credentials, and the
  /// schema is no secret.
  var interceptor: Interceptor {
    Interceptor("authentication", before: { [self] context in try await check(context) })
  }

  private func check(_ context: CallContext) async throws {
    let permission = context.method.permission
    if permission.isEmpty || permission == ExplainAccess.open { return }
    if callers == .believed, context.metadata[Self.field] == nil { return }
    let admission = try await admit(context)
    try FailureStatus.refusing {
      try admission.check(permission: permission, of: context.method.fullName)
      if context.method.scope == .all {
        try admission.check(unlimited: permission, of: context.method.fullName)
      }
      if context.method.isSensitive {
        try checkSensitive(admission, context.method.fullName)
      }
    }
  }

  /// Refuses what is sensitive to whoever has not proved enough for it.
  func checkSensitive(_ admission: Admission, _ method: @autoclosure () -> String) throws {
    try admission.check(
      sensitive: method(), rule: settings.secondFactor, at: clock.instant())
  }

  /// Who makes the call, by what it shows; left in the context for the handler.
  private func admit(_ context: CallContext) async throws -> Admission {
    let (proof, token) = try FailureStatus.refusing { try Self.proof(context) }
    let admission: Admission
    let budget: RateLimits.Budget?
    let (known, rates, generation) = state.withLock { ($0.known[proof], $0.rates, $0.generation) }
    if let known, known.admission.changesAt.map({ clock.instant() < $0 }) ?? true {
      (admission, budget) = (known.admission, known.budget)
    } else {
      let now = clock.instant()
      admission = try await questions.askForServer { snapshot in
        switch proof {
        case .token: try Admissions.find(token: token, at: now, in: snapshot)
        case .certificate(let subject):
          try Admissions.find(certificate: subject, at: now, in: snapshot)
        }
      }
      budget = rates.budget(of: admission.principal.id, at: now)
      noteUse(of: proof, admission)
      remember(Known(admission: admission, budget: budget), proof, generation)
    }
    let now = clock.instant()
    try FailureStatus.refusing {
      try admission.check(
        at: now, peer: context.peer, certificate: context.identity?.subject)
    }
    try budget?.take(context.method, at: now)
    context[Key.self] = admission
    return admission
  }

  private enum Proof: Hashable, Sendable {
    /// The digest of a token or a key.
    case token([UInt8])
    /// The subject of a certificate.
    case certificate(String)
  }

  /// What the call shows, with the text of a token.
  private static func proof(_ context: CallContext) throws -> (Proof, token: String) {
    if let header = context.metadata[field] {
      let scheme = header.prefix(7)
      guard scheme == "Bearer " || scheme.lowercased() == "bearer " else {
        throw IdentityRejection.notAuthenticated
      }
      let token = String(header.dropFirst(7))
      return (.token(Secret.digest(token)), token)
    }
    guard let identity = context.identity else { throw IdentityRejection.notAuthenticated }
    return (.certificate(identity.subject), "")
  }

  /// Not if anything changed since it was looked up.
  private func remember(_ known: Known, _ proof: Proof, _ generation: UInt64) {
    state.withLock { state in
      guard state.generation == generation else { return }
      if state.known.count >= Self.limit {
        state.known = [:]
        state.proofs = [:]
      }
      state.known[proof] = known
      state.proofs[known.admission.principal.name, default: []].insert(proof)
    }
  }

  /// Before the call is let through: a refresh that comes again must find it.
  private func noteUse(of proof: Proof, _ admission: Admission) {
    guard case .token(let digest) = proof, case .session(let name, _) = admission.credential
    else { return }
    state.withLock { state in
      if state.used.count >= Self.limit { state.used = [:] }
      state.used[name] = digest
    }
  }

  /// Digest of the access token that was used last in the session of that name; nil where none was,
  /// and for what was long ago or before the server was started.
  func lastUsed(in session: String) -> [UInt8]? { state.withLock { $0.used[session] } }

  /// Other limits hold from now on; what was used of those before is forgotten.
  func use(_ limits: [RateLimit]) {
    state.withLock { $0.rates = RateLimits(limits) }
    forget(nil)
  }

  /// Something has changed what the principal of that name may do, or anybody where it is nil, and
  /// is committed.
  func forget(_ name: String?) {
    state.withLock { state in
      state.generation += 1
      guard let name else {
        state.known = [:]
        state.proofs = [:]
        return
      }
      for proof in state.proofs.removeValue(forKey: name) ?? [] { state.known[proof] = nil }
    }
    changed.ring()
  }

  /// Who makes the call, where it must be somebody who proved it.
  func admission(_ context: CallContext) throws -> Admission {
    guard let admission = context[Key.self] else {
      throw RejectionStatus.status(of: [IdentityRejection.notAuthenticated])
    }
    return admission
  }

  /// Runs a stream, and ends it as soon as what let its caller in does so no more: a session or key
  /// that was revoked or has expired, a principal that was disabled, a permission that was taken
  /// away or reaches less.
  func whileAdmitted(
    _ context: CallContext, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    // From whom is believed nothing can be taken back.
    guard let admission = context[Key.self] else { return try await body() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await body() }
      let permission = context.method.permission
      group.addTask { [self] in try await untilRefused(admission, permission) }
      try await group.next()
    }
  }

  /// Returns only by throwing.
  private func untilRefused(_ admission: Admission, _ permission: String) async throws {
    while true {
      let rings = changed.rings
      let now = clock.instant()
      try await questions.askForServer {
        try Admissions.check(stillHolds: admission, for: permission, at: now, in: $0)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        group.addTask { [changed] in try await changed.wait(beyond: rings) }
        // A delegation that ends takes its part with it.
        let times = [admission.endsAt, admission.changesAt].compactMap { $0 }.filter { $0 > now }
        if let next = times.min() {
          let left = next.microseconds - now.microseconds
          group.addTask { try await Task.sleep(for: .microseconds(max(left, 1_000))) }
        }
        try await group.next()
      }
    }
  }
}

extension CallContext {
  /// Whose data the call may see and touch. Callers who are believed, and so may say that they are
  /// anybody, have everybody's.
  var scope: DataScope { scope(for: method.permission) }

  /// The same, of what another permission lets it; nothing where the caller does not hold it.
  func scope(for permission: String) -> DataScope {
    guard let admission = self[Authentication.Key.self] else { return .all }
    return admission.scope(for: permission)
  }
}
