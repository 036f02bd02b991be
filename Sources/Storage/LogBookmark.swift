internal import Glibc

/// Where the log before the present one ended, in the small file `DATABASE-shipped`: whoever has
/// followed the log to that very place, and no other, has missed nothing when a server starts
/// again.
///
/// It is written when the log starts over and when the database is closed, and never flushed: after
/// a power cut it says too little at worst, and the follower begins anew.
struct LogBookmark: Equatable {
  /// Of a closed database: whether it is still the file that was closed.
  struct Identity: Equatable {
    let inode: UInt64
    let size: Int64
    let modified: Int64
    let changed: Int64

    /// By name alone: opening and closing it would give back the engine's locks. Nil when it is not
    /// there.
    init?(of path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
      changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }

    fileprivate init(_ words: ArraySlice<UInt64>) {
      let words = Array(words)
      inode = words[0]
      size = Int64(bitPattern: words[1])
      modified = Int64(bitPattern: words[2])
      changed = Int64(bitPattern: words[3])
    }

    fileprivate var words: [UInt64] {
      [inode] + [size, modified, changed].map { UInt64(bitPattern: $0) }
    }
  }

  /// The end of that log.
  var ended: LogPlace
  /// The database without any log; nil while it is open.
  var closed: Identity?

  private static let magic: UInt64 = 0x4A4E_5259_4C4F_4731
  private static let wordCount = 10

  static func path(of database: String) -> String { database + "-shipped" }

  static func read(_ database: String) -> LogBookmark? {
    let descriptor = open(path(of: database), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var words = [UInt64](repeating: 0, count: wordCount)
    let size = wordCount * 8
    guard pread(descriptor, &words, size, 0) == size, words[0] == magic,
      words[9] == check(words[..<9])
    else { return nil }
    return LogBookmark(
      ended: LogPlace(
        salt: words[1], frames: Int(truncatingIfNeeded: words[2]), checksum: words[3]),
      closed: words[4] == 1 ? Identity(words[5..<9]) : nil)
  }

  /// Without a word where it cannot be written: the next follower then begins anew.
  func write(_ database: String) {
    let descriptor = open(Self.path(of: database), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var words: [UInt64] = [
      Self.magic, ended.salt, UInt64(ended.frames), ended.checksum, closed == nil ? 0 : 1,
    ]
    words += closed?.words ?? [0, 0, 0, 0]
    words.append(Self.check(words[...]))
    _ = pwrite(descriptor, words, words.count * 8, 0)
  }

  static func remove(_ database: String) { unlink(path(of: database)) }

  /// Of a file that was half written.
  private static func check(_ words: ArraySlice<UInt64>) -> UInt64 {
    words.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1) &* 0x0000_0100_0000_01B3 }
  }
}
