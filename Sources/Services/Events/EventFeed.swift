internal import RPC
internal import Storage
internal import Values
private import Synchronization

/// What watching costs at the moment, and has cost.
package struct WatchStatistics: Hashable, Sendable {
  package var watchers = 0
  /// Reads of what was newly committed, once for all watchers.
  package var newestReads = 0
  /// Reads for a watcher that was further behind.
  package var historyReads = 0
  /// Memory of the newest events, now and at most.
  package var heldBytes = 0
  package var heldBytesAtMost = 0

  package init() {}
}

/// The committed events for any number of watchers. The newest are read once, by one task that
/// sleeps until the store's bell rings, and kept in bounded memory for all; a watcher that is
/// further behind reads its own way through the log, a message's worth at a time.
///
/// Nothing here is ever waited for by the writer, and a watcher is only a place in the log: one
/// that reads slowly holds what its own stream may have queued and nothing else.
final class EventFeed: Sendable {
  /// One call of Watch.
  final class Watcher: Sendable {
    /// Rings when there may be something to send.
    let bell = Bell()
    private let ending = Mutex<(any Error)?>(nil)

    /// Why the server ends the call; nil while it does not.
    var reason: (any Error)? { ending.withLock { $0 } }

    fileprivate func end(_ reason: any Error) {
      ending.withLock { $0 = reason }
      bell.close()
    }
  }

  private struct State {
    var watchers: [ObjectIdentifier: Watcher] = [:]
    /// The task that reads what is new: runs while somebody watches.
    var follower: Task<Void, Never>?
    /// Distinguishes it from one before it that has not noticed its end yet.
    var generation = 0
    /// What the follower read, without a gap, the oldest first.
    var newest: [EventSegment] = []
    /// Where the follower is; nil until it has found the end of the log.
    var end: EventPosition?
    var isStopped = false
    var statistics = WatchStatistics()
  }

  private let questions: Questions
  private let limits: StreamLimits
  private let historyGate: Gate
  private let state = Mutex(State())

  init(questions: Questions, limits: StreamLimits) {
    self.questions = questions
    self.limits = limits
    historyGate = Gate(width: limits.concurrentHistoryReads)
  }

  var statistics: WatchStatistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.watchers = state.watchers.count
      return statistics
    }
  }

  // MARK: Watchers

  /// Counts a watcher in, until `leave`. Throws UNAVAILABLE once the server is going down, and
  /// RESOURCE_EXHAUSTED when there are as many as may be.
  func join() throws -> Watcher {
    try state.withLock { state in
      if state.isStopped { throw StreamEnd.shuttingDown }
      guard state.watchers.count < limits.maxWatchers else {
        throw StreamEnd.tooMany("TOO_MANY_WATCHERS", limits.maxWatchers)
      }
      let watcher = Watcher()
      state.watchers[ObjectIdentifier(watcher)] = watcher
      if state.follower == nil {
        state.generation += 1
        let generation = state.generation
        state.follower = Task { await self.follow(generation) }
      }
      return watcher
    }
  }

  func leave(_ watcher: Watcher) {
    let follower = state.withLock { state in
      state.watchers[ObjectIdentifier(watcher)] = nil
      return state.watchers.isEmpty ? Self.forget(&state) : nil
    }
    follower?.cancel()
  }

  /// Ends every watcher's call, and lets none begin.
  func stop() {
    state.withLock { $0.isStopped = true }
    endAll(StreamEnd.shuttingDown, generation: nil)
  }

  // MARK: Reading

  /// What follows the place and is in scope, as much as goes into one message; nil when nothing
  /// does so far. Read the bell's `rings` before, and wait beyond them after nil. What is held for
  /// all is for those who see everything; the others' scope is a matter of the statement.
  func segment(
    after position: EventPosition, in scope: DataScope
  ) async throws -> EventSegment? {
    switch state.withLock({ Self.find(position, in: $0) }) {
    case .held(let segment) where scope.isAll: return segment
    case .nothingYet: return nil
    case .held, .history: break
    }
    let segment = try await historyGate.pass { [limits] in
      try await questions.askForServer { snapshot in
        snapshot.scope = scope
        return try EventSegment.read(after: position, limits: limits, in: snapshot)
      }
    }
    state.withLock { $0.statistics.historyReads += 1 }
    return segment.end.position > position ? segment : nil
  }

  private enum Found {
    case held(EventSegment)
    case nothingYet
    case history
  }

  private static func find(_ position: EventPosition, in state: State) -> Found {
    guard let end = state.end else { return .history }
    if position >= end { return .nothingYet }
    guard let first = state.newest.first, first.start <= position else { return .history }
    // The last segment that begins at the place or before it.
    var (low, high) = (0, state.newest.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if state.newest[middle].start <= position { low = middle } else { high = middle }
    }
    return .held(state.newest[low])
  }

  // MARK: Following

  private func follow(_ generation: Int) async {
    let commits = questions.database.commits
    do {
      var rings = commits.rings
      var end = EventPosition(
        after: try await questions.askForServer { try CommandTable.head(in: $0).sequence })
      publish(nil, end: end, generation)
      while true {
        try await commits.wait(beyond: rings)
        var segment: EventSegment
        repeat {
          rings = commits.rings
          segment = try await questions.askForServer { [limits, end] in
            try EventSegment.read(after: end, limits: limits, in: $0)
          }
          if segment.end.position > end {
            end = segment.end.position
            publish(segment, end: end, generation)
          }
        } while !segment.isNewest
      }
    } catch is CancellationError {
      // The last watcher has left, or the database is closed and with it the server.
    } catch {
      endAll(error, generation: generation)
    }
  }

  private func publish(_ segment: EventSegment?, end: EventPosition, _ generation: Int) {
    let watchers = state.withLock { state -> [Watcher] in
      guard state.generation == generation, state.follower != nil else { return [] }
      state.end = end
      if let segment {
        state.statistics.newestReads += 1
        state.newest.append(segment)
        state.statistics.heldBytes += segment.bytes
        let surplus = state.statistics.heldBytes - limits.newestEventBytes
        if surplus > 0 { Self.dropOldest(surplus, &state) }
        state.statistics.heldBytesAtMost = max(
          state.statistics.heldBytesAtMost, state.statistics.heldBytes)
      }
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.bell.ring() }
  }

  private static func dropOldest(_ surplus: Int, _ state: inout State) {
    var dropped = 0
    var count = 0
    while dropped < surplus, count < state.newest.count {
      dropped += state.newest[count].bytes
      count += 1
    }
    state.newest.removeFirst(count)
    state.statistics.heldBytes -= dropped
  }

  /// With a generation: what its follower brought down is ended, nothing that came after.
  private func endAll(_ reason: any Error, generation: Int?) {
    let (watchers, follower) = state.withLock { state in
      guard generation == nil || generation == state.generation else {
        return ([Watcher](), Task<Void, Never>?.none)
      }
      defer { state.watchers = [:] }
      return (Array(state.watchers.values), Self.forget(&state))
    }
    follower?.cancel()
    for watcher in watchers { watcher.end(reason) }
  }

  /// Nobody watches any more: nothing is followed or held. Returns the task to cancel.
  private static func forget(_ state: inout State) -> Task<Void, Never>? {
    defer { state.follower = nil }
    state.newest = []
    state.statistics.heldBytes = 0
    state.end = nil
    return state.follower
  }
}
