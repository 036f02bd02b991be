internal import MasterData
internal import Orders
internal import Storage
internal import Values

extension NoticeValues {
  /// Lines of one notice.
  private static let limit = 50

  /// Prices that were suggested: one, those of an event, or else all that wait. Nothing that says
  /// what goods cost.
  mutating func addPrices(
    _ number: String, facts: [Fact], on day: Day, in snapshot: Snapshot
  ) throws {
    func fact(_ name: String) -> Int64? {
      facts.first { $0.name == name }.flatMap { Int64($0.value) }
    }
    var suggestions: [PriceSuggestion]
    if let first = fact("first_id"), let last = fact("last_id") {
      suggestions = try PriceSuggestions.made(
        from: ID(first), through: ID(last), limit: Self.limit, in: snapshot)
    } else if number == "price-suggestions" {
      suggestions = try PriceSuggestions.list(
        .init(state: .open), on: day, limit: Self.limit, in: snapshot)
    } else {
      let id = number.split(separator: "/").last.flatMap { Int64($0) } ?? 0
      suggestions = [
        try PriceSuggestions.require(ID(id), field: "document_number", in: snapshot)
      ]
    }
    let all = fact("suggestions") ?? Int64(suggestions.count)
    let beyond = fact("beyond_band") ?? Int64(suggestions.count { $0.isBeyondBand })
    values["prices.suggested"] = "\(all)"
    values["prices.waiting"] =
      "\(fact("waiting") ?? Int64(suggestions.count { $0.state(on: day).isOpen }))"
    values["prices.beyond_band"] = beyond > 0 ? "\(beyond)" : nil
    values["prices.not_shown"] =
      all > suggestions.count ? "\(all - Int64(suggestions.count))" : nil
    let products = try Products.find(skus: suggestions.map(\.subject.sku), in: snapshot)
    lines = zip(suggestions, products).map { Self.line($0, $1) }
  }

  private static func line(_ one: PriceSuggestion, _ product: Product?) -> [String: String] {
    var line = [
      "line.number": "\(one.id.value)", "line.sku": one.subject.sku,
      "line.price_list": one.subject.listCode, "line.unit": one.subject.unit,
      "line.price": one.price.description, "line.suggested_price": one.suggested.description,
      "line.valid_from": one.validFrom.description, "line.rule": one.ruleCode,
    ]
    line["line.description"] = product?.name
    line["line.minimum"] =
      one.subject.minimumQuantity.isPositive ? one.subject.minimumQuantity.description : nil
    line["line.beyond_band"] = one.isBeyondBand ? "yes" : nil
    line["line.accepted_by"] = one.acceptedBy
    line["line.applied_from"] = one.appliedFrom?.description
    return line
  }
}
