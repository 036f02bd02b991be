import Storage
import Testing
import Values

@Suite("Values in rows")
struct ValueTests {
  enum State: String, Bindable, CaseIterable { case open = "OPEN", done = "DONE" }
  enum Level: Int, Bindable { case low = 1, high = 9 }

  static let migrations = [
    Migration(
      "value-0001-cell",
      """
      CREATE TABLE cell (id INTEGER PRIMARY KEY, number INTEGER, text TEXT, bytes BLOB) STRICT
      """)
  ]

  private func database() throws -> Database {
    try Database.inMemory(migrations: Self.migrations)
  }

  @Test(
    "whole numbers come back to the last bit",
    arguments: [0, 1, -1, 127, -128, 32_768, 1 << 31, -(1 << 31) - 1, 1 << 47, .max, .min]
      as [Int64])
  func numbers(number: Int64) async throws {
    let database = try database()
    defer { database.close() }
    let read = try await database.write { transaction in
      try transaction.written("INSERT INTO cell (number) VALUES (?) RETURNING number", number) {
        ($0.int64(0), $0.int(0), $0.instant(0), $0.optionalInt64(0))
      }
    }
    #expect(read.0 == number)
    #expect(read.1 == Int(number))
    #expect(read.2.microseconds == number)
    #expect(read.3 == number)
  }

  @Test(
    "text comes back byte for byte",
    arguments: ["", "plain", "橡木餐桌 🪑", "e\u{301}", "a\0b", "\0", "'; DROP TABLE cell; --"])
  func texts(text: String) async throws {
    let database = try database()
    defer { database.close() }
    let read = try await database.write { transaction in
      try transaction.written(
        "INSERT INTO cell (text) VALUES (?) RETURNING text, length(CAST(text AS BLOB))", text
      ) { ($0.text(0), $0.int(1)) }
    }
    #expect(Array(read.0.utf8) == Array(text.utf8))
    #expect(read.1 == text.utf8.count)
  }

  @Test("bytes come back, none at all included", arguments: [[], [0], [0, 255, 0], [1, 2, 3]])
  func blobs(bytes: [UInt8]) async throws {
    let database = try database()
    defer { database.close() }
    let read = try await database.write { transaction in
      try transaction.written("INSERT INTO cell (bytes) VALUES (?) RETURNING bytes", bytes) {
        ($0.blob(0), $0.isNull(0))
      }
    }
    #expect(read.0 == bytes)
    #expect(!read.1)
  }

  @Test("every bindable type comes back")
  func types() async throws {
    let database = try database()
    defer { database.close() }
    try await database.write { transaction throws in
      func stored<B: Bindable, T>(_ value: B, _ map: (Row) throws -> T) throws -> T {
        try transaction.written(
          "INSERT INTO cell (number) VALUES (?) RETURNING number", value, map: map)
      }
      func storedText<B: Bindable, T>(_ value: B, _ map: (Row) throws -> T) throws -> T {
        try transaction.written(
          "INSERT INTO cell (text) VALUES (?) RETURNING text", value, map: map)
      }
      #expect(try stored(true) { $0.bool(0) })
      #expect(try !stored(false) { $0.bool(0) })
      #expect(try stored(Int32.min) { $0.int32(0) } == .min)
      let day = Day(daysSinceEpoch: -5)
      #expect(try stored(day) { $0.day(0) } == day)
      let instant = Instant(microseconds: -1)
      #expect(try stored(instant) { $0.instant(0) } == instant)
      #expect(try stored(ID<State>(7)) { $0.id(0) as ID<State> } == ID(7))
      #expect(try stored(Quantity(micros: 2_500_000)) { $0.quantity(0) }.micros == 2_500_000)
      #expect(try stored(Rate(micros: 130_000)) { $0.rate(0) } == Rate(micros: 130_000))
      #expect(try stored(Level.high) { try $0.value(0, as: Level.self) } == .high)
      #expect(try storedText(State.done) { try $0.value(0, as: State.self) } == .done)
      #expect(try storedText(Currency.cny) { $0.currency(0) } == .cny)
      #expect(try storedText(DocumentKind.invoice) { try $0.value(0) } == DocumentKind.invoice)
    }
  }

  @Test("nil is NULL and back")
  func nils() async throws {
    let database = try database()
    defer { database.close() }
    let none: [Bool] = try await database.write { transaction in
      try transaction.written(
        "INSERT INTO cell (number, text, bytes) VALUES (?, ?, ?) RETURNING number, text, bytes",
        Int64?.none, String?.none, [UInt8]?.none
      ) { row in
        [
          row.optionalInt64(0) == nil, row.optionalInt(0) == nil, row.optionalBool(0) == nil,
          row.optionalDay(0) == nil, row.optionalInstant(0) == nil, row.optionalText(1) == nil,
          row.optionalBlob(2) == nil, row.optionalQuantity(0) == nil, row.optionalRate(0) == nil,
          (row.optionalID(0) as ID<State>?) == nil, row.optionalMoney(0, 1) == nil,
          row.optionalUnitPrice(0, 1) == nil, try row.optionalValue(1, as: State.self) == nil,
        ]
      }
    }
    #expect(!none.contains(false))
    let money = try await database.write { transaction in
      try transaction.written(
        "INSERT INTO cell (number, text) VALUES (?, ?) RETURNING number, text",
        Int64?(1299), Currency?(.cny)
      ) { ($0.money(0, 1), $0.optionalUnitPrice(0, 1)) }
    }
    #expect(money.0 == Money(minor: 1299, currency: .cny))
    #expect(money.1 == UnitPrice(micros: 1299, currency: .cny))
  }

  @Test("what a column does not hold is a failure that names it, never a zero")
  func refusesOtherTypes() async throws {
    let database = try database()
    defer { database.close() }
    let readers: [@Sendable (Row) throws -> Void] = [
      { _ = $0.int64(0) }, { _ = $0.text(0) }, { _ = $0.blob(0) }, { _ = $0.text(1) },
      { _ = $0.int64(2) }, { _ = $0.bool(1) }, { _ = $0.int32(1) }, { _ = $0.day(1) },
      { _ = $0.currency(2) }, { _ = try $0.value(2, as: State.self) },
      { _ = try $0.value(1, as: Level.self) }, { _ = try $0.value(0, as: State.self) },
      { _ = $0.optionalInt64(2) },
    ]
    for read in readers {
      let error = await expectFailure(.corruptValue) {
        try await database.read { snapshot in
          try snapshot.first("SELECT NULL AS absent, 5000000000 AS big, 'odd' AS word", map: read)
        }
      }
      #expect(error?.message.hasPrefix("Column ") == true)
      #expect(error?.sql.hasPrefix("SELECT NULL") == true)
    }
    #expect(try await database.read { try $0.first("SELECT 1") { $0.int(0) } } == 1)
  }

  @Test("a broken constraint says which kind it is")
  func constraints() async throws {
    let database = try Note.database()
    defer { database.close() }
    try await database.write { try Note.insert("there", in: $0) }
    let cases: [(StorageError.Constraint, @Sendable (Transaction) throws -> Void)] = [
      (.unique, { try $0.execute("INSERT INTO note (text) VALUES ('there')") }),
      (.primaryKey, { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'x')") }),
      (.foreignKey, { try $0.execute("INSERT INTO note (text, parent) VALUES ('x', 99)") }),
      (.notNull, { try $0.execute("INSERT INTO note (text) VALUES (?)", String?.none) }),
      (.check, { try $0.execute("INSERT INTO note (text, size) VALUES ('x', -1)") }),
      (.dataType, { try $0.execute("INSERT INTO note (text, size) VALUES ('x', ?)", "big") }),
    ]
    for (kind, body) in cases {
      await expectFailure(.constraint(kind)) { try await database.write(body) }
    }
    #expect(try await database.read { try Note.count(in: $0) } == 1)
  }

  @Test("text with two statements is refused whole")
  func refusesTwoStatements() async throws {
    let database = try Note.database()
    defer { database.close() }
    await expectFailure(.invalidStatement) {
      try await database.write { transaction in
        try transaction.execute("DELETE FROM note; DELETE FROM note")
      }
    }
  }
}

extension Transaction {
  /// What came to be stored, by an `INSERT … RETURNING`.
  fileprivate func written<T, each B: Bindable>(
    _ sql: StaticString, _ values: repeat each B, map: (Row) throws -> T
  ) throws -> T {
    try #require(try first(sql, repeat each values, map: map))
  }
}
