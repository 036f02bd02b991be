internal import Messages
internal import RPC

/// Refuses a call that may come again, but not at once: RESOURCE_EXHAUSTED, which says when both to
/// gRPC's own retries (`grpc-retry-pushback-ms`) and to programs (RetryInfo).
enum Pushback {
  static func status(
    _ reason: String, _ message: String, _ facts: [String: String] = [:], after wait: Duration
  ) -> RPCError {
    let (seconds, attoseconds) = wait.components
    return RPCError(
      .resourceExhausted, message,
      details: [
        GoogleRPC.ErrorInfo(reason: reason, domain: "joinery", metadata: facts),
        GoogleRPC.RetryInfo(
          retryDelay: GoogleProtobuf.Duration(
            seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))),
      ],
      retryPushback: .after(wait))
  }
}
