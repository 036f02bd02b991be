import MasterData
package import Storage
package import Values

/// The rules that say what is charged beside the goods.
package enum ChargeRules {
  /// In the order in which they are tried.
  package static func list(in snapshot: Snapshot) throws -> [ChargeRule] {
    try ChargeRuleTable.list(in: snapshot)
  }

  /// The charges that a draft may have to bear; a zone that no rule knows, and one to which goods
  /// would go for nothing because nobody has said what it costs, is added to `check`. Where an
  /// order goes already, it may still go.
  static func charges(
    by rules: [ChargeRule], of draft: OrderDraft, for customer: Customer, on day: Day,
    agreed: AgreedPrices?, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> [Charge] {
    let deliveries: [Delivery?] = [draft.delivery] + draft.places.map(Optional.some)
    let offered = rules.filter { rule in
      deliveries.contains {
        rule.isOffered(to: customer.customerClass, by: draft.channel, $0)
      }
    }
    // Where the address stands in the order itself, a marketplace says what bringing costs.
    if let delivery = draft.delivery, delivery.addressID?.value != 0,
      agreed?.order.delivery?.zone != delivery.zone
    {
      let field = "order.delivery.\(delivery.addressID == nil ? "zone_code" : "address_id")"
      checkZone(of: delivery, field: field, offered, among: rules, &check)
    }
    for place in draft.places {
      guard let id = place.addressID,
        agreed?.order.places.contains(where: { $0.addressID == id && $0.zone == place.zone })
          != true
      else { continue }
      checkZone(of: place, field: draft.field(ofPlace: id), offered, among: rules, &check)
    }
    let zones = Set(deliveries.compactMap { $0?.zone })
    return try offered.filter { rule in rule.zone.map { zones.contains($0) } ?? true }.map { rule in
      let product = try Products.require(sku: rule.sku, field: "sku", in: snapshot)
      return Charge(
        rule: rule, product: product,
        taxRate: try agreed?.taxRate(ofCharge: rule.charge, sku: rule.sku)
          ?? TaxRates.rate(of: product.taxClass, on: day, in: snapshot))
    }
  }

  /// `offered` are those that fit in all but the zone.
  private static func checkZone(
    of delivery: Delivery, field: String, _ offered: [ChargeRule], among rules: [ChargeRule],
    _ check: inout FieldCheck
  ) {
    let zones = Set(rules.compactMap(\.zone))
    if !delivery.zone.isEmpty, !zones.isEmpty, !zones.contains(delivery.zone) {
      return check.refuse(OrdersRejection.unknownZone(field: field, zone: delivery.zone))
    }
    for charge in offered.map(\.charge).eachOnce {
      let own = offered.filter { $0.charge == charge && $0.hasOccasion(delivery) }
      if own.isEmpty { continue }
      guard !own.contains(where: { $0.zone == nil || $0.zone == delivery.zone }) else { continue }
      check.refuse(
        ChargeRejection.hasNoZone(
          field: field, charge: charge, zone: delivery.zone,
          zones: Set(own.compactMap(\.zone)).sorted()))
    }
  }
}

/// Replaces the rules that say what is charged beside the goods. Orders keep what they were
/// submitted with.
package struct ReplaceChargeRules: Sendable {
  package let rules: [ChargeRule]

  package init(rules: [ChargeRule]) { self.rules = rules }

  static let limit = 500

  package func run(in tx: Transaction, at now: Moment) throws -> [ChargeRule] {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.range(rules.count, "rules", 0...Self.limit)
    try check.pass()
    for (index, rule) in rules.enumerated() {
      var found = FieldCheck(FieldPath("rules", row: index))
      rule.check(&found, base: base)
      try checkProduct(of: rule, &found, in: tx)
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    try ChargeRuleTable.replace(with: rules, base, in: tx)
    try PricingRulesTable.set(hasCharges: !rules.isEmpty, in: tx)
    tx.record(
      DomainEvent(
        "charge-rules.replaced", DocumentReference(.masterData, "charge-rules"),
        [Fact("rules", rules.count)]))
    return rules
  }

  private func checkProduct(
    of rule: ChargeRule, _ check: inout FieldCheck, in tx: Transaction
  ) throws {
    let field = check.path.field("sku")
    guard let product = try Products.find(sku: rule.sku, in: tx) else {
      check.refuse(
        MasterDataRejection.unknownProduct(field: field, sku: rule.sku).ifNamed(rule.sku))
      return
    }
    guard product.kind != .service else { return }
    check.refuse(OrdersRejection.notAService(field: field, sku: rule.sku))
  }
}

extension ChargeRule {
  fileprivate func check(_ check: inout FieldCheck, base: Currency) {
    check.code(charge, "charge")
    if let zone { check.code(zone, "zone_code") }
    if let customerClass { check.code(customerClass, "customer_class") }
    for (name, amount) in [("below", below), ("base", self.base), ("cap", cap)] {
      if let amount { check.amount(amount, name, base: base) }
    }
    let prices = [
      ("per_kilogram", perKilogram), ("per_cubic_metre", perCubicMetre), ("per_piece", perPiece),
      ("per_floor", perFloor),
    ]
    for (name, price) in prices {
      if let price { check.unitPrice(price, name, base: base) }
    }
    check.range(share, "share_micros", .zero ... .one)
  }
}
