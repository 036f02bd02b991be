private import Foundation
private import Synchronization

/// Writes lines to a file descriptor on a thread of its own, in order and whole: whoever logs never
/// waits for who reads the log. A reader that is too slow loses lines, and is told how many.
package final class LogSink: Sendable {
  private struct State {
    var waiting = 0
    var lost = 0
  }

  private let descriptor: CInt
  private let limit: Int
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "joinery.log")

  /// `limit` is how many bytes of lines may wait.
  package init(descriptor: CInt = STDERR_FILENO, limit: Int = 1 << 20) {
    self.descriptor = descriptor
    self.limit = limit
  }

  /// Takes a line without its line break. `lossNotice` makes the line that stands for so many lost
  /// ones before it.
  func write(_ line: String, lossNotice: @escaping @Sendable (Int) -> String) {
    let bytes = Array((line + "\n").utf8)
    let isTaken = state.withLock { state in
      guard state.waiting + bytes.count <= limit else {
        state.lost += 1
        return false
      }
      state.waiting += bytes.count
      return true
    }
    guard isTaken else { return }
    queue.async { [self] in
      let lost = state.withLock { state in
        defer { state.lost = 0 }
        return state.lost
      }
      if lost > 0 { put(Array((lossNotice(lost) + "\n").utf8)) }
      put(bytes)
      state.withLock { $0.waiting -= bytes.count }
    }
  }

  /// Waits until all lines so far are written, but not for a reader that has stopped.
  package func flush() {
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    _ = done.wait(timeout: .now() + .seconds(2))
  }

  private func put(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // Nobody reads: then nobody can be told.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
