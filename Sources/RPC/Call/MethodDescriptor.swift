/// What the .proto file says about one method. Generated, compared by value, never built at run
/// time.
public struct MethodDescriptor: Hashable, Sendable {
  /// How many messages go each way.
  public enum Shape: Hashable, Sendable {
    case unary
    case clientStreaming
    case serverStreaming
    case bidirectional

    /// Whether the client may send any number of messages instead of exactly one.
    public var streamsRequests: Bool { self == .clientStreaming || self == .bidirectional }
    /// Whether the server may send any number of messages instead of exactly one.
    public var streamsResponses: Bool { self == .serverStreaming || self == .bidirectional }
  }

  /// `google.protobuf.MethodOptions.idempotency_level`: whether a call may be repeated blindly.
  public enum Idempotency: Hashable, Sendable {
    case unknown
    case noSideEffects
    case idempotent
  }

  /// The option `joinery.options.v1.scope`: whose data the method is about.
  public enum Scope: Hashable, Sendable {
    /// The caller's alone.
    case unspecified
    /// Somebody's: what is not in the caller's data scope does not exist for it.
    case rows
    /// Nobody's in particular.
    case company
    /// Everybody's at once: for callers without limits.
    case all
  }

  /// `joinery.orders.v1.OrderService`
  public let service: String
  /// `PlaceOrder`
  public let name: String
  public let shape: Shape
  public let idempotency: Idempotency
  /// The option `joinery.options.v1.permission`; empty when the method has none.
  public let permission: String
  /// The option `joinery.options.v1.sensitive`.
  public let isSensitive: Bool
  /// The option `joinery.options.v1.scope`.
  public let scope: Scope
  /// The option `joinery.options.v1.before_approval`.
  public let isBeforeApproval: Bool
  /// `joinery.orders.v1.OrderService/PlaceOrder`: what people and records call it.
  public var fullName: String { String(path.dropFirst()) }
  /// `/joinery.orders.v1.OrderService/PlaceOrder`, the HTTP/2 `:path`.
  public let path: String

  public init(
    service: String, name: String, shape: Shape, idempotency: Idempotency = .unknown,
    permission: String = "", isSensitive: Bool = false, scope: Scope = .unspecified,
    isBeforeApproval: Bool = false
  ) {
    self.service = service
    self.name = name
    self.shape = shape
    self.idempotency = idempotency
    self.permission = permission
    self.isSensitive = isSensitive
    self.scope = scope
    self.isBeforeApproval = isBeforeApproval
    self.path = "/\(service)/\(name)"
  }
}
