private import Foundation
internal import Values

/// The machine's clock and source of chance: the only place of the product that asks for them.
/// Everything else is given an instant.
enum Clock {
  @Sendable static func now() -> Instant {
    Instant(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down)))
  }

  /// A fresh idempotency key.
  static func newKey() -> String { UUID().uuidString.lowercased() }
}
