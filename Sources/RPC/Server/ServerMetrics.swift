internal import Synchronization

/// What a server has done so far.
public struct ServerMetrics: Hashable, Sendable {
  /// Calls whose request headers came.
  public var callsStarted = 0
  /// Calls that ended with OK.
  public var callsSucceeded = 0
  /// Calls that ended otherwise, cancelled ones included.
  public var callsFailed = 0
  /// Handlers running now.
  public var handlersInFlight = 0
  /// The most handlers that ever ran at the same time.
  public var handlersHighWater = 0
  public var connectionsOpen = 0
  public var connectionsAccepted = 0

  public init() {}
}

/// The counters of one event loop: written by it alone, read by anybody.
final class LoopCounters: Sendable {
  private let started = Atomic<Int>(0)
  private let succeeded = Atomic<Int>(0)
  private let failed = Atomic<Int>(0)

  func callStarted() { bump(started) }

  func callEnded(ok: Bool) { if ok { bump(succeeded) } else { bump(failed) } }

  func add(to metrics: inout ServerMetrics) {
    metrics.callsStarted += started.load(ordering: .relaxed)
    metrics.callsSucceeded += succeeded.load(ordering: .relaxed)
    metrics.callsFailed += failed.load(ordering: .relaxed)
  }

  /// A load and a store: with a single writer there is nothing to lock the bus for.
  private func bump(_ counter: borrowing Atomic<Int>) {
    counter.store(counter.load(ordering: .relaxed) + 1, ordering: .relaxed)
  }
}
