internal import NIOCore

/// Decides when a peer's frames stop being traffic and start being an attack. Counts only; the
/// session acts.
package struct AbuseGuard {
  /// What the session is to do about the frame just counted.
  package enum Verdict: Equatable, Sendable {
    case fine
    /// End the connection with GOAWAY(ENHANCE_YOUR_CALM); the text is its debug data.
    case excessive(StaticString)

    package static func == (left: Verdict, right: Verdict) -> Bool {
      switch (left, right) {
      case (.fine, .fine): true
      case (.excessive(let one), .excessive(let other)): one.description == other.description
      default: false
      }
    }
  }

  private var controlFrames: TokenBucket
  private var provokedResets: TokenBucket
  private var pings: PingStrikes

  package init(_ limits: ConnectionLimits) {
    controlFrames = TokenBucket(limits.controlFrames)
    provokedResets = TokenBucket(limits.provokedResets)
    pings = PingStrikes(interval: UInt64(clamping: limits.minPingInterval.nanoseconds))
  }

  /// A frame arrived that moves no request forward.
  package mutating func controlFrameReceived(now: @autoclosure () -> UInt64) -> Verdict {
    controlFrames.take(now: now()) ? .fine : .excessive("too_many_control_frames")
  }

  /// A client asked whether we are still here.
  package mutating func pingReceived(now: UInt64) -> Verdict {
    pings.pingReceived(now: now) ? .excessive("too_many_pings") : .fine
  }

  /// We reset a stream because the peer broke a rule on it, not because anybody wanted to.
  package mutating func resetProvoked(now: @autoclosure () -> UInt64) -> Verdict {
    provokedResets.take(now: now()) ? .fine : .excessive("too_many_stream_errors")
  }

  /// We sent HEADERS or DATA: the connection does useful work, the control frames around it are
  /// earned.
  package mutating func workSent() {
    controlFrames.giveBack()
    pings.workSent()
  }
}
