/// The messages of a streaming response. Iterate it once, from one task; dropping it unfinished
/// cancels the call.
public struct ResponseStream<R: WireMessage>: AsyncSequence, Sendable {
  public typealias Element = R

  private let call: any StreamingCall

  init(call: any StreamingCall) { self.call = call }

  /// The response's headers; waits for them. Throws the call's error when it fails before any.
  public var headers: Metadata {
    get async throws { try await call.headers() }
  }

  /// The response's trailers; meaningful after the last message.
  public var trailers: Metadata { call.trailers }

  /// Whether the message that was handed out last had come compressed.
  public var wasCompressed: Bool { call.wasCompressed }

  public func makeAsyncIterator() -> Iterator { Iterator(call: call) }

  /// Hands out one decoded message at a time.
  public struct Iterator: AsyncIteratorProtocol {
    let call: any StreamingCall

    /// The next message; nil after the server ended the call with OK; throws `RPCError` for any
    /// other end.
    public mutating func next() async throws -> R? {
      try await call.inbox.next()?.decode(as: R.self)
    }
  }
}

/// The client's view of one open call with streamed responses; its last release cancels the call if
/// it is still open.
protocol StreamingCall: AnyObject, Sendable {
  var inbox: MessageInbox { get }
  var trailers: Metadata { get }
  var wasCompressed: Bool { get }
  func headers() async throws -> Metadata
}

/// Sends the messages of a streaming request.
public struct RequestWriter<Q: WireMessage>: Sendable {
  private let sink: any RequestSink

  init(sink: any RequestSink) { self.sink = sink }

  /// Sends one message; suspends while too much is queued. Throws `RPCError` once the call is over.
  /// With `compressed` false the message goes out as it is even where the call compresses
  /// (`CallOptions.compressesMessages`).
  public func write(_ message: Q, compressed: Bool = true) async throws {
    try await sink.write(message, compressed: compressed)
  }
}

/// Where the messages of a streaming request go.
protocol RequestSink: AnyObject, Sendable {
  func write<Q: WireMessage>(_ message: Q, compressed: Bool) async throws
}
