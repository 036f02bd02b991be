package import Values

/// What a person has beside the password: an authenticator app that shares a secret with us.
package struct SecondFactor: Hashable, Sendable {
  package let person: ID<Principal>
  package internal(set) var secret: SealedSecret
  package let addedAt: Instant
  /// When the first code came; it counts from then on.
  package internal(set) var confirmedAt: Instant?
  /// The newest step whose code was used: none up to it is good again.
  package internal(set) var lastStep: Int64

  /// Seconds for which a session that has proved it may call sensitive methods.
  package static let freshSeconds: Int64 = 5 * 60

  /// The secret opens for this person alone.
  static func purpose(_ person: ID<Principal>) -> String { "second factor of \(person.value)" }
}

/// One-time codes for whoever has lost the app, stored as hashes: 80 random bits each.
package enum RecoveryCode {
  package static let count = 10
  /// Random bytes that one takes.
  package static let byteCount = 10

  /// Ten codes as they are handed out: sixteen letters in groups of four.
  package static func codes(_ entropy: [UInt8]) -> [String] {
    (0..<count).map { index in
      let bytes = entropy.dropFirst(index * byteCount).prefix(byteCount)
      return SecretText.grouped(SecretText.text(Array(bytes)), by: 4)
    }
  }

  static func digest(_ code: String) -> [UInt8] { Secret.digest(SecretText.read(code)) }
}

/// When a sensitive method asks for a second factor of people who have none. Whoever has one is
/// always asked.
package enum SecondFactorRule: String, Hashable, Sendable, CaseIterable {
  /// Of nobody who has none.
  case added
  /// Of every person: whoever has none adds one first, which needs no second factor.
  case required
}
