package import Storage

/// What a choice is made of: a version of a model, and the values to begin with, of a template if
/// one is named. What is chosen goes before what the template says.
package struct StartingPoint: Sendable {
  package let version: ModelVersion
  package let settings: [Configuration.Setting]

  /// Fields are those of a request: `sku`, `version`, `template_code`, `template_version`.
  package init(
    sku: String, version: Int64, templateCode: String, templateVersion: Int64,
    settings: [Configuration.Setting], in snapshot: Snapshot
  ) throws {
    guard !templateCode.isEmpty else {
      self.version = try Models.require(sku: sku, version: version, in: snapshot)
      self.settings = settings
      return
    }
    let template = try Templates.require(
      code: templateCode, version: templateVersion, in: snapshot, field: "template_code")
    guard sku.isEmpty || sku == template.sku else {
      throw ModelRejection.templateOfAnotherModel(
        field: "template_code", code: template.code, sku: template.sku)
    }
    self.version = try Models.require(
      sku: template.sku, version: version == 0 ? template.modelVersion : version, in: snapshot)
    self.settings = template.settings.changed(by: settings)
  }
}

extension [Configuration.Setting] {
  /// With other values for what `changes` name, in the order in which each was first named. What
  /// names a parameter twice stays: whoever reads it says so.
  package func changed(by changes: [Configuration.Setting]) -> [Configuration.Setting] {
    let changed = Set(changes.map(\.name))
    return filter { !changed.contains($0.name) } + changes
  }
}
