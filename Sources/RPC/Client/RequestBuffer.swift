internal import NIOCore
internal import Synchronization

/// The messages of a streaming request, between the task that writes them and the attempts that
/// send them.
///
/// Until an attempt is committed, what was sent is kept, so that the next can send it again; a
/// request of more than `keepBytes` commits itself. The writer waits while more than `queueBytes`
/// are not sent.
final class RequestBuffer: RequestSink {
  private struct State {
    /// The messages that are kept; nil where one is needed no more.
    var messages: [[UInt8]?] = []
    /// Index of the next to be sent.
    var next = 0
    var keptBytes = 0
    var unsentBytes = 0
    var isFinished = false
    var isCommitted = false
    var isOver = false
    /// Tells the present attempt that there is more; nil while it knows.
    var wake: (@Sendable () -> Void)?
    var writers: [Int: CheckedContinuation<Void, any Error>] = [:]
    var lastWriter = 0
    /// The task that writes.
    var sender: Task<Void, Never>?
  }

  /// What an attempt finds when it looks for the next message.
  enum Step {
    case message([UInt8])
    /// Nothing yet; it is told when there is.
    case nothing
    case end
  }

  private let state = Mutex(State())
  private let queueBytes: Int
  private let keepBytes: Int
  private let maxMessageBytes: Int
  private let compression: MessageCompression?

  init(limits: RPCLimits, compression: MessageCompression?) {
    self.queueBytes = limits.streamQueueBytes
    self.keepBytes = limits.replayBytes
    self.maxMessageBytes = limits.maxSendMessageBytes
    self.compression = compression
  }

  // MARK: The writer

  /// Runs the task that writes; `onFailure` hears of what it throws, the end of the call cancels
  /// it.
  func begin(
    _ send: @escaping @Sendable (RequestBuffer) async throws -> Void,
    onFailure: @escaping @Sendable () -> Void
  ) {
    let sender = Task {
      do {
        try await send(self)
        finish()
      } catch { onFailure() }
    }
    let isOver = state.withLock { state in
      state.sender = sender
      return state.isOver
    }
    if isOver { sender.cancel() }
  }

  func write<Q: WireMessage>(_ message: Q, compressed: Bool) async throws {
    let bytes = try MessageFrame.bytes(
      message, limit: maxMessageBytes, compression: compressed ? compression : nil)
    let wake = try state.withLock { state throws(RPCError) in
      guard !state.isOver else { throw RequestBuffer.over }
      state.messages.append(bytes)
      state.keptBytes += bytes.count
      state.unsentBytes += bytes.count
      defer { state.wake = nil }
      return state.wake
    }
    wake?()
    try await waitForRoom()
  }

  /// No more messages follow.
  private func finish() {
    let wake = state.withLock { state in
      state.isFinished = true
      defer { state.wake = nil }
      return state.wake
    }
    wake?()
  }

  private static let over = RPCError(.cancelled, "the call is over")

  private func waitForRoom() async throws {
    let number = state.withLock { state -> Int? in
      guard state.unsentBytes > queueBytes else { return nil }
      state.lastWriter += 1
      return state.lastWriter
    }
    guard let number else { return }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { writer in
        let outcome = state.withLock { state -> Result<Void, RPCError>? in
          if state.isOver || Task.isCancelled { return .failure(RequestBuffer.over) }
          guard state.unsentBytes > queueBytes else { return .success(()) }
          state.writers[number] = writer
          return nil
        }
        if let outcome { writer.resume(with: outcome.mapError { $0 }) }
      }
    } onCancel: {
      state.withLock { $0.writers.removeValue(forKey: number) }?
        .resume(throwing: RequestBuffer.over)
    }
  }

  // MARK: The attempts, one at a time

  /// An attempt begins: it sends from the first message on.
  func rewind() {
    state.withLock { state in
      precondition(!state.isCommitted, "a committed request is sent once")
      state.next = 0
      state.unsentBytes = state.keptBytes
      state.wake = nil
    }
  }

  /// The next message to send; `wake` is called, on any thread, when there is one after `nothing`.
  func next(_ wake: @escaping @Sendable () -> Void) -> Step {
    let (step, writers) = state.withLock { state in
      let step = next(&state, wake)
      guard state.unsentBytes <= queueBytes / 2, !state.writers.isEmpty else {
        return (step, [CheckedContinuation<Void, any Error>]())
      }
      defer { state.writers = [:] }
      return (step, Array(state.writers.values))
    }
    for writer in writers { writer.resume() }
    return step
  }

  private func next(_ state: inout State, _ wake: @escaping @Sendable () -> Void) -> Step {
    guard state.next < state.messages.count, let message = state.messages[state.next] else {
      if state.isFinished { return .end }
      state.wake = wake
      return .nothing
    }
    state.next += 1
    state.unsentBytes -= message.count
    if state.keptBytes > keepBytes { state.isCommitted = true }
    if state.isCommitted { RequestBuffer.drop(&state) }
    return .message(message)
  }

  /// Forgets what was sent.
  private static func drop(_ state: inout State) {
    for index in state.messages[..<state.next].indices.reversed() {
      guard let message = state.messages[index] else { break }
      state.keptBytes -= message.count
      state.messages[index] = nil
    }
    // Now and then, so that it costs next to nothing for each.
    guard state.next == state.messages.count || state.next >= 64 else { return }
    state.messages.removeFirst(state.next)
    state.next = 0
  }

  /// The server has answered: there will be no other attempt.
  func commit() {
    state.withLock { state in
      state.isCommitted = true
      RequestBuffer.drop(&state)
    }
  }

  /// Whether the request could still be sent again.
  var isCommitted: Bool { state.withLock { $0.isCommitted } }

  /// The call is over: writing fails from now on, and the task that does is cancelled.
  func end() {
    let (writers, sender) = state.withLock { state in
      state.isOver = true
      state.wake = nil
      state.messages = []
      state.next = 0
      state.keptBytes = 0
      state.unsentBytes = 0
      defer {
        state.writers = [:]
        state.sender = nil
      }
      return (Array(state.writers.values), state.sender)
    }
    for writer in writers { writer.resume(throwing: RequestBuffer.over) }
    sender?.cancel()
  }
}
