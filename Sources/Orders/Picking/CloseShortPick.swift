import Inventory
package import Storage
package import Values

/// What a picker did not find is there after all, or a count has put the books right: it is free
/// again, and goes to whoever waits.
package struct ReleaseShortPick: Sendable {
  package let shipmentNumber: String
  /// Of the order.
  package let line: Int
  /// Who has looked.
  package let actor: String

  package init(shipmentNumber: String, line: Int, by actor: String) {
    self.shipmentNumber = shipmentNumber
    self.line = line
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ShortPick {
    let shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard var pick = try ShortPickTable.find(line: line, of: shipment.id, in: tx) else {
      throw PickingRejection.unknownShortPick(
        field: "line_number", shipment: shipment.number, line: line)
    }
    if pick.closedAt != nil {
      throw PickingRejection.shortPickClosed(
        field: "line_number", shipment: shipment.number, line: line, by: pick.closedBy ?? "")
    }
    let released = try ReleaseReservation(origin: pick.origin).run(in: tx, at: now)
    try pick.close(by: actor, in: tx, at: now)
    shipment.tell(
      "shipment.short-pick-released",
      [
        Fact("line", line), Fact("sku", pick.sku), Fact("quantity", released),
        Fact("actor", actor),
      ], in: tx)
    try RefreshPromises(at: [pick.place]).run(in: tx, at: now)
    return pick
  }
}

/// A count has taken what was set apart out of the books: there is nothing to look into any more.
package struct CloseShortPicks: Sendable {
  /// Where stock was counted.
  package let places: [SupplyPlace]
  /// Who counted.
  package let actor: String

  package init(at places: [SupplyPlace], by actor: String) {
    self.places = places
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    for place in places {
      for var pick in try ShortPickTable.open(at: place, in: tx) {
        guard try Reservations.of(pick.origin, in: tx).isEmpty else { continue }
        try pick.close(by: actor, in: tx, at: now)
        tx.record(
          DomainEvent(
            "shipment.short-pick-counted", DocumentReference(.shipment, pick.shipmentNumber),
            related: DocumentReference(.salesOrder, pick.orderNumber),
            [Fact("line", pick.line), Fact("sku", pick.sku), Fact("actor", actor)]))
      }
    }
  }
}

extension ShortPick {
  fileprivate mutating func close(
    by actor: String, in tx: Transaction, at now: Moment
  ) throws {
    closedBy = actor
    closedAt = now.instant
    try ShortPickTable.close(id, by: actor, at: now.instant, in: tx)
  }
}
