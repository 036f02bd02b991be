import NIOCore
import Synchronization

@testable import RPC

/// Time that passes when the test says so, and chance that is always the middle: no jitter.
final class ManualPacemaker: Pacemaker {
  private struct State {
    var now = NIODeadline.now().uptimeNanoseconds
    var alarms: [Int: (moment: UInt64, body: @Sendable () -> Void)] = [:]
    var lastAlarm = 0
    var pauses: [Duration] = []
  }

  private let state = Mutex(State())
  /// One for each alarm that was ever set.
  let alarmsSet = Counter()

  var now: UInt64 { state.withLock { $0.now } }

  func chance() -> Double { 0.5 }

  func schedule(
    at moment: UInt64, _ body: @escaping @Sendable () -> Void
  ) -> @Sendable () -> Void {
    let number = state.withLock { state in
      state.lastAlarm += 1
      state.alarms[state.lastAlarm] = (moment, body)
      state.pauses.append(.nanoseconds(Int64(moment) - Int64(state.now)))
      return state.lastAlarm
    }
    alarmsSet.add()
    return { [self] in state.withLock { _ = $0.alarms.removeValue(forKey: number) } }
  }

  /// How long each alarm was to wait when it was set.
  var pauses: [Duration] { state.withLock { $0.pauses } }

  func advance(by time: Duration) {
    let due = state.withLock { state in
      state.now += UInt64(time.saturatingNanoseconds)
      let due = state.alarms.filter { $0.value.moment <= state.now }
      for number in due.keys { state.alarms[number] = nil }
      return due.sorted { $0.key < $1.key }.map(\.value.body)
    }
    for body in due { body() }
  }
}
