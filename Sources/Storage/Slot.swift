internal import Dispatch
internal import Synchronization

/// One value on its way from a worker thread to a thread that waits for it.
final class Slot<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let filled = DispatchSemaphore(value: 0)

  func fill(_ value: Value) {
    self.value.withLock { $0 = value }
    filled.signal()
  }

  /// Blocks the calling thread. Once.
  func await() -> Value {
    while true {
      filled.wait()
      if let value = value.withLock({ $0 }) { return value }
    }
  }
}
