package import Values

/// A place with stock of its own.
package struct Warehouse: Hashable, Sendable {
  package let id: ID<Warehouse>
  /// Names the warehouse for ever.
  package let code: String
  package var name: String
  /// Counts the changes of the row, from 1.
  package var version: Int64
}

/// A warehouse as a caller wants it to be.
package struct WarehouseDraft: BatchRow {
  package var code: String
  package var name: String
  /// The version that the caller read; nil or 0 asks for nothing.
  package var expectedVersion: Int64?
  package var malformed: [any Rejection]

  package init(
    code: String, name: String, expectedVersion: Int64? = nil, malformed: [any Rejection] = []
  ) {
    self.code = code
    self.name = name
    self.expectedVersion = expectedVersion
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  /// The warehouse that this draft makes of `stored` (nil: of nothing).
  func warehouse(from stored: Warehouse?, at path: FieldPath) throws -> Warehouse {
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.text(name, "name", required: true)
    check.version(expectedVersion, stored: stored?.version, code: code)
    try check.pass()
    return Warehouse(
      id: stored?.id ?? ID(0), code: code, name: name, version: stored?.version ?? 1)
  }
}
