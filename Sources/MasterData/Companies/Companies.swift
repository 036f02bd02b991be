package import Storage

/// The company that keeps its books here.
package enum Companies {
  package static func current(in snapshot: Snapshot) throws -> Company {
    try CompanyTable.fetch(in: snapshot)
  }
}
