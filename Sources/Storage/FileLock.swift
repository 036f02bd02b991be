internal import Glibc

/// The right to serve a database file: an advisory lock on `FILE.lock`, which the kernel gives back
/// when the process ends in whatever way. The file holds the process id, for the message to whoever
/// comes second.
final class FileLock: Sendable {
  private let descriptor: Int32

  init(for path: String) throws(StorageError) {
    let lockPath = path + ".lock"
    let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageError(
        .cannotOpen, "Cannot open \(lockPath): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = Self.processID(in: descriptor).map { " (process \($0))" } ?? ""
      close(descriptor)
      throw StorageError(.locked, "Another server\(holder) has the database \(path) open")
    }
    self.descriptor = descriptor
    // For the message only: a failure to write it does not matter.
    let text = Array("\(getpid())\n".utf8)
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  // The file stays: removing it would let two servers lock two files of one name.
  deinit {
    // Not only closed: a child process that is about to be replaced by its program still has a
    // copy.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func processID(in descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Int(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self))
  }
}
