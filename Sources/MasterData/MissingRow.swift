/// A row names another by an id that is not there. Foreign keys rule it out, so the store is
/// damaged: this is never a refusal, and nothing is done about it but to stop and say so.
package struct MissingRow: Error, Hashable, Sendable, CustomStringConvertible {
  package let table: String
  package let id: Int64

  package init(_ table: String, _ id: Int64) {
    self.table = table
    self.id = id
  }

  package var description: String { "there is no row \(id) in \(table)" }
}
