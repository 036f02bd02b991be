package import Logging
package import RPC

/// What the log says of calls: a fault of the server is an error with its cause, which the caller
/// never sees; a call that took long is a warning; every other one is told at the level `debug`.
package enum CallLog {
  /// `slowFrom` is what counts as long for a call with one request and one response; streams may
  /// last as long as they like.
  package static func interceptor(
    _ log: @escaping @Sendable () -> Logger, slowFrom: Duration
  ) -> Interceptor {
    Interceptor(
      "call log",
      after: { context, outcome in
        if isFault(outcome) {
          let error = outcome.error.map { ($0 as? RPCError)?.cause ?? $0 }
          log().error(
            "the server failed",
            metadata: facts(
              context, outcome, ["cause": "\(error.map { "\($0)" } ?? "no cause given")"]))
        } else if context.method.shape == .unary, outcome.duration >= slowFrom {
          log().warning("slow call", metadata: facts(context, outcome))
        } else {
          log().debug("call", metadata: facts(context, outcome))
        }
      })
  }

  private static func isFault(_ outcome: CallOutcome) -> Bool {
    switch outcome.code {
    case .internal, .unknown, .dataLoss: true
    // Nothing failed where the server ends its streams because it is going down.
    case .unavailable: (outcome.error as? RPCError).map { $0.cause != nil } ?? true
    default: false
    }
  }

  private static func facts(
    _ context: CallContext, _ outcome: CallOutcome, _ more: Logger.Metadata = [:]
  ) -> Logger.Metadata {
    var facts = more
    facts["method"] = "\(context.method.fullName)"
    facts["status"] = "\(outcome.code.name)"
    facts["peer"] = "\(context.peer)"
    facts["milliseconds"] = "\(milliseconds(outcome.duration))"
    facts["request"] = "\(context.requestID)"
    if let trace = context.trace { facts["trace"] = "\(trace.traceID)" }
    if context.previousAttempts > 0 { facts["attempt"] = "\(context.previousAttempts + 1)" }
    return facts
  }

  /// With the microseconds as decimals.
  private static func milliseconds(_ duration: Duration) -> String {
    let microseconds = Int(duration / .microseconds(1))
    let rest = String(microseconds % 1000)
    return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}
