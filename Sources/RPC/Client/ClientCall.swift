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
  /// Response headers had come, or the request cannot be sent again: the failure is the caller's to
  /// see.
  var isCommitted = false

  init(_ error: RPCError, _ progress: Progress = .processed) {
    self.error = error
    self.progress = progress
  }
}

/// One attempt of a call: sends the request, turns the stream's events into the response.
///
/// Confined to the connection's loop, but for `cancel`, which hops there.
final class ClientCall: StreamConsumer, Expiring, @unchecked Sendable {
  // @unchecked: the caller's task only keeps a reference to come back by; every access is on the
  // loop.
  let connection: ClientConnection
  var deadlineSlot = -1

  private let limits: RPCLimits
  private let deadline: Deadline?
  private var receiver: (any CallReceiver)?
  private var stream: HTTP2.Stream?
  private var headersCame = false
  private var deframer: MessageDeframer
  private var flow: InboundFlow
  private var isOver = false
  /// Where the messages of a streaming request come from.
  private var source: RequestBuffer?

  init(connection: ClientConnection, deadline: Deadline?) {
    self.connection = connection
    self.limits = connection.limits
    self.deadline = deadline
    self.deframer = MessageDeframer(limit: connection.limits.maxReceiveMessageBytes)
    self.flow = InboundFlow(limit: connection.limits.streamQueueBytes)
  }

  // MARK: Request

  /// What is sent behind the headers.
  enum Body: Sendable {
    /// One framed message.
    case single([UInt8])
    case stream(RequestBuffer)

    var source: RequestBuffer? { if case .stream(let source) = self { source } else { nil } }
  }

  /// Sends the request. On the loop, once.
  func start(_ fields: HeaderFields, _ body: Body, receiver: any CallReceiver) {
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
    switch body {
    case .single(let message):
      queue(message)
      stream.finish()
    case .stream(let source):
      self.source = source
      pump()
    }
  }

  /// Gives the call up, here and at the server.
  func cancel() {
    connection.loop.execute { self.abandon(ClientCall.cancelled) }
  }

  /// Takes over what there is to send, while the stream's own queue has room.
  private func pump() {
    guard let stream, let source, !isOver else { return }
    while stream.queuedBytes <= limits.streamQueueBytes {
      let step = source.next { [weak self] in
        guard let self else { return }
        connection.loop.execute { self.pump() }
      }
      switch step {
      case .message(let bytes): queue(bytes)
      case .nothing: return
      case .end: return stream.finish()
      }
    }
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
      if head.status == .ok, !deframer.isEmpty { return abandon(ClientCall.cutOff) }
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

  func drained() { pump() }

  func closed(_ reason: StreamClosure) {
    let wasSent = stream?.wasSent ?? false
    defer { stream = nil }
    guard !isOver else { return }
    switch reason {
    case .connectionLost:
      // What never left was seen by nobody.
      end(CallFailure(connection.lossError, wasSent ? .processed : .unprocessed))
    case .code(let code):
      end(
        CallFailure(
          ClientCall.error(of: code), code == .refusedStream ? .unprocessed : .processed))
    }
  }

  // MARK: Expiring

  func expired() { abandon(ClientCall.late) }

  // MARK: End

  static let cancelled = RPCError(.cancelled, "the call was cancelled")
  private static let cutOff = RPCError(.internal, "the response ends in the middle of a message")
  static let late = RPCError(.deadlineExceeded, "the deadline passed")

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
    source = nil
    connection.deadlines.remove(self)
    deframer.clear()
    let receiver = self.receiver
    self.receiver = nil
    var failure = failure
    if headersCame { failure?.isCommitted = true }
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
