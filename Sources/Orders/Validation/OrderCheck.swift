import Finance
import MasterData
import Storage
import Values

/// What speaks against one order as it came in. Nothing in it is about a person: it stays when
/// somebody is forgotten.
struct Finding: Hashable, Sendable {
  /// Code of the rule, or of what else was found.
  let cause: String
  /// Of the rule; nil where there is none.
  let policy: Int64?
  /// What the order is held for; nil to refuse it.
  let hold: OrderHoldKind?
  /// Of a request to place the order; nil where no single one is at fault.
  let field: String?
  /// One sentence for people.
  let text: String
  let facts: [Fact]

  var step: Explanation.Step {
    Explanation.Step(cause, text, (policy.map { [Fact("policy", $0)] } ?? []) + facts)
  }

  /// Refuses with all findings of rules that hold for nothing.
  static func checkRefusals(_ findings: [Finding]) throws {
    try Rejections.check(findings.filter { $0.hold == nil }.map(\.rejection))
  }

  var rejection: ValidationRejection {
    .ruleBroken(field: field, rule: cause, policy: policy, text: text, facts: facts)
  }
}

extension ValidationRule {
  func finding(
    _ policy: Int64, _ field: String, _ text: String, _ facts: [Fact]
  ) -> Finding {
    Finding(cause: code, policy: policy, hold: hold, field: field, text: text, facts: facts)
  }
}

/// The rules that an order has to keep, and what those found that need nothing but the order: it is
/// made ahead of the transaction. What depends on other orders is found in it.
struct OrderCheck: Sendable {
  let policy: Int64
  /// Those that fit the order.
  let rules: [ValidationRule]
  let findings: [Finding]
  let customer: Customer

  /// Refuses an order that breaks a rule which refuses.
  static func of(
    _ draft: OrderDraft, _ priced: PricedOrder, on day: Day, in snapshot: Snapshot
  ) throws -> OrderCheck {
    let check = try OrderCheck(
      draft, for: priced.customer, priced.lines, priced.delivery, priced.places, on: day,
      in: snapshot)
    try Finding.checkRefusals(check.findings)
    return check
  }

  /// Nil where a company checks nothing.
  static func ifAny(
    about order: SalesOrder, for customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> OrderCheck? {
    guard try PricingRulesTable.kinds(in: snapshot).hasValidation else { return nil }
    return try OrderCheck(
      order.draft, for: customer, order.lines, order.delivery, order.places, on: day,
      in: snapshot)
  }

  /// What speaks against an order that cannot be priced, as far as its lines do not matter: told
  /// with the rest, so that a form shows every mistake at once. Addresses are looked at once they
  /// are known.
  static func refusals(
    of draft: OrderDraft, for customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> [any Rejection] {
    guard try PricingRulesTable.kinds(in: snapshot).hasValidation else { return [] }
    let isOpen = draft.delivery?.isOpen == true
    let check = try OrderCheck(
      draft, for: customer, [], draft.delivery, draft.places, on: day, in: snapshot
    ) { rule in
      guard isOpen else { return true }
      switch rule.condition {
      case .required(let element): return !element.isOfAddress && element != .address
      case .format(let element, _, _): return !element.isOfAddress
      default: return true
      }
    }
    return check.findings.filter { $0.hold == nil }.map(\.rejection)
  }

  private init(
    _ draft: OrderDraft, for customer: Customer, _ lines: [SalesOrderLine], _ delivery: Delivery?,
    _ places: [Delivery], on day: Day, in snapshot: Snapshot,
    only isAsked: (ValidationRule) -> Bool = { _ in true }
  ) throws {
    let policy = try ValidationPolicies.inForce(on: day, in: snapshot)
    rules = policy.rules.filter {
      $0.fits(draft.channel, customer.customerClass, lines) && isAsked($0)
    }
    let elements = OrderElements(draft, delivery, places, on: day)
    findings = rules.compactMap { elements.finding(of: $0, policy.version) }
    self.policy = policy.version
    self.customer = customer
  }

  /// All findings about an order as it is to be written, beside what the customer's other orders
  /// are now. Refuses one that breaks a rule which refuses.
  func findings(
    about order: SalesOrder, in snapshot: Snapshot, at now: Moment
  ) throws -> [Finding] {
    let all = try findings + history(of: order, in: snapshot, at: now)
    try Finding.checkRefusals(all)
    return all
  }

  /// What a change of an order that was checked before brings in: what was there is not asked about
  /// again, and neither is what has become less.
  func findings(
    about order: SalesOrder, changedFrom before: SalesOrder, _ earlier: OrderCheck,
    in snapshot: Snapshot, at now: Moment
  ) throws -> [Finding] {
    let known = Set(earlier.findings)
    let new =
      try findings.filter { !known.contains($0) }
      + history(of: order, changedFrom: before, in: snapshot, at: now)
    try Finding.checkRefusals(new)
    return new
  }

  private func history(
    of order: SalesOrder, changedFrom before: SalesOrder? = nil, in snapshot: Snapshot,
    at now: Moment
  ) throws -> [Finding] {
    try rules.compactMap { rule in
      switch rule.condition {
      case .required, .format, .region, .requestedDay: return nil
      case .quantity(let outlier):
        return try quantity(outlier, rule, of: order, before, in: snapshot)
      case .amount(let outlier):
        if let before, order.gross.minor <= before.gross.minor { return nil }
        return try amount(outlier, rule, of: order, in: snapshot)
      case .duplicate(let hours):
        if let before, order.content == before.content { return nil }
        return try duplicate(hours, rule, of: order, in: snapshot, at: now)
      case .overdue(let days):
        if let before, order.gross.minor <= before.gross.minor { return nil }
        return try overdue(days, rule, in: snapshot, at: now)
      case .terms(let limit):
        if let before, order.gross.minor <= before.gross.minor { return nil }
        return try terms(limit, rule, in: snapshot)
      case .newcomer(let limit): return try newcomer(limit, rule, of: order, before, in: snapshot)
      case .credit(let share):
        // Of an order that is promised what counts is in what is used already.
        let counted = try order.countedGross(for: customer, on: now.day, in: snapshot)
        guard let before else {
          return try credit(share, rule, of: order, counted, in: snapshot, at: now)
        }
        let earlier = try before.countedGross(for: customer, on: now.day, in: snapshot)
        guard counted.minor > earlier.minor else { return nil }
        return try credit(
          share, rule, of: order, .zero(counted.currency), in: snapshot, at: now)
      }
    }
  }

  /// Whether orders are to be found again by what is in them.
  var asksForDuplicates: Bool {
    rules.contains { if case .duplicate = $0.condition { true } else { false } }
  }

  private func quantity(
    _ outlier: Outlier, _ rule: ValidationRule, of order: SalesOrder, _ before: SalesOrder?,
    in snapshot: Snapshot
  ) throws -> Finding? {
    let history = try OrderHistoryTable.quantities(of: order.customerCode, in: snapshot)
    var first: (goods: OrderedGoods, habit: Outlier.Habit)?
    var count = 0
    for goods in try order.goods(moreThan: before) {
      guard let habit = outlier.habit(of: history[goods.sku] ?? []),
        goods.ordered.micros > habit.highest
      else { continue }
      count += 1
      first = first ?? (goods, habit)
    }
    guard let (goods, habit) = first else { return nil }
    let (median, highest) = (Quantity(micros: habit.median), Quantity(micros: habit.highest))
    let more = count == 1 ? "" : ", and \(count - 1) more"
    return rule.finding(
      policy, "order.lines[\(goods.line - 1)].quantity",
      "\(goods.ordered) of \(goods.sku) where \(median) is usual and \(highest) the most\(more)",
      [
        Fact("line", goods.line), Fact("sku", goods.sku), Fact("ordered", goods.ordered),
        Fact("median", median), Fact("highest", highest), Fact("history", habit.count),
        Fact("lines", count),
      ])
  }

  private func amount(
    _ outlier: Outlier, _ rule: ValidationRule, of order: SalesOrder, in snapshot: Snapshot
  ) throws -> Finding? {
    let history = try OrderHistoryTable.totals(of: order.customerCode, in: snapshot)
    let gross = try order.baseGross()
    guard let habit = outlier.habit(of: history), gross.minor > habit.highest else {
      return nil
    }
    let median = Money(minor: habit.median, currency: gross.currency)
    let highest = Money(minor: habit.highest, currency: gross.currency)
    return rule.finding(
      policy, "order.lines", "\(gross) where \(median) is usual and \(highest) the most",
      [
        Fact("gross", gross), Fact("median", median), Fact("highest", highest),
        Fact("history", habit.count),
      ])
  }

  func overdue(
    _ days: Int, _ rule: ValidationRule, in snapshot: Snapshot, at now: Moment
  ) throws -> Finding? {
    guard let invoice = try Receivables.dueFirst(of: customer, in: snapshot),
      invoice.dueOn.adding(days: days) < now.day
    else { return nil }
    return rule.finding(
      policy, "order.customer_code",
      "\(invoice.number) was due on \(invoice.dueOn), and \(invoice.open) of it is not paid",
      [
        Fact("invoice", invoice.number), Fact("due_on", invoice.dueOn),
        Fact("open", invoice.open), Fact("days", days),
      ])
  }

  private func terms(
    _ limit: TermsLimit, _ rule: ValidationRule, in snapshot: Snapshot
  ) throws -> Finding? {
    guard !limit.allows(customer.terms) else { return nil }
    var facts = [
      Fact("net_days", customer.terms.netDays), Fact("deposit", customer.terms.deposit),
    ]
    if let fewer = limit.fewerClosedOrders {
      let closed = try OrderHistoryTable.closedCount(of: customer.code, in: snapshot)
      guard closed < fewer else { return nil }
      facts.append(Fact("closed_orders", closed))
    }
    var allowed: [String] = []
    if let days = limit.mostNetDays { allowed.append("at most \(days) days to pay") }
    if let share = limit.leastDeposit { allowed.append("at least \(share) paid ahead") }
    return rule.finding(
      policy, "order.customer_code",
      """
      The customer has \(customer.terms.netDays) days to pay and pays \(customer.terms.deposit) \
      ahead; allowed: \(allowed.joined(separator: ", "))
      """, facts)
  }

  private func duplicate(
    _ hours: Int, _ rule: ValidationRule, of order: SalesOrder, in snapshot: Snapshot,
    at now: Moment
  ) throws -> Finding? {
    let since = Instant(microseconds: now.instant.microseconds - Int64(hours) * 3_600_000_000)
    let other = try OrderHistoryTable.orders(like: order, since: since, in: snapshot).first {
      // It may have been changed since.
      try SalesOrders.find(number: $0, in: snapshot)?.content == order.content
    }
    guard let other else { return nil }
    return rule.finding(
      policy, "order.lines", "\(other) has the same goods for the same place",
      [Fact("order", other), Fact("hours", hours)])
  }
}

/// What an order says by itself.
private struct OrderElements {
  let draft: OrderDraft
  let delivery: Delivery?
  /// Where it goes, its own place first, and the fields that name them.
  let stops: [(address: DeliveryAddress?, field: String)]
  let day: Day

  init(_ draft: OrderDraft, _ delivery: Delivery?, _ places: [Delivery], on day: Day) {
    self.draft = draft
    self.delivery = delivery
    self.day = day
    let others = places.map { place in
      (place.address, place.addressID.map(draft.field(ofPlace:)) ?? OrderElement.address.field)
    }
    stops = [(delivery?.address, OrderElement.address.field)] + others
  }

  func finding(of rule: ValidationRule, _ policy: Int64) -> Finding? {
    switch rule.condition {
    case .required(let element):
      guard let field = field(missing: element) else { return nil }
      return rule.finding(
        policy, field, "The \(element.words) is missing",
        [Fact("element", element.rawValue)])
    case .format(let element, let patterns, let country):
      let wrong = texts(of: element).first { text, stated, _ in
        !text.isEmpty && (country == nil || country == stated)
          && !patterns.contains { TextPattern.fits(text, $0) }
      }
      guard let wrong else { return nil }
      return rule.finding(
        policy, wrong.field,
        "The \(element.words) is not written as \(patterns.joined(separator: " or "))",
        [Fact("element", element.rawValue)])
    case .region(let country, let postcode, let region):
      for (address, field) in stops {
        guard let address, address.region.country == country,
          DeliveryZone.spelled(address.postcode).hasPrefix(DeliveryZone.spelled(postcode)),
          !address.region.code.hasPrefix(region)
        else { continue }
        return rule.finding(
          policy, field,
          "The postal code is one of \(country) \(region), the address is in \(address.region)",
          [Fact("expected", region), Fact("region", address.region)])
      }
      return nil
    case .requestedDay(let range): return finding(of: rule, policy, range)
    case .quantity, .amount, .duplicate, .overdue, .terms, .newcomer, .credit: return nil
    }
  }

  private func finding(of rule: ValidationRule, _ policy: Int64, _ range: DayRange) -> Finding? {
    guard let asked = draft.requestedOn else { return nil }
    let earliest = day.adding(days: range.earliest)
    let latest = range.latest.map { day.adding(days: $0) }
    guard asked < earliest || latest.map({ asked > $0 }) ?? false else { return nil }
    let until = latest.map { " and \($0) the latest" } ?? ""
    return rule.finding(
      policy, OrderElement.requestedOn.field,
      "\(asked) is asked for; \(earliest) is the earliest day\(until)",
      [Fact("requested_on", asked), Fact("earliest", earliest)]
        + (latest.map { [Fact("latest", $0)] } ?? []))
  }

  /// Where an element is not said; nil when it is.
  private func field(missing element: OrderElement) -> String? {
    let isThere =
      switch element {
      case .requestedOn: draft.requestedOn != nil
      case .note: !draft.note.isEmpty
      case .delivery: delivery != nil
      case .address: delivery?.address != nil
      case .instructions:
        draft.instructions != nil || draft.lines.contains { $0.instructions != nil }
      case .invoice: draft.instructions?.invoice != nil
      case .externalID, .postcode, .contact, .phone: true
      }
    return isThere ? texts(of: element).first { $0.text.isEmpty }?.field : element.field
  }

  /// What it says of an element that is text, in which country, and in which field: once for each
  /// place that it goes to where the element is one of addresses.
  private func texts(
    of element: OrderElement
  ) -> [(text: String, country: String?, field: String)] {
    func atStops(_ text: (DeliveryAddress) -> String) -> [(String, String?, String)] {
      stops.map { ($0.address.map(text) ?? "", $0.address?.region.country, $0.field) }
    }
    return switch element {
    case .externalID: [(draft.externalID, delivery?.address?.region.country, element.field)]
    case .postcode: atStops(\.postcode)
    case .contact: atStops(\.contactName)
    case .phone: atStops(\.contactPhone)
    case .requestedOn, .note, .delivery, .address, .instructions, .invoice: []
    }
  }
}
