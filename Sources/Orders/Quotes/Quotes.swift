import MasterData
package import Storage
package import Values

/// Questions about quotes.
package enum Quotes {
  /// The quote that a field of a request names, with a revision (0: the newest); refuses an unknown
  /// one, and one out of scope.
  package static func require(
    number: String, revision: Int = 0, field: @autoclosure () -> String = "revision",
    in snapshot: Snapshot
  ) throws -> OfferedQuote {
    let quote = try require(number, field: "number", in: snapshot)
    let wanted = revision == 0 ? quote.revisions : revision
    guard var found = try QuoteTable.revision(wanted, of: quote.id, in: snapshot) else {
      throw QuoteRejection.unknownRevision(field: field(), quote: number, revision: revision)
    }
    found.variants = try QuoteVariantTable.list(of: quote, found, in: snapshot)
    return OfferedQuote(quote: quote, revision: found)
  }

  /// For verbs, which change the one and read the other.
  static func requireNewest(
    number: String, in snapshot: Snapshot
  ) throws -> (quote: Quote, revision: QuoteRevision) {
    let found = try require(number: number, in: snapshot)
    return (found.quote, found.revision)
  }

  /// All revisions of a quote, oldest first; their variants have no lines.
  package static func revisions(
    ofNumber number: String, in snapshot: Snapshot
  ) throws -> [QuoteRevision] {
    let quote = try require(number, field: "number", in: snapshot)
    return try QuoteTable.revisions(of: quote.id, in: snapshot).map { revision in
      var revision = revision
      revision.variants = try QuoteVariantTable.headers(of: quote, revision, in: snapshot)
      return revision
    }
  }

  /// Without what it offers.
  static func require(_ number: String, field: String, in snapshot: Snapshot) throws -> Quote {
    guard let quote = try QuoteTable.find(number, in: snapshot) else {
      throw QuoteRejection.unknownQuote(field: field, number: number).ifNamed(number)
    }
    return quote
  }

  /// Which quotes a list is to show.
  package struct Filter: Hashable, Sendable {
    package var customerCode: String?
    package var state: QuoteState?

    package init(customerCode: String? = nil, state: QuoteState? = nil) {
      self.customerCode = customerCode
      self.state = state
    }
  }

  /// What all lists have in common.
  struct Range {
    let before: ID<Quote>
    let state: QuoteState?
    let validFrom: Day
    let validUntil: Day
    let limit: Int
  }

  /// The newest first, from the one before `id` on (nil: from the newest), as they stand on `day`.
  package static func list(
    _ filter: Filter = Filter(), before id: ID<Quote>? = nil, limit: Int, on day: Day,
    in snapshot: Snapshot
  ) throws -> [Quote] {
    let first = Day(daysSinceEpoch: .min)
    let last = Day(daysSinceEpoch: .max)
    let range = Range(
      before: id ?? ID(.max), state: filter.state == .expired ? .open : filter.state,
      validFrom: filter.state == .open ? day : first,
      validUntil: filter.state == .expired ? day.adding(days: -1) : last, limit: limit)
    if let customer = filter.customerCode {
      return try QuoteTable.ofCustomer(customer, range, in: snapshot)
    }
    if let state = range.state { return try QuoteTable.inState(state, range, in: snapshot) }
    return try QuoteTable.all(range, in: snapshot)
  }
}
