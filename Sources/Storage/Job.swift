internal import Synchronization

/// A caller's closure on its way to a worker thread: `Scope` is what the closure works in.
struct Job<Scope>: Sendable {
  /// What a job came to. Nobody is told before the worker calls `deliver`, once.
  struct Outcome: Sendable {
    /// False when the body threw, or was a rehearsal: what it did is to be rolled back.
    let isKept: Bool
    /// With the failure of the whole batch, if there was one: a decision made on a state that never
    /// came to be is no answer, so it overrules the body's own result.
    let deliver: @Sendable (StorageError?) -> Void
  }

  /// Set when the caller has gone away; the job is then dropped if it has not begun.
  let cancellation: Cancellation
  let run: @Sendable (Scope) -> Outcome
  /// Tells the caller that the job was not run.
  let refuse: @Sendable (any Error) -> Void

  init<R: Sendable>(
    _ cancellation: Cancellation, isRehearsal: Bool = false,
    _ body: @escaping @Sendable (Scope) throws -> R,
    deliver: @escaping @Sendable (Result<R, any Error>) -> Void
  ) {
    self.cancellation = cancellation
    refuse = { deliver(.failure($0)) }
    run = { scope in
      let result = Result { try body(scope) }
      var isKept = !isRehearsal
      if case .failure = result { isKept = false }
      return Outcome(isKept: isKept) { failure in deliver(failure.map(Result.failure) ?? result) }
    }
  }
}

/// A flag between a task and the worker thread that has its job.
final class Cancellation: Sendable {
  private let flag = Atomic(false)
  var isCancelled: Bool { flag.load(ordering: .relaxed) }
  func cancel() { flag.store(true, ordering: .relaxed) }
}
