internal import Messages
internal import RPC
private import Synchronization

/// grpc.health.v1: what load balancers and probes ask. Answers from memory; the database is never
/// touched.
final class HealthService: GRPCHealthV1.Health {
  private struct State {
    var serving = true
    var watchers: [Int: AsyncStream<Bool>.Continuation] = [:]
    var nextWatcher = 0
  }

  private let names: Set<String>
  private let state = Mutex(State())

  /// `services` are the full names that can be asked about; the empty name stands for the whole
  /// server.
  init(services: some Sequence<String>) { names = Set(services).union([""]) }

  /// Whether it answers SERVING.
  var isServing: Bool { state.withLock { $0.serving } }

  /// From now on NOT_SERVING: the first step of a graceful shutdown. Watchers are told, then let
  /// go.
  func stop() {
    let watchers = state.withLock { state in
      state.serving = false
      defer { state.watchers = [:] }
      return state.watchers.values
    }
    for watcher in watchers {
      watcher.yield(false)
      watcher.finish()
    }
  }

  func check(
    _ request: GRPCHealthV1.HealthCheckRequest, context: CallContext
  ) async throws -> GRPCHealthV1.HealthCheckResponse {
    guard names.contains(request.service) else {
      throw RPCError(.notFound, "no service \(request.service)")
    }
    return Self.response(state.withLock { $0.serving })
  }

  func list(
    _ request: GRPCHealthV1.HealthListRequest, context: CallContext
  ) async throws -> GRPCHealthV1.HealthListResponse {
    let response = Self.response(state.withLock { $0.serving })
    return .init(statuses: Dictionary(uniqueKeysWithValues: names.map { ($0, response) }))
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
    for await serving in changes() { try await writer.write(Self.response(serving)) }
  }

  /// The present state at once, then every change.
  private func changes() -> AsyncStream<Bool> {
    let (stream, continuation) = AsyncStream.makeStream(of: Bool.self)
    state.withLock { state in
      continuation.yield(state.serving)
      guard state.serving else { return continuation.finish() }
      let id = state.nextWatcher
      state.nextWatcher += 1
      state.watchers[id] = continuation
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
