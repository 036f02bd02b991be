/// What customers owe, how far they were reminded of it and when complaints must be looked at, in
/// whole days, cents and minutes. It shares nothing with the product: business hours are counted by
/// walking over the minutes.
struct DebtModel {
  struct Debt {
    let customer: String
    let order: String
    let dueOn: Int
    var open: Int64
    var level = 0
    /// Of this invoice alone; each its last day.
    var stops: [Int] = []
    var promises: [(day: Int, amount: Int64, open: Int64)] = []
    var isDisputed = false
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
