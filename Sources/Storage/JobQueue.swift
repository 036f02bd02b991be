internal import Dispatch
internal import Glibc
internal import Synchronization

/// A bounded first-in-first-out queue between callers and worker threads. Callers never wait; a
/// worker sleeps only while the queue is empty, and is woken outside the lock.
final class JobQueue<Job: Sendable>: Sendable {
  private struct State {
    var jobs = Deque<Job>()
    /// Jobs to come for which room is kept.
    var promised = 0
    /// Number of the next job to be added.
    var next: UInt64 = 0
    var sleepers = 0
    /// Whether a worker was woken by an announcement and has not yet looked for jobs.
    var isExpecting = false
    var isClosed = false

    var taken: Int { jobs.count + promised }
  }

  private let limit: Int
  private let state = Mutex(State())
  private let wake = DispatchSemaphore(value: 0)

  init(limit: Int) { self.limit = limit }

  /// With `isPromised` in the room that `promise` kept, used up even where the queue is closed.
  func add(_ job: Job, isPromised: Bool = false) throws(StorageError) {
    let verdict = state.withLock { state -> Addition in
      if isPromised { state.promised -= 1 }
      if state.isClosed { return .closed }
      if state.taken >= limit { return .full }
      state.jobs.append(job)
      state.next += 1
      if state.sleepers == 0 { return .done }
      state.sleepers -= 1
      return .wake
    }
    switch verdict {
    case .wake: wake.signal()
    case .done: break
    case .full: throw full
    case .closed: throw StorageError(.closed, "The database is closed")
    }
  }

  private var full: StorageError {
    StorageError(.overloaded, "\(limit) jobs are waiting already")
  }

  /// Keeps room for a job that is yet to be prepared, so that nobody prepares what is refused then.
  /// It is followed by `add` or `withdraw`.
  func promise() throws(StorageError) {
    let isKept = state.withLock { state in
      guard state.taken < limit else { return false }
      state.promised += 1
      return true
    }
    if !isKept { throw full }
  }

  func withdraw() { state.withLock { $0.promised -= 1 } }

  /// Says that a job is about to come: a worker that sleeps wakes up meanwhile, which takes as long
  /// as making the job does, and looks out for it a moment.
  func announce() {
    let isAsleep = state.withLock { state in
      guard state.sleepers > 0 else { return false }
      state.sleepers -= 1
      state.isExpecting = true
      return true
    }
    if isAsleep { wake.signal() }
  }

  /// Whether the next job would be refused.
  var isFull: Bool { state.withLock { $0.taken >= limit } }

  /// Sleeps until there is a job. Returns the horizon: every job taken before it was added before
  /// this call returned. Nil when the queue is closed and empty.
  func awaitJobs() -> UInt64? {
    while true {
      let verdict = state.withLock { state -> Wait in
        if !state.jobs.isEmpty {
          state.isExpecting = false
          return .jobs(state.next)
        }
        if state.isClosed { return .finished }
        if state.isExpecting { return .lookOut }
        state.sleepers += 1
        return .sleep
      }
      switch verdict {
      case .jobs(let horizon): return horizon
      case .lookOut: lookOut()
      case .sleep: wake.wait()
      case .finished: return nil
      }
    }
  }

  /// Stays awake until a job is there, for as long as making one takes.
  private func lookOut() {
    let end = ContinuousClock.now + .microseconds(150)
    while state.withLock({ $0.jobs.isEmpty && !$0.isClosed }), ContinuousClock.now < end {
      sched_yield()
    }
    state.withLock { $0.isExpecting = false }
  }

  /// The oldest job, if it was added before the horizon.
  func take(before horizon: UInt64 = .max) -> Job? {
    state.withLock { state in
      guard state.next - UInt64(state.jobs.count) < horizon else { return nil }
      return state.jobs.popFirst()
    }
  }

  /// Whether a worker waits for work and none is there or on its way.
  var isIdle: Bool {
    state.withLock { $0.taken == 0 && ($0.sleepers > 0 || $0.isExpecting) }
  }

  /// Jobs waiting now.
  var count: Int { state.withLock { $0.jobs.count } }

  /// Takes no more jobs; the workers finish those that wait and stop.
  func close() {
    let sleepers = state.withLock { state in
      state.isClosed = true
      defer { state.sleepers = 0 }
      return state.sleepers
    }
    for _ in 0..<sleepers { wake.signal() }
  }
}

private enum Addition { case wake, done, full, closed }
private enum Wait { case jobs(UInt64), sleep, lookOut, finished }

/// A ring buffer that grows.
private struct Deque<Element> {
  private var slots: [Element?] = Array(repeating: nil, count: 64)
  private var head = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ element: Element) {
    if count == slots.count {
      slots = Array(slots[head...] + slots[..<head]) + Array(repeating: nil, count: slots.count)
      head = 0
    }
    slots[(head + count) & (slots.count - 1)] = element
    count += 1
  }

  mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    defer {
      slots[head] = nil
      head = (head + 1) & (slots.count - 1)
      count -= 1
    }
    return slots[head]
  }
}
