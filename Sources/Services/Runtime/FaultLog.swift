internal import RPC

/// One line for every call that ended by a fault of the server and not of the caller: method,
/// status, caller's address, which attempt it was if not the first, and cause. Callers never see
/// the cause.
enum FaultLog {
  static func interceptor(_ log: @escaping @Sendable (String) -> Void) -> Interceptor {
    Interceptor(
      "fault log",
      after: { context, outcome in
        guard [.internal, .unknown, .dataLoss, .unavailable].contains(outcome.code) else { return }
        // Nothing failed where the server ends its streams because it is going down.
        if outcome.code == .unavailable, (outcome.error as? RPCError)?.cause == nil { return }
        let error = outcome.error.map { ($0 as? RPCError)?.cause ?? $0 }
        let cause = error.map { "\($0)" } ?? "no cause given"
        let attempt =
          context.previousAttempts > 0 ? ", attempt \(context.previousAttempts + 1)" : ""
        log("\(outcome.code.name) \(context.method.path) from \(context.peer)\(attempt): \(cause)")
      })
  }
}
