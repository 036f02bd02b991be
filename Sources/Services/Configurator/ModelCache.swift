internal import MasterData
internal import Storage
internal import Synchronization
internal import Values

/// Compiled models that were asked lately. A version never changes, so what is kept is never old;
/// when it is full, it begins anew.
final class ModelCache: Sendable {
  /// A large model takes a megabyte.
  static let limit = 64

  private struct Key: Hashable {
    let product: Int64
    let version: Int64
  }

  private let models = Mutex<[Key: ConfigurableModel]>([:])

  func model(of version: ModelVersion, in snapshot: Snapshot) throws -> ConfigurableModel {
    let key = Key(product: version.product.value, version: version.version)
    if let model = models.withLock({ $0[key] }) { return model }
    let model = try Models.model(of: version, in: snapshot)
    models.withLock { models in
      if models.count >= Self.limit { models.removeAll() }
      models[key] = model
    }
    return model
  }
}
