internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A response of one message, as it came.
struct RawReply: Sendable {
  var headers = Metadata()
  var message: ReceivedMessage?
  var trailers = Metadata()
}

/// Collects the response of an attempt that has one message and wakes the caller at the end.
/// Confined to the loop.
final class SingleReceiver: CallReceiver {
  private var reply = RawReply()
  private var isTooMany = false
  private weak var call: ClientCall?
  private let source: RequestBuffer?
  private let caller: CheckedContinuation<Result<RawReply, CallFailure>, Never>

  init(
    _ call: ClientCall, _ source: RequestBuffer?,
    _ caller: CheckedContinuation<Result<RawReply, CallFailure>, Never>
  ) {
    self.call = call
    self.source = source
    self.caller = caller
  }

  func received(headers: Metadata) {
    source?.commit()
    reply.headers = headers
  }

  func received(message: ReceivedMessage) {
    call?.taken(message.wireBytes)
    if reply.message != nil { isTooMany = true }
    reply.message = message
  }

  func ended(_ failure: CallFailure?, trailers: Metadata) {
    if let failure { return caller.resume(returning: .failure(failure)) }
    if isTooMany || reply.message == nil {
      // statuscodes.md: a response of another number of messages than the method says.
      let text = isTooMany ? "the response has several messages" : "the response has no message"
      return caller.resume(returning: .failure(CallFailure(RPCError(.unimplemented, text))))
    }
    reply.trailers = trailers
    caller.resume(returning: .success(reply))
  }
}

/// One attempt of a call with streamed responses: hands on what it receives once it is the one that
/// counts; otherwise its failure is for the driver to judge. Confined to the loop.
final class StreamAttempt: CallReceiver {
  private let receiver: StreamReceiver
  private let source: RequestBuffer?
  private let driver: CheckedContinuation<Result<RPCError?, CallFailure>, Never>

  init(
    _ receiver: StreamReceiver, _ source: RequestBuffer?,
    _ driver: CheckedContinuation<Result<RPCError?, CallFailure>, Never>
  ) {
    self.receiver = receiver
    self.source = source
    self.driver = driver
  }

  func received(headers: Metadata) {
    source?.commit()
    receiver.received(headers: headers)
  }

  func received(message: ReceivedMessage) { receiver.received(message: message) }

  func ended(_ failure: CallFailure?, trailers: Metadata) {
    if let failure, !failure.isCommitted { return driver.resume(returning: .failure(failure)) }
    receiver.ended(failure, trailers: trailers)
    driver.resume(returning: .success(failure?.error))
  }
}

/// Hands a streamed response over to the task that iterates it.
final class StreamReceiver: CallReceiver, Sendable {
  let inbox: MessageInbox
  private let headers: EventLoopPromise<Metadata>
  private let trailerFields = Mutex(Metadata())
  /// The attempt whose messages are taken.
  private let attempt: CurrentAttempt
  /// Stops the task that writes the request.
  private let onEnd: @Sendable () -> Void

  init(onEnd: @escaping @Sendable () -> Void) {
    let attempt = CurrentAttempt()
    self.attempt = attempt
    self.inbox = MessageInbox { attempt.taken($0.wireBytes) }
    self.headers = MultiThreadedEventLoopGroup.singleton.any().makePromise()
    self.onEnd = onEnd
  }

  var headersFuture: EventLoopFuture<Metadata> { headers.futureResult }
  var trailers: Metadata { trailerFields.withLock { $0 } }
  var wasCompressed: Bool { inbox.lastWasCompressed }

  /// From now on messages are those of `call`.
  func begins(_ call: ClientCall) { attempt.call.withLock { $0 = call } }

  func received(headers: Metadata) { self.headers.succeed(headers) }

  func received(message: ReceivedMessage) { inbox.put(message) }

  func ended(_ failure: CallFailure?, trailers: Metadata) {
    attempt.call.withLock { $0 = nil }
    trailerFields.withLock { $0 = trailers }
    if let failure {
      headers.fail(failure.error)
      inbox.endAfterMessages(failure.error)
    } else {
      // No effect when the headers came before.
      headers.succeed([:])
      inbox.finish()
    }
    onEnd()
  }

  private final class CurrentAttempt: Sendable {
    let call = Mutex<ClientCall?>(nil)

    func taken(_ size: Int) {
      guard let call = call.withLock({ $0 }) else { return }
      let loop = call.connection.loop
      if loop.inEventLoop { call.taken(size) } else { loop.execute { call.taken(size) } }
    }
  }
}

/// Keeps a streamed call open as long as somebody holds it.
final class StreamHandle: StreamingCall {
  private let driver: Task<Void, Never>
  private let receiver: StreamReceiver

  init(_ driver: Task<Void, Never>, _ receiver: StreamReceiver) {
    self.driver = driver
    self.receiver = receiver
  }

  deinit { driver.cancel() }

  var inbox: MessageInbox { receiver.inbox }
  var trailers: Metadata { receiver.trailers }
  var wasCompressed: Bool { receiver.wasCompressed }
  func headers() async throws -> Metadata { try await receiver.headersFuture.get() }
}
