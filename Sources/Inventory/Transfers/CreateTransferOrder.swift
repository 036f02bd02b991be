import MasterData
package import Storage
package import Values

/// Asks one of our warehouses for goods that another one needs. What is free is held for it at
/// once; the rest waits there behind the orders of customers. Whoever works for either warehouse
/// may ask.
package struct CreateTransferOrder: Sendable {
  package let fromCode: String
  package let toCode: String
  /// 1–500, each of another product.
  package let lines: [TransferLineDraft]
  /// When the goods are to come; nil where nobody has said.
  package let expectedOn: Day?
  /// At most 200 characters.
  package let note: String

  package static let lineLimit = 500

  package init(
    from: String, to: String, lines: [TransferLineDraft], expectedOn: Day? = nil, note: String = ""
  ) {
    fromCode = from
    toCode = to
    self.lines = lines
    self.expectedOn = expectedOn
    self.note = note
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> TransferOrder {
    guard lines.count <= Self.lineLimit else {
      throw TransferRejection.tooManyLines(
        field: "lines", count: lines.count, limit: Self.lineLimit)
    }
    var check = FieldCheck(.request)
    let places = try warehouses(&check, in: tx)
    check.text(note, "note")
    if lines.isEmpty { check.refuse(MasterDataRejection.missingValue(field: "lines")) }
    if let expectedOn, expectedOn < now.day {
      check.refuse(TransferRejection.inThePast(field: "expected_on", given: expectedOn))
    }
    let found = try read(&check, in: tx)
    try check.pass()
    guard let (from, to) = places else {
      preconditionFailure("a request that passed its checks is complete")
    }
    var order = TransferOrder(
      id: ID(0), number: try DocumentNumbers.next(.transferOrder, on: now.day, in: tx),
      from: from.id, fromCode: from.code, to: to.id, toCode: to.code, createdOn: now.day,
      expectedOn: expectedOn, note: note, version: 1,
      lines: found.enumerated().map { index, line in
        TransferOrder.Line(
          id: ID(0), number: index + 1, product: line.product.id, sku: line.product.sku,
          unit: line.product.unit, ordered: line.quantity)
      })
    try TransferOrderTable.insert(&order, in: tx)
    for (index, line) in found.enumerated() {
      order.lines[index].held =
        try Reserve(
          product: line.product, warehouse: from, quantity: line.quantity,
          origin: order.origin(of: order.lines[index]), priority: TransferOrder.priority,
          shortage: .wait, field: "lines[\(index)].quantity"
        ).run(in: tx, at: now).held
    }
    tx.record(
      DomainEvent(
        "transfer-order.created", order.reference,
        [
          Fact("from", from.code), Fact("to", to.code), Fact("lines", order.lines.count),
          Fact("expected_on", expectedOn?.description ?? ""),
        ]))
    return order
  }

  /// Both, where there are two and the caller works for one of them.
  private func warehouses(
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> (from: Warehouse, to: Warehouse)? {
    let isSeen = try [fromCode, toCode].contains {
      try Warehouses.seen(code: $0, in: snapshot) != nil
    }
    let found = try [("from_warehouse_code", fromCode), ("to_warehouse_code", toCode)].map {
      field, code in
      let warehouse = isSeen ? try Warehouses.find(code: code, in: snapshot) : nil
      if warehouse == nil {
        check.refuse(
          MasterDataRejection.unknownWarehouse(field: field, code: String(code.prefix(60)))
            .ifNamed(code))
      }
      return warehouse
    }
    guard let from = found[0], let to = found[1] else { return nil }
    if from.id == to.id {
      check.refuse(InventoryRejection.sameWarehouse(field: "to_warehouse_code", code: to.code))
    }
    return (from, to)
  }

  private func read(
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> [(product: Product, quantity: Quantity)] {
    var named: Set<ID<Product>> = []
    return try lines.enumerated().compactMap { index, line in
      var found = FieldCheck(FieldPath("lines", row: index))
      defer { for violation in found.violations { check.refuse(violation) } }
      let product = try Products.find(sku: line.sku, in: snapshot)
      let field = found.path.field("sku")
      if let product {
        if !product.isStocked {
          found.refuse(InventoryRejection.serviceHasNoStock(field: field, sku: product.sku))
        }
        if !named.insert(product.id).inserted {
          found.refuse(TransferRejection.duplicateProduct(field: field, sku: product.sku))
        }
      } else {
        found.refuse(
          MasterDataRejection.unknownProduct(field: field, sku: String(line.sku.prefix(60)))
            .ifNamed(line.sku))
      }
      let quantity = line.quantity.read(&found, "quantity", of: product)
      guard let product, let quantity else { return nil }
      return (product, quantity)
    }
  }
}
