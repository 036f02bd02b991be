import Finance
import Inventory
import MasterData
package import Storage
package import Values

/// A line of a bill with what the billed goods were worth when they came.
struct MatchedBillLine {
  /// Position in the order.
  let index: Int
  let orderLine: ID<PurchaseOrder.Line>
  let quantity: Quantity
  let unitPrice: UnitPrice
  /// What the bill asks for them.
  let net: Money
  /// What they were worth.
  let received: Money
}

/// Enters a supplier's bill against what came: three-way match of order, receipt and bill. It
/// clears what was owed for the receipts; what the bill asks more or less is price variance and
/// never rewrites the stock's value (DOMAIN 5.12).
package struct EnterSupplierBill: Sendable {
  package let purchaseOrderNumber: String
  /// The supplier's, 1–100 characters; unique for the supplier.
  package let billNumber: String
  /// Nil: today.
  package let billedOn: Day?
  /// Nil: 30 days after.
  package let dueOn: Day?
  /// Empty: all that came and is not billed.
  package let lines: [BillLineDraft]
  /// Input tax; nil: none.
  package let tax: Money?

  package init(
    purchaseOrderNumber: String, billNumber: String, billedOn: Day? = nil, dueOn: Day? = nil,
    lines: [BillLineDraft] = [], tax: Money? = nil
  ) {
    self.purchaseOrderNumber = purchaseOrderNumber
    self.billNumber = billNumber
    self.billedOn = billedOn
    self.dueOn = dueOn
    self.lines = lines
    self.tax = tax
  }

  private static let usualDays = 30

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> SupplierBill {
    var order = try PurchaseOrders.require(
      number: purchaseOrderNumber, field: "purchase_order_number", in: tx)
    let matched = try match(order, in: tx, at: now)
    for line in matched {
      order.lines[line.index].billed = try order.lines[line.index].billed + line.quantity
      try PurchaseOrderLineTable.update(order.lines[line.index], in: tx)
    }
    try PurchaseOrderTable.update(&order, in: tx)

    let net = try matched.map(\.net).sum(order.currency)
    let received = try matched.map(\.received).sum(order.currency)
    let tax = tax ?? .zero(order.currency)
    let billedOn = billedOn ?? now.day
    let bill = SupplierBill(
      number: try DocumentNumbers.next(.supplierBill, on: now.day, in: tx),
      billNumber: billNumber, billedOn: billedOn,
      dueOn: dueOn ?? billedOn.adding(days: Self.usualDays), net: net, tax: tax,
      gross: try net + tax, priceVariance: try net - received, order: order)
    let id = try SupplierBillTable.insert(bill, at: now, in: tx)
    for line in matched { try SupplierBillTable.insert(line, of: id, in: tx) }
    try PostEntry.supplierBilled(
      Origin(.supplierBill, bill.number), supplier: order.supplierCode, received: received,
      billed: net, tax: tax,
      text: "Bill \(billNumber) of \(order.supplierCode) for \(order.number)"
    )?.run(in: tx, at: now)
    record(bill, in: tx)
    return bill
  }

  private func match(
    _ order: PurchaseOrder, in tx: Transaction, at now: Moment
  ) throws -> [MatchedBillLine] {
    let head = try headViolations(order, in: tx, at: now)
    guard !lines.isEmpty else {
      try Rejections.check(head)
      let billable = order.lines.indices.filter { order.lines[$0].billable.isPositive }
      guard !billable.isEmpty else { throw PurchasingRejection.nothingToBill(order: order.number) }
      return try billable.map { try match(order, $0, order.lines[$0].billable, nil) }
    }
    var reading = OrderLineReading(order: order)
    var prices: [any Rejection] = []
    let found = try lines.enumerated().map { index, given in
      let path = FieldPath("lines", row: index)
      let found = try reading.read(given.lineNumber, given.quantity, at: path, in: tx) {
        line, quantity, path in
        quantity <= line.billable
          ? nil
          : .overBilling(
            field: path.field("quantity"), order: order.number, line: line.number,
            billable: line.billable, given: quantity)
      }
      if let price = given.unitPrice {
        var check = FieldCheck(path)
        check.unitPrice(price, "unit_price", base: order.currency)
        if let found { _ = check.value(of: found.quantity, at: price, "unit_price") }
        prices += check.violations
      }
      return found
    }
    try Rejections.check(head + reading.violations + prices)
    return try zip(lines, found).compactMap { given, found in
      try found.map { try match(order, $0.index, $0.quantity, given.unitPrice) }
    }
  }

  private func match(
    _ order: PurchaseOrder, _ index: Int, _ quantity: Quantity, _ given: UnitPrice?
  ) throws -> MatchedBillLine {
    let line = order.lines[index]
    let received = try line.value(of: quantity, after: line.billed)
    // At the price of the order the bill is worth exactly what came, rounding included.
    let net =
      given == nil || given == line.unitPrice
      ? received : try (given ?? line.unitPrice).amount(for: quantity)
    return MatchedBillLine(
      index: index, orderLine: line.id, quantity: quantity, unitPrice: given ?? line.unitPrice,
      net: net, received: received)
  }

  private func headViolations(
    _ order: PurchaseOrder, in tx: Transaction, at now: Moment
  ) throws -> [any Rejection] {
    var check = FieldCheck(.request)
    check.text(billNumber, "bill_number", limit: 100, required: true)
    if let tax { check.amount(tax, "tax", base: order.currency) }
    let billed = billedOn ?? now.day
    if billed > now.day {
      check.refuse(
        PurchasingRejection.billedInFuture(field: "billed_on", given: billed, today: now.day))
    }
    if let dueOn, dueOn < billed {
      check.refuse(
        PurchasingRejection.dueBeforeBilled(field: "due_on", dueOn: dueOn, billedOn: billed))
    }
    if let bill = try SupplierBillTable.number(of: billNumber, from: order.supplier, in: tx) {
      check.refuse(
        PurchasingRejection.duplicateBillNumber(
          field: "bill_number", supplier: order.supplierCode, billNumber: billNumber, bill: bill))
    }
    return check.violations
  }

  private func record(_ bill: SupplierBill, in tx: Transaction) {
    tx.record(
      DomainEvent(
        "supplier-bill.entered", DocumentReference(.supplierBill, bill.number),
        related: bill.order.reference,
        [
          Fact("supplier", bill.order.supplierCode), Fact("bill_number", bill.billNumber),
          Fact("gross", bill.gross), Fact("price_variance", bill.priceVariance),
          Fact("due_on", bill.dueOn),
        ]))
  }
}
