package import Values

/// A version of a model as it was published. Nothing of it ever changes.
package struct ModelVersion: Hashable, Sendable {
  package let product: ID<Product>
  package let sku: String
  /// The product's name of today.
  package let name: String
  /// Counts the versions of the model, from 1.
  package let version: Int64
  /// Of its prices: that of the books when it was published.
  package let currency: Currency
  package let publishedBy: String
  package let publishedAt: Instant
}
