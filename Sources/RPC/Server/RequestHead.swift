internal import HTTP2

/// What the headers of a request say. Made in one pass; the first thing wrong decides how it is
/// refused.
struct RequestHead {
  /// Why a request gets no handler.
  enum Refusal {
    case metadataTooLarge
    case notPost
    case notGRPC
    case unknownMethod
    /// The request's `grpc-encoding` is none of ours.
    case unknownEncoding
    case timeoutIsBroken
    case isLate
  }

  /// Index into the route table.
  private(set) var route: Int?
  private(set) var refusal: Refusal?
  private(set) var metadata = Metadata()
  /// Nanoseconds; nil for none.
  private(set) var timeout: UInt64?
  /// How the request's compressed messages are compressed; nil for not at all.
  private(set) var encoding: MessageEncoding?
  /// The encoding that the caller accepts and we like best; nil for identity alone.
  private(set) var accepted: MessageEncoding?

  init(_ block: HeaderBlock, _ table: Routes) {
    var isPost = false
    var isGRPC = false
    var encodingIsUnknown = false
    var timeoutIsBroken = false
    for index in 0..<block.count {
      let name = block.name(index)
      let value = block.value(index)
      if name.equals(":path") {
        route = table.find(value)
      } else if name.equals(":method") {
        isPost = value.equals("POST")
      } else if name.equals("content-type") {
        isGRPC = ContentType.isGRPC(value)
      } else if name.equals("grpc-timeout") {
        do { timeout = try GRPCTimeout.parse(value) } catch { timeoutIsBroken = true }
      } else if name.equals("grpc-encoding") {
        encoding = MessageEncoding(named: value)
        encodingIsUnknown = encoding == nil && !value.equals("identity")
      } else if name.equals("grpc-accept-encoding") {
        accepted = MessageEncoding(acceptedBy: value)
      } else if !Metadata.isProtocolField(name) {
        metadata.read(name: name, value: value)
      }
    }
    if block.isTruncated {
      refusal = .metadataTooLarge
    } else if !isPost {
      refusal = .notPost
    } else if !isGRPC {
      refusal = .notGRPC
    } else if route == nil {
      refusal = .unknownMethod
    } else if encodingIsUnknown {
      refusal = .unknownEncoding
    } else if timeoutIsBroken {
      refusal = .timeoutIsBroken
    } else if timeout == 0 {
      refusal = .isLate
    }
  }
}
