internal import Glibc

/// A thread of our own for blocking work, so that neither event loops nor the shared pool ever wait
/// for a disk.
package struct WorkerThread: Sendable {
  private let id: pthread_t

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  package static func start(
    _ body: @escaping @Sendable () -> Void
  ) throws(StorageError) -> WorkerThread {
    var id = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    let result = pthread_create(
      &id, nil,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard result == 0 else {
      work.release()
      throw StorageError(.cannotOpen, "Cannot start a thread: error \(result)")
    }
    return WorkerThread(id: id)
  }

  var isCurrent: Bool { pthread_equal(id, pthread_self()) != 0 }

  /// Waits until the thread has ended. Once per thread, and never after `detach`.
  package func join() { pthread_join(id, nil) }

  /// Lets the thread end by itself.
  func detach() { pthread_detach(id) }
}
