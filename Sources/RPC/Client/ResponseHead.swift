internal import HTTP2

/// What the headers or trailers of a response say.
struct ResponseHead {
  /// The HTTP status; nil in trailers.
  private(set) var httpStatus: Int?
  /// `grpc-status`; nil where there is none, `unknown` for a number that we do not know.
  private(set) var status: RPCError.Code?
  private(set) var metadata = Metadata()
  /// How the response's compressed messages are compressed; nil for not at all.
  private(set) var encoding: MessageEncoding?

  private var pushback: RetryPushback?
  private var message = ""
  private var details: [RPCError.RawDetail] = []
  private var isGRPC = false
  private var encodingIsUnknown = false

  init(_ block: HeaderBlock) {
    for index in 0..<block.count {
      let name = block.name(index)
      let value = block.value(index)
      if name.equals(":status") {
        httpStatus = Int(String(decoding: value, as: UTF8.self))
      } else if name.equals("grpc-status") {
        let number = Int(String(decoding: value, as: UTF8.self))
        status = number.flatMap { RPCError.Code(rawValue: $0) } ?? .unknown
      } else if name.equals("grpc-message") {
        message = PercentEncoding.decode(value)
      } else if name.equals("grpc-status-details-bin") {
        details = Base64.decode(value).map { StatusDetails.decode($0) } ?? []
      } else if name.equals("grpc-retry-pushback-ms") {
        pushback = RetryPushback(value)
      } else if name.equals("content-type") {
        isGRPC = ContentType.isGRPC(value)
      } else if name.equals("grpc-encoding") {
        encoding = MessageEncoding(named: value)
        encodingIsUnknown = encoding == nil && !value.equals("identity")
      } else if !Metadata.isProtocolField(name) {
        metadata.read(name: name, value: value)
      }
    }
  }

  var isInformational: Bool { httpStatus.map { $0 >= 100 && $0 < 200 } ?? false }

  /// The call's end by these trailers: nil for OK.
  var outcome: RPCError? {
    guard let status else { return problem ?? RPCError(.internal, "the response has no status") }
    guard status != .ok else { return nil }
    var error = RPCError(status, message, metadata: metadata, rawDetails: details)
    error.retryPushback = pushback
    return error
  }

  /// Why these are not the headers of a gRPC response; nil when they are.
  var problem: RPCError? {
    guard let httpStatus else { return nil }
    guard httpStatus == 200 else {
      return RPCError(ResponseHead.code(of: httpStatus), "the server answered HTTP \(httpStatus)")
    }
    if !isGRPC { return RPCError(.unknown, "the server's answer is not gRPC") }
    if encodingIsUnknown {
      return RPCError(.internal, "the response's grpc-encoding is not supported")
    }
    return nil
  }

  /// gRPC's table for answers that come from something that is no gRPC server
  /// (http-grpc-status-mapping.md).
  private static func code(of httpStatus: Int) -> RPCError.Code {
    switch httpStatus {
    case 400, 431: .internal
    case 401: .unauthenticated
    case 403: .permissionDenied
    case 404: .unimplemented
    case 429, 502, 503, 504: .unavailable
    default: .unknown
    }
  }
}

extension RetryPushback {
  /// The value of `grpc-retry-pushback-ms`: what is no number of milliseconds means never.
  init(_ value: UnsafeRawBufferPointer) {
    let number = Int64(String(decoding: value, as: UTF8.self))
    guard let number, (0...RetryPushback.maxMilliseconds).contains(number) else {
      self = .never
      return
    }
    self = .after(.milliseconds(number))
  }

  /// gRPC's number has 32 bits.
  private static let maxMilliseconds = Int64(Int32.max)

  /// As it is sent.
  var text: String {
    switch self {
    case .never: "-1"
    case .after(let pause):
      String(min(max(pause.saturatingNanoseconds / 1_000_000, 0), RetryPushback.maxMilliseconds))
    }
  }
}
