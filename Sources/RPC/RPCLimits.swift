internal import HTTP2
internal import NIOCore

/// Every bound of the runtime, with its default. Nothing that a peer controls is without one;
/// `joinery serve --limit NAME=VALUE` sets any of them.
///
/// What a peer can try, what stops it, and how that ends. Debian's nghttp2 1.52 (from deb12u3 on)
/// has the protections that are marked (n); all others are ours. CALM is
/// GOAWAY(ENHANCE_YOUR_CALM) with the reason as its debug data.
///
/// - Rapid reset: `resetBurst`, `resetsPerSecond` (n: the same at twice the numbers);
///   handlers of reset calls count on. CALM too_many_resets.
/// - Resets provoked by broken frames (MadeYouReset; 1.52 answers each):
///   `provokedResetBurst`, `provokedResetsPerSecond`. CALM too_many_stream_errors.
/// - CONTINUATION flood: (n) `maxContinuations`. CALM too_many_continuations.
/// - Floods of SETTINGS, PING, WINDOW_UPDATE, PRIORITY, unknown types, acknowledgements, DATA
///   that carries nothing, HEADERS and DATA of streams that are gone (n: only 1,000 answers
///   that are not read, 32 settings in a frame): `controlFrameBurst`,
///   `controlFramesPerSecond`. CALM too_many_control_frames.
/// - PING as a habit: `minPingInterval`. CALM too_many_pings.
/// - HEADERS that are no request: as provoked resets. CALM too_many_stream_errors.
/// - Header bombs, oversized metadata (n: a table of 4 KiB, one field of 64 KiB):
///   `maxHeaderListBytes`, `maxHeaderFields`. RESOURCE_EXHAUSTED; RST_STREAM from eight times
///   as much on.
/// - Headers that do not end: `headerBlockTimeout`. CALM slow_headers.
/// - Requests and messages that do not end: `requestTimeout`; `bufferedBytesPerConnection`,
///   `bufferedBytes`. DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED.
/// - Oversized messages, bombs to inflate: `maxReceiveMessageBytes`. RESOURCE_EXHAUSTED.
/// - Replies that are not read from the socket: `writeStallTimeout`;
///   `queuedBytesPerConnection`, `queuedBytes`. Closed; RESOURCE_EXHAUSTED for new calls.
/// - Windows that are shut, or opened by crumbs: `responseStallTimeout`.
///   RST_STREAM(ENHANCE_YOUR_CALM), then CALM slow_read.
/// - Streams that are never closed: `maxConcurrentStreams` (n), `maxHandlersPerConnection`,
///   `maxHandlers`. GOAWAY(PROTOCOL_ERROR); RESOURCE_EXHAUSTED, UNAVAILABLE.
/// - Many connections: `maxConnections`, `maxConnectionsPerAddress`; without file descriptors
///   nothing is accepted for a second. Closed at once.
/// - Silence, handshakes that do not end, wrong prefaces, HTTP/1, random bytes:
///   `prefaceTimeout` (n: junk is fatal at once). GOAWAY(SETTINGS_TIMEOUT,
///   "preface_timeout"), or PROTOCOL_ERROR.
/// - SETTINGS that are not acknowledged: `settingsTimeout`. GOAWAY(SETTINGS_TIMEOUT).
/// - Peers that vanished: `keepaliveTime`, `keepaliveTimeout`. GOAWAY(NO_ERROR),
///   "keepalive_timeout".
/// - TLS renegotiation, endless key updates: BoringSSL refuses the one, and the other after
///   32 in a row. Closed.
public struct RPCLimits: Sendable {
  // MARK: Messages

  /// Largest message accepted, in bytes; the length prefix is judged, before the bytes, and the
  /// inflated size of a compressed one while it is inflated. Exceeded: RESOURCE_EXHAUSTED.
  public var maxReceiveMessageBytes = 4 * 1024 * 1024
  /// Largest message sent. Exceeded: RESOURCE_EXHAUSTED.
  public var maxSendMessageBytes = 16 * 1024 * 1024
  /// Smallest message that is compressed, where it is to be at all.
  public var compressedFromBytes = 1024
  /// Incomplete messages of one connection together. Exceeded: RESOURCE_EXHAUSTED for the call that
  /// did.
  public var bufferedBytesPerConnection = 16 * 1024 * 1024
  /// Incomplete messages of all connections together. Exceeded: RESOURCE_EXHAUSTED for the call
  /// that did, unless its connection holds no more than 64 KiB.
  public var bufferedBytes = 256 * 1024 * 1024
  /// What one streaming call may have queued in either direction before its writer waits.
  public var streamQueueBytes = 256 * 1024
  /// Responses that a connection's peer has not taken. Exceeded: RESOURCE_EXHAUSTED for new calls,
  /// and streams wait until the last message of each is taken.
  public var queuedBytesPerConnection = 8 * 1024 * 1024
  /// Responses that the peers of all connections have not taken. Exceeded: the same for connections
  /// that hold more than 64 KiB.
  public var queuedBytes = 256 * 1024 * 1024

  // MARK: Calls

  /// Handlers running for one connection, those of cancelled calls included. Exceeded:
  /// RESOURCE_EXHAUSTED.
  public var maxHandlersPerConnection = 1000
  /// Handlers running in all. Exceeded: UNAVAILABLE.
  public var maxHandlers = 10_000
  /// What callers are told to let pass (`grpc-retry-pushback-ms`) when they are refused because
  /// too much is running or queued.
  public var overloadPushback: Duration = .milliseconds(200)
  /// How long a request that is no stream, or one message of a stream, may take to arrive while its
  /// sender has room for it, give or take half. Exceeded: DEADLINE_EXCEEDED.
  public var requestTimeout: Duration = .seconds(60)

  // MARK: Connections

  /// Open connections. Exceeded: closed at once.
  public var maxConnections = 10_000
  /// Open connections of one IP address; nil for as many as there may be. Many tills may sit behind
  /// one address. Exceeded: closed at once.
  public var maxConnectionsPerAddress: Int?
  /// Open streams of one connection (SETTINGS_MAX_CONCURRENT_STREAMS). To begin or end as many in
  /// one go takes a millisecond or two, for which other connections of the same loop wait.
  public var maxConcurrentStreams = 500
  /// Σ (name + value + 32) of one header block. Exceeded: RESOURCE_EXHAUSTED.
  public var maxHeaderListBytes = 16 * 1024
  /// Fields of one header block. Exceeded: RESOURCE_EXHAUSTED.
  public var maxHeaderFields = 128
  /// CONTINUATION frames of one header block. Exceeded: the connection ends.
  public var maxContinuations = 64
  /// What a peer may send on one stream before any of it is consumed
  /// (SETTINGS_INITIAL_WINDOW_SIZE).
  public var streamWindowBytes = 256 * 1024
  /// The same for the whole connection.
  public var connectionWindowBytes = 2 * 1024 * 1024

  // MARK: Abuse; each ends the connection with GOAWAY(ENHANCE_YOUR_CALM)

  /// Streams a peer may open and reset at once.
  public var resetBurst = 200
  /// Streams a peer may open and reset per second in the long run.
  public var resetsPerSecond = 50
  /// Resets a peer may provoke from us by broken frames, at once.
  public var provokedResetBurst = 100
  /// Resets a peer may provoke from us by broken frames, per second in the long run.
  public var provokedResetsPerSecond = 10
  /// Frames at once that move no request forward, beyond one for each frame of ours that moves a
  /// response: all but HEADERS that open a stream and DATA of at least 5 bytes.
  public var controlFrameBurst = 10_000
  /// The same per second in the long run.
  public var controlFramesPerSecond = 2_000

  // MARK: Time

  /// From connect to the first bytes that make sense.
  public var prefaceTimeout: Duration = .seconds(5)
  /// From our SETTINGS to their acknowledgement.
  public var settingsTimeout: Duration = .seconds(10)
  /// From the first to the last byte of a header block.
  public var headerBlockTimeout: Duration = .seconds(5)
  /// How long a socket may take next to nothing (less than 1 KiB) of what we send.
  public var writeStallTimeout: Duration = .seconds(30)
  /// How long a client may leave a response lying by giving it next to no window (less than 1 KiB),
  /// give or take a quarter. Exceeded: RST_STREAM(ENHANCE_YOUR_CALM) for the call.
  public var responseStallTimeout: Duration = .seconds(60)
  /// Silence of the peer after which a PING asks whether it is still there; nil for never. A client
  /// asks only while calls are open, or with `keepaliveWithoutCalls`. Servers that are not ours may
  /// cut off clients that ask more often than every five minutes (gRFC A8).
  public var keepaliveTime: Duration? = .seconds(300)
  /// Silence after that PING that ends the connection.
  public var keepaliveTimeout: Duration = .seconds(20)
  /// Whether a client asks also without open calls, so that no router on the way forgets it.
  public var keepaliveWithoutCalls = false
  /// What a server wants a client to let pass between two PINGs without an answer of ours between
  /// them. The third that comes too early ends the connection with GOAWAY(ENHANCE_YOUR_CALM,
  /// "too_many_pings"). gRPC's 5 minutes would be too long for tills behind routers that forget
  /// after one.
  public var minPingInterval: Duration = .seconds(10)
  /// A server drains connections that are older, give or take a tenth; nil for none. Lets a load
  /// balancer see its clients again.
  public var maxConnectionAge: Duration?
  /// How long calls may take that are open when their connection is too old.
  public var maxConnectionAgeGrace: Duration = .seconds(60)
  /// A server drains connections without a call for so long; nil for none.
  public var maxConnectionIdle: Duration?

  // MARK: A client's connections

  /// How long a client waits for the TCP connection.
  public var connectTimeout: Duration = .seconds(5)
  /// How long an address that could not be reached is left alone, from the begin of the attempt; by
  /// 1.6 longer each time, give or take a fifth (connection-backoff.md).
  public var initialReconnectPause: Duration = .seconds(1)
  /// The longest that an address is left alone.
  public var maxReconnectPause: Duration = .seconds(120)
  /// Between two look-ups of a target's host names, which follow when an address fails.
  public var minLookUpInterval: Duration = .seconds(30)
  /// Addresses of a target, and so connections of a client; of more the first are taken.
  public var maxAddresses = 32
  /// What a client keeps of a streaming request to be able to send it again; of a request beyond it
  /// nothing is, and it is not repeated.
  public var replayBytes = 256 * 1024

  public init() {}

  var connection: ConnectionLimits {
    var limits = ConnectionLimits()
    limits.maxConcurrentStreams = UInt32(clamping: maxConcurrentStreams)
    limits.streamWindowBytes = Int32(clamping: streamWindowBytes)
    limits.connectionWindowBytes = Int32(clamping: connectionWindowBytes)
    limits.maxHeaderListBytes = maxHeaderListBytes
    limits.maxHeaderFields = maxHeaderFields
    limits.maxContinuations = maxContinuations
    limits.resets = .init(burst: resetBurst, perSecond: resetsPerSecond)
    limits.provokedResets = .init(burst: provokedResetBurst, perSecond: provokedResetsPerSecond)
    limits.controlFrames = .init(burst: controlFrameBurst, perSecond: controlFramesPerSecond)
    limits.prefaceTimeout = TimeAmount(prefaceTimeout)
    limits.settingsTimeout = TimeAmount(settingsTimeout)
    limits.headerBlockTimeout = TimeAmount(headerBlockTimeout)
    limits.writeStallTimeout = TimeAmount(writeStallTimeout)
    limits.responseStallTimeout = TimeAmount(responseStallTimeout)
    limits.minPingInterval = TimeAmount(minPingInterval)
    limits.keepaliveTime = keepaliveTime.map { TimeAmount($0) }
    limits.keepaliveTimeout = TimeAmount(keepaliveTimeout)
    limits.keepaliveWithoutStreams = keepaliveWithoutCalls
    limits.maxAge = maxConnectionAge.map { TimeAmount($0) }
    limits.ageGrace = TimeAmount(maxConnectionAgeGrace)
    limits.maxIdle = maxConnectionIdle.map { TimeAmount($0) }
    return limits
  }
}
