internal import Synchronization

/// The received, not yet taken messages of one direction of one call: the loop puts, one task
/// takes.
///
/// Bounded by flow control, not by itself: the owner gives window back (`onTake`) only for what was
/// taken.
final class MessageInbox: Sendable {
  private enum Ending: Sendable {
    case finished
    case failed(RPCError)
    case failedLast(RPCError)
  }

  private struct State {
    /// Nil where a message was taken.
    var messages: [ReceivedMessage?] = []
    /// Index of the oldest message; the array is compacted when it runs empty.
    var head = 0
    var ending: Ending?
    var waiter: CheckedContinuation<ReceivedMessage?, any Error>?
  }

  private let state = Mutex(State())
  private let compressed = Atomic<Bool>(false)
  private let onTake: @Sendable (ReceivedMessage) -> Void

  /// `onTake` is shown each message before it is handed out; it may be called on any thread.
  init(onTake: @escaping @Sendable (ReceivedMessage) -> Void) { self.onTake = onTake }

  /// Whether the message that was handed out last had come compressed.
  var lastWasCompressed: Bool { compressed.load(ordering: .relaxed) }

  private func took(_ message: ReceivedMessage) {
    compressed.store(message.encoding != nil, ordering: .relaxed)
    onTake(message)
  }

  /// Adds a message. Ignored after the end.
  func put(_ message: ReceivedMessage) {
    let waiter = state.withLock { state -> CheckedContinuation<ReceivedMessage?, any Error>? in
      guard state.ending == nil else { return nil }
      if let waiter = state.waiter {
        state.waiter = nil
        return waiter
      }
      state.messages.append(message)
      return nil
    }
    guard let waiter else { return }
    took(message)
    waiter.resume(returning: message)
  }

  /// Ends the sequence: what is queued can still be taken. Only the first ending counts.
  func finish() { end(.finished) }

  /// Ends the sequence with an error, which outruns what is still queued.
  func fail(_ error: RPCError) { end(.failed(error)) }

  /// Ends the sequence with an error behind what is still queued: a status that follows its
  /// messages.
  func endAfterMessages(_ error: RPCError) { end(.failedLast(error)) }

  private func end(_ ending: Ending) {
    let waiter = state.withLock { state -> CheckedContinuation<ReceivedMessage?, any Error>? in
      if case .failed = ending, state.ending != nil {
        // All messages are here; a failure afterwards (a reset) still stops the reader.
        state.ending = ending
        return nil
      }
      guard state.ending == nil else { return nil }
      state.ending = ending
      defer { state.waiter = nil }
      return state.waiter
    }
    switch ending {
    case .finished: waiter?.resume(returning: nil)
    case .failed(let error), .failedLast(let error): waiter?.resume(throwing: error)
    }
  }

  private enum Step {
    case taken(ReceivedMessage)
    case ended
    case failed(RPCError)
    case waiting
  }

  /// The next message, nil at the end. Throws CANCELLED when the waiting task is cancelled.
  func next() async throws -> ReceivedMessage? {
    switch state.withLock({ Self.step(&$0) }) {
    case .taken(let message):
      took(message)
      return message
    case .ended: return nil
    case .failed(let error): throw error
    case .waiting: break
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait(with: $0) }
    } onCancel: {
      let waiter = state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume(throwing: RPCError(.cancelled, "the call was cancelled"))
    }
  }

  private func wait(with continuation: CheckedContinuation<ReceivedMessage?, any Error>) {
    let step = state.withLock { state -> Step in
      let step = Self.step(&state)
      if case .waiting = step {
        // The cancellation handler may have run before there was a waiter to wake.
        if Task.isCancelled { return .failed(RPCError(.cancelled, "the call was cancelled")) }
        precondition(state.waiter == nil, "a message stream is iterated by two tasks")
        state.waiter = continuation
      }
      return step
    }
    switch step {
    case .taken(let message):
      took(message)
      continuation.resume(returning: message)
    case .ended: continuation.resume(returning: nil)
    case .failed(let error): continuation.resume(throwing: error)
    case .waiting: break
    }
  }

  private static func step(_ state: inout State) -> Step {
    if case .failed(let error)? = state.ending { return .failed(error) }
    if state.head < state.messages.count, let message = state.messages[state.head] {
      state.messages[state.head] = nil
      state.head += 1
      if state.head == state.messages.count {
        state.messages.removeAll(keepingCapacity: true)
        state.head = 0
      }
      return .taken(message)
    }
    switch state.ending {
    case nil: return .waiting
    case .finished?: return .ended
    case .failed(let error)?, .failedLast(let error)?: return .failed(error)
    }
  }
}
