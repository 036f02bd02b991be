internal import NIOCore
internal import Synchronization

/// A response of one message, as it came.
struct RawReply: Sendable {
  var headers = Metadata()
  var message: ReceivedMessage?
  var trailers = Metadata()
}

/// Collects the response of a call that has one message and wakes the caller at the end. Confined
/// to the loop.
final class SingleReceiver: CallReceiver {
  private var reply = RawReply()
  private var isTooMany = false
  private let caller: CheckedContinuation<Result<RawReply, CallFailure>, Never>
  private let onMessage: (Int) -> Void

  /// `onMessage` gets the wire size of each message, which counts as taken.
  init(
    _ caller: CheckedContinuation<Result<RawReply, CallFailure>, Never>,
    onMessage: @escaping (Int) -> Void
  ) {
    self.caller = caller
    self.onMessage = onMessage
  }

  func received(headers: Metadata) { reply.headers = headers }

  func received(message: ReceivedMessage) {
    onMessage(message.wireBytes)
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

/// Hands a streamed response over to the task that iterates it.
final class StreamReceiver: CallReceiver, Sendable {
  let inbox: MessageInbox
  private let headers: EventLoopPromise<Metadata>
  private let trailerFields = Mutex(Metadata())
  /// Stops the task that writes the request.
  private let onEnd: @Sendable () -> Void

  init(
    loop: any EventLoop, onTake: @escaping @Sendable (Int) -> Void,
    onEnd: @escaping @Sendable () -> Void
  ) {
    self.inbox = MessageInbox { onTake($0.wireBytes) }
    self.headers = loop.makePromise()
    self.onEnd = onEnd
  }

  var headersFuture: EventLoopFuture<Metadata> { headers.futureResult }
  var trailers: Metadata { trailerFields.withLock { $0 } }

  func received(headers: Metadata) { self.headers.succeed(headers) }

  func received(message: ReceivedMessage) { inbox.put(message) }

  func ended(_ failure: CallFailure?, trailers: Metadata) {
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
}

/// Keeps a streamed call open as long as somebody holds it.
final class StreamHandle: StreamingCall {
  private let call: ClientCall
  private let receiver: StreamReceiver

  init(_ call: ClientCall, _ receiver: StreamReceiver) {
    self.call = call
    self.receiver = receiver
  }

  deinit { call.cancel() }

  var inbox: MessageInbox { receiver.inbox }
  var trailers: Metadata { receiver.trailers }
  func headers() async throws -> Metadata { try await receiver.headersFuture.get() }
}
