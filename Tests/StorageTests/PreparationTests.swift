import Storage
import Synchronization
import Testing
import Values

@Suite("Looking up ahead of a write")
struct PreparationTests {
  /// A table for what is looked up beside the one that is written.
  private static let migrations =
    Note.migrations + [
      Migration(
        "price-0001-price",
        """
        CREATE TABLE price (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL) STRICT;
        INSERT INTO price (amount) VALUES (100);
        CREATE VIEW current_price AS SELECT amount FROM price;
        """)
    ]

  private static func amount(in snapshot: Snapshot) throws -> Int {
    try snapshot.first("SELECT amount FROM current_price") { $0.int(0) } ?? 0
  }

  private static func setPrice(_ amount: Int, in tx: Transaction) throws {
    try tx.execute("UPDATE price SET amount = ?", amount)
  }

  /// Prepares a note while the writer is held up, does `meanwhile`, lets the writer go, and returns
  /// the note's text and how often the price was looked up.
  private func prepareAndWrite(
    first: (@Sendable (Transaction) throws -> Void)? = nil,
    batchLimit: Int = 256
  ) async throws -> (amount: Int, lookups: Int) {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations, batchLimit: batchLimit)
    defer { database.close() }
    let gate = Gate()
    async let holding: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    var before: Task<Void, any Error>?
    if let first {
      before = Task { try await database.write { try first($0) } }
      await database.waitForJobs(1)
    }
    let lookups = Counter()
    let order = Task {
      try await database.write(
        preparing: {
          lookups.add()
          return try Self.amount(in: $0)
        },
        { tx, preparation in
          // A lookup of the command log's, before the verb.
          _ = try Note.count(in: tx)
          let amount = try preparation.value(in: tx)
          try Note.insert("costs \(amount)", in: tx)
          return amount
        })
    }
    await database.waitForJobs(first == nil ? 1 : 2)
    #expect(lookups.count == 1)
    gate.open()
    try await holding
    try? await before?.value
    return (try await order.value, lookups.count)
  }

  @Test("what was found is used as long as nothing that it was read from was written")
  func used() async throws {
    let found = try await prepareAndWrite()
    #expect(found == (100, 1))
    let besideIt = try await prepareAndWrite(first: { try Note.insert("another", in: $0) })
    #expect(besideIt == (100, 1))
  }

  @Test("a change by a job of the same batch, or of the one before, is seen")
  func changed() async throws {
    let sameBatch = try await prepareAndWrite(first: { try Self.setPrice(200, in: $0) })
    #expect(sameBatch == (200, 2))
    let batchBefore = try await prepareAndWrite(
      first: { try Self.setPrice(300, in: $0) }, batchLimit: 1)
    #expect(batchBefore == (300, 2))
  }

  @Test("a change that was rolled back is none")
  func rolledBack() async throws {
    let found = try await prepareAndWrite(first: { tx in
      try Self.setPrice(200, in: tx)
      throw Refusal()
    })
    #expect(found.amount == 100)
  }

  @Test("a transaction that has written to what it looks up finds what it wrote")
  func ownWrites() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let gate = Gate()
    async let holding: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let job = Task {
      try await database.write(preparing: { try Self.amount(in: $0) }) { tx, preparation in
        try Self.setPrice(250, in: tx)
        return try preparation.value(in: tx)
      }
    }
    await database.waitForJobs(1)
    gate.open()
    try await holding
    #expect(try await job.value == 250)
  }

  @Test("a refusal comes from the transaction, and leaves nothing")
  func refused() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(Self.migrations)
    defer { database.close() }
    let gate = Gate()
    async let holding: Void = database.write { tx in
      gate.pass()
      try Self.setPrice(400, in: tx)
    }
    await gate.waitUntilEntered()
    let job = Task {
      try await database.write(
        preparing: { snapshot in
          let amount = try Self.amount(in: snapshot)
          if amount < 400 { throw Refusal() }
          return amount
        },
        { tx, preparation in
          try Note.insert("kept", in: tx)
          return try preparation.value(in: tx)
        })
    }
    await database.waitForJobs(1)
    gate.open()
    try await holding
    // It was refused on the snapshot, and is not any more.
    #expect(try await job.value == 400)
    await #expect(throws: Refusal.self) {
      try await database.write(
        preparing: { _ -> Int in throw Refusal() },
        { tx, preparation in
          try Note.insert("dropped", in: tx)
          return try preparation.value(in: tx)
        })
    }
    #expect(try await database.read { try Note.texts(in: $0) } == ["kept"])
  }

  @Test("in memory, where the writer reads, it is looked up there")
  func inMemory() async throws {
    let database = try Database.inMemory(migrations: Self.migrations)
    defer { database.close() }
    let amount = try await database.write(preparing: { try Self.amount(in: $0) }) {
      try $1.value(in: $0)
    }
    #expect(amount == 100)
  }

  @Test("nothing is looked up for a write that the full queue refuses")
  func refusedUnprepared() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open(queueLimit: 1)
    defer { database.close() }
    let gate = Gate()
    async let first: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    #expect(!database.isOverloaded)
    // Its room is kept while it is looked up.
    let looking = Gate()
    let prepared = Task {
      try await database.write(
        preparing: { _ in looking.pass() }, { tx, _ in try Note.insert("a", in: tx) })
    }
    await looking.waitUntilEntered()
    #expect(database.isOverloaded)
    let lookups = Counter()
    await expectFailure(.overloaded) {
      try await database.write(
        preparing: { _ in lookups.add() }, { tx, _ in try Note.insert("b", in: tx) })
    }
    await expectFailure(.overloaded) {
      try await database.write { try Note.insert("c", in: $0) }
    }
    looking.open()
    await database.waitForJobs(1)
    gate.open()
    try await first
    _ = try await prepared.value
    #expect(lookups.count == 0)
    #expect(try await database.read { try Note.texts(in: $0) } == ["a"])
    #expect(!database.isOverloaded)
  }

  @Test("readers look up for a write that comes behind another, also while the writer sleeps")
  func behindAnother() async throws {
    let directory = try TemporaryDirectory()
    let database = try directory.open()
    defer { database.close() }
    let gate = Gate()
    async let holding: Void = database.write { _ in gate.pass() }
    await gate.waitUntilEntered()
    let looking = Gate()
    let prepared = Task {
      try await database.write(preparing: { _ in looking.pass() }) { tx, _ in
        try Note.insert("a", in: tx)
      }
    }
    await looking.waitUntilEntered()
    gate.open()
    try await holding
    // The writer has nothing to do until the other is looked up.
    let byWriter = try await database.write(preparing: { $0 is Transaction }) {
      try $1.value(in: $0)
    }
    #expect(!byWriter)
    looking.open()
    _ = try await prepared.value
  }
}
