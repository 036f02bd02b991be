/// Decides whether a call that no handler saw is sent once more: safe whatever the method
/// (transparent retry, gRFC A6).
struct Retries {
  /// A server that refused it so often will do so again.
  private var unprocessed = 2
  /// To end a connection is a server's good right, as when it gets too old; one that ends every
  /// connection at once is no server.
  private var unsent = 100

  mutating func allows(_ progress: CallFailure.Progress) -> Bool {
    switch progress {
    case .processed: return false
    case .unprocessed:
      unprocessed -= 1
      return unprocessed >= 0
    case .unsent:
      unsent -= 1
      return unsent >= 0
    }
  }
}
