/// The messages of a streaming request, in order. Iterate it once, from one task.
///
/// A message that is not taken holds the sender back: its bytes return to the flow-control window
/// only when the iterator hands it out. Throws `RPCError` when the request breaks off or a message
/// does not decode.
public struct RequestStream<Q: WireMessage>: AsyncSequence, Sendable {
  public typealias Element = Q

  private let inbox: MessageInbox

  init(inbox: MessageInbox) { self.inbox = inbox }

  public func makeAsyncIterator() -> Iterator { Iterator(inbox: inbox) }

  /// Hands out one decoded message at a time.
  public struct Iterator: AsyncIteratorProtocol {
    let inbox: MessageInbox

    /// The next message, or nil after the sender finished.
    public mutating func next() async throws -> Q? {
      try await inbox.next()?.decode(as: Q.self)
    }
  }
}
