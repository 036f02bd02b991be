package import Values

/// A choice that somebody is still making, at a kiosk or on the web: kept after each change, gone
/// on with from anywhere, and forgotten when nobody has touched it for thirty days.
package struct ConfigurationDraft: Hashable, Sendable {
  package struct Attachment: Hashable, Sendable {
    /// SHA-256 of the content, in hexadecimal.
    package let digest: String
    /// "kitchen.pdf".
    package let name: String

    package init(digest: String, name: String) {
      self.digest = digest
      self.name = name
    }
  }

  /// "CF-2026-000123".
  package internal(set) var number: String
  package let product: ID<Product>
  package let sku: String
  /// Of the model; stays as it was when the choice was begun.
  package let modelVersion: Int64
  /// Only what was chosen; may be anything but valid.
  package internal(set) var settings: [Configuration.Setting]
  package internal(set) var attachments: [Attachment]
  /// Who wants it; empty where nobody said.
  package internal(set) var customerCode: String
  /// Counts the changes, from 1.
  package internal(set) var version: Int64
  package let startedBy: String
  package let startedAt: Instant
  package internal(set) var expiresAt: Instant

  /// A draft is kept so long after its last change.
  package static let lifeSeconds: Int64 = 30 * 86_400
  /// Drawings and photographs of one draft.
  package static let attachmentLimit = 20
}
