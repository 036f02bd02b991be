package import Storage
package import Values

/// What people call customers to find them again: free words, but always spelt alike.
package enum CustomerTags {
  /// A customer has so many at most, unless customers were merged.
  package static let limit = 50
  /// Of one command, to give and to take.
  static let requestLimit = 20

  /// In the order of the alphabet.
  package static func list(of customer: Customer, in snapshot: Snapshot) throws -> [String] {
    try CustomerTagTable.list(of: customer.code, in: snapshot)
  }

  /// The one spelling: in lower case, with single dashes for blanks. Nil for what is no tag.
  package static func normalised(_ text: String) -> String? {
    let words = text.lowercased().split { $0.isWhitespace || $0 == "-" }
    let tag = words.joined(separator: "-")
    guard (1...40).contains(tag.count),
      words.joined().allSatisfy({ $0.isLetter || $0.isNumber })
    else { return nil }
    return tag
  }
}

/// Gives a customer tags and takes them away.
package struct TagCustomer: Sendable {
  package let customerCode: String
  package let added: [String]
  package let removed: [String]

  package init(customerCode: String, add added: [String] = [], remove removed: [String] = []) {
    self.customerCode = customerCode
    self.added = added
    self.removed = removed
  }

  /// Returns all that the customer has then.
  package func run(in tx: Transaction, at now: Moment) throws -> [String] {
    let customer = try Customers.requireKept(code: customerCode, field: "customer_code", in: tx)
    var check = FieldCheck(.request)
    let adding = Self.read(added, "add", &check)
    let removing = Self.read(removed, "remove", &check)
    if added.isEmpty, removed.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: "add"))
    }
    try check.pass()
    for tag in removing { try CustomerTagTable.remove(tag, from: customer.code, in: tx) }
    for tag in adding { try CustomerTagTable.insert(tag, of: customer.code, in: tx) }
    let tags = try CustomerTagTable.list(of: customer.code, in: tx)
    guard adding.isEmpty || tags.count <= CustomerTags.limit else {
      throw CustomerRejection.tooMany(field: "add", limit: CustomerTags.limit)
    }
    return tags
  }

  private static func read(
    _ texts: [String], _ field: String, _ check: inout FieldCheck
  ) -> [String] {
    check.range(texts.count, field, 0...CustomerTags.requestLimit)
    return texts.enumerated().compactMap { row, text in
      let tag = CustomerTags.normalised(text)
      if tag == nil { check.refuse(CustomerRejection.invalidTag(field: "\(field)[\(row)]")) }
      return tag
    }
  }
}

/// All SQL of `customer_tag`.
enum CustomerTagTable {
  static func list(of customer: String, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      "SELECT tag FROM customer_tag WHERE customer_code = ? ORDER BY tag LIMIT 1000", customer
    ) { $0.text(0) }
  }

  static func insert(_ tag: String, of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer_tag (tag, customer_code) VALUES (?, ?)
      ON CONFLICT (tag, customer_code) DO NOTHING
      """, tag, customer)
  }

  static func remove(_ tag: String, from customer: String, in tx: Transaction) throws {
    try tx.execute(
      "DELETE FROM customer_tag WHERE tag = ? AND customer_code = ?", tag, customer)
  }

  static func removeAll(of customer: String, in tx: Transaction) throws {
    try tx.execute("DELETE FROM customer_tag WHERE customer_code = ?", customer)
  }

  /// Both customers' tags are the one's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer_tag (tag, customer_code)
      SELECT tag, ? FROM customer_tag WHERE customer_code = ?
      ON CONFLICT (tag, customer_code) DO NOTHING
      """, customer, from)
    try removeAll(of: from, in: tx)
  }
}
