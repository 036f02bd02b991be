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
  /// The calls that ended, by method in the order in which these were registered. Calls of methods
  /// that the server does not have are in the totals only.
  public var methods: [MethodMetrics] = []

  public init() {}
}

/// The calls of one method that have ended.
public struct MethodMetrics: Hashable, Sendable {
  public let method: MethodDescriptor
  /// How many by status code: 17, from OK (0) to UNAUTHENTICATED (16).
  public fileprivate(set) var codes = [Int](repeating: 0, count: codeCount)
  /// How many by duration, from the request's headers to its status: in each up to
  /// `durationBounds` of the same index and above the one before, in the last the rest.
  public fileprivate(set) var durations = [Int](repeating: 0, count: durationBounds.count + 1)
  /// All durations together.
  public fileprivate(set) var totalDuration: Duration = .zero

  /// Half a millisecond to ten seconds.
  public static let durationBounds: [Duration] = [
    .microseconds(500), .milliseconds(1), .microseconds(2_500), .milliseconds(5),
    .milliseconds(10), .milliseconds(25), .milliseconds(50), .milliseconds(100),
    .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2_500), .seconds(5),
    .seconds(10),
  ]

  fileprivate static let codeCount = 17
}

/// The counters of one event loop: written by it alone, read by anybody.
final class LoopCounters: Sendable {
  private let started = Atomic<Int>(0)
  private let succeeded = Atomic<Int>(0)
  private let failed = Atomic<Int>(0)
  /// For each method its codes, its durations, and their sum in nanoseconds.
  private let slots: Slots

  private static let durations = MethodMetrics.durationBounds.map {
    UInt64($0 / .nanoseconds(1))
  }
  private static let slotsPerMethod = MethodMetrics.codeCount + durations.count + 2

  init(methods: Int) { slots = Slots(count: methods * Self.slotsPerMethod) }

  func callStarted() { bump(started) }

  /// `method` is its index in the route table; nil for a method that is not there.
  func callEnded(_ method: Int?, _ code: RPCError.Code, nanoseconds: UInt64) {
    if code == .ok { bump(succeeded) } else { bump(failed) }
    guard let method else { return }
    let start = method * Self.slotsPerMethod
    let bucket = Self.durations.firstIndex { nanoseconds <= $0 } ?? Self.durations.count
    slots.add(1, at: start + code.rawValue)
    slots.add(1, at: start + MethodMetrics.codeCount + bucket)
    slots.add(Int(clamping: nanoseconds), at: start + Self.slotsPerMethod - 1)
  }

  func add(to metrics: inout ServerMetrics) {
    metrics.callsStarted += started.load(ordering: .relaxed)
    metrics.callsSucceeded += succeeded.load(ordering: .relaxed)
    metrics.callsFailed += failed.load(ordering: .relaxed)
    for index in metrics.methods.indices {
      var slot = index * Self.slotsPerMethod
      for code in 0..<MethodMetrics.codeCount {
        metrics.methods[index].codes[code] += slots.value(at: slot + code)
      }
      slot += MethodMetrics.codeCount
      for bucket in 0...Self.durations.count {
        metrics.methods[index].durations[bucket] += slots.value(at: slot + bucket)
      }
      slot += Self.durations.count + 1
      metrics.methods[index].totalDuration += .nanoseconds(slots.value(at: slot))
    }
  }

  /// A load and a store: with a single writer there is nothing to lock the bus for.
  private func bump(_ counter: borrowing Atomic<Int>) {
    counter.store(counter.load(ordering: .relaxed) + 1, ordering: .relaxed)
  }

  /// Counters side by side.
  private final class Slots: @unchecked Sendable {
    // @unchecked: the pointer never changes, and what it points at is atomic.
    private let start: UnsafeMutablePointer<Atomic<Int>>
    private let count: Int

    init(count: Int) {
      self.count = count
      start = .allocate(capacity: count)
      for index in 0..<count { (start + index).initialize(to: Atomic(0)) }
    }

    deinit {
      start.deinitialize(count: count)
      start.deallocate()
    }

    func add(_ amount: Int, at index: Int) {
      let value = start[index].load(ordering: .relaxed)
      start[index].store(value &+ amount, ordering: .relaxed)
    }

    func value(at index: Int) -> Int { start[index].load(ordering: .relaxed) }
  }
}

extension MethodMetrics {
  init(_ method: MethodDescriptor) { self.method = method }
}
