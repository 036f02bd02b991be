internal import Glibc

/// A file of this machine, open for reading or for writing from its start. Failures name it.
struct File: ~Copyable {
  let path: String
  /// Permissions.
  let mode: mode_t
  let size: Int
  private let descriptor: Int32

  static func reading(_ path: String) throws(BackupError) -> File {
    try File(path, O_RDONLY)
  }

  /// A file that was not there before, for its owner alone.
  static func creating(_ path: String) throws(BackupError) -> File {
    try File(path, O_WRONLY | O_CREAT | O_EXCL)
  }

  private init(_ path: String, _ flags: Int32) throws(BackupError) {
    let descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw BackupError(.file, "\(path) is not a file")
    }
    self.path = path
    self.descriptor = descriptor
    mode = status.st_mode & 0o777
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  private static func failure(_ verb: String, _ path: String) -> BackupError {
    BackupError(.file, "Cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }

  /// The next bytes; fewer than asked for only at the end.
  func read(upTo count: Int) throws(BackupError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
        if got < 0, errno == EINTR { continue }
        failed = got < 0
        guard got > 0 else { return }
        filled += got
      }
    }
    if failed { throw Self.failure("read", path) }
    return bytes
  }

  func write(_ bytes: [UInt8]) throws(BackupError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("write", path) }
      written += count
    }
  }

  func write(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(BackupError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        pwrite(
          descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written,
          offset + written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure("write", path) }
      written += count
    }
  }

  func resize(to size: Int) throws(BackupError) {
    guard ftruncate(descriptor, size) == 0 else { throw Self.failure("write", path) }
  }

  /// Returns when what was written survives a power cut.
  func flush() throws(BackupError) {
    guard fdatasync(descriptor) == 0 else { throw Self.failure("write", path) }
  }

  /// Whether its path still leads to it.
  var hasItsName: Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && stat(path, &named) == 0
      && own.st_ino == named.st_ino && own.st_dev == named.st_dev
  }

  // MARK: Names

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func remove(_ path: String) { unlink(path) }

  /// Gives a file that is complete its name, which nobody has, in a way that survives a power cut.
  static func publish(_ path: String, as name: String) throws(BackupError) {
    // Unlike rename(2), link(2) never takes another file's place.
    guard link(path, name) == 0 else { throw failure("write", name) }
    unlink(path)
    try flushFolder(of: name)
  }

  /// Returns when names that were given or taken survive a power cut.
  static func flushFolder(of name: String) throws(BackupError) {
    let folder = open(Self.folder(of: name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure("open", Self.folder(of: name)) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure("write", Self.folder(of: name)) }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a folder for its owner alone, unless it is there.
  static func makeFolder(_ path: String) throws(BackupError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("make", path) }
  }

  /// Names in a folder.
  static func names(in folder: String) throws(BackupError) -> [String] {
    guard let stream = opendir(folder) else { throw failure("open", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // In place: the entry is shorter than its type, and what follows may not be ours.
      let name = UnsafeRawPointer(entry)
        .advanced(by: MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0)
      names.append(String(cString: name.assumingMemoryBound(to: CChar.self)))
    }
    return names
  }
}
