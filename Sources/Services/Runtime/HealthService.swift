internal import Messages
internal import RPC
private import Synchronization

/// grpc.health.v1: what load balancers and probes ask. Answers from memory; the database is never
/// touched.
final class HealthService: GRPCHealthV1.Health {
  private struct State {
    var serving = true
    /// Services that do not work for now.
    var paused: Set<String> = []
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0

    func isServing(_ service: String) -> Bool { serving && !paused.contains(service) }
  }

  private struct Watcher {
    let service: String
    let stream: AsyncStream<Bool>.Continuation
  }

  private let names: Set<String>
  private let state = Mutex(State())

  /// `services` are the full names that can be asked about; the empty name stands for the whole
  /// server.
  init(services: some Sequence<String>) { names = Set(services).union([""]) }

  /// Whether it answers SERVING for the whole server.
  var isServing: Bool { state.withLock { $0.isServing("") } }

  /// From now on NOT_SERVING for these, of which the whole server may be one, and SERVING for all
  /// others. Watchers are told.
  func pause(_ services: Set<String>) {
    state.withLock { state in
      let changed = state.paused.symmetricDifference(services)
      state.paused = services
      for watcher in state.watchers.values where changed.contains(watcher.service) {
        watcher.stream.yield(state.isServing(watcher.service))
      }
    }
  }

  /// From now on SERVING for all.
  func resume() { pause([]) }

  /// From now on NOT_SERVING: the first step of a graceful shutdown. Watchers are told, then let
  /// go.
  func stop() {
    let watchers = state.withLock { state in
      state.serving = false
      defer { state.watchers = [:] }
      return state.watchers.values
    }
    for watcher in watchers {
      watcher.stream.yield(false)
      watcher.stream.finish()
    }
  }

  func check(
    _ request: GRPCHealthV1.HealthCheckRequest, context: CallContext
  ) async throws -> GRPCHealthV1.HealthCheckResponse {
    guard names.contains(request.service) else {
      throw RPCError(.notFound, "no service \(request.service)")
    }
    return Self.response(state.withLock { $0.isServing(request.service) })
  }

  func list(
    _ request: GRPCHealthV1.HealthListRequest, context: CallContext
  ) async throws -> GRPCHealthV1.HealthListResponse {
    let statuses = state.withLock { state in
      names.map { ($0, Self.response(state.isServing($0))) }
    }
    return .init(statuses: Dictionary(uniqueKeysWithValues: statuses))
  }

  func watch(
    _ request: GRPCHealthV1.HealthCheckRequest,
    writer: ResponseWriter<GRPCHealthV1.HealthCheckResponse>, context: CallContext
  ) async throws {
    guard names.contains(request.service) else {
      try await writer.write(GRPCHealthV1.HealthCheckResponse(status: .serviceUnknown))
      // Stays open, as the protocol wants: the service might be deployed later, but not in this
      // process.
      for await _ in AsyncStream<Never>.makeStream().stream {}
      return
    }
    for await serving in changes(of: request.service) {
      try await writer.write(Self.response(serving))
    }
  }

  /// The present state at once, then every change.
  private func changes(of service: String) -> AsyncStream<Bool> {
    let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
    state.withLock { state in
      continuation.yield(state.isServing(service))
      guard state.serving else { return continuation.finish() }
      let id = state.nextWatcher
      state.nextWatcher += 1
      state.watchers[id] = Watcher(service: service, stream: continuation)
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { _ = $0.watchers.removeValue(forKey: id) }
      }
    }
    return stream
  }

  private static func response(_ serving: Bool) -> GRPCHealthV1.HealthCheckResponse {
    GRPCHealthV1.HealthCheckResponse(status: serving ? .serving : .notServing)
  }
}
