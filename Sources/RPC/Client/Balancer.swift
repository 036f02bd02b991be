internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The connections of a channel, one to each address of its target, each on an event loop of its
/// own; calls take them in turn. What is decided, `Rotation` decides.
final class Balancer: Sendable {
  /// How a balancer comes to its connections.
  struct Means: Sendable {
    /// For messages.
    var target: String
    /// The addresses, where they need no look-up.
    var addresses: [Address]?
    var lookUp: @Sendable () async throws(RPCError) -> [Address]
    /// Connects a connection to an address; fails with an `RPCError`.
    var dial: @Sendable (ClientConnection, Address) -> EventLoopFuture<Void>
    var authority: @Sendable (Address) -> String
    var pacemaker: any Pacemaker = SystemPacemaker()
  }

  private struct State {
    var rotation: Rotation<Address, ClientConnection>
    /// Every connection that is not gone yet, also those that only finish their calls.
    var open: [ObjectIdentifier: ClientConnection] = [:]
    /// The calls that wait for the next event.
    var waiters: [Int: EventLoopPromise<Void>] = [:]
    var lastWaiter = 0
    var keepaliveTime: Duration?
    /// Wakes calls that wait for an address to have rested.
    var alarm: (moment: UInt64, callOff: @Sendable () -> Void)?
    var isClosed = false
  }

  let limits: RPCLimits
  let pacemaker: any Pacemaker
  /// On the loop of the connection, or of one of several.
  let executor: LoopExecutor
  private let firstLoop: any EventLoop
  private let means: Means
  private let state: Mutex<State>

  init(_ means: Means, limits: RPCLimits) {
    self.means = means
    self.limits = limits
    self.pacemaker = means.pacemaker
    firstLoop = MultiThreadedEventLoopGroup.singleton.next()
    executor = LoopExecutor(loop: firstLoop)
    let backoff = Backoff(
      initial: limits.initialReconnectPause, maximum: limits.maxReconnectPause)
    let interval = UInt64(clamping: limits.minLookUpInterval.saturatingNanoseconds)
    self.state = Mutex(
      State(
        rotation: Rotation(
          addresses: means.addresses, backoff: backoff, lookUpInterval: interval),
        keepaliveTime: limits.keepaliveTime))
  }

  /// How long a connection made from now on may be silent before it is asked whether it is there.
  var keepaliveTime: Duration? { state.withLock(\.keepaliveTime) }

  /// Nobody has a call on a channel that is let go.
  deinit {
    let connections = state.withLock { state in
      state.alarm?.callOff()
      return Array(state.open.values)
    }
    for connection in connections { connection.close() }
  }

  /// A connection for the next call; made, or waited for, if need be. While no address can be
  /// reached it fails at once with the reason, or `waitsForReady`. Waits no longer than the
  /// deadline, nor after the task's cancellation.
  func connection(
    deadline: Deadline?, waitsForReady: Bool
  ) async throws(RPCError) -> ClientConnection {
    while true {
      let step = state.withLock { state in self.step(&state, waitsForReady) }
      for attempt in step.attempts { begin(attempt.number, attempt.address) }
      if step.resolves { lookUp() }
      switch step.answer {
      case .take(let connection): return connection
      case .fail(let error): throw error
      case .wait(let number, let event): try await wait(for: event, number, deadline)
      }
    }
  }

  private struct Step {
    enum Answer {
      case take(ClientConnection)
      case wait(Int, EventLoopPromise<Void>)
      case fail(RPCError)
    }

    var answer: Answer
    var attempts: [(number: Int, address: Address)] = []
    var resolves = false
  }

  private static let closed = RPCError(.unavailable, "the channel is closed")

  private func step(_ state: inout State, _ waitsForReady: Bool) -> Step {
    guard !state.isClosed else { return Step(answer: .fail(Balancer.closed)) }
    let decision = state.rotation.pick(now: pacemaker.now)
    var step = Step(
      answer: .fail(Balancer.closed), attempts: decision.attempts, resolves: decision.resolves)
    switch decision.answer {
    case .take(let connection): step.answer = .take(connection)
    case .fail(let error, _) where !waitsForReady: step.answer = .fail(error)
    case .fail(_, let moment):
      setAlarm(&state, moment)
      step.answer = addWaiter(&state)
    case .wait: step.answer = addWaiter(&state)
    }
    return step
  }

  private func addWaiter(_ state: inout State) -> Step.Answer {
    let event = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
    state.lastWaiter += 1
    state.waiters[state.lastWaiter] = event
    return .wait(state.lastWaiter, event)
  }

  private func setAlarm(_ state: inout State, _ moment: UInt64) {
    if let alarm = state.alarm {
      guard moment < alarm.moment else { return }
      alarm.callOff()
    }
    let callOff = pacemaker.schedule(at: moment) { [weak self] in
      self?.change { $0.alarm = nil }
    }
    state.alarm = (moment, callOff)
  }

  private func wait(
    for event: EventLoopPromise<Void>, _ number: Int, _ deadline: Deadline?
  ) async throws(RPCError) {
    let timer = deadline.map { [target = means.target] deadline in
      event.futureResult.eventLoop.scheduleTask(
        deadline: .uptimeNanoseconds(deadline.uptimeNanoseconds)
      ) {
        event.fail(RPCError(.deadlineExceeded, "no connection to \(target) in time"))
      }
    }
    defer {
      timer?.cancel()
      state.withLock { _ = $0.waiters.removeValue(forKey: number) }
    }
    do {
      try await withTaskCancellationHandler {
        try await event.futureResult.get()
      } onCancel: {
        event.fail(RPCError(.cancelled, "the call was cancelled"))
      }
    } catch let error as RPCError {
      throw error
    } catch { throw RPCError(.unavailable, "cannot reach \(means.target)", cause: error) }
  }

  // MARK: Events

  /// Changes the state, then lets every waiting call look again.
  private func change<R: Sendable>(_ body: (inout sending State) -> sending R) -> R {
    let (result, waiters) = state.withLock { state in
      let result = body(&state)
      defer { state.waiters = [:] }
      return (result, Array(state.waiters.values))
    }
    for waiter in waiters { waiter.succeed(()) }
    return result
  }

  private func begin(_ attempt: Int, _ address: Address) {
    var limits = limits
    limits.keepaliveTime = keepaliveTime
    let isOnly = state.withLock(\.open.isEmpty)
    let connection = ClientConnection(
      loop: isOnly ? firstLoop : MultiThreadedEventLoopGroup.singleton.next(), limits: limits,
      target: address.description, authority: means.authority(address)
    ) { [weak self] connection, event in
      self?.happened(event, to: connection, attempt)
    }
    let isClosed = state.withLock { state in
      state.open[ObjectIdentifier(connection)] = connection
      return state.isClosed
    }
    if isClosed { connection.close() }
    connection.dial { [dial = means.dial] in dial(connection, address) }
  }

  private func happened(
    _ event: ClientConnection.Event, to connection: ClientConnection, _ attempt: Int
  ) {
    switch event {
    case .pingsUnwanted:
      // gRFC A8: half as often from now on, for all connections of the channel.
      let asked = connection.limits.keepaliveTime
      state.withLock { state in
        guard let asked, let time = state.keepaliveTime, time <= asked else { return }
        state.keepaliveTime = asked * 2
      }
    case .ready:
      let isWanted = change { $0.rotation.connected(attempt, connection) && !$0.isClosed }
      if !isWanted { connection.finish() }
    case .retired(let error):
      let chance = pacemaker.chance()
      change { $0.rotation.ended(attempt, error, chance: chance) }
    case .gone:
      state.withLock { _ = $0.open.removeValue(forKey: ObjectIdentifier(connection)) }
    }
  }

  private func lookUp() {
    Task { [self] in
      let result: Result<[Address], RPCError>
      do throws(RPCError) { result = .success(try await means.lookUp()) } catch {
        result = .failure(error)
      }
      let (now, chance) = (pacemaker.now, pacemaker.chance())
      let unwanted = change { state -> [ClientConnection] in
        switch result {
        case .success(let addresses): return state.rotation.resolved(addresses, at: now)
        case .failure(let error):
          state.rotation.notResolved(error, at: now, chance: chance)
          return []
        }
      }
      for connection in unwanted { connection.finish() }
    }
  }

  /// Closes for good: open calls fail. Returns when all connections are gone.
  func close() async {
    let connections = change { state in
      state.isClosed = true
      state.alarm?.callOff()
      state.alarm = nil
      return Array(state.open.values)
    }
    for connection in connections { connection.close() }
    for connection in connections { try? await connection.gone.futureResult.get() }
  }
}
