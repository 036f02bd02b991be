internal import ArgumentParser
internal import Backups
private import Foundation
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

    func run() async throws {
      let key = try key.load()
      do throws(BackupError) {
        try Backup.make(ofFile: database, at: backup, key: key, now: Clock.now())
        let info = try Backup.check(backup, key: key)
        Terminal.standardOutput("\(backup): \(info.summary)")
      } catch { throw Failure("cannot back up \(database): \(error.description)") }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read a backup and check every byte of it.")

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var backup: String

    @OptionGroup var key: Key

    func run() async throws {
      let key = try key.load()
      do throws(BackupError) {
        Terminal.standardOutput("\(backup): \(try Backup.check(backup, key: key).summary)")
      } catch { throw Failure(error.description) }
    }
  }

  struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn a backup into a database where there is none, and verify it.")

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var backup: String

    @Option(name: .long, help: ArgumentHelp("The new database.", valueName: "file"))
    var database: String

    @OptionGroup var key: Key

    func run() async throws {
      let key = try key.load()
      do throws(BackupError) {
        let info = try Backup.restore(backup, to: database, key: key)
        Terminal.standardOutput("\(database): \(info.summary)")
      } catch { throw Failure(error.description) }
      let check = try await StoreCheck(of: database, to: "verify")
      check.report()
      if !check.findings.isEmpty { throw ExitCode(1) }
    }
  }

  struct Drill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prove that the newest backup of a folder can be restored.",
      discussion: """
        Restores it aside, verifies all of it, removes it again, and says what would be lost and \
        how long it would take. Exits with 1 when it is not as it should be.
        """)

    @Argument(help: ArgumentHelp("The folder of `joinery serve --backup-folder`."))
    var folder: String

    @OptionGroup var key: Key

    func run() async throws {
      let key = try key.load()
      let aside = FileManager.default.temporaryDirectory.appending(
        path: "joinery-drill-\(ProcessInfo.processInfo.processIdentifier)")
      try? FileManager.default.removeItem(at: aside)
      try FileManager.default.createDirectory(
        at: aside, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      defer { try? FileManager.default.removeItem(at: aside) }
      let database = aside.appending(path: "joinery.db").path
      let begin = ContinuousClock.now
      let info: SealedFile.Info?
      do throws(BackupError) {
        info = try BackupFolder(folder).entries().last.map { newest throws(BackupError) in
          let info = try Backup.restore(newest.path, to: database, key: key)
          Terminal.standardOutput("\(newest.path): \(info.summary)")
          return info
        }
      } catch { throw Failure(error.description) }
      guard let info else { throw Failure("there is no backup in \(folder)") }
      let restored = ContinuousClock.now
      let check = try await StoreCheck(of: database, to: "verify")
      let age = (Clock.now().microseconds - info.created.microseconds) / 1_000_000
      check.report()
      Terminal.standardOutput(
        """
        recovery point: \(info.created), \(age) seconds ago
        recovery time: \((restored - begin).text) to restore, \
        \((ContinuousClock.now - restored).text) to verify
        """)
      if !check.findings.isEmpty { throw ExitCode(1) }
    }
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
    formatted(.units(allowed: [.minutes, .seconds, .milliseconds], width: .narrow))
  }
}
