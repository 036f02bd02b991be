package import Values

/// Everything that Identity refuses, in the order in which it is checked: the shape of the request
/// first, then what it names, then who asks, then the state it meets. None of them says a secret,
/// or a part of one.
package enum IdentityRejection: Rejection, Hashable {
  case passwordTooShort(field: String, least: Int)
  case passwordTooLong(field: String, most: Int)
  case passwordContainsName(field: String)
  /// One of those that are tried first, or of too few different characters.
  case passwordCommon(field: String)
  case passwordUnchanged(field: String)
  /// Not 1–40 of A–Z 0–9 _.
  case roleNameInvalid(field: String, given: String)
  /// No method of the API asks for it.
  case unknownPermission(field: String, given: String)
  /// No block of addresses, or one with bits set beyond its prefix.
  case networkInvalid(field: String, given: String)
  case tooMany(field: String, count: Int, limit: Int)
  /// What asks for a secret is done or not: rehearsed, guesses would go uncounted.
  case notRehearsed
  /// Only people have passwords and sessions.
  case notAPerson(field: String, name: String)
  /// Only services and tills have keys.
  case notAMachine(field: String, name: String)
  case unknownPrincipal(field: String, name: String)
  case unknownRole(field: String, name: String)
  case unknownKey(field: String, name: String)
  case unknownSession(field: String, name: String)
  case unknownMethod(field: String, given: String)
  case unknownDelegation(field: String, name: String)
  case unknownGrant(field: String, name: String)
  case unknownDocument(field: String, given: String)
  /// A call is about one thing.
  case severalResources(field: String)
  case nameTaken(field: String, name: String)
  case certificateTaken(field: String, subject: String, by: String)
  /// Name or password, or a wait: strangers are not told which.
  case loginRefused
  /// The password is right; a code must come with it, for which there must be a second factor.
  case codeRequired(hasSecondFactor: Bool)
  /// The call says nothing of who makes it.
  case notAuthenticated
  /// Neither a token nor a key of this server.
  case tokenUnknown
  /// The access token is past its end; the session may not be.
  case tokenExpired
  /// It ended, was ended, or is past its end.
  case sessionEnded
  /// A spent refresh token came again; the session is ended.
  case refreshTokenReused
  /// Revoked or expired.
  case keyEnded(name: String)
  /// Somebody else has to agree to the key first.
  case keyWithheld(name: String)
  /// The key does not work from there.
  case keyNetwork(name: String, peer: String)
  /// The key needs a client certificate that did not come.
  case keyCertificate(name: String)
  /// No principal has the certificate that came.
  case certificateUnknown(subject: String)
  case disabled(name: String)
  case permissionMissing(method: String, permission: String)
  /// The method is about everybody's data, and not all of it is open to the caller.
  case scopeTooNarrow(method: String, permission: String)
  /// What the caller may see has become less since.
  case scopeChanged
  /// The one-time password is to be changed before anything else.
  case passwordChangeRequired
  /// The method concerns the session of a person, and the caller has none.
  case sessionRequired
  /// The method is sensitive, and what was shown is not enough for it.
  case secondFactorRequired(method: String, remedy: SecondFactorRemedy)
  case passwordWrong(field: String)
  /// Wrong, used before, or not looked at for a wait.
  case codeWrong(field: String)
  case secondFactorExists
  case secondFactorMissing
  /// Who asked for a grant, whom it is for, or a stand-in of who asked.
  case mayNotApprove(grant: String, name: String)
  case grantDecided(name: String, by: String)
  case delegateSelf(field: String)
  /// Only one's own roles are delegated.
  case roleNotHeld(field: String, role: String)
  /// Power over who may do what has no stand-in.
  case roleNotDelegable(field: String, role: String)
  /// Only roles that a principal has reach somewhere.
  case roleNotGiven(field: String, name: String, role: String)
  /// Power over who may do what is over everybody.
  case scopeOfPower(field: String, role: String)
  case keyNotLive(field: String, name: String)
  /// Nobody would be left who may say who may do what.
  case lastAdministrator(permission: String)
  /// Whoever could, would be two people at once, and agree with themselves.
  case resetOfAdministrator(name: String)
  case tooManyKeys(name: String, limit: Int)
  case tooManyRoles(limit: Int)
}

/// What would let a caller do something sensitive.
package enum SecondFactorRemedy: String, Hashable, Sendable {
  /// Prove the second factor (ProveSecondFactor).
  case prove = "PROVE"
  /// Add one (AddSecondFactor).
  case add = "ADD"
  /// Come with a key that is bound to networks or to a client certificate.
  case bindKey = "BIND_KEY"
}

extension IdentityRejection {
  package var kind: RejectionKind {
    switch self {
    case .passwordTooShort, .passwordTooLong, .passwordContainsName, .passwordCommon,
      .passwordUnchanged, .roleNameInvalid, .unknownPermission, .networkInvalid, .tooMany,
      .notRehearsed, .notAPerson, .notAMachine, .severalResources:
      .invalid
    case .unknownPrincipal, .unknownRole, .unknownKey, .unknownSession, .unknownMethod,
      .unknownDelegation, .unknownGrant, .unknownDocument:
      .notFound
    case .nameTaken, .certificateTaken: .alreadyExists
    case .loginRefused, .codeRequired, .notAuthenticated, .tokenUnknown, .tokenExpired,
      .sessionEnded, .refreshTokenReused, .keyEnded, .keyWithheld, .keyNetwork, .keyCertificate,
      .certificateUnknown, .disabled:
      .unauthenticated
    case .permissionMissing, .scopeTooNarrow, .scopeChanged, .passwordChangeRequired,
      .mayNotApprove:
      .denied
    case .sessionRequired, .secondFactorRequired, .passwordWrong, .codeWrong, .secondFactorExists,
      .secondFactorMissing, .grantDecided, .delegateSelf, .roleNotHeld, .roleNotDelegable,
      .roleNotGiven, .scopeOfPower, .keyNotLive, .lastAdministrator, .resetOfAdministrator,
      .tooManyKeys, .tooManyRoles:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .passwordTooShort: "PASSWORD_TOO_SHORT"
    case .passwordTooLong: "PASSWORD_TOO_LONG"
    case .passwordContainsName: "PASSWORD_CONTAINS_NAME"
    case .passwordCommon: "PASSWORD_COMMON"
    case .passwordUnchanged: "PASSWORD_UNCHANGED"
    case .roleNameInvalid: "ROLE_NAME_INVALID"
    case .unknownPermission: "UNKNOWN_PERMISSION"
    case .networkInvalid: "NETWORK_INVALID"
    case .tooMany: "TOO_MANY"
    case .notRehearsed: "NOT_REHEARSED"
    case .notAPerson: "NOT_A_PERSON"
    case .notAMachine: "NOT_A_MACHINE"
    case .unknownPrincipal: "UNKNOWN_PRINCIPAL"
    case .unknownRole: "UNKNOWN_ROLE"
    case .unknownKey: "UNKNOWN_KEY"
    case .unknownSession: "UNKNOWN_SESSION"
    case .unknownMethod: "UNKNOWN_METHOD"
    case .unknownDocument: "UNKNOWN_DOCUMENT"
    case .severalResources: "SEVERAL_RESOURCES"
    case .unknownDelegation: "UNKNOWN_DELEGATION"
    case .unknownGrant: "UNKNOWN_GRANT"
    case .nameTaken: "NAME_TAKEN"
    case .certificateTaken: "CERTIFICATE_TAKEN"
    case .loginRefused: "LOGIN_REFUSED"
    case .codeRequired, .secondFactorRequired: "MFA_REQUIRED"
    case .notAuthenticated: "NOT_AUTHENTICATED"
    case .tokenUnknown: "TOKEN_UNKNOWN"
    case .tokenExpired: "TOKEN_EXPIRED"
    case .sessionEnded: "SESSION_ENDED"
    case .refreshTokenReused: "REFRESH_TOKEN_REUSED"
    case .keyEnded: "KEY_ENDED"
    case .keyWithheld: "KEY_WITHHELD"
    case .keyNetwork: "KEY_NETWORK"
    case .keyCertificate: "KEY_CERTIFICATE"
    case .certificateUnknown: "CERTIFICATE_UNKNOWN"
    case .disabled: "PRINCIPAL_DISABLED"
    case .permissionMissing: "PERMISSION_MISSING"
    case .scopeTooNarrow: "SCOPE_TOO_NARROW"
    case .scopeChanged: "SCOPE_CHANGED"
    case .passwordChangeRequired: "PASSWORD_CHANGE_REQUIRED"
    case .sessionRequired: "SESSION_REQUIRED"
    case .passwordWrong: "PASSWORD_WRONG"
    case .codeWrong: "CODE_WRONG"
    case .secondFactorExists: "SECOND_FACTOR_EXISTS"
    case .secondFactorMissing: "SECOND_FACTOR_MISSING"
    case .mayNotApprove: "MAY_NOT_APPROVE"
    case .grantDecided: "GRANT_DECIDED"
    case .delegateSelf: "DELEGATE_SELF"
    case .roleNotHeld: "ROLE_NOT_HELD"
    case .roleNotDelegable: "ROLE_NOT_DELEGABLE"
    case .roleNotGiven: "ROLE_NOT_GIVEN"
    case .scopeOfPower: "SCOPE_OF_POWER"
    case .keyNotLive: "KEY_NOT_LIVE"
    case .lastAdministrator: "LAST_ADMINISTRATOR"
    case .resetOfAdministrator: "RESET_OF_ADMINISTRATOR"
    case .tooManyKeys: "TOO_MANY_KEYS"
    case .tooManyRoles: "TOO_MANY_ROLES"
    }
  }

  package var message: String {
    switch self {
    case .passwordTooShort(_, let least): "A password has \(least) characters at least"
    case .passwordTooLong(_, let most): "A password has \(most) characters at most"
    case .passwordContainsName: "The password contains the name of the person"
    case .passwordCommon: "The password is one of those that are tried first"
    case .passwordUnchanged: "The new password is the old one"
    case .roleNameInvalid(_, let given):
      "'\(given)' is not a name of 1 to 40 characters A–Z 0–9 _"
    case .unknownPermission(_, let given): "No method asks for permission '\(given)'"
    case .networkInvalid(_, let given):
      "'\(given)' is not a network such as 10.1.0.0/16 or 2001:db8::/48"
    case .tooMany(_, let count, let limit): "\(count) are more than the \(limit) that fit"
    case .notRehearsed: "What asks for a password or a code takes no dry run"
    case .notAPerson(_, let name): "\(name) is not a person"
    case .notAMachine(_, let name): "\(name) is neither a service nor a till"
    case .unknownPrincipal(_, let name): "There is no principal \(name)"
    case .unknownRole(_, let name): "There is no role \(name)"
    case .unknownKey(_, let name): "There is no key \(name)"
    case .unknownSession(_, let name): "There is no session \(name) that has not ended"
    case .unknownMethod(_, let given): "There is no method \(given)"
    case .unknownDocument(_, let given): "There is no document \(given)"
    case .severalResources: "Only one of a document, a customer and a warehouse can be asked about"
    case .unknownDelegation(_, let name): "There is no delegation \(name)"
    case .unknownGrant(_, let name): "There is no withheld grant \(name)"
    case .nameTaken(_, let name): "There is a principal \(name) already"
    case .certificateTaken(_, let subject, let holder):
      "The certificate of \(subject) lets in \(holder) already"
    case .loginRefused:
      "Name, password or code is wrong, or there is a wait after too many attempts"
    case .codeRequired(true): "A code of the second factor must come with the password"
    case .codeRequired(false):
      "The login is unusual, and there is no second factor to prove: an administrator can help"
    case .notAuthenticated:
      "The call says nothing of who makes it: metadata authorization \"Bearer …\" is missing"
    case .tokenUnknown: "The token or key is none of this server"
    case .tokenExpired: "The access token is past its end; refresh it"
    case .sessionEnded: "The session has ended; log in again"
    case .refreshTokenReused:
      "The refresh token was used before: somebody else may have it, so the session is ended"
    case .keyEnded(let name): "The key \(name) is revoked or past its end"
    case .keyWithheld(let name): "Another administrator has to agree to the key \(name) first"
    case .keyNetwork(let name, let peer): "The key \(name) does not work from \(peer)"
    case .keyCertificate(let name):
      "The key \(name) works only together with the client certificate it is bound to"
    case .certificateUnknown(let subject): "The certificate of \(subject) lets in nobody"
    case .disabled(let name): "\(name) is disabled"
    case .permissionMissing(let method, let permission):
      "\(method) asks for permission \(permission)"
    case .scopeTooNarrow(let method, let permission):
      "\(method) is about everybody's data, and \(permission) is not given for all of it"
    case .scopeChanged: "What you may see has become less since"
    case .passwordChangeRequired: "The one-time password must be changed first"
    case .sessionRequired: "Only a person who has logged in can do this"
    case .secondFactorRequired(let method, let remedy):
      switch remedy {
      case .prove:
        "\(method) is sensitive: prove your second factor, which holds for five minutes"
      case .add: "\(method) is sensitive: add a second factor first"
      case .bindKey:
        "\(method) is sensitive: a machine calls it with a key bound to networks or a certificate"
      }
    case .passwordWrong:
      "The password is wrong, or there is a wait after too many attempts"
    case .codeWrong:
      "The code is wrong or was used before, or there is a wait after too many attempts"
    case .secondFactorExists: "There is a second factor already; remove it first"
    case .secondFactorMissing: "There is no second factor"
    case .mayNotApprove(let grant, let name):
      "\(name) is a party to the grant \(grant): somebody else has to agree"
    case .grantDecided(let name, let decider): "The grant \(name) was decided by \(decider)"
    case .delegateSelf: "Nobody stands in for oneself"
    case .roleNotHeld(_, let role): "The role \(role) is not one of your own"
    case .roleNotDelegable(_, let role):
      "The role \(role) says who may do what: it is given, not delegated"
    case .roleNotGiven(_, let name, let role): "\(name) does not have the role \(role)"
    case .scopeOfPower(_, let role):
      "The role \(role) says who may do what, which is about everybody"
    case .keyNotLive(_, let name): "The key \(name) is revoked or past its end"
    case .resetOfAdministrator(let name):
      "\(name) administers, too: use `joinery recover-administrator` where the database is"
    case .lastAdministrator(let permission): "Nobody would be left with permission \(permission)"
    case .tooManyKeys(let name, let limit): "\(name) has \(limit) keys that work; revoke one"
    case .tooManyRoles(let limit): "There are \(limit) roles already"
    }
  }

  package var field: String? {
    switch self {
    case .passwordTooShort(let field, _), .passwordTooLong(let field, _),
      .passwordContainsName(let field), .passwordCommon(let field), .passwordUnchanged(let field),
      .roleNameInvalid(let field, _), .unknownPermission(let field, _),
      .networkInvalid(let field, _), .tooMany(let field, _, _), .notAPerson(let field, _),
      .notAMachine(let field, _), .unknownPrincipal(let field, _), .unknownRole(let field, _),
      .unknownKey(let field, _), .unknownSession(let field, _), .unknownMethod(let field, _),
      .unknownDocument(let field, _), .severalResources(let field),
      .nameTaken(let field, _), .certificateTaken(let field, _, _), .passwordWrong(let field),
      .codeWrong(let field), .delegateSelf(let field), .roleNotHeld(let field, _),
      .roleNotDelegable(let field, _), .unknownDelegation(let field, _),
      .unknownGrant(let field, _), .roleNotGiven(let field, _, _), .scopeOfPower(let field, _),
      .keyNotLive(let field, _):
      field
    case .notAuthenticated, .tokenUnknown, .tokenExpired, .sessionEnded, .keyEnded, .keyWithheld,
      .keyNetwork, .keyCertificate, .disabled:
      "metadata authorization"
    case .refreshTokenReused: "refresh_token"
    case .notRehearsed: "metadata dry-run"
    case .loginRefused, .codeRequired, .certificateUnknown, .permissionMissing, .scopeTooNarrow,
      .scopeChanged, .passwordChangeRequired, .sessionRequired, .secondFactorRequired,
      .secondFactorExists, .secondFactorMissing, .mayNotApprove, .grantDecided, .lastAdministrator,
      .resetOfAdministrator, .tooManyKeys, .tooManyRoles:
      nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .passwordTooShort(_, let limit), .passwordTooLong(_, let limit), .tooManyRoles(let limit):
      [Fact("limit", limit)]
    case .roleNameInvalid(_, let given), .unknownPermission(_, let given),
      .networkInvalid(_, let given), .unknownMethod(_, let given), .unknownDocument(_, let given):
      [Fact("given", given)]
    case .tooMany(_, let count, let limit): [Fact("count", count), Fact("limit", limit)]
    case .notAPerson(_, let name), .notAMachine(_, let name), .unknownPrincipal(_, let name),
      .unknownRole(_, let name), .unknownKey(_, let name), .unknownSession(_, let name),
      .nameTaken(_, let name), .keyEnded(let name), .keyWithheld(let name),
      .keyCertificate(let name), .disabled(let name), .keyNotLive(_, let name),
      .unknownDelegation(_, let name), .unknownGrant(_, let name):
      [Fact("name", name)]
    case .certificateTaken(_, let subject, let holder):
      [Fact("subject", subject), Fact("holder", holder)]
    case .keyNetwork(let name, let peer): [Fact("name", name), Fact("peer", peer)]
    case .certificateUnknown(let subject): [Fact("subject", subject)]
    case .permissionMissing(let method, let permission),
      .scopeTooNarrow(let method, let permission):
      [Fact("method", method), Fact("permission", permission)]
    case .codeRequired(let hasSecondFactor):
      [Fact("remedy", (hasSecondFactor ? SecondFactorRemedy.prove : .add).rawValue)]
    case .secondFactorRequired(let method, let remedy):
      [Fact("method", method), Fact("remedy", remedy.rawValue)]
    case .mayNotApprove(let grant, let name): [Fact("grant", grant), Fact("name", name)]
    case .grantDecided(let name, let decider): [Fact("grant", name), Fact("decided_by", decider)]
    case .roleNotHeld(_, let role), .roleNotDelegable(_, let role), .scopeOfPower(_, let role):
      [Fact("role", role)]
    case .roleNotGiven(_, let name, let role): [Fact("name", name), Fact("role", role)]
    case .lastAdministrator(let permission): [Fact("permission", permission)]
    case .resetOfAdministrator(let name): [Fact("name", name)]
    case .tooManyKeys(let name, let limit): [Fact("name", name), Fact("limit", limit)]
    case .passwordContainsName, .passwordCommon, .passwordUnchanged, .notRehearsed, .loginRefused,
      .notAuthenticated, .tokenUnknown, .tokenExpired, .sessionEnded, .refreshTokenReused,
      .scopeChanged, .passwordChangeRequired, .sessionRequired, .passwordWrong, .codeWrong,
      .secondFactorExists, .secondFactorMissing, .delegateSelf, .severalResources:
      []
    }
  }
}
