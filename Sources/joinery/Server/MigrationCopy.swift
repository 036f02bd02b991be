internal import Backups
private import Foundation
internal import Storage

/// The copy of a database that is made before it is migrated, so that the program it came from can
/// go on with it.
enum MigrationCopy {
  /// Among the backups of a server that makes some, otherwise beside the database under a name of
  /// its own, as a database. `log` is told where.
  static func before(
    _ database: String, keeper: BackupSchedule.Keeper? = nil,
    log: @escaping @Sendable (String) -> Void
  ) -> Database.Configuration.BeforeMigrating {
    { first, copy throws(StorageError) in
      let target: String
      if let keeper {
        do throws(BackupError) {
          target = try keeper.folder.newPath(now: Clock.now())
          try Backup.make(
            ofFile: database, at: target, key: keeper.key, now: Clock.now(), copy: copy)
        } catch {
          throw StorageError(
            .failedMigration, "No backup could be made before migrating: \(error.description)")
        }
      } else {
        target = "\(database).before-\(first)"
        // Of an attempt that failed: it held the same.
        try? FileManager.default.removeItem(atPath: target)
        try copy(target)
      }
      log("the database is migrated; as it was before, it is kept in \(target)")
    }
  }
}
