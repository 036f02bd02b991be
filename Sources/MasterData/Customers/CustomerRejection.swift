package import Values

/// What is refused about the people, places and groups of customers, in the order in which it is
/// checked. Texts about people are not repeated.
package enum CustomerRejection: Rejection, Hashable {
  /// Not two capital letters.
  case invalidCountry(field: String)
  /// Not six digits of GB/T 2260 in China, not one to six letters or digits elsewhere.
  case invalidRegion(field: String, country: String)
  /// What a postcode cannot begin with, or beside a region.
  case invalidPostcode(field: String)
  case invalidEmail(field: String)
  /// Empty once the blanks are gone, too long, or with other signs than letters, digits and dashes.
  case invalidTag(field: String)
  /// Nobody has said it yet.
  case saidInFuture(field: String)
  /// The same region twice, in `firstRow` before.
  case duplicateZone(field: String, country: String, prefix: String, firstRow: Int)
  case unknownContact(field: String, id: Int64, customer: String)
  case unknownAddress(field: String, id: Int64, customer: String)
  case unknownSegment(field: String, code: String)
  case tooMany(field: String, limit: Int)
  /// A group would be a part of itself.
  case groupAboveItself(field: String, code: String)
  /// No longer in use.
  case addressRetired(field: String, id: Int64)
  /// Zones are kept, and none of them has this region.
  /// `pickUps` are warehouses that it can be fetched from, `near` zones of regions near it, with
  /// whoever serves them.
  case addressNotServed(
    field: String, id: Int64, country: String, region: String, pickUps: [String], near: [String])
  /// More credit than one person alone may give.
  case limitTakesTwo(field: String, alone: Money)
}

extension CustomerRejection {
  package var kind: RejectionKind {
    switch self {
    case .invalidCountry, .invalidRegion, .invalidPostcode, .invalidEmail, .invalidTag,
      .saidInFuture, .duplicateZone:
      .invalid
    case .unknownContact, .unknownAddress, .unknownSegment: .notFound
    case .tooMany, .groupAboveItself, .addressRetired, .addressNotServed, .limitTakesTwo:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .invalidCountry: "INVALID_COUNTRY"
    case .invalidRegion: "INVALID_REGION"
    case .invalidPostcode: "INVALID_POSTCODE"
    case .invalidEmail: "INVALID_EMAIL"
    case .invalidTag: "INVALID_TAG"
    case .saidInFuture: "SAID_IN_FUTURE"
    case .duplicateZone: "DUPLICATE_ZONE"
    case .unknownContact: "UNKNOWN_CONTACT"
    case .unknownAddress: "UNKNOWN_ADDRESS"
    case .unknownSegment: "UNKNOWN_SEGMENT"
    case .tooMany: "TOO_MANY"
    case .groupAboveItself: "GROUP_ABOVE_ITSELF"
    case .addressRetired: "ADDRESS_RETIRED"
    case .addressNotServed: "ADDRESS_NOT_SERVED"
    case .limitTakesTwo: "CREDIT_LIMIT_TAKES_TWO"
    }
  }

  package var message: String {
    switch self {
    case .invalidCountry: "A country is two capital letters of ISO 3166-1, such as CN"
    case .invalidRegion(_, "CN"):
      "A region of China is six digits of GB/T 2260: province, city or 00, district or 00"
    case .invalidRegion: "A region is one to six capital letters or digits"
    case .invalidPostcode:
      "A postcode begins with one to ten capital letters or digits, and stands instead of a region"
    case .invalidEmail: "An e-mail address is a name, @ and a domain, without blanks"
    case .invalidTag: "A tag is 1 to 40 letters, digits, blanks or dashes"
    case .saidInFuture: "Nobody can have said this in the future"
    case .duplicateZone(_, let country, let prefix, let firstRow):
      "\(country) \(prefix) is already in row \(firstRow)"
    case .unknownContact(_, let id, let customer): "\(customer) has no contact \(id)"
    case .unknownAddress(_, let id, let customer): "\(customer) has no address \(id)"
    case .unknownSegment(_, let code): "There is no segment \(code)"
    case .tooMany(_, let limit): "There may be \(limit) at most"
    case .groupAboveItself(_, let code): "\(code) would belong to its own group"
    case .addressRetired(_, let id): "Address \(id) is no longer in use"
    case .addressNotServed(_, let id, let country, let region, let pickUps, let near):
      "No delivery zone has the region of address \(id), \(country) \(region)"
        + (pickUps.isEmpty ? "" : "; it can be fetched from \(pickUps.joined(separator: ", "))")
        + (near.isEmpty ? "" : "; served near it: \(near.joined(separator: "; "))")
    case .limitTakesTwo(_, let alone):
      "One person alone may give a limit of \(alone) at most: ask for more, and another decides"
    }
  }

  package var field: String? {
    switch self {
    case .invalidCountry(let field), .invalidRegion(let field, _), .invalidPostcode(let field),
      .invalidEmail(let field), .invalidTag(let field), .saidInFuture(let field),
      .duplicateZone(let field, _, _, _), .unknownContact(let field, _, _),
      .unknownAddress(let field, _, _),
      .unknownSegment(let field, _), .tooMany(let field, _), .groupAboveItself(let field, _),
      .addressRetired(let field, _), .addressNotServed(let field, _, _, _, _, _),
      .limitTakesTwo(let field, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .invalidCountry, .invalidPostcode, .invalidEmail, .invalidTag, .saidInFuture: []
    case .invalidRegion(_, let country): [Fact("country", country)]
    case .duplicateZone(_, let country, let prefix, let firstRow):
      [Fact("country", country), Fact("prefix", prefix), Fact("first_row", firstRow)]
    case .unknownContact(_, let id, let customer), .unknownAddress(_, let id, let customer):
      [Fact("id", id), Fact("customer", customer)]
    case .unknownSegment(_, let code), .groupAboveItself(_, let code): [Fact("code", code)]
    case .tooMany(_, let limit): [Fact("limit", limit)]
    case .addressRetired(_, let id): [Fact("id", id)]
    case .addressNotServed(_, let id, let country, let region, let pickUps, let near):
      [
        Fact("id", id), Fact("country", country), Fact("region", region),
        Fact("pick_up", pickUps.joined(separator: ", ")),
        Fact("near", near.joined(separator: "; ")),
      ].filter { !$0.value.isEmpty }
    case .limitTakesTwo(_, let alone): [Fact("credit_limit_alone", alone)]
    }
  }
}
