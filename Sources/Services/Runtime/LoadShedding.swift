internal import RPC
internal import Storage

/// Refuses commands while more wait for the writer than it takes, before anything is done for them:
/// what is shed must cost as little as can be, or shedding would take the place of working. The
/// writer hears of the others here.
enum LoadShedding {
  static func interceptor(_ database: Database) -> Interceptor {
    Interceptor(
      "load shedding",
      before: { context in
        guard context.method.idempotency == .idempotent, context.method.shape == .unary else {
          return
        }
        guard !database.isOverloaded else { throw FailureStatus.overloaded() }
        database.announceWrite()
      })
  }
}
