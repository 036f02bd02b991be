internal import NIOCore

/// Decides when a peer's frames stop being traffic and start being an attack. Counts only; the
/// session acts.
package struct AbuseGuard {
  /// What the session is to do about the frame just counted.
  package enum Verdict: Equatable, Sendable {
    case fine
    /// End the connection with GOAWAY(ENHANCE_YOUR_CALM); the text is its debug data.
    case excessive(StaticString)
    /// End the connection with GOAWAY(PROTOCOL_ERROR).
    case broken

    package static func == (left: Verdict, right: Verdict) -> Bool {
      switch (left, right) {
      case (.fine, .fine), (.broken, .broken): true
      case (.excessive(let one), .excessive(let other)): one.description == other.description
      default: false
      }
    }
  }

  private var meter: FrameMeter
  private var controlFrames: TokenBucket
  private var resets: TokenBucket
  private var provokedResets: TokenBucket
  private var pings: PingStrikes

  package init(_ limits: ConnectionLimits, isServer: Bool) {
    meter = FrameMeter(isServer: isServer)
    controlFrames = TokenBucket(limits.controlFrames)
    resets = TokenBucket(limits.resets)
    provokedResets = TokenBucket(limits.provokedResets)
    pings = PingStrikes(interval: UInt64(clamping: limits.minPingInterval.nanoseconds))
  }

  /// Bytes arrived, in order.
  package mutating func received(
    _ bytes: UnsafeRawBufferPointer, now: @autoclosure () -> UInt64
  ) -> Verdict {
    let tally = meter.pass(bytes)
    if tally.isBroken { return .broken }
    for _ in 0..<tally.resets where !resets.take(now: now()) {
      return .excessive("too_many_resets")
    }
    for _ in 0..<tally.idle where !controlFrames.take(now: now()) {
      return .excessive("too_many_control_frames")
    }
    return .fine
  }

  /// A client asked whether we are still here.
  package mutating func pingReceived(now: UInt64) -> Verdict {
    pings.pingReceived(now: now) ? .excessive("too_many_pings") : .fine
  }

  /// We reset a stream because the peer broke a rule on it, not because anybody wanted to.
  package mutating func resetProvoked(now: @autoclosure () -> UInt64) -> Verdict {
    provokedResets.take(now: now()) ? .fine : .excessive("too_many_stream_errors")
  }

  /// A response that waits was not taken in time, so that we reset its stream.
  package mutating func streamStalled(now: @autoclosure () -> UInt64) -> Verdict {
    resetProvoked(now: now())
  }

  /// We sent HEADERS, or DATA of `size` bytes: the connection does useful work, the control frames
  /// around it are earned. Crumbs do not count: a peer that hands out its window byte by byte earns
  /// nothing by it.
  package mutating func workSent(_ size: Int? = nil) {
    if size.map({ $0 >= AbuseGuard.workBytes }) ?? true { controlFrames.giveBack() }
    pings.workSent()
  }

  private static let workBytes = 64
}
