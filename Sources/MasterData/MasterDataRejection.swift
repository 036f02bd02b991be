package import Values

/// Everything that master data refuses, in the order in which it is checked: the shape of the
/// request first, then what it names, then the state it meets.
package enum MasterDataRejection: Rejection, Hashable {
  /// A batch has more rows than one command may carry.
  case tooManyRows(field: String, count: Int, limit: Int)
  /// An earlier row of the same batch already names this code.
  case duplicateInBatch(field: String, code: String, firstRow: Int)
  /// A value that must be given is absent, empty or blank.
  case missingValue(field: String)
  /// Not 1–40 characters of A–Z a–z 0–9 . _ - /.
  case invalidCode(field: String, given: String)
  case textTooLong(field: String, length: Int, limit: Int)
  /// What the caller may not see it cannot set.
  case hidden(field: String)
  /// Who sees but some of the data leaves what it writes among it.
  case outOfScope(field: String)
  /// Somebody has it of whom no more is told.
  case codeTaken(field: String, code: String)
  /// A control character or a line break where one line of text is meant.
  case controlCharacter(field: String)
  case outOfRange(field: String, given: String, lowest: String, highest: String)
  /// Amounts are in the company's base currency.
  case currencyNotAccepted(field: String, given: Currency, base: Currency)
  /// Not an ISO 4217 code.
  case unknownCurrency(field: String, given: String)
  /// Not the shape of an IANA zone name, or of a zone that this machine does not know.
  case unknownTimeZone(field: String, given: String)
  case periodReversed(field: String, from: Day, until: Day)
  /// A list is for a class of customers or for one of them.
  case classOfContract(field: String, customer: String)
  /// Material, a service, or the product itself.
  case cannotBeSubstituted(field: String, sku: String)
  case unknownProduct(field: String, sku: String)
  case unknownCustomer(field: String, code: String)
  /// The person is erased: the code stands in the books, and for nothing else any more.
  case customerErased(field: String, code: String)
  case unknownSupplier(field: String, code: String)
  case unknownWarehouse(field: String, code: String)
  case unknownPriceList(field: String, code: String)
  case unknownTaxClass(field: String, code: String)
  /// The class exists, but none of its rates holds on that day.
  case noTaxRate(taxClass: String, day: Day)
  /// Somebody else changed the row since the caller read it; `stored` is 0 when there is no such
  /// row.
  case versionConflict(field: String, code: String, expected: Int64, stored: Int64)
  /// A value that stock, prices and documents already rest on.
  case fixedOnceCreated(field: String, code: String, stored: String, given: String)
  /// Two prices of one list, product and minimum quantity on the same day.
  case pricePeriodsOverlap(field: String, list: String, sku: String, from: Day, until: Day?)
  /// Customers or prices already count in the stored currency.
  case currencyInUse(field: String, base: Currency)
}

extension MasterDataRejection {
  package var kind: RejectionKind {
    switch self {
    case .tooManyRows, .duplicateInBatch, .missingValue, .invalidCode, .textTooLong,
      .controlCharacter, .outOfRange, .currencyNotAccepted, .unknownCurrency, .unknownTimeZone,
      .periodReversed, .classOfContract, .cannotBeSubstituted:
      .invalid
    case .unknownProduct, .unknownCustomer, .unknownSupplier, .unknownWarehouse, .unknownPriceList,
      .unknownTaxClass:
      .notFound
    case .versionConflict: .conflict
    case .codeTaken: .alreadyExists
    case .hidden, .outOfScope: .denied
    case .noTaxRate, .fixedOnceCreated, .pricePeriodsOverlap, .currencyInUse, .customerErased:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .tooManyRows: "TOO_MANY_ROWS"
    case .duplicateInBatch: "DUPLICATE_IN_BATCH"
    case .missingValue: "REQUIRED"
    case .invalidCode: "INVALID_CODE"
    case .textTooLong: "TEXT_TOO_LONG"
    case .hidden: "HIDDEN_FIELD"
    case .outOfScope: "OUT_OF_SCOPE"
    case .codeTaken: "CODE_TAKEN"
    case .controlCharacter: "CONTROL_CHARACTER"
    case .outOfRange: "OUT_OF_RANGE"
    case .currencyNotAccepted: "CURRENCY_NOT_ACCEPTED"
    case .unknownCurrency: "UNKNOWN_CURRENCY"
    case .unknownTimeZone: "UNKNOWN_TIME_ZONE"
    case .periodReversed: "PERIOD_REVERSED"
    case .classOfContract: "CLASS_OF_CONTRACT"
    case .cannotBeSubstituted: "CANNOT_BE_SUBSTITUTED"
    case .unknownProduct: "UNKNOWN_PRODUCT"
    case .unknownCustomer: "UNKNOWN_CUSTOMER"
    case .customerErased: "CUSTOMER_ERASED"
    case .unknownSupplier: "UNKNOWN_SUPPLIER"
    case .unknownWarehouse: "UNKNOWN_WAREHOUSE"
    case .unknownPriceList: "UNKNOWN_PRICE_LIST"
    case .unknownTaxClass: "UNKNOWN_TAX_CLASS"
    case .noTaxRate: "NO_TAX_RATE"
    case .versionConflict: "VERSION_CONFLICT"
    case .fixedOnceCreated: "FIXED_ONCE_CREATED"
    case .pricePeriodsOverlap: "PRICE_PERIODS_OVERLAP"
    case .currencyInUse: "CURRENCY_IN_USE"
    }
  }

  package var message: String {
    switch self {
    case .tooManyRows(_, let count, let limit):
      "\(count) rows are more than the \(limit) that one batch may have"
    case .duplicateInBatch(_, let code, let firstRow):
      "\(code) is already in row \(firstRow) of this batch"
    case .missingValue(let field): "\(field) is required"
    case .invalidCode(_, let given):
      "'\(given)' is not a code of 1 to 40 characters A–Z a–z 0–9 . _ - /"
    case .textTooLong(_, let length, let limit):
      "\(length) characters are more than the \(limit) that fit"
    case .hidden: "Who may not see this cannot set it"
    case .outOfScope: "This would be somebody's whose data is not within the caller's scope"
    case .codeTaken(_, let code): "The code \(code) is taken"
    case .controlCharacter: "Control characters and line breaks do not belong here"
    case .outOfRange(_, let given, let lowest, let highest):
      "\(given) is not between \(lowest) and \(highest)"
    case .currencyNotAccepted(_, let given, let base):
      "The amount is in \(given); the books are kept in \(base)"
    case .unknownCurrency(_, let given): "'\(given)' is not a currency code of ISO 4217"
    case .unknownTimeZone(_, let given):
      "'\(given)' is not a time zone of the IANA that is known here"
    case .periodReversed(_, let from, let until):
      "The period ends on \(until), before it begins on \(from)"
    case .classOfContract(_, let customer):
      "A contract with \(customer) is not for a class of customers as well"
    case .cannotBeSubstituted(_, let sku): "Nothing stands in for \(sku), or it for itself"
    case .unknownProduct(_, let sku): "There is no product \(sku)"
    case .unknownCustomer(_, let code): "There is no customer \(code)"
    case .customerErased(_, let code): "Customer \(code) is erased"
    case .unknownSupplier(_, let code): "There is no supplier \(code)"
    case .unknownWarehouse(_, let code): "There is no warehouse \(code)"
    case .unknownPriceList(_, let code): "There is no price list \(code)"
    case .unknownTaxClass(_, let code): "There is no tax class \(code)"
    case .noTaxRate(let taxClass, let day): "Tax class \(taxClass) has no rate on \(day)"
    case .versionConflict(_, let code, let expected, let stored):
      stored == 0
        ? "\(code) does not exist; version \(expected) was expected"
        : "\(code) is at version \(stored); version \(expected) was expected"
    case .fixedOnceCreated(_, let code, let stored, let given):
      "\(code) was created with \(stored) and cannot become \(given)"
    case .pricePeriodsOverlap(_, let list, let sku, let from, let until):
      "\(list) already has a price of \(sku) from \(from) \(until.map { "until \($0)" } ?? "on")"
    case .currencyInUse(_, let base):
      "Customers or prices already count in \(base)"
    }
  }

  package var field: String? {
    switch self {
    case .tooManyRows(let field, _, _), .duplicateInBatch(let field, _, _),
      .missingValue(let field), .invalidCode(let field, _), .textTooLong(let field, _, _),
      .hidden(let field), .outOfScope(let field), .codeTaken(let field, _),
      .controlCharacter(let field), .outOfRange(let field, _, _, _),
      .currencyNotAccepted(let field, _, _), .unknownCurrency(let field, _),
      .unknownTimeZone(let field, _), .periodReversed(let field, _, _),
      .classOfContract(let field, _), .cannotBeSubstituted(let field, _),
      .unknownProduct(let field, _), .unknownCustomer(let field, _), .customerErased(let field, _),
      .unknownSupplier(let field, _), .unknownWarehouse(let field, _),
      .unknownPriceList(let field, _), .unknownTaxClass(let field, _),
      .versionConflict(let field, _, _, _), .fixedOnceCreated(let field, _, _, _),
      .pricePeriodsOverlap(let field, _, _, _, _), .currencyInUse(let field, _):
      field
    case .noTaxRate: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .tooManyRows(_, let count, let limit): [Fact("count", count), Fact("limit", limit)]
    case .duplicateInBatch(_, let code, let row): [Fact("code", code), Fact("first_row", row)]
    case .missingValue, .controlCharacter, .hidden, .outOfScope: []
    case .invalidCode(_, let given), .unknownCurrency(_, let given), .unknownTimeZone(_, let given):
      [Fact("given", given)]
    case .textTooLong(_, let length, let limit): [Fact("length", length), Fact("limit", limit)]
    case .outOfRange(_, let given, let lowest, let highest):
      [Fact("given", given), Fact("lowest", lowest), Fact("highest", highest)]
    case .currencyNotAccepted(_, let given, let base):
      [Fact("given", given), Fact("base_currency", base)]
    case .periodReversed(_, let from, let until): [Fact("from", from), Fact("until", until)]
    case .classOfContract(_, let customer): [Fact("customer", customer)]
    case .cannotBeSubstituted(_, let sku), .unknownProduct(_, let sku): [Fact("sku", sku)]
    case .unknownCustomer(_, let code), .customerErased(_, let code), .unknownSupplier(_, let code),
      .unknownWarehouse(_, let code), .unknownPriceList(_, let code), .unknownTaxClass(_, let code),
      .codeTaken(_, let code):
      [Fact("code", code)]
    case .noTaxRate(let taxClass, let day): [Fact("tax_class", taxClass), Fact("day", day)]
    case .versionConflict(_, let code, let expected, let stored):
      [Fact("code", code), Fact("expected", expected), Fact("stored", stored)]
    case .fixedOnceCreated(_, let code, let stored, let given):
      [Fact("code", code), Fact("stored", stored), Fact("given", given)]
    case .pricePeriodsOverlap(_, let list, let sku, let from, let until):
      [Fact("price_list", list), Fact("sku", sku), Fact("from", from)]
        + (until.map { [Fact("until", $0)] } ?? [])
    case .currencyInUse(_, let base): [Fact("base_currency", base)]
    }
  }
}
