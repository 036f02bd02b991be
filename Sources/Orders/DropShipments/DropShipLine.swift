import Inventory
import MasterData
import Production
package import Purchasing
package import Storage
package import Values

/// Has a supplier bring all that is open of a line to its customer. What was held for it goes to
/// whoever waits, what was asked for it is called off, and the supplier gets a purchase order. From
/// here on our own stock has nothing to do with the line.
package struct DropShipLine: Sendable {
  package let orderNumber: String
  package let line: Int
  /// Empty for the one that is preferred for the product.
  package let supplierCode: String
  /// Of one base unit, without tax; nil for the supplier's list.
  package let unitPrice: UnitPrice?
  /// Nil for the supplier's lead time.
  package let expectedOn: Day?
  /// Of the sales order, that the caller has seen; nil for any.
  package let expectedVersion: Int64?

  package init(
    orderNumber: String, line: Int, supplierCode: String = "", unitPrice: UnitPrice? = nil,
    expectedOn: Day? = nil, expectedVersion: Int64? = nil
  ) {
    self.orderNumber = orderNumber
    self.line = line
    self.supplierCode = supplierCode
    self.unitPrice = unitPrice
    self.expectedOn = expectedOn
    self.expectedVersion = expectedVersion
  }

  package struct Outcome: Hashable, Sendable {
    package let shipment: DropShipment
    package let verdicts: [SupplyVerdict]
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(version: expectedVersion)
    let index = try order.index(ofLine: line, field: "line_number")
    try order.expect(.ship, in: tx)
    // The supplier is told to send it, and nobody asks again.
    try order.expect(.dispatch, in: tx)
    let product = try check(order.lines[index], of: order, on: now.day, in: tx)
    try order.expectCredit(
      for: [LeavingPart(line: line, quantity: order.lines[index].open)], on: now.day, in: tx)
    let supplier = try supplier(for: product, in: tx)

    let origin = order.origin(of: order.lines[index])
    let released = try Reservations.of(origin, in: tx)
    try ReleaseReservation(origin: origin).run(in: tx, at: now)
    let verdicts = try CancelSupplyFor(origin: origin, released: released).run(in: tx, at: now)
    let purchase = try RelocatedPurchase.relocating {
      try CreatePurchaseOrder(
        supplierCode: supplier, warehouseCode: order.warehouseCode,
        lines: [
          PurchaseLineDraft(
            sku: product.sku, quantity: GivenQuantity(order.lines[index].open),
            unitPrice: unitPrice)
        ], expectedOn: expectedOn, direct: origin
      ).run(in: tx, at: now)
    }
    order.lines[index].isDropShipped = true
    order.lines[index].reserved = .zero
    try SalesOrderLineTable.set(dropShipped: true, line, of: order.id, in: tx)
    tx.record(
      DomainEvent(
        "order.drop-shipped", order.reference, related: purchase.reference,
        [
          Fact("line", line), Fact("sku", product.sku), Fact("supplier", supplier),
          Fact("quantity", order.lines[index].open), Fact("expected_on", purchase.expectedOn),
        ]))
    try order.save(lines: [], in: tx)
    try order.countSupplier(in: tx, at: now)
    try order.promiseDropShipped(index, in: tx, at: now)
    let appointments = try order.fitAppointments(in: tx, at: now)
    guard let shipment = DropShipment(purchase) else {
      preconditionFailure("a purchase order for a line goes to its customer")
    }
    return Outcome(shipment: shipment, verdicts: verdicts + appointments)
  }

  private func check(
    _ line: SalesOrderLine, of order: SalesOrder, on today: Day, in tx: Transaction
  ) throws -> Product {
    let field = "line_number"
    guard line.sourcing == .stock else {
      throw DropShipRejection.notFromStock(field: field, order: order.number, line: line.number)
    }
    if try order.isOfPiece(line, in: tx) {
      throw ShowroomRejection.onePiece(field: field, order: order.number, line: line.number)
    }
    guard !line.isDropShipped else {
      throw DropShipRejection.alreadyDropShipped(
        field: field, order: order.number, line: line.number)
    }
    guard line.open.isPositive else {
      throw DropShipRejection.nothingOpen(field: field, order: order.number, line: line.number)
    }
    for shipment in try Shipments.ofOrder(order, in: tx)
    where shipment.state.isOpen && shipment.lines.contains(where: { $0.orderLine == line.number }) {
      throw DropShipRejection.beingShipped(
        field: field, order: order.number, line: line.number, shipment: shipment.number)
    }
    if line.schedules.hasPlaces {
      throw DropShipRejection.severalPlaces(field: field, order: order.number, line: line.number)
    }
    if let day = try order.unreleased(on: today, in: tx)[line.number] {
      throw PreorderRejection.notReleased(
        field: field, order: order.number, line: line.number, releasesOn: day)
    }
    // Nobody asks the supplier at his ramp whether it has been paid.
    try order.expectPaidBeforeLeaving(in: tx)
    return try line.requireProduct(in: tx)
  }

  private func supplier(for product: Product, in tx: Transaction) throws -> String {
    guard supplierCode.isEmpty else { return supplierCode }
    guard let preferred = try SupplierPrices.preferred(for: product, in: tx) else {
      throw DropShipRejection.noSupplier(field: "supplier_code", sku: product.sku)
    }
    return preferred.supplierCode
  }
}

/// A refusal of the purchase order, with the field of the request that it follows from.
private struct RelocatedPurchase: Rejection {
  let refused: any Rejection

  var kind: RejectionKind { refused.kind }
  var reason: String { refused.reason }
  var message: String { refused.message }
  var facts: [Fact] { refused.facts }
  var field: String? {
    guard let field = refused.field, field.hasPrefix("lines[0].") else { return refused.field }
    let name = String(field.dropFirst("lines[0].".count))
    return name == "sku" || name == "quantity" ? "line_number" : name
  }

  static func relocating<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let several as Rejections {
      try Rejections.check(several.all.map { RelocatedPurchase(refused: $0) })
      throw several
    } catch let one as any Rejection {
      throw RelocatedPurchase(refused: one)
    }
  }
}

extension SalesOrder {
  /// Writes down when the line leaves now, and when the others can that wait for the same goods.
  func promiseDropShipped(_ index: Int, in tx: Transaction, at now: Moment) throws {
    var outlook = SupplyOutlook(on: now.day)
    try recordPromises(&outlook, isTold: true, in: tx, at: now)
    try RefreshPromises(at: place(of: lines[index]).map { [$0] } ?? []).run(in: tx, at: now)
  }
}
