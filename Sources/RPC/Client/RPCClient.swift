internal import HTTP2
internal import NIOCore
internal import NIOPosix

/// A channel to one or several equal gRPC servers over HTTP/2, with TLS or as cleartext: concurrent
/// calls on one connection to each address, in turn.
///
/// Connections are made when calls need them, and made again after a loss; an address that cannot
/// be reached is left alone for a growing while. Calls that may be repeated are, see `RetryPolicy`.
/// They close with the channel, or when nobody holds it any more.
///
///     let channel = RPCClient(.tcp(host: "127.0.0.1", port: 50051))
///     let orders = OrdersV1.OrderServiceClient(channel: channel)
///     …
///     await channel.close()
public final class RPCClient: ClientChannel {
  let balancer: Balancer
  let scheme: String
  let retry: RetryPolicy
  let throttle: RetryThrottle
  /// Around every call, in this order.
  let interceptors: [ClientInterceptor]

  /// Does not connect yet. Without `tls` everything is sent as cleartext. `limits` bounds what the
  /// server can make us hold, and says how often to connect. `interceptors` run around every call
  /// in this order.
  public convenience init(
    _ endpoint: Endpoint, tls: ClientTLS? = nil, limits: RPCLimits = RPCLimits(),
    retry: RetryPolicy = RetryPolicy(), interceptors: [ClientInterceptor] = []
  ) {
    self.init([endpoint], tls: tls, limits: limits, retry: retry, interceptors: interceptors)
  }

  /// Calls go to the endpoints in turn, and to every address that the name of one has; they serve
  /// the same, so it matters to nobody which one answers. At least one.
  public convenience init(
    _ endpoints: [Endpoint], tls: ClientTLS? = nil, limits: RPCLimits = RPCLimits(),
    retry: RetryPolicy = RetryPolicy(), interceptors: [ClientInterceptor] = []
  ) {
    self.init(
      endpoints, tls: tls, limits: limits, retry: retry, interceptors: interceptors,
      resolver: Resolver(), pacemaker: SystemPacemaker())
  }

  convenience init(
    _ endpoints: [Endpoint], tls: ClientTLS? = nil, limits: RPCLimits = RPCLimits(),
    retry: RetryPolicy = RetryPolicy(), interceptors: [ClientInterceptor] = [],
    resolver: Resolver, pacemaker: any Pacemaker
  ) {
    precondition(!endpoints.isEmpty, "a channel to nowhere")
    let dialer = Dialer(tls: tls, limits: limits)
    let means = Balancer.Means(
      target: endpoints.map(\.description).joined(separator: ","),
      addresses: Resolver.literal(endpoints),
      lookUp: { () throws(RPCError) in
        try await resolver.addresses(endpoints, limit: limits.maxAddresses)
      },
      dial: { dialer.dial($0, $1) }, authority: { dialer.authority(of: $0) }, pacemaker: pacemaker)
    self.init(
      Balancer(means, limits: limits), scheme: tls == nil ? "http" : "https", retry: retry,
      interceptors: interceptors)
  }

  init(
    _ balancer: Balancer, scheme: String, retry: RetryPolicy, interceptors: [ClientInterceptor]
  ) {
    self.balancer = balancer
    self.scheme = scheme
    self.retry = retry
    self.throttle = RetryThrottle(retry)
    self.interceptors = interceptors
  }

  public func close() async { await balancer.close() }

  /// The thread of the channel's connection, or of one where it has several. Calls that are made
  /// there need not change threads on their way out and back, which saves each two wake-ups:
  ///
  ///     try await withTaskExecutorPreference(channel.executor) {
  ///       try await orders.getOrder(request)
  ///     }
  ///
  /// What else the caller does there must be short, since the connection waits meanwhile.
  public var executor: any TaskExecutor { balancer.executor }

  // MARK: Calls

  public func unary<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> Reply<R> {
    let call = try await OutgoingCall(method, options, on: self)
    return try await reporting(call) { () throws(RPCError) in
      let message = try frame(request, call)
      let reply = try await call.perform { await single($0, $1, .single(message)) }
      return try decode(reply)
    }
  }

  public func serverStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, _ request: Q, options: CallOptions
  ) async throws(RPCError) -> ResponseStream<R> {
    let call = try await OutgoingCall(method, options, on: self)
    let message: [UInt8]
    do { message = try frame(request, call) } catch {
      call.ended(error)
      throw error
    }
    let receiver = StreamReceiver {}
    let driver = Task { await streamed(call, .single(message), receiver) }
    return ResponseStream(call: StreamHandle(driver, receiver))
  }

  public func clientStreaming<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> Reply<R> {
    let call = try await OutgoingCall(method, options, on: self)
    return try await reporting(call) { () throws(RPCError) in
      let source = RequestBuffer(limits: call.limits, compression: call.compression)
      let driver = Task { () -> Result<RawReply, RPCError> in
        do throws(RPCError) {
          return .success(try await call.perform { await single($0, $1, .stream(source)) })
        } catch { return .failure(error) }
      }
      source.begin({ try await send(RequestWriter(sink: $0)) }, onFailure: { driver.cancel() })
      let result = await withTaskCancellationHandler {
        await driver.value
      } onCancel: {
        driver.cancel()
      }
      source.end()
      return try decode(try result.get())
    }
  }

  public func bidirectional<Q: WireMessage, R: WireMessage>(
    _ method: MethodDescriptor, options: CallOptions,
    send: @escaping @Sendable (RequestWriter<Q>) async throws -> Void
  ) async throws(RPCError) -> ResponseStream<R> {
    let call = try await OutgoingCall(method, options, on: self)
    let source = RequestBuffer(limits: call.limits, compression: call.compression)
    let receiver = StreamReceiver { source.end() }
    let driver = Task { await streamed(call, .stream(source), receiver) }
    source.begin({ try await send(RequestWriter(sink: $0)) }, onFailure: { driver.cancel() })
    return ResponseStream(call: StreamHandle(driver, receiver))
  }

  // MARK: Parts of a call

  /// Tells the interceptors of the call's end.
  private func reporting<T>(
    _ call: OutgoingCall, _ body: () async throws(RPCError) -> T
  ) async throws(RPCError) -> T {
    do throws(RPCError) {
      let result = try await body()
      call.ended(nil)
      return result
    } catch {
      call.ended(error)
      throw error
    }
  }

  private func frame<Q: WireMessage>(
    _ request: Q, _ call: OutgoingCall
  ) throws(RPCError) -> [UInt8] {
    try MessageFrame.bytes(
      request, limit: call.limits.maxSendMessageBytes, compression: call.compression)
  }

  /// One attempt of a call with one response.
  private func single(
    _ call: ClientCall, _ fields: HeaderFields, _ body: ClientCall.Body
  ) async -> Result<RawReply, CallFailure> {
    await attempt(call, body) { caller in
      call.start(fields, body, receiver: SingleReceiver(call, body.source, caller))
    }
  }

  /// A call with streamed responses: the receiver gets them, and the end.
  private func streamed(
    _ call: OutgoingCall, _ body: ClientCall.Body, _ receiver: StreamReceiver
  ) async {
    do throws(RPCError) {
      let error = try await call.perform { attempt, fields in
        await self.attempt(attempt, body) { driver in
          receiver.begins(attempt)
          attempt.start(
            fields, body, receiver: StreamAttempt(receiver, body.source, driver))
        }
      }
      call.ended(error)
    } catch {
      receiver.ended(CallFailure(error), trailers: error.metadata)
      call.ended(error)
    }
  }

  private func attempt<T: Sendable>(
    _ call: ClientCall, _ body: ClientCall.Body,
    _ start: @escaping @Sendable (CheckedContinuation<Result<T, CallFailure>, Never>) -> Void
  ) async -> Result<T, CallFailure> {
    body.source?.rewind()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { caller in
        call.connection.loop.execute { start(caller) }
      }
    } onCancel: {
      call.cancel()
    }
    guard body.source?.isCommitted == true else { return result }
    return result.mapError { failure in
      var failure = failure
      failure.isCommitted = true
      return failure
    }
  }

  private func decode<R: WireMessage>(_ reply: RawReply) throws(RPCError) -> Reply<R> {
    guard let message = reply.message else {
      preconditionFailure("a reply without a message is a failure")
    }
    return Reply(
      message: try message.decode(as: R.self), headers: reply.headers, trailers: reply.trailers,
      wasCompressed: message.encoding != nil)
  }
}
