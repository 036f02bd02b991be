package import NIOCore

/// Every bound of one HTTP/2 connection. `RPCLimits` documents them for users; the defaults are
/// repeated there.
package struct ConnectionLimits: Sendable {
  /// Streams the peer may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS).
  package var maxConcurrentStreams: UInt32 = 500
  /// Bytes the peer may send on one stream before we consume any.
  package var streamWindowBytes: Int32 = 256 * 1024
  /// Bytes the peer may send on the whole connection before we consume any; what a peer can make us
  /// hold.
  package var connectionWindowBytes: Int32 = 2 * 1024 * 1024
  /// Σ (name + value + 32) over the fields of one header block, as RFC 9113 counts.
  package var maxHeaderListBytes = 16 * 1024
  /// Fields in one header block.
  package var maxHeaderFields = 128
  /// CONTINUATION frames after one HEADERS. Above nghttp2's 8, whose counter in 1.52 mistakes a
  /// frame that arrives byte by byte for many; the header list bound is what holds memory.
  package var maxContinuations = 64
  /// Streams the peer of a server may reset at once, and per second in the long run (rapid reset,
  /// CVE-2023-44487). nghttp2's own count, set to twice as much, stands behind it.
  package var resets = Rate(burst: 200, perSecond: 50)
  /// Resets the peer may provoke from us by broken frames (MadeYouReset, CVE-2025-8671): 1.52 has
  /// no bound.
  package var provokedResets = Rate(burst: 100, perSecond: 10)
  /// Frames that cost work and move nothing: all but HEADERS that open a stream and DATA that
  /// carries something, those of unknown types and of streams that are gone included. Every HEADERS
  /// frame that we send gives one back, and every DATA frame that is no crumb, so that a busy
  /// connection never runs dry.
  package var controlFrames = Rate(burst: 10_000, perSecond: 2_000)
  /// From connect to the peer's preface and SETTINGS.
  package var prefaceTimeout: TimeAmount = .seconds(5)
  /// From our SETTINGS to their acknowledgement.
  package var settingsTimeout: TimeAmount = .seconds(10)
  /// From the first to the last byte of one header block.
  package var headerBlockTimeout: TimeAmount = .seconds(5)
  /// How long the socket may refuse our bytes.
  package var writeStallTimeout: TimeAmount = .seconds(30)
  /// How long the peer of a server may leave a response queued by giving it no window.
  package var responseStallTimeout: TimeAmount = .seconds(60)
  /// What a client must let pass between two PINGs, unless we sent something meanwhile.
  package var minPingInterval: TimeAmount = .seconds(10)
  /// Silence after which we send a PING; nil for never.
  package var keepaliveTime: TimeAmount? = .minutes(5)
  /// Silence after that PING that ends the connection.
  package var keepaliveTimeout: TimeAmount = .seconds(20)
  /// Whether a client sends PINGs also while no stream is open; a server always does.
  package var keepaliveWithoutStreams = false
  /// A server's connection that is older is drained, give or take a tenth; nil for none.
  package var maxAge: TimeAmount?
  /// A server's connection without a stream for so long is drained; nil for none.
  package var maxIdle: TimeAmount?
  /// How long open streams may take once their connection is too old.
  package var ageGrace: TimeAmount = .minutes(1)

  package init() {}

  /// A token bucket's two numbers.
  package struct Rate: Sendable {
    package var burst: Int
    package var perSecond: Int

    package init(burst: Int, perSecond: Int) {
      self.burst = burst
      self.perSecond = perSecond
    }
  }
}
