/// The outcome of a call that failed: what a handler throws and what a client catches.
///
/// On the server `details` go out as `google.rpc.Status` in `grpc-status-details-bin`; on the
/// client the same arrive as `rawDetails`. `cause` never leaves the process: it is for the log.
public struct RPCError: Error, Sendable {
  /// gRPC's status codes (statuscodes.md). The runtime itself never produces `invalidArgument` (but
  /// for text that is not UTF-8), `notFound`, `alreadyExists`, `failedPrecondition`, `aborted`,
  /// `outOfRange` or `dataLoss`: these belong to the application.
  public enum Code: Int, Hashable, Sendable, CaseIterable {
    case ok = 0
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16

    /// The upper-case name of the specification, `FAILED_PRECONDITION`.
    public var name: String {
      switch self {
      case .ok: "OK"
      case .cancelled: "CANCELLED"
      case .unknown: "UNKNOWN"
      case .invalidArgument: "INVALID_ARGUMENT"
      case .deadlineExceeded: "DEADLINE_EXCEEDED"
      case .notFound: "NOT_FOUND"
      case .alreadyExists: "ALREADY_EXISTS"
      case .permissionDenied: "PERMISSION_DENIED"
      case .resourceExhausted: "RESOURCE_EXHAUSTED"
      case .failedPrecondition: "FAILED_PRECONDITION"
      case .aborted: "ABORTED"
      case .outOfRange: "OUT_OF_RANGE"
      case .unimplemented: "UNIMPLEMENTED"
      case .internal: "INTERNAL"
      case .unavailable: "UNAVAILABLE"
      case .dataLoss: "DATA_LOSS"
      case .unauthenticated: "UNAUTHENTICATED"
      }
    }
  }

  /// One packed detail as it came over the wire.
  public struct RawDetail: Hashable, Sendable {
    /// `type.googleapis.com/google.rpc.ErrorInfo`
    public let typeURL: String
    /// The encoded message.
    public let bytes: [UInt8]

    public init(typeURL: String, bytes: [UInt8]) {
      self.typeURL = typeURL
      self.bytes = bytes
    }
  }

  public var code: Code
  /// For people; goes to the caller, so it holds no SQL, path or other inside.
  public var message: String
  /// Server side: messages to send along; each type at most once.
  public var details: [any WireMessage]
  /// Server side: trailers to send along. Client side: the trailers that came.
  public var metadata: Metadata
  /// Stays in the process.
  public var cause: (any Error)?
  /// Client side: the details that came, still packed.
  public var rawDetails: [RawDetail]
  /// When to come again. Server side: to be sent along. Client side: as it came.
  public var retryPushback: RetryPushback?

  public init(
    _ code: Code, _ message: String, details: [any WireMessage] = [], metadata: Metadata = [:],
    cause: (any Error)? = nil, rawDetails: [RawDetail] = [], retryPushback: RetryPushback? = nil
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.metadata = metadata
    self.cause = cause
    self.rawDetails = rawDetails
    self.retryPushback = retryPushback
  }

  /// The first detail of type `T` that came with the error, decoded; nil when there is none or it
  /// does not decode.
  public func detail<T: WireMessage>(_ type: T.Type) -> T? {
    for raw in rawDetails where raw.typeURL.hasSuffix("/" + T.fullName) {
      if let message = try? T(wire: raw.bytes) { return message }
    }
    return nil
  }
}

extension RPCError: CustomStringConvertible {
  public var description: String { message.isEmpty ? code.name : "\(code.name): \(message)" }
}
