import Foundation
import Storage
import Synchronization
import Testing
import Values

@testable import Backups

/// A database whose log is shipped to a folder, with a clock that the test turns.
final class ShippedShop {
  static let start = Instant(microseconds: 1_795_000_000_000_000)
  static let schema = [
    Migration(
      "test-0001-row",
      "CREATE TABLE row (id INTEGER PRIMARY KEY, filling BLOB NOT NULL) STRICT")
  ]

  final class Hand: Sendable {
    private let micros = Mutex(ShippedShop.start.microseconds)
    var now: Instant { Instant(microseconds: micros.withLock { $0 }) }
    func turn(_ seconds: Double) { micros.withLock { $0 += Int64(seconds * 1e6) } }
  }

  let hand: Hand
  let file: String
  let folder: BackupFolder
  let key: BackupKey?
  /// What the shipper told the administrator.
  let said = LineBox()
  let database: Database
  let shipper: LogShipper

  /// In `directory`, which may hold what an earlier one has left.
  init(
    _ directory: String, folder: String? = nil, key: BackupKey? = nil, hand: Hand = Hand()
  ) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    self.hand = hand
    self.key = key
    file = directory + "/shop.db"
    self.folder = BackupFolder(folder ?? directory + "/backups")
    try self.folder.make()
    let tail = try LogTail(path: file, now: { hand.now })
    database = try Database.open(
      Database.Configuration(path: file, tail: tail), migrations: Self.schema, now: hand.now)
    shipper = try LogShipper(tail, to: self.folder, key: key, now: { hand.now }) { [said] in
      said.add($0)
    }
  }

  final class LineBox: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @discardableResult
  func backUp() throws -> String {
    let path = try folder.newPath(now: hand.now)
    try Backup.make(of: database, at: path, key: key, now: hand.now, shipper: shipper)
    return path
  }

  /// So many rows of a kilobyte in one commit.
  func add(_ count: Int = 1) throws {
    try database.writeBlocking { transaction in
      for _ in 0..<count {
        try transaction.execute("INSERT INTO row (filling) VALUES (randomblob(1000))")
      }
    }
  }

  /// Until everything that was committed is in the folder.
  func waitUntilShipped() throws {
    let ticket = shipper.ticket()
    _ = try shipper.position(ticket, holding: shipper.begunCommits)
  }

  /// In order, as a server stops.
  func stop() {
    shipper.finish()
    database.close()
  }

  /// What a kill leaves: copies of the database's files, while it goes on.
  func killed(in directory: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    for suffix in ["", "-wal", "-shipped"] where File.exists(file + suffix) {
      try Data(contentsOf: URL(filePath: file + suffix)).write(
        to: URL(filePath: directory + "/shop.db" + suffix))
    }
  }

  /// Rows of what the folder gives for that time.
  func restoredRows(until time: Instant? = nil) throws -> Int {
    let path = file + "-restored"
    defer { for suffix in ["", ".lock"] { File.remove(path + suffix) } }
    try Backup.restore(folder, to: path, until: time, key: key)
    return try Self.rows(path)
  }

  /// The same, with what the folder says when it refuses; -1 for a database that is no good.
  func restored(until time: Instant) throws(BackupError) -> Int {
    let path = file + "-restored"
    defer { for suffix in ["", ".lock"] { File.remove(path + suffix) } }
    try Backup.restore(folder, to: path, until: time, key: key)
    return (try? Self.rows(path)) ?? -1
  }

  static func rows(_ path: String) throws -> Int {
    let database = try Database.open(
      Database.Configuration(path: path, mustExist: true), migrations: schema, now: start)
    defer { database.close() }
    #expect(try database.readBlocking { try $0.damage() } == [])
    return try database.readBlocking { snapshot in
      try snapshot.first("SELECT count(*) FROM row", map: { $0.int(0) }) ?? 0
    }
  }

  var segments: [BackupFolder.Segment] { get throws { try folder.segments() } }
}
