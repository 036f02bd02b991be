/// What is on gift cards and which points a club member has, kept apart from the shop: each order
/// earns by its own sums, and what is left is what came less what went.
struct RewardModel {
  /// Something that paid a part of an order, in the order in which they came.
  enum Tender: Equatable {
    case cash(Int64)
    case card(String, Int64)
    /// Points, and the cents that they paid.
    case points(Int64, Int64)

    var cents: Int64 {
      switch self {
      case .cash(let cents), .card(_, let cents), .points(_, let cents): cents
      }
    }
  }

  /// Orders of the member.
  private(set) var orders: [String] = []
  /// Cents, by the code of the card.
  private(set) var cards: [String: Int64] = [:]
  private(set) var numbers: [String: String] = [:]
  /// Less than nothing where goods came back whose points were used.
  private(set) var points: Int64 = 0

  mutating func add(_ order: String) { orders.append(order) }

  mutating func sell(_ code: String, _ number: String, _ cents: Int64) {
    cards[code] = cents
    numbers[code] = number
  }

  mutating func replace(_ code: String, by new: String, _ number: String) {
    sell(new, number, cards.removeValue(forKey: code) ?? 0)
    numbers[code] = nil
  }

  mutating func use(_ tender: Tender) {
    switch tender {
    case .cash: break
    case .card(let code, let cents): cards[code, default: 0] -= cents
    case .points(let points, _): self.points -= points
    }
  }

  /// The first tenders pay the fee; what is left of each goes back to where it came from.
  mutating func refund(_ tenders: [Tender], less fee: Int64) {
    var rest = fee
    for tender in tenders {
      let kept = min(rest, tender.cents)
      rest -= kept
      let back = tender.cents - kept
      switch tender {
      case .cash: break
      case .card(let code, _): cards[code, default: 0] += back
      case .points(let points, let cents): self.points += (points * back * 2 + cents) / (2 * cents)
      }
    }
  }

  /// A point for each whole yuan that was not paid with points.
  mutating func earn(_ gross: Int64, _ tenders: [Tender]) { points += Self.earned(gross, tenders) }

  mutating func giveBack(_ gross: Int64, of whole: Int64, _ tenders: [Tender]) {
    points += Self.earned(whole - gross, tenders) - Self.earned(whole, tenders)
  }

  private static func earned(_ gross: Int64, _ tenders: [Tender]) -> Int64 {
    let withPoints = tenders.reduce(Int64(0)) { sum, tender in
      if case .points(_, let cents) = tender { sum + cents } else { sum }
    }
    return max(0, gross - withPoints) / 100
  }
}
