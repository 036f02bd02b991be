package import Storage
package import Values

/// Questions about customers.
package enum Customers {
  package static func find(code: String, in snapshot: Snapshot) throws -> Customer? {
    try CustomerTable.find(code, in: snapshot)
  }

  /// The one that whoever asks may see; nil when it is out of scope, as when there is none.
  package static func seen(code: String, in snapshot: Snapshot) throws -> Customer? {
    try CustomerTable.seen(code, in: snapshot)
  }

  /// The customer that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Customer {
    guard let customer = try CustomerTable.seen(code, in: snapshot) else {
      throw MasterDataRejection.unknownCustomer(field: field(), code: code).ifNamed(code)
    }
    return customer
  }

  /// As `require`; refuses also one whose person is erased: nothing is written down about it.
  package static func requireKept(
    code: String, field: String, in snapshot: Snapshot
  ) throws -> Customer {
    let customer = try require(code: code, field: field, in: snapshot)
    guard !customer.isErased else {
      throw MasterDataRejection.customerErased(field: field, code: code)
    }
    return customer
  }

  /// All codes by which the customer is known: its own, and those that were merged into it.
  package static func codes(
    of customer: Customer, in snapshot: Snapshot
  ) throws -> [String] {
    [customer.code] + (try CustomerTable.aliases(of: customer.id, in: snapshot))
  }

  /// One customer whose documents are another's is but a further name of that one.
  ///
  /// Nobody gets more credit by it: where both head a group the smaller limit is that of the one
  /// that is left, and who belonged to none belongs to the other's. To raise it takes two.
  package static func replace(
    _ gone: Customer, by kept: Customer, in tx: Transaction
  ) throws {
    var heir = kept
    if let limit = gone.groupLimit, limit.minor < kept.groupLimit?.minor ?? .max {
      heir.groupLimit = limit
    }
    if heir.parentCode == nil, gone.parentCode != kept.code { heir.parentCode = gone.parentCode }
    try CustomerTable.replace(gone, by: kept, in: tx)
    if heir != kept { try CustomerTable.update(heir, from: kept, in: tx) }
    if try CustomerTable.isAboveItself(kept.code, in: tx) {
      throw CustomerRejection.groupAboveItself(field: "into_code", code: kept.code)
    }
  }

  /// The customer that a document names.
  package static func fetch(code: String, in snapshot: Snapshot) throws -> Customer {
    guard let customer = try CustomerTable.find(code, in: snapshot) else {
      throw StorageError(.corruptValue, "There is no customer \(code)")
    }
    return customer
  }

  /// Gives a customer another limit, of its own or of its group. For the verb that has made sure
  /// that whoever wants it may.
  package static func setLimit(
    _ limit: Money, ofGroup isGroup: Bool, _ customer: Customer, in tx: Transaction
  ) throws -> Customer {
    var changed = customer
    if isGroup { changed.groupLimit = limit } else { changed.creditLimit = limit }
    if changed != customer { try CustomerTable.update(changed, from: customer, in: tx) }
    return try fetch(customer.id, in: tx)
  }

  /// The customer that a row points to.
  package static func fetch(_ id: ID<Customer>, in snapshot: Snapshot) throws -> Customer {
    guard let customer = try CustomerTable.fetch(id, in: snapshot) else {
      throw MissingRow("customer", id.value)
    }
    return customer
  }

  /// Takes out what is about the person; code, terms and version stay. For the verb that has made
  /// sure that nobody needs it any more.
  package static func erase(_ customer: Customer, in tx: Transaction) throws -> Customer {
    try CustomerTable.erase(customer, in: tx)
    return try fetch(customer.id, in: tx)
  }

  /// The customers in scope where they are few, nil where they are more: a list of what is theirs
  /// is then found by each of them, instead of passing over what is everybody else's.
  package static func few(in snapshot: Snapshot) throws -> [ID<Customer>: String]? {
    let scope = snapshot.scope
    guard !scope.isAll, scope.owners.count + scope.stores.count <= fewest else { return nil }
    var found: [ID<Customer>: String] = [:]
    let parts =
      try scope.owners.map {
        try CustomerTable.names(owner: $0, limit: fewest + 1, in: snapshot)
      }
      + scope.stores.map { try CustomerTable.names(store: $0, limit: fewest + 1, in: snapshot) }
    for customer in parts.joined() { found[customer.id] = customer.code }
    return found.count <= fewest ? found : nil
  }

  /// Codes of a salesperson's or else a store's customers where they are few, whatever the scope;
  /// nil where they are more, or neither is given.
  package static func few(
    owner: String, store: String, in snapshot: Snapshot
  ) throws -> [String]? {
    guard !owner.isEmpty || !store.isEmpty else { return nil }
    let found =
      owner.isEmpty
      ? try CustomerTable.names(store: store, limit: fewest + 1, in: snapshot)
      : try CustomerTable.names(owner: owner, limit: fewest + 1, in: snapshot)
    return found.count <= fewest ? found.map(\.code) : nil
  }

  private static let fewest = 200

  /// Which customers a list is to show.
  package struct Filter: Hashable, Sendable {
    /// Code, name or phone begins with this text, capitals or not; empty for all.
    package var prefix: String
    /// Empty for all.
    package var owner: String
    /// Empty for all.
    package var storeCode: String
    /// In whatever spelling; empty for all.
    package var tag: String

    package init(
      prefix: String = "", owner: String = "", storeCode: String = "", tag: String = ""
    ) {
      self.prefix = prefix
      self.owner = owner
      self.storeCode = storeCode
      self.tag = tag
    }
  }

  /// In the order of the code, from the one after `code` on (nil: from the first). The phone does
  /// not count for who may not see it.
  package static func list(
    _ filter: Filter = Filter(), hidden: Set<CustomerDraft.Restricted> = [],
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Customer] {
    let after = code ?? ""
    if !filter.tag.isEmpty {
      guard let tag = CustomerTags.normalised(filter.tag) else { return [] }
      return try CustomerTable.list(
        tag: tag, filter, byPhone: !hidden.contains(.personal), after: after, limit: limit,
        in: snapshot)
    }
    if !filter.prefix.isEmpty {
      return try CustomerTable.search(
        prefix: filter.prefix, byPhone: !hidden.contains(.personal), owner: filter.owner,
        store: filter.storeCode, after: after, limit: limit, in: snapshot)
    }
    if !filter.owner.isEmpty {
      return try CustomerTable.list(
        owner: filter.owner, store: filter.storeCode, after: after, limit: limit, in: snapshot)
    }
    if !filter.storeCode.isEmpty {
      return try CustomerTable.list(
        store: filter.storeCode, after: after, limit: limit, in: snapshot)
    }
    let scope = snapshot.scope
    guard !scope.isAll else {
      return try CustomerTable.list(after: after, limit: limit, in: snapshot)
    }
    // A page of each part by its own index: however many customers others have.
    var found: [String: Customer] = [:]
    for owner in scope.owners {
      let page = try CustomerTable.list(
        owner: owner, store: "", after: after, limit: limit, in: snapshot)
      for customer in page { found[customer.code] = customer }
    }
    for store in scope.stores {
      let page = try CustomerTable.list(store: store, after: after, limit: limit, in: snapshot)
      for customer in page { found[customer.code] = customer }
    }
    let sorted = found.values.sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
    return Array(sorted.prefix(limit))
  }

  /// Those that begin with a text much like the one asked for, in the order of the code: where none
  /// begins with it, it may be mistyped.
  package static func similar(
    to filter: Filter, hidden: Set<CustomerDraft.Restricted> = [], limit: Int,
    in snapshot: Snapshot
  ) throws -> [Customer] {
    guard filter.tag.isEmpty else { return [] }
    var found: [String: Customer] = [:]
    for prefix in try SearchTypos.prefixes(like: filter.prefix, of: .customer, in: snapshot) {
      var meant = filter
      meant.prefix = prefix
      for customer in try list(meant, hidden: hidden, limit: limit, in: snapshot) {
        found[customer.code] = customer
      }
    }
    let sorted = found.values.sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
    return Array(sorted.prefix(limit))
  }
}
