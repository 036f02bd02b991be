import Storage
import Values

/// What of money that is paid at the door, and of what carriers owe, is to be looked at.
extension ExceptionTable {
  /// What came in some other way is left out, so that a page may take several looks.
  func uncollected(in snapshot: Snapshot) throws -> [OrderException] {
    var found: [OrderException] = []
    var last = ID<Shipment>(after)
    while found.count < limit {
      let rows = try CashOnDeliveryTable.uncollected(after: last, limit: limit, in: snapshot)
      guard let end = rows.last else { break }
      last = end.open.id
      for row in rows where found.count < limit {
        let order = try SalesOrders.require(number: row.order, in: snapshot)
        let open = min(
          row.open.cash.uncollected.minor, try order.outstanding(in: snapshot).minor)
        guard open > 0 else { continue }
        let missing = Money(minor: open, currency: order.currency)
        found.append(
          exception(
            row.open.id.value, order: row.order,
            document: DocumentReference(.shipment, row.open.shipmentNumber), row.deliveredOn,
            "\(row.open.shipmentNumber) is delivered, and \(missing) of what was to be paid at "
              + "the door is not collected"))
      }
    }
    return found
  }

  func claims(in snapshot: Snapshot) throws -> [OrderException] {
    try CarrierClaimTable.list(
      CarrierClaims.Filter(isOpen: true), after: ID(after), limit: limit, in: snapshot
    ).map { claim in
      exception(
        claim.id.value, order: claim.orderNumber, document: claim.document, claim.openedOn,
        "\(claim.number): \(claim.words)")
    }
  }

  func remittances(in snapshot: Snapshot) throws -> [OrderException] {
    try RemittanceTable.list(
      Remittances.Filter(isOpen: true), after: ID(after), limit: limit, in: snapshot
    ).map { row in
      exception(
        row.id.value, order: row.shipment?.orderNumber,
        document: row.shipment.map { DocumentReference(.shipment, $0.number) }, nil,
        "Row \(row.told.rowID) of \(row.carrier)'s statement \(row.statement): \(row.words)")
    }
  }
}
