import Foundation
import Storage
import Synchronization
import Testing
import Values

@Suite("Pages get a newer key")
struct ResealTests {
  private static let notes = 3000

  private static func key(_ number: UInt8) -> PageProtection.Key {
    ProtectedDatabaseTests.key(number)
  }

  /// What the database has told, once it has.
  private final class Report: Sendable {
    private let told = Mutex<PageCounts?>(nil)
    func tell(_ counts: PageCounts) { told.withLock { $0 = counts } }
    var isThere: Bool { told.withLock { $0 != nil } }
    var counts: PageCounts? { told.withLock { $0 } }
  }

  private static func open(
    _ file: String, _ keys: [UInt8], _ report: Report?, faults: FaultPlan? = nil
  ) throws -> Database {
    var configuration = Database.Configuration(
      path: file, pages: PageProtection(keys.map { key($0) }), faults: faults)
    if let report { configuration.resealed = { report.tell($0) } }
    return try Database.open(
      configuration, migrations: Note.migrations, now: Instant(microseconds: 1))
  }

  private static func fill(_ database: Database, _ prefix: String) async throws {
    let padding = String(repeating: "x", count: 300)
    try await database.write { tx in
      for number in 0..<notes { try Note.insert("\(prefix) \(number) \(padding)", in: tx) }
    }
  }

  /// The keys of all pages of a file, by the first byte of the format and the last of the id.
  private static func keys(_ directory: TemporaryDirectory) throws -> Set<[UInt8]> {
    let bytes = try directory.bytes()
    return Set(
      stride(from: 4048, to: bytes.count, by: 4096).map { [bytes[$0 + 2], bytes[$0 + 7]] })
  }

  /// A page of the file as it is in the middle of being written, and what it will be: the second
  /// half is there, the first is not.
  private final class TornPage: Sendable {
    private let file: String
    private let place: UInt64
    private let whole: [UInt8]

    init(_ directory: TemporaryDirectory, page: Int) throws {
      file = directory.file
      place = UInt64(page - 1) * 4096
      whole = Array(try directory.bytes()[Int(place)..<Int(place) + 4096])
    }

    func tear() { write([UInt8](repeating: 0xAB, count: 2048) + whole[2048...]) }
    func finish() { write(whole) }

    private func write(_ bytes: [UInt8]) {
      guard let handle = FileHandle(forUpdatingAtPath: file) else { return }
      defer { try? handle.close() }
      try? handle.seek(toOffset: place)
      try? handle.write(contentsOf: bytes)
    }
  }

  @Test(
    "a reader that meets a page in the middle of being written reads it again, and gets it whole",
    arguments: [[], [1]] as [[UInt8]], [1, 2, 5])
  func torn(keys: [UInt8], reads: Int) async throws {
    let directory = try TemporaryDirectory()
    let first = try Self.open(directory.file, keys, nil)
    try await Self.fill(first, "note")
    let texts = try await first.read { try Note.texts(in: $0) }
    first.close()
    // In the middle of the table: nobody needs it to open the file.
    let page = try TornPage(directory, page: try directory.bytes().count / 4096 / 2)
    let faults = FaultPlan()
    let database = try Self.open(directory.file, keys, nil, faults: faults)
    defer { database.close() }
    page.tear()
    faults.arm(.reread, after: reads, .run { page.finish() })
    #expect(try await database.read { try Note.texts(in: $0) } == texts)
    #expect(!faults.isArmed, "nobody has met it")
  }

  @Test("a page that stays torn is damage, and is not served", arguments: [[], [1]] as [[UInt8]])
  func staysTorn(keys: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    let first = try Self.open(directory.file, keys, nil)
    try await Self.fill(first, "note")
    first.close()
    let number = try directory.bytes().count / 4096 / 2
    let page = try TornPage(directory, page: number)
    let faults = FaultPlan()
    let database = try Self.open(directory.file, keys, nil, faults: faults)
    defer { database.close() }
    page.tear()
    // More often than it is read at all.
    faults.arm(.reread, after: 7, .run { page.finish() })
    let failure = await expectFailure(.corrupt) {
      try await database.read { try Note.texts(in: $0) }
    }
    #expect(failure?.message.contains("page \(number) of the database") == true)
    page.finish()
    #expect(try await database.read { try Note.count(in: $0) } == Self.notes)
  }

  @Test(
    "while others read and write, from no key and from another one",
    arguments: [[], [1]] as [[UInt8]])
  func online(before: [UInt8]) async throws {
    let directory = try TemporaryDirectory()
    let first = try Self.open(directory.file, before, nil)
    try await Self.fill(first, "first")
    first.close()
    #expect(try Self.keys(directory).count == 1)
    let report = Report()
    let database = try Self.open(directory.file, [2] + before, report)
    var written = 0
    while !report.isThere {
      try await database.write { [written] in try Note.insert("during \(written)", in: $0) }
      written += 1
      let count = try await database.read { try Note.texts(in: $0).count }
      #expect(count == Self.notes + written)
    }
    #expect(report.counts?.isCurrent == true)
    #expect(report.counts?.key == "a0000002")
    #expect(database.statistics.pages == report.counts)
    #expect(try await database.damage() == [])
    database.close()
    #expect(try Self.keys(directory) == [[UInt8(ascii: "S"), 2]])
    let again = try Self.open(directory.file, [2], nil)
    #expect(try await again.read { try Note.count(in: $0) } == Self.notes + written)
    again.close()
    #expect(!FileManager.default.fileExists(atPath: directory.file + "-reseal"))
  }

  @Test("an earlier key is needed until the log has started over, and that is told")
  func keyInLog() async throws {
    let directory = try TemporaryDirectory()
    let report = Report()
    let database = try Self.open(directory.file, [1], nil)
    try await Self.fill(database, "first")
    database.close()
    let open = try Self.open(directory.file, [1], report)
    while !report.isThere { await Task.yield() }
    try await Self.fill(open, "second")
    open.use([Self.key(2), Self.key(1)])
    var written = 0
    while report.counts?.key != "a0000002" {
      try await open.write { [written] in try Note.insert("during \(written)", in: $0) }
      written += 1
      open.use([Self.key(2), Self.key(1)])
    }
    #expect(report.counts?.isCurrent == true)
    // What a machine would find that stops now needs the newer key alone.
    let copy = try TemporaryDirectory()
    try copy.replace("", directory.bytes())
    try copy.replace("-wal", directory.bytes("-wal"))
    open.close()
    let found = try Self.open(copy.file, [2], nil)
    #expect(try await found.read { try Note.count(in: $0) } == 2 * Self.notes + written)
    #expect(try await found.damage() == [])
    found.close()
  }

  @Test(
    "a process that is killed at any step leaves a whole database",
    arguments: [FaultPlan.Point.resealing, .resealedHalf, .resealed])
  func killed(point: FaultPlan.Point) async throws {
    let directory = try TemporaryDirectory()
    let first = try Self.open(directory.file, [1], nil)
    try await Self.fill(first, "first")
    first.close()
    let step = point == .resealing ? 0 : point == .resealedHalf ? 1 : 2
    let file = directory.file
    await #expect(processExitsWith: .signal(9)) { [file = file as String, step = step as Int] in
      let faults = FaultPlan()
      let points: [FaultPlan.Point] = [.resealing, .resealedHalf, .resealed]
      faults.arm(points[step], after: 2, .crash)
      let database = try Self.open(file, [2, 1], Report(), faults: faults)
      while !Task.isCancelled { _ = try await database.read { try Note.count(in: $0) } }
    }
    let journal = try directory.bytes("-reseal")
    #expect(journal.count > 4100)
    #expect(try Self.keys(directory).count == 2)
    if point == .resealing {
      // A machine that stopped: every page of the journal is half old and half something else.
      var bytes = try directory.bytes()
      for entry in stride(from: 8, to: journal.count, by: 4100) {
        let number = journal[entry..<entry + 4].reduce(0) { $0 << 8 | Int($1) }
        let middle = (number - 1) * 4096 + 2048
        bytes.replaceSubrange(middle..<middle + 1024, with: repeatElement(7, count: 1024))
      }
      try directory.replace("", bytes)
    }
    let again = try Self.open(directory.file, [2, 1], nil)
    #expect(try await again.read { try Note.count(in: $0) } == Self.notes)
    #expect(try await again.damage() == [])
    again.close()
    #expect(!FileManager.default.fileExists(atPath: directory.file + "-reseal"))
  }
}
