/// What the call looks like from the handler's side; `Router`'s typed closures speak to the call
/// through it.
///
/// The runtime calls all of it on the connection's event loop, except `write`, which may come from
/// anywhere.
protocol HandlerPort: AnyObject, Sendable {
  var context: CallContext { get }
  /// Where the messages of a streaming request arrive.
  var inbox: MessageInbox { get }
  /// Decodes the single message of a unary request.
  func request<Q: WireMessage>(as type: Q.Type) throws -> Q
  /// Queues the single message of a unary response.
  func respond<R: WireMessage>(_ message: R) throws
  /// Queues one message of a streaming response; suspends while too much is queued. `compressed`
  /// is whether it may be.
  func write<R: WireMessage>(_ message: R, compressed: Bool) async throws
}
