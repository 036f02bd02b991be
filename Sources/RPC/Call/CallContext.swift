internal import Synchronization

/// What a handler knows about its call beside the message. One per call, on the server.
public final class CallContext: Sendable {
  public let method: MethodDescriptor
  /// The request's metadata without the fields that belong to HTTP or gRPC.
  public let metadata: Metadata
  /// When the caller stops waiting; nil when it gave no timeout.
  public let deadline: Deadline?
  /// The caller's address, `127.0.0.1:50123` or `[::1]:50123`, else `unix` or `in-process`.
  public let peer: String
  /// Who the caller is by the certificate that it proved to own (mutual TLS); nil without one.
  public let identity: PeerIdentity?

  private struct State {
    var headers = Metadata()
    var trailers = Metadata()
    var values: [ObjectIdentifier: any Sendable] = [:]
    var encodedResponse: [UInt8]?
    var requestID: String?
    var responseFilter: ResponseFilter?
    var request: (any WireMessage)?
  }

  // Nil until something is added: most calls never do.
  private let state = Mutex<State?>(nil)
  private let cancelled = Atomic<Bool>(false)
  private let compression: Atomic<Bool>
  private let compressedRequest = Atomic<Bool>(false)
  private let requestIsKept = Atomic<Bool>(false)

  public init(
    method: MethodDescriptor, metadata: Metadata = [:], deadline: Deadline? = nil,
    peer: String = "in-process", identity: PeerIdentity? = nil, compressesResponses: Bool = false
  ) {
    self.method = method
    self.metadata = metadata
    self.deadline = deadline
    self.peer = peer
    self.identity = identity
    self.compression = Atomic(compressesResponses)
  }

  /// Whether nobody waits for the answer any more: the caller cancelled, went away, or its deadline
  /// passed. The handler's task is cancelled at the same moment.
  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Whether responses go out compressed, where the caller accepts it and it is worth it. At first
  /// whether the caller set an encoding for its own messages. A handler may switch it on before the
  /// first message, and off or on before any other; off is for answers that mix a secret with text
  /// of the caller's choice (BREACH).
  public var compressesResponses: Bool {
    get { compression.load(ordering: .relaxed) }
    set { compression.store(newValue, ordering: .relaxed) }
  }

  /// How often the caller has sent the call before, as it says (`grpc-previous-rpc-attempts`).
  public var previousAttempts: Int {
    metadata["grpc-previous-rpc-attempts"].flatMap { Int($0) } ?? 0
  }

  /// What the call is called in logs: the caller's `x-request-id` if that can stand there, else one
  /// made when it is first asked for. Callers get it with faults of the server, in the trailers.
  public var requestID: String {
    if let given = RequestID.given(metadata) { return given }
    change { $0.requestID = $0.requestID ?? RequestID.fresh() }
    return state.withLock { $0?.requestID } ?? ""
  }

  /// The trace that the call belongs to; nil for none.
  public var trace: TraceParent? { metadata["traceparent"].flatMap { TraceParent($0) } }

  /// Whether the request message that was handed out last had come compressed.
  public var requestWasCompressed: Bool { compressedRequest.load(ordering: .relaxed) }

  /// Whether the request message stays for the interceptors that run after the handler. To be said
  /// before the handler runs; for methods with one request.
  public var keepsRequest: Bool {
    get { requestIsKept.load(ordering: .relaxed) }
    set { requestIsKept.store(newValue, ordering: .relaxed) }
  }

  /// The request message, where it was to be kept; nil before it has been decoded.
  public var keptRequest: (any WireMessage)? { state.withLock { $0?.request } }

  // Generic: of most calls nothing is kept, and a message of any kind would be put in a box first.
  func note<Message: WireMessage>(_ request: Message) {
    guard keepsRequest else { return }
    change { $0.request = request }
  }

  func noteRequest(isCompressed: Bool) {
    compressedRequest.store(isCompressed, ordering: .relaxed)
  }

  /// Adds a field to the response's headers; without effect once the first message has been sent.
  public func addHeader(_ name: String, _ value: String) {
    change { $0.headers.add(name, value) }
  }

  /// Adds a field to the response's trailers.
  public func addTrailer(_ name: String, _ value: String) {
    change { $0.trailers.add(name, value) }
  }

  /// Adds a binary field (`…-bin`) to the response's headers.
  public func addHeader(_ name: String, _ value: [UInt8]) {
    change { $0.headers.add(name, value) }
  }

  /// Adds a binary field (`…-bin`) to the response's trailers.
  public func addTrailer(_ name: String, _ value: [UInt8]) {
    change { $0.trailers.add(name, value) }
  }

  /// What an interceptor left for the handlers behind it, such as the authenticated user.
  public subscript<K: ContextKey>(_ key: K.Type) -> K.Value? {
    get { state.withLock { $0?.values[ObjectIdentifier(key)] as? K.Value } }
    set { change { $0.values[ObjectIdentifier(key)] = newValue } }
  }

  /// The response on the wire, where the handler has had to encode it for another purpose: it is
  /// then not encoded a second time. Must be the encoding of what the handler returns; for methods
  /// with one response.
  public var encodedResponse: [UInt8]? {
    get { state.withLock { $0?.encodedResponse } }
    set { change { $0.encodedResponse = newValue } }
  }

  /// What an encoded response goes through before it leaves, such as one that takes out what its
  /// reader may not know. Left by an interceptor.
  public var responseFilter: ResponseFilter? {
    get { state.withLock { $0?.responseFilter } }
    set { change { $0.responseFilter = newValue } }
  }

  /// Makes of an encoded response the one that is sent; throwing ends the call with that error.
  public typealias ResponseFilter = @Sendable ([UInt8]) throws -> [UInt8]

  /// What was added to the headers; nil for nothing.
  var responseHeaders: Metadata? { state.withLock { $0?.headers } }
  /// What was added to the trailers; nil for nothing.
  var responseTrailers: Metadata? { state.withLock { $0?.trailers } }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      var changed = state ?? State()
      state = nil
      body(&changed)
      state = changed
    }
  }

  func cancel() { cancelled.store(true, ordering: .relaxed) }
}

/// Names a value that an interceptor puts into the context: `enum Caller: ContextKey { typealias
/// Value = User }`.
public protocol ContextKey {
  associatedtype Value: Sendable
}
