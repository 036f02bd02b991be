internal import NIOCore
private import Synchronization

/// Carries out calls of one request and one response from inside the process, on behalf of a call
/// that is being served: the same handlers and interceptors as a call over the network, without its
/// frames.
public struct Dispatcher: Sendable {
  private let routes: [String: Router.Route]
  private let interceptors: [Interceptor]

  /// Knows what the router knows now. `interceptors` run around every call, as the server's do.
  public init(_ router: Router, interceptors: [Interceptor] = []) {
    let single = router.routes.filter { $0.method.shape == .unary }
    routes = Dictionary(uniqueKeysWithValues: single.map { ($0.method.path, $0) })
    self.interceptors = interceptors
  }

  /// The method of one request and one response with that full name,
  /// "joinery.orders.v1.OrderService/PlaceOrder"; nil when there is none.
  public func method(_ name: String) -> MethodDescriptor? { routes["/" + name]?.method }

  /// Runs `context.method`, which must be one that `method(_:)` knows, with an encoded request.
  /// Returns the encoded response; throws what an interceptor or the handler does, `RPCError` for
  /// text that is no text, and `WireError` for what is no request of the method.
  public func call(_ request: [UInt8], _ context: CallContext) async throws -> [UInt8] {
    guard let route = routes[context.method.path] else {
      throw RPCError(.unimplemented, "unknown service or method")
    }
    let began = NIODeadline.now()
    let port = DispatchedCall(request, context)
    var reached = 0
    let result: Result<[UInt8], any Error>
    do {
      for interceptor in interceptors {
        reached += 1
        try await interceptor.before?(context)
      }
      try await route.serve(port)
      result = .success(port.response)
    } catch {
      result = .failure(error)
    }
    let outcome = CallOutcome(
      code: Self.code(of: result),
      duration: .nanoseconds((NIODeadline.now() - began).nanoseconds), error: result.failure)
    for interceptor in interceptors.prefix(reached).reversed() {
      interceptor.after?(context, outcome)
    }
    return try result.get()
  }

  private static func code(of result: Result<[UInt8], any Error>) -> RPCError.Code {
    switch result.failure {
    case nil: .ok
    case let error as RPCError: error.code
    case let error as WireError: RPCError(wire: error).code
    case is CancellationError: .cancelled
    default: .unknown
    }
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}

/// A call that has neither stream nor connection.
private final class DispatchedCall: HandlerPort {
  let context: CallContext
  private let encodedRequest: [UInt8]
  private let encodedResponse = Mutex<[UInt8]>([])

  init(_ request: [UInt8], _ context: CallContext) {
    encodedRequest = request
    self.context = context
  }

  var response: [UInt8] { encodedResponse.withLock { $0 } }

  func request<Q: WireMessage>(as type: Q.Type) throws -> Q {
    do {
      return try Q(wire: encodedRequest)
    } catch {
      switch error {
      case .malformed, .tooLarge: throw error
      case .invalidText, .nulInText: throw RPCError(wire: error)
      }
    }
  }

  func respond<R: WireMessage>(_ message: R) throws {
    var bytes = context.encodedResponse ?? message.encoded()
    if let filter = context.responseFilter { bytes = try filter(bytes) }
    encodedResponse.withLock { $0 = bytes }
  }

  var inbox: MessageInbox { preconditionFailure("\(context.method.path) streams no requests") }

  func write<R: WireMessage>(_ message: R, compressed: Bool) async throws {
    preconditionFailure("\(context.method.path) streams no responses")
  }
}
