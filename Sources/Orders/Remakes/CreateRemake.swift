package import Inventory
import MasterData
package import Storage
package import Values

/// Sends or makes something again for goods that have left: what was ordered, made as it was
/// configured, or a spare part. Free where a defect is covered by the warranty, and then nobody
/// needs to approve the price of nothing, up to what the customer keeps (FreeGoods); otherwise it
/// is sold as anything else. It goes where the first goods went, and is served before all other
/// orders.
package struct CreateRemake: Sendable {
  package let orderNumber: String
  /// Of the order.
  package let line: Int
  package let quantity: GivenQuantity
  /// Code of a reason of returns.
  package let reasonCode: String
  /// A spare part; empty for what was ordered.
  package let sku: String
  /// That was bad, as warranty rules name it; empty for the whole.
  package let component: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    orderNumber: String, line: Int, quantity: GivenQuantity, reasonCode: String, sku: String = "",
    component: String = "", by actor: String, roles: Set<String> = []
  ) {
    self.orderNumber = orderNumber
    self.line = line
    self.quantity = quantity
    self.reasonCode = reasonCode
    self.sku = sku
    self.component = component
    self.actor = actor
    self.roles = roles
  }

  package struct Outcome: Sendable {
    package let remake: Remake
    package let warranty: WarrantyVerdict
  }

  /// Before everything that waits for stock.
  static let priority = 1_000

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let origin = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    let line = origin.lines[try origin.index(ofLine: line, field: "line_number")]
    let (product, units) = try check(origin, line, in: tx)
    let reason = try ReturnReasons.require(reasonCode, field: "reason_code", in: tx)
    let warranty = try WarrantyVerdict(
      of: origin, line: line, component: component, units: units, on: now.day, in: tx)
    let isFree = reason.isDefect && warranty.isCovered
    var words = reason.isDefect ? warranty.words : "\(reason.code) is no defect"
    var order = try order(origin, line, product, isFree: isFree, words, in: tx, at: now)
    order.requestedOn = now.day
    let submission = try Submission.of(
      order.draft, by: roles, at: now, occasion: .remake(isFree: isFree), in: tx)
    order.take(submission)
    if isFree {
      words = try order.waiveApproval(
        "REMAKE_UNDER_WARRANTY", words, FreeGoods(for: origin, line, in: tx), submission,
        on: now.day, in: tx)
    }
    try order.place(
      for: submission.priced.customer, from: submission.warehouse, submission.priced.products, [],
      priority: Self.priority, in: tx, at: now)
    // Goods that are given out anew find it where they find what somebody has set.
    try PriorityTable.insert(
      GivenPriority(
        score: Self.priority, reason: "made again for \(origin.number)", setBy: actor),
      of: order.id, at: now, in: tx)
    _ = try RemakeTable.insert(
      self, for: origin, order: order, reason, isFree: isFree, words: words, at: now, in: tx)
    tx.record(
      DomainEvent(
        "remake.created", order.reference, related: origin.reference,
        [
          Fact("line", line.number), Fact("sku", product.sku),
          Fact("quantity", quantity.quantity), Fact("reason", reason.code),
          Fact("responsible", reason.responsible.rawValue), Fact("gross", order.gross),
          Fact("component", component), Fact("actor", actor),
        ]))
    guard let stored = try RemakeTable.of(origin.id, before: ID(.max), limit: 1, in: tx).first
    else { throw MissingRow("remake", order.id.value) }
    return Outcome(remake: stored, warranty: warranty)
  }

  /// The product that is made again, and how much it is of what was sold; nil for a spare part.
  private func check(
    _ origin: SalesOrder, _ line: SalesOrderLine, in snapshot: Snapshot
  ) throws -> (product: Product, units: Quantity?) {
    let kept = try origin.requireKept(line, in: snapshot)
    let isSpare = !sku.isEmpty && sku != line.sku
    let product =
      isSpare
      ? try Products.require(sku: sku, field: "sku", in: snapshot)
      : try line.requireProduct(in: snapshot)
    var check = FieldCheck(.request)
    let units = quantity.read(&check, "quantity", of: product)
    if !component.isEmpty { check.code(component, "component") }
    if !isSpare, let units, units > kept {
      check.refuse(
        OrdersRejection.moreThanAvailable(
          field: "quantity", line: line.number, requested: units, available: kept))
    }
    try check.pass()
    return (product, isSpare ? nil : units)
  }

  /// As if the customer had written it.
  private func order(
    _ origin: SalesOrder, _ line: SalesOrderLine, _ product: Product, isFree: Bool,
    _ words: String, in tx: Transaction, at now: Moment
  ) throws -> SalesOrder {
    var wanted = OrderDraft.Line(
      sku: product.sku, quantity: quantity, discount: isFree ? .one : .zero)
    if product.sku == line.sku { wanted.choice = line.choice }
    let draft = OrderDraft(
      channel: origin.channel, customerCode: origin.customerCode,
      warehouseCode: origin.warehouseCode, lines: [wanted], delivery: origin.delivery,
      currency: origin.currency)
    return SalesOrder(
      draft: draft, number: try DocumentNumbers.next(.salesOrder, on: now.day, in: tx),
      currency: origin.currency, by: actor, at: now)
  }
}
