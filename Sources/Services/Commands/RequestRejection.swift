internal import Values

/// What is wrong with a request before any area looks at it.
enum RequestRejection: Rejection, Equatable {
  case keyMissing
  case keyInvalid
  case keyReused(String, method: String)
  case dryRunNotBoolean
  case callerNameLength
  /// Either of two fields, and neither was given.
  case oneRequired(String, or: String)
  /// One of two fields, and both were given.
  case notBoth(String, and: String)
  case outOfRange(String, allowed: String)
  case unknownValue(String)
  case notADate(String)
  case pageTokenForeign
  case noPrice(sku: String, customer: String, currency: Currency, day: Day)

  var kind: RejectionKind {
    switch self {
    case .keyReused: .alreadyExists
    case .noPrice: .notFound
    default: .invalid
    }
  }

  var reason: String {
    switch self {
    case .keyMissing: "IDEMPOTENCY_KEY_MISSING"
    case .keyInvalid: "IDEMPOTENCY_KEY_INVALID"
    case .keyReused: "IDEMPOTENCY_KEY_REUSED"
    case .dryRunNotBoolean: "DRY_RUN_NOT_BOOLEAN"
    case .callerNameLength: "CALLER_NAME_LENGTH"
    case .oneRequired: "REQUIRED"
    case .notBoth: "NOT_BOTH"
    case .outOfRange: "OUT_OF_RANGE"
    case .unknownValue: "UNKNOWN_VALUE"
    case .notADate: "NOT_A_DATE"
    case .pageTokenForeign: "PAGE_TOKEN_FOREIGN"
    case .noPrice: "NO_PRICE"
    }
  }

  var message: String {
    switch self {
    case .keyMissing:
      "A command needs the metadata idempotency-key: \(Self.keyShape), "
        + "chosen by the caller and sent again when it retries."
    case .keyInvalid: "The metadata idempotency-key has \(Self.keyShape)."
    case .keyReused(let key, let method):
      "The idempotency key \(key) was used before for another request of \(method)."
    case .dryRunNotBoolean: "The metadata dry-run is \"true\" or \"false\"."
    case .callerNameLength: "The metadata joinery-actor has 1 to 100 characters."
    case .notBoth(let field, let other): "\(field) and \(other) do not go together."
    case .oneRequired(let field, let other): "Either \(field) or \(other) is required."
    case .outOfRange(let field, let allowed): "\(field) must be \(allowed)."
    case .unknownValue(let field): "\(field) is not a value that this server knows."
    case .notADate(let field): "\(field) is not a date of the calendar."
    case .pageTokenForeign:
      "page_token belongs to another list or to other filters; start again with an empty one."
    case .noPrice(let sku, let customer, let currency, let day):
      "No price list has a price of \(sku) in \(currency) for \(customer) on \(day)."
    }
  }

  var field: String? {
    switch self {
    case .keyMissing, .keyInvalid, .keyReused: "metadata idempotency-key"
    case .dryRunNotBoolean: "metadata dry-run"
    case .callerNameLength: "metadata joinery-actor"
    case .oneRequired(let field, _), .notBoth(let field, _), .outOfRange(let field, _),
      .unknownValue(let field),
      .notADate(let field):
      field
    case .pageTokenForeign: "page_token"
    case .noPrice: nil
    }
  }

  private static let keyShape = "1 to 128 printable characters without blanks"
}
