package import Storage
package import Values

/// Saves a choice as the newest version of a template, unless the newest says the same. Only a
/// valid choice is worth to be begun with.
package struct SaveTemplate: Sendable {
  package let code: String
  package let name: String
  package let sku: String
  /// Version of the model; 0 for the newest.
  package let modelVersion: Int64
  package let settings: [Configuration.Setting]
  /// The newest version that the caller has seen; 0 for any.
  package let expectedVersion: Int64
  /// Who asks.
  package let actor: String

  package init(
    code: String, name: String, sku: String, modelVersion: Int64,
    settings: [Configuration.Setting], expectedVersion: Int64, by actor: String
  ) {
    self.code = code
    self.name = name
    self.sku = sku
    self.modelVersion = modelVersion
    self.settings = settings
    self.expectedVersion = expectedVersion
    self.actor = actor
  }

  package func run(
    in tx: Transaction, at now: Moment, models: ModelSource = Models.model
  ) throws -> ConfigurationTemplate {
    let path = FieldPath("template")
    var check = FieldCheck(path)
    check.code(code, "code")
    check.text(name, "name", required: true)
    try check.pass()
    let newest = try TemplateTable.find(code, version: nil, in: tx)
    var request = FieldCheck(.request)
    request.version(expectedVersion, stored: newest?.version, code: code, "expected_version")
    try request.pass()
    let version = try Models.require(
      sku: sku, version: modelVersion, in: tx, skuField: path.field("sku"),
      versionField: path.field("model_version"))
    if let newest, newest.sku != sku {
      throw MasterDataRejection.fixedOnceCreated(
        field: path.field("sku"), code: code, stored: newest.sku, given: sku)
    }
    var evaluator = ModelEvaluator(try models(version, tx))
    let field = path.field("settings")
    let configuration = try evaluator.verdict(on: settings, field: field).require(field: field)
    let template = ConfigurationTemplate(
      code: code, version: (newest?.version ?? 0) + 1, name: name, sku: sku,
      modelVersion: version.version, settings: configuration.settings, savedBy: actor,
      savedAt: now.instant)
    if let newest, newest.saysTheSame(as: template) { return newest }
    try TemplateTable.insert(template, of: version.product, in: tx)
    return template
  }
}

extension ConfigurationTemplate {
  fileprivate func saysTheSame(as other: ConfigurationTemplate) -> Bool {
    name == other.name && modelVersion == other.modelVersion && settings == other.settings
  }
}
