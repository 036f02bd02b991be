internal import ArgumentParser
internal import Backups
private import Foundation
private import Services
internal import Storage
internal import Values

/// `joinery backup …`: works on files, of a database that is being served or not.
struct BackupCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Make, check and restore backups of a database.",
    discussion: """
      A backup is one file that holds every command answered before it began; the server writes on \
      meanwhile. With --key-file it is encrypted (AES-256-GCM), without it has checksums; either \
      way a changed byte is found. `openssl rand -hex 32 > key; chmod 600 key` makes a key: keep \
      it elsewhere than the backups, without it they cannot be read.

      A server makes them by itself: `joinery serve --backup-folder`.
      """,
    subcommands: [Create.self, Check.self, Restore.self, Drill.self])

  /// The key of the option.
  struct Key: ParsableArguments {
    @Option(
      name: .long,
      help: ArgumentHelp("The key: 64 hexadecimal digits.", valueName: "file"))
    var keyFile: String?

    func load() throws -> BackupKey? {
      do throws(BackupError) {
        return try keyFile.map { path throws(BackupError) in try BackupKey(file: path) }
      } catch { throw Failure(error.description) }
    }
  }

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a backup of a database, whether or not a server has it open.")

    @Argument(help: ArgumentHelp("The new backup.", valueName: "file"))
    var backup: String

    @Option(name: .long, help: ArgumentHelp("The database.", valueName: "file"))
    var database = "joinery.db"

    @OptionGroup var key: Key
    @OptionGroup var secrets: SecretsKeyOption

    func run() async throws {
      let key = try key.load()
      let pages = try secrets.pages()
      let pause = Backup.standBack()
      do throws(BackupError) {
        try Backup.make(
          ofFile: database, pages: pages, at: backup, key: key, now: Clock.now(), pause: pause)
        let info = try Backup.check(backup, key: key, pause: pause)
        Terminal.standardOutput("\(backup): \(info.summary)")
      } catch { throw Failure("cannot back up \(database): \(error.description)") }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read a backup, or all of a folder, and check every byte.")

    @Argument(help: ArgumentHelp("A backup, or the folder of `joinery serve --backup-folder`."))
    var backup: String

    @OptionGroup var key: Key

    func run() async throws {
      let key = try key.load()
      do throws(BackupError) {
        guard isFolder(backup) else {
          Terminal.standardOutput("\(backup): \(try Backup.check(backup, key: key).summary)")
          return
        }
        let folder = BackupFolder(backup)
        for path in try folder.entries().map(\.path) {
          Terminal.standardOutput("\(path): \(try Backup.check(path, key: key).summary)")
        }
        for log in try Backup.logs(folder, key: key) {
          Terminal.standardOutput("\(backup): \(log.summary)")
        }
      } catch { throw Failure(error.description) }
    }
  }

  struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn backups into a database where there is none, and verify it.",
      discussion: """
        From a folder: the newest backup and what of the shipped log came after it, all of it or \
        only what was committed until --to by the server's clock. Where anything before that may \
        be missing, it says up to where the log is whole, and restores nothing.

        Whoever serves the new database answers questions, but takes no commands until two \
        administrators have agreed: `joinery restoration show`, `joinery restoration approve`.
        """)

    @Argument(help: ArgumentHelp("The folder of `joinery serve --backup-folder`, or one backup."))
    var backup: String

    @Option(name: .long, help: ArgumentHelp("The new database.", valueName: "file"))
    var database: String

    @Option(
      name: .long,
      help: ArgumentHelp("A moment, such as 2026-11-21T14:42:00+08:00.", valueName: "time"))
    var to: String?

    @Option(
      name: .long,
      help: ArgumentHelp("Why, for those who have to agree and for the record.", valueName: "text"))
    var why = ""

    @OptionGroup var key: Key
    @OptionGroup var secrets: SecretsKeyOption

    func validate() throws {
      guard why.count <= 200 else { throw ValidationError("--why is at most 200 characters") }
      guard let to else { return }
      guard Instant(to) != nil else {
        throw ValidationError("--to \(to): expected a time such as 2026-11-21T14:42:00+08:00")
      }
      guard isFolder(backup) else {
        throw ValidationError("--to needs the folder of `joinery serve --backup-folder`")
      }
    }

    func run() async throws {
      let key = try key.load()
      let pages = try secrets.pages()
      let aside = Backup.aside(of: database)
      let restored: Backup.Restored
      do throws(BackupError) {
        try Backup.checkEmpty(database)
        Backup.clearAside(of: database)
        restored = try restore(to: aside, key)
      } catch { throw Failure(error.description) }
      do {
        // It gets its name once it says itself that it was restored.
        let check = try await StoreCheck(of: aside, pages, to: "verify", isCopy: true) { store in
          _ = try await RestoredDatabase.mark(
            store, made: .init(restored, chosen: to.flatMap { Instant($0) }),
            by: NSUserName(), reason: why, chance: Chance.bytes, now: Clock.now)
        }
        try Backup.publishAside(of: database)
        Terminal.standardOutput("\(database): \(restored.summary)")
        check.report()
        Terminal.standardOutput(
          "It takes commands once administrators have agreed: joinery restoration show")
        if !check.findings.isEmpty { throw ExitCode(1) }
      } catch {
        Backup.clearAside(of: database)
        if let error = error as? BackupError { throw Failure(error.description) }
        if let error = error as? StorageError { throw Failure(error.message) }
        throw error
      }
    }

    private func restore(
      to path: String, _ key: BackupKey?
    ) throws(BackupError) -> Backup.Restored {
      guard isFolder(backup) else {
        return Backup.Restored(
          backup: backup, info: try Backup.restore(backup, to: path, key: key))
      }
      return try Backup.restore(
        BackupFolder(backup), to: path, until: to.flatMap { Instant($0) }, key: key)
    }
  }

  struct Drill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prove that a folder can be restored.",
      discussion: """
        Restores the newest backup and the log behind it aside, verifies all of it, removes it \
        again, and says what would be lost and how long it would take. Exits with 1 when it is not \
        as it should be.
        """)

    @Argument(help: ArgumentHelp("The folder of `joinery serve --backup-folder`."))
    var folder: String

    @OptionGroup var key: Key
    @OptionGroup var secrets: SecretsKeyOption

    func run() async throws {
      let key = try key.load()
      let pages = try secrets.pages()
      let aside = FileManager.default.temporaryDirectory.appending(
        path: "joinery-drill-\(ProcessInfo.processInfo.processIdentifier)")
      try? FileManager.default.removeItem(at: aside)
      try FileManager.default.createDirectory(
        at: aside, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      defer { try? FileManager.default.removeItem(at: aside) }
      let database = aside.appending(path: "joinery.db").path
      let begin = ContinuousClock.now
      let restored: Backup.Restored
      do throws(BackupError) {
        restored = try Backup.restore(BackupFolder(folder), to: database, until: nil, key: key)
      } catch { throw Failure(error.description) }
      Terminal.standardOutput(restored.summary)
      let end = ContinuousClock.now
      let age = Duration.microseconds(Clock.now().microseconds - restored.reached.microseconds)
      let check = try await StoreCheck(of: database, pages, to: "verify")
      check.report()
      Terminal.standardOutput(
        """
        recovery point: \(restored.reached), \(age.text) ago
        recovery time: \((end - begin).text) to restore, \
        \((ContinuousClock.now - end).text) to verify
        """)
      if !check.findings.isEmpty { throw ExitCode(1) }
    }
  }
}

private func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
}

extension Backup.Restored {
  fileprivate var summary: String {
    "\(backup): \(info.summary); \(records) records of the log, up to \(reached)"
  }
}

extension RestoredDatabase.Source {
  fileprivate init(_ restored: Backup.Restored, chosen: Instant?) {
    self.init(
      backup: String(restored.backup.split(separator: "/").last ?? ""),
      backupAt: restored.info.created, chosen: chosen, reached: restored.reached,
      records: restored.records, leftOut: restored.leftOut, knownUntil: restored.knownUntil)
  }
}

extension Backup.Log {
  fileprivate var summary: String {
    "log of \(generation), \(segments) segments, \(records) records"
      + (reached.map { " up to \($0)" } ?? "") + ", every byte as it was"
  }
}

extension SealedFile.Info {
  fileprivate var summary: String {
    "made \(created), \(contentBytes) bytes of database, "
      + (isEncrypted ? "encrypted" : "not encrypted") + ", every byte as it was"
  }
}

extension Duration {
  fileprivate var text: String {
    formatted(.units(allowed: [.hours, .minutes, .seconds, .milliseconds], width: .narrow))
  }
}
