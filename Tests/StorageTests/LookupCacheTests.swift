import Storage
import Testing
import Values

@Suite("A cache of what is looked up")
struct LookupCacheTests {
  /// Two tables, of which only one is cached, beside the notes that are written.
  private static let migrations =
    Note.migrations + [
      Migration(
        "price-0001-price",
        """
        CREATE TABLE price (name TEXT PRIMARY KEY, amount INTEGER NOT NULL) STRICT;
        INSERT INTO price (name, amount) VALUES ('chair', 100), ('table', 900);
        CREATE TABLE list (amount INTEGER NOT NULL) STRICT;
        INSERT INTO list (amount) VALUES (100);
        """)
    ]

  private static let cache = LookupCache<String, Int>(limit: 3)
  /// Every test has its own database, and each connection its own values: one constant serves all.
  private static let whole = LookupCache<OnlyKey, Int>()

  private static func amount(
    _ name: String, in snapshot: Snapshot, _ lookups: Counter
  ) throws -> Int {
    try snapshot.lookUp(name, in: cache) {
      lookups.add()
      return try snapshot.first("SELECT amount FROM price WHERE name = ?", name) { $0.int(0) } ?? 0
    }
  }

  private static func amounts(
    _ names: [String], in snapshot: Snapshot, _ lookups: Counter
  ) throws -> [Int?] {
    try snapshot.lookUp(all: names, in: cache) { names in
      var found: [String: Int] = [:]
      for name in names {
        lookups.add()
        found[name] = try snapshot.first("SELECT amount FROM price WHERE name = ?", name) {
          $0.int(0)
        }
      }
      return found
    }
  }

  private static func set(_ amount: Int, in tx: Transaction) throws {
    try tx.execute("UPDATE price SET amount = ? WHERE name = 'chair'", amount)
  }

  @Test("looks up once what nobody writes, whatever else is written")
  func once() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let lookups = Counter()
    for round in 1...5 {
      let amount = try await database.write { tx in
        try Note.insert("round \(round)", in: tx)
        return try Self.amount("chair", in: tx, lookups)
      }
      #expect(amount == 100)
    }
    #expect(lookups.count == 1)
  }

  @Test("asks for what it has not among many, and keeps no more than its limit")
  func many() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let lookups = Counter()
    try await database.write { (tx: Transaction) throws in
      #expect(try Self.amount("chair", in: tx, lookups) == 100)
      #expect(try Self.amounts(["chair", "table", "bed"], in: tx, lookups) == [100, 900, nil])
      #expect(lookups.count == 3)
      // What there is not is not kept.
      #expect(try Self.amounts(["table", "bed"], in: tx, lookups) == [900, nil])
      #expect(lookups.count == 4)
    }
    try await database.write { tx in
      // Four would be too many: it begins anew with the last two.
      _ = try Self.amount("x", in: tx, lookups)
      _ = try Self.amount("y", in: tx, lookups)
      #expect(lookups.count == 6)
      _ = try Self.amount("y", in: tx, lookups)
      #expect(lookups.count == 6)
      _ = try Self.amount("chair", in: tx, lookups)
      #expect(lookups.count == 7)
    }
  }

  @Test("a transaction sees what it writes itself, and what it takes back it does not leave behind")
  func ownWrites() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let lookups = Counter()
    let seen = try await database.write { tx in
      let before = try Self.amount("chair", in: tx, lookups)
      try Self.set(200, in: tx)
      return [before, try Self.amount("chair", in: tx, lookups)]
    }
    #expect(seen == [100, 200])
    struct Undone: Error {}
    await #expect(throws: Undone.self) {
      try await database.write { tx in
        try Self.set(300, in: tx)
        #expect(try Self.amount("chair", in: tx, lookups) == 300)
        throw Undone()
      }
    }
    let rehearsed = try await database.rehearse { tx in
      try Self.set(400, in: tx)
      return try Self.amount("chair", in: tx, lookups)
    }
    #expect(rehearsed == 400)
    try await database.write { (tx: Transaction) throws in
      #expect(throws: Undone.self) {
        try tx.attempt {
          try Self.set(500, in: tx)
          #expect(try Self.amount("chair", in: tx, lookups) == 500)
          throw Undone()
        }
      }
      #expect(try Self.amount("chair", in: tx, lookups) == 200)
    }
    let last = try await database.write { try Self.amount("chair", in: $0, lookups) }
    #expect(last == 200)
  }

  @Test("a job sees what the one before it in its batch wrote, also where its commit fails")
  func sameBatch() async throws {
    for fails in [false, true] {
      let directory = try TemporaryDirectory()
      let faults = FaultPlan()
      let database = try directory.open(Self.migrations, faults: faults)
      defer { database.close() }
      let lookups = Counter()
      let first = try await database.write { try Self.amount("chair", in: $0, lookups) }
      #expect(first == 100)
      let gate = Gate()
      async let holding: Void = database.write { _ in gate.pass() }
      await gate.waitUntilEntered()
      let change = Task { try await database.write { try Self.set(200, in: $0) } }
      await database.waitForJobs(1)
      let after = Task {
        try await database.write { try Self.amount("chair", in: $0, lookups) }
      }
      await database.waitForJobs(2)
      if fails { faults.arm(.commit) }
      gate.open()
      try? await holding
      try? await change.value
      let seen = try? await after.value
      #expect(seen == (fails ? nil : 200))
      let later = try await database.write { try Self.amount("chair", in: $0, lookups) }
      #expect(later == (fails ? 100 : 200))
    }
  }

  @Test("a reader sees every write that had returned, and both tables of one moment")
  func readers() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let lookups = Counter()
    // Readers that never stop asking, while both tables change together.
    let finished = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1...3 {
        group.addTask {
          while finished.count == 0 {
            let (cached, plain) = try await database.read { snapshot in
              (
                try Self.amount("chair", in: snapshot, lookups),
                try snapshot.first("SELECT amount FROM list") { $0.int(0) }
              )
            }
            #expect(cached == plain)
          }
        }
      }
      for amount in 101...400 {
        try await database.write { tx in
          try Self.set(amount, in: tx)
          try tx.execute("UPDATE list SET amount = ?", amount)
        }
        let seen = try await database.read { try Self.amount("chair", in: $0, lookups) }
        #expect(seen == amount)
      }
      finished.add()
      try await group.waitForAll()
    }
  }

  @Test("what is prepared with a cached value rests on its tables")
  func preparation() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let lookups = Counter()
    // On every reader's connection.
    for _ in 1...20 { _ = try await database.read { try Self.amount("chair", in: $0, lookups) } }
    let gate = Gate()
    async let holding: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let change = Task { try await database.write { try Self.set(200, in: $0) } }
    await database.waitForJobs(1)
    let order = Task {
      try await database.write(
        preparing: { try Self.amount("chair", in: $0, lookups) },
        { tx, preparation in try preparation.value(in: tx) })
    }
    await database.waitForJobs(2)
    gate.open()
    try await holding
    try await change.value
    #expect(try await order.value == 200)
  }

  @Test("a cache of one value")
  func one() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let lookups = Counter()
    let sum = { @Sendable (snapshot: Snapshot) throws -> Int in
      try snapshot.lookUp(in: Self.whole) {
        lookups.add()
        return try snapshot.first("SELECT sum(amount) FROM price") { $0.int(0) } ?? 0
      }
    }
    for _ in 1...2 {
      let total = try await database.write { try sum($0) }
      #expect(total == 1000)
    }
    #expect(lookups.count == 1)
  }
}
