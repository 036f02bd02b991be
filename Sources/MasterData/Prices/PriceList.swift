package import Values

/// A list of prices for some customers or for all. A list for a single customer has a class that
/// nobody else has, and is named by the customer.
package struct PriceList: Hashable, Sendable {
  package let id: ID<PriceList>
  /// Names the list for ever.
  package let code: String
  package var name: String
  /// Class of customers it is for; nil for everybody.
  package var customerClass: String?
  /// Among lists that fit equally, the one with the larger priority wins.
  package var priority: Int
}

/// A price list as a caller wants it to be.
package struct PriceListDraft: BatchRow {
  package var code: String
  package var name: String
  /// Nil or empty for everybody.
  package var customerClass: String?
  package var priority: Int
  package var malformed: [any Rejection]

  package init(
    code: String, name: String, customerClass: String? = nil, priority: Int = 0,
    malformed: [any Rejection] = []
  ) {
    self.code = code
    self.name = name
    self.customerClass = customerClass
    self.priority = priority
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  /// The list that this draft makes of `stored` (nil: of nothing).
  func list(from stored: PriceList?, at path: FieldPath) throws -> PriceList {
    let customerClass = customerClass.flatMap { $0.isEmpty ? nil : $0 }
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.text(name, "name", required: true)
    if let customerClass { check.code(customerClass, "customer_class") }
    check.range(priority, "priority", -1_000_000...1_000_000)
    try check.pass()
    return PriceList(
      id: stored?.id ?? ID(0), code: code, name: name, customerClass: customerClass,
      priority: priority)
  }
}
