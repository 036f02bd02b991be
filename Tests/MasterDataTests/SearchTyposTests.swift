import MasterData
import Storage
import Testing
import Values

@Suite("What somebody may have meant who mistyped a customer")
struct SearchTyposTests {
  private func books() async throws -> Books {
    let books = try Books()
    try await books.stock()
    _ = try await books.write { tx in
      try UpsertCustomers([
        CustomerDraft(code: "A-1", name: "Lindgren", phone: "13800138000"),
        CustomerDraft(code: "A-2", name: "Lindgaard"),
        CustomerDraft(code: "B-1", name: "张伟", owner: "li.wei"),
        CustomerDraft(code: "B-2", name: "E\u{301}va"),
      ]).run(in: tx, at: Books.now)
    }
    return books
  }

  private func similar(
    _ text: String, owner: String = "", hidden: Set<CustomerDraft.Restricted> = [],
    in books: Books
  ) async throws -> [String] {
    try await books.database.read { snapshot in
      try Customers.similar(
        to: .init(prefix: text, owner: owner), hidden: hidden, limit: 10, in: snapshot
      ).map(\.code)
    }
  }

  @Test(
    "one character more, less or another, or two changed",
    arguments: [
      ("lindgern", ["A-1"]), ("Lindgrren", ["A-1"]), ("lindgrn", ["A-1"]), ("lindgrex", ["A-1"]),
      ("lnd", ["A-1", "A-2"]), ("lindgxa", ["A-2"]), ("13800318", ["A-1"]), ("1380138", ["A-1"]),
      ("zhengwei", ["B-1"]), ("zahngwei", ["B-1"]), ("zhangwie", ["B-1"]),
      // Two mistakes, one in the first character, and too short.
      ("lxndgxen", []), ("xindgren", []), ("lx", []), ("", []),
    ])
  func typos(_ text: String, _ expected: [String]) async throws {
    #expect(try await similar(text, in: books()) == expected)
  }

  @Test("the rest of the filter holds, and a phone that is withheld is not found by")
  func filters() async throws {
    let books = try await books()
    #expect(try await similar("zhengwei", owner: "li.wei", in: books) == ["B-1"])
    #expect(try await similar("zhengwei", owner: "wu.bo", in: books) == [])
    #expect(try await similar("13800318", hidden: [.personal], in: books) == [])
    #expect(try await similar("exxa", in: books) == [])
    #expect(try await similar("e\u{301}a", in: books) == ["B-2"])
  }
}
