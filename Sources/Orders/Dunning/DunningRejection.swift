package import Values

/// What is refused about reminding, in the order in which it is checked.
package enum DunningRejection: Rejection, Hashable {
  case unknownPolicy(field: String, version: Int64)
  case unknownLetter(field: String, number: String)
  case unknownStop(field: String)
  /// Of another customer.
  case foreignInvoice(field: String, number: String, customer: String)
  case nothingOpen(field: String, number: String)
  case stopOver(id: Int64, until: Day)
  case tooManyPromises(field: String, number: String, limit: Int)
  /// Nothing of it is booked, or it is waived already.
  case nothingToWaive(field: String, number: String)
}

extension DunningRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownPolicy, .unknownLetter, .unknownStop: .notFound
    case .foreignInvoice, .nothingOpen, .stopOver, .tooManyPromises, .nothingToWaive: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownPolicy: "UNKNOWN_DUNNING_POLICY"
    case .unknownLetter: "UNKNOWN_DUNNING_LETTER"
    case .unknownStop: "UNKNOWN_DUNNING_STOP"
    case .foreignInvoice: "FOREIGN_INVOICE"
    case .nothingOpen: "INVOICE_NOT_OPEN"
    case .stopOver: "DUNNING_STOP_OVER"
    case .tooManyPromises: "TOO_MANY_PROMISES"
    case .nothingToWaive: "NOTHING_TO_WAIVE"
    }
  }

  package var message: String {
    switch self {
    case .unknownPolicy(_, let version):
      version == 0
        ? "Nobody has said when customers are reminded"
        : "There is no dunning policy of version \(version)"
    case .unknownLetter(_, let number): "There is no letter \(number)"
    case .unknownStop: "There is no such dunning stop"
    case .foreignInvoice(_, let number, let customer):
      "\(number) is no invoice of customer \(customer)"
    case .nothingOpen(_, let number): "Nothing is open of \(number)"
    case .stopOver(let id, let until): "Dunning stop \(id), until \(until), has ended"
    case .tooManyPromises(_, let number, let limit):
      "\(number) was promised \(limit) times already"
    case .nothingToWaive(_, let number): "Nothing that \(number) claims is booked and not waived"
    }
  }

  package var field: String? {
    switch self {
    case .unknownPolicy(let field, _), .unknownLetter(let field, _), .unknownStop(let field),
      .foreignInvoice(let field, _, _), .nothingOpen(let field, _),
      .tooManyPromises(let field, _, _), .nothingToWaive(let field, _):
      field
    case .stopOver: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownPolicy(_, let version): [Fact("version", version)]
    case .unknownLetter(_, let number): [Fact("number", number)]
    case .unknownStop: []
    case .foreignInvoice(_, let number, let customer):
      [Fact("invoice", number), Fact("customer", customer)]
    case .nothingOpen(_, let number): [Fact("invoice", number)]
    case .stopOver(let id, let until): [Fact("id", id), Fact("until", until)]
    case .nothingToWaive(_, let number): [Fact("letter", number)]
    case .tooManyPromises(_, let number, let limit):
      [Fact("invoice", number), Fact("limit", limit)]
    }
  }
}
