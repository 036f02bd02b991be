import Finance
import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// The invariants that hold between an order and what other areas keep for it, one order at a time:
/// the rules are the very functions by which the verbs decide.
struct OrderAudit {
  let order: SalesOrder
  private var found: [InvariantViolation] = []

  private init(of order: SalesOrder) { self.order = order }

  /// Of all orders, in pages.
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    var exposures: [String: (whole: Int64, shipped: Int64)] = [:]
    var key: SalesOrders.Key?
    while true {
      let page = try SalesOrders.list(after: key, limit: 500, in: snapshot)
      for summary in page.orders {
        guard let order = try SalesOrders.find(number: summary.number, in: snapshot) else {
          continue
        }
        var audit = OrderAudit(of: order)
        try audit.check(in: snapshot)
        found += audit.found
        let exposure = try audit.exposure(in: snapshot)
        exposures[order.customerCode, default: (0, 0)].whole += exposure.whole
        exposures[order.customerCode, default: (0, 0)].shipped += exposure.shipped
      }
      guard let next = page.next else { break }
      key = next
    }
    return try found + wrongExposures(expected: exposures, in: snapshot)
  }

  /// Customers whose orders use other credit than is open of them.
  private static func wrongExposures(
    expected: [String: (whole: Int64, shipped: Int64)], in snapshot: Snapshot
  ) throws -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    var code: String?
    while true {
      let page = try Customers.list(after: code, limit: 500, in: snapshot)
      for customer in page {
        let use = try Receivables.exposure(of: customer, in: snapshot)
        let wanted = expected[customer.code, default: (0, 0)]
        for (text, stored, minor) in [
          ("The credit that orders use is not what is open of them", use.orders, wanted.whole),
          ("What of it has left is not what has", use.shipped, wanted.shipped),
        ] where stored.minor != minor {
          let open = Money(minor: minor, currency: stored.currency)
          found.append(
            InvariantViolation(
              "orders.exposure-matches", text,
              [Fact("customer", customer.code), Fact("open", open), Fact("stored", stored)]))
        }
      }
      guard let last = page.last else { return found }
      code = last.code
    }
  }

  private mutating func check(in snapshot: Snapshot) throws {
    let isPaid = try Receivables.open(of: order.reference, order.currency, in: snapshot).minor == 0
    try checkState(isPaid: isPaid)
    try checkPrices()
    try checkReservations(in: snapshot)
    try checkInvoices(in: snapshot)
    try checkSupply(in: snapshot)
    try checkVersion(in: snapshot)
    try checkHorizon(in: snapshot)
  }

  private mutating func checkState(isPaid: Bool) throws {
    let derived = order.state.derived(from: order.lines, isPaid: isPaid)
    guard derived != order.state else { return }
    report(
      "orders.state-is-derived", "The stored state is not what the quantities say",
      [Fact("stored", order.state.rawValue), Fact("derived", derived.rawValue)])
  }

  /// What the lines come to follows from their prices, discounts and adjustments, and the taxes
  /// from that, by the policy of the order. A draft that was never submitted has no prices.
  private mutating func checkPrices() throws {
    guard order.state != .draft, order.lines.allSatisfy({ $0.product != nil }) else { return }
    var taxable: [TaxableAmount] = []
    for line in order.lines {
      let amount = order.policy.isIncluded ? try line.net + line.tax : line.net
      taxable.append(TaxableAmount(amount, at: line.taxRate))
      let base = try line.unitPrice.amount(
        for: line.ordered, discount: line.discount, order.policy.rounding)
      // The average price of a graduated list is rounded to a millionth: half of that for each unit
      // is how far it may be off.
      let slack =
        line.hasAveragePrice
        ? try UnitPrice(micros: 1, currency: order.currency).amount(for: line.ordered).minor + 1 : 0
      guard abs(try (base - amount - line.reduction).minor) > slack else { continue }
      report(
        "orders.prices-make-amounts", "A line does not come to what its price says",
        [Fact("line", line.number), Fact("price", base), Fact("amount", amount)])
    }
    for (line, taxed) in zip(order.lines, try order.policy.tax(taxable))
    where taxed != TaxedAmount(net: line.net, tax: line.tax) {
      report(
        "orders.taxes-follow-policy", "A line's tax is not what the order's policy makes of it",
        [Fact("line", line.number), Fact("stored", line.tax), Fact("tax", taxed.tax)])
    }
  }

  /// Every open line of goods of a promised order wants exactly what is open; nothing else wants
  /// anything.
  private mutating func checkReservations(in snapshot: Snapshot) throws {
    let reservations = try Reservations.of(Origin(.salesOrder, order.number), in: snapshot)
    let wanted = Dictionary(
      reservations.map { ($0.origin.line, $0.wanted.micros) }, uniquingKeysWith: +)
    for line in order.lines {
      let needs = order.state.isPromised && line.isServedFromStock ? line.open.micros : 0
      guard wanted[line.number, default: 0] != needs else { continue }
      report(
        "orders.no-orphan-reservation", "What is reserved or waits is not what is open",
        [
          Fact("line", line.number), Fact("open", Quantity(micros: needs)),
          Fact("wanted", Quantity(micros: wanted[line.number, default: 0])),
        ])
    }
  }

  private mutating func checkInvoices(in snapshot: Snapshot) throws {
    var net: [Int: Int64] = [:]
    var tax: [Int: Int64] = [:]
    var quantity: [Int: Int64] = [:]
    for invoice in try Invoices.ofOrder(order.reference, in: snapshot) {
      for line in invoice.lines {
        net[line.orderLine, default: 0] += line.net.minor
        tax[line.orderLine, default: 0] += line.tax.minor
        quantity[line.orderLine, default: 0] += line.quantity.micros
      }
    }
    for line in order.lines {
      let share = try line.amount(upTo: line.invoiced)
      guard
        share.net.minor != net[line.number, default: 0]
          || share.tax.minor != tax[line.number, default: 0]
          || line.invoiced.micros != quantity[line.number, default: 0]
      else { continue }
      report(
        "orders.invoices-match-lines", "A line's invoices are not its share of the order",
        [
          Fact("line", line.number), Fact("share", share.net),
          Fact("invoiced", Money(minor: net[line.number, default: 0], currency: order.currency)),
        ])
    }
  }

  /// What is made to order and open is on the shelves for its line, or a work order will bring it.
  private mutating func checkSupply(in snapshot: Snapshot) throws {
    guard order.state.isPromised else { return }
    for line in order.lines where line.sourcing == .make && line.open.isPositive {
      let waiting = try Reservations.of(order.origin(of: line), in: snapshot).filter {
        $0.waiting.isPositive
      }
      for demand in waiting where try !WorkOrders.supplies(demand, in: snapshot) {
        report(
          "orders.make-line-has-supply",
          "A line that is made to order waits for nothing that will come",
          [Fact("line", line.number), Fact("waiting", demand.waiting)])
      }
    }
  }

  /// What was agreed last is what the order says.
  private mutating func checkVersion(in snapshot: Snapshot) throws {
    guard
      let last = try OrderVersionTable.holding(at: order.version, of: order.id, in: snapshot)
    else { return }
    for difference in last.differences(to: OrderVersion(first: order)) {
      report(
        "orders.version-is-order", "An order is otherwise than it was agreed last",
        [
          Fact("line", difference.line), Fact("agreed", difference.before),
          Fact("stored", difference.after),
        ])
    }
  }

  /// Nothing of it counts later in credit than it is wanted. What was wanted by the day on which it
  /// was written may count at any time.
  private mutating func checkHorizon(in snapshot: Snapshot) throws {
    let stored = try Receivables.wanted(of: order.reference, in: snapshot)
    guard !stored.isEmpty else { return }
    let open = Money(minor: try exposure(in: snapshot).whole, currency: order.baseCurrency)
    let wanted = try order.wantedParts(of: open)
    for part in stored {
      let day = part.day.adding(days: -1)
      guard stored.minor(after: day) > wanted.minor(after: day) else { continue }
      report(
        "orders.exposure-matches", "More of it counts in credit later than is wanted later",
        [Fact("wanted_on", part.day), Fact("stored", stored.minor(after: day))])
    }
  }

  /// What the order should expose us to, and what of that has left.
  private func exposure(in snapshot: Snapshot) throws -> (whole: Int64, shipped: Int64) {
    guard order.state.isPromised, !order.isPrepaid else { return (0, 0) }
    let unapplied = try Payments.unapplied(earmark: order.reference, order.currency, in: snapshot)
    let whole = max(0, try order.base(of: order.openToInvoice() - unapplied).minor)
    return (whole, min(whole, try order.base(of: order.shippedToInvoice()).minor))
  }

  private mutating func report(_ rule: String, _ text: String, _ facts: [Fact]) {
    found.append(InvariantViolation(rule, text, [Fact("order", order.number)] + facts))
  }
}

extension SalesOrderLine {
  /// Its units have different prices; `unitPrice` is their average.
  fileprivate var hasAveragePrice: Bool {
    priceExplanation.steps.contains { $0.rule == "PRICE_TIER" || $0.rule == "PACK_PRICE" }
  }
}
