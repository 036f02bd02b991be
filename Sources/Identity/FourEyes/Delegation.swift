package import Values

/// Somebody stands in for somebody else, in one of that person's roles and for a time.
package struct Delegation: Hashable, Sendable {
  package let id: ID<Delegation>
  /// Names it in lists.
  package let name: String
  /// Whose role it is.
  package let delegator: ID<Principal>
  package let delegate: ID<Principal>
  package let role: ID<Role>
  package let beginsAt: Instant
  package let endsAt: Instant
  package internal(set) var revokedAt: Instant?

  package func isOver(at now: Instant) -> Bool { revokedAt != nil || now >= endsAt }

  /// Days that one may last.
  package static let longestDays: Int64 = 90
  /// Of one person that have not ended.
  package static let limit = 20
}
