package import Values

/// What blanket orders refuse, in the order in which it is checked.
package enum BlanketRejection: Rejection, Hashable {
  /// The same product twice.
  case duplicateProduct(field: String, sku: String)
  /// What it is like is chosen with each order.
  case configurable(field: String, sku: String)
  /// Two deliveries on one day.
  case duplicateDay(field: String, day: Day)
  case unknownBlanket(field: String, number: String)
  case closed(blanket: String)
  /// It is another customer's.
  case otherCustomer(field: String, blanket: String, customer: String)
  /// Closed, or not on this day.
  case notActive(field: String, blanket: String, state: BlanketState, day: Day)
  case notAgreed(field: String, blanket: String, sku: String)
  /// Together with what is called off already.
  case moreThanAgreed(
    field: String, blanket: String, sku: String, requested: Quantity, left: Quantity)
  /// A quote keeps prices of its own.
  case notInQuote(field: String, blanket: String)
}

extension BlanketRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateProduct, .duplicateDay, .notInQuote: .invalid
    case .unknownBlanket: .notFound
    case .configurable, .closed, .otherCustomer, .notActive, .notAgreed, .moreThanAgreed:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateProduct: "DUPLICATE_PRODUCT"
    case .configurable: "CONFIGURABLE_PRODUCT"
    case .duplicateDay: "DUPLICATE_DAY"
    case .unknownBlanket: "UNKNOWN_BLANKET"
    case .closed: "BLANKET_CLOSED"
    case .otherCustomer: "BLANKET_OF_ANOTHER_CUSTOMER"
    case .notActive: "BLANKET_NOT_ACTIVE"
    case .notAgreed: "NOT_IN_BLANKET"
    case .moreThanAgreed: "MORE_THAN_AGREED"
    case .notInQuote: "BLANKET_IN_QUOTE"
    }
  }

  package var message: String {
    switch self {
    case .duplicateProduct(_, let sku): "\(sku) is named twice"
    case .configurable(_, let sku): "\(sku) is made as its customer chooses with each order"
    case .duplicateDay(_, let day): "There are two deliveries on \(day)"
    case .unknownBlanket(_, let number): "There is no blanket order \(number)"
    case .closed(let blanket): "\(blanket) has been ended"
    case .otherCustomer(_, let blanket, let customer): "\(blanket) is not one of \(customer)"
    case .notActive(_, let blanket, let state, let day):
      "\(blanket) is \(state.rawValue) on \(day)"
    case .notAgreed(_, let blanket, let sku): "\(blanket) is not about \(sku)"
    case .moreThanAgreed(_, let blanket, let sku, let requested, let left):
      "Of \(sku) \(left) are left in \(blanket); \(requested) were asked for"
    case .notInQuote(_, let blanket): "A quote cannot call off from \(blanket)"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateProduct(let field, _), .duplicateDay(let field, _), .configurable(let field, _),
      .unknownBlanket(let field, _), .otherCustomer(let field, _, _),
      .notActive(let field, _, _, _), .notAgreed(let field, _, _),
      .moreThanAgreed(let field, _, _, _, _), .notInQuote(let field, _):
      field
    case .closed: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateProduct(_, let sku), .configurable(_, let sku): [Fact("sku", sku)]
    case .duplicateDay(_, let day): [Fact("day", day)]
    case .unknownBlanket(_, let number): [Fact("number", number)]
    case .closed(let blanket), .notInQuote(_, let blanket): [Fact("blanket", blanket)]
    case .otherCustomer(_, let blanket, let customer):
      [Fact("blanket", blanket), Fact("customer", customer)]
    case .notActive(_, let blanket, let state, let day):
      [Fact("blanket", blanket), Fact("state", state.rawValue), Fact("day", day)]
    case .notAgreed(_, let blanket, let sku): [Fact("blanket", blanket), Fact("sku", sku)]
    case .moreThanAgreed(_, let blanket, let sku, let requested, let left):
      [
        Fact("blanket", blanket), Fact("sku", sku), Fact("requested", requested),
        Fact("left", left),
      ]
    }
  }
}
