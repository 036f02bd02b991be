internal import Glibc

extension Database {
  /// Copies a database file, one that a server has open or not, into a new file at `target`: what
  /// was committed when the copy began. The server goes on writing; its log grows meanwhile.
  /// `pause` runs after every megabyte, on the calling thread, which blocks for the whole time.
  ///
  /// Not for a file that this very process has open as well: looking at it from outside would give
  /// back the engine's locks (fcntl(2), F_SETLK). That is what the instance method is for.
  ///
  /// The copy's pages are protected as those of the database, with the newest of the same keys.
  ///
  /// - Throws: `cannotOpen`, `foreignFile`, `keyMissing`, `corrupt` about the source, `cannotOpen`
  ///   where there is a file at `target`, `full`, `ioFailure`. Nothing is left at `target` then.
  package static func copy(
    of path: String, pages: PageProtection = PageProtection(), to target: String,
    pause: () -> Void = {}
  ) throws(StorageError) {
    let file = try DatabaseFile(path: path)
    try file.checkExists()
    let journal = ResealJournal(of: file.path)
    // Of a server that is gone. One that is there has the lock, and is in the middle of it.
    if journal.isThere, let lock = try? FileLock(for: file.path) {
      try withExtendedLifetime(lock) { () throws(StorageError) in try journal.rollBack(pages) }
    }
    let isBare = try file.inspect(pages) == .bare
    try copyFile(file.path, isBare ? nil : pages, target, {}, pause)
  }

  /// The same for this database. In memory there is nothing to copy: `cannotOpen`. What is
  /// committed once `began` runs is not in the copy.
  package func copy(
    to target: String, began: () -> Void = {}, pause: () -> Void = {}
  ) throws(StorageError) {
    guard let path else { throw StorageError(.cannotOpen, "A database in memory has no file") }
    try Self.copyFile(path, pages, target, began, pause)
  }

  static func copyFile(
    _ path: String, _ pages: PageProtection?, _ target: String, _ began: () -> Void,
    _ pause: () -> Void
  ) throws(StorageError) {
    guard access(target, F_OK) != 0 else {
      throw StorageError(.cannotOpen, "\(target) exists already")
    }
    do throws(StorageError) {
      try DatabaseFile.create(target)
      let connection = try Connection(
        path: path, pages: pages, writes: false, shared: SharedState())
      try connection.configure(.checkpointer)
      try connection.copy(to: target, began: began, pause: pause)
    } catch {
      unlink(target)
      throw error
    }
  }
}
