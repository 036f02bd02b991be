package import Storage
package import Values

/// Questions about choices that somebody is still making.
package enum ConfigurationDrafts {
  /// Forgets what a customer has not made up their mind about.
  package static func forget(customer code: String, in tx: Transaction) throws {
    try ConfigurationDraftTable.remove(ofCustomer: code, in: tx)
  }

  /// The draft that a field of a request names; refuses an unknown one, one out of scope, and one
  /// that nobody has touched for too long.
  package static func require(
    number: String, field: String = "number", at now: Instant, in snapshot: Snapshot
  ) throws -> ConfigurationDraft {
    guard let draft = try ConfigurationDraftTable.find(number, in: snapshot) else {
      throw ModelRejection.unknownDraft(field: field, number: String(number.prefix(60)))
        .ifNamed(number)
    }
    guard now < draft.expiresAt else {
      throw ModelRejection.draftExpired(field: field, number: number)
    }
    return draft
  }
}
