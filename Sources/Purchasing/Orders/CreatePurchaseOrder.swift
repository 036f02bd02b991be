import MasterData
package import Storage
package import Values

/// Orders goods from a supplier, for requisitions or on its own, at the prices of his list unless
/// the order says others.
package struct CreatePurchaseOrder: Sendable {
  package let supplierCode: String
  package let warehouseCode: String
  /// 1–500.
  package let lines: [PurchaseLineDraft]
  /// Nil: after the longest lead time of the lines.
  package let expectedOn: Day?
  /// The line of a document whose customer gets the goods straight from the supplier; nil for goods
  /// that come to the warehouse.
  package let direct: Origin?

  package static let lineLimit = 500

  package init(
    supplierCode: String, warehouseCode: String, lines: [PurchaseLineDraft],
    expectedOn: Day? = nil, direct: Origin? = nil
  ) {
    self.supplierCode = supplierCode
    self.warehouseCode = warehouseCode
    self.lines = lines
    self.expectedOn = expectedOn
    self.direct = direct
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> PurchaseOrder {
    guard lines.count <= Self.lineLimit else {
      throw PurchasingRejection.tooManyLines(
        field: "lines", count: lines.count, limit: Self.lineLimit)
    }
    let base = try Companies.current(in: tx).baseCurrency
    let supplier = try Suppliers.find(code: supplierCode, in: tx)
    let warehouse = try Warehouses.seen(code: warehouseCode, in: tx)
    var reading = PurchaseLineReading(supplier: supplier, warehouse: warehouse, base: base)
    let resolved = try lines.enumerated().map { index, line in
      try reading.read(line, at: FieldPath("lines", row: index), in: tx)
    }
    try Rejections.check(headViolations(supplier, warehouse) + reading.violations)
    guard let supplier, let warehouse else {
      preconditionFailure("an order that passed its checks is complete")
    }
    return try write(
      resolved.compactMap { $0 }, supplier, warehouse, base, in: tx, at: now)
  }

  private func headViolations(
    _ supplier: Supplier?, _ warehouse: Warehouse?
  ) -> [any Rejection] {
    var check = FieldCheck(.request)
    if lines.isEmpty { check.refuse(PurchasingRejection.noLines(field: "lines")) }
    if supplier == nil {
      check.refuse(
        MasterDataRejection.unknownSupplier(
          field: "supplier_code", code: String(supplierCode.prefix(60))
        ).ifNamed(supplierCode))
    }
    if warehouse == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(
          field: "warehouse_code", code: String(warehouseCode.prefix(60))
        ).ifNamed(warehouseCode))
    }
    return check.violations
  }

  private func write(
    _ resolved: [ResolvedPurchaseLine], _ supplier: Supplier, _ warehouse: Warehouse,
    _ base: Currency, in tx: Transaction, at now: Moment
  ) throws -> PurchaseOrder {
    let leadDays = resolved.map(\.leadDays).max() ?? supplier.leadDays
    var order = PurchaseOrder(
      id: ID(0), number: try DocumentNumbers.next(.purchaseOrder, on: now.day, in: tx),
      supplier: supplier.id, supplierCode: supplier.code, warehouse: warehouse.id,
      warehouseCode: warehouse.code, currency: base, orderedOn: now.day,
      expectedOn: expectedOn ?? now.day.adding(days: leadDays), version: 1,
      lines: resolved.enumerated().map { index, line in line.orderLine(number: index + 1) },
      direct: direct)
    order.id = try PurchaseOrderTable.insert(order, in: tx)
    for (index, line) in resolved.enumerated() {
      let id = try PurchaseOrderLineTable.insert(order.lines[index], of: order.id, in: tx)
      order.lines[index].id = id
      if let requisition = line.requisition {
        try RequisitionTable.setOrdered(requisition.id, line: id, in: tx)
      }
    }
    try record(order, resolved, in: tx)
    return order
  }

  private func record(
    _ order: PurchaseOrder, _ resolved: [ResolvedPurchaseLine], in tx: Transaction
  ) throws {
    tx.record(
      DomainEvent(
        "purchase-order.created", order.reference, related: direct?.document,
        [
          Fact("supplier", order.supplierCode), Fact("warehouse", order.warehouseCode),
          Fact("lines", order.lines.count), Fact("net", try order.net()),
          Fact("expected_on", order.expectedOn),
        ]))
    for requisition in resolved.compactMap(\.requisition) {
      tx.record(
        requisition.event(
          "requisition.ordered",
          [
            Fact("purchase_order", order.number), Fact("supplier", order.supplierCode),
            Fact("expected_on", order.expectedOn),
          ]))
    }
  }
}

extension ResolvedPurchaseLine {
  /// The line as it will be stored, which gives it its id.
  func orderLine(number: Int) -> PurchaseOrder.Line {
    PurchaseOrder.Line(
      id: ID(0), number: number, product: product.id, sku: product.sku, unit: product.unit,
      ordered: quantity, cancelled: .zero, received: .zero, billed: .zero, unitPrice: unitPrice,
      requisitionNumber: requisition?.number)
  }
}
