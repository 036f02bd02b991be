import Identity
import MasterData
import Storage
import Values

/// An empty company in memory, with people to let in.
struct Door {
  let database: Database

  /// 2026-11-21.
  static let now = moment(0)
  static let password = "oak and four dovetails"

  init() throws {
    database = try Database.open(
      Database.Configuration(path: nil),
      migrations: MasterDataMigrations.all + IdentityMigrations.all, now: Self.now.instant)
  }

  /// So many seconds later.
  static func moment(_ seconds: Int64) -> Moment {
    Moment(
      instant: Instant(microseconds: 1_795_234_500_000_000).adding(seconds: seconds),
      day: Day(daysSinceEpoch: 20_778))
  }

  func write<R: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> R) async throws -> R {
    try await database.write(body)
  }

  /// What `body` was refused with, in order; empty when it went through. Nothing of it stays.
  func refusals<R: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> R
  ) async throws -> [any Rejection] {
    do {
      _ = try await database.rehearse(body)
      return []
    } catch let several as Rejections {
      return several.all
    } catch let one as any Rejection {
      return [one]
    }
  }

  func violations() async throws -> [String] {
    try await database.read { try IdentityInvariants.violations(in: $0).map(\.description) }
  }
}

/// Next to no work: tests hash many passwords, none of which is worth more.
let weak = ScryptStrength(rounds: 16, blockSize: 8, parallelism: 1)

/// The same bytes for the same seed.
func bytes(_ seed: UInt8, _ count: Int) -> [UInt8] {
  (0..<count).map { seed &+ UInt8(truncatingIfNeeded: $0 &* 7) }
}

func hash(_ password: String) throws -> PasswordHash {
  try PasswordHash(of: password, salt: bytes(1, 16), strength: weak)
}

extension CreatePrincipal {
  /// A person with `Door.password`.
  static func person(
    _ name: String, roles: [String] = [], in tx: Transaction
  ) throws -> Principal {
    try CreatePrincipal(
      person: name, displayName: name.uppercased(), roles: roles, password: hash(Door.password),
      by: "boss", grantName: "grant of \(name)"
    ).run(in: tx, at: Door.now)
  }

  static func till(_ name: String, in tx: Transaction) throws -> Principal {
    try CreatePrincipal(
      machine: name, kind: .till, displayName: name, roles: ["TILL"], certificateSubject: nil
    ).run(in: tx, at: Door.now)
  }
}

extension LogIn {
  /// Tries a password at a moment. The session is named by its seed.
  static func attempt(
    _ name: String, _ password: String, code: String = "", seed: UInt8 = 1,
    at now: Moment = Door.now, from peer: String = "10.0.0.1:50000",
    distrustsUnusual: Bool = false, in tx: Transaction
  ) throws -> LogIn.Outcome {
    let stored = try Principals.find(name: name, in: tx).flatMap {
      try Principals.password(of: $0, at: peer, in: tx)
    }
    let compared = try stored?.hash ?? hash("nobody's")
    return try LogIn(
      name: name, compared: compared, matched: try compared.matches(password),
      code: ShownCode.of(code), distrustsUnusual: distrustsUnusual, session: "s\(seed)",
      tokens: SessionTokens(session: "s\(seed)", entropy: bytes(seed, SessionTokens.byteCount)),
      peer: peer
    ).run(in: tx, at: now)
  }
}

extension LogIn.Outcome {
  var isOpened: Bool { if case .opened = self { true } else { false } }

  /// Throws the refusal.
  func get() throws -> Session {
    switch self {
    case .opened(let session, _): session
    case .refused(let rejection): throw rejection
    }
  }
}

extension RefreshSession.Outcome {
  /// Throws the refusal.
  func get() throws -> SessionTokens {
    switch self {
    case .refreshed(_, let tokens): tokens
    case .refused(let rejection): throw rejection
    }
  }
}

func tokens(_ seed: UInt8) -> SessionTokens {
  SessionTokens(session: "s\(seed)", entropy: bytes(seed, SessionTokens.byteCount))
}

extension IssueKey {
  /// A key named by its seed.
  static func of(
    _ principal: String, seed: UInt8 = 1, days: Int = 0, networks: [String] = [],
    certificate: String? = nil, by requester: String = "boss", at now: Moment = Door.now,
    in tx: Transaction
  ) throws -> Secret {
    let secret = Secret(prefix: APIKey.prefix, name: "k\(seed)", bytes: bytes(seed, 32))
    _ = try IssueKey(
      principal: principal, label: "counter", lifetimeDays: days, networks: networks,
      certificateSubject: certificate, name: "k\(seed)", secret: secret, by: requester
    ).run(in: tx, at: now)
    return secret
  }
}

extension ShownCode {
  static func of(_ text: String, keys: SealKeys = .none) -> ShownCode {
    ShownCode(text, keys: keys, nonce: bytes(77, SealKeys.nonceByteCount))
  }
}

// Most of what tests do is asked for by "boss".

extension CreatePrincipal {
  init(
    machine name: String, kind: PrincipalKind?, displayName: String, roles: [String],
    certificateSubject: String?
  ) {
    self.init(
      machine: name, kind: kind, displayName: displayName, roles: roles,
      certificateSubject: certificateSubject, by: "boss", grantName: "grant of \(name)")
  }
}

extension SetRoles {
  init(name: String, roles: [String], expectedVersion: Int64 = 0) {
    self.init(
      name: name, roles: roles, expectedVersion: expectedVersion, by: "boss",
      grantName: "grant to \(name)")
  }
}

extension UpsertRole {
  init(
    name: String, title: String, permissions: [String], expectedVersion: Int64 = 0,
    known: Set<String>
  ) {
    self.init(
      name: name, title: title, permissions: permissions, expectedVersion: expectedVersion,
      known: known, by: "boss", grantName: "grant to \(name)")
  }
}

extension RotateKey {
  init(key: String, overlapHours: Int?, lifetimeDays: Int, name: String, secret: Secret) {
    self.init(
      key: key, overlapHours: overlapHours, lifetimeDays: lifetimeDays, name: name,
      secret: secret, by: "boss")
  }
}

/// The permissions that tests of roles know.
let known: Set = ["orders.create", "orders.read", "identity.write", "identity.read"]

extension Admissions {
  /// Whether what let somebody in still does.
  static func holds(
    _ admission: Admission, for permission: String = "", at now: Instant, in snapshot: Snapshot
  ) throws -> Bool {
    do {
      try check(stillHolds: admission, for: permission, at: now, in: snapshot)
      return true
    } catch is IdentityRejection {
      return false
    }
  }
}

extension SetScope {
  /// Of one role.
  static func of(
    _ name: String, _ role: String, _ reaches: [Reach], at place: Place = Place(storeCode: "S1"),
    in tx: Transaction
  ) throws -> Principal {
    try SetScope(
      name: name, place: place, reaches: [RoleReach(role: role, reaches: reaches)]
    ).run(in: tx, at: Door.now)
  }
}
