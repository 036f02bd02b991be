/// Receives the events of one stream, on the connection's loop, some of them inside nghttp2's
/// callbacks: sending is fine there, closing the connection's session is not possible (and not
/// offered).
package protocol StreamConsumer: AnyObject {
  /// A header block: first the request's or response's, later perhaps trailers (or, at a client,
  /// the block after an informational response).
  func received(headers: HeaderBlock, endStream: Bool)
  /// A piece of the body; valid during the call. Its bytes count against the window until
  /// `Stream.consume`.
  func received(data: UnsafeRawBufferPointer)
  /// The peer will send no more.
  func receivedEnd()
  /// What is queued to send fell below half of `Stream.lowWaterBytes`.
  func drained()
  /// The stream is over; the last event.
  func closed(_ reason: StreamClosure)
}

/// One HTTP/2 stream: what to send on it, and who listens. Confined to the connection's loop.
package final class Stream {
  /// Who gets the events; let go when the stream closes.
  package var consumer: (any StreamConsumer)?
  /// Below half of it `StreamConsumer.drained` is called.
  package var lowWaterBytes = 64 * 1024

  package internal(set) var id: Int32
  package internal(set) var isClosed = false
  /// Whether the peer has finished its side.
  package internal(set) var remoteEnded = false
  /// Whether we have handed our last frame to the wire.
  var localEnded = false
  var headersSubmitted = false
  /// Whether a client's headers have been handed to the wire.
  package internal(set) var wasSent = false
  /// Whether we asked for a reset, so that the reset is not counted as provoked.
  var resetSubmitted = false
  /// Whether nghttp2 waits for `resume`.
  var isDeferred = false
  /// Whether everything to send has been queued.
  package private(set) var isFinished = false
  var trailers: (fixed: StaticFields?, extra: HeaderFields?)?
  // As in `Session`: one thread, and the check is a measurable part of a call.
  @exclusivity(unchecked) var outbound = ByteQueue()
  /// Received and not consumed.
  var unconsumed = 0
  /// Bytes of body handed to the wire.
  var sentBytes = 0
  var progress = Progress()

  // The session closes every stream before it goes, and a closed stream does not touch its session.
  private unowned(unsafe) let session: Session
  // Intrusive list of open streams: the session holds the first, each holds the next.
  var next: Stream?
  unowned(unsafe) var previous: Stream?

  init(id: Int32, session: Session) {
    self.id = id
    self.session = session
  }

  /// Bytes queued and not yet sent.
  package var queuedBytes: Int { outbound.count }

  /// Sends the response's headers. With `end`, nothing follows them.
  package func sendHeaders(_ fixed: StaticFields, _ extra: HeaderFields? = nil, end: Bool) {
    guard !isClosed, !headersSubmitted else { return }
    headersSubmitted = true
    if end { isFinished = true }
    session.submitResponse(self, fixed, extra, end: end)
  }

  /// Adds `size` bytes of body and returns where to put them; they are sent at the end of the
  /// loop's turn, so the caller fills them before it returns to the loop. Nil when the stream is
  /// closed or finished.
  package func allocateBody(_ size: Int) -> UnsafeMutableRawPointer? {
    guard !isClosed, !isFinished else { return nil }
    let memory = outbound.extend(by: size)
    session.queued(size, on: self)
    return memory
  }

  /// Ends our side: after the queued body come the trailers, if any.
  package func finish(trailers fixed: StaticFields? = nil, _ extra: HeaderFields? = nil) {
    guard !isClosed, !isFinished else { return }
    isFinished = true
    if fixed != nil || extra != nil { trailers = (fixed, extra) }
    session.resume(self)
  }

  /// Breaks the stream off; queued frames are lost.
  package func reset(_ code: ErrorCode) {
    guard !isClosed, !resetSubmitted else { return }
    resetSubmitted = true
    session.submitReset(self, code)
  }

  /// Gives `size` received bytes back to the window.
  package func consume(_ size: Int) {
    guard !isClosed else { return }
    let returned = min(size, unconsumed)
    unconsumed -= returned
    session.consume(returned, on: self)
  }
}
