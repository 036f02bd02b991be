import Inventory
import MasterData
package import Storage
package import Values

/// Takes in what a purchase order brought. The goods go to the demand that waits for them in the
/// same transaction; their value is owed to the supplier until his bill comes (goods received, not
/// invoiced).
package struct ReceiveGoods: Sendable {
  package let purchaseOrderNumber: String
  /// Empty: all that is open.
  package let lines: [PurchaseLineQuantity]
  /// The supplier's, at most 100 characters; empty for none. A second receipt with it is refused.
  package let deliveryNote: String
  /// They go straight to a customer, and are on their way: whoever asks sees to the shipment.
  package let isDirect: Bool

  package init(
    purchaseOrderNumber: String, lines: [PurchaseLineQuantity] = [], deliveryNote: String = "",
    isDirect: Bool = false
  ) {
    self.purchaseOrderNumber = purchaseOrderNumber
    self.lines = lines
    self.deliveryNote = deliveryNote
    self.isDirect = isDirect
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> GoodsReceipt {
    var order = try PurchaseOrders.require(
      number: purchaseOrderNumber, field: "purchase_order_number", in: tx)
    if !isDirect { try order.expectStocked(field: "purchase_order_number") }
    let arrivals = try arrivals(of: order, in: tx)
    let number = try DocumentNumbers.next(.goodsReceipt, on: now.day, in: tx)
    let receipt = try GoodsReceiptTable.insert(
      number: number, of: order, deliveryNote: deliveryNote.isEmpty ? nil : deliveryNote, at: now,
      in: tx)
    let place =
      isDirect
      ? Locations.transit
      : try Locations.stock(of: Warehouses.fetch(order.warehouse, in: tx), in: tx)
    var total = Money.zero(order.currency)
    for (index, quantity) in arrivals {
      let line = order.lines[index]
      let value = try line.value(of: quantity, after: line.received)
      total = try total + value
      order.lines[index].received = try line.received + quantity
      try PurchaseOrderLineTable.update(order.lines[index], in: tx)
      try GoodsReceiptTable.insertLine(quantity, value: value, of: line.id, in: receipt, in: tx)
      try recordArrival(of: line, quantity, of: order, receipt: number, in: tx)
      try MoveStock(
        product: Products.fetch(line.product, in: tx), quantity: quantity,
        from: Locations.supplier, to: place, valuation: .given(value), cause: .goodsReceipt,
        origin: Origin(.goodsReceipt, number, line: line.number), supply: order.reference,
        party: order.supplierCode, field: "lines"
      ).run(in: tx, at: now)
    }
    try PurchaseOrderTable.update(&order, in: tx)
    tx.record(
      DomainEvent(
        "goods.received", DocumentReference(.goodsReceipt, number), related: order.reference,
        [
          Fact("supplier", order.supplierCode), Fact("warehouse", order.warehouseCode),
          Fact("lines", arrivals.count), Fact("value", total),
          Fact("delivery_note", deliveryNote),
        ]))
    return GoodsReceipt(number: number, order: order, value: total)
  }

  /// Positions of lines and how much of each came.
  private func arrivals(
    of order: PurchaseOrder, in tx: Transaction
  ) throws -> [(index: Int, quantity: Quantity)] {
    var check = FieldCheck(.request)
    check.text(deliveryNote, "delivery_note", limit: 100)
    if !deliveryNote.isEmpty,
      let receipt = try GoodsReceiptTable.number(
        ofDeliveryNote: deliveryNote, of: order.supplier, in: tx)
    {
      check.refuse(
        PurchasingRejection.duplicateDeliveryNote(
          field: "delivery_note", supplier: order.supplierCode, note: deliveryNote,
          receipt: receipt))
    }
    guard !lines.isEmpty else {
      try check.pass()
      let open = order.lines.indices.filter { order.lines[$0].open.isPositive }
      guard !open.isEmpty else { throw PurchasingRejection.nothingToReceive(order: order.number) }
      return open.map { ($0, order.lines[$0].open) }
    }
    var reading = OrderLineReading(order: order)
    let found = try lines.enumerated().map { index, given in
      try reading.read(given.lineNumber, given.quantity, at: FieldPath("lines", row: index), in: tx)
      { line, quantity, path in
        quantity <= line.open
          ? nil
          : .overReceipt(
            field: path.field("quantity"), order: order.number, line: line.number, open: line.open,
            given: quantity)
      }
    }
    try Rejections.check(check.violations + reading.violations)
    return found.compactMap { $0 }
  }

  /// On the timeline of what asked for the goods.
  private func recordArrival(
    of line: PurchaseOrder.Line, _ quantity: Quantity, of order: PurchaseOrder, receipt: String,
    in tx: Transaction
  ) throws {
    guard let number = line.requisitionNumber,
      let requisition = try RequisitionTable.find(number, in: tx), requisition.isPegged
    else { return }
    tx.record(
      requisition.event(
        "requisition.received",
        [
          Fact("received", quantity), Fact("purchase_order", order.number),
          Fact("goods_receipt", receipt),
        ]))
  }
}
