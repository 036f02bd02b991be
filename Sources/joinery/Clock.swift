private import Foundation
internal import Values

/// The machine's clock: the only place of the server that asks for it. Everything else is given an
/// instant.
enum Clock {
  @Sendable static func now() -> Instant {
    Instant(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down)))
  }
}
