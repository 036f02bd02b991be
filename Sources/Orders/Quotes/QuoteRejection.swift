package import Values

/// What quotes refuse, beyond what the orders in them do, in the order in which it is checked.
package enum QuoteRejection: Rejection, Hashable {
  /// Two alternatives that nobody can tell apart.
  case duplicateTitle(field: String, title: String)
  /// All alternatives are for the customer of the quote.
  case otherCustomer(field: String, customer: String)
  case duplicateReason(field: String, code: String)
  case unknownQuote(field: String, number: String)
  case unknownRevision(field: String, quote: String, revision: Int)
  /// It has its order, and there is never another one.
  case alreadyConverted(quote: String, order: String)
  /// By the server's clock. It must be revised, and so priced anew.
  case expired(quote: String, validUntil: Day, day: Day)
  case stateForbids(quote: String, state: QuoteState, action: String)
  case tooManyRevisions(quote: String, limit: Int)
  case unknownVariant(field: String, quote: String, variant: Int)
  /// Not in the table, or for another outcome.
  case unknownReason(field: String, code: String, outcome: QuoteState)
  /// Its customer's data was erased.
  case customerGone(quote: String, customer: String)
}

extension QuoteRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateTitle, .otherCustomer, .duplicateReason: .invalid
    case .unknownQuote, .unknownRevision, .unknownVariant, .unknownReason: .notFound
    case .alreadyConverted: .alreadyExists
    case .expired, .stateForbids, .tooManyRevisions, .customerGone: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateTitle: "DUPLICATE_TITLE"
    case .otherCustomer: "OTHER_CUSTOMER"
    case .duplicateReason: "DUPLICATE_REASON"
    case .unknownQuote: "UNKNOWN_QUOTE"
    case .unknownRevision: "UNKNOWN_REVISION"
    case .alreadyConverted: "ALREADY_CONVERTED"
    case .expired: "QUOTE_EXPIRED"
    case .stateForbids: "QUOTE_STATE_FORBIDS"
    case .tooManyRevisions: "TOO_MANY_REVISIONS"
    case .unknownVariant: "UNKNOWN_VARIANT"
    case .unknownReason: "UNKNOWN_REASON"
    case .customerGone: "CUSTOMER_GONE"
    }
  }

  package var message: String {
    switch self {
    case .duplicateTitle(_, let title): "Two variants are called '\(title)'"
    case .otherCustomer(_, let customer): "The quote is for \(customer), and so is each variant"
    case .duplicateReason(_, let code): "The reason \(code) is there twice"
    case .unknownQuote(_, let number): "There is no quote \(number)"
    case .unknownRevision(_, let quote, let revision): "\(quote) has no revision \(revision)"
    case .alreadyConverted(let quote, let order): "\(quote) has become the order \(order)"
    case .expired(let quote, let validUntil, let day):
      "\(quote) was valid until \(validUntil), and today is \(day): revise it"
    case .stateForbids(let quote, let state, let action):
      "\(quote) is \(state.rawValue): cannot \(action)"
    case .tooManyRevisions(let quote, let limit): "\(quote) has been revised \(limit) times"
    case .unknownVariant(_, let quote, let variant):
      variant == 0
        ? "\(quote) has several variants: say which" : "\(quote) has no variant \(variant)"
    case .unknownReason(_, let code, let outcome):
      "There is no reason \(code) for a quote that is \(outcome.rawValue)"
    case .customerGone(let quote, let customer): "\(customer) of \(quote) was erased"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateTitle(let field, _), .otherCustomer(let field, _),
      .duplicateReason(let field, _), .unknownQuote(let field, _),
      .unknownRevision(let field, _, _), .unknownVariant(let field, _, _),
      .unknownReason(let field, _, _):
      field
    case .alreadyConverted, .expired, .stateForbids, .tooManyRevisions, .customerGone: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateTitle(_, let title): [Fact("title", title)]
    case .otherCustomer(_, let customer): [Fact("customer", customer)]
    case .duplicateReason(_, let code): [Fact("code", code)]
    case .unknownQuote(_, let number): [Fact("number", number)]
    case .unknownRevision(_, let quote, let revision):
      [Fact("quote", quote), Fact("revision", revision)]
    case .alreadyConverted(let quote, let order): [Fact("quote", quote), Fact("order", order)]
    case .expired(let quote, let validUntil, let day):
      [Fact("quote", quote), Fact("valid_until", validUntil), Fact("day", day)]
    case .stateForbids(let quote, let state, let action):
      [Fact("quote", quote), Fact("state", state.rawValue), Fact("action", action)]
    case .tooManyRevisions(let quote, let limit): [Fact("quote", quote), Fact("limit", limit)]
    case .unknownVariant(_, let quote, let variant):
      [Fact("quote", quote), Fact("variant", variant)]
    case .unknownReason(_, let code, let outcome):
      [Fact("code", code), Fact("outcome", outcome.rawValue)]
    case .customerGone(let quote, let customer):
      [Fact("quote", quote), Fact("customer", customer)]
    }
  }
}
