package import Values

/// What the minimum quantities of a list's prices mean.
package enum PriceBreaks: String, Hashable, Sendable, CaseIterable {
  /// A price holds for the whole quantity, from its minimum on.
  case slab = "SLAB"
  /// A price holds for what goes beyond its minimum; what lies below keeps the price of there.
  case graduated = "GRADUATED"
}

/// A list of prices for some customers or for all: of one channel or of any, and with or without
/// tax.
package struct PriceList: Hashable, Sendable {
  package let id: ID<PriceList>
  /// Names the list for ever.
  package let code: String
  package var name: String
  /// Class of customers it is for; nil for everybody, or for one customer.
  package var customerClass: String?
  /// Code of the only customer it is for: a contract. Nil for others.
  package var customerCode: String?
  /// The only way of buying it is for; nil for any.
  package var channel: Channel?
  /// Among lists that fit equally, the one with the larger priority wins.
  package var priority: Int
  package var breaks: PriceBreaks
  /// Minimum quantities count what all lines of an order have of the product together.
  package var countsAcrossLines: Bool
  /// Its prices hold the tax.
  package var isTaxIncluded: Bool
  /// Of its prices; nil for that of the books.
  package var currency: Currency?
}

/// A price list as a caller wants it to be.
package struct PriceListDraft: BatchRow {
  package var code: String
  package var name: String
  /// Nil or empty for everybody.
  package var customerClass: String?
  /// Nil or empty unless it is a contract with one customer.
  package var customerCode: String?
  package var channel: Channel?
  package var priority: Int
  package var breaks: PriceBreaks
  package var countsAcrossLines: Bool
  package var isTaxIncluded: Bool
  /// ISO 4217 code; empty for the currency of the books.
  package var currencyCode: String
  package var malformed: [any Rejection]

  package init(
    code: String, name: String, customerClass: String? = nil, customerCode: String? = nil,
    channel: Channel? = nil, priority: Int = 0, breaks: PriceBreaks = .slab,
    countsAcrossLines: Bool = false, isTaxIncluded: Bool = false, currencyCode: String = "",
    malformed: [any Rejection] = []
  ) {
    self.code = code
    self.name = name
    self.customerClass = customerClass
    self.customerCode = customerCode
    self.channel = channel
    self.priority = priority
    self.breaks = breaks
    self.countsAcrossLines = countsAcrossLines
    self.isTaxIncluded = isTaxIncluded
    self.currencyCode = currencyCode
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  /// The list that this draft makes of `stored` (nil: of nothing). `customerExists` says whether
  /// there is a customer of that code.
  func list(
    from stored: PriceList?, at path: FieldPath, base: Currency,
    customerExists: (String) throws -> Bool
  ) throws -> PriceList {
    let customerClass = customerClass.flatMap { $0.isEmpty ? nil : $0 }
    let customerCode = customerCode.flatMap { $0.isEmpty ? nil : $0 }
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.text(name, "name", required: true)
    if let customerClass { check.code(customerClass, "customer_class") }
    if let customerCode {
      if customerClass != nil {
        check.refuse(
          MasterDataRejection.classOfContract(
            field: path.field("customer_class"), customer: customerCode))
      }
      if try !customerExists(customerCode) {
        check.refuse(
          MasterDataRejection.unknownCustomer(
            field: path.field("customer_code"), code: customerCode))
      }
    }
    let currency = currencyCode.isEmpty ? nil : check.knownCurrency(currencyCode, "currency_code")
    check.range(priority, "priority", -1_000_000...1_000_000)
    try check.pass()
    return PriceList(
      id: stored?.id ?? ID(0), code: code, name: name, customerClass: customerClass,
      customerCode: customerCode, channel: channel, priority: priority, breaks: breaks,
      countsAcrossLines: countsAcrossLines, isTaxIncluded: isTaxIncluded,
      currency: currency == base ? nil : currency)
  }
}
