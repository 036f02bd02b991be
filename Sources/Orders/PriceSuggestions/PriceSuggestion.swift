package import MasterData
package import Storage
package import Values

/// Another price for a product of a list: what a rule came to, with all that it was computed from.
package struct PriceSuggestion: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Can become any of the others.
    case open = "OPEN"
    /// Accepted, and beyond the band: can become `accepted`, `rejected`, `expired` or `stale`.
    case pending = "PENDING"
    /// It is a price.
    case accepted = "ACCEPTED"
    case rejected = "REJECTED"
    case expired = "EXPIRED"
    /// The price that it was computed from was changed.
    case stale = "STALE"

    /// Those that somebody may still decide about.
    package var isOpen: Bool { self == .open || self == .pending }
  }

  /// Which price of which list.
  package struct Subject: Hashable, Sendable {
    package let list: ID<PriceList>
    package let listCode: String
    package let product: ID<Product>
    package let sku: String
    package let minimumQuantity: Quantity
    /// Base unit of the product, in which the quantities count.
    package let baseUnit: String
    /// That the prices are for one of.
    package let unit: String
  }

  package internal(set) var id: ID<PriceSuggestion> = ID(0)
  package let subject: Subject
  /// In force when it was made.
  package let price: UnitPrice
  package let priceFrom: Day
  /// The last price that no suggestion made.
  package let listPrice: UnitPrice
  package let suggested: UnitPrice
  package let isBeyondBand: Bool
  package let policyVersion: Int64
  package let ruleCode: String
  /// The day that its facts are of.
  package let facts: PriceFacts
  /// The day that it was made for, or somebody has accepted it for.
  package internal(set) var validFrom: Day
  package let expiresOn: Day
  package let explanation: Explanation
  package let costExplanation: Explanation
  /// As stored: one whose days are over may still be open there.
  package internal(set) var state: State = .open
  package internal(set) var acceptedBy: String?
  package internal(set) var decidedBy: String?
  package internal(set) var decidedAt: Instant?
  package internal(set) var decidedOn: Day?
  package internal(set) var reason = ""
  package internal(set) var appliedFrom: Day?

  package var suggestedOn: Day { facts.today }

  /// What has become of it by a day.
  package func state(on day: Day) -> State {
    state.isOpen && expiresOn < day ? .expired : state
  }

  package var suggestedMargin: Rate? { facts.margin(at: suggested) }

  var reference: DocumentReference {
    DocumentReference(.masterData, "price-suggestion/\(id.value)")
  }

  /// Whether it was computed from this price.
  func isFrom(_ price: Price?) -> Bool {
    guard let price else { return false }
    return price.said == self.price && price.validFrom == priceFrom
      && price.saidUnit ?? subject.baseUnit == subject.unit
  }

  func record(_ type: String, by actor: String, _ facts: [Fact] = [], in tx: Transaction) {
    tx.record(
      DomainEvent(
        type, reference,
        [
          Fact("price_list", subject.listCode), Fact("sku", subject.sku), Fact("price", price),
          Fact("suggested_price", suggested), Fact("rule", ruleCode), Fact("actor", actor),
        ] + facts))
  }
}

extension PriceSuggestion.State: Bindable {}

/// Questions about suggestions.
package enum PriceSuggestions {
  package struct Filter: Hashable, Sendable {
    package var state: PriceSuggestion.State?
    /// Nil for any, as the next two.
    package var list: String?
    package var sku: String?
    package var rule: String?

    package init(
      state: PriceSuggestion.State? = nil, list: String? = nil, sku: String? = nil,
      rule: String? = nil
    ) {
      self.state = state
      self.list = list
      self.sku = sku
      self.rule = rule
    }
  }

  package static func require(
    _ id: ID<PriceSuggestion>, field: String, in snapshot: Snapshot
  ) throws -> PriceSuggestion {
    guard let found = try PriceSuggestionTable.find(id, in: snapshot) else {
      throw PriceSuggestionRejection.unknownSuggestion(field: field, id: id.value)
    }
    return found
  }

  /// Those that were made together, by the first and the last of them, in their order.
  package static func made(
    from first: ID<PriceSuggestion>, through last: ID<PriceSuggestion>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PriceSuggestion] {
    try PriceSuggestionTable.made(from: first, through: last, limit: limit, in: snapshot)
  }

  /// The newest first, from the one before `id` on (nil: from the newest); states are those of the
  /// day.
  package static func list(
    _ filter: Filter, on day: Day, before id: ID<PriceSuggestion>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PriceSuggestion] {
    try PriceSuggestionTable.list(
      filter, on: day, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}
