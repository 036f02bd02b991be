/// Decides when to ask a silent peer whether it is still there, and when to give it up. A socket
/// whose other end vanished without a word looks just like one with nothing to say.
///
/// Times are nanoseconds, moments are on a monotonic clock.
package struct Keepalive {
  /// What to do now; all but `giveUp` say when to ask again.
  package enum Action: Equatable, Sendable {
    case wait(UInt64)
    case ping(thenWait: UInt64)
    case giveUp
  }

  private let time: UInt64
  private let timeout: UInt64
  private var lastHeard: UInt64
  private var pingedAt: UInt64?

  /// A PING after `time` without a byte; the end after `timeout` without one since.
  package init(time: UInt64, timeout: UInt64, now: UInt64) {
    self.time = time
    self.timeout = timeout
    self.lastHeard = now
  }

  /// Bytes came; whatever they say, the peer is there.
  package mutating func heard(now: UInt64) {
    lastHeard = now
    pingedAt = nil
  }

  /// The time of the last answer is over. Without `isNeeded` nobody would miss the peer.
  package mutating func check(now: UInt64, isNeeded: Bool) -> Action {
    if let pingedAt {
      let waited = now - pingedAt
      return waited >= timeout ? .giveUp : .wait(timeout - waited)
    }
    let silent = now - lastHeard
    if silent < time { return .wait(time - silent) }
    guard isNeeded else { return .wait(time) }
    pingedAt = now
    return .ping(thenWait: timeout)
  }
}
