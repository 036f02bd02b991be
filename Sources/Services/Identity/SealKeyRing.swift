package import Identity
private import Synchronization

/// The keys of a server that runs: they can be renewed while it does.
package final class SealKeyRing: Sendable {
  private let keys: Mutex<SealKeys>

  package init(_ keys: SealKeys = .none) { self.keys = Mutex(keys) }

  package var current: SealKeys { keys.withLock { $0 } }

  /// From now on these come first. Those that are not among them open what they have sealed, as
  /// long as the process lives.
  package func renew(by fresh: SealKeys) {
    keys.withLock { $0 = fresh.before($0) }
  }
}
