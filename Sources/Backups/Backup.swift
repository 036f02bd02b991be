internal import Glibc
package import Storage
package import Values

/// A backup of a database in one file (see `SealedFile`), made while the server writes.
package enum Backup {
  /// Makes one at `path`, where nothing may be. It holds every command that was answered before.
  /// Blocks the calling thread, and needs the database's size once more beside it for the while.
  ///
  /// - Parameter pause: runs after every megabyte that was copied.
  package static func make(
    of database: Database, at path: String, key: BackupKey?, now: Instant,
    pause: () -> Void = {}
  ) throws(BackupError) {
    guard let source = database.path else {
      throw BackupError(.database, "A database in memory has no backup")
    }
    try make(of: source, at: path, key: key, now: now) { copy throws(StorageError) in
      try database.copy(to: copy, pause: pause)
    }
  }

  /// The same for the file of a database that another process serves, or none.
  package static func make(
    ofFile source: String, at path: String, key: BackupKey?, now: Instant
  ) throws(BackupError) {
    try make(of: source, at: path, key: key, now: now) { copy throws(StorageError) in
      try Database.copy(of: source, to: copy)
    }
  }

  private static func make(
    of source: String, at path: String, key: BackupKey?, now: Instant,
    copy: (String) throws(StorageError) -> Void
  ) throws(BackupError) {
    guard !File.exists(path) else { throw BackupError(.file, "\(path) exists already") }
    // Beside the database: what is not encrypted does not leave its folder.
    let plain = "\(source).copy-\(getpid())"
    let partial = path + ".partial"
    File.remove(plain)
    File.remove(partial)
    defer {
      File.remove(plain)
      File.remove(partial)
    }
    do throws(StorageError) { try copy(plain) } catch {
      throw BackupError(.database, error.message)
    }
    try SealedFile.seal(
      File.reading(plain), into: File.creating(partial), key: key, created: now)
    try File.publish(partial, as: path)
  }

  /// Reads all of a backup and says what it is; throws when a byte of it is wrong.
  package static func check(
    _ path: String, key: BackupKey?
  ) throws(BackupError) -> SealedFile.Info {
    try SealedFile.open(File.reading(path), key: key) { _ throws(BackupError) in }
  }

  /// Turns a backup into a database at `path`, where nothing may be, not even the log of another.
  /// On failure nothing is there afterwards either.
  @discardableResult
  package static func restore(
    _ backup: String, to path: String, key: BackupKey?
  ) throws(BackupError) -> SealedFile.Info {
    for name in [path, path + "-wal", path + "-shm"] where File.exists(name) {
      throw BackupError(.file, "\(name) exists already: a backup is restored into an empty place")
    }
    let partial = path + ".partial"
    File.remove(partial)
    defer { File.remove(partial) }
    let source = try File.reading(backup)
    let target = try File.creating(partial)
    let info = try SealedFile.open(source, key: key) { chunk throws(BackupError) in
      try target.write(chunk)
    }
    try target.flush()
    try File.publish(partial, as: path)
    return info
  }
}
