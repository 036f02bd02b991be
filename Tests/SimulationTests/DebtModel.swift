/// What customers owe, how far they were reminded of it and when complaints must be looked at, in
/// whole days, cents and minutes. It shares nothing with the product: business hours are counted by
/// walking over the minutes.
struct DebtModel {
  struct Debt {
    let customer: String
    let order: String
    let dueOn: Int
    let sequence: Int
    var open: Int64
    /// Of the interest on it.
    var booked: Int64 = 0
    var level = 0
    /// Of this invoice alone; each its last day.
    var stops: [Int] = []
    var promises: [(day: Int, amount: Int64, open: Int64)] = []
    var isDisputed = false
  }

  /// What a letter claims and is booked.
  struct Claim {
    let customer: String
    let dueOn: Int
    let sequence: Int
    /// With tax.
    var fee: Int64
    var interest: Int64
    var open: Int64
  }

  struct Case {
    let invoice: String
    /// Minutes since the beginning of the first day.
    var due: Int
    /// Worked minutes that are left while it stands still, and until when it does.
    var pause: (left: Int, until: Int)?
    var level = 0
  }

  /// Days overdue, and what the first two letters of all are about.
  static let levels = [7, 21, 45]
  static let minimum: Int64 = 10_000
  static let term = 18 * 60

  /// Numbers of the invoices, the oldest first.
  var invoices: [String] = []
  var debts: [String: Debt] = [:]
  var cases: [String: Case] = [:]
  var claims: [String: Claim] = [:]
  /// Money that nothing needs.
  var free: [String: Int64] = [:]
  var sequence = 0
  /// Stops of all of a customer, by their last day.
  var stops: [String: [Int]] = [:]

  func isHeldBack(_ debt: Debt, on day: Int) -> Bool {
    let until = (debt.stops + stops[debt.customer, default: []]).max() ?? -1
    return until >= day || debt.promises.last.map { $0.day >= day } ?? false || debt.isDisputed
      || debt.open < Self.minimum
  }

  /// Raises what has reached a level: by customer, the longest overdue first.
  mutating func run(on day: Int) -> [String: [(invoice: String, level: Int)]] {
    var letters: [String: [(invoice: String, level: Int)]] = [:]
    for number in invoices {
      guard var debt = debts[number], debt.open > 0, !isHeldBack(debt, on: day) else { continue }
      let reached = Self.levels.filter { day - debt.dueOn >= $0 }.count
      guard reached > debt.level else { continue }
      debt.level = reached
      debts[number] = debt
      letters[debt.customer, default: []].append((number, reached))
    }
    for (customer, lines) in letters {
      letters[customer] = lines.enumerated().sorted { one, other in
        let days = (
          debts[one.element.invoice]?.dueOn ?? 0, debts[other.element.invoice]?.dueOn ?? 0
        )
        return days.0 == days.1 ? one.offset < other.offset : days.0 < days.1
      }.map(\.element)
    }
    return letters
  }

  /// The third level holds orders, unless nobody is reminded of it.
  func isBlocked(_ customer: String, on day: Int) -> Bool {
    debts.values.contains {
      $0.customer == customer && $0.open > 0 && $0.level == 3 && !isHeldBack($0, on: day)
    }
  }

  // MARK: Money

  mutating func next() -> Int {
    sequence += 1
    return sequence
  }

  func openClaims(_ customer: String) -> Int64 {
    claims.values.reduce(0) { $0 + ($1.customer == customer ? $1.open : 0) }
  }

  func open(_ customer: String) -> Int64 {
    debts.values.reduce(openClaims(customer)) { $0 + ($1.customer == customer ? $1.open : 0) }
  }

  /// Money for nothing in particular pays what is due first, whatever it is.
  mutating func pay(_ customer: String, _ cents: Int64) {
    var rest = cents
    let due =
      debts.filter { $0.value.customer == customer && $0.value.open > 0 }
      .map { (isDebt: true, key: $0.key, on: $0.value.dueOn, sequence: $0.value.sequence) }
      + claims.filter { $0.value.customer == customer && $0.value.open > 0 }
      .map { (isDebt: false, key: $0.key, on: $0.value.dueOn, sequence: $0.value.sequence) }
    for item in due.sorted(by: { ($0.on, $0.sequence) < ($1.on, $1.sequence) }) {
      let open = item.isDebt ? debts[item.key]?.open : claims[item.key]?.open
      let part = min(rest, open ?? 0)
      if item.isDebt { debts[item.key]?.open -= part } else { claims[item.key]?.open -= part }
      rest -= part
    }
    free[customer, default: 0] += rest
  }

  /// What is taken back goes off what is open, and what was paid of it pays what else is due. False
  /// where nothing is left of it.
  mutating func waive(_ letter: String, fee: Bool, interest: Bool) -> Bool {
    guard var claim = claims[letter] else { return false }
    let credit = (fee ? claim.fee : 0) + (interest ? claim.interest : 0)
    guard credit > 0 else { return false }
    if fee { claim.fee = 0 }
    if interest { claim.interest = 0 }
    let released = max(0, credit - claim.open)
    claim.open = max(0, claim.open - credit)
    claims[letter] = claim
    pay(claim.customer, released)
    return true
  }

  // MARK: Clocks

  /// Monday to Friday, 9 to 18; the first day is a Monday.
  private static func isWorked(_ minute: Int) -> Bool {
    (minute / 1_440) % 7 < 5 && (540..<1_080).contains(minute % 1_440)
  }

  static func worked(from start: Int, to end: Int) -> Int {
    start < end ? (start..<end).count { isWorked($0) } : 0
  }

  /// The end of the last of so many worked minutes; the moment itself, or when work begins, for
  /// none.
  static func deadline(_ left: Int, from start: Int) -> Int {
    var (minute, rest) = (start, left)
    while rest > 0 || !(isWorked(minute) || (minute > 0 && isWorked(minute - 1))) {
      if isWorked(minute) { rest -= 1 }
      minute += 1
    }
    return minute
  }
}
