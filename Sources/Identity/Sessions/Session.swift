package import Values

/// One login and what came of it: the family of tokens that were made for it.
package struct Session: Hashable, Sendable {
  /// Why it ended.
  package enum End: String, Hashable, Sendable, CaseIterable {
    case loggedOut = "LOGGED_OUT"
    case revoked = "REVOKED"
    /// A refresh token that was spent came again: one of two holders stole it.
    case refreshReused = "REFRESH_REUSED"
    case passwordChanged = "PASSWORD_CHANGED"
    case passwordReset = "PASSWORD_RESET"
    case secondFactorReset = "SECOND_FACTOR_RESET"
    case disabled = "DISABLED"
    /// Pushed out by newer ones.
    case tooMany = "TOO_MANY"
  }

  package let id: ID<Session>
  /// Names it in lists and in its tokens; opens nothing.
  package let name: String
  package let principal: ID<Principal>
  package let createdAt: Instant
  /// When its tokens were made.
  package let refreshedAt: Instant
  package let expiresAt: Instant
  package let accessExpiresAt: Instant
  package let peer: String
  package let end: End?
  /// When the second factor was last proved in it; nil for never.
  package let secondFactorAt: Instant?
  package let accessDigest: [UInt8]
  package let refreshDigest: [UInt8]
  /// The refresh that made its tokens, if that may come again; nil where it gave no key.
  package let refresh: RepeatableRefresh?

  package func isLive(at now: Instant) -> Bool { end == nil && now < expiresAt }
}

/// A refresh that may come again, since its reply can have been lost: the same token with the same
/// key, for a short while and only until somebody has used what it gave. Whoever has stolen the
/// token alone does not know the key; whoever has seen the whole call pushes out what the owner was
/// given, and the owner's next refresh ends the session (RFC 9700, 4.14.2).
package struct RepeatableRefresh: Hashable, Sendable {
  /// Of the refresh token that it spent.
  package let token: [UInt8]
  /// Of the idempotency key that came with it.
  package let key: [UInt8]
  package let until: Instant

  /// Seconds after the first time.
  static let seconds: Int64 = 60
}

extension Session {
  /// Seconds that an access token works: what a stolen one is worth.
  package static let accessSeconds: Int64 = 15 * 60
  /// Seconds from a login to the next: a long shift.
  package static let seconds: Int64 = 12 * 3_600
  /// Of one person at the same time; a further login ends the oldest.
  package static let limit = 20

  package static let accessPrefix = "ja"
  package static let refreshPrefix = "jr"
}

/// The secrets of a session as they are handed out.
package struct SessionTokens: Hashable, Sendable {
  package let access: Secret
  package let refresh: Secret

  /// `entropy` has `byteCount` bytes.
  package init(session: String, entropy: [UInt8]) {
    let half = Secret.byteCount
    access = Secret(
      prefix: Session.accessPrefix, name: session, bytes: Array(entropy.prefix(half)))
    refresh = Secret(
      prefix: Session.refreshPrefix, name: session, bytes: Array(entropy.dropFirst(half)))
  }

  /// Random bytes that a pair takes.
  package static let byteCount = 2 * Secret.byteCount
}
