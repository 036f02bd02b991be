package import Inventory
package import MasterData
package import Values

/// An order as the caller wants it: codes and quantities, nothing looked up yet.
package struct OrderDraft: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package let sku: String
    package let quantity: GivenQuantity
    /// On the list price.
    package let discount: Rate
    package let note: String
    /// What the customer chose of a configurable product.
    package var choice: ChosenConfiguration?
    /// What the customer asks for about its goods; nil for nothing of its own.
    package var instructions: OrderInstructions?
    /// Its parts that are wanted on different days; none where all of it is wanted as the order is.
    package var schedules: [LineSchedule] = []

    package init(
      sku: String, quantity: GivenQuantity, discount: Rate = .zero, note: String = ""
    ) {
      self.sku = sku
      self.quantity = quantity
      self.discount = discount
      self.note = note
    }
  }

  package let channel: Channel
  /// The caller's own number; empty for none.
  package let externalID: String
  package internal(set) var customerCode: String
  /// Empty for the one that follows from the rules (`WarehouseAssignment`).
  package internal(set) var warehouseCode: String
  package internal(set) var lines: [Line]
  package let requestedOn: Day?
  package let shortage: ShortageRule
  package let note: String
  /// On the whole order; nil for none.
  package let discount: OrderDiscount?
  package let couponCodes: [String]
  /// How the goods get to the customer; nil when they are fetched, or nobody has said.
  package internal(set) var delivery: Delivery?
  /// Where parts of its lines go that go elsewhere, as far as that is fixed.
  var places: [Delivery] = []
  /// The blanket order that it calls off from; empty for none.
  package let blanketNumber: String
  /// Nil for the customer's; of what is called off that of the blanket order.
  package internal(set) var currency: Currency?
  /// What the customer asks for beside the goods; nil for nothing.
  package let instructions: OrderInstructions?
  /// Who collects at the door what its shipments are worth; nil where they are paid otherwise.
  package let cashOnDelivery: CashOnDelivery.Collector?

  package init(
    channel: Channel, externalID: String = "", customerCode: String, warehouseCode: String,
    lines: [Line], requestedOn: Day? = nil, shortage: ShortageRule = .wait, note: String = "",
    discount: OrderDiscount? = nil, couponCodes: [String] = [],
    delivery: Delivery? = nil, blanketNumber: String = "", currency: Currency? = nil,
    instructions: OrderInstructions? = nil, cashOnDelivery: CashOnDelivery.Collector? = nil
  ) {
    self.channel = channel
    self.externalID = externalID
    self.customerCode = customerCode
    self.warehouseCode = warehouseCode
    self.lines = lines
    self.requestedOn = requestedOn
    self.shortage = shortage
    self.note = note
    self.discount = discount
    self.couponCodes = couponCodes
    self.delivery = delivery
    self.blanketNumber = blanketNumber
    self.currency = currency
    self.instructions = instructions
    self.cashOnDelivery = cashOnDelivery
  }

  /// Of the order that a customer makes by it.
  func currency(for customer: Customer) -> Currency { currency ?? customer.currency }

  static let lineLimit = 500

  /// Field of the request message that holds line `index`.
  static func path(line index: Int) -> FieldPath { FieldPath("order.lines", row: index) }

  /// What can be said without looking anything up: lengths, control characters, ranges.
  func checkShape(_ check: inout FieldCheck) {
    check.text(externalID, "external_id", limit: 100)
    check.text(customerCode, "customer_code", limit: 40)
    check.text(warehouseCode, "warehouse_code", limit: 40)
    check.text(blanketNumber, "blanket_number", limit: 40)
    checkNote(note, field: "order.note", limit: 2_000, &check)
    // They are stored in a row, with blanks between.
    for (row, code) in couponCodes.enumerated() {
      var found = FieldCheck(.request)
      found.code(code, "order.coupon_codes[\(row)]")
      for violation in found.violations { check.refuse(violation) }
    }
    if let delivery {
      if !delivery.zone.isEmpty { check.code(delivery.zone, "delivery.zone_code") }
      check.range(delivery.floor, "delivery.floor", 0...200)
    }
    instructions?.checkShape(&check)
    check.range(couponCodes.count, "coupon_codes", 0...Coupons.limit)
    if case .share(let rate) = discount { check.range(rate, "discount_micros", .zero ... .one) }
    if lines.count > Self.lineLimit {
      return check.refuse(
        OrdersRejection.tooManyLines(
          field: "order.lines", count: lines.count, limit: Self.lineLimit))
    }
    for (index, line) in lines.enumerated() {
      // Paths are text: on the way that every order takes they are only made for what may be wrong.
      guard !line.isPlain else { continue }
      var found = FieldCheck(Self.path(line: index))
      found.text(line.sku, "sku", limit: 40)
      found.text(line.quantity.unit, "quantity.unit_code", limit: 40)
      line.quantity.check(&found, "quantity", of: nil)
      found.range(line.discount, "discount_micros", .zero ... .one)
      checkNote(line.note, field: found.path.field("note"), limit: 500, &found)
      line.choice?.checkShape(&found)
      line.instructions?.checkShape(&found)
      line.schedules.checkShape(&found)
      for violation in found.violations { check.refuse(violation) }
    }
  }

  private func checkNote(
    _ text: String, field: String, limit: Int, _ check: inout FieldCheck
  ) {
    guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return }
    check.refuse(
      MasterDataRejection.textTooLong(
        field: field, length: text.unicodeScalars.count, limit: limit))
  }
}

extension OrderDraft.Line {
  var hasFittingQuantity: Bool {
    quantity.quantity.isPositive && quantity.quantity <= GivenQuantity.highest
  }

  /// Nothing to look at twice: short printable ASCII, no note, no discount, a fitting quantity.
  var isPlain: Bool {
    sku.utf8.count <= 40 && quantity.unit.utf8.count <= 40 && note.isEmpty && discount == .zero
      && choice == nil && instructions == nil && schedules.isEmpty
      && hasFittingQuantity && sku.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
      && quantity.unit.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  }

  /// How much it is in the base unit of its product; nil when that is nothing that can be sold: not
  /// counted in its unit, not exact, a part of a piece, too much.
  func quantity(of product: Product) -> Quantity? {
    guard hasFittingQuantity,
      let base = product.base(of: quantity.quantity, in: quantity.unit),
      base <= GivenQuantity.highest,
      !product.countsInWholeUnits || base.micros % Quantity.one.micros == 0
    else { return nil }
    return base
  }

  /// What was said, where it was not said in the base unit.
  func asked(of product: Product) -> GivenQuantity? {
    quantity.unit.isEmpty || quantity.unit == product.unit ? nil : quantity
  }
}
