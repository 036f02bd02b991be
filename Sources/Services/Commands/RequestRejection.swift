internal import Values

/// What is wrong with a request before any area looks at it.
enum RequestRejection: Rejection, Equatable {
  case keyMissing
  case keyReused(String, method: String)
  case dryRunNotBoolean
  case callerNameLength
  case required(String)
  case outOfRange(String, allowed: String)
  case unknownValue(String)
  case notADate(String)
  case unknownCurrency(String, String)
  case pageTokenForeign
  case unknownTimeZone(String, String)
  case wrongUnit(String, given: String, expected: String, sku: String)
  case noPrice(sku: String, customer: String, day: Day)

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
    case .keyReused: "IDEMPOTENCY_KEY_REUSED"
    case .dryRunNotBoolean: "DRY_RUN_NOT_BOOLEAN"
    case .callerNameLength: "CALLER_NAME_LENGTH"
    case .required: "REQUIRED"
    case .outOfRange: "OUT_OF_RANGE"
    case .unknownValue: "UNKNOWN_VALUE"
    case .notADate: "NOT_A_DATE"
    case .unknownCurrency: "UNKNOWN_CURRENCY"
    case .pageTokenForeign: "PAGE_TOKEN_FOREIGN"
    case .unknownTimeZone: "UNKNOWN_TIME_ZONE"
    case .wrongUnit: "WRONG_UNIT"
    case .noPrice: "NO_PRICE"
    }
  }

  var message: String {
    switch self {
    case .keyMissing:
      "A command needs the metadata idempotency-key: 1 to 128 printable characters without blanks, "
        + "chosen by the caller and sent again when it retries."
    case .keyReused(let key, let method):
      "The idempotency key \(key) was used before for another request of \(method)."
    case .dryRunNotBoolean: "The metadata dry-run is \"true\" or \"false\"."
    case .callerNameLength: "The metadata joinery-actor has 1 to 100 characters."
    case .required(let field): "\(field) is required."
    case .outOfRange(let field, let allowed): "\(field) must be \(allowed)."
    case .unknownValue(let field): "\(field) is not a value that this server knows."
    case .notADate(let field): "\(field) is not a date of the calendar."
    case .unknownCurrency(let field, let code):
      "\(field): \"\(code)\" is not a currency code of ISO 4217."
    case .pageTokenForeign:
      "page_token belongs to another list or to other filters; start again with an empty one."
    case .unknownTimeZone(_, let zone): "\"\(zone)\" is no IANA time zone that this machine knows."
    case .wrongUnit(_, let given, let expected, let sku):
      "\(sku) is counted in \(expected), not in \(given)."
    case .noPrice(let sku, let customer, let day):
      "No price list has a price of \(sku) for \(customer) on \(day)."
    }
  }

  var field: String? {
    switch self {
    case .keyMissing, .keyReused: "metadata idempotency-key"
    case .dryRunNotBoolean: "metadata dry-run"
    case .callerNameLength: "metadata joinery-actor"
    case .required(let field), .outOfRange(let field, _), .unknownValue(let field),
      .notADate(let field), .unknownCurrency(let field, _):
      field
    case .pageTokenForeign: "page_token"
    case .unknownTimeZone(let field, _), .wrongUnit(let field, _, _, _): field
    case .noPrice: nil
    }
  }
}
