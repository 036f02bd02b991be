internal import NIOCore
internal import Synchronization

/// Keeps one connection to one target: made by the first call that needs it, and again after a
/// loss.
final class Connector: Sendable {
  private enum State {
    /// No connection. Can go to `connecting` or `closed`.
    case idle
    /// One is being made. Can go to `ready`, `idle` or `closed`.
    case connecting(EventLoopFuture<ClientConnection>)
    /// Can go to `idle` or `closed`.
    case ready(ClientConnection)
    case closed
  }

  let loop: any EventLoop
  let limits: RPCLimits
  let target: String
  private let state = Mutex(State.idle)
  /// Makes a connected connection; fails with an `RPCError`.
  private let connect: @Sendable (ClientConnection) -> EventLoopFuture<Void>

  init(
    loop: any EventLoop, limits: RPCLimits, target: String,
    connect: @escaping @Sendable (ClientConnection) -> EventLoopFuture<Void>
  ) {
    self.loop = loop
    self.limits = limits
    self.target = target
    self.connect = connect
  }

  private enum Step {
    case ready(ClientConnection)
    case wait(EventLoopFuture<ClientConnection>)
    case connect(EventLoopPromise<ClientConnection>)
    case closed
  }

  /// The connection, made if need be. Waits no longer than the deadline, nor after the task's
  /// cancellation.
  func connection(deadline: Deadline?) async throws(RPCError) -> ClientConnection {
    let step = state.withLock { state -> Step in
      switch state {
      case .ready(let connection): return .ready(connection)
      case .connecting(let future): return .wait(future)
      case .closed: return .closed
      case .idle:
        let promise = loop.makePromise(of: ClientConnection.self)
        state = .connecting(promise.futureResult)
        return .connect(promise)
      }
    }
    switch step {
    case .ready(let connection): return connection
    case .closed: throw RPCError(.unavailable, "the channel is closed")
    case .wait(let future): return try await wait(for: future, deadline)
    case .connect(let promise):
      begin(promise, Retries())
      return try await wait(for: promise.futureResult, deadline)
    }
  }

  private func begin(_ promise: EventLoopPromise<ClientConnection>, _ retries: Retries) {
    let connection = ClientConnection(loop: loop, limits: limits, target: target) {
      [weak self] connection in self?.retired(connection)
    }
    // Hop: the connection's state, which is looked at here, belongs to its loop.
    connect(connection).hop(to: loop).whenComplete { [self] result in
      switch result {
      case .success where connection.isRetired:
        // Gone again before anybody could use it.
        var retries = retries
        if connection.saidGoodbye, retries.allows(.unsent) { return begin(promise, retries) }
        state.withLock { if case .connecting = $0 { $0 = .idle } }
        promise.fail(connection.lossError)
      case .success:
        let isWanted = state.withLock { state -> Bool in
          guard case .connecting = state else { return false }
          state = .ready(connection)
          return true
        }
        if isWanted {
          promise.succeed(connection)
        } else {
          connection.close()
          promise.fail(RPCError(.unavailable, "the channel is closed"))
        }
      case .failure(let error):
        state.withLock { if case .connecting = $0 { $0 = .idle } }
        connection.gone.succeed(())
        promise.fail(error)
      }
    }
  }

  private func wait(
    for future: EventLoopFuture<ClientConnection>, _ deadline: Deadline?
  ) async throws(RPCError) -> ClientConnection {
    // Its own promise, since deadline and cancellation end this wait only, not the connecting.
    let promise = future.eventLoop.makePromise(of: ClientConnection.self)
    future.cascade(to: promise)
    let timer = deadline.map { deadline in
      future.eventLoop.scheduleTask(deadline: .uptimeNanoseconds(deadline.uptimeNanoseconds)) {
        promise.fail(RPCError(.deadlineExceeded, "no connection to \(self.target) in time"))
      }
    }
    defer { timer?.cancel() }
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        promise.fail(RPCError(.cancelled, "the call was cancelled"))
      }
    } catch let error as RPCError {
      throw error
    } catch {
      throw RPCError(.unavailable, "cannot reach \(target)", cause: error)
    }
  }

  private func retired(_ connection: ClientConnection) {
    state.withLock { state in
      if case .ready(let current) = state, current === connection { state = .idle }
    }
  }

  /// Closes for good; returns when the connection is gone.
  func close() async {
    let old = state.withLock { state in
      defer { state = .closed }
      return state
    }
    switch old {
    case .idle, .closed: break
    case .connecting(let future):
      // It finds the channel closed and closes itself.
      _ = try? await future.get()
    case .ready(let connection):
      connection.close()
      try? await connection.gone.futureResult.get()
    }
  }
}
