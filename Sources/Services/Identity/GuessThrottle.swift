internal import Identity
internal import Messages
internal import RPC
private import Synchronization
internal import Values

/// Makes an address wait from which many guesses have failed, whatever they were of: who guesses
/// many people's passwords meets no wait of any of them. In memory and bounded. Callers through a
/// Unix socket have no address and are not counted; the permissions of its file look after it.
final class GuessThrottle: Sendable {
  /// Failures of one address before there is a wait.
  static let freeFailures = 10
  /// Seconds of the first wait and of the longest; each failure doubles it.
  static let waits: ClosedRange<Int64> = 1...900
  /// Seconds after which a failure is forgotten.
  static let forgetSeconds: Int64 = 600
  /// Addresses that are remembered; of more, those are forgotten that failed least.
  static let limit = 10_000

  private struct Source {
    var failures: Int64
    /// Up to when failures were forgotten.
    var since: Instant
    var waitsUntil: Instant
  }

  private let sources = Mutex<[String: Source]>([:])
  /// How a wait is told.
  private let reason: String
  private let message: String

  private init(_ reason: String, _ message: String) {
    self.reason = reason
    self.message = message
  }

  static func ofLogins() -> GuessThrottle {
    GuessThrottle("LOGIN_THROTTLED", "Too many logins have failed from there; wait")
  }

  static func ofLinks() -> GuessThrottle {
    GuessThrottle("LINKS_THROTTLED", "Too many links from there have opened nothing; wait")
  }

  /// Addresses that are remembered at present.
  var count: Int { sources.withLock { $0.count } }

  /// Refuses an address that has to wait.
  func check(_ peer: String, at now: Instant) throws {
    guard let source = Self.source(peer) else { return }
    let until = sources.withLock { $0[source]?.waitsUntil }
    guard let until, now < until else { return }
    throw Pushback.status(
      reason, message, after: .microseconds(until.microseconds - now.microseconds))
  }

  func fail(_ peer: String, at now: Instant) {
    guard let name = Self.source(peer) else { return }
    sources.withLock { sources in
      if sources[name] == nil, sources.count >= Self.limit { Self.makeRoom(in: &sources, now) }
      var source = sources[name] ?? Source(failures: 0, since: now, waitsUntil: now)
      Self.forget(&source, now)
      source.failures += 1
      let extra = source.failures - Int64(Self.freeFailures)
      if extra >= 0 {
        let wait = min(Self.waits.lowerBound << min(extra, 20), Self.waits.upperBound)
        source.waitsUntil = now.adding(seconds: wait)
      }
      sources[name] = source
    }
  }

  /// An IPv4 address, or the network that a provider gives one customer of IPv6.
  private static func source(_ peer: String) -> String? {
    let block = Network.around(peer: peer, bits: (32, 64))
    return block == peer ? nil : block
  }

  private static func forget(_ source: inout Source, _ now: Instant) {
    let passed = (now.microseconds - source.since.microseconds) / 1_000_000 / forgetSeconds
    guard passed > 0 else { return }
    source.failures = max(0, source.failures - passed)
    source.since = source.since.adding(seconds: passed * forgetSeconds)
  }

  /// Forgets whom nothing is held against any more, else the half that failed least.
  private static func makeRoom(in sources: inout [String: Source], _ now: Instant) {
    for name in sources.keys {
      guard var source = sources[name] else { continue }
      forget(&source, now)
      sources[name] = source.failures == 0 ? nil : source
    }
    guard sources.count >= limit else { return }
    let byFailures = sources.sorted { $0.value.failures < $1.value.failures }
    for (name, _) in byFailures.prefix(limit / 2) { sources[name] = nil }
  }
}
