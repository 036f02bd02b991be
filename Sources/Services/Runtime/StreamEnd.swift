internal import Messages
internal import RPC

/// Why the server ends a long stream, or lets none begin.
enum StreamEnd {
  /// The caller may come again at once: to another server, or to this one when it is back.
  static let shuttingDown = RPCError(.unavailable, "the server is shutting down")

  static func tooMany(_ reason: String, _ limit: Int) -> RPCError {
    RPCError(
      .resourceExhausted, "\(limit) streams of this kind are open already",
      details: [
        GoogleRPC.ErrorInfo(reason: reason, domain: "joinery", metadata: ["limit": "\(limit)"])
      ])
  }
}
