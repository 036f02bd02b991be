package import Storage

/// Questions about work centres.
package enum WorkCentres {
  package static func find(code: String, in snapshot: Snapshot) throws -> WorkCentre? {
    try WorkCentreTable.find(code, in: snapshot)
  }

  /// In the order of the code, from the one after `code` on (nil: from the first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [WorkCentre] {
    try WorkCentreTable.list(after: code ?? "", limit: limit, in: snapshot)
  }
}
