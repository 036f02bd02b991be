package import Storage
package import Values

/// Questions about customers.
package enum Customers {
  package static func find(code: String, in snapshot: Snapshot) throws -> Customer? {
    try CustomerTable.find(code, in: snapshot)
  }

  /// The customer that a field of a request names; refuses an unknown one.
  package static func require(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Customer {
    guard let customer = try CustomerTable.find(code, in: snapshot) else {
      throw MasterDataRejection.unknownCustomer(field: field(), code: code).ifNamed(code)
    }
    return customer
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

  /// In the order of the code, from the one after `code` on (nil: from the first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Customer] {
    try CustomerTable.list(after: code ?? "", limit: limit, in: snapshot)
  }

  /// Those whose code, name or phone begins with `prefix`, capitals or not, in the order of the
  /// code. The phone does not count for who may not see it.
  package static func search(
    prefix: String, hidden: Set<CustomerDraft.Restricted> = [], after code: String? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [Customer] {
    guard !prefix.isEmpty else { return try list(after: code, limit: limit, in: snapshot) }
    return try CustomerTable.search(
      prefix: prefix, byPhone: !hidden.contains(.personal), after: code ?? "", limit: limit,
      in: snapshot)
  }
}
