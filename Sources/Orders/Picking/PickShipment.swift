package import Inventory
import MasterData
import Production
package import Storage
package import Values

/// What a picker found of a line of which there was less than was asked for.
package struct FoundQuantity: Hashable, Sendable {
  /// Of the order.
  package let line: Int
  /// 0 for nothing.
  package let found: GivenQuantity
  package let cause: ShortPick.Cause

  package init(line: Int, found: GivenQuantity, cause: ShortPick.Cause) {
    self.line = line
    self.found = found
    self.cause = cause
  }
}

/// Records that the goods of a shipment were taken from the shelves: all of them, or of some lines
/// what was there. The shipment goes on with that; a set of which something is missing stays on the
/// shelves, and of a shipment of which nothing is left nothing leaves. What was not found is open
/// again and set apart in stock, to be looked into.
package struct PickShipment: Sendable {
  package let number: String
  /// Lines of which there was less.
  package let short: [FoundQuantity]
  /// Who picks; empty where nobody says.
  package let actor: String

  package init(number: String, short: [FoundQuantity] = [], by actor: String = "") {
    self.number = number
    self.short = short
    self.actor = actor
  }

  package struct Outcome: Sendable {
    package let shipment: Shipment
    package let short: [ShortPick]
  }

  private struct Missing {
    let line: ShipmentLine
    let product: Product
    let found: Quantity
    let cause: ShortPick.Cause

    var gone: Quantity { Quantity(micros: line.quantity.micros - found.micros) }
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let shipment = try Shipments.require(number: number, in: tx)
    var picked = shipment
    try picked.advance(to: .picked)
    let missing = try read(of: shipment, in: tx)
    guard !missing.isEmpty else {
      try ShipmentTable.update(picked, in: tx)
      picked.record(Fact.worker(actor), in: tx)
      return Outcome(shipment: picked, short: [])
    }
    let order = try SalesOrders.require(number: shipment.orderNumber, in: tx)
    let leaving = try self.leaving(shipment, missing, of: order, in: tx)
    let short = try setAside(missing, of: shipment, order, in: tx, at: now)
    if leaving.isEmpty {
      // Its lines stay as they were asked for.
      picked = shipment
      try picked.cancel(in: tx)
    } else {
      try cut(shipment, to: leaving, in: tx)
      try ShipmentTable.update(picked, in: tx)
      picked = try Shipments.require(number: number, in: tx)
      picked.record([picked.contents] + Fact.worker(actor), in: tx)
    }
    for gone in missing {
      let origin = order.origin(of: order.lines[gone.line.orderLine - 1])
      try ReplaceMissing(gone.product, for: origin).run(in: tx, at: now)
    }
    try RefreshPromises(at: short.map(\.place)).run(in: tx, at: now)
    return Outcome(shipment: try Shipments.require(number: number, in: tx), short: short)
  }

  /// What is missing of which line, in the order of the request.
  private func read(of shipment: Shipment, in tx: Transaction) throws -> [Missing] {
    var violations: [any Rejection] = []
    var seen: Set<Int> = []
    var missing: [Missing] = []
    for (row, given) in short.enumerated() {
      var check = FieldCheck(FieldPath("short_lines", row: row))
      let field = check.path.field("line_number")
      if let line = shipment.lines.first(where: { $0.orderLine == given.line }) {
        if !seen.insert(given.line).inserted {
          check.refuse(OrdersRejection.duplicateLine(field: field, line: given.line))
        } else {
          let product = try Products.fetch(line.product, in: tx)
          if let found = try read(given, line, product, &check) {
            missing.append(
              Missing(line: line, product: product, found: found, cause: given.cause))
          }
        }
      } else {
        check.refuse(
          PickingRejection.notInShipment(field: field, shipment: number, line: given.line))
      }
      violations += check.violations
    }
    try Rejections.check(violations)
    return missing
  }

  /// How much was found; nil where something is wrong with it, which is noted.
  private func read(
    _ given: FoundQuantity, _ line: ShipmentLine, _ product: Product, _ check: inout FieldCheck
  ) throws -> Quantity? {
    let quantity =
      given.found.quantity == .zero
      ? Quantity.zero : given.found.read(&check, "found", of: product)
    guard let quantity, check.violations.isEmpty else { return nil }
    guard quantity < line.quantity else {
      check.refuse(
        PickingRejection.notShort(
          field: check.path.field("found"), shipment: number, line: line.orderLine,
          asked: line.quantity, found: quantity))
      return nil
    }
    return quantity
  }

  /// What leaves of each line, without sets of which something is missing.
  private func leaving(
    _ shipment: Shipment, _ missing: [Missing], of order: SalesOrder, in tx: Transaction
  ) throws -> [Int: Quantity] {
    var quantities = Dictionary(
      uniqueKeysWithValues: shipment.lines.map { ($0.orderLine, $0.quantity) })
    for gone in missing {
      quantities[gone.line.orderLine] = gone.found.isPositive ? gone.found : nil
    }
    return try order.withoutBrokenSets(quantities, in: tx)
  }

  private func cut(
    _ shipment: Shipment, to leaving: [Int: Quantity], in tx: Transaction
  ) throws {
    for line in shipment.lines {
      guard let quantity = leaving[line.orderLine] else {
        try ShipmentLineTable.remove(line: line.orderLine, of: shipment.id, in: tx)
        continue
      }
      if quantity != line.quantity {
        try ShipmentLineTable.set(quantity, ofLine: line.orderLine, of: shipment.id, in: tx)
      }
    }
  }

  private func setAside(
    _ missing: [Missing], of shipment: Shipment, _ order: SalesOrder, in tx: Transaction,
    at now: Moment
  ) throws -> [ShortPick] {
    let apart = try ShipmentLineTable.setApart(of: order.id, in: tx)
    let warehouse = try order.warehouse(in: tx)
    return try missing.map { gone in
      let line = order.lines[gone.line.orderLine - 1]
      // What other shipments have set apart stays theirs; a count may have taken the rest before.
      let others = apart[line.number, default: .zero].micros - gone.gone.micros
      let held = Quantity(
        micros: min(gone.gone.micros, max(0, line.reserved.micros - others)))
      var pick = ShortPick(
        id: ID(0), shipment: shipment.id, shipmentNumber: number, orderNumber: order.number,
        line: line.number, product: gone.product.id, sku: gone.product.sku,
        unit: gone.product.unit, warehouseCode: warehouse.code, asked: gone.line.quantity,
        found: gone.found, held: held, cause: gone.cause, pickedBy: actor, pickedAt: now.instant,
        closedBy: held.isPositive ? nil : actor, closedAt: held.isPositive ? nil : now.instant)
      if held.isPositive {
        try HoldMissing(
          origin: order.origin(of: line), product: gone.product, warehouse: warehouse,
          quantity: held, document: pick.origin
        ).run(in: tx, at: now)
      }
      pick.id = try ShortPickTable.insert(pick, in: tx)
      shipment.tell(
        "shipment.short-picked",
        [
          Fact("line", line.number), Fact("sku", pick.sku), Fact("asked", pick.asked),
          Fact("found", pick.found), Fact("held", held), Fact("cause", pick.cause.rawValue),
        ] + Fact.worker(actor), in: tx)
      return pick
    }
  }
}
