internal import CSQLite
internal import CStorage
internal import Glibc

extension DatabaseFile {
  /// What `beforeMigrating` is told instead of a migration's name.
  private static let occasion = "protection"

  func isNew(_ pages: PageProtection) throws(StorageError) -> Bool {
    if case .nothing = try inspect(pages) { return true }
    return false
  }

  /// Before the engine opens the file, by whoever has its lock: what a machine that stopped has
  /// left half done is put in order, and a database whose pages are not protected is written anew,
  /// once. Whether a copy of what was there has been made before.
  func prepare(_ configuration: Database.Configuration) throws(StorageError) -> Bool {
    try ResealJournal(of: path).rollBack(configuration.pages)
    return try protect(configuration)
  }

  /// What is killed in the middle leaves the old file as it is.
  private func protect(_ configuration: Database.Configuration) throws(StorageError) -> Bool {
    let target = path + ".protected"
    unlink(target)
    guard case .bare = try inspect(configuration.pages) else { return false }
    try configuration.beforeMigrating?(Self.occasion) { copy throws(StorageError) in
      try Database.copyFile(path, nil, copy, {}, {})
    }
    do throws(StorageError) {
      try Self.create(target)
      let result = joinery_protect(path, target, configuration.pages.handle)
      guard result == SQLITE_OK else {
        throw StorageError(
          StorageError.Code(engine: result),
          "The database \(path) cannot be written with protected pages: "
            + String(cString: sqlite3_errstr(result)))
      }
      try takePlace(of: target)
    } catch {
      unlink(target)
      throw error
    }
    configuration.tail?.replaced()
    return configuration.beforeMigrating != nil
  }

  /// Makes the file at `target` durable and this one.
  private func takePlace(of target: String) throws(StorageError) {
    var status = stat()
    // A log that is still there would be taken for that of the new file.
    guard stat(logPath, &status) != 0 || status.st_size == 0 else {
      throw StorageError(.busy, "The log of the database \(path) is in use")
    }
    guard Self.flush(target), rename(target, path) == 0, Self.flush(folder) else {
      throw StorageError(
        .ioFailure, "Cannot replace \(path): \(String(cString: strerror(errno)))")
    }
  }

  private var folder: String {
    let parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
    return parent.isEmpty ? "/" : String(parent)
  }

  static func flush(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }
}
