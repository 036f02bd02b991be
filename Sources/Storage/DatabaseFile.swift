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

  /// True when the database is yet to be created. Throws unless the file is ours and whole.
  func inspect() throws(StorageError) -> Bool {
    let logPath = path + "-wal"
    guard let file = try Bytes(path), file.size > 0 else {
      guard try Bytes(logPath)?.size ?? 0 == 0 else {
        throw StorageError(.corrupt, "The database \(path) is gone, but its log is still there")
      }
      return true
    }
    guard file.size >= 100 else { throw StorageError(.foreignFile, "\(path) is not a database") }
    let header = file.read(100, at: 0)
    guard header.count == 100, Array(header.prefix(16)) == Array("SQLite format 3\0".utf8) else {
      throw StorageError(.foreignFile, "\(path) is not a database")
    }
    guard number(header, 68) == Self.applicationID else {
      throw StorageError(.foreignFile, "\(path) is not a Joinery database")
    }
    let rawSize = Int(header[16]) << 8 | Int(header[17])
    let pageSize = rawSize == 1 ? 65_536 : rawSize
    guard pageSize >= 512, pageSize & (pageSize - 1) == 0 else {
      throw StorageError(.corrupt, "The header of the database \(path) is damaged")
    }
    // The count is valid only while both change counters agree.
    let counted = number(header, 24) == number(header, 92) ? Int(number(header, 28)) : 0
    let log = try LogPages(logPath, pageSize: pageSize)
    try checkLength(file.size / pageSize, counted, log)
    return false
  }

  private func checkLength(_ present: Int, _ counted: Int, _ log: LogPages) throws(StorageError) {
    let needed = log.pageCount ?? counted
    guard present < needed else { return }
    for page in (present + 1)...needed where !log.pages.contains(page) {
      throw StorageError(
        .corrupt, "The database \(path) is truncated: \(present) of \(needed) pages are there")
    }
  }
}

/// What the committed part of a write-ahead log holds.
private struct LogPages {
  /// Size of the database after the last commit; nil when the log has no commit.
  private(set) var pageCount: Int?
  private(set) var pages: Set<Int> = []

  init(_ path: String, pageSize: Int) throws(StorageError) {
    guard let log = try Bytes(path) else { return }
    let header = log.read(32, at: 0)
    guard header.count == 32, number(header, 0) & ~1 == 0x377F_0682 else { return }
    let salt = header[16..<24]
    var uncommitted: Set<Int> = []
    var offset = 32
    while true {
      let frame = log.read(24, at: offset)
      guard frame.count == 24, frame[8..<16].elementsEqual(salt) else { return }
      uncommitted.insert(Int(number(frame, 0)))
      let committed = Int(number(frame, 4))
      if committed > 0 {
        pageCount = committed
        pages.formUnion(uncommitted)
        uncommitted = []
      }
      offset += 24 + pageSize
    }
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
