internal import RPC
internal import Storage

/// Refuses commands while more wait for the writer than it takes, before anything is done for them:
/// what is shed must cost as little as can be, or shedding would take the place of working.
enum LoadShedding {
  static func interceptor(_ database: Database) -> Interceptor {
    Interceptor(
      "load shedding",
      before: { context in
        guard context.method.idempotency == .idempotent, context.method.shape == .unary,
          database.isOverloaded
        else { return }
        throw FailureStatus.overloaded()
      })
  }
}
