import Finance
import MasterData
import Storage
import Values

/// What an order has of one product, on all its lines together: however it is spread over them.
struct OrderedGoods {
  let sku: String
  /// The first line that has it.
  let line: Int
  var ordered: Quantity
  var wanted: Quantity
}

extension SalesOrder {
  /// In the order of their first lines, without charges.
  func goods() throws -> [OrderedGoods] {
    var places: [String: Int] = [:]
    var found: [OrderedGoods] = []
    for line in lines where line.charge.isEmpty && line.isAlive {
      if let place = places[line.sku] {
        found[place].ordered = try found[place].ordered + line.ordered
        found[place].wanted = try found[place].wanted + line.wanted
      } else {
        places[line.sku] = found.count
        found.append(
          OrderedGoods(
            sku: line.sku, line: line.number, ordered: line.ordered, wanted: line.wanted))
      }
    }
    return found
  }

  /// Those of which more is wanted than before; all where there was no such order.
  func goods(moreThan before: SalesOrder?) throws -> [OrderedGoods] {
    guard let before else { return try goods() }
    let had = Dictionary(try before.goods().map { ($0.sku, $0.wanted) }) { first, _ in first }
    return try goods().filter { $0.wanted > had[$0.sku] ?? .zero }
  }
}

extension OrderCheck {
  /// A customer of whom little is known orders much at once.
  func newcomer(
    _ limit: NewcomerLimit, _ rule: ValidationRule, of order: SalesOrder, _ before: SalesOrder?,
    in snapshot: Snapshot
  ) throws -> Finding? {
    let large = try limit.mostQuantity.flatMap { most in
      try order.goods(moreThan: before).first { $0.wanted > most }
    }
    let gross = try order.baseGross()
    let isMore = before.map { order.gross.minor > $0.gross.minor } ?? true
    let isDear = isMore && limit.mostAmount.map { gross.minor > $0.minor } ?? false
    guard large != nil || isDear else { return nil }
    let orders = try OrderHistoryTable.promisedCount(
      of: customer.code, beside: order.id, upTo: limit.fewerOrders, in: snapshot)
    guard orders < limit.fewerOrders else { return nil }
    let known = "of a customer with \(orders) orders so far"
    var facts = [Fact("orders", orders), Fact("fewer_orders", limit.fewerOrders)]
    if let large, let most = limit.mostQuantity {
      facts += [
        Fact("line", large.line), Fact("sku", large.sku), Fact("ordered", large.wanted),
        Fact("highest", most),
      ]
      return rule.finding(
        policy, "order.lines[\(large.line - 1)].quantity",
        "\(large.wanted) of \(large.sku) \(known), where \(most) is the most", facts)
    }
    guard let most = limit.mostAmount else { return nil }
    return rule.finding(
      policy, "order.lines", "\(gross) \(known), where \(most) is the most",
      facts + [Fact("gross", gross), Fact("highest", most)])
  }

  /// More of the customer's credit, or of a group's, is used with the order than may be. What is
  /// prepaid uses none. `more` than what is used comes to count.
  func credit(
    _ share: Rate, _ rule: ValidationRule, of order: SalesOrder, _ more: Money,
    in snapshot: Snapshot, at now: Moment
  ) throws -> Finding? {
    guard !order.isPrepaid else { return nil }
    let own = try Receivables.exposure(of: customer, on: now.day, in: snapshot)
    if let found = try credit(
      share, rule, limit: own.limit + own.temporary, used: own.total, more, "the customer",
      own.facts)
    {
      return found
    }
    for group in try Receivables.groups(of: customer, on: now.day, in: snapshot) {
      let found = try credit(
        share, rule, limit: group.limit, used: group.exposure, more, "the group of \(group.head)",
        [
          Fact("group", group.head), Fact("group_limit", group.limit),
        ] + group.facts)
      if let found { return found }
    }
    return nil
  }

  private func credit(
    _ share: Rate, _ rule: ValidationRule, limit: Money, used: Money, _ more: Money,
    _ whose: String, _ facts: [Fact]
  ) throws -> Finding? {
    let most = try limit.share(share)
    let whole = try used + more
    guard whole.minor > most.minor else { return nil }
    let part = share == .one ? "" : "\(share) of "
    return rule.finding(
      policy, "order.customer_code",
      "\(whole) would be open of \(whose), and the most is \(part)\(limit)",
      facts + [Fact("requested", more), Fact("most", most)])
  }

  /// Refuses that goods leave while a rule speaks against it that is for that as well. A company
  /// that checks nothing asks nothing.
  static func checkDispatch(
    of order: SalesOrder, _ leaving: [LeavingPart], in snapshot: Snapshot, at now: Moment
  ) throws {
    guard !order.isPrepaid, try PricingRulesTable.kinds(in: snapshot).hasValidation,
      try ValidationPolicies.inForce(on: now.day, in: snapshot).rules.contains(
        where: \.isForDispatch),
      let check = try ifAny(
        about: order, for: order.customer(in: snapshot), on: now.day, in: snapshot)
    else { return }
    let findings = try check.rules.filter(\.isForDispatch).compactMap { rule -> Finding? in
      switch rule.condition {
      case .overdue(let days): try check.overdue(days, rule, in: snapshot, at: now)
      case .credit(let share):
        try check.credit(
          share, rule, of: order,
          order.leavingEarly(leaving, for: check.customer, on: now.day, in: snapshot),
          in: snapshot, at: now)
      default: nil
      }
    }
    try Rejections.check(findings.map(\.rejection))
  }
}
