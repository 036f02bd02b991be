import Inventory
import MasterData
package import Storage
package import Values

/// Questions about blanket orders.
package enum Blankets {
  /// The one that a field of a request names, with its lines; refuses an unknown one, and one out
  /// of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> Blanket {
    guard var blanket = try BlanketTable.find(number, in: snapshot) else {
      throw BlanketRejection.unknownBlanket(field: field(), number: number).ifNamed(number)
    }
    blanket.lines = try BlanketTable.lines(of: blanket, in: snapshot)
    return blanket
  }

  /// Numbers of the orders in scope that call off from it, drafts among them, the newest first.
  package static func orders(
    of blanket: Blanket, limit: Int, in snapshot: Snapshot
  ) throws -> [String] {
    try BlanketTable.orders(of: blanket, limit: limit, in: snapshot)
  }

  /// Its delivery schedule, in the order of the days.
  package static func deliveries(
    of blanket: Blanket, in snapshot: Snapshot
  ) throws -> [ScheduledDelivery] {
    try DeliveryScheduleTable.list(of: blanket.id, in: snapshot)
  }

  /// The newest first, without their lines, from the one before `id` on (nil: from the newest).
  package static func list(
    customerCode: String? = nil, before id: ID<Blanket>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Blanket] {
    guard let customerCode else {
      return try BlanketTable.all(before: id ?? ID(.max), limit: limit, in: snapshot)
    }
    return try BlanketTable.ofCustomer(
      customerCode, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

extension OrderDraft {
  /// Its own; or that in which the blanket order is that it calls off from; or the customer's.
  func currency(for customer: Customer, in snapshot: Snapshot) throws -> Currency {
    guard currency == nil, !blanketNumber.isEmpty else { return currency(for: customer) }
    return try BlanketTable.currency(of: blanketNumber, in: snapshot) ?? currency(for: customer)
  }

  /// The blanket order that this one calls off from; nil when it names none. What speaks against it
  /// is added to `check`. What `order` calls off does not count: it is written anew.
  func readBlanket(
    for customer: Customer, on day: Day, replacing order: ID<SalesOrder>? = nil,
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> Blanket? {
    guard !blanketNumber.isEmpty else { return nil }
    let field = check.path.field("blanket_number")
    guard var blanket = try BlanketTable.find(blanketNumber, in: snapshot) else {
      check.refuse(BlanketRejection.unknownBlanket(field: field, number: blanketNumber))
      return nil
    }
    guard blanket.customerCode == customer.code else {
      check.refuse(
        BlanketRejection.otherCustomer(
          field: field, blanket: blanketNumber, customer: customer.code))
      return nil
    }
    let state = blanket.state(on: day)
    guard state == .active else {
      check.refuse(
        BlanketRejection.notActive(field: field, blanket: blanketNumber, state: state, day: day))
      return nil
    }
    blanket.lines = try BlanketTable.lines(of: blanket, without: order ?? ID(0), in: snapshot)
    if let agreed = blanket.currency, currency(for: customer) != agreed {
      check.refuse(
        CurrencyRejection.otherThanDocument(
          field: check.path.field("currency_code"), given: currency(for: customer),
          document: blanketNumber, expected: agreed))
      return nil
    }
    return blanket
  }
}

extension Blanket {
  /// The agreed price of what line `index` of an order calls off; nil when it may not, which is
  /// added to `check`. `total` is what all lines of the order have of the product.
  func price(
    of product: Product, lineAt index: Int, total: Quantity, _ check: inout FieldCheck
  ) -> PriceDecision? {
    let path = OrderDraft.path(line: index)
    guard let line = lines.first(where: { $0.product == product.id }) else {
      check.refuse(
        BlanketRejection.notAgreed(field: path.field("sku"), blanket: number, sku: product.sku))
      return nil
    }
    guard total <= line.left else {
      check.refuse(
        BlanketRejection.moreThanAgreed(
          field: path.field("quantity"), blanket: number, sku: product.sku, requested: total,
          left: line.left))
      return nil
    }
    var explanation = Explanation()
    explanation.add(
      "BLANKET_PRICE", "\(line.unitPrice) per \(line.unit) as agreed in \(number)",
      [Fact("blanket", number), Fact("unit_price", line.unitPrice)])
    return PriceDecision(
      agreed: line.unitPrice, isTaxIncluded: line.isTaxIncluded, explanation: explanation)
  }
}
