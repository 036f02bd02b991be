package import Values

/// A key of a service or a till, without its secret.
package struct APIKey: Hashable, Sendable {
  package let id: ID<APIKey>
  /// Names it in lists, and begins the key itself; opens nothing.
  package let name: String
  package let principal: ID<Principal>
  /// What it is for.
  package let label: String
  package let createdAt: Instant
  package var expiresAt: Instant
  package var revokedAt: Instant?
  /// From where it works; from everywhere when empty.
  package let networks: [Network]
  /// Of the client certificate that must come with it.
  package let certificateSubject: String?
  /// The store to which what it reaches is bound; nil for none.
  package var storeCode: String?
  /// Whether it opens nothing until somebody else agrees (`WithheldGrant`).
  package var isWithheld = false
  package let digest: [UInt8]

  /// Whether it is neither revoked nor past its end.
  package func isLive(at now: Instant) -> Bool { revokedAt == nil && now < expiresAt }

  package static let prefix = "jk"
  /// Keys of one principal that work at the same time: two for a rotation, and some to spare.
  package static let limit = 10
  /// Networks of one key.
  package static let networkLimit = 20
  /// Days until a key expires.
  package static let lifetimeDays = 1...400
  package static let standardLifetimeDays = 365
  /// Hours for which a key goes on working beside its successor.
  package static let overlapHours = 0...720
  package static let standardOverlapHours = 24
}
