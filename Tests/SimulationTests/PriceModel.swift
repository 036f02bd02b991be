/// Prices of one list and what rules suggest instead, in whole days, cents and pieces. It shares
/// nothing with the product: shares are of ten thousand, and endings are found by walking over all
/// prices between two bounds.
struct PriceModel {
  /// Of a product: what holds, since when, and the last that no suggestion made.
  struct Price {
    var cents: Int64
    var since: Int
    var list: Int64
  }

  struct Stock {
    /// Those of each receipt that are still there, the oldest first.
    var receipts: [(day: Int, count: Int64)] = []
    /// Cents that all on hand cost together.
    var value: Int64 = 0
    /// Of orders, by their day.
    var sold: [(day: Int, count: Int64)] = []
    var reserved: Int64 = 0
    var onHand: Int64 { receipts.reduce(0) { $0 + $1.count } }
  }

  struct Suggestion {
    enum State { case open, pending, accepted, rejected, expired, stale }
    let sku: String
    let rule: String
    let from: Price
    let cents: Int64
    let isBeyond: Bool
    let until: Int
    var state = State.open
    var by = ""
    var decided = 0
  }

  var prices: [String: Price] = [:]
  var stock: [String: Stock] = [:]
  /// By id less one.
  var suggestions: [Suggestion] = []

  static let window = 10
  static let expiry = 5

  /// What a rule comes to, and how it may be accepted; nil where none fits.
  private struct Wish {
    let rule: String
    /// Ten-thousandths.
    let change: Int64
    let down: Int64
    let up: Int64
    let listDown: Int64
    let listUp: Int64
    let floor: Int64?
    let days: Int
    var beyond = false
    var ending: (step: Int64, rest: Int64)?
  }

  /// The rules of `PriceSimulationTests`, in their order.
  private func wish(_ sku: String, on day: Int) -> Wish? {
    let stock = stock[sku] ?? Stock()
    let sold = stock.sold.filter { $0.day < day && $0.day >= day - Self.window }
      .reduce(0) { $0 + $1.count }
    let free = stock.onHand - stock.reserved
    // Free ÷ (sold ÷ window) against days, without a division.
    let lasts = { (days: Int64) in
      sold == 0 ? free > 0 : free * Int64(Self.window) >= days * sold
    }
    let oldest = stock.receipts.first { $0.count > 0 }?.day
    if let oldest, day - oldest >= 20 {
      return Wish(
        rule: "OLD", change: -3_000, down: 1_000, up: 0, listDown: 4_000, listUp: 0, floor: 1_000,
        days: 4, beyond: true)
    }
    if lasts(30) {
      return Wish(
        rule: "SLOW", change: -800, down: 1_000, up: 0, listDown: 2_500, listUp: 0, floor: 2_000,
        days: 3, ending: (100, 90))
    }
    if sold > 0, !lasts(5) || free * Int64(Self.window) == 5 * sold {
      return Wish(
        rule: "SCARCE", change: 700, down: 0, up: 500, listDown: 0, listUp: 1_500, floor: nil,
        days: 2)
    }
    return nil
  }

  /// The sign of a suggestion: its product, rule and price.
  func suggested(_ sku: String, on day: Int) -> Suggestion? {
    guard let price = prices[sku], let wish = wish(sku, on: day) else { return nil }
    let own = suggestions.filter { $0.sku == sku }
    if own.contains(where: { isOpen($0, on: day) && isCurrent($0) }) { return nil }
    if price.since + wish.days > day { return nil }
    if let last = own.last(where: { $0.state == .rejected && $0.rule == wish.rule }),
      last.decided + wish.days > day
    {
      return nil
    }
    guard let cents = cents(wish, price, sku) else { return nil }
    return Suggestion(
      sku: sku, rule: wish.rule, from: price, cents: cents,
      isBeyond: !isInBand(cents, wish, price), until: day + Self.expiry)
  }

  func isOpen(_ one: Suggestion, on day: Int) -> Bool {
    (one.state == .open || one.state == .pending) && one.until >= day
  }

  func isCurrent(_ one: Suggestion) -> Bool {
    prices[one.sku].map { $0.cents == one.from.cents && $0.since == one.from.since } ?? false
  }

  private func isInBand(_ cents: Int64, _ wish: Wish, _ price: Price) -> Bool {
    cents * 10_000 >= price.cents * (10_000 - wish.down)
      && cents * 10_000 <= price.cents * (10_000 + wish.up)
      && cents * 10_000 >= price.list * (10_000 - wish.listDown)
      && cents * 10_000 <= price.list * (10_000 + wish.listUp)
  }

  /// Whether so many cents leave a margin over what one costs, which is known to a millionth of the
  /// yuan.
  func keeps(_ floor: Int64, _ cents: Int64, _ sku: String) -> Bool {
    guard let stock = stock[sku], stock.onHand > 0 else { return false }
    let micros = (stock.value * 10_000 * 2 + stock.onHand) / (stock.onHand * 2)
    return cents * 10_000 * (10_000 - floor) >= micros * 10_000
  }

  static func floor(of rule: String) -> Int64? {
    rule == "OLD" ? 1_000 : rule == "SLOW" ? 2_000 : nil
  }

  private func cents(_ wish: Wish, _ price: Price, _ sku: String) -> Int64? {
    if wish.floor != nil, (stock[sku]?.onHand ?? 0) == 0 { return nil }
    // In ten-thousandths of a cent.
    let wanted = price.cents * (10_000 + wish.change)
    let isDown = wish.change < 0
    let possible = (isDown ? 1...max(1, price.cents - 1) : (price.cents + 1)...(price.cents * 2))
      .filter { cents in
        (wish.beyond || isInBand(cents, wish, price))
          && (wish.floor.map { keeps($0, cents, sku) } ?? true)
      }
    guard price.cents > 1 || !isDown, let low = possible.first, let high = possible.last else {
      return nil
    }
    let held = min(max(wanted, low * 10_000), high * 10_000)
    let ended = wish.ending.map { ending in
      possible.filter { $0 % ending.step == ending.rest }
    }
    let choice = (ended?.isEmpty ?? true) ? possible : ended ?? possible
    // The nearest; of two the smaller change.
    return choice.min { one, other in
      let (first, second) = (abs(one * 10_000 - held), abs(other * 10_000 - held))
      return first != second ? first < second : isDown ? one > other : one < other
    }
  }

  mutating func accept(_ index: Int, on day: Int) {
    let one = suggestions[index]
    suggestions[index].state = .accepted
    prices[one.sku] = Price(cents: one.cents, since: day, list: one.from.list)
  }

  mutating func take(_ sku: String, _ count: Int64, on day: Int) {
    guard var stock = stock[sku] else { return }
    let all = stock.onHand
    // What leaves costs its share, rounded once; the last takes the rest.
    let cost = count == all ? stock.value : (stock.value * count * 2 + all) / (all * 2)
    stock.value -= cost
    var left = count
    for index in stock.receipts.indices where left > 0 {
      let part = min(left, stock.receipts[index].count)
      stock.receipts[index].count -= part
      left -= part
    }
    stock.receipts.removeAll { $0.count == 0 }
    self.stock[sku] = stock
  }
}
