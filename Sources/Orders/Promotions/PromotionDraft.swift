import Inventory
package import MasterData
package import Values

/// A promotion as a caller wants it to be, named by its code.
package struct PromotionDraft: BatchRow {
  package var code: String
  package var name: String
  package var validFrom: Day?
  package var validUntil: Day?
  package var channel: Channel?
  package var customerClass: String?
  package var group: String
  package var isExclusive: Bool
  package var priority: Int
  package var isForFullPriceOnly: Bool
  package var needsCoupon: Bool
  package var items: [Promotion.Item]
  package var isSet: Bool
  package var minimumQuantity: Quantity
  package var minimumAmount: Money?
  /// Nil when none was given.
  package var effect: Promotion.Effect?
  package var cap: Money?
  package var malformed: [any Rejection]

  package init(
    code: String, name: String, validFrom: Day?, validUntil: Day? = nil, channel: Channel? = nil,
    customerClass: String? = nil, group: String = "", isExclusive: Bool = false,
    priority: Int = 0, isForFullPriceOnly: Bool = false, needsCoupon: Bool = false,
    items: [Promotion.Item] = [], isSet: Bool = false, minimumQuantity: Quantity = .zero,
    minimumAmount: Money? = nil, effect: Promotion.Effect?, cap: Money? = nil,
    malformed: [any Rejection] = []
  ) {
    self.code = code
    self.name = name
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.channel = channel
    self.customerClass = customerClass
    self.group = group
    self.isExclusive = isExclusive
    self.priority = priority
    self.isForFullPriceOnly = isForFullPriceOnly
    self.needsCoupon = needsCoupon
    self.items = items
    self.isSet = isSet
    self.minimumQuantity = minimumQuantity
    self.minimumAmount = minimumAmount
    self.effect = effect
    self.cap = cap
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  /// Products that one promotion may be about.
  static let itemLimit = 500

  /// The promotion that this draft makes of `stored` (nil: of nothing). `product` finds a product.
  func promotion(
    from stored: Promotion?, at path: FieldPath, base: Currency,
    product: (String) throws -> Product?
  ) throws -> Promotion {
    let customerClass = customerClass.flatMap { $0.isEmpty ? nil : $0 }
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.text(name, "name", required: true)
    let from = check.required(validFrom, "valid_from")
    if let from, let validUntil, validUntil < from {
      check.refuse(
        MasterDataRejection.periodReversed(
          field: path.field("valid_until"), from: from, until: validUntil))
    }
    if let customerClass { check.code(customerClass, "customer_class") }
    if !group.isEmpty { check.code(group, "stacking_group") }
    check.range(priority, "priority", -1_000_000...1_000_000)
    check.range(minimumQuantity, "minimum_quantity", .zero...GivenQuantity.highest)
    if let minimumAmount { check.amount(minimumAmount, "minimum_amount", base: base) }
    if let cap { check.amount(cap, "cap", base: base) }
    try checkItems(&check, product)
    let effect = check.required(effect, "effect")
    checkEffect(effect, &check, base: base)
    try check.pass()
    guard let from, let effect else {
      throw MasterDataRejection.missingValue(field: path.description)
    }
    return Promotion(
      id: stored?.id ?? ID(0), code: code, name: name, validFrom: from, validUntil: validUntil,
      channel: channel, customerClass: customerClass, group: group, isExclusive: isExclusive,
      priority: priority, isForFullPriceOnly: isForFullPriceOnly, needsCoupon: needsCoupon,
      items: items, isSet: isSet, minimumQuantity: minimumQuantity, minimumAmount: minimumAmount,
      effect: effect, cap: cap)
  }

  private func checkItems(
    _ check: inout FieldCheck, _ product: (String) throws -> Product?
  ) throws {
    check.range(items.count, "items", (isSet ? 1 : 0)...Self.itemLimit)
    guard items.count <= Self.itemLimit else { return }
    var seen: Set<String> = []
    for (row, item) in items.enumerated() {
      let itemPath = FieldPath(check.path.field("items"), row: row)
      var found = FieldCheck(itemPath)
      if let product = try product(item.sku) {
        if Sourcing(product.kind) == nil {
          found.refuse(OrdersRejection.notForSale(field: itemPath.field("sku"), sku: item.sku))
        }
        if isSet { GivenQuantity(item.quantity).check(&found, "quantity", of: product) }
      } else {
        found.refuse(
          MasterDataRejection.unknownProduct(field: itemPath.field("sku"), sku: item.sku)
            .ifNamed(item.sku))
      }
      if !seen.insert(item.sku).inserted {
        found.refuse(OrdersRejection.duplicateItem(field: itemPath.field("sku"), sku: item.sku))
      }
      for violation in found.violations { check.refuse(violation) }
    }
  }

  private func checkEffect(
    _ effect: Promotion.Effect?, _ check: inout FieldCheck, base: Currency
  ) {
    switch effect {
    case .share(let rate): check.range(rate, "share_micros", Rate(micros: 1) ... .one)
    case .amount(let amount): check.amount(amount, "amount", base: base)
    case .setPrice(let price):
      check.amount(price, "set_price", base: base)
      if !isSet {
        check.refuse(OrdersRejection.notASet(field: check.path.field("set_price"), code: code))
      }
    case nil: break
    }
  }
}
