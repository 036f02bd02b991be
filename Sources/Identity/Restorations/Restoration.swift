internal import MasterData
package import Storage
package import Values

/// How a database came out of backups, and who has agreed to go on from there. Until somebody has
/// decided, and for good once it was refused, no business is done in it.
package struct Restoration: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Nobody, or one of two, has agreed. Can become `approved` or `rejected`.
    case pending = "PENDING"
    case approved = "APPROVED"
    case rejected = "REJECTED"
  }

  /// What it was made of.
  package struct Source: Hashable, Sendable {
    /// File name of the backup.
    package let backup: String
    package let backupAt: Instant
    /// The moment that was chosen; nil for the latest there was.
    package let chosen: Instant?
    /// Up to when it has everything, by the clock of the server then.
    package let reached: Instant
    /// Of the shipped log, that were applied to the backup.
    package let records: Int64
    /// Of the shipped log, that are there and were not applied; nil where it does not tell.
    package let leftOut: Int64?
    /// The latest moment that the folder knows of.
    package let knownUntil: Instant

    package init(
      backup: String, backupAt: Instant, chosen: Instant?, reached: Instant, records: Int64,
      leftOut: Int64?, knownUntil: Instant
    ) {
      self.backup = backup
      self.backupAt = backupAt
      self.chosen = chosen
      self.reached = reached
      self.records = records
      self.leftOut = leftOut
      self.knownUntil = knownUntil
    }
  }

  /// The last command that is in it.
  package struct LastCommand: Hashable, Sendable {
    package let sequence: Int64
    /// Full name.
    package let method: String
    package let principal: String
    package let at: Instant

    package init(sequence: Int64, method: String, principal: String, at: Instant) {
      self.sequence = sequence
      self.method = method
      self.principal = principal
      self.at = at
    }
  }

  package var id: ID<Restoration> = ID(0)
  /// Names it to whoever agrees.
  package let name: String
  package let source: Source
  /// Nil where there was none.
  package let last: LastCommand?
  /// The account of the machine on which it was restored.
  package let restoredBy: String
  package let restoredAt: Instant
  /// Why, in the words of who restored it.
  package let reason: String
  package internal(set) var state: State = .pending
  /// Who has agreed first; nil while nobody has.
  package internal(set) var agreedBy: String?
  /// The second to agree, the only administrator, or who refused; nil while it is pending.
  package internal(set) var decidedBy: String?
  package internal(set) var decidedAt: Instant?

  /// The document that its events are about.
  var reference: DocumentReference { DocumentReference(.masterData, "restoration/\(name)") }
}

/// Questions about restorations.
package enum Restorations {
  /// The last one; nil where the database was never restored.
  package static func latest(in snapshot: Snapshot) throws -> Restoration? {
    try RestorationTable.latest(in: snapshot)
  }

  package static func requireLatest(in snapshot: Snapshot) throws -> Restoration {
    guard let found = try RestorationTable.latest(in: snapshot) else {
      throw RestorationRejection.neverRestored
    }
    return found
  }

  /// The last one, of which a request gives the name.
  static func require(name: String, in snapshot: Snapshot) throws -> Restoration {
    let found = try RestorationTable.latest(in: snapshot)
    guard let found, found.name == name else {
      throw RestorationRejection.unknownRestoration(field: "restoration_id", name: name)
        .ifNamed(name)
    }
    guard found.state == .pending else {
      throw RestorationRejection.decided(name: name, state: found.state, by: found.decidedBy ?? "")
    }
    return found
  }
}
