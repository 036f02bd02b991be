internal import CZlib

/// The only file that calls zlib. Each message is compressed by itself, so nothing is kept between
/// calls.
enum Zlib {
  enum Failure: Error, Equatable {
    /// Not a whole stream of that encoding and nothing behind it.
    case malformed
    /// It would inflate to more bytes than the limit.
    case tooLarge
  }

  /// Compresses; nil when the result would not be smaller.
  static func deflate(
    _ source: UnsafeRawBufferPointer, as encoding: MessageEncoding
  ) -> [UInt8]? {
    guard source.count > 0, source.count < Int(UInt32.max) else { return nil }
    let effort = Effort(of: source.count)
    var stream = z_stream()
    // Fails for lack of memory only; then the message goes as it is.
    guard
      joinery_deflate_init(
        &stream, Effort.level, effort.windowBits + encoding.wrapping, effort.memoryLevel) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    stream.next_in = source.zlibBytes
    stream.avail_in = UInt32(source.count)
    // One byte less than the source: a result that does not fit is no gain.
    var isComplete = false
    let result = [UInt8](unsafeUninitializedCapacity: source.count - 1) { target, count in
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      isComplete = CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
      count = target.count - Int(stream.avail_out)
    }
    return isComplete ? result : nil
  }

  /// Decompresses one whole stream. Never holds more than `limit` bytes and one buffer's growth,
  /// whatever the source claims: it stops at the first byte beyond.
  static func inflate(
    _ source: UnsafeRawBufferPointer, as encoding: MessageEncoding, limit: Int
  ) throws(Failure) -> [UInt8] {
    guard source.count < Int(UInt32.max) else { throw .tooLarge }
    var stream = z_stream()
    guard joinery_inflate_init(&stream, MAX_WBITS + encoding.wrapping) == Z_OK else {
      throw .tooLarge
    }
    defer { inflateEnd(&stream) }
    stream.next_in = source.zlibBytes
    stream.avail_in = UInt32(source.count)
    var output: [UInt8] = []
    var filled = 0
    while true {
      // One byte beyond the limit may be written: it tells a full message from an endless one.
      let room = min(max(4 * source.count, 2 * output.count, 1024), limit + 1)
      output.append(contentsOf: repeatElement(0, count: room - output.count))
      let status = output.withUnsafeMutableBufferPointer { target in
        stream.next_out = target.baseAddress.map { $0 + filled }
        stream.avail_out = UInt32(target.count - filled)
        return CZlib.inflate(&stream, Z_FINISH)
      }
      filled = output.count - Int(stream.avail_out)
      guard filled <= limit else { throw .tooLarge }
      switch status {
      case Z_STREAM_END:
        guard stream.avail_in == 0 else { throw .malformed }
        output.removeLast(output.count - filled)
        return output
      // Z_FINISH calls it so when the output is full; with room left it is the input that ends.
      case Z_BUF_ERROR, Z_OK:
        guard stream.avail_out == 0 else { throw .malformed }
      default: throw .malformed
      }
    }
  }
}

/// How hard to try: the smallest window and tables that see the whole message, since setting them
/// up is what compressing a small message costs.
private struct Effort {
  /// Fastest: the event loop waits for it.
  static let level: Int32 = 1

  let windowBits: Int32
  let memoryLevel: Int32

  init(of size: Int) {
    let bits = Int32(Int.bitWidth - (size - 1).leadingZeroBitCount)
    windowBits = min(max(bits, 9), MAX_WBITS)
    memoryLevel = windowBits - 7
  }
}

extension MessageEncoding {
  /// What zlib adds to the window's bits to say which header and trailer it wants.
  fileprivate var wrapping: Int32 {
    switch self {
    case .gzip: 16
    case .deflate: 0
    }
  }
}

extension UnsafeRawBufferPointer {
  /// zlib's input is not declared const (without ZLIB_CONST); it is never written to.
  fileprivate var zlibBytes: UnsafeMutablePointer<UInt8>? {
    UnsafeMutablePointer(mutating: bindMemory(to: UInt8.self).baseAddress)
  }
}
