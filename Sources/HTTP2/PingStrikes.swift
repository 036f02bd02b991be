/// gRPC's rule against clients that ask too often whether we are still here (gRFC A8): each PING
/// that comes sooner after the one before than it may is a strike, the third ends the connection.
/// Frames of ours that do work wipe the slate: clients measure their bandwidth by PINGs while data
/// flows.
package struct PingStrikes {
  private static let allowed = 2

  private let interval: UInt64
  private var strikes = 0
  private var last: UInt64?

  /// `interval`: nanoseconds that a client must let pass between two PINGs.
  package init(interval: UInt64) { self.interval = interval }

  /// A PING came at `now` (nanoseconds on a monotonic clock). True: one too many.
  package mutating func pingReceived(now: UInt64) -> Bool {
    defer { last = now }
    guard let last, now - last < interval else { return false }
    strikes += 1
    return strikes > Self.allowed
  }

  /// We sent HEADERS or DATA.
  package mutating func workSent() {
    strikes = 0
    last = nil
  }
}
