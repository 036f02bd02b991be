package import Storage

/// Questions about configurable models.
package enum Models {
  /// A version of a product's model, the newest where none is named; nil when there is none.
  package static func find(
    sku: String, version: Int64? = nil, in snapshot: Snapshot
  ) throws -> ModelVersion? {
    try ModelTable.find(sku, version: version, in: snapshot)
  }

  /// The version that the fields of a request name (0 is the newest); refuses an unknown one.
  package static func require(
    sku: String, version: Int64, in snapshot: Snapshot, skuField: String = "sku",
    versionField: String = "version"
  ) throws -> ModelVersion {
    if let found = try ModelTable.find(sku, version: version == 0 ? nil : version, in: snapshot) {
      return found
    }
    guard version != 0, try ModelTable.find(sku, version: nil, in: snapshot) != nil else {
      throw ModelRejection.unknownModel(field: skuField, sku: String(sku.prefix(60))).ifNamed(sku)
    }
    throw ModelRejection.unknownModelVersion(field: versionField, sku: sku, version: version)
  }

  /// Whether the product is only sold as its customers configure it.
  package static func exist(for product: Product, in snapshot: Snapshot) throws -> Bool {
    try ModelTable.exists(for: product.id, in: snapshot)
  }

  /// The version as its maker wrote it.
  package static func draft(of version: ModelVersion, in snapshot: Snapshot) throws -> ModelDraft {
    try ModelDraft(storedText: try ModelTable.definition(of: version, in: snapshot))
  }

  /// The version, ready to be asked. Takes a fraction of a millisecond: whoever asks it again and
  /// again keeps it.
  package static func model(
    of version: ModelVersion, in snapshot: Snapshot
  ) throws -> ConfigurableModel {
    try ConfigurableModel(
      draft(of: version, in: snapshot), version: version.version, currency: version.currency)
  }

  /// The newest versions in the order of the sku, from the one after `sku` on (nil: from the
  /// first).
  package static func list(
    after sku: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [ModelVersion] {
    try ModelTable.list(after: sku ?? "", limit: limit, in: snapshot)
  }
}
