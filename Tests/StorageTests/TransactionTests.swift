import Storage
import Testing
import Values

@Suite("Transaction")
struct TransactionTests {
  @Test("keeps what a body wrote and returns what it returned")
  func keeps() async throws {
    let database = try Note.database()
    defer { database.close() }
    let id = try await database.write { try Note.insert("first", in: $0) }
    #expect(id == 1)
    #expect(try await database.read { try Note.texts(in: $0) } == ["first"])
  }

  @Test("drops everything a throwing body did, events included")
  func drops() async throws {
    let database = try Note.database()
    defer { database.close() }
    await #expect(throws: Refusal.self) {
      try await database.write { transaction in
        try Note.insert("gone", in: transaction)
        transaction.record(Note.event("note.added"))
        throw Refusal()
      }
    }
    let left = try await database.write { transaction in
      (try Note.texts(in: transaction), transaction.takeEvents())
    }
    #expect(left.0 == [])
    #expect(left.1 == [])
  }

  @Test("a rehearsal sees its own work and leaves nothing")
  func rehearses() async throws {
    let database = try Note.database()
    defer { database.close() }
    let seen = try await database.rehearse { transaction in
      try Note.insert("what if", in: transaction)
      return try Note.texts(in: transaction)
    }
    #expect(seen == ["what if"])
    #expect(try await database.read { try Note.texts(in: $0) } == [])
    #expect(database.statistics.commits == 0)
  }

  @Test("a nested attempt undoes rows and events of its own body only")
  func attempts() async throws {
    let database = try Note.database()
    defer { database.close() }
    let events = try await database.write { transaction in
      try Note.insert("outer", in: transaction)
      transaction.record(Note.event("outer"))
      try transaction.attempt {
        try Note.insert("kept", in: transaction)
        transaction.record(Note.event("kept"))
        #expect(throws: Refusal.self) {
          try transaction.attempt {
            try Note.insert("undone", in: transaction)
            transaction.record(Note.event("undone"))
            throw Refusal()
          }
        }
      }
      return transaction.takeEvents()
    }
    #expect(events.map(\.type) == ["outer", "kept"])
    #expect(try await database.read { try Note.texts(in: $0) } == ["outer", "kept"])
  }

  @Test("an attempt before anything else was written is undone as well")
  func firstAttempts() async throws {
    let database = try Note.database()
    defer { database.close() }
    try await database.write { _ = try Note.insert("another job", in: $0) }
    let seen = try await database.write { transaction in
      for _ in 1...2 {
        #expect(throws: Refusal.self) {
          try transaction.attempt {
            try transaction.attempt { try Note.insert("undone", in: transaction) }
            throw Refusal()
          }
        }
      }
      try transaction.attempt { try Note.insert("kept", in: transaction) }
      #expect(throws: Refusal.self) {
        try transaction.attempt {
          try Note.insert("undone", in: transaction)
          throw Refusal()
        }
      }
      return try Note.texts(in: transaction)
    }
    #expect(seen == ["another job", "kept"])
    #expect(try await database.read { try Note.texts(in: $0) } == ["another job", "kept"])
  }

  @Test("execute counts the changed rows")
  func counts() throws {
    let database = try Note.database()
    defer { database.close() }
    let counts = try database.writeBlocking { transaction in
      for text in ["a", "b", "c"] { try Note.insert(text, in: transaction) }
      return [
        try transaction.execute("UPDATE note SET text = text || '!' WHERE id > ?", 1),
        try transaction.execute("DELETE FROM note WHERE id = ?", 99),
        try transaction.execute("DELETE FROM note"),
      ]
    }
    #expect(counts == [2, 0, 3])
  }

  @Test("an insert answers with the id, and wants exactly one row")
  func insertsOneRow() async throws {
    let database = try Note.database()
    defer { database.close() }
    let ids: [ID<Note>] = try database.writeBlocking { transaction in
      try ["a", "b"].map { try transaction.insert("INSERT INTO note (text) VALUES (?)", $0) }
    }
    #expect(ids == [ID(1), ID(2)])
    await expectFailure(.wrongRowCount) {
      try database.writeBlocking { transaction in
        let _: ID<Note> = try transaction.insert(
          "INSERT INTO note (text) SELECT text || '!' FROM note WHERE id > ?", 2)
      }
    }
    await expectFailure(.wrongRowCount) {
      try database.writeBlocking { transaction in
        let _: ID<Note> = try transaction.insert(
          "INSERT INTO note (text) SELECT text || '!' FROM note")
      }
    }
    #expect(try database.readBlocking { try Note.texts(in: $0) } == ["a", "b"])
  }

  @Test("an insert of what is there already answers nothing")
  func insertsIfAbsent() throws {
    let database = try Note.database()
    defer { database.close() }
    let ids: [ID<Note>?] = try database.writeBlocking { transaction in
      try [7, 7].map { key in
        try transaction.insertIfAbsent(
          "INSERT INTO note (id, text) VALUES (?, 'x') ON CONFLICT DO NOTHING", key)
      }
    }
    #expect(ids == [ID(7), nil])
  }

  @Test("a query may use itself while it walks its rows")
  func recurses() throws {
    let database = try Note.database()
    defer { database.close() }
    let seen = try database.writeBlocking { transaction in
      for text in ["a", "b"] { try Note.insert(text, in: transaction) }
      var pairs: [String] = []
      try Note.forEach(in: transaction) { outer in
        try Note.forEach(in: transaction) { inner in pairs.append(outer + inner) }
      }
      return pairs
    }
    #expect(seen == ["aa", "ab", "ba", "bb"])
  }
}
