import Foundation
import Storage
import Testing
import Values

@Suite("Opening a file")
struct OpeningTests {
  @Test("refuses a second server on the same file, under any of its names, and names it")
  func refusesSecond() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    let error = await expectFailure(.locked) { try directory.open() }
    #expect(error?.message.contains("test.db") == true)
    #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
    let link = directory.path + "/link.db"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.file)
    await expectFailure(.locked) {
      try Database.open(
        Database.Configuration(path: link), migrations: [], now: Instant(microseconds: 0))
    }
    database.close()
    try directory.open().close()
  }

  @Test("what it makes is for its owner alone, whatever the umask, and a copy too")
  func permissions() async throws {
    let before = umask(0)
    defer { umask(before) }
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    try await database.write { try Note.insert("one", in: $0) }
    try database.copy(to: directory.path + "/copy.db")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    #expect(names == ["copy.db", "test.db", "test.db-shm", "test.db-wal", "test.db.lock"])
    for name in names {
      let path = "\(directory.path)/\(name)"
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
    }
  }

  @Test("refuses what is no database of ours, and leaves it as it was")
  func refusesForeign() async throws {
    let directory = try TemporaryDirectory()
    for bytes in [Array("hello".utf8), [UInt8](repeating: 65, count: 5000)] {
      try directory.replace("", bytes)
      let error = await expectFailure(.foreignFile) { try directory.open() }
      #expect(error?.message.hasSuffix("is not a database") == true)
      #expect(try directory.bytes() == bytes)
    }
    try FileManager.default.removeItem(atPath: directory.file)
    try RawFile.execute(directory.file, "CREATE TABLE other (x)")
    let before = try directory.bytes()
    let error = await expectFailure(.foreignFile) { try directory.open() }
    #expect(error?.message.hasSuffix("is not a Joinery database") == true)
    #expect(try directory.bytes() == before)
  }

  @Test("refuses a directory, a missing directory and a missing file that must be there")
  func refusesMissing() async throws {
    let directory = try TemporaryDirectory()
    for path in [directory.path, directory.path + "/none/test.db", directory.path + "/"] {
      await expectFailure(.cannotOpen) {
        try Database.open(
          Database.Configuration(path: path), migrations: [], now: Instant(microseconds: 0))
      }
    }
    await expectFailure(.cannotOpen) {
      try Database.open(
        Database.Configuration(path: directory.file, mustExist: true), migrations: [],
        now: Instant(microseconds: 0))
    }
    #expect(!FileManager.default.fileExists(atPath: directory.file))
  }

  @Test("refuses a file whose end is missing")
  func refusesTruncated() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    try await database.write { transaction in
      for number in 0..<500 { try Note.insert("a note of some length \(number)", in: transaction) }
    }
    database.close()
    let whole = try directory.bytes()
    for keep in [100, 4096, 8192, whole.count - 4096, whole.count - 1] {
      try directory.replace("", whole.prefix(keep))
      let error = await expectFailure(.corrupt) { try directory.open() }
      #expect(error?.message.contains("truncated") == true)
    }
    try directory.replace("", whole)
    let again = try directory.open()
    #expect(try await again.read { try Note.count(in: $0) } == 500)
    again.close()
  }

  @Test("refuses a file with a damaged schema")
  func refusesDamaged() async throws {
    let directory = try TemporaryDirectory()
    try directory.open().close()
    var bytes = try directory.bytes()
    bytes.replaceSubrange(100..<1000, with: repeatElement(0xFF, count: 900))
    try directory.replace("", bytes)
    await expectFailure(.corrupt) { try directory.open() }
  }

  @Test("takes up the log of a server that was killed")
  func recovers() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    try await database.write { transaction in
      for number in 0..<500 { try Note.insert("a note of some length \(number)", in: transaction) }
    }
    // What a kill leaves: file and log as they are now.
    let (file, log) = (try directory.bytes(), try directory.bytes("-wal"))
    database.close()
    let copy = try TemporaryDirectory()
    try copy.replace("", file)
    try copy.replace("-wal", log)
    let recovered = try copy.open()
    #expect(try await recovered.read { try Note.count(in: $0) } == 500)
    #expect(try await recovered.damage() == [])
    recovered.close()

    // A log whose end was not written loses only what had not been acknowledged. Behind the end is
    // room of zeros.
    let written = try log.prefix(through: #require(log.lastIndex { $0 != 0 }))
    let torn = try TemporaryDirectory()
    try torn.replace("", file)
    try torn.replace("-wal", written.dropLast(100))
    let old = try torn.open()
    #expect(try await old.read { try Note.count(in: $0) } == 0)
    old.close()

    // A log without its file is no new database.
    let orphan = try TemporaryDirectory()
    try orphan.replace("-wal", log)
    await expectFailure(.corrupt) { try orphan.open() }
  }

  @Test("a page damaged on the disk is found by damage(), and a write that meets it is the last")
  func findsDamagedPage() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    try await database.write { transaction in
      for number in 0..<500 { try Note.insert("a note of some length \(number)", in: transaction) }
    }
    database.close()
    var bytes = try directory.bytes()
    for page in 3..<(bytes.count / 4096) {
      bytes.replaceSubrange(page * 4096..<(page * 4096 + 64), with: repeatElement(0xFF, count: 64))
    }
    try directory.replace("", bytes)
    let damaged = try directory.open()
    defer { damaged.close() }
    #expect(try await damaged.damage() != [])
    await expectFailure(.corrupt) { try await damaged.read { try Note.texts(in: $0) } }
    await expectFailure(.corrupt) { try await damaged.write { try Note.insert("new", in: $0) } }
    await expectFailure(.failed) { try await damaged.write { try Note.insert("more", in: $0) } }
  }
}
