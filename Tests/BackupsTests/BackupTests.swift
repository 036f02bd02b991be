import Foundation
import Storage
import Testing
import Values

@testable import Backups

@Suite("Backups")
struct BackupTests {
  private static let schema = [
    Migration(
      "test-0001-pair",
      """
      CREATE TABLE pair (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL,
        filling BLOB NOT NULL) STRICT
      """)
  ]
  private let now = Instant(microseconds: 1_795_000_000_000_000)

  private func open(_ path: String) throws -> Database {
    try Database.open(Database.Configuration(path: path), migrations: Self.schema, now: now)
  }

  /// `count` rows, each a kilobyte.
  private func fill(_ database: Database, _ count: Int) throws {
    try database.writeBlocking { transaction in
      for index in 0..<count {
        try transaction.execute(
          "INSERT INTO pair (a, b, filling) VALUES (?, ?, zeroblob(1000))", index, index)
      }
    }
  }

  private func key(_ folder: String, _ digits: String = String(repeating: "0a", count: 32))
    throws -> BackupKey
  {
    let path = folder + "/key-\(digits.prefix(4))"
    try Data((digits + "\n").utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return try BackupKey(file: path)
  }

  private func rows(_ path: String) throws -> [Int64] {
    let database = try open(path)
    defer { database.close() }
    #expect(try database.readBlocking { try $0.damage() }.isEmpty)
    return try database.readBlocking { snapshot in
      try snapshot.all("SELECT a, b FROM pair ORDER BY id") { row in
        #expect(row.int64(0) == row.int64(1))
        return row.int64(0)
      }
    }
  }

  @Test(
    "what was written before is in it, whatever is written meanwhile", arguments: [false, true])
  func online(encrypted: Bool) async throws {
    try await withFolder { folder in
      let key = encrypted ? try key(folder) : nil
      let database = try open(folder + "/shop.db")
      try fill(database, 3000)
      // Three more commits after every megabyte that is copied.
      var next = 3000
      try Backup.make(of: database, at: folder + "/one.backup", key: key, now: now) {
        for _ in 0..<3 {
          let value = next
          _ = try? database.writeBlocking { transaction in
            try transaction.execute(
              "INSERT INTO pair (a, b, filling) VALUES (?, ?, zeroblob(1000))", value, value)
          }
          next += 1
        }
      }
      #expect(next > 3003)
      database.close()
      #expect(try rows(folder + "/shop.db").count == next)

      let info = try Backup.check(folder + "/one.backup", key: key)
      #expect(info.isEncrypted == encrypted && info.created == now)
      #expect(try Backup.restore(folder + "/one.backup", to: folder + "/new.db", key: key) == info)
      #expect(try rows(folder + "/new.db") == (0..<3000).map { Int64($0) })
      // Nothing is left lying about.
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.filter { $0.contains("copy") || $0.contains("partial") } == [])
    }
  }

  @Test("what is encrypted cannot be read without its key")
  func keys() async throws {
    try await withFolder { folder in
      let database = try open(folder + "/shop.db")
      try database.writeBlocking { transaction in
        try transaction.execute(
          "INSERT INTO pair (a, b, filling) VALUES (1, 1, CAST('Oak table' AS BLOB))")
      }
      let path = folder + "/one.backup"
      try Backup.make(of: database, at: path, key: try key(folder), now: now)
      database.close()
      let bytes = try Data(contentsOf: URL(filePath: path))
      #expect(bytes.range(of: Data("Oak table".utf8)) == nil)
      #expect(bytes.range(of: Data("SQLite format".utf8)) == nil)
      let wrong = try key(folder, String(repeating: "f0", count: 32))
      for (key, text) in [(nil, "is encrypted: give its key"), (wrong, "The key does not fit")] {
        let error = #expect(throws: BackupError.self) { try Backup.check(path, key: key) }
        #expect(error?.code == .key && error?.description.contains(text) == true)
      }
      // Twice the same content gives two files that have nothing in common.
      let again = try open(folder + "/shop.db")
      try Backup.make(of: again, at: path + "2", key: try key(folder), now: now)
      again.close()
      let second = try Data(contentsOf: URL(filePath: path + "2"))
      #expect(bytes.dropFirst(60).prefix(1000) != second.dropFirst(60).prefix(1000))
    }
  }

  @Test("a key file that others may read, or that holds no key, is refused")
  func keyFiles() async throws {
    try await withFolder { folder in
      let path = folder + "/key"
      for (text, mode, message) in [
        (String(repeating: "0a", count: 32), 0o644, "Others may read"),
        (String(repeating: "0a", count: 31), 0o600, "holds no key"),
        (String(repeating: "0g", count: 32), 0o600, "holds no key"),
        ("", 0o600, "holds no key"),
      ] {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: BackupError.self) { try BackupKey(file: path) }
        #expect(error?.description.contains(message) == true)
      }
      #expect(throws: BackupError.self) { try BackupKey(file: folder + "/none") }
    }
  }

  @Test("nothing is overwritten")
  func occupied() async throws {
    try await withFolder { folder in
      let database = try open(folder + "/shop.db")
      let path = folder + "/one.backup"
      try Backup.make(of: database, at: path, key: nil, now: now)
      let before = try Data(contentsOf: URL(filePath: path))
      #expect(throws: BackupError.self) {
        try Backup.make(of: database, at: path, key: nil, now: now)
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
      database.close()
      #expect(throws: BackupError.self) {
        try Backup.restore(path, to: folder + "/shop.db", key: nil)
      }
      // The log of another database would be played into ours.
      try Data("log".utf8).write(to: URL(filePath: folder + "/new.db-wal"))
      #expect(throws: BackupError.self) {
        try Backup.restore(path, to: folder + "/new.db", key: nil)
      }
    }
  }

  @Test("a file that is no database is not backed up")
  func sources() async throws {
    try await withFolder { folder in
      for (name, content) in [("text", "not a database"), ("empty", "")] {
        try Data(content.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
      }
      for name in ["text", "empty", "absent"] {
        let error = #expect(throws: BackupError.self) {
          try Backup.make(
            ofFile: "\(folder)/\(name)", at: folder + "/one.backup", key: nil, now: now)
        }
        #expect(error?.code == .database)
        #expect(!FileManager.default.fileExists(atPath: folder + "/one.backup"))
      }
    }
  }

  @Test("a folder keeps the newest, and leaves other files alone")
  func folders() async throws {
    try await withFolder { path in
      let folder = BackupFolder(path)
      let half = folder.path + "/joinery-20261121T144200Z.backup.partial"
      try Data().write(to: URL(filePath: half))
      try folder.make()
      #expect(!FileManager.default.fileExists(atPath: half))
      let strangers = [
        "notes.txt", "other.partial", "joinery-20261321T144200Z.backup", "joinery-1.backup",
      ]
      for name in strangers { try Data().write(to: URL(filePath: "\(path)/\(name)")) }
      var made: [Instant] = []
      for day in 0..<5 {
        let moment = now.adding(seconds: Int64(day) * 86_400)
        made.append(moment)
        try Data().write(to: URL(filePath: folder.newPath(now: moment)))
      }
      #expect(try folder.entries().map(\.created) == made)
      #expect(try folder.keep(2).count == 3)
      #expect(try folder.entries().map(\.created) == Array(made.suffix(2)))
      #expect(try folder.keep(0).count == 1)
      #expect(try folder.entries().map(\.created) == [made[4]])
      // A clock that was set back: the newest is the one that was made last all the same.
      try Data().write(to: URL(filePath: folder.newPath(now: now)))
      #expect(try folder.entries().map(\.created) == [made[4], made[4].adding(seconds: 1)])
      #expect(try folder.keep(1).count == 1)
      #expect(try folder.entries().map(\.created) == [made[4].adding(seconds: 1)])
      for name in strangers {
        #expect(FileManager.default.fileExists(atPath: "\(path)/\(name)"))
      }
    }
  }
}
