/// Whose data somebody may see and touch in a call: everybody's, or what belongs to some people,
/// stores and warehouses. What is nobody's is in the scope of all only. One value, from the role
/// that permits the call down to the `WHERE` of each statement (`in_scope` of Storage).
package struct DataScope: Hashable, Sendable {
  /// No limit. Whatever else the scope says does not matter then.
  package private(set) var isAll = false
  /// Names of principals: to whom they sell, and the drafts that they wrote.
  package private(set) var owners: Set<String>
  /// Codes of stores.
  package private(set) var stores: Set<String>
  /// Codes of warehouses.
  package private(set) var warehouses: Set<String>

  /// Empty names and codes name nothing.
  package init(
    owners: Set<String> = [], stores: Set<String> = [], warehouses: Set<String> = []
  ) {
    self.owners = owners.subtracting([""])
    self.stores = stores.subtracting([""])
    self.warehouses = warehouses.subtracting([""])
  }

  package static let all: DataScope = {
    var scope = DataScope()
    scope.isAll = true
    return scope
  }()

  package static let nothing = DataScope()

  /// Whether something of this owner, store, warehouse or author is in the scope: one of them is
  /// enough.
  package func contains(
    owner: String? = nil, store: String? = nil, warehouse: String? = nil, author: String? = nil
  ) -> Bool {
    isAll || owner.map(owners.contains) == true || store.map(stores.contains) == true
      || warehouse.map(warehouses.contains) == true || author.map(owners.contains) == true
  }

  /// Whatever is in one of both.
  package func union(_ other: DataScope) -> DataScope {
    if isAll || other.isAll { return .all }
    return DataScope(
      owners: owners.union(other.owners), stores: stores.union(other.stores),
      warehouses: warehouses.union(other.warehouses))
  }

  /// What of it a key that is bound to a store may reach: the store, and what `principal` wrote.
  package func bound(toStore store: String, of principal: String) -> DataScope {
    DataScope(owners: [principal], stores: contains(store: store) ? [store] : [])
  }

  /// Whether nothing is in `other` that is not in it.
  package func covers(_ other: DataScope) -> Bool {
    if isAll || other.isAll { return isAll }
    return other.owners.isSubset(of: owners) && other.stores.isSubset(of: stores)
      && other.warehouses.isSubset(of: warehouses)
  }

  /// One line for each part, sorted: "all", or "owner li.na", "store S1", "warehouse MAIN"; empty
  /// for nothing.
  package var storedText: String {
    if isAll { return "all" }
    let parts: [(String, Set<String>)] = [
      ("owner", owners), ("store", stores), ("warehouse", warehouses),
    ]
    return parts.flatMap { kind, names in names.sorted().map { "\(kind) \($0)" } }
      .joined(separator: "\n")
  }

  /// Whatever `storedText` has written; a line of another kind is no part.
  package init(storedText: String) {
    self.init()
    for line in storedText.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      switch (parts.first, parts.last) {
      case ("all", _): isAll = true
      case ("owner", let name?): owners.insert(name)
      case ("store", let code?): stores.insert(code)
      case ("warehouse", let code?): warehouses.insert(code)
      default: break
      }
    }
  }
}
