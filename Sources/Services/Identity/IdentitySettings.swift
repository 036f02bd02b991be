package import Identity

/// How a server finds out who calls it, and what that costs.
package struct IdentitySettings: Sendable {
  /// Whose word counts.
  package enum Callers: Hashable, Sendable {
    /// A caller proves who it is, by token, key or client certificate.
    case proved
    /// A caller is who it says in the metadata, if it shows no proof.
    case believed
  }

  package var callers: Callers
  /// Whether people without a second factor may call sensitive methods.
  package var secondFactor: SecondFactorRule = .added
  /// Whether an unusual login of somebody without a second factor is refused, and not only told.
  package var distrustsUnusualLogins = false
  /// What each principal may call how often.
  package var rates: [RateLimit] = []
  /// What secrets that must be read again are encrypted with in the store.
  package var sealKeys: SealKeys {
    get { sealRing.current }
    set { sealRing = SealKeyRing(newValue) }
  }
  /// Of them, once the server runs.
  package private(set) var sealRing = SealKeyRing()
  /// Work in the hash of each new password.
  package var strength: ScryptStrength = .standard
  /// Passwords that are hashed at the same time; others wait, in the order in which they came.
  package var hashesAtOnce = 2
  /// Hashes that wait. Exceeded: RESOURCE_EXHAUSTED.
  package var maxWaitingHashes = 100
  /// So many random bytes that nobody can guess.
  package let chance: @Sendable (_ count: Int) -> [UInt8]

  package init(callers: Callers, chance: @escaping @Sendable (_ count: Int) -> [UInt8]) {
    self.callers = callers
    self.chance = chance
  }
}
