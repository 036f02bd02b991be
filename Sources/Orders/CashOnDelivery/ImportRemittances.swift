import Finance
import MasterData
package import Storage
package import Values

/// Takes a carrier's statement of what it remits: each row once, with a verdict. One alone never
/// stops the others.
package struct ImportRemittances: Sendable {
  package let carrier: String
  package let statement: String
  /// With what was wrong with its shape.
  package let rows: [(row: RemittanceRow, malformed: [any Rejection])]

  package init(
    carrier: String, statement: String, rows: [(row: RemittanceRow, malformed: [any Rejection])]
  ) {
    self.carrier = carrier
    self.statement = statement
    self.rows = rows
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RemittanceResult] {
    var check = FieldCheck(.request)
    check.text(carrier, "carrier", limit: 100, required: true)
    check.text(statement, "statement", limit: 100, required: true)
    check.range(rows.count, "rows", 1...500)
    try check.pass()
    let base = try Companies.current(in: tx).baseCurrency
    return try rows.enumerated().map { index, row in
      do {
        return try tx.attempt {
          try row.row.check(FieldPath("rows", row: index), row.malformed, base: base)
          return try take(row.row, FieldPath("rows", row: index), in: tx, at: now)
        }
      } catch let several as Rejections {
        return RemittanceResult(rowID: row.row.rowID, outcome: .refused(several.all))
      } catch let one as any Rejection {
        return RemittanceResult(rowID: row.row.rowID, outcome: .refused([one]))
      }
    }
  }

  private func take(
    _ row: RemittanceRow, _ path: FieldPath, in tx: Transaction, at now: Moment
  ) throws -> RemittanceResult {
    if let kept = try RemittanceTable.find(
      carrier: carrier, statement: statement, rowID: row.rowID, in: tx)
    {
      guard kept.told == row else {
        throw CashOnDeliveryRejection.rowDiffers(
          field: path.field("row_id"), statement: statement, row: row.rowID)
      }
      return RemittanceResult(rowID: row.rowID, outcome: .duplicate(kept))
    }
    let id = try RemittanceTable.insert(
      row, carrier: carrier, statement: statement, at: now, in: tx)
    var remittance = Remittance(
      id: id, carrier: carrier, statement: statement, told: row, shipment: nil,
      credited: .zero(row.amount.currency), state: .unknown, importedAt: now.instant,
      settledBy: nil, reason: "", proposal: nil)
    if var shipment = try shipment(of: row, in: tx) {
      try remittance.credit(&shipment, in: tx, at: now)
    }
    try PostEntry.collectionRemitted(
      remittance.origin, occurrence: id.value, carrier: carrier, amount: row.amount, fee: row.fee,
      credited: remittance.credited
    ).run(in: tx, at: now)
    remittance.record("remittance.taken", in: tx)
    return RemittanceResult(rowID: row.rowID, outcome: .taken(remittance))
  }

  /// By our number, or else by the carrier's; nil where there is none that this carrier was to
  /// collect for and has delivered.
  private func shipment(of row: RemittanceRow, in tx: Transaction) throws -> Shipment? {
    let number =
      row.shipmentNumber.isEmpty
      ? try ShipmentTable.number(carrier: carrier, tracking: row.trackingNumber, in: tx)
      : row.shipmentNumber
    guard let number, let found = try Shipments.find(number: number, in: tx),
      found.carrier == carrier, found.isCollectedByCarrier
    else { return nil }
    return found
  }
}

extension Shipment {
  /// It is delivered, and its carrier was to collect for it.
  var isCollectedByCarrier: Bool { state == .delivered && cashOnDelivery?.collector == .carrier }
}

extension RemittanceRow {
  fileprivate func check(
    _ path: FieldPath, _ malformed: [any Rejection], base: Currency
  ) throws {
    var check = FieldCheck(path, malformed: malformed)
    check.text(rowID, "row_id", limit: 100, required: true)
    check.text(shipmentNumber, "shipment_number", limit: 40)
    check.text(trackingNumber, "tracking_number", limit: 100)
    if shipmentNumber.isEmpty, trackingNumber.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: path.field("tracking_number")))
    }
    check.amount(amount, "amount", base: base)
    if amount.minor <= 0 {
      check.refuse(
        FinanceRejection.amountNotPositive(field: path.field("amount"), given: amount))
    }
    if fee.minor != 0 { check.amount(fee, "fee", base: base, highest: max(0, amount.minor)) }
    try check.pass()
  }
}

extension Remittance {
  /// Lets it pay what its carrier owes for a shipment, which it has collected in full, whether
  /// anybody had told that or not.
  mutating func credit(
    _ shipment: inout Shipment, in tx: Transaction, at now: Moment
  ) throws {
    try shipment.assumeCollected(in: tx, at: now)
    guard var cash = shipment.cashOnDelivery else { return }
    credited = Money(
      minor: min(told.amount.minor, cash.withCarrier.minor), currency: told.amount.currency)
    cash.remitted = try cash.remitted + credited
    try CashOnDeliveryTable.update(cash, of: shipment.id, in: tx)
    shipment.cashOnDelivery = cash
    self.shipment = Shipped(
      number: shipment.number, orderNumber: shipment.orderNumber, withCarrier: cash.withCarrier)
    if cash.withCarrier.minor == 0 {
      try RemittanceTable.settleShort(of: shipment.id, in: tx)
      state = excess.minor > 0 ? .over : .matched
    } else {
      state = .short
    }
    try RemittanceTable.update(self, of: shipment.id, in: tx)
  }

  /// Says what became of it, on the shipment's timeline where there is one.
  func record(_ event: String, _ facts: [Fact] = [], in tx: Transaction) {
    let reference =
      shipment.map { DocumentReference(.shipment, $0.number) }
      ?? DocumentReference(.masterData, "carrier:\(carrier)")
    tx.record(
      DomainEvent(
        event, reference,
        related: shipment.map { DocumentReference(.salesOrder, $0.orderNumber) },
        [
          Fact("carrier", carrier), Fact("statement", statement), Fact("row", told.rowID),
          Fact("amount", told.amount), Fact("fee", told.fee), Fact("state", state.rawValue),
        ] + facts))
  }
}

extension Shipment {
  /// What a carrier remits it has collected: what is owed and nobody told to be collected, as long
  /// as the order still needs it.
  fileprivate mutating func assumeCollected(in tx: Transaction, at now: Moment) throws {
    guard let cash = cashOnDelivery else { return }
    let order = try SalesOrders.require(number: orderNumber, in: tx)
    let open = min(cash.uncollected.minor, try order.outstanding(in: tx).minor)
    guard open > 0 else { return }
    let amount = Money(minor: open, currency: cash.owed.currency)
    _ = try collect([CollectedCash(amount: amount, method: .other)], on: now.day, in: tx, at: now)
  }
}
