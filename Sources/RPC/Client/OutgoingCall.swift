internal import HTTP2
internal import NIOCore

/// One call as its caller sees it: as many attempts as its policy and the servers allow.
struct OutgoingCall: Sendable {
  let method: MethodDescriptor
  let options: CallOptions
  let limits: RPCLimits

  private let deadline: Deadline?
  private let channel: RPCClient
  private let startedAt: UInt64

  /// Runs the interceptors; throws what they throw, and what cannot be sent.
  init(
    _ method: MethodDescriptor, _ options: CallOptions, on channel: RPCClient
  ) async throws(RPCError) {
    var options = options
    let startedAt = NIODeadline.now().uptimeNanoseconds
    var reached = 0
    do throws(RPCError) {
      for interceptor in channel.interceptors {
        reached += 1
        try await interceptor.before?(method, &options)
      }
      for field in options.metadata.fields
      where !Metadata.isValid(name: field.name, value: field.value) {
        throw RPCError(.internal, "the metadata \(field.name) cannot be sent")
      }
    } catch {
      OutgoingCall.tell(channel.interceptors.prefix(reached), method, startedAt, error)
      throw error
    }
    self.method = method
    self.options = options
    self.channel = channel
    self.limits = channel.balancer.limits
    self.startedAt = startedAt
    self.deadline = options.soonestDeadline
  }

  /// How messages are compressed; nil for not at all.
  var compression: MessageCompression? {
    options.compressesMessages
      ? MessageCompression(encoding: .gzip, fromBytes: limits.compressedFromBytes) : nil
  }

  /// Makes attempts until one has a result or none may follow.
  func perform<T>(
    _ attempt: (ClientCall, HeaderFields) async -> Result<T, CallFailure>
  ) async throws(RPCError) -> T {
    let mayRepeat = method.idempotency != .unknown || options.metadata["idempotency-key"] != nil
    var retries = Retries(
      options.retry ?? channel.retry, mayRepeat: mayRepeat, throttle: channel.throttle)
    let balancer = channel.balancer
    while true {
      let connection = try await balancer.connection(
        deadline: deadline, waitsForReady: options.waitsForReady)
      let call = ClientCall(connection: connection, deadline: deadline)
      switch await attempt(call, fields(connection.authority, previous: retries.made)) {
      case .success(let result): return result
      case .failure(let failure):
        let chance = balancer.pacemaker.chance()
        guard case .again(let pause) = retries.verdict(on: failure, chance: chance) else {
          throw failure.error
        }
        // To wait for a deadline that comes first would help nobody.
        if let deadline, deadline.remaining <= pause { throw failure.error }
        if pause > .zero, !(await balancer.pacemaker.rest(pause)) { throw ClientCall.cancelled }
      }
    }
  }

  private func fields(_ authority: String, previous: Int) -> HeaderFields {
    var fields = HeaderFields()
    fields.add(":method", "POST".utf8, indexed: true)
    fields.add(":scheme", channel.scheme.utf8, indexed: true)
    fields.add(":path", method.path.utf8, indexed: true)
    fields.add(":authority", authority.utf8, indexed: true)
    fields.add("te", "trailers".utf8, indexed: true)
    fields.add("content-type", "application/grpc".utf8, indexed: true)
    if options.compressesMessages { fields.add("grpc-encoding", "gzip".utf8, indexed: true) }
    fields.add(
      "grpc-accept-encoding", MessageEncoding.accepted.description.utf8, indexed: true)
    fields.add("user-agent", "joinery-swift".utf8, indexed: true)
    if previous > 0 { fields.add("grpc-previous-rpc-attempts", "\(previous)".utf8) }
    options.metadata.write(to: &fields)
    return fields
  }

  /// The call is over: with nil it succeeded.
  func ended(_ error: RPCError?) {
    if error == nil { channel.throttle.succeeded() }
    OutgoingCall.tell(channel.interceptors[...], method, startedAt, error)
  }

  private static func tell(
    _ interceptors: ArraySlice<ClientInterceptor>, _ method: MethodDescriptor,
    _ startedAt: UInt64, _ error: RPCError?
  ) {
    guard !interceptors.isEmpty else { return }
    let elapsed = NIODeadline.now().uptimeNanoseconds - startedAt
    let outcome = CallOutcome(
      code: error?.code ?? .ok, duration: .nanoseconds(Int64(clamping: elapsed)), error: error)
    for interceptor in interceptors.reversed() { interceptor.after?(method, outcome) }
  }
}
