import Testing
import Values

@Suite("Data scopes")
struct DataScopeTests {
  private let own = DataScope(owners: ["li.na"], stores: ["S1", ""], warehouses: ["MAIN"])

  @Test("one part is enough, nothing is nobody's but for all")
  func contains() {
    #expect(own.contains(owner: "li.na"))
    #expect(own.contains(owner: "wu.bo", store: "S1"))
    #expect(own.contains(warehouse: "MAIN"))
    #expect(own.contains(author: "li.na"))
    #expect(!own.contains(owner: "S1", store: "MAIN", warehouse: "li.na", author: "wu.bo"))
    #expect(!own.contains(owner: "", store: "", warehouse: "", author: ""))
    #expect(!own.contains())
    #expect(DataScope.all.contains() && DataScope.all.contains(owner: "wu.bo"))
    #expect(!DataScope.nothing.contains(owner: "wu.bo"))
  }

  @Test("a union has what either has, and covers both")
  func union() {
    let other = DataScope(owners: ["wu.bo"], stores: ["S2"])
    let both = own.union(other)
    #expect(both.contains(owner: "wu.bo") && both.contains(owner: "li.na"))
    #expect(both.covers(own) && both.covers(other) && !own.covers(both) && !other.covers(both))
    #expect(own.union(.all) == .all && DataScope.all.union(own) == .all)
    #expect(DataScope.all.covers(own) && !own.covers(.all) && own.covers(.nothing))
    #expect(DataScope.all.covers(.all))
  }

  @Test("a store that a key is bound to is what is left")
  func bound() {
    #expect(
      DataScope.all.bound(toStore: "S7", of: "till-1")
        == DataScope(owners: ["till-1"], stores: ["S7"]))
    #expect(
      own.bound(toStore: "S1", of: "li.na") == DataScope(owners: ["li.na"], stores: ["S1"]))
    #expect(own.bound(toStore: "S7", of: "li.na") == DataScope(owners: ["li.na"]))
  }

  @Test(
    "is stored as text",
    arguments: [
      (DataScope.all, "all"), (.nothing, ""),
      (
        DataScope(owners: ["wu.bo", "li.na"], stores: ["S1"], warehouses: ["MAIN"]),
        "owner li.na\nowner wu.bo\nstore S1\nwarehouse MAIN"
      ),
    ])
  func stored(_ scope: DataScope, _ text: String) {
    #expect(scope.storedText == text)
    #expect(DataScope(storedText: text) == scope)
  }
}
