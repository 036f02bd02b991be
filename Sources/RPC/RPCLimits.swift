internal import HTTP2
internal import NIOCore

/// Every bound of the runtime, with its default. Nothing that a peer controls is without one.
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
  /// that did.
  public var bufferedBytes = 256 * 1024 * 1024
  /// What one streaming call may have queued in either direction before its writer waits.
  public var streamQueueBytes = 256 * 1024
  /// Responses that a connection's peer has not taken. Exceeded: RESOURCE_EXHAUSTED for new calls.
  public var queuedBytesPerConnection = 8 * 1024 * 1024

  // MARK: Calls

  /// Handlers running for one connection, those of cancelled calls included. Exceeded:
  /// RESOURCE_EXHAUSTED.
  public var maxHandlersPerConnection = 1000
  /// Handlers running in all. Exceeded: UNAVAILABLE.
  public var maxHandlers = 10_000
  /// What callers are told to let pass (`grpc-retry-pushback-ms`) when they are refused because
  /// too much is running or queued.
  public var overloadPushback: Duration = .milliseconds(200)
  /// How long a request that is no stream may take to arrive. Exceeded: DEADLINE_EXCEEDED.
  public var requestTimeout: Duration = .seconds(60)

  // MARK: Connections

  /// Open connections. Exceeded: closed at once.
  public var maxConnections = 10_000
  /// Open streams of one connection (SETTINGS_MAX_CONCURRENT_STREAMS).
  public var maxConcurrentStreams = 1000
  /// Σ (name + value + 32) of one header block. Exceeded: RESOURCE_EXHAUSTED.
  public var maxHeaderListBytes = 16 * 1024
  /// Fields of one header block. Exceeded: RESOURCE_EXHAUSTED.
  public var maxHeaderFields = 128
  /// What a peer may send on one stream before any of it is consumed
  /// (SETTINGS_INITIAL_WINDOW_SIZE).
  public var streamWindowBytes = 256 * 1024
  /// The same for the whole connection.
  public var connectionWindowBytes = 2 * 1024 * 1024

  // MARK: Abuse; each ends the connection with GOAWAY(ENHANCE_YOUR_CALM) or as nghttp2 decides

  /// Streams a peer may open and reset at once.
  public var resetBurst = 200
  /// Streams a peer may open and reset per second in the long run.
  public var resetsPerSecond = 50
  /// Resets a peer may provoke from us by broken frames, at once.
  public var provokedResetBurst = 100
  /// Resets a peer may provoke from us by broken frames, per second in the long run.
  public var provokedResetsPerSecond = 10
  /// PING, SETTINGS, WINDOW_UPDATE, PRIORITY, RST_STREAM and empty DATA frames at once, beyond one
  /// for each frame of ours.
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
  /// How long a socket may take nothing of what we send.
  public var writeStallTimeout: Duration = .seconds(30)
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
    limits.resets = .init(burst: resetBurst, perSecond: resetsPerSecond)
    limits.provokedResets = .init(burst: provokedResetBurst, perSecond: provokedResetsPerSecond)
    limits.controlFrames = .init(burst: controlFrameBurst, perSecond: controlFramesPerSecond)
    limits.prefaceTimeout = TimeAmount(prefaceTimeout)
    limits.settingsTimeout = TimeAmount(settingsTimeout)
    limits.headerBlockTimeout = TimeAmount(headerBlockTimeout)
    limits.writeStallTimeout = TimeAmount(writeStallTimeout)
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
