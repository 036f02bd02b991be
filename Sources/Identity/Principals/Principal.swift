package import Values

/// What a principal is.
package enum PrincipalKind: String, Hashable, Sendable, CaseIterable {
  case person = "PERSON"
  case service = "SERVICE"
  case till = "TILL"
}

/// Somebody who may be let in.
package struct Principal: Hashable, Sendable {
  package let id: ID<Principal>
  /// Names it for ever; what the audit log shows.
  package let name: String
  package let kind: PrincipalKind
  package var displayName: String
  /// Let in no more.
  package var isDisabled: Bool
  /// Subject of the client certificate that lets it in without a key; never a person's.
  package var certificateSubject: String?
  package let createdAt: Instant
  /// Counts the changes, from 1.
  package var version: Int64
  /// Names of its roles, sorted.
  package var roles: [String]
  /// Whether a person has a second factor that was confirmed.
  package var hasSecondFactor = false
  package var place = Place()
  /// How far each of its roles reaches, by role.
  package var reaches: [RoleReach] = []

  package var reference: DocumentReference { DocumentReference(.principal, name) }
}
