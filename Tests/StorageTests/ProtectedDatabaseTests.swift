import Foundation
import Storage
import Testing
import Values

@Suite("A database of protected pages")
struct ProtectedDatabaseTests {
  private static let notes = 500
  private static let secret = "Zhang Wei, 12 Peace Road, +86 21 5555 0123"

  static func key(_ number: UInt8) -> PageProtection.Key {
    PageProtection.Key(
      id: [0xA0, 0, 0, number],
      bytes: [UInt8](repeating: number, count: PageProtection.Key.byteCount))
  }

  static func keys(_ numbers: UInt8...) -> PageProtection { PageProtection(numbers.map(key)) }

  /// Without a key and with one.
  private static let modes: [[UInt8]] = [[], [1]]

  private static func pages(_ numbers: [UInt8]) -> PageProtection {
    PageProtection(numbers.map(key))
  }

  private static func fill(_ database: Database) async throws {
    try await database.write { tx in
      let start = try Note.count(in: tx)
      for number in start..<start + notes { try Note.insert("\(secret), note \(number)", in: tx) }
    }
  }

  private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    Data(bytes).range(of: Data(text.utf8)) != nil
  }

  @Test("what is written comes back, from the log and from the file", arguments: modes)
  func roundTrip(keys: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    for round in 1...3 {
      let database = try directory.open(pages: Self.pages(keys))
      try await Self.fill(database)
      #expect(try await database.read { try Note.count(in: $0) } == round * Self.notes)
      #expect(try await database.damage() == [])
      database.close()
      #expect(try directory.bytes()[20] == 48)
    }
  }

  @Test("nothing can be read in the file, the log and a copy that have a key")
  func encrypted() async throws {
    let directory = try TemporaryDirectory()
    let plain = try TemporaryDirectory()
    for (place, keys) in [(plain, PageProtection()), (directory, Self.keys(1))] {
      let database = try place.open(pages: keys)
      try await Self.fill(database)
      try database.copy(to: place.file + ".copy")
      let isClear = place === plain
      #expect(contains(try place.bytes("-wal"), Self.secret) == isClear)
      #expect(contains(try place.bytes(".copy"), Self.secret) == isClear)
      database.close()
      #expect(contains(try place.bytes(), Self.secret) == isClear)
      #expect(contains(try place.bytes(), "CREATE TABLE") == isClear)
    }
    let copy = try TemporaryDirectory()
    try copy.replace("", directory.bytes(".copy"))
    let found = try copy.open(pages: Self.keys(1))
    #expect(try await found.read { try Note.count(in: $0) } == Self.notes)
    found.close()
  }

  @Test("a flipped bit anywhere in a page is found, named and never served", arguments: modes)
  func flippedInFile(keys: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(pages: Self.pages(keys))
    try await Self.fill(database)
    let texts = try await database.read { try Note.texts(in: $0) }
    database.close()
    let whole = try directory.bytes()
    for page in [2, 5, whole.count / 4096] {
      for offset in [0, 7, 99, 2000, 4047, 4048, 4053, 4060, 4085, 4095] {
        var bytes = whole
        bytes[(page - 1) * 4096 + offset] ^= 0x10
        try directory.replace("", bytes)
        do {
          let damaged = try directory.open(pages: Self.pages(keys))
          defer { damaged.close() }
          let findings = try await damaged.damage()
          #expect(findings.contains { $0.hasPrefix("page \(page) of the database") })
          // Of the index of texts nothing is read here.
          let found = try? await damaged.read { try Note.texts(in: $0) }
          #expect(found == nil || found == texts)
        } catch let error as StorageError {
          // A page that is needed to open it.
          #expect(error.code == .corrupt)
          #expect(error.message.contains("page \(page) of the database"))
        }
      }
    }
    // Page 1, and two pages in each other's place.
    for offset in [3, 17, 20, 30, 70, 600, 4050, 4090] {
      var bytes = whole
      bytes[offset] ^= 1
      try directory.replace("", bytes)
      let error = #expect(throws: StorageError.self) {
        try directory.open(pages: Self.pages(keys))
      }
      #expect([.corrupt, .foreignFile, .keyMissing].contains(error?.code))
    }
    var bytes = whole
    let (from, to) = (bytes[4 * 4096..<5 * 4096], bytes[5 * 4096..<6 * 4096])
    bytes.replaceSubrange(4 * 4096..<6 * 4096, with: Array(to) + Array(from))
    try directory.replace("", bytes)
    let swapped = try directory.open(pages: Self.pages(keys))
    let findings = try await swapped.damage()
    for page in [5, 6] { #expect(findings.contains { $0.hasPrefix("page \(page) of") }) }
    swapped.close()
  }

  @Test(
    "a flipped bit in the log is found when the file is opened, and not taken for its end",
    arguments: modes)
  func flippedInLog(keys: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(pages: Self.pages(keys))
    for _ in 1...3 { try await Self.fill(database) }
    let (file, log) = (try directory.bytes(), try directory.bytes("-wal"))
    database.close()
    let copy = try TemporaryDirectory()
    for frame in [2, 9] {
      for offset in [0, 3, 9, 17, 24, 30, 3000, 24 + 4048, 24 + 4054, 24 + 4060, 4119] {
        var bytes = log
        bytes[32 + frame * 4120 + offset] ^= 4
        try copy.replace("", file)
        try copy.replace("-wal", bytes)
        // In the reserve of a page without a key nothing stands, and so nothing is lost.
        let error = #expect(throws: StorageError.self, "\(frame) \(offset)") {
          try copy.open(pages: Self.pages(keys))
        }
        #expect(error?.code == .corrupt || error?.code == .keyMissing)
        if error?.code == .corrupt {
          #expect(error?.message.contains("frame \(frame + 1)") == true)
        }
        #expect(try copy.bytes("-wal") == bytes, "the log is left as it is")
      }
    }
  }

  @Test(
    "a machine that stopped while the log was being copied has it whole in the log",
    arguments: modes)
  func tornCopy(keys: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    let first = try directory.open(pages: Self.pages(keys))
    try await Self.fill(first)
    first.close()
    let database = try directory.open(pages: Self.pages(keys))
    try await Self.fill(database)
    var file = try directory.bytes()
    let log = try directory.bytes("-wal")
    database.close()
    var torn: Set<Int> = []
    for frame in stride(from: 32, to: log.count - 4120, by: 4120)
    where log[frame + 8..<frame + 16].elementsEqual(log[16..<24]) {
      let middle = (log[frame..<frame + 4].reduce(0) { $0 << 8 | Int($1) } - 1) * 4096 + 1000
      guard middle < file.count else { continue }
      file.replaceSubrange(middle..<middle + 2000, with: repeatElement(3, count: 2000))
      torn.insert(middle / 4096 + 1)
    }
    #expect(torn.contains(1) && torn.count > 3)
    try directory.replace("", file)
    try directory.replace("-wal", log)
    let again = try directory.open(pages: Self.pages(keys))
    #expect(try await again.damage() == [])
    #expect(try await again.read { try Note.count(in: $0) } == 2 * Self.notes)
    again.close()
    let last = try directory.open(pages: Self.pages(keys))
    #expect(try await last.damage() == [])
    last.close()
  }

  @Test("a bit that flips in the log of an open database is never served", arguments: modes)
  func flippedMeanwhile(keys: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(pages: Self.pages(keys))
    defer { database.close() }
    try await Self.fill(database)
    let log = try #require(FileHandle(forUpdatingAtPath: directory.file + "-wal"))
    let frames = try directory.bytes("-wal").count / 4120
    for frame in 0..<frames {
      let place = UInt64(32 + frame * 4120 + 24 + 2000)
      try log.seek(toOffset: place)
      guard let byte = try log.read(upToCount: 1)?.first else { break }
      try log.seek(toOffset: place)
      try log.write(contentsOf: [byte ^ 1])
    }
    let error = await expectFailure(.corrupt) {
      try await database.read { try Note.texts(in: $0) }
    }
    #expect(error?.message.contains("of the log of the database") == true)
    #expect(error?.message.hasPrefix("page ") == true)
  }

  @Test("without its key, or with another, a database is not opened, and says which it needs")
  func missingKey() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(pages: Self.keys(1))
    try await Self.fill(database)
    // A server that was killed: the log may need another key than the file.
    let (file, log) = (try directory.bytes(), try directory.bytes("-wal"))
    database.close()
    let none = await expectFailure(.keyMissing) { try directory.open() }
    #expect(none?.message.hasSuffix("give its key a0000001 with --secrets-key") == true)
    let other = await expectFailure(.keyMissing) { try directory.open(pages: Self.keys(2)) }
    #expect(other?.message.contains("is encrypted with key a0000001, which is not among") == true)
    try directory.replace("", file)
    try directory.replace("-wal", log)
    await expectFailure(.keyMissing) { try directory.open(pages: Self.keys(2)) }
    #expect(try directory.bytes("-wal") == log)
    let again = try directory.open(pages: Self.keys(1))
    #expect(try await again.read { try Note.count(in: $0) } == Self.notes)
    again.close()
  }

  @Test("a key is added and replaced while the database is open")
  func rotation() async throws {
    let directory = try TemporaryDirectory()
    let pages = PageProtection()
    let database = try directory.open(pages: pages)
    try await Self.fill(database)
    pages.use([Self.key(1)])
    try await Self.fill(database)
    pages.use([Self.key(2), Self.key(1)])
    try await Self.fill(database)
    #expect(try await database.read { try Note.count(in: $0) } == 3 * Self.notes)
    let copy = try TemporaryDirectory()
    try copy.replace("", directory.bytes())
    try copy.replace("-wal", directory.bytes("-wal"))
    database.close()
    for place in [directory, copy] {
      let again = try place.open(pages: Self.keys(3, 2, 1))
      #expect(try await again.read { try Note.count(in: $0) } == 3 * Self.notes)
      #expect(try await again.damage() == [])
      again.close()
    }
  }

  @Test(
    "a database without protected pages is written anew once, and kept as it was",
    arguments: modes)
  func conversion(keys: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    try RawFile.execute(
      directory.file,
      """
      PRAGMA application_id = 0x4A4F494E; PRAGMA user_version = 7; PRAGMA journal_mode = WAL;
      CREATE TABLE old (id INTEGER PRIMARY KEY, text TEXT) STRICT;
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      INSERT INTO old SELECT i, 'Zhang Wei ' || i FROM n
      """)
    let before = try directory.bytes()
    let copies = Copies()
    let kept = directory.path + "/before.db"
    let file = directory.file
    func open() throws -> Database {
      try Database.open(
        Database.Configuration(
          path: file, pages: Self.pages(keys),
          beforeMigrating: { name, copy throws(StorageError) in
            copies.names.append(name)
            try copy(kept)
          }), migrations: Note.migrations, now: Instant(microseconds: 1))
    }
    let database = try open()
    #expect(copies.names == ["protection"])
    let sum = try await database.read {
      try $0.first("SELECT count(*), sum(id) FROM old", map: { [$0.int64(0), $0.int64(1)] })
    }
    #expect(sum == [1000, 500_500])
    try await Self.fill(database)
    #expect(try await database.damage() == [])
    database.close()
    #expect(contains(try directory.bytes(), "Zhang Wei 77") == keys.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: directory.file + ".protected"))
    try open().close()
    #expect(copies.names == ["protection"])
    #expect(try directory.bytes()[20] == 48)
    let old = [UInt8](try Data(contentsOf: URL(filePath: kept)))
    #expect(old[20] == 0 && old.count == before.count)
  }

  private final class Copies: @unchecked Sendable { var names: [String] = [] }
}
