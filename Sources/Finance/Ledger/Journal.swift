package import Storage
package import Values

/// The general journal, oldest entry first. Pages go on from the id of the last entry of the page
/// before.
package enum Journal {
  package static func list(
    after id: ID<JournalEntry>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [JournalEntry] {
    try JournalTable.list(after: id ?? ID(0), limit: limit, in: snapshot)
  }

  /// The entries that one document caused.
  package static func entries(
    of document: DocumentReference, after id: ID<JournalEntry>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [JournalEntry] {
    try entries(of: [document], after: id, limit: limit, in: snapshot)
  }

  /// The entries that several documents caused, as one sequence: an order with its shipments,
  /// invoices and payments.
  package static func entries(
    of documents: [DocumentReference], after id: ID<JournalEntry>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [JournalEntry] {
    // No page holds more of one document than `limit`, so the first `limit` of all are among these.
    var found: [JournalEntry] = []
    for document in Set(documents) {
      found += try JournalTable.ofDocument(
        document, after: id ?? ID(0), limit: limit, in: snapshot)
    }
    found.sort { $0.id < $1.id }
    return try JournalTable.withLines(Array(found.prefix(limit)), in: snapshot)
  }
}
