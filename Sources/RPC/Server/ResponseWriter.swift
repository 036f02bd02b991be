/// Sends the messages of a streaming response.
public struct ResponseWriter<R: WireMessage>: Sendable {
  private let port: any HandlerPort

  init(port: any HandlerPort) { self.port = port }

  /// Sends one message. Suspends while the peer reads slower than we write: what is queued for one
  /// call has a bound (`RPCLimits.streamQueueBytes`). Throws `RPCError` CANCELLED once nobody
  /// listens any more.
  ///
  /// With `compressed` false the message goes out as it is even where the call's responses are
  /// compressed (`CallContext.compressesResponses`): for a secret among them, or for what is
  /// compressed already.
  public func write(_ message: R, compressed: Bool = true) async throws {
    try await port.write(message, compressed: compressed)
  }
}
