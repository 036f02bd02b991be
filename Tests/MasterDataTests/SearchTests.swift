import MasterData
import Storage
import Testing
import Values

@Suite("Lists and search")
struct SearchTests {
  @Test("pages products in the order of the sku, each once")
  func pages() async throws {
    let books = try Books()
    let skus = (0..<23).map { "P-\(100 + $0)" }
    let drafts = skus.shuffled().map { sku in
      ProductDraft(
        sku: sku, name: "Part", kind: .stocked, unit: "pcs", taxClass: "STANDARD")
    }
    _ = try await books.write { try UpsertProducts(drafts).run(in: $0, at: Books.now) }
    let (listed, found) = try await books.database.read { snapshot in
      (
        try walk { try Products.list(after: $0, limit: 5, in: snapshot).map(\.sku) },
        try walk {
          try Products.search(prefix: "paRT", after: $0, limit: 5, in: snapshot).map(\.sku)
        }
      )
    }
    #expect(listed == skus)
    #expect(found == skus)
  }

  private func walk(_ page: (String?) throws -> [String]) rethrows -> [String] {
    var all: [String] = []
    while true {
      let next = try page(all.last)
      if next.isEmpty { return all }
      all += next
    }
  }

  @Test("finds products by the beginning of sku or either name, once, capitals or not")
  func products() async throws {
    let books = try Books()
    try await books.stock()
    let found = try await books.database.read { snapshot in
      try ["oak", "OAK-", "橡木", "chair", "dining c", "nothing", "air", ""].map {
        try Products.search(prefix: $0, limit: 10, in: snapshot).map(\.sku)
      }
    }
    #expect(
      found == [
        ["OAK-27", "TABLE-1"], ["OAK-27"], ["OAK-27", "TABLE-1"], ["CHAIR-1"], ["CHAIR-1"], [], [],
        ["CHAIR-1", "INSTALL", "OAK-27", "TABLE-1"],
      ])
  }

  @Test("finds customers by code, name or phone, and no longer by what they were called")
  func customers() async throws {
    let books = try Books()
    try await books.stock()
    _ = try await books.write { tx in
      try UpsertCustomers([CustomerDraft(code: "ANNA", name: "Mrs Wang", phone: "13900002222")])
        .run(in: tx, at: Books.now)
    }
    let found = try await books.database.read { snapshot in
      try ["ann", "mrs", "1390000", "anna l", "13900001"].map {
        try Customers.list(.init(prefix: $0), limit: 10, in: snapshot).map(\.code)
      }
    }
    #expect(found == [["ANNA"], ["ANNA"], ["ANNA"], [], []])
  }

  @Test("finds Chinese names by pinyin and its initials, also where an older server made the terms")
  func pinyin() async throws {
    let books = try Books()
    try await books.stock()
    _ = try await books.write { tx in
      try UpsertCustomers([
        CustomerDraft(code: "A", name: "张伟"), CustomerDraft(code: "B", name: "欧阳橡木坊"),
        CustomerDraft(code: "C", name: "单雄信"), CustomerDraft(code: "D", name: "Zwilling"),
      ]).run(in: tx, at: Books.now)
    }
    let search = { @Sendable (snapshot: Snapshot) in
      try ["zw", "zhangw", "oyxmf", "ouyang", "sxx", "danxiong", "xm", "wei"].map {
        try Customers.list(.init(prefix: $0), limit: 10, in: snapshot).map(\.code).joined()
      }
    }
    let expected = ["AD", "A", "B", "B", "C", "C", "", ""]
    #expect(try await books.database.read(search) == expected)
    // As before pinyin.
    try await books.write { tx in
      #expect(try SearchTerms.areOld(in: tx))
      _ = try tx.execute("DELETE FROM search_term WHERE term = 'zw' OR term = 'oyxmf'")
      try SearchTerms.renew(in: tx)
      #expect(try !SearchTerms.areOld(in: tx))
    }
    #expect(try await books.database.read(search) == expected)
    let products = try await books.database.read { snapshot in
      try Products.search(prefix: "xm", limit: 10, in: snapshot).map(\.sku)
    }
    #expect(products == ["OAK-27", "TABLE-1"])
  }
}
