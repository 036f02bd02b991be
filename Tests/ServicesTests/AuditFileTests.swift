import Messages
import RPC
import Storage
import TestKit
import Testing
import Values

@testable import Services

@Suite("Audit files: exports and proofs that only the public key is needed for")
struct AuditFileTests {
  /// A frame of a file with its letter and length.
  private typealias Frame = [UInt8]

  private static let key = Shop.auditKey?.publicKey ?? []

  private static func check(_ bytes: [UInt8], keys: [[UInt8]] = [key]) throws -> AuditVerdict {
    var position = 0
    return try AuditFile.check(keys: keys) { count in
      // Small pieces: no frame comes in one.
      defer { position = min(position + min(count, 1_000), bytes.count) }
      return Array(bytes[position..<min(position + min(count, 1_000), bytes.count)])
    }
  }

  private static func frames(_ file: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = file[16...]
    while rest.count >= 5 {
      let count = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      frames.append(Array(rest.prefix(5 + count)))
      rest = rest.dropFirst(5 + count)
    }
    return frames
  }

  private static func file(_ frames: [Frame], like file: [UInt8]) -> [UInt8] {
    Array(file[..<16]) + frames.flatMap { $0 }
  }

  /// A shop's export: some entries, a checkpoint, some more that are not covered by one.
  private static func export() async throws -> [UInt8] {
    let shop = try await furnished()
    _ = try await shop.place([("LAMP", 1)])
    await shop.signAudit()
    _ = try await shop.place([("LAMP", 2)])
    var file: [UInt8] = []
    for try await message in try await shop.audit.export(.init()) { file += message.chunk }
    await shop.close()
    return file
  }

  private static func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 50, cost: "80")
    return shop
  }

  private static func positions(_ verdict: AuditVerdict) -> [Int64] {
    verdict.findings.map(\.position)
  }

  @Test("an export is whole, signed to its end, and says from when it is")
  func export() async throws {
    let file = try await Self.export()
    let verdict = try Self.check(file)
    #expect(verdict.findings == [])
    #expect(verdict.checkpoints == 1)
    #expect(verdict.entries == Int64(Self.frames(file).count - 2))
    #expect(verdict.signedThrough == verdict.entries)
    #expect(verdict.firstAt == TestClock().now)
    #expect(verdict.madeAt == TestClock().now)
  }

  @Test("a flipped bit is found, wherever it is")
  func flippedBits() async throws {
    let file = try await Self.export()
    let frames = Self.frames(file)
    for (index, frame) in frames.enumerated() {
      // In the hash, in the record's first field, in its middle and at its end.
      for place in [5, 37, 5 + (frame.count - 5) / 2, frame.count - 1] where place < frame.count {
        var forged = frames
        forged[index][place] ^= 4
        let verdict = try Self.check(Self.file(forged, like: file))
        #expect(!verdict.isClean, "frame \(index), byte \(place)")
        let isEntry = frame[0] == AuditFile.Frame.entry
        let sequence = Int64(frames[..<index].count { $0[0] == AuditFile.Frame.entry }) + 1
        if isEntry, place > 46 {
          #expect(Self.positions(verdict) == [sequence], "frame \(index), byte \(place)")
        } else if isEntry {
          #expect(Self.positions(verdict).contains(sequence), "frame \(index), byte \(place)")
        }
      }
    }
  }

  @Test("a removed, swapped, repeated or inserted entry is found with its position")
  func movedEntries() async throws {
    let file = try await Self.export()
    let frames = Self.frames(file)
    var removed = frames
    removed.remove(at: 3)
    #expect(Self.positions(try Self.check(Self.file(removed, like: file))).first == 5)
    var swapped = frames
    swapped.swapAt(2, 3)
    #expect(Self.positions(try Self.check(Self.file(swapped, like: file))).prefix(2) == [4, 3])
    var repeated = frames
    repeated.insert(frames[2], at: 3)
    #expect(Self.positions(try Self.check(Self.file(repeated, like: file))).first == 3)
    let first = Self.file([frames[0]] + frames, like: file)
    #expect(Self.positions(try Self.check(first)).first == 1)
  }

  @Test("a file that is cut off is told from one that is not, at any byte")
  func cutOff() async throws {
    let file = try await Self.export()
    let frames = Self.frames(file)
    for count in 0..<frames.count {
      let verdict = try Self.check(Self.file(Array(frames[..<count]), like: file))
      #expect(verdict.findings.last?.text.contains("cut off") == true, "\(count) frames")
    }
    for count in stride(from: 16, to: file.count, by: 97) {
      #expect(try !Self.check(Array(file[..<count])).isClean, "\(count) bytes")
    }
    // Without the last entries, but with the end.
    var shortened = frames
    shortened.remove(at: frames.count - 2)
    #expect(try !Self.check(Self.file(shortened, like: file)).isClean)
    #expect(try !Self.check(file + [0]).isClean)
    #expect(try !Self.check(file + frames[0]).isClean)
  }

  @Test("whoever writes the chain anew has no signature for it, and no key of its own counts")
  func rewritten() async throws {
    let file = try await Self.export()
    let frames = Self.frames(file)
    var head = AuditHash.genesis
    let rewritten = frames.map { frame -> Frame in
      guard frame[0] == AuditFile.Frame.entry else { return frame }
      var record = Array(frame[37...])
      if record.count > 400 { record[300] ^= 1 }
      head = AuditHash.next(after: head, record)
      return Array(frame[..<5]) + head + record
    }
    let verdict = try Self.check(Self.file(rewritten, like: file))
    #expect(verdict.findings.first?.text.hasPrefix("Entries 1 to") == true, "\(verdict.findings)")
    #expect(verdict.signedThrough == 0)
    let other = try #require(AuditKey(seed: [UInt8](repeating: 9, count: 32)))
    let foreign = try Self.check(file, keys: [other.publicKey])
    #expect(foreign.findings.allSatisfy { $0.text.contains("another key") })
    #expect(foreign.findings.count == 2)
    #expect(try Self.check(file, keys: [other.publicKey, Self.key]).isClean)
  }

  @Test("what is no audit is refused, and a hostile one costs no memory")
  func hostile() async throws {
    #expect(throws: AuditFile.NotAnAudit.self) { try Self.check([]) }
    #expect(throws: AuditFile.NotAnAudit.self) { try Self.check(Array("JNRYBKP1".utf8) + [1]) }
    let header = AuditFile.header(.export)
    let frames: [[UInt8]] = [
      [0x45, 0xFF, 0xFF, 0xFF, 0xFF], [0x45, 0, 0, 0, 0], [0x45, 0, 0, 0, 32] + AuditHash.genesis,
      [0x58, 0, 0, 0, 0], [0x43, 0, 0, 0, 1, 0], [0x5A, 0, 0, 0, 1, 0],
      [0x50, 0, 0, 0, 34] + [UInt8](repeating: 255, count: 34),
    ]
    for frame in frames {
      for header in [header, AuditFile.header(.proof)] {
        #expect(try !Self.check(header + frame).isClean)
      }
    }
    // Numbers at the ends of their range, in entries that nobody signed.
    for number in [Int64.max, .min, -1, 0] {
      var record: [UInt8] = [2]
      for _ in 0..<20 { record += AuditFile.big(number) }
      var file = header
      for _ in 0..<300 {
        AuditFile.append(AuditFile.Frame.entry, AuditHash.genesis, record, to: &file)
      }
      let verdict = try Self.check(file)
      #expect(verdict.findings.count == AuditVerdict.maxFindings)
      #expect(verdict.moreFindings > 100)
      #expect(AuditRecord.read(record) == nil)
    }
  }

  @Test("damage of any kind is found: bytes changed, added, taken out, said twice")
  func damage() async throws {
    let file = try await Self.export()
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for round in 0..<400 {
      var forged = file
      for _ in 0...next(3) {
        let place = next(forged.count)
        let end = min(place + 1 + next(80), forged.count)
        switch next(4) {
        case 0: forged[place] ^= UInt8(1 + next(255))
        case 1: forged.insert(contentsOf: (0...next(40)).map { UInt8($0) }, at: place)
        case 2: forged.removeSubrange(place..<end)
        default: forged.insert(contentsOf: forged[place..<end], at: next(forged.count))
        }
      }
      guard forged != file else { continue }
      let isClean = (try? Self.check(forged))?.isClean ?? false
      #expect(!isClean, "round \(round)")
    }
  }

  @Test("an order is proved by a small file, and no byte of it can be changed")
  func proof() async throws {
    let shop = try await Self.furnished()
    for _ in 1...20 { _ = try await shop.place([("LAMP", 1)]) }
    let order = try await shop.place([("LAMP", 1)])
    let file = try await shop.audit.prove(.init(documentNumber: order.number)).file
    _ = try await shop.place([("LAMP", 1)])
    var shown: [AuditV1.Entry] = []
    var isRead = false
    let verdict = try AuditFile.check(keys: [Self.key], show: { shown.append($0) }) { _ in
      defer { isRead = true }
      return isRead ? [] : file
    }
    #expect(verdict.findings == [])
    #expect(verdict.subject == order.number)
    #expect(shown.map(\.method) == ["joinery.orders.v1.OrderService/PlaceOrder"])
    #expect(shown.first?.events.contains { $0.subject?.number == order.number } == true)
    for place in 0..<file.count {
      var forged = file
      forged[place] ^= 1
      let isClean = (try? Self.check(forged))?.isClean ?? false
      #expect(!isClean, "byte \(place)")
    }
    let frames = Self.frames(file)
    for index in frames.indices {
      var removed = frames
      removed.remove(at: index)
      #expect(try !Self.check(Self.file(removed, like: file)).isClean, "without frame \(index)")
    }
    await shop.close()
  }

  @Test("proofs hold beyond the subtrees that are kept, for entries old and new")
  func tiles() async throws {
    let shop = try await Self.furnished()
    let early = try await shop.place([("LAMP", 1)])
    for number in 0..<600 {
      _ = try await shop.catalog.upsertWarehouses(
        .init(warehouses: [.init(code: "W-\(number)", name: "仓")]), options: shop.command())
      if number == 300 { await shop.signAudit() }
    }
    let late = try await shop.place([("LAMP", 1)])
    for order in [early, late] {
      let file = try await shop.audit.prove(.init(documentNumber: order.number)).file
      #expect(try Self.check(file).findings == [])
    }
    let signed = try await shop.audit.getCheckpoint(.init())
    #expect(signed.publicKey == Self.key)
    #expect(signed.size > 600)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("there is no proof of what is not on record")
  func nothing() async throws {
    let shop = try await Self.furnished()
    let error = await refusal { try await shop.audit.prove(.init(documentNumber: "SO-1")) }
    #expect(error?.code == .notFound)
    await shop.close()
  }

  @Test("the check of a database finds what was signed and is gone, and a history written anew")
  func database() async throws {
    for forgery in ["cut", "rewritten"] {
      let shop = try await Self.furnished()
      _ = try await shop.place([("LAMP", 1)])
      await shop.signAudit()
      try await shop.database.write { tx in
        let last = try CommandTable.head(in: tx).sequence
        if forgery == "cut" {
          try tx.execute("DELETE FROM event WHERE sequence = ?", last)
          try tx.execute("DELETE FROM command WHERE sequence = ?", last)
        } else {
          guard var (entry, _) = try CommandTable.entry(at: last, in: tx) else { return }
          entry.actor = "somebody.else"
          let events = try EventTable.events(from: last, through: last, in: tx)[last] ?? []
          let before = try CommandTable.hash(of: last - 1, in: tx) ?? []
          let hash = AuditHash.next(
            after: before, AuditRecord.bytes(of: entry, events: events))
          try tx.execute(
            "UPDATE command SET actor = ?, hash = ? WHERE sequence = ?", entry.actor, hash, last)
        }
      }
      let found = try await shop.reports.verify(.init()).violations
      #expect(found.map(\.rule) == ["audit.hash-chain"], "\(forgery): \(found)")
      // What is not as it was signed is not signed again.
      _ = try await shop.place([("LAMP", 1)])
      await shop.signAudit()
      let checkpoints = try await shop.database.read { snapshot in
        try AuditCheckpointTable.checkpoints(after: 0, limit: 10, in: snapshot).count
      }
      #expect(checkpoints == 1, "\(forgery)")
      await shop.close()
    }
  }
}
