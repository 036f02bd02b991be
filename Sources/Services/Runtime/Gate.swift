private import Synchronization

/// Lets so many through at a time, the others in the order in which they came.
final class Gate: Sendable {
  private typealias Waiter = CheckedContinuation<Void, any Error>

  private struct State {
    var free: Int
    var waiting: [(ticket: UInt64, waiter: Waiter)] = []
    var nextTicket: UInt64 = 0
  }

  private let state: Mutex<State>

  init(width: Int) { state = Mutex(State(free: width)) }

  /// Throws `CancellationError` when the task is cancelled while it waits.
  func pass<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    try await enter()
    defer { leave() }
    return try await body()
  }

  private func enter() async throws {
    let ticket = state.withLock { state -> UInt64? in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      state.nextTicket += 1
      return state.nextTicket
    }
    guard let ticket else { return }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { park($0, ticket) }
    } onCancel: {
      state.withLock { state -> Waiter? in
        let index = state.waiting.firstIndex { $0.ticket == ticket }
        return index.map { state.waiting.remove(at: $0).waiter }
      }?.resume(throwing: CancellationError())
    }
  }

  private enum Verdict { case entered, cancelled, parked }

  private func park(_ waiter: Waiter, _ ticket: UInt64) {
    let verdict = state.withLock { state -> Verdict in
      // The cancellation handler may have run before there was a waiter to wake.
      if Task.isCancelled { return .cancelled }
      if state.free > 0 {
        state.free -= 1
        return .entered
      }
      state.waiting.append((ticket, waiter))
      return .parked
    }
    switch verdict {
    case .entered: waiter.resume()
    case .cancelled: waiter.resume(throwing: CancellationError())
    case .parked: break
    }
  }

  /// Hands the place on, so that nobody who comes later takes it first.
  private func leave() {
    state.withLock { state -> Waiter? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().waiter
    }?.resume()
  }
}
