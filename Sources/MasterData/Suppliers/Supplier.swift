package import Values

/// Somebody we buy from.
package struct Supplier: Hashable, Sendable {
  package let id: ID<Supplier>
  /// Names the supplier for ever.
  package let code: String
  package var name: String
  /// Usual days from order to receipt.
  package var leadDays: Int
  /// Counts the changes of the row, from 1.
  package var version: Int64
}

/// A supplier as a caller wants it to be.
package struct SupplierDraft: BatchRow {
  package var code: String
  package var name: String
  package var leadDays: Int
  /// The version that the caller read; nil or 0 asks for nothing.
  package var expectedVersion: Int64?
  package var malformed: [any Rejection]

  package init(
    code: String, name: String, leadDays: Int = 0, expectedVersion: Int64? = nil,
    malformed: [any Rejection] = []
  ) {
    self.code = code
    self.name = name
    self.leadDays = leadDays
    self.expectedVersion = expectedVersion
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  /// What of a supplier that is there an update mask may name, by the name in the request.
  package enum Field: String, Sendable {
    case name
    case leadDays = "lead_days"
  }

  /// The draft with all that `fields` does not name as it is stored.
  func taking(_ fields: Set<Field>, of stored: Supplier) -> SupplierDraft {
    var draft = self
    if !fields.contains(.name) { draft.name = stored.name }
    if !fields.contains(.leadDays) { draft.leadDays = stored.leadDays }
    return draft
  }

  /// The supplier that this draft makes of `stored` (nil: of nothing).
  func supplier(from stored: Supplier?, at path: FieldPath) throws -> Supplier {
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.text(name, "name", required: true)
    check.range(leadDays, "lead_days", 0...3_650)
    check.version(expectedVersion, stored: stored?.version, code: code)
    try check.pass()
    return Supplier(
      id: stored?.id ?? ID(0), code: code, name: name, leadDays: leadDays,
      version: stored?.version ?? 1)
  }
}
