package import Storage

/// Questions about templates of configurations.
package enum Templates {
  /// The version that the fields of a request name (0 is the newest); refuses an unknown one.
  package static func require(
    code: String, version: Int64, in snapshot: Snapshot, field: String = "code"
  ) throws -> ConfigurationTemplate {
    guard
      let found = try TemplateTable.find(
        code, version: version == 0 ? nil : version, in: snapshot)
    else {
      throw ModelRejection.unknownTemplate(
        field: field, code: String(code.prefix(60)), version: version
      ).ifNamed(code)
    }
    return found
  }

  /// The newest versions in the order of the code, from the one after `code` on (nil: from the
  /// first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [ConfigurationTemplate] {
    try TemplateTable.list(after: code ?? "", limit: limit, in: snapshot)
  }
}
