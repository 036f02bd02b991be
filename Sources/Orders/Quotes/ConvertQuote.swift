import MasterData
package import Storage
package import Values

/// Turns a variant of the newest revision into an order, once, at the prices and terms that were
/// offered. Whether it is still valid is judged by the clock, and who must approve by the rules and
/// costs of today: what the same role has approved in the quote is approved.
package struct ConvertQuote: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// 0 where there is but one.
  package let variant: Int
  /// Why the customer takes it; empty when nobody said.
  package let reasonCode: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, variant: Int = 0, reasonCode: String = "",
    by actor: String, roles: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.variant = variant
    self.reasonCode = reasonCode
    self.actor = actor
    self.roles = roles
  }

  package struct Outcome: Hashable, Sendable {
    package let offered: OfferedQuote
    package let order: SalesOrder
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var (quote, revision) = try Quotes.requireNewest(number: number, in: tx)
    try quote.expect(version: expectedVersion)
    try quote.expect("convert", in: [.open], on: now.day)
    let chosen = try choose(from: revision)
    if !reasonCode.isEmpty { try QuoteReasons.check(reasonCode, for: .won, in: tx) }
    let customer = try quote.buyer(in: tx)
    let warehouse = try chosen.order.warehouse(in: tx)
    let products = try chosen.order.lines.map { try $0.requireProduct(in: tx) }
    try checkOrderable(chosen.order, products, on: now.day, in: tx)
    let coupons = try chosen.order.usefulCoupons(in: tx)
    var order = SalesOrder(
      draft: chosen.order.draft,
      number: try DocumentNumbers.next(.salesOrder, on: now.day, in: tx),
      currency: chosen.order.currency, by: actor, at: now)
    order.take(chosen.order, for: customer)
    try order.fixAddress(of: customer, field: "variant_number", in: tx)
    try RefusedQuote.about("variant_number") {
      try order.fixPlaces(of: customer, on: now.day, in: tx)
    }
    order.approval = try approval(
      of: chosen, to: Delivery.regions(of: order.delivery, order.places), in: revision,
      for: customer, products, in: tx, at: now)
    let check = try OrderCheck.ifAny(about: order, for: customer, on: now.day, in: tx)
    let findings = try check.map { check in
      try RefusedQuote.about("variant_number") {
        try check.findings(about: order, in: tx, at: now)
      }
    }
    try order.place(
      for: customer, from: warehouse, products, coupons, heldFor: findings ?? [], in: tx, at: now)
    if check?.asksForDuplicates == true {
      try OrderHistoryTable.set(fingerprintOf: order, in: tx)
    }
    // A change prices it as it was offered.
    try SalesOrderTable.set(pricedOn: revision.createdOn, of: order.id, in: tx)
    quote.storedState = .won
    quote.wonVariant = chosen.number
    quote.orderNumber = order.number
    quote.gross = chosen.order.gross
    quote.reasonCode = reasonCode
    quote.decidedOn = now.day
    try quote.update(in: tx)
    tx.record(
      DomainEvent(
        "quote.won", quote.reference, related: order.reference,
        [
          Fact("actor", actor), Fact("revision", revision.revision),
          Fact("variant", chosen.number), Fact("gross", quote.gross), Fact("reason", reasonCode),
        ]))
    try Opportunity.win(by: quote, reasonCode: reasonCode, actor: actor, in: tx, at: now)
    return Outcome(offered: OfferedQuote(quote: quote, revision: revision), order: order)
  }

  /// What was offered may not be sold any more, or not yet.
  private func checkOrderable(
    _ order: SalesOrder, _ products: [Product], on day: Day, in snapshot: Snapshot
  ) throws {
    var check = FieldCheck(.request)
    var totals: [ID<Product>: Quantity] = [:]
    for line in order.lines {
      guard let product = line.product else { continue }
      totals[product] = try totals[product, default: .zero] + line.ordered
    }
    for product in products {
      guard product.lifecycle != nil, let total = totals.removeValue(forKey: product.id),
        let refusal = try Occasion.sale.refusal(
          of: product, total, from: order.warehouseCode, on: day, field: "variant_number",
          in: snapshot)
      else { continue }
      check.refuse(refusal)
    }
    if try PricingRulesTable.kinds(in: snapshot).hasPresales {
      try Occasion.sale.refusePresales(of: order.draft, on: day, &check, in: snapshot)
    }
    try check.pass()
  }

  private func choose(from revision: QuoteRevision) throws -> QuoteVariant {
    let number = variant == 0 && revision.variants.count == 1 ? 1 : variant
    guard let chosen = revision.variants.first(where: { $0.number == number }) else {
      throw QuoteRejection.unknownVariant(
        field: "variant_number", quote: self.number, variant: variant)
    }
    return chosen
  }

  private func approval(
    of variant: QuoteVariant, to regions: Set<Region>, in revision: QuoteRevision,
    for customer: Customer, _ products: [Product], in snapshot: Snapshot, at now: Moment
  ) throws -> Approval {
    let input = ApprovalInput(
      policy: try ApprovalPolicies.current(in: snapshot), customer: customer,
      lines: variant.order.lines, products: products, rate: variant.order.rate,
      gross: try variant.order.baseGross(), discount: variant.largestDiscount, regions: regions,
      roles: roles.union(revision.roles))
    var approval = try input.approval(
      by: input.policy, beside: ID(0), in: snapshot, at: now)
    guard let role = variant.order.approval.requiredRole,
      let decider = variant.order.approval.decidedBy,
      approval.demand?.steps.contains(where: { $0.asked.role == role }) ?? false
    else { return approval }
    // They have seen the offer once: of a rule with several steps of the role, the first.
    var seen: Set<Int> = []
    approval.give(
      GivenApproval(
        actor: decider, standingInFor: [], at: now.instant, comment: number, round: nil)
    ) { $0.asked.role == role && seen.insert($0.rule).inserted }
    approval.explanation.add(
      "APPROVED_IN_QUOTE", "\(decider) approved it as \(role) in \(number)",
      [Fact("quote", number), Fact("revision", revision.revision), Fact("actor", decider)])
    return approval
  }
}

/// A refusal of what was offered, of which the request says no more than its number.
private struct RefusedQuote: Rejection {
  let refused: any Rejection
  let field: String?

  var kind: RejectionKind { refused.kind }
  var reason: String { refused.reason }
  var message: String { refused.message }
  var facts: [Fact] { refused.facts }

  static func about<T>(_ field: String, _ body: () throws -> T) throws -> T {
    do { return try body() } catch let several as Rejections {
      try Rejections.check(several.all.map { RefusedQuote(refused: $0, field: field) })
      throw several
    } catch let one as any Rejection {
      throw RefusedQuote(refused: one, field: field)
    }
  }
}

extension SalesOrder {
  /// Takes over what was offered.
  fileprivate mutating func take(_ offered: SalesOrder, for customer: Customer) {
    state = .submitted
    customerName = customer.name
    netDays = offered.netDays
    policy = offered.policy
    rate = offered.rate
    storedBasis = offered.storedBasis
    lines = offered.lines
    net = offered.net
    tax = offered.tax
    gross = offered.gross
    depositRequired = offered.depositRequired
  }

  /// Those by which it got its promotions when it was priced.
  fileprivate func usefulCoupons(in snapshot: Snapshot) throws -> [Coupon] {
    let promotions = Set(
      lines.flatMap(\.adjustments).filter { $0.kind == .promotion }.map(\.code))
    return try couponCodes.compactMap { code in
      try CouponTable.find(code, in: snapshot).flatMap {
        promotions.contains($0.promotionCode) ? $0 : nil
      }
    }
  }

  /// Four eyes: who offered the prices of an order decides about it as little as who created it.
  func checkQuoteAuthor(
    by actor: String, standingInFor: Set<String>, in snapshot: Snapshot
  ) throws {
    guard approval.requiredRole != nil,
      let revision = try QuoteTable.wonRevision(ofOrder: number, in: snapshot)
    else { return }
    try revision.checkAuthor(of: number, by: actor, standingInFor: standingInFor)
  }
}
