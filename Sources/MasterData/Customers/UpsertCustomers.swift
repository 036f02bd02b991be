package import Storage
package import Values

/// Adds or changes customers by code.
package struct UpsertCustomers: Sendable {
  package let rows: [CustomerDraft]
  /// What is taken for customers that are there already; nil for all of it.
  package let fields: Set<CustomerDraft.Field>?
  /// What is not shown to who asks for it.
  package let hidden: Set<CustomerDraft.Restricted>

  /// Who asks.
  package let actor: String

  package init(
    _ rows: [CustomerDraft], fields: Set<CustomerDraft.Field>? = nil,
    hidden: Set<CustomerDraft.Restricted> = [], by actor: String = ""
  ) {
    self.rows = rows
    self.fields = fields
    self.hidden = hidden
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let company = try Companies.current(in: tx)
    return try Batch.run(rows, field: "customers", in: tx) { draft, path in
      let stored = try CustomerTable.find(draft.code, in: tx)
      // That a code is taken is all that is told of others' customers; that of one that was merged
      // is another's.
      if let stored,
        stored.code != draft.code
          || !tx.scope.contains(owner: stored.owner, store: stored.storeCode)
      {
        throw MasterDataRejection.codeTaken(field: path.field("code"), code: draft.code)
      }
      return try apply(draft, to: stored, company, by: .here(now), at: path, in: tx)
    }
  }

  /// Writes one customer, of what is stored or anew, and tells that it did.
  func apply(
    _ draft: CustomerDraft, to stored: Customer?, _ company: Company, by writer: Writer,
    at path: FieldPath, in tx: Transaction
  ) throws -> RowVerdict.Outcome {
    var draft = draft
    if let stored, let fields { draft = draft.taking(fields, of: stored, hidden: hidden) }
    if stored == nil {
      draft.malformed += try CodePatterns.refusals(
        of: draft.code, .customer,
        draft.customerClass.isEmpty ? Customer.standardClass : draft.customerClass,
        field: path.field("code"), in: tx)
    }
    var customer = try draft.customer(
      from: stored, hidden: hidden, home: home(in: tx.scope), at: path,
      base: company.baseCurrency
    ) {
      try PriceListTable.find($0, in: tx) != nil
    }
    guard tx.scope.contains(owner: customer.owner, store: customer.storeCode) else {
      throw MasterDataRejection.outOfScope(
        field: path.field(customer.owner == stored?.owner ? "store_code" : "owner"))
    }
    try refuseAlone(customer, from: stored, company.creditLimitAlone(for: actor), at: path)
    customer.parentCode = try parent(of: customer, from: stored, at: path, in: tx)
    guard let stored else {
      try CustomerTable.insert(customer, by: writer, in: tx)
      try refuseCircle(customer, at: path, in: tx)
      customer.recordChange("customer.created", by: writer, in: tx)
      return .created
    }
    guard customer != stored else { return .unchanged }
    try CustomerTable.update(customer, from: stored, by: writer, in: tx)
    try refuseCircle(customer, at: path, in: tx)
    customer.version += 1
    customer.recordChange(by: writer, in: tx)
    return .updated
  }

  /// Four eyes: a limit that is raised above what one person alone may give takes two. That a group
  /// has none any more is the highest of all.
  private func refuseAlone(
    _ customer: Customer, from stored: Customer?, _ alone: Money?, at path: FieldPath
  ) throws {
    guard let alone else { return }
    let group = customer.groupLimit?.minor ?? (stored?.groupLimit == nil ? 0 : .max)
    let limits = [
      ("credit_limit", customer.creditLimit.minor, stored?.creditLimit.minor ?? 0),
      ("group_limit", group, stored?.groupLimit?.minor ?? 0),
    ]
    try Rejections.check(
      limits.filter { _, new, old in new > old && new > alone.minor }.map { field, _, _ in
        CustomerRejection.limitTakesTwo(field: path.field(field), alone: alone)
      })
  }

  /// The code of the group's head, by whatever name it was given; one that is new must be in scope.
  private func parent(
    of customer: Customer, from stored: Customer?, at path: FieldPath, in tx: Transaction
  ) throws -> String? {
    guard let code = customer.parentCode, code != stored?.parentCode else {
      return customer.parentCode
    }
    return try Customers.require(code: code, field: path.field("parent_code"), in: tx).code
  }

  private func refuseCircle(
    _ customer: Customer, at path: FieldPath, in tx: Transaction
  ) throws {
    guard customer.parentCode != nil,
      try CustomerTable.isAboveItself(customer.code, in: tx)
    else { return }
    throw CustomerRejection.groupAboveItself(
      field: path.field("parent_code"), code: customer.code)
  }

  /// Whose a new customer is of which nothing is said: the store's of who works for one alone, or
  /// else its own; nobody's where everybody's are seen.
  private func home(in scope: DataScope) -> (owner: String, store: String) {
    if scope.isAll { return ("", "") }
    return scope.stores.count == 1 ? ("", scope.stores.first ?? "") : (actor, "")
  }
}
