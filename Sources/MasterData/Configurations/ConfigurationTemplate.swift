package import Storage
package import Values

/// A saved choice that many begin with: "the standard sink cabinet". Each change is a version of
/// its own, so that what was begun with one says for ever with which.
package struct ConfigurationTemplate: Hashable, Sendable {
  /// Names the template for ever.
  package let code: String
  /// Counts the versions, from 1.
  package let version: Int64
  package let name: String
  /// The model, and the version of it that the choice was made of.
  package let sku: String
  package let modelVersion: Int64
  /// Of every parameter, in the order of the model.
  package let settings: [Configuration.Setting]
  package let savedBy: String
  package let savedAt: Instant
}

/// How verbs come by a compiled model: whoever has one kept gives that.
package typealias ModelSource = (ModelVersion, Snapshot) throws -> ConfigurableModel
