package import Values

/// A customer as a caller wants it to be.
package struct CustomerDraft: BatchRow {
  package var code: String
  package var name: String
  /// Empty means the standard class.
  package var customerClass: String
  package var phone: String
  package var address: String
  /// Nil means no credit.
  package var creditLimit: Money?
  package var terms: PaymentTerms
  /// Code of the customer's own price list; nil or empty for none.
  package var priceList: String?
  /// Name of the salesperson; empty for nobody, nil for as it is.
  package var owner: String?
  /// Code of the store; empty for none, nil for as it is.
  package var storeCode: String?
  /// Code of the customer to whose group it belongs; empty for none, nil for as it is.
  package var parentCode: String?
  /// Of it and all below it together; nil for any.
  package var groupLimit: Money?
  /// ISO 4217 code; empty for the currency of the books, nil for as it is.
  package var currencyCode: String?
  /// The version that the caller read; nil or 0 asks for nothing.
  package var expectedVersion: Int64?
  package var malformed: [any Rejection]

  package init(
    code: String, name: String, customerClass: String = "", phone: String = "",
    address: String = "", creditLimit: Money? = nil, terms: PaymentTerms = PaymentTerms(),
    priceList: String? = nil, owner: String? = nil, storeCode: String? = nil,
    expectedVersion: Int64? = nil, malformed: [any Rejection] = []
  ) {
    self.code = code
    self.name = name
    self.customerClass = customerClass
    self.phone = phone
    self.address = address
    self.creditLimit = creditLimit
    self.terms = terms
    self.priceList = priceList
    self.owner = owner
    self.storeCode = storeCode
    self.expectedVersion = expectedVersion
    self.malformed = malformed
  }

  /// What of a customer is shown to some only.
  package enum Restricted: Hashable, Sendable {
    case credit, personal
  }

  /// What of a customer that is there an update mask may name, by the name in the request.
  package enum Field: String, Sendable {
    case name, phone, address, terms, owner
    case customerClass = "customer_class"
    case creditLimit = "credit_limit"
    case netDays = "terms.net_days"
    case deposit = "terms.deposit_micros"
    case priceList = "price_list_code"
    case storeCode = "store_code"
    case parentCode = "parent_code"
    case groupLimit = "group_limit"
    case currencyCode = "currency_code"
  }

  package static var codeField: String { "code" }

  /// Ten thousand million of the major unit: far beyond any business, and sums of a million of them
  /// still fit.
  package static let highestLimitMinor: Int64 = 1_000_000_000_000

  /// The customer that this draft makes of `stored` (nil: of nothing). What is `hidden` from who
  /// wrote it stays as it is, and may not be given. `home` is whose a new customer is of which
  /// nothing is said. `listExists` says whether there is a price list of that code.
  func customer(
    from stored: Customer?, hidden: Set<Restricted>, home: (owner: String, store: String),
    at path: FieldPath, base: Currency, listExists: (String) throws -> Bool
  ) throws -> Customer {
    let groupLimit = hidden.contains(.credit) ? stored?.groupLimit : groupLimit
    let parent = parentCode ?? stored?.parentCode ?? ""
    let isSaid = stored != nil || owner != nil || storeCode != nil
    let owner = owner ?? stored?.owner ?? (isSaid ? "" : home.owner)
    let storeCode = storeCode ?? stored?.storeCode ?? (isSaid ? "" : home.store)
    let list = priceList.flatMap { $0.isEmpty ? nil : $0 }
    let limit = (hidden.contains(.credit) ? stored?.creditLimit : creditLimit) ?? .zero(base)
    let phone = hidden.contains(.personal) ? stored?.phone ?? "" : phone
    let address = hidden.contains(.personal) ? stored?.address ?? "" : address
    var check = FieldCheck(path, malformed: malformed)
    refuse(hidden, &check)
    check.code(code, "code")
    check.text(name, "name", required: true)
    if !customerClass.isEmpty { check.code(customerClass, "customer_class") }
    check.text(phone, "phone", limit: 40)
    check.text(address, "address", limit: 500)
    check.amount(limit, "credit_limit", base: base, highest: Self.highestLimitMinor)
    if let groupLimit {
      check.amount(groupLimit, "group_limit", base: base, highest: Self.highestLimitMinor)
    }
    let given = currencyCode.flatMap { $0.isEmpty ? nil : check.knownCurrency($0, "currency_code") }
    let currency = given ?? (currencyCode == nil ? stored?.currency : nil) ?? base
    check.text(parent, "parent_code", limit: 40)
    check.range(terms.netDays, "terms.net_days", 0...3_650)
    check.range(terms.deposit, "terms.deposit_micros", .zero ... .one)
    if let list, try !listExists(list) {
      check.refuse(
        MasterDataRejection.unknownPriceList(field: path.field("price_list_code"), code: list))
    }
    if stored?.isErased == true {
      check.refuse(MasterDataRejection.customerErased(field: path.field("code"), code: code))
    }
    if !owner.isEmpty { check.code(owner, "owner") }
    if !storeCode.isEmpty { check.code(storeCode, "store_code") }
    check.version(expectedVersion, stored: stored?.version, code: code)
    try check.pass()
    return Customer(
      id: stored?.id ?? ID(0), code: code, name: name,
      customerClass: customerClass.isEmpty ? Customer.standardClass : customerClass, phone: phone,
      address: address, creditLimit: limit, terms: terms, currency: currency, priceList: list,
      version: stored?.version ?? 1, owner: owner, storeCode: storeCode,
      parentCode: parent.isEmpty ? nil : parent, groupLimit: groupLimit)
  }

  /// The draft with all that `fields` does not name as it is stored. Of what is `hidden` nothing is
  /// said, which leaves it as it is.
  func taking(
    _ fields: Set<Field>, of stored: Customer, hidden: Set<Restricted>
  ) -> CustomerDraft {
    var draft = self
    func keep<Value>(_ field: Field, _ path: WritableKeyPath<CustomerDraft, Value>, _ value: Value)
    {
      if !fields.contains(field) { draft[keyPath: path] = value }
    }
    let isPersonalHidden = hidden.contains(.personal)
    let isCreditHidden = hidden.contains(.credit)
    keep(.name, \.name, stored.name)
    keep(.customerClass, \.customerClass, stored.customerClass)
    keep(.phone, \.phone, isPersonalHidden ? "" : stored.phone)
    keep(.address, \.address, isPersonalHidden ? "" : stored.address)
    keep(.creditLimit, \.creditLimit, isCreditHidden ? nil : stored.creditLimit)
    keep(.groupLimit, \.groupLimit, isCreditHidden ? nil : stored.groupLimit)
    if !fields.contains(.terms) {
      keep(.netDays, \.terms.netDays, stored.terms.netDays)
      keep(.deposit, \.terms.deposit, stored.terms.deposit)
    }
    keep(.priceList, \.priceList, stored.priceList)
    keep(.owner, \.owner, nil)
    keep(.storeCode, \.storeCode, nil)
    keep(.parentCode, \.parentCode, nil)
    keep(.currencyCode, \.currencyCode, nil)
    return draft
  }

  private func refuse(_ hidden: Set<Restricted>, _ check: inout FieldCheck) {
    let given: [(part: Restricted, field: String, isGiven: Bool)] = [
      (.personal, "phone", !phone.isEmpty), (.personal, "address", !address.isEmpty),
      (.credit, "credit_limit", creditLimit != nil),
      (.credit, "group_limit", groupLimit != nil),
    ]
    for (part, field, isGiven) in given where isGiven && hidden.contains(part) {
      check.refuse(MasterDataRejection.hidden(field: check.path.field(field)))
    }
  }
}
