import Foundation
import Storage
import Testing
import Values

@testable import Backups

@Suite("Shipping the log")
struct LogShippingTests {
  private static let key = "0a".padding(toLength: 64, withPad: "0a", startingAt: 0)

  private func key(_ folder: String) throws -> BackupKey {
    let path = folder + "/key"
    try Data(Self.key.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return try BackupKey(file: path)
  }

  @Test(
    "every moment can be restored, from whichever backup is before it", arguments: [false, true])
  func moments(encrypted: Bool) async throws {
    try await withFolder { path in
      let shop = try ShippedShop(path, key: encrypted ? try key(path) : nil)
      var times: [Instant] = []
      for second in 0..<12 {
        if second % 5 == 0 { try shop.backUp() }
        shop.hand.turn(1)
        try shop.add()
        times.append(shop.hand.now)
      }
      shop.stop()
      for (index, time) in times.enumerated() {
        #expect(try shop.restoredRows(until: time) == index + 1)
        #expect(
          try shop.restoredRows(until: Instant(microseconds: time.microseconds - 1)) == index)
      }
      #expect(try shop.restoredRows() == 12)
      #expect(try shop.restoredRows(until: times[11].adding(seconds: 3600)) == 12)
      let early = #expect(throws: BackupError.self) {
        try shop.restoredRows(until: ShippedShop.start.adding(seconds: -1))
      }
      #expect(early?.code == .gap)
      let log = try Backup.logs(shop.folder, key: shop.key)
      #expect(log.map(\.records) == [12] && log[0].reached == times[11])
    }
  }

  @Test("a log that starts over many times is shipped whole, to the byte")
  func startsOver() async throws {
    try await withFolder { path in
      let shop = try ShippedShop(path)
      try shop.backUp()
      for round in 0..<60 {
        shop.hand.turn(1)
        try shop.add(2000)
        if round == 30 { try shop.backUp() }
        // A shipper that is left too far behind gives up.
        if round % 5 == 0 { try shop.waitUntilShipped() }
      }
      #expect(shop.database.statistics.checkpoints > 1)
      shop.stop()
      #expect(shop.said.all == [])
      #expect(try shop.segments.count > 3)
      #expect(Set(try shop.segments.map(\.generation)).count == 1)
      try Backup.restore(shop.folder, to: path + "/new.db", until: nil, key: nil)
      let original = try Data(contentsOf: URL(filePath: shop.file))
      #expect(try Data(contentsOf: URL(filePath: path + "/new.db")) == original)
      #expect(try shop.restoredRows(until: ShippedShop.start.adding(seconds: 10)) == 20_000)
    }
  }

  @Test("what is restored says how much the folder has behind it, and up to when")
  func leftOut() async throws {
    try await withFolder { path in
      let shop = try ShippedShop(path)
      try shop.backUp()
      for _ in 0..<5 {
        shop.hand.turn(10)
        try shop.add()
        try shop.waitUntilShipped()
      }
      shop.stop()
      let end = ShippedShop.start.adding(seconds: 50)
      func restored(_ name: String, until time: Instant?) throws -> Backup.Restored {
        try Backup.restore(shop.folder, to: path + "/" + name, until: time, key: nil)
      }
      let all = try restored("all.db", until: nil)
      #expect(all.records == 5 && all.leftOut == 0 && all.knownUntil == end)
      let some = try restored("some.db", until: ShippedShop.start.adding(seconds: 25))
      #expect(some.records == 2 && some.leftOut == 3 && some.knownUntil == end)
      #expect(some.reached == ShippedShop.start.adding(seconds: 20))
      let entry = try #require(try shop.folder.entries().first)
      let one = Backup.Restored(
        backup: entry.path, info: try Backup.restore(entry.path, to: path + "/one.db", key: nil))
      #expect(one.records == 0 && one.leftOut == nil && one.knownUntil == one.reached)
    }
  }

  @Test("a restart goes on with the same log, after a stop and after a kill")
  func restarts() async throws {
    try await withFolder { path in
      var shop = try ShippedShop(path)
      try shop.backUp()
      try shop.add(3)
      shop.stop()
      for _ in 0..<2 {
        shop.hand.turn(1)
        shop = try ShippedShop(path, hand: shop.hand)
        #expect(shop.shipper.status.hasBackup)
        try shop.add(3)
        shop.stop()
      }
      #expect(try shop.restoredRows() == 9)

      // Killed with a commit in its log that was not shipped any more.
      shop = try ShippedShop(path, hand: shop.hand)
      try shop.add()
      try shop.waitUntilShipped()
      let backups = path + "/killed/backups"
      try FileManager.default.createDirectory(
        atPath: path + "/killed", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: shop.folder.path, toPath: backups)
      try shop.add()
      try shop.killed(in: path + "/killed")
      shop.stop()
      let again = try ShippedShop(path + "/killed", hand: shop.hand)
      #expect(again.shipper.status.hasBackup)
      try again.waitUntilShipped()
      again.stop()
      #expect(try again.restoredRows() == 11)
      #expect(Set(try again.segments.map(\.generation)).count == 1)
    }
  }

  @Test("a server that writes nothing makes no new log, however often it is started")
  func idleRestarts() async throws {
    try await withFolder { path in
      var shop = try ShippedShop(path)
      try shop.backUp()
      for _ in 0..<3 {
        shop.stop()
        shop = try ShippedShop(path, hand: shop.hand)
        #expect(shop.shipper.status.hasBackup)
      }
      try shop.add()
      shop.stop()
      #expect(try shop.restoredRows() == 1)
    }
  }

  @Test("a kill after the log has started over loses no place in it")
  func killedAfterStartingOver() async throws {
    try await withFolder { path in
      let shop = try ShippedShop(path)
      try shop.backUp()
      while shop.database.statistics.checkpoints < 1 { try shop.add(2000) }
      try shop.add()
      try shop.waitUntilShipped()
      // Nothing of the new log is in this copy of the folder, or some of it.
      try shop.killed(in: path + "/killed")
      try FileManager.default.copyItem(
        atPath: shop.folder.path, toPath: path + "/killed/backups")
      let rows = try shop.database.readBlocking { snapshot in
        try snapshot.first("SELECT count(*) FROM row", map: { $0.int(0) }) ?? 0
      }
      shop.stop()
      let again = try ShippedShop(path + "/killed", hand: shop.hand)
      try again.add()
      again.stop()
      #expect(try again.restoredRows() == rows + 1)
      #expect(Set(try again.segments.map(\.generation)).count == 1)
    }
  }

  @Test("what was changed behind its back begins a new log, and what is between is refused")
  func foreignChange() async throws {
    try await withFolder { path in
      let first = try ShippedShop(path)
      try first.backUp()
      first.hand.turn(1)
      try first.add()
      let known = first.hand.now
      first.stop()
      // A server that ships nothing.
      let other = try Database.open(
        Database.Configuration(path: first.file), migrations: ShippedShop.schema, now: known)
      try other.writeBlocking { transaction in
        try transaction.execute("INSERT INTO row (filling) VALUES (x'00')")
      }
      other.close()
      first.hand.turn(60)
      let second = try ShippedShop(path, hand: first.hand)
      #expect(!second.shipper.status.hasBackup)
      #expect(second.shipper.needsBackup.rings == 1)
      try second.add()
      try second.waitUntilShipped()
      let refused = #expect(throws: BackupError.self) { try second.restoredRows() }
      #expect(refused?.code == .gap)
      #expect(refused?.description.contains("Restore to \(known)") == true)
      #expect(try second.restoredRows(until: known) == 1)
      second.hand.turn(1)
      try second.backUp()
      second.stop()
      #expect(try second.restoredRows() == 3)
      let between = #expect(throws: BackupError.self) {
        try second.restoredRows(until: known.adding(seconds: 30))
      }
      #expect(between?.code == .gap)
    }
  }

  @Test("a missing or damaged segment is refused with its place, and nothing is left")
  func gaps() async throws {
    try await withFolder { path in
      var shop = try ShippedShop(path)
      try shop.backUp()
      var times: [Instant] = []
      for _ in 0..<4 {
        shop.hand.turn(1)
        try shop.add()
        times.append(shop.hand.now)
        shop.stop()
        shop = try ShippedShop(path, hand: shop.hand)
      }
      shop.stop()
      let segments = try shop.segments
      #expect(segments.map(\.first) == [1, 2, 3, 4])
      let third = URL(filePath: segments[2].path)
      let whole = try Data(contentsOf: third)
      for place in [0, 70, 95, whole.count / 2, whole.count - 40] {
        var damaged = whole
        damaged[place] ^= 1
        try damaged.write(to: third)
        #expect(throws: BackupError.self, "byte \(place)") { try shop.restoredRows() }
        #expect(throws: BackupError.self) { try Backup.logs(shop.folder, key: nil) }
      }
      try whole.prefix(whole.count / 2).write(to: third)
      let cut = #expect(throws: BackupError.self) { try shop.restoredRows() }
      #expect(cut?.code == .gap)
      try FileManager.default.removeItem(at: third)
      let gone = #expect(throws: BackupError.self) { try shop.restoredRows() }
      #expect(gone?.code == .gap)
      #expect(gone?.description.contains("record 3 is missing") == true)
      #expect(gone?.description.contains("record 2 of \(times[1])") == true)
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      #expect(names.filter { $0.contains("restored") } == [])
      try whole.write(to: third)
      #expect(try shop.restoredRows() == 4)
    }
  }

  @Test("a folder that goes away and comes back: the server goes on, a backup closes the gap")
  func folderAway() async throws {
    try await withFolder { path in
      let shop = try ShippedShop(path)
      try shop.backUp()
      try shop.add()
      try shop.waitUntilShipped()
      let away = path + "/away"
      try FileManager.default.moveItem(atPath: shop.folder.path, toPath: away)
      // Of the segment that is open nobody knows when it went.
      while shop.shipper.status.failure == nil { try shop.add() }
      #expect(shop.said.all.first?.contains("the server goes on") == true)
      #expect(throws: BackupError.self) { try shop.backUp() }
      try FileManager.default.moveItem(atPath: away, toPath: shop.folder.path)
      try shop.add()
      while shop.shipper.status.failure != nil { await Task.yield() }
      #expect(!shop.shipper.status.hasBackup)
      try shop.backUp()
      #expect(shop.shipper.status.hasBackup)
      try shop.add()
      let rows = try shop.database.readBlocking { snapshot in
        try snapshot.first("SELECT count(*) FROM row", map: { $0.int(0) }) ?? 0
      }
      shop.stop()
      #expect(try shop.restoredRows() == rows)
      #expect(shop.said.all.contains("the log is shipped again"))
    }
  }

  @Test("a transaction too large to be shipped asks for a backup")
  func tooLarge() async throws {
    try await withFolder { path in
      let shop = try ShippedShop(path)
      try shop.backUp()
      let rings = shop.shipper.needsBackup.rings
      try shop.database.writeBlocking { transaction in
        for _ in 0..<70 {
          try transaction.execute("INSERT INTO row (filling) VALUES (zeroblob(1000000))")
        }
      }
      try await shop.shipper.needsBackup.wait(beyond: rings)
      #expect(shop.said.all.contains { $0.contains("more than 64 MiB") })
      shop.hand.turn(1)
      try shop.backUp()
      try shop.add()
      shop.stop()
      #expect(try shop.restoredRows() == 71)
    }
  }

  @Test("what is older than the oldest backup goes with it")
  func retention() async throws {
    try await withFolder { path in
      var shop = try ShippedShop(path)
      for _ in 0..<4 {
        shop.hand.turn(1)
        try shop.backUp()
        try shop.add()
        shop.stop()
        shop = try ShippedShop(path, hand: shop.hand)
      }
      shop.stop()
      #expect(try shop.segments.map(\.first) == [1, 2, 3, 4])
      try shop.folder.keep(2)
      #expect(try shop.folder.entries().count == 2)
      #expect(try shop.segments.map(\.first) == [3, 4])
      #expect(try shop.restoredRows() == 4)
    }
  }

  /// Commits, backups, stops and kills in random order; what the clock showed at each commit is the
  /// oracle.
  @Test("whatever happens in whatever order, each moment is restored or refused", arguments: 0..<6)
  func anyOrder(seed: UInt64) async throws {
    try await withFolder { path in
      var chance = Chance(state: seed)
      var shop = try ShippedShop(path + "/0")
      try shop.backUp()
      let begin = shop.hand.now
      var rows = 0
      var moments: [(time: Instant, rows: Int)] = []
      var lives = 0
      for _ in 0..<40 {
        shop.hand.turn(1)
        switch chance.next(10) {
        case 0: try shop.backUp()
        case 1:
          shop.stop()
          shop = try ShippedShop(shop.file.dropLast(8).description, hand: shop.hand)
        case 2:
          // The folder first: a kill finds both as they are at one moment, never more in the
          // folder than in the database.
          try shop.waitUntilShipped()
          lives += 1
          let next = path + "/\(lives)"
          try FileManager.default.createDirectory(
            atPath: next, withIntermediateDirectories: true)
          try FileManager.default.copyItem(atPath: shop.folder.path, toPath: next + "/backups")
          try shop.killed(in: next)
          shop.stop()
          shop = try ShippedShop(next, hand: shop.hand)
          if !shop.shipper.status.hasBackup { try shop.backUp() }
        default:
          let count = chance.next(4) == 0 ? 3000 : 1 + chance.next(50)
          try shop.add(count)
          rows += count
          moments.append((shop.hand.now, rows))
        }
      }
      shop.stop()
      #expect(try shop.restoredRows() == rows)
      let isOneLog = Set(try shop.segments.map(\.generation)).count == 1
      for _ in 0..<12 {
        let second = chance.next(40)
        let time = begin.adding(seconds: Int64(second))
        let wanted = moments.last { $0.time <= time }?.rows ?? 0
        do throws(BackupError) {
          #expect(try shop.restored(until: time) == wanted, "second \(second) of \(seed)")
        } catch { #expect(!isOneLog && error.code == .gap, "second \(second) of \(seed)") }
      }
    }
  }

  private struct Chance {
    var state: UInt64

    /// Below `bound` (SplitMix64).
    mutating func next(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((word ^ (word >> 31)) % UInt64(bound))
    }
  }

  @Test("what a backup holds, the log behind it does not take back")
  func backupsUnderLoad() async throws {
    try await withFolder { path in
      let shop = try ShippedShop(path)
      let database = shop.database
      let load = Task.detached {
        var count = 0
        while !Task.isCancelled {
          do {
            try await database.write { transaction in
              try transaction.execute("INSERT INTO row (filling) VALUES (randomblob(3000))")
            }
          } catch is CancellationError { break }  // It had not begun.
          count += 1
        }
        return count
      }
      for _ in 0..<8 {
        shop.hand.turn(0.3)
        try shop.backUp()
      }
      load.cancel()
      let count = try await load.value
      shop.stop()
      #expect(try shop.restoredRows() == count)
      // From each of them alone.
      for entry in try shop.folder.entries().dropLast().reversed() {
        let newer = try shop.folder.entries().filter { $0.created > entry.created }
        for one in newer { File.remove(one.path) }
        #expect(try shop.restoredRows() == count)
      }
    }
  }
}
