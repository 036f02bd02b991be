internal import Glibc

/// The file `DATABASE-reseal`: pages as they were before they are sealed anew in place. A machine
/// that stops in the middle of that leaves pages that are neither the old nor the new ones; those
/// are put back when the database is next opened.
///
/// Each page proves itself by its own tag, so that what was half written here is never put back,
/// and a page that is whole stays as it is: what stands here may be old.
struct ResealJournal {
  private let path: String
  private let database: String

  private static let magic = Array("JNRYRSL1".utf8)
  private static let numberBytes = 4

  init(of database: String) {
    self.database = database
    path = database + "-reseal"
  }

  var isThere: Bool { access(path, F_OK) == 0 }

  func remove() { unlink(path) }

  /// In place of what was there; durable when it returns.
  func write(_ pages: [(number: UInt32, content: [UInt8])]) throws(StorageError) {
    var bytes = Self.magic
    for (number, content) in pages {
      withUnsafeBytes(of: number.bigEndian) { bytes += Array($0) }
      bytes += content
    }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count,
      ftruncate(descriptor, bytes.count) == 0, fsync(descriptor) == 0
    else { throw failure("write") }
  }

  /// Before the engine opens the database, by whoever has its lock.
  func rollBack(_ protection: PageProtection) throws(StorageError) {
    guard let bytes = read() else { return }
    let descriptor = open(database, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let entry = Self.numberBytes + PageProtection.pageBytes
    var at = Self.magic.count
    while at + entry <= bytes.count {
      let number = bytes[at..<at + Self.numberBytes].reduce(0) { $0 << 8 | UInt32($1) }
      let old = Array(bytes[at + Self.numberBytes..<at + entry])
      at += entry
      guard number > 0 else { continue }
      // Without its key nobody can tell: then nothing is opened, and it stays for the next time.
      for page in [Self.page(number, in: descriptor), old] {
        if let key = PageProtection.key(of: page), !protection.opens(key) { return }
      }
      guard !Self.isWhole(Self.page(number, in: descriptor), number, protection),
        Self.isWhole(old, number, protection)
      else { continue }
      let place = (Int(number) - 1) * PageProtection.pageBytes
      guard pwrite(descriptor, old, old.count, place) == old.count else { throw failure("read") }
    }
    guard fsync(descriptor) == 0 else { throw failure("read") }
    remove()
  }

  private func read() -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count,
      bytes.starts(with: Self.magic)
    else { return nil }
    return bytes
  }

  private static func page(_ number: UInt32, in descriptor: Int32) -> [UInt8] {
    var page = [UInt8](repeating: 0, count: PageProtection.pageBytes)
    _ = pread(descriptor, &page, page.count, (Int(number) - 1) * PageProtection.pageBytes)
    return page
  }

  private static func isWhole(
    _ page: [UInt8], _ number: UInt32, _ protection: PageProtection
  ) -> Bool {
    var page = page
    return page.withUnsafeMutableBytes { protection.open(number, $0) } == .whole
  }

  private func failure(_ verb: String) -> StorageError {
    StorageError(.ioFailure, "Cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }
}
