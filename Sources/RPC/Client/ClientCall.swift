internal import HTTP2
internal import NIOCore

/// What becomes of a response. Called on the connection's loop; `ended` exactly once and last.
protocol CallReceiver: AnyObject {
  func received(headers: Metadata)
  func received(message: ReceivedMessage)
  /// With nil the call ended with OK.
  func ended(_ error: CallFailure?, trailers: Metadata)
}

/// Why a call failed, and how far it had come.
struct CallFailure: Error {
  enum Progress: Equatable {
    /// A handler may have seen it.
    case processed
    /// No handler saw it, by the server's word or because it was not sent: repeating it is safe.
    case unprocessed
    /// The server had ended the connection in good order before the call was sent.
    case unsent
  }

  let error: RPCError
  let progress: Progress

  init(_ error: RPCError, _ progress: Progress = .processed) {
    self.error = error
    self.progress = progress
  }
}

/// One call on the client: sends the request, turns the stream's events into the response.
///
/// Confined to the connection's loop, but for `write`, `cancel` and `finishSending`, which hop
/// there.
final class ClientCall: StreamConsumer, Expiring, RequestSink, @unchecked Sendable {
  // @unchecked: the caller's task only keeps a reference to come back by; every access is on the
  // loop.
  let connection: ClientConnection
  var deadlineSlot = -1

  private let limits: RPCLimits
  private let compression: MessageCompression?
  private let deadline: Deadline?
  private var receiver: (any CallReceiver)?
  private var stream: HTTP2.Stream?
  private var headersCame = false
  private var deframer: MessageDeframer
  private var flow: InboundFlow
  private let writers: WriterQueue
  private var isOver = false
  /// What the sending task did before the stream was opened.
  private var early: (messages: [[UInt8]], isFinished: Bool) = ([], false)

  /// `compression` is for what `write` sends; a single message comes framed to `start`.
  init(connection: ClientConnection, deadline: Deadline?, compression: MessageCompression?) {
    self.connection = connection
    self.limits = connection.limits
    self.compression = compression
    self.deadline = deadline
    self.deframer = MessageDeframer(limit: connection.limits.maxReceiveMessageBytes)
    self.flow = InboundFlow(limit: connection.limits.streamQueueBytes)
    self.writers = WriterQueue(loop: connection.loop)
  }

  // MARK: Request

  /// Sends headers and, if given, the single message. On the loop, once.
  func start(
    _ fields: HeaderFields, message: [UInt8]?, receiver: any CallReceiver
  ) {
    self.receiver = receiver
    if isOver { return end(CallFailure(ClientCall.cancelled)) }
    var fields = fields
    if let deadline {
      guard !deadline.hasPassed else { return end(CallFailure(ClientCall.late)) }
      fields.add("grpc-timeout", GRPCTimeout.format(deadline.remaining).utf8)
      connection.deadlines.add(self, at: deadline.uptimeNanoseconds)
    }
    guard let stream = connection.open(fields, for: self) else {
      return end(
        CallFailure(connection.lossError, connection.saidGoodbye ? .unsent : .unprocessed))
    }
    self.stream = stream
    stream.lowWaterBytes = limits.streamQueueBytes
    for message in early.messages { queue(message) }
    if let message { queue(message) }
    if message != nil || early.isFinished { stream.finish() }
    early.messages = []
  }

  func write<Q: WireMessage>(_ message: Q) async throws {
    let bytes = try MessageFrame.bytes(
      message, limit: limits.maxSendMessageBytes, compression: compression)
    if connection.loop.inEventLoop {
      try add(bytes)
    } else {
      try await connection.loop.submit { try self.add(bytes) }.get()
    }
    try await writers.wait { [self] in (stream?.queuedBytes ?? 0) > limits.streamQueueBytes }
  }

  /// Closes the request side; what was written is sent.
  func finishSending() {
    connection.loop.execute {
      if let stream = self.stream { stream.finish() } else { self.early.isFinished = true }
    }
  }

  /// Gives the call up, here and at the server.
  func cancel() {
    connection.loop.execute { self.abandon(ClientCall.cancelled) }
  }

  private func add(_ message: [UInt8]) throws {
    guard !isOver else { throw ClientCall.cancelled }
    if stream == nil { early.messages.append(message) } else { queue(message) }
  }

  private func queue(_ message: [UInt8]) {
    guard let memory = stream?.allocateBody(message.count) else { return }
    message.withUnsafeBytes { source in
      if let start = source.baseAddress { memory.copyMemory(from: start, byteCount: source.count) }
    }
  }

  // MARK: StreamConsumer

  func received(headers block: HeaderBlock, endStream: Bool) {
    let head = ResponseHead(block)
    // 1xx: the real headers follow.
    if head.isInformational, !endStream { return }
    if block.isTruncated {
      return abandon(RPCError(.resourceExhausted, "the response's metadata is too large"))
    }
    if endStream || headersCame {
      if !headersCame, head.status == nil, let problem = head.problem { return abandon(problem) }
      return end(head.outcome.map { CallFailure($0) }, trailers: head.metadata)
    }
    if let problem = head.problem { return abandon(problem) }
    headersCame = true
    deframer.encoding = head.encoding
    receiver?.received(headers: head.metadata)
  }

  func received(data: UnsafeRawBufferPointer) {
    guard !isOver else {
      stream?.consume(data.count)
      return
    }
    deframer.append(data)
    do {
      while let message = try deframer.next() {
        flow.queued(message.wireBytes)
        receiver?.received(message: message)
      }
    } catch { return abandon(error) }
    stream?.consume(flow.received(data.count))
  }

  /// A message was taken from the inbox. On the loop.
  func taken(_ size: Int) { stream?.consume(flow.taken(size)) }

  func receivedEnd() {
    if !isOver { abandon(RPCError(.internal, "the response ended without a status")) }
  }

  func drained() { writers.resumeAll() }

  func closed(_ reason: StreamClosure) {
    defer { stream = nil }
    guard !isOver else { return }
    switch reason {
    case .connectionLost:
      end(CallFailure(connection.lossError))
    case .code(let code):
      end(
        CallFailure(
          ClientCall.error(of: code), code == .refusedStream ? .unprocessed : .processed))
    }
  }

  // MARK: Expiring

  func expired() { abandon(ClientCall.late) }

  // MARK: End

  private static let cancelled = RPCError(.cancelled, "the call was cancelled")
  private static let late = RPCError(.deadlineExceeded, "the deadline passed")

  /// Ends the call from our side.
  private func abandon(_ error: RPCError) {
    guard !isOver else { return }
    // Before the start there is no receiver; `start` will find the call over.
    guard receiver != nil else {
      isOver = true
      return
    }
    stream?.reset(.cancel)
    end(CallFailure(error))
  }

  private func end(_ failure: CallFailure?, trailers: Metadata = [:]) {
    isOver = true
    connection.deadlines.remove(self)
    writers.failAll()
    deframer.clear()
    let receiver = self.receiver
    self.receiver = nil
    receiver?.ended(failure, trailers: trailers)
    // The response is complete; a server that answered early does not want the rest of the request.
    if let stream, !stream.isFinished { stream.reset(.cancel) }
  }

  /// What a reset means to the caller, by gRPC's table (PROTOCOL-HTTP2.md, "Errors").
  private static func error(of code: ErrorCode) -> RPCError {
    switch code {
    case .refusedStream: RPCError(.unavailable, "the server refused the call")
    case .cancel: RPCError(.cancelled, "the server cancelled the call")
    case .enhanceYourCalm: RPCError(.resourceExhausted, "the server wants fewer calls")
    case .inadequateSecurity: RPCError(.permissionDenied, "the server wants a safer connection")
    default: RPCError(.internal, "the stream was reset with code \(code.rawValue)")
    }
  }
}
