package import Storage
package import Values

/// Questions about requests to buy.
package enum Requisitions {
  package static func find(number: String, in snapshot: Snapshot) throws -> Requisition? {
    try RequisitionTable.find(number, in: snapshot)
  }

  /// What a line asked for; line 0 means all lines of the document. The oldest first.
  package static func of(_ origin: Origin, in snapshot: Snapshot) throws -> [Requisition] {
    try RequisitionTable.of(origin, in: snapshot)
  }

  /// The oldest first, from the one after `id` on (nil: from the oldest); `state` nil means all.
  package static func list(
    _ state: RequisitionState? = nil, after id: ID<Requisition>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Requisition] {
    guard let state else {
      return try RequisitionTable.list(after: id ?? ID(0), limit: limit, in: snapshot)
    }
    return try RequisitionTable.list(state, after: id ?? ID(0), limit: limit, in: snapshot)
  }
}
