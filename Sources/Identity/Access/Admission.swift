package import Storage
package import Values

/// What a token, a key or a client certificate lets in: a principal with what it may do, and until
/// when that holds if nothing changes.
package struct Admission: Hashable, Sendable {
  /// What was shown.
  package enum Credential: Hashable, Sendable {
    /// The access token of the session with this name.
    case session(String, ID<Session>)
    /// The key with this name.
    case key(String)
    /// A client certificate alone.
    case certificate
    /// Nothing: a rule of the server with this code acts in its name.
    case rule(String)
  }

  package let principal: Principal
  package let credential: Credential
  /// When what was shown expires; nil for never.
  package let expiresAt: Instant?
  /// When what it belongs to ends: later than a token is its session.
  package let endsAt: Instant?
  /// Nothing but a change of the password is to be done.
  package let mustChangePassword: Bool
  /// When the second factor was last proved in its session; nil for never.
  package let secondFactorAt: Instant?
  /// From where it holds; from everywhere when empty.
  package let networks: [Network]
  /// Of the client certificate that must come with it.
  package let certificateSubject: String?
  /// What it may do by its own roles, and for whom it stands in now.
  let standing: Standing

  package var permissions: Set<String> { standing.permissions }
  /// Whose data it may see and touch by this permission.
  package func scope(for permission: String) -> DataScope {
    standing.scopes[permission] ?? .nothing
  }
  package var caller: Caller { standing.caller }
  /// When a delegation to it begins or ends: it is to be looked up again then.
  package var changesAt: Instant? { standing.changesAt }

  package var sessionID: ID<Session>? {
    if case .session(_, let id) = credential { id } else { nil }
  }

  /// Refuses what it does not hold for: another time, place or certificate.
  package func check(at now: Instant, peer: String, certificate: String?) throws {
    if let expiresAt, now >= expiresAt {
      switch credential {
      case .session: throw IdentityRejection.tokenExpired
      case .key(let name): throw IdentityRejection.keyEnded(name: name)
      case .certificate, .rule: break
      }
    }
    guard case .key(let name) = credential else { return }
    if !networks.isEmpty, !networks.contains(where: { $0.contains(peer: peer) }) {
      throw IdentityRejection.keyNetwork(name: name, peer: peer)
    }
    if let certificateSubject, certificateSubject != certificate {
      throw IdentityRejection.keyCertificate(name: name)
    }
  }

  /// Refuses a method that asks for a permission which the principal does not hold.
  /// `method` is named only where it is refused: this runs for every call.
  package func check(permission: String, of method: @autoclosure () -> String) throws {
    guard permission != ExplainAccess.own else { return }
    if mustChangePassword { throw IdentityRejection.passwordChangeRequired }
    guard permissions.contains(permission) else {
      throw IdentityRejection.permissionMissing(method: method(), permission: permission)
    }
  }

  /// Refuses a method that is about everybody's data to whom not all of it is open.
  package func check(
    unlimited permission: String, of method: @autoclosure () -> String
  ) throws {
    guard scope(for: permission).isAll else {
      throw IdentityRejection.scopeTooNarrow(method: method(), permission: permission)
    }
  }

  /// Until when sensitive methods take the second factor for proved; nil where it never was.
  package var secondFactorExpiresAt: Instant? {
    secondFactorAt?.adding(seconds: SecondFactor.freshSeconds)
  }

  /// Refuses a sensitive method to whom it is not for, though permitted. This is all of the rule: a
  /// person who has a second factor has proved it in this session within five minutes; whoever has
  /// none gets through on its password unless every person is to have one; a machine, which cannot
  /// be asked, comes with a key that is bound to networks or to a client certificate.
  package func check(
    sensitive method: @autoclosure () -> String, rule: SecondFactorRule, at now: Instant
  ) throws {
    guard let remedy = secondFactorRemedy(rule, at: now) else { return }
    throw IdentityRejection.secondFactorRequired(method: method(), remedy: remedy)
  }

  private func secondFactorRemedy(
    _ rule: SecondFactorRule, at now: Instant
  ) -> SecondFactorRemedy? {
    switch credential {
    case .session:
      guard principal.hasSecondFactor else { return rule == .required ? .add : nil }
      guard let secondFactorExpiresAt, now < secondFactorExpiresAt else { return .prove }
      return nil
    case .key: return networks.isEmpty && certificateSubject == nil ? .bindKey : nil
    case .certificate, .rule: return .bindKey
    }
  }
}

/// Finds out whom something lets in.
package enum Admissions {
  /// By an access token or a key.
  package static func find(
    token: String, at now: Instant, in snapshot: Snapshot
  ) throws -> Admission {
    let digest = Secret.digest(token)
    if let name = Secret.name(in: token, prefix: Session.accessPrefix) {
      guard let session = try Sessions.find(name: name, in: snapshot),
        Secret.equal(digest, session.accessDigest)
      else { throw IdentityRejection.tokenUnknown }
      return try admission(session, at: now, in: snapshot)
    }
    guard let name = Secret.name(in: token, prefix: APIKey.prefix),
      let key = try APIKeys.find(name: name, in: snapshot), Secret.equal(digest, key.digest)
    else { throw IdentityRejection.tokenUnknown }
    guard key.isLive(at: now) else { throw IdentityRejection.keyEnded(name: name) }
    guard !key.isWithheld else { throw IdentityRejection.keyWithheld(name: name) }
    let principal = try enabled(key.principal, in: snapshot)
    return Admission(
      principal: principal, credential: .key(name), expiresAt: key.expiresAt, endsAt: key.expiresAt,
      mustChangePassword: false, secondFactorAt: nil, networks: key.networks,
      certificateSubject: key.certificateSubject,
      standing: try Standing(of: principal, at: now, in: snapshot).bound(toStore: key.storeCode))
  }

  /// By a client certificate alone.
  package static func find(
    certificate subject: String, at now: Instant, in snapshot: Snapshot
  ) throws -> Admission {
    guard let found = try Principals.find(certificate: subject, in: snapshot) else {
      throw IdentityRejection.certificateUnknown(subject: subject)
    }
    let principal = try enabled(found.id, in: snapshot)
    return Admission(
      principal: principal, credential: .certificate, expiresAt: nil, endsAt: nil,
      mustChangePassword: false,
      secondFactorAt: nil, networks: [], certificateSubject: nil,
      standing: try Standing(of: principal, at: now, in: snapshot))
  }

  /// The service or till in whose name a rule of the server acts.
  package static func find(
    service name: String, rule: String, at now: Instant, in snapshot: Snapshot
  ) throws -> Admission {
    let found = try Principals.require(name: name, field: "rule.principal", in: snapshot)
    guard found.kind != .person else {
      throw IdentityRejection.notAMachine(field: "rule.principal", name: name)
    }
    let principal = try enabled(found.id, in: snapshot)
    return Admission(
      principal: principal, credential: .rule(rule), expiresAt: nil, endsAt: nil,
      mustChangePassword: false, secondFactorAt: nil, networks: [], certificateSubject: nil,
      standing: try Standing(of: principal, at: now, in: snapshot))
  }

  /// Refuses to go on where what let somebody in does so no more, whichever token of a session is
  /// the present one, and where a permission is gone or reaches less.
  package static func check(
    stillHolds admission: Admission, for permission: String, at now: Instant,
    in snapshot: Snapshot
  ) throws {
    let name = admission.principal.name
    guard let principal = try Principals.find(name: name, in: snapshot), !principal.isDisabled
    else { throw IdentityRejection.disabled(name: name) }
    var store: String?
    switch admission.credential {
    case .session(let name, _):
      guard try Sessions.find(name: name, in: snapshot)?.isLive(at: now) == true else {
        throw IdentityRejection.sessionEnded
      }
    case .key(let name):
      guard let key = try APIKeys.find(name: name, in: snapshot), key.isLive(at: now) else {
        throw IdentityRejection.keyEnded(name: name)
      }
      store = key.storeCode
    case .certificate, .rule: break
    }
    let standing = try Standing(of: principal, at: now, in: snapshot).bound(toStore: store)
    let scope = standing.scopes[permission] ?? .nothing
    guard scope.covers(admission.scope(for: permission)) else {
      throw IdentityRejection.scopeChanged
    }
  }

  private static func admission(
    _ session: Session, at now: Instant, in snapshot: Snapshot
  ) throws -> Admission {
    guard session.isLive(at: now) else { throw IdentityRejection.sessionEnded }
    let person = try enabled(session.principal, in: snapshot)
    let password = try Principals.password(of: person, in: snapshot)
    return Admission(
      principal: person, credential: .session(session.name, session.id),
      expiresAt: session.accessExpiresAt,
      endsAt: session.expiresAt, mustChangePassword: password?.mustChange ?? true,
      secondFactorAt: session.secondFactorAt, networks: [], certificateSubject: nil,
      standing: try Standing(of: person, at: now, in: snapshot))
  }

  private static func enabled(
    _ id: ID<Principal>, in snapshot: Snapshot
  ) throws -> Principal {
    let principal = try Principals.fetch(id, in: snapshot)
    if principal.isDisabled { throw IdentityRejection.disabled(name: principal.name) }
    return principal
  }
}
