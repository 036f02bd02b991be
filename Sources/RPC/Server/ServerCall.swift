internal import HTTP2
internal import NIOCore

/// One call on the server: turns the stream's events into a request, runs the handler, turns its
/// result into frames.
///
/// Confined to the connection's loop: the stream's events come there, the handler's task runs
/// there, and what a handler does on another thread (`write`) hops there.
final class ServerCall: StreamConsumer, HandlerPort, Expiring, @unchecked Sendable {
  // @unchecked: the handler's task, which needs a Sendable reference, runs on the loop that
  // everything here is confined to.

  /// Where the call stands.
  enum Phase: Equatable {
    /// Waiting for headers or for the whole of a unary request. Can go to `running` or `ended`.
    case receiving
    /// The handler runs. Can go to `ended`.
    case running
    /// A status is decided or nobody listens; a handler may still be on its way out. Final.
    case ended
  }

  let stream: HTTP2.Stream
  let connection: ServerConnection
  private(set) var phase = Phase.receiving
  var deadlineSlot = -1

  /// Its index in the route table; nil until it is known.
  private var route: Int?
  private var shape = MethodDescriptor.Shape.unary
  private var deadline: Deadline?
  /// What the caller accepts; nil for identity alone.
  private var accepted: MessageEncoding?
  /// What our headers said.
  private var announced: MessageEncoding?
  private var startedAt: UInt64 = 0
  // As in `DeadlineTimer`.
  @exclusivity(unchecked) private var deframer: MessageDeframer
  private var theContext: CallContext?
  private var theInbox: MessageInbox?
  private var task: Task<Void, Never>?
  private var headersSent = false
  private var outcome = RPCError.Code.ok
  /// Bytes of an incomplete message that are counted against the connection's budget.
  private var reserved = 0
  /// Since when we wait for the rest of a streamed message.
  private var incompleteSince: UInt64?
  private var flow: InboundFlow
  private var writers: WriterQueue?

  init(stream: HTTP2.Stream, connection: ServerConnection) {
    self.stream = stream
    self.connection = connection
    self.deframer = MessageDeframer(limit: connection.limits.maxReceiveMessageBytes)
    self.flow = InboundFlow(limit: connection.limits.streamQueueBytes)
    stream.lowWaterBytes = connection.limits.streamQueueBytes
  }

  private var core: ServerCore { connection.core }
  private var limits: RPCLimits { connection.limits }

  // MARK: StreamConsumer

  func received(headers block: HeaderBlock, endStream: Bool) {
    guard theContext == nil, phase == .receiving else {
      // Trailers of the request: gRPC has none, but they end it.
      if endStream { receivedEnd() }
      return
    }
    connection.counters.callStarted()
    startedAt = connection.now
    let head = RequestHead(block, core.table)
    route = head.route
    guard let route, head.refusal == nil else { return refuse(head.refusal) }
    let method = core.table.routes[route].method
    self.shape = method.shape
    if let timeout = head.timeout {
      let deadline = Deadline(uptimeNanoseconds: startedAt &+ timeout)
      self.deadline = deadline
      connection.deadlines.add(self, at: deadline.uptimeNanoseconds)
    }
    deframer.encoding = head.encoding
    accepted = head.accepted
    theContext = CallContext(
      method: method, metadata: head.metadata, deadline: deadline, peer: connection.peer,
      identity: connection.identity, compressesResponses: head.encoding != nil)
    if shape.streamsResponses { writers = WriterQueue(loop: connection.loop) }
    if shape.streamsRequests {
      makeInbox()
      start()
    }
    if endStream { receivedEnd() }
  }

  func received(data: UnsafeRawBufferPointer) {
    guard phase != .ended else { return stream.consume(data.count) }
    deframer.append(data)
    if shape.streamsRequests { receivedStreamed(data.count) } else { receivedSingle(data.count) }
  }

  func receivedEnd() {
    guard phase != .ended else { return }
    if shape.streamsRequests {
      guard deframer.isEmpty else { return fail(ServerCall.cutOff) }
      theInbox?.finish()
      return
    }
    guard phase == .receiving else { return }
    do {
      guard try deframer.first() != nil else {
        let error =
          deframer.isEmpty
          ? RPCError(.unimplemented, "the request has no message, the method takes one")
          : ServerCall.cutOff
        return fail(error)
      }
    } catch { return fail(error) }
    releaseReservation()
    start()
  }

  func drained() { writers?.resumeAll() }

  func closed(_ reason: StreamClosure) {
    connection.deadlines.remove(self)
    // After our own status there is nobody left to tell.
    if phase != .ended { end(ServerCall.cancelled) }
  }

  // MARK: Expiring

  func expired() { fail(RPCError(.deadlineExceeded, "the deadline passed")) }

  /// Fails the call if it began at `moment` or before and its single message is still not here, or
  /// if one of many has been on its way since then with room for all of it.
  func failIfIncomplete(since moment: UInt64) {
    if phase == .receiving, startedAt <= moment {
      fail(RPCError(.deadlineExceeded, "the request did not arrive in time"))
    } else if phase == .running, !flow.isWithholding, let start = incompleteSince, start <= moment {
      fail(RPCError(.deadlineExceeded, "a message did not arrive in time"))
    }
  }

  /// The server goes down and waits no longer.
  func abandon() { fail(RPCError(.unavailable, "the server is shutting down")) }

  // MARK: Request

  private func receivedSingle(_ size: Int) {
    stream.consume(size)
    do {
      guard let message = try deframer.first() else { return keepIncomplete() }
      if deframer.excess(behind: message) > 0 {
        fail(RPCError(.unimplemented, "the request has several messages, the method takes one"))
      }
    } catch { fail(error) }
  }

  private func receivedStreamed(_ size: Int) {
    do {
      while let message = try deframer.next() {
        incompleteSince = nil
        flow.queued(message.wireBytes)
        theInbox?.put(message)
      }
    } catch { return fail(error) }
    if !deframer.isEmpty, incompleteSince == nil { incompleteSince = connection.now }
    keepIncomplete()
    stream.consume(flow.received(size))
  }

  private func makeInbox() {
    let loop = connection.loop
    let context = context
    theInbox = MessageInbox { [weak self] message in
      guard let self else { return }
      context.noteRequest(isCompressed: message.encoding != nil)
      let size = message.wireBytes
      if loop.inEventLoop { taken(size) } else { loop.execute { self.taken(size) } }
    }
  }

  private func taken(_ size: Int) {
    let room = flow.taken(size)
    guard room > 0 else { return }
    // Until now the sender waited for us, not we for it.
    if incompleteSince != nil { incompleteSince = connection.now }
    stream.consume(room)
  }

  /// Counts what an incomplete message holds; the sender's share of the server's memory.
  private func keepIncomplete() {
    let change = deframer.bufferedBytes - reserved
    guard change != 0 else { return }
    guard connection.reserve(change) else {
      return fail(RPCError(.resourceExhausted, "too much unfinished input"))
    }
    reserved += change
  }

  private func releaseReservation() {
    guard reserved != 0 else { return }
    _ = connection.reserve(-reserved)
    reserved = 0
  }

  // MARK: Handler

  private func start() {
    if let refusal = connection.startHandler() { return fail(refusal) }
    phase = .running
    // Runs up to its first suspension before it returns: a handler that does not wait costs no
    // scheduling.
    let task = Task.immediateDetached(executorPreference: connection.executor) { await self.run() }
    if phase == .running { self.task = task }
  }

  nonisolated(nonsending) private func run() async {
    var failure: (any Error)?
    var reached = 0
    do {
      for interceptor in core.interceptors {
        reached += 1
        try await interceptor.before?(context)
      }
      // An interceptor may have waited, and the call may have ended meanwhile.
      guard phase == .running else { throw ServerCall.cancelled }
      try await core.table.routes[handlerRoute].serve(self)
    } catch { failure = error }
    connection.loop.assertInEventLoop()
    finished(failure)
    if reached > 0 { tellInterceptors(reached, failure) }
    connection.handlerEnded()
  }

  private func finished(_ failure: (any Error)?) {
    guard phase == .running else { return }
    guard let failure else { return succeed() }
    switch failure {
    case let error as RPCError: fail(error)
    case let error as WireError: fail(RPCError(wire: error))
    case is CancellationError: fail(ServerCall.cancelled)
    // What the handler meant is not for outsiders: its text may hold anything.
    default: fail(RPCError(.unknown, "the handler failed", cause: failure))
    }
  }

  private func tellInterceptors(_ reached: Int, _ failure: (any Error)?) {
    let duration = Duration.nanoseconds(
      Int64(clamping: NIODeadline.now().uptimeNanoseconds - startedAt))
    let result = CallOutcome(code: outcome, duration: duration, error: failure)
    for interceptor in core.interceptors.prefix(reached).reversed() {
      interceptor.after?(context, result)
    }
  }

  // MARK: HandlerPort

  var context: CallContext {
    guard let theContext else { preconditionFailure("a handler runs before its headers") }
    return theContext
  }

  private var handlerRoute: Int {
    guard let route else { preconditionFailure("a handler runs before its headers") }
    return route
  }

  var inbox: MessageInbox {
    guard let theInbox else { preconditionFailure("\(context.method.path) streams no requests") }
    return theInbox
  }

  func request<Q: WireMessage>(as type: Q.Type) throws -> Q {
    if deframer.encodingOfFirst != nil { context.noteRequest(isCompressed: true) }
    guard let message = try deframer.decodeFirst(as: Q.self) else {
      preconditionFailure("a unary handler runs before its request")
    }
    return message
  }

  func respond<R: WireMessage>(_ message: R) throws {
    if let bytes = context.encodedResponse {
      _ = try queue(EncodedMessage(bytes: bytes), compression)
    } else {
      _ = try queue(message, compression)
    }
  }

  func write<R: WireMessage>(_ message: R, compressed: Bool) async throws {
    if connection.loop.inEventLoop {
      guard try queue(message, compressed ? compression : nil) else { throw ServerCall.cancelled }
    } else {
      try await connection.loop.submit { [self] in
        guard try queue(message, compressed ? compression : nil) else { throw ServerCall.cancelled }
      }.get()
    }
    try await writers?.wait { [self] in isFull }
  }

  /// Whether a writer has to wait: for its own messages to leave, or, on a connection that has its
  /// fill, for the last of them.
  private var isFull: Bool {
    stream.queuedBytes > (connection.isOverfull ? 0 : limits.streamQueueBytes)
  }

  /// Frames a message straight into the stream's queue. False when nobody listens any more.
  private func queue<R: WireMessage>(
    _ message: R, _ compression: MessageCompression?
  ) throws -> Bool {
    guard phase == .running else { return false }
    if let filter = context.responseFilter {
      return try store(EncodedMessage(bytes: filter(message.encoded())), compression)
    }
    return try store(message, compression)
  }

  private func store<R: WireMessage>(
    _ message: R, _ compression: MessageCompression?
  ) throws -> Bool {
    let isStored = try MessageFrame.encode(
      message, limit: limits.maxSendMessageBytes, compression: compression
    ) { stream.allocateBody($0) }
    if isStored { sendHeaders() }
    return isStored
  }

  /// How the next message is compressed; nil for not at all. Without the header, which goes out
  /// with the first message, nothing may be.
  private var compression: MessageCompression? {
    guard let encoding = headersSent ? announced : accepted, context.compressesResponses else {
      return nil
    }
    return MessageCompression(encoding: encoding, fromBytes: limits.compressedFromBytes)
  }

  // MARK: Response

  private static let cancelled = RPCError(.cancelled, "the call was cancelled")
  private static let cutOff = RPCError(.internal, "the request ends in the middle of a message")

  private func sendHeaders() {
    guard !headersSent else { return }
    headersSent = true
    let fixed: StaticFields
    if let accepted, context.compressesResponses {
      announced = accepted
      fixed = ResponseFields.headers(accepted)
    } else {
      fixed = ResponseFields.headers
    }
    guard let metadata = context.responseHeaders, !metadata.isEmpty else {
      return stream.sendHeaders(fixed, end: false)
    }
    var fields = HeaderFields()
    metadata.write(to: &fields, limit: StatusFields.limitBytes)
    stream.sendHeaders(fixed, fields, end: false)
  }

  private func succeed() {
    // A stream without a single message still has headers before its trailers.
    sendHeaders()
    if let trailers = context.responseTrailers, !trailers.isEmpty {
      var fields = HeaderFields()
      trailers.write(to: &fields, limit: StatusFields.limitBytes)
      stream.finish(trailers: ResponseFields.ok, fields)
    } else {
      stream.finish(trailers: ResponseFields.ok)
    }
    end(nil)
  }

  /// Ends the call with a status; a running handler is cancelled and its result ignored.
  private func fail(_ error: RPCError) {
    guard phase != .ended else { return }
    let error = error.code == .ok ? RPCError(.unknown, "the handler failed", cause: error) : error
    var trailers = theContext?.responseTrailers ?? Metadata()
    if let theContext, [.internal, .unknown, .dataLoss].contains(error.code) {
      trailers.add(RequestID.field, theContext.requestID)
    }
    let fields = StatusFields.fields(error, trailers: trailers)
    if headersSent {
      stream.finish(trailers: nil, fields)
    } else {
      headersSent = true
      stream.sendHeaders(ResponseFields.headers, fields, end: true)
    }
    end(error)
  }

  private func refuse(_ refusal: RequestHead.Refusal?) {
    switch refusal {
    case .metadataTooLarge:
      fail(RPCError(.resourceExhausted, "the request's metadata is too large"))
    case .timeoutIsBroken: fail(RPCError(.internal, "malformed grpc-timeout"))
    case .isLate:
      fail(RPCError(.deadlineExceeded, "the deadline passed before the call began"))
    case .unknownMethod, nil: fail(RPCError(.unimplemented, "unknown service or method"))
    case .unknownEncoding:
      let error = RPCError(.unimplemented, "the request's grpc-encoding is not supported")
      var fields = StatusFields.fields(error, trailers: [:])
      fields.add("grpc-accept-encoding", MessageEncoding.accepted.description.utf8)
      stream.sendHeaders(ResponseFields.headers, fields, end: true)
      end(error)
    case .notPost: answerHTTP(ResponseFields.methodNotAllowed)
    case .notGRPC: answerHTTP(ResponseFields.unsupportedMediaType)
    }
  }

  /// Not for gRPC clients: a plain status, so that a plain HTTP client does not take it for
  /// success.
  private func answerHTTP(_ status: StaticFields) {
    stream.sendHeaders(status, end: true)
    end(RPCError(.unknown, ""))
  }

  /// The call is decided: with nil by its handler, otherwise against it.
  private func end(_ error: RPCError?) {
    phase = .ended
    outcome = error?.code ?? .ok
    connection.counters.callEnded(
      route, outcome, nanoseconds: NIODeadline.now().uptimeNanoseconds &- startedAt)
    connection.deadlines.remove(self)
    releaseReservation()
    deframer.clear()
    let task = self.task
    self.task = nil
    guard let error else { return }
    theContext?.cancel()
    task?.cancel()
    theInbox?.fail(error)
    writers?.failAll()
  }
}

/// The fields that every response has.
enum ResponseFields {
  static let methodNotAllowed = StaticFields([(":status", "405")])
  static let unsupportedMediaType = StaticFields([(":status", "415")])
  static let headers = StaticFields([(":status", "200"), ("content-type", "application/grpc")])
  private static let gzip = encoded("gzip")
  private static let deflate = encoded("deflate")
  static let ok = StaticFields([("grpc-status", "0")])

  static func headers(_ encoding: MessageEncoding) -> StaticFields {
    switch encoding {
    case .gzip: gzip
    case .deflate: deflate
    }
  }

  private static func encoded(_ name: StaticString) -> StaticFields {
    StaticFields([
      (":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", name),
    ])
  }
}
