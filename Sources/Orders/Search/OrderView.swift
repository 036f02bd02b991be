import MasterData
package import Storage
package import Values

/// A search for orders that somebody keeps under a name.
package struct OrderView: Hashable, Sendable {
  package let name: String
  package let owner: String
  /// Who else sees it; nil for nobody.
  package let sharedRole: String?
  package let filter: SalesOrders.Filter
  package let savedAt: Instant
}

/// Questions about saved searches.
package enum OrderViews {
  /// Of one caller.
  static let mostOfOne = 100
  /// In an answer.
  static let mostShown = 500

  /// The caller's own by name, then those shared with one of its roles by name and owner.
  package static func list(
    for actor: String, roles: Set<String>, in snapshot: Snapshot
  ) throws -> [OrderView] {
    let own = try OrderViewTable.list(of: actor, limit: mostOfOne, in: snapshot)
    let shared = try roles.sorted().flatMap {
      try OrderViewTable.list(sharedWith: $0, limit: mostShown, in: snapshot)
    }.filter { $0.owner != actor }
    let sorted = shared.sorted { ($0.name, $0.owner) < ($1.name, $1.owner) }
    return Array((own + sorted).prefix(mostShown))
  }

  /// The caller's own of the name, or else one that is shared with it, the first by owner; refuses
  /// a name of none.
  package static func require(
    name: String, field: String = "view", for actor: String, roles: Set<String>,
    in snapshot: Snapshot
  ) throws -> OrderView {
    if let own = try OrderViewTable.find(name, of: actor, in: snapshot) { return own }
    let shared = try roles.sorted().compactMap {
      try OrderViewTable.find(name, sharedWith: $0, in: snapshot)
    }
    guard let found = shared.min(by: { $0.owner < $1.owner }) else {
      throw OrderViewRejection.unknownView(field: field, name: name)
    }
    return found
  }
}

/// Keeps a search, in place of the caller's earlier one of the name.
package struct SaveOrderView: Sendable {
  package let name: String
  package let filter: SalesOrders.Filter
  /// Empty for nobody.
  package let sharedRole: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    name: String, filter: SalesOrders.Filter, sharedRole: String, by actor: String,
    roles: Set<String>
  ) {
    self.name = name
    self.filter = filter
    self.sharedRole = sharedRole
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> OrderView {
    var check = FieldCheck(.request)
    check.text(name, "name", limit: 60, required: true)
    for (text, field) in [
      (filter.customerCode, "filters.customer_code"), (filter.prefix, "filters.prefix"),
      (filter.sku, "filters.sku"), (filter.owner, "filters.owner"),
      (filter.storeCode, "filters.store_code"),
    ] {
      check.text(text ?? "", field, limit: 100)
    }
    if !sharedRole.isEmpty, !roles.contains(sharedRole) {
      check.refuse(OrderViewRejection.roleNotHeld(field: "share_with_role", role: sharedRole))
    }
    try check.pass()
    if try OrderViewTable.find(name, of: actor, in: tx) == nil,
      try OrderViewTable.count(of: actor, in: tx) >= OrderViews.mostOfOne
    {
      throw OrderViewRejection.tooManyViews(field: "name", limit: OrderViews.mostOfOne)
    }
    let view = OrderView(
      name: name, owner: actor, sharedRole: sharedRole.isEmpty ? nil : sharedRole, filter: filter,
      savedAt: now.instant)
    try OrderViewTable.save(view, in: tx)
    tx.record(
      DomainEvent(
        "order-view.saved", DocumentReference(.masterData, "order-view"),
        [Fact("name", name), Fact("owner", actor), Fact("shared_with_role", sharedRole)]))
    return view
  }
}

/// Forgets a search of the caller.
package struct DeleteOrderView: Sendable {
  package let name: String
  /// Who asks.
  package let actor: String

  package init(name: String, by actor: String) {
    self.name = name
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    guard try OrderViewTable.delete(name, of: actor, in: tx) else {
      throw OrderViewRejection.unknownView(field: "name", name: name)
    }
    tx.record(
      DomainEvent(
        "order-view.deleted", DocumentReference(.masterData, "order-view"),
        [Fact("name", name), Fact("owner", actor)]))
  }
}
