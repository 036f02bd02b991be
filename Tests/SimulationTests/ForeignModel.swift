/// What orders in other currencies should come to in the books: integers of the smallest units,
/// each rounded half up. It shares nothing with the product.
struct ForeignModel {
  /// Something in its currency, and what it is worth in fen.
  struct Worth: Equatable {
    var amount: Int64 = 0
    var base: Int64 = 0

    /// Takes a part out: all that it is worth with the last of it.
    mutating func take(_ part: Int64) -> Worth {
      let share =
        part == amount ? base : ForeignModel.quotient(base * part, max(1, amount))
      amount -= part
      base -= share
      return Worth(amount: part, base: share)
    }

    mutating func put(_ other: Worth) {
      amount += other.amount
      base += other.base
    }
  }

  /// Money that came in, with what it pays: as money, and as part of the invoice.
  struct Money: Equatable {
    var left: Worth
    var paid = Worth()
    var paidBill: Int64 = 0
  }

  struct Order: Equatable {
    let customer: String
    let count: Int64
    let net: Int64
    let tax: Int64
    /// At which it counts: fen for so many smallest units.
    let rate: Rate
    /// Of the invoice; nil before it.
    var bill: Worth?
    var lineBase: (net: Int64, tax: Int64) = (0, 0)
    var returned: Int64 = 0
    /// The oldest first.
    var money: [Money] = []

    var gross: Int64 { net + tax }
    var unused: Int64 { money.reduce(0) { $0 + $1.left.amount } }

    static func == (left: Order, right: Order) -> Bool {
      left.customer == right.customer && left.money == right.money && left.bill == right.bill
    }
  }

  struct Rate: Equatable {
    /// Millionths of a yuan for `units` of the major unit.
    var micros: Int64
    let units: Int64
    /// Smallest units of the major unit.
    let scale: Int64

    func base(_ amount: Int64) -> Int64 {
      ForeignModel.quotient(amount * micros * 100, units * 1_000_000 * scale)
    }
  }

  static func quotient(_ number: Int64, _ divisor: Int64) -> Int64 {
    (2 * number + divisor) / (2 * divisor)
  }

  static let currencies = ["EURO": "EUR", "YEN": "JPY"]

  var rates = [
    "EURO": Rate(micros: 7_800_000, units: 1, scale: 100),
    "YEN": Rate(micros: 4_700_000, units: 100, scale: 1),
  ]
  var orders: [String: Order] = [:]
  /// In fen, since the beginning: less than nothing for a loss.
  private(set) var gain: Int64 = 0

  /// What a stool costs: 65.40 euros by a list of theirs, or 499.00 yuan in yen.
  func order(of count: Int64, for customer: String) -> Order? {
    guard let rate = rates[customer] else { return nil }
    let micros =
      customer == "EURO"
      ? 65_400_000 : Self.quotient(499_000_000 * rate.units * 1_000_000, rate.micros)
    let net = Self.quotient(micros * count * rate.scale, 1_000_000)
    return Order(
      customer: customer, count: count, net: net, tax: (net * 13 + 50) / 100, rate: rate)
  }

  mutating func pay(_ number: String, _ amount: Int64) {
    guard var order = orders[number], let rate = rates[order.customer] else { return }
    order.money.append(Money(left: Worth(amount: amount, base: rate.base(amount))))
    apply(&order)
    orders[number] = order
  }

  mutating func invoice(_ number: String) -> Int64 {
    guard var order = orders[number], let rate = rates[order.customer] else { return 0 }
    let whole = rate.base(order.gross)
    order.bill = Worth(amount: order.gross, base: whole)
    order.lineBase = (rate.base(order.net), whole - rate.base(order.net))
    apply(&order)
    orders[number] = order
    return whole
  }

  private mutating func apply(_ order: inout Order) {
    guard var bill = order.bill else { return }
    for index in order.money.indices where bill.amount > 0 {
      let part = min(order.money[index].left.amount, bill.amount)
      let (given, taken) = (order.money[index].left.take(part), bill.take(part))
      order.money[index].paid.put(given)
      order.money[index].paidBill += taken.base
      gain += given.base - taken.base
    }
    order.bill = bill
  }

  /// Credits pieces that come back and gives out what is free then; returns both.
  mutating func giveBack(_ number: String, _ count: Int64) -> (credited: Int64, refund: Int64) {
    guard var order = orders[number], var bill = order.bill, let rate = rates[order.customer]
    else { return (0, 0) }
    func share(_ whole: Int64) -> Int64 {
      Self.quotient(whole * (order.returned + count), order.count)
        - Self.quotient(whole * order.returned, order.count)
    }
    let credited = share(order.net) + share(order.tax)
    var rest = max(0, credited - bill.amount)
    for index in order.money.indices.reversed() where rest > 0 {
      let part = min(rest, order.money[index].paid.amount)
      guard part > 0 else { continue }
      var billed = Worth(amount: order.money[index].paid.amount, base: order.money[index].paidBill)
      let (freed, opened) = (order.money[index].paid.take(part), billed.take(part))
      order.money[index].paidBill = billed.base
      order.money[index].left.put(freed)
      bill.put(opened)
      gain -= freed.base - opened.base
      rest -= part
    }
    bill.amount -= credited
    bill.base -= share(order.lineBase.net) + share(order.lineBase.tax)
    if bill.amount == 0 || bill.base < 0 {
      gain -= bill.base
      bill.base = 0
    }
    order.bill = bill
    order.returned += count
    let refund = order.unused
    for index in order.money.indices {
      let out = order.money[index].left.take(order.money[index].left.amount)
      gain += out.base - rate.base(out.amount)
    }
    orders[number] = order
    return (credited, refund)
  }

  /// Debits less credits of what is owed to us, of a currency.
  func receivable(_ customer: String) -> Worth {
    var sum = Worth()
    for order in orders.values where order.customer == customer { sum.put(order.bill ?? Worth()) }
    return sum
  }

  /// Of what we owe: money that nothing has used.
  func deposits(_ customer: String) -> Worth {
    var sum = Worth()
    for order in orders.values where order.customer == customer {
      for money in order.money { sum.put(money.left) }
    }
    return sum
  }

  /// In fen.
  func exposure(_ customer: String) -> Int64 {
    orders.values.filter { $0.customer == customer }.reduce(0) { sum, order in
      sum + (order.bill?.base ?? order.rate.base(max(0, order.gross - order.unused)))
    }
  }
}
