internal import HTTP2

/// How messages are compressed on the wire, one by one; `grpc-encoding` names it. Absent: identity.
enum MessageEncoding: Sendable {
  /// RFC 1952.
  case gzip
  /// gRPC's name for the zlib format, RFC 1950.
  case deflate

  /// What `grpc-accept-encoding` says of us, in the order that C-core uses.
  static let accepted: StaticString = "identity,deflate,gzip"

  var name: StaticString {
    switch self {
    case .gzip: "gzip"
    case .deflate: "deflate"
    }
  }

  /// The encoding of that name; nil for identity and for names that we do not know.
  init?(named name: UnsafeRawBufferPointer) {
    if name.equals("gzip") {
      self = .gzip
    } else if name.equals("deflate") {
      self = .deflate
    } else {
      return nil
    }
  }

  /// The encoding for the answer to a peer that accepts this list; nil for identity alone.
  init?(acceptedBy list: UnsafeRawBufferPointer) {
    var best: MessageEncoding?
    for part in list.split(separator: UInt8(ascii: ",")) {
      switch MessageEncoding(named: UnsafeRawBufferPointer(rebasing: part).trimmed) {
      case .gzip?: best = .gzip
      case .deflate?: best = best ?? .deflate
      case nil: continue
      }
    }
    guard let best else { return nil }
    self = best
  }
}

/// What is done to messages on their way out.
struct MessageCompression: Sendable {
  let encoding: MessageEncoding
  /// Smaller messages go as they are: the work would cost more than the bytes.
  let fromBytes: Int
}
