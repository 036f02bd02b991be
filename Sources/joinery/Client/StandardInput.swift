private import Dispatch
private import Glibc

/// What is typed or piped in, piece by piece as it comes.
enum StandardInput {
  private static let queue = DispatchQueue(label: "standard input")

  /// The next bytes; empty at the end. Reads on a thread of its own, for a read may take for ever.
  static func next() async -> [UInt8] {
    await withCheckedContinuation { continuation in
      queue.async {
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, count in
          count = max(read(STDIN_FILENO, buffer.baseAddress, buffer.count), 0)
        }
        continuation.resume(returning: bytes)
      }
    }
  }

  /// All of it.
  static func all() async -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = await next()
      if more.isEmpty { return bytes }
      bytes += more
    }
  }
}
