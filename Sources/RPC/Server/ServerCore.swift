internal import NIOCore
internal import Synchronization

/// What all connections of one server share: routes, interceptors, limits, counters, the list of
/// connections.
final class ServerCore: Sendable {
  let table: Routes
  let interceptors: [Interceptor]

  private struct State {
    var limits: RPCLimits
    var loops: [ObjectIdentifier: ServerLoop] = [:]
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    var accepted = 0
    /// Open connections by address.
    var perHost: [String: Int] = [:]
    var isDraining = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let bufferedBytes = Atomic<Int>(0)
  private let queued = Atomic<Int>(0)
  private let handlers = Atomic<Int>(0)
  private let handlersHighWater = Atomic<Int>(0)

  init(router: Router, interceptors: [Interceptor], limits: RPCLimits) {
    self.table = Routes(router)
    self.interceptors = interceptors
    self.state = Mutex(State(limits: limits))
  }

  var metrics: ServerMetrics {
    state.withLock { state in
      var metrics = ServerMetrics()
      metrics.methods = table.routes.map { MethodMetrics($0.method) }
      for loop in state.loops.values { loop.counters.add(to: &metrics) }
      metrics.handlersInFlight = handlers.load(ordering: .relaxed)
      metrics.handlersHighWater = handlersHighWater.load(ordering: .relaxed)
      metrics.connectionsOpen = state.connections.count
      metrics.connectionsAccepted = state.accepted
      return metrics
    }
  }

  // MARK: Bounds

  /// What the connections of a loop share.
  func home(on loop: any EventLoop) -> ServerLoop {
    state.withLock { state in
      let id = ObjectIdentifier(loop)
      if let known = state.loops[id] { return known }
      let fresh = ServerLoop(loop: loop, limits: state.limits, methods: table.routes.count)
      state.loops[id] = fresh
      return fresh
    }
  }

  /// New bounds: of new connections, and of open ones but for what they have announced.
  func use(_ limits: RPCLimits) async {
    let loops = state.withLock { state in
      state.limits = limits
      return Array(state.loops.values)
    }
    for loop in loops { await loop.use(limits) }
  }

  /// Counts one more handler. False: there are as many as may be.
  func handlerStarted(limit: Int) -> Bool {
    let (_, now) = handlers.add(1, ordering: .relaxed)
    guard now <= limit else {
      handlers.subtract(1, ordering: .relaxed)
      return false
    }
    // Two loops may race for the maximum; being off by one for a moment harms nobody.
    if now > handlersHighWater.load(ordering: .relaxed) {
      handlersHighWater.store(now, ordering: .relaxed)
    }
    return true
  }

  func handlerEnded() { handlers.subtract(1, ordering: .relaxed) }

  /// Takes `size` bytes (negative: gives them back) from the budget of incomplete messages. False:
  /// over it.
  func reserve(_ size: Int, limit: Int) -> Bool {
    let (_, now) = bufferedBytes.add(size, ordering: .relaxed)
    guard size > 0, now > limit else { return true }
    bufferedBytes.subtract(size, ordering: .relaxed)
    return false
  }

  /// A connection has so many bytes more, or less, that wait to be sent.
  func queueChanged(by size: Int) {
    if size != 0 { queued.add(size, ordering: .relaxed) }
  }

  /// What waits to be sent on all connections.
  var queuedBytes: Int { queued.load(ordering: .relaxed) }

  // MARK: Connections

  /// Registers a connection. False: there are too many, or the server is going down.
  func opened(_ connection: ServerConnection) -> Bool {
    state.withLock { state in
      state.accepted += 1
      let limits = state.limits
      guard !state.isDraining, state.connections.count < limits.maxConnections else { return false }
      if let host = connection.host {
        let open = state.perHost[host, default: 0]
        guard open < limits.maxConnectionsPerAddress ?? .max else { return false }
        state.perHost[host] = open + 1
      }
      state.connections[ObjectIdentifier(connection)] = connection
      return true
    }
  }

  func closed(_ connection: ServerConnection) {
    state.withLock { state in
      guard state.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil,
        let host = connection.host, let count = state.perHost[host]
      else { return }
      state.perHost[host] = count > 1 ? count - 1 : nil
    }
    wakeIfIdle()
  }

  /// Wakes who waits for the end of a drain, once it has come. Called when a connection closed, and
  /// when a handler ended whose connection is already gone.
  func wakeIfIdle() {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      guard state.isDraining, state.connections.isEmpty, handlers.load(ordering: .relaxed) == 0
      else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Drains every connection and returns when all are closed and no handler runs. Handlers are
  /// cancelled at the end of the grace; one that does not heed it is left behind a second later.
  func drain(grace: Duration, on loop: any EventLoop) async {
    let connections = state.withLock { state in
      state.isDraining = true
      return Array(state.connections.values)
    }
    for connection in connections { connection.shutDown(grace: grace) }
    let lastCall = loop.scheduleTask(in: TimeAmount(grace) + .seconds(1)) { self.wakeAll() }
    await withCheckedContinuation { continuation in
      state.withLock { $0.waiters.append(continuation) }
      wakeIfIdle()
    }
    lastCall.cancel()
  }

  private func wakeAll() {
    let waiters = state.withLock { state in
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}
