package import Storage
package import Values

/// Marks a database that was just restored: it waits until administrators agree to it.
package struct NoteRestoration: Sendable {
  /// One that nobody can guess: another restoration of the same backup is another one.
  package let name: String
  package let source: Restoration.Source
  package let last: Restoration.LastCommand?
  package let restoredBy: String
  package let reason: String

  package init(
    name: String, source: Restoration.Source, last: Restoration.LastCommand?, restoredBy: String,
    reason: String
  ) {
    self.name = name
    self.source = source
    self.last = last
    self.restoredBy = restoredBy
    self.reason = reason
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Restoration {
    let restoration = Restoration(
      name: name, source: source, last: last, restoredBy: restoredBy, restoredAt: now.instant,
      reason: reason)
    try RestorationTable.insert(restoration, in: tx)
    tx.record(
      DomainEvent(
        "database.restored", restoration.reference,
        [
          Fact("backup", source.backup), Fact("chosen", source.chosen?.description ?? ""),
          Fact("reached", source.reached), Fact("known_until", source.knownUntil),
          Fact("left_out_records", source.leftOut?.description ?? ""),
          Fact("last_command", last?.sequence ?? 0), Fact("restored_by", restoredBy),
          Fact("reason", reason),
        ]))
    return try Restorations.requireLatest(in: tx)
  }
}
