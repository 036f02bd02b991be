internal import HTTP2
internal import NIOCore
internal import NIOPosix

/// A channel to a gRPC server over HTTP/2, with TLS or as cleartext: concurrent calls on one
/// connection, which is made by the first call and made again by the next call after it was lost.
///
///     let channel = RPCClient(.tcp(host: "127.0.0.1", port: 50051))
///     let orders = OrdersV1.OrderServiceClient(channel: channel)
///     …
///     await channel.close()
public final class RPCClient: ClientChannel {
  private let connector: Connector
  private let authority: String
  private let scheme: String

  /// Does not connect yet. Without `tls` everything is sent as cleartext. `limits` bounds what the
  /// server can make us hold and sets the connect timeout.
  public convenience init(
    _ endpoint: Endpoint, tls: ClientTLS? = nil, limits: RPCLimits = RPCLimits()
  ) {
    let dialer = Dialer(endpoint: endpoint, tls: tls, limits: limits)
    let connector = Connector(
      loop: MultiThreadedEventLoopGroup.singleton.next(), limits: limits,
      target: endpoint.description, connect: { dialer.connect($0) })
    self.init(
      connector: connector, authority: dialer.authority, scheme: tls == nil ? "http" : "https")
  }

  init(connector: Connector, authority: String, scheme: String = "http") {
    self.connector = connector
    self.authority = authority
    self.scheme = scheme
  }

  public func unary<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> Reply<R> {
    let message = try frame(request, options)
    let fields = try requestFields(method, options)
    let deadline = options.timeout.map { Deadline.after($0) }
    var retries = Retries()
    while true {
      let call = ClientCall(
        connection: try await connector.connection(deadline: deadline), deadline: deadline,
        compression: nil)
      switch await single(call, fields, message) {
      case .success(let reply): return try decode(reply)
      case .failure(let failure):
        guard retries.allows(failure.progress) else { throw failure.error }
      }
    }
  }

  public func serverStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> ResponseStream<R> {
    let message = try frame(request, options)
    let fields = try requestFields(method, options)
    let call = try await newCall(options)
    let receiver = streamReceiver(of: call) {}
    call.connection.loop.execute { call.start(fields, message: message, receiver: receiver) }
    return ResponseStream(call: StreamHandle(call, receiver))
  }

  public func clientStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> Reply<R> {
    let fields = try requestFields(method, options)
    let call = try await newCall(options)
    let sender = sendingTask(call, send)
    defer { sender.cancel() }
    switch await single(call, fields, nil) {
    case .success(let reply): return try decode(reply)
    case .failure(let failure): throw failure.error
    }
  }

  public func bidirectional<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> ResponseStream<R> {
    let fields = try requestFields(method, options)
    let call = try await newCall(options)
    let sender = sendingTask(call, send)
    let receiver = streamReceiver(of: call) { sender.cancel() }
    call.connection.loop.execute { call.start(fields, message: nil, receiver: receiver) }
    return ResponseStream(call: StreamHandle(call, receiver))
  }

  public func close() async { await connector.close() }

  // MARK: Parts of a call

  private func newCall(_ options: CallOptions) async throws(RPCError) -> ClientCall {
    let deadline = options.timeout.map { Deadline.after($0) }
    return ClientCall(
      connection: try await connector.connection(deadline: deadline), deadline: deadline,
      compression: compression(options))
  }

  private func compression(_ options: CallOptions) -> MessageCompression? {
    options.compressesMessages
      ? MessageCompression(encoding: .gzip, fromBytes: connector.limits.compressedFromBytes) : nil
  }

  private func frame<Q: WireMessage>(
    _ request: Q, _ options: CallOptions
  ) throws(RPCError) -> [UInt8] {
    try MessageFrame.bytes(
      request, limit: connector.limits.maxSendMessageBytes, compression: compression(options))
  }

  private func requestFields(
    _ method: MethodDescriptor, _ options: CallOptions
  ) throws(RPCError) -> HeaderFields {
    var fields = HeaderFields()
    fields.add(":method", "POST".utf8, indexed: true)
    fields.add(":scheme", scheme.utf8, indexed: true)
    fields.add(":path", method.path.utf8, indexed: true)
    fields.add(":authority", authority.utf8, indexed: true)
    fields.add("te", "trailers".utf8, indexed: true)
    fields.add("content-type", "application/grpc".utf8, indexed: true)
    if options.compressesMessages { fields.add("grpc-encoding", "gzip".utf8, indexed: true) }
    fields.add(
      "grpc-accept-encoding", MessageEncoding.accepted.description.utf8, indexed: true)
    fields.add("user-agent", "joinery-swift".utf8, indexed: true)
    for field in options.metadata.fields
    where !Metadata.isValid(name: field.name, value: field.value) {
      throw RPCError(.internal, "the metadata \(field.name) cannot be sent")
    }
    options.metadata.write(to: &fields)
    return fields
  }

  private func single(
    _ call: ClientCall, _ fields: HeaderFields, _ message: [UInt8]?
  ) async -> Result<RawReply, CallFailure> {
    await withTaskCancellationHandler {
      await withCheckedContinuation { caller in
        call.connection.loop.execute {
          let receiver = SingleReceiver(caller) { [weak call] in call?.taken($0) }
          call.start(fields, message: message, receiver: receiver)
        }
      }
    } onCancel: {
      call.cancel()
    }
  }

  private func streamReceiver(
    of call: ClientCall, onEnd: @escaping @Sendable () -> Void
  ) -> StreamReceiver {
    let loop = call.connection.loop
    return StreamReceiver(
      loop: loop,
      onTake: { [weak call] size in
        guard let call else { return }
        if loop.inEventLoop { call.taken(size) } else { loop.execute { call.taken(size) } }
      }, onEnd: onEnd)
  }

  private func sendingTask<Q: WireMessage>(
    _ call: ClientCall, _ send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) -> Task<Void, Never> {
    Task {
      do {
        try await send(RequestWriter(sink: call))
        call.finishSending()
      } catch {
        call.cancel()
      }
    }
  }

  private func decode<R: WireMessage>(_ reply: RawReply) throws(RPCError) -> Reply<R> {
    guard let message = reply.message else {
      preconditionFailure("a reply without a message is a failure")
    }
    return Reply(
      message: try message.decode(as: R.self), headers: reply.headers, trailers: reply.trailers)
  }
}
