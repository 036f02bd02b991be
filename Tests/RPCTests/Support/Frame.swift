/// One HTTP/2 frame, for tests that look at frames or forge them.
struct Frame: Equatable {
  var type: UInt8
  var flags: UInt8
  var stream: UInt32
  var payload: [UInt8]
  /// Bytes that the frame's header promises; more than `payload` has while the rest is still to
  /// come.
  var length: Int

  init(type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8], length: Int? = nil) {
    self.type = type
    self.flags = flags
    self.stream = stream
    self.payload = payload
    self.length = length ?? payload.count
  }

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  var bytes: [UInt8] {
    let count = payload.count
    return [UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), type, flags]
      + Frame.big(stream) + payload
  }

  static func parse(_ bytes: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = bytes[...]
    while rest.count >= 9 {
      let head = Array(rest.prefix(9))
      let count = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      rest = rest.dropFirst(9)
      frames.append(
        Frame(
          type: head[3], flags: head[4], stream: stream, payload: Array(rest.prefix(count)),
          length: count))
      rest = rest.dropFirst(count)
    }
    return frames
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func settings() -> Frame { Frame(type: 4, flags: 0, stream: 0, payload: []) }
  static func ping() -> Frame {
    Frame(type: 6, flags: 0, stream: 0, payload: [UInt8](repeating: 1, count: 8))
  }
  static func reset(_ stream: UInt32) -> Frame {
    Frame(type: 3, flags: 0, stream: stream, payload: [0, 0, 0, 8])
  }
  static func reset(_ stream: UInt32, code: UInt32) -> Frame {
    Frame(type: 3, flags: 0, stream: stream, payload: big(code))
  }
  static func goAway(lastStream: UInt32, code: UInt32 = 0, _ debug: String = "") -> Frame {
    Frame(
      type: 7, flags: 0, stream: 0, payload: big(lastStream) + big(code) + Array(debug.utf8))
  }
  static func windowUpdate(_ stream: UInt32, by size: UInt32) -> Frame {
    Frame(type: 8, flags: 0, stream: stream, payload: big(size))
  }
  static func data(_ stream: UInt32, _ bytes: [UInt8] = [], end: Bool = false) -> Frame {
    Frame(type: 0, flags: end ? 1 : 0, stream: stream, payload: bytes)
  }

  /// A request; every field is a literal that is not indexed.
  static func headers(
    _ stream: UInt32, end: Bool = false, path: String = "/a", extra: [(String, String)] = []
  ) -> Frame {
    let fields = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x")]
    return block(stream, fields + extra, end: end)
  }

  /// A header block of whatever fields, each a literal that is not indexed.
  static func block(_ stream: UInt32, _ fields: [(String, String)], end: Bool = false) -> Frame {
    var block: [UInt8] = []
    for (name, value) in fields {
      block.append(0)
      for text in [name, value] {
        let bytes = Array(text.utf8)
        block += integer(bytes.count) + bytes
      }
    }
    return Frame(type: 1, flags: 4 | (end ? 1 : 0), stream: stream, payload: block)
  }

  /// HPACK's integers: seven bits, then groups of seven.
  private static func integer(_ value: Int) -> [UInt8] {
    guard value >= 127 else { return [UInt8(value)] }
    var bytes: [UInt8] = [127]
    var rest = value - 127
    while rest >= 128 {
      bytes.append(UInt8(rest & 0x7F | 0x80))
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// The error code of a GOAWAY, or nil.
  var goAwayCode: UInt8? { type == 7 && payload.count >= 8 ? payload[7] : nil }
}
