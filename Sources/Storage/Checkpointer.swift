internal import Dispatch
internal import Synchronization

/// Copies the write-ahead log into the file on a thread and a connection of its own, while the
/// writer goes on: copying thousands of pages takes as long as writing hundreds of orders. What the
/// writer has added meanwhile is little, and it copies that itself; only with everything copied
/// does the log start over.
final class Checkpointer: Sendable {
  enum Progress {
    case idle
    case running
    /// With what went wrong, if anything.
    case finished(StorageError?)
  }

  /// Once so few pages are left, the writer does the rest.
  private static let restPages = 500
  /// Each pass leaves what was written during it, which is less each time.
  private static let passes = 4

  private let requests = JobQueue<Void>(limit: 1)
  private let state = Mutex(Progress.idle)
  private let finished = DispatchSemaphore(value: 0)

  var progress: Progress { state.withLock { $0 } }

  /// For the writer: begins. Only when idle.
  func start() throws(StorageError) {
    state.withLock { $0 = .running }
    do throws(StorageError) {
      try requests.add(())
    } catch {
      state.withLock { $0 = .idle }
      throw error
    }
  }

  /// For the writer: waits until it is finished, unless it is, and makes it idle again.
  func finish() throws(StorageError) {
    finished.wait()
    let failure = state.withLock { state -> StorageError? in
      defer { state = .idle }
      if case .finished(let failure) = state { return failure }
      return nil
    }
    if let failure { throw failure }
  }

  /// On its thread: until closed.
  func run(on connection: Connection) {
    while requests.awaitJobs() != nil {
      guard requests.take() != nil else { continue }
      let failure = copy(by: connection)
      state.withLock { $0 = .finished(failure) }
      finished.signal()
    }
  }

  private func copy(by connection: Connection) -> StorageError? {
    do throws(StorageError) {
      var (passes, rest) = (0, 0)
      repeat {
        rest = try connection.checkpoint(.passive)
        passes += 1
      } while rest > Self.restPages && passes < Self.passes
      return nil
    } catch {
      return error
    }
  }

  func close() { requests.close() }
}
