internal import Synchronization

/// Something that happens again and again, and tasks that wait for the next time. Ringing costs a
/// lock that is nearly always free, and wakes nobody where nobody waits.
///
/// Read `rings`, look at what the bell is about, and wait beyond what was read: what happens in
/// between is not missed.
package final class Bell: Sendable {
  private typealias Waiter = CheckedContinuation<Void, any Error>

  private struct State {
    var rings: UInt64 = 0
    var isClosed = false
    var waiting: [UInt64: Waiter] = [:]
    var nextTicket: UInt64 = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// How often it has rung.
  package var rings: UInt64 { state.withLock { $0.rings } }

  package func ring() {
    let woken = state.withLock { state -> [UInt64: Waiter] in
      state.rings += 1
      guard !state.waiting.isEmpty else { return [:] }
      defer { state.waiting = [:] }
      return state.waiting
    }
    for waiter in woken.values { waiter.resume() }
  }

  /// It will not ring again: who waits, now or later, gets a `CancellationError`.
  package func close() {
    let woken = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [:] }
      return state.waiting
    }
    for waiter in woken.values { waiter.resume(throwing: CancellationError()) }
  }

  /// Returns when it has rung more than `rings` times. Throws `CancellationError` when it is closed
  /// and when the waiting task is cancelled.
  package func wait(beyond rings: UInt64) async throws {
    let ticket = state.withLock { state in
      defer { state.nextTicket += 1 }
      return state.nextTicket
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { park($0, ticket, rings) }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: ticket) }?
        .resume(throwing: CancellationError())
    }
  }

  private enum Verdict { case rung, over, parked }

  private func park(_ waiter: Waiter, _ ticket: UInt64, _ rings: UInt64) {
    let verdict = state.withLock { state -> Verdict in
      // The cancellation handler may have run before there was a waiter to wake.
      if state.isClosed || Task.isCancelled { return .over }
      if state.rings > rings { return .rung }
      state.waiting[ticket] = waiter
      return .parked
    }
    switch verdict {
    case .rung: waiter.resume()
    case .over: waiter.resume(throwing: CancellationError())
    case .parked: break
    }
  }
}
