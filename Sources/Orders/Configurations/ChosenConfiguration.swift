package import MasterData
import Storage
import Values

/// What a customer chose of a configurable product, as a line of an order gives it. What it comes
/// to is fixed when the order is submitted, by the version of the model that is the newest then
/// unless one is named.
package struct ChosenConfiguration: Hashable, Sendable {
  /// Of the model; 0 for the newest.
  package let modelVersion: Int64
  /// The chosen values; what is not given has its initial one.
  package let settings: [Configuration.Setting]

  package init(modelVersion: Int64, settings: [Configuration.Setting]) {
    self.modelVersion = modelVersion
    self.settings = settings
  }

  /// What can be said without looking anything up.
  func checkShape(_ check: inout FieldCheck) {
    check.range(modelVersion, "configuration.model_version", 0...Int64.max)
    check.range(settings.count, "configuration.settings", 0...ModelDraft.parameterLimit)
    for (index, setting) in settings.prefix(ModelDraft.parameterLimit).enumerated() {
      check.text(setting.name, "configuration.settings[\(index)].name", limit: 40, required: true)
      check.text(setting.value, "configuration.settings[\(index)].value", limit: 100)
    }
  }
}
