/// Which handler serves which method. Built once before the server starts, immutable afterwards.
public struct Router: Sendable {
  /// One method with its handler, the types of its messages closed over.
  struct Route: Sendable {
    let method: MethodDescriptor
    /// Runs on the call's event loop; returns when the last message is queued. Inherits its
    /// caller's executor, or every call would ask the scheduler once more where it runs.
    let serve: nonisolated(nonsending) @Sendable (any HandlerPort) async throws -> Void
  }

  private(set) var routes: [Route] = []

  public init() {}

  /// The methods in the order of their registration.
  public var methods: [MethodDescriptor] { routes.map(\.method) }

  /// Registers a handler of one request and one response.
  public mutating func unary<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ handler: @escaping @Sendable (Q, CallContext) async throws -> R
  ) {
    add(method, shape: .unary) { port in
      let request = try port.request(as: Q.self)
      port.context.note(request)
      try port.respond(try await handler(request, port.context))
    }
  }

  /// Registers a handler of one request and a stream of responses.
  public mutating func serverStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor,
    _ handler: @escaping @Sendable (Q, ResponseWriter<R>, CallContext) async throws -> Void
  ) {
    add(method, shape: .serverStreaming) { port in
      let request = try port.request(as: Q.self)
      port.context.note(request)
      try await handler(request, ResponseWriter(port: port), port.context)
    }
  }

  /// Registers a handler of a stream of requests and one response.
  public mutating func clientStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor,
    _ handler: @escaping @Sendable (RequestStream<Q>, CallContext) async throws -> R
  ) {
    add(method, shape: .clientStreaming) { port in
      try port.respond(try await handler(RequestStream(inbox: port.inbox), port.context))
    }
  }

  /// Registers a handler of two independent streams.
  public mutating func bidirectional<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor,
    _ handler:
      @escaping @Sendable (RequestStream<Q>, ResponseWriter<R>, CallContext) async throws -> Void
  ) {
    add(method, shape: .bidirectional) { port in
      try await handler(RequestStream(inbox: port.inbox), ResponseWriter(port: port), port.context)
    }
  }

  private mutating func add(
    _ method: MethodDescriptor, shape: MethodDescriptor.Shape,
    serve: nonisolated(nonsending) @escaping @Sendable (any HandlerPort) async throws -> Void
  ) {
    precondition(method.shape == shape, "\(method.path) is not \(shape)")
    precondition(!routes.contains { $0.method.path == method.path }, "\(method.path) twice")
    routes.append(Route(method: method, serve: serve))
  }
}
