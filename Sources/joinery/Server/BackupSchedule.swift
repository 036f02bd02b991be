internal import ArgumentParser
internal import Backups
private import Foundation
internal import Storage
internal import Values

/// When `joinery serve` makes backups, and where to.
struct BackupSchedule: ParsableArguments {
  @Option(
    name: .customLong("backup-folder"),
    help: ArgumentHelp(
      "Make backups into this folder, and ship the log there as it is written: `joinery backup`.",
      valueName: "folder"))
  var folder: String?

  @Option(
    name: .customLong("backup-every"),
    help: ArgumentHelp("From one backup to the next.", valueName: "minutes"))
  var minutes = 360

  @Option(
    name: .customLong("backup-keep"),
    help: ArgumentHelp("The newest backups that are kept.", valueName: "count"))
  var count = 30

  @Option(
    name: .customLong("backup-key-file"),
    help: ArgumentHelp("Encrypt them with this key.", valueName: "file"))
  var keyFile: String?

  /// After a failure, before it is tried again.
  private static let patience: Duration = .seconds(60)

  func validate() throws {
    guard (1...100_000).contains(minutes) else {
      throw ValidationError("--backup-every is 1 to 100000 minutes")
    }
    guard (1...100_000).contains(count) else {
      throw ValidationError("--backup-keep is 1 to 100000")
    }
    guard folder != nil || keyFile == nil else {
      throw ValidationError("--backup-key-file needs --backup-folder")
    }
  }

  /// What the options ask for; throws when it cannot work, before anything is served.
  func load() throws -> Keeper? {
    guard let path = folder else { return nil }
    do throws(BackupError) {
      let folder = BackupFolder(path)
      try folder.make()
      _ = try folder.entries()
      let key = try keyFile.map { path throws(BackupError) in try BackupKey(file: path) }
      return Keeper(folder: folder, key: key, every: .seconds(minutes * 60), count: count)
    } catch { throw Failure("cannot make backups: \(error.description)") }
  }

  /// Makes backups until its task is cancelled.
  struct Keeper: Sendable {
    let folder: BackupFolder
    let key: BackupKey?
    let every: Duration
    let count: Int

    /// Ships the log of a database that is open now, with `tail`.
    func ship(
      _ tail: LogTail, log: @escaping @Sendable (String) -> Void
    ) throws -> LogShipper {
      do throws(BackupError) {
        return try LogShipper(tail, to: folder, key: key, now: Clock.now, log: log)
      } catch { throw Failure("cannot ship the log: \(error.description)") }
    }

    /// The first at once when the newest is too old, so that restarts do not put it off for ever,
    /// and whenever the log needs one. A failure is a line for the administrator, and is tried
    /// again.
    func run(
      _ database: Database, _ shipper: LogShipper, log: @escaping @Sendable (String) -> Void
    ) async {
      var pause = untilDue()
      var rings: UInt64 = 0
      while await sleep(pause, shipper.needsBackup, beyond: rings) {
        rings = shipper.needsBackup.rings
        do {
          let path = try folder.newPath(now: Clock.now())
          try await make(database, shipper, path)
          log("backup \(path)")
          pause = every
        } catch {
          log("backup failed: \(error)")
          pause = BackupSchedule.patience
        }
      }
    }

    /// Until then, or until it rings; false when the task is cancelled.
    private func sleep(_ pause: Duration, _ bell: Bell, beyond rings: UInt64) async -> Bool {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await Task.sleep(for: pause) }
        group.addTask { try? await bell.wait(beyond: rings) }
        await group.next()
        group.cancelAll()
      }
      return !Task.isCancelled
    }

    private func untilDue() -> Duration {
      guard let newest = try? folder.entries().last else { return .zero }
      let age = Clock.now().microseconds - newest.created.microseconds
      // A clock that was set back does not keep backups from being made.
      return age < 0 ? .zero : max(.zero, every - .microseconds(age))
    }

    /// On a thread of its own: it blocks.
    private func make(_ database: Database, _ shipper: LogShipper, _ path: String) async throws {
      try await withCheckedThrowingContinuation { (end: CheckedContinuation<Void, any Error>) in
        Thread.detachNewThread {
          let pause = Backup.standBack()
          do {
            try Backup.make(
              of: database, at: path, key: key, now: Clock.now(), shipper: shipper, pause: pause)
            try folder.keep(count)
            end.resume()
          } catch { end.resume(throwing: error) }
        }
      }
    }
  }
}
