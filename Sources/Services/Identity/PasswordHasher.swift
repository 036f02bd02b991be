private import Dispatch
internal import Identity
internal import RPC
private import Synchronization

/// Hashes passwords where it holds nobody up: on threads of its own, a few at a time. Each takes a
/// tenth of a second of a core and 32 MiB.
final class PasswordHasher: Sendable {
  private let gate: Gate
  private let queue = DispatchQueue(label: "joinery.passwords", attributes: .concurrent)
  private let waiting = Mutex(0)
  private let settings: IdentitySettings
  /// Compared with where there is no password, so that a stranger's attempt takes as long as one
  /// for somebody who is here.
  private let decoy: PasswordHash

  init(_ settings: IdentitySettings) {
    self.settings = settings
    gate = Gate(width: settings.hashesAtOnce)
    decoy = PasswordHash(
      salt: settings.chance(PasswordHash.saltByteCount),
      hash: settings.chance(PasswordHash.hashByteCount), strength: settings.strength)
  }

  func hash(_ password: String) async throws -> PasswordHash {
    let salt = settings.chance(PasswordHash.saltByteCount)
    return try await work { [settings] in
      try PasswordHash(of: password, salt: salt, strength: settings.strength)
    }
  }

  /// Whether the password is that of `stored`; never where that is nil, which takes as long.
  func compare(_ password: String, with stored: PasswordHash?) async throws -> Bool {
    let compared = stored ?? decoy
    return try await work { try compared.matches(password) } && stored != nil
  }

  /// The hash to store in place of one with less work in it than is usual now.
  func strengthened(_ stored: PasswordHash, _ password: String) async throws -> PasswordHash? {
    stored.strength == settings.strength ? nil : try await hash(password)
  }

  private func work<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    let isFull = waiting.withLock { waiting in
      guard waiting < settings.maxWaitingHashes else { return true }
      waiting += 1
      return false
    }
    guard !isFull else {
      throw RPCError(
        .resourceExhausted, "too many passwords are being checked; try again later",
        retryPushback: .after(RPCLimits().overloadPushback))
    }
    defer { waiting.withLock { $0 -= 1 } }
    return try await gate.pass {
      try await withCheckedThrowingContinuation { continuation in
        queue.async { continuation.resume(with: Result(catching: body)) }
      }
    }
  }
}
