// A counter behind a Mutex, counted by four threads: the count is exact, and ThreadSanitizer
// reports a race all the same, unless mutex.c is preloaded. With an argument it counts without the
// lock, which must be reported either way. Tests/Sanitizers/run tries both before it believes what
// it sees.
import Glibc
import Synchronization

final class Counter: @unchecked Sendable {
  let lock = Mutex(())
  var count = 0

  func add(locked: Bool) { if locked { lock.withLock { _ in count += 1 } } else { count += 1 } }
}

let counter = Counter()
let isLocked = CommandLine.arguments.count == 1
nonisolated(unsafe) var threads = [pthread_t](repeating: 0, count: 4)
for index in threads.indices {
  pthread_create(
    &threads[index], nil,
    { _ in
      for _ in 0..<200_000 { counter.add(locked: isLocked) }
      return nil
    }, nil)
}
for thread in threads { pthread_join(thread, nil) }
precondition(!isLocked || counter.count == 800_000, "Mutex does not lock")
print(counter.count)
