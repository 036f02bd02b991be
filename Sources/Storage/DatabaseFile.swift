internal import CStorage
internal import Glibc

/// A database file seen from outside, before the engine opens it: is it one of ours, and is all of
/// it there? The engine itself notices a missing end only when a query needs it, and takes an
/// emptied file for a new one.
///
/// Layout: https://www.sqlite.org/fileformat2.html, sections 1.3 (database header) and 4.1
/// (write-ahead log).
struct DatabaseFile {
  /// "JOIN", in the header of each of our files.
  static let applicationID: UInt32 = 0x4A4F_494E

  /// Absolute and free of links, so that two names of one file have one lock.
  let path: String

  init(path: String) throws(StorageError) {
    if let resolved = Self.resolve(path) {
      self.path = resolved
      return
    }
    // It does not exist yet: its directory does.
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { path[...$0] } ?? "."
    let name = path[(slash.map { path.index(after: $0) } ?? path.startIndex)...]
    guard !name.isEmpty, let directory = Self.resolve(String(parent)) else {
      throw StorageError(.cannotOpen, "There is no directory for the database \(path)")
    }
    self.path = "\(directory == "/" ? "" : directory)/\(name)"
  }

  private static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  func checkExists() throws(StorageError) {
    guard let file = try Bytes(path), file.size > 0 else {
      throw StorageError(.cannotOpen, "There is no database \(path)")
    }
  }

  /// Makes the file, empty and for its owner alone, unless it is there. The engine gives its log
  /// the same permissions.
  static func create(_ path: String) throws(StorageError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageError(.cannotOpen, "Cannot create \(path): \(String(cString: strerror(errno)))")
    }
    close(descriptor)
  }

  /// What is at the path.
  enum Found {
    /// The database is yet to be created.
    case nothing
    /// One whose pages have no checksums: of Joinery before it had them, or of the engine's own
    /// programs.
    case bare
    case protected
  }

  /// Throws unless the file is ours and whole, and its log too, as far as can be told: what the
  /// engine takes for the end of a log may be a frame that was damaged later.
  func inspect(_ pages: PageProtection) throws(StorageError) -> Found {
    guard let file = try Bytes(path), file.size > 0 else {
      guard try Bytes(logPath)?.size ?? 0 == 0 else {
        throw StorageError(.corrupt, "The database \(path) is gone, but its log is still there")
      }
      return .nothing
    }
    guard file.size >= 100 else { throw StorageError(.foreignFile, "\(path) is not a database") }
    var header = file.read(PageProtection.pageBytes, at: 0)
    let isSealed = Array(header.prefix(16)) == Self.sealedMagic
    guard Database.begins(header) else {
      throw StorageError(.foreignFile, "\(path) is not a database")
    }
    let rawSize = Int(header[16]) << 8 | Int(header[17])
    let pageSize = rawSize == 1 ? 65_536 : rawSize
    guard pageSize >= 512, pageSize & (pageSize - 1) == 0 else {
      throw StorageError(.corrupt, "The header of the database \(path) is damaged")
    }
    let isProtected = isSealed || Int(header[20]) == Int(joinery_page_reserve)
    guard isProtected || (header[20] == 0 && !PageProtection.isProtected(header)) else {
      throw StorageError(.corrupt, "Page 1 of the database \(path) is damaged")
    }
    let log = try LogPages(self, pages)
    if isProtected, try !openFirst(&header, pages) {
      guard log.pages.contains(1) else {
        throw StorageError(.corrupt, "Page 1 of the database \(path) is damaged")
      }
      // What the log has takes its place; it was being copied when the machine stopped.
      try checkLength(file.size / pageSize, 0, log)
      return .protected
    }
    guard number(header, 68) == Self.applicationID else {
      throw StorageError(.foreignFile, "\(path) is not a Joinery database")
    }
    // The count is valid only while both change counters agree.
    let counted = number(header, 24) == number(header, 92) ? Int(number(header, 28)) : 0
    try checkLength(file.size / pageSize, counted, log)
    return isProtected ? .protected : .bare
  }

  var logPath: String { path + "-wal" }

  fileprivate static let sealedMagic = Array(
    UnsafeRawBufferPointer(start: joinery_sealed_magic, count: 16))

  /// False when it is damaged.
  private func openFirst(
    _ page: inout [UInt8], _ pages: PageProtection
  ) throws(StorageError) -> Bool {
    guard page.count == PageProtection.pageBytes else {
      throw StorageError(.corrupt, "The database \(path) is truncated")
    }
    let key = PageProtection.key(of: page)
    let state = page.withUnsafeMutableBytes { pages.open(1, $0) }
    if state == .locked, let key { throw missing(key, pages) }
    return state == .whole
  }

  /// One line for whoever starts a server without the key, or with another.
  func missing(_ key: [UInt8], _ pages: PageProtection) -> StorageError {
    let name = PageProtection.Key.name(key)
    return StorageError(
      .keyMissing,
      pages.sealingKey == nil
        ? "The database \(path) is encrypted: give its key \(name) with --secrets-key"
        : "The database \(path) is encrypted with key \(name), which is not among the given ones")
  }

  private func checkLength(_ present: Int, _ counted: Int, _ log: LogPages) throws(StorageError) {
    let needed = log.pageCount ?? counted
    guard present < needed else { return }
    for page in (present + 1)...needed where !log.pages.contains(UInt32(page)) {
      throw StorageError(
        .corrupt, "The database \(path) is truncated: \(present) of \(needed) pages are there")
    }
  }
}

extension Database {
  package static let magicByteCount = 16

  /// Whether a file that begins so may be a database, encrypted or not.
  package static func begins(_ bytes: [UInt8]) -> Bool {
    let magic = Array(bytes.prefix(magicByteCount))
    return magic == DatabaseFile.sealedMagic || magic == Array("SQLite format 3\0".utf8)
  }
}

/// A file opened for reading; nil when it does not exist.
private struct Bytes: ~Copyable {
  let size: Int
  private let descriptor: Int32

  init?(_ path: String) throws(StorageError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw StorageError(.cannotOpen, "Cannot open \(path): \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw StorageError(.cannotOpen, "\(path) is not a file")
    }
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fewer bytes than asked for at the end of the file.
  func read(_ count: Int, at offset: Int) -> [UInt8] {
    Array(unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, offset))
    }
  }
}

/// A big-endian number of four bytes.
private func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
  bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
}
