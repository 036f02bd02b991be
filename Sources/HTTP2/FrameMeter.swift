/// Reads the headers of the frames that go by, before nghttp2 sees them, and counts those that move
/// no request forward.
///
/// nghttp2's callbacks would not do: 1.52 tells nobody of the frames that it ignores, which are
/// those of unknown types and those of streams that are gone. Bytes come in any pieces.
struct FrameMeter {
  /// What went by in one piece.
  struct Tally: Equatable {
    /// Frames that cost work and move nothing.
    var idle = 0
    /// RST_STREAM frames among them, at a server.
    var resets = 0
    /// PRIORITY on the connection, which RFC 9113 (section 6.3) makes an error and nghttp2 passes
    /// over.
    var isBroken = false
  }

  /// A DATA frame with less cannot even hold the prefix of a message. Padding may make it look
  /// larger by this much.
  private static let leastBytes = 5
  private static let padding = 256
  private static let headerBytes = 9
  private static let prefaceBytes = 24

  private let isServer: Bool
  /// Bytes to pass over: the preface, then payloads.
  private var skip: Int
  /// A frame header that is cut in two, as far as it is here.
  private var partial: [UInt8] = []
  /// The highest stream that the peer has opened.
  private var highest: UInt32 = 0

  init(isServer: Bool) {
    self.isServer = isServer
    skip = isServer ? FrameMeter.prefaceBytes : 0
  }

  mutating func pass(_ bytes: UnsafeRawBufferPointer) -> Tally {
    var tally = Tally()
    var position = 0
    while true {
      let passed = min(skip, bytes.count - position)
      skip -= passed
      position += passed
      guard position < bytes.count else { return tally }
      let rest = bytes.count - position
      if partial.isEmpty, rest >= FrameMeter.headerBytes {
        count(UnsafeRawBufferPointer(rebasing: bytes[position...]), &tally)
        position += FrameMeter.headerBytes
      } else {
        let taken = min(FrameMeter.headerBytes - partial.count, rest)
        partial.append(contentsOf: bytes[position..<position + taken])
        position += taken
        guard partial.count == FrameMeter.headerBytes else { return tally }
        let header = partial
        partial = []
        header.withUnsafeBytes { count($0, &tally) }
      }
    }
  }

  private mutating func count(_ header: UnsafeRawBufferPointer, _ tally: inout Tally) {
    let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
    skip = length
    let flags = header[4]
    let stream =
      UInt32(bigEndian: header.loadUnaligned(fromByteOffset: 5, as: UInt32.self)) & 0x7FFF_FFFF
    switch header[3] {
    case 0:
      let isPadded = flags & 0x8 != 0
      let least = FrameMeter.leastBytes + (isPadded ? FrameMeter.padding : 0)
      if length < least, flags & 0x1 == 0 { tally.idle += 1 }
    case 1:
      // What opens a stream is paid for by the bounds on streams. gRPC's requests have no trailers;
      // its responses have, and what we sent for them gave something back.
      if isServer, stream > highest { highest = stream } else { tally.idle += 1 }
    case 2:
      tally.idle += 1
      if stream == 0 { tally.isBroken = true }
    case 3:
      tally.idle += 1
      if isServer { tally.resets += 1 }
    default: tally.idle += 1
    }
  }
}
