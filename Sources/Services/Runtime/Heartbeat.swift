internal import Storage
private import Synchronization

/// Notices when a stream has been silent for too long.
final class Heartbeat: Sendable {
  private struct State {
    var lastMessage = ContinuousClock.now
    var isDue = false
  }

  private let interval: Duration
  private let state = Mutex(State())

  init(interval: Duration) { self.interval = interval }

  /// Something was sent.
  func noteMessage() {
    let now = ContinuousClock.now
    state.withLock { $0 = State(lastMessage: now) }
  }

  /// Whether the silence has lasted too long.
  var isDue: Bool { state.withLock { $0.isDue } }

  /// Rings the bell whenever that comes to be, until the task is cancelled.
  func run(ringing bell: Bell) async throws {
    while true {
      let now = ContinuousClock.now
      let wait = state.withLock { state -> Duration in
        let silence = now - state.lastMessage
        guard silence >= interval else { return interval - silence }
        state.isDue = true
        return interval
      }
      if wait == interval, isDue { bell.ring() }
      try await Task.sleep(for: wait)
    }
  }
}
