package import Inventory
import MasterData
package import Storage
package import Values

/// What was signed at the door.
package struct DeliveryProof: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    /// Of the order.
    package let orderLine: Int
    /// Zero for nothing.
    package let refused: GivenQuantity
    /// Of a reason for returns; empty where nothing was refused.
    package let reasonCode: String
    /// Of what was taken.
    package let serials: [String]
    /// That were handed over; 0 where nobody counted.
    package let cartons: Int

    package init(
      orderLine: Int, refused: GivenQuantity, reasonCode: String, serials: [String], cartons: Int
    ) {
      self.orderLine = orderLine
      self.refused = refused
      self.reasonCode = reasonCode
      self.serials = serials
      self.cartons = cartons
    }
  }

  package let signedBy: String
  package let signedAt: Instant
  package let place: String
  package let attachments: [String]
  package let lines: [Line]

  package init(
    signedBy: String, signedAt: Instant, place: String, attachments: [String], lines: [Line]
  ) {
    self.signedBy = signedBy
    self.signedAt = signedAt
    self.place = place
    self.attachments = attachments
    self.lines = lines
  }
}

/// A proof as it is kept.
package struct KeptProof: Sendable {
  package let proof: DeliveryProof
  package let recordedBy: String
  /// Of what was refused; nil for none.
  package let returnNumber: String?

  /// Nil where nothing was signed.
  package static func find(of shipment: Shipment, in snapshot: Snapshot) throws -> KeptProof? {
    try DeliveryProofTable.find(shipment, in: snapshot)
  }

  /// Refuses a shipment for which nothing was signed.
  package static func require(
    of shipment: Shipment, field: String, in snapshot: Snapshot
  ) throws -> KeptProof {
    guard let found = try DeliveryProofTable.find(shipment, in: snapshot) else {
      throw CarrierRejection.noProof(field: field, shipment: shipment.number)
    }
    return found
  }
}

/// Records what was signed at the door. A shipment on its way is delivered by it, and one that was
/// delivered before gets its proof. What was refused goes back by a return, in the same
/// transaction, and what was collected pays the order.
package struct RecordDeliveryProof: Sendable {
  package let shipmentNumber: String
  package let proof: DeliveryProof
  /// At the door; empty for nothing.
  package let collected: [CollectedCash]
  /// On which it was signed, at the company's site.
  package let signedOn: Day
  /// Who asks.
  package let actor: String

  package init(
    shipmentNumber: String, _ proof: DeliveryProof, collected: [CollectedCash] = [], signedOn: Day,
    by actor: String
  ) {
    self.shipmentNumber = shipmentNumber
    self.proof = proof
    self.collected = collected
    self.signedOn = signedOn
    self.actor = actor
  }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (shipment: Shipment, customerReturn: CustomerReturn?) {
    var shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard try DeliveryProofTable.find(shipment, in: tx) == nil else {
      throw CarrierRejection.proofRecorded(field: "shipment_number", shipment: shipment.number)
    }
    try check(shipment, at: now, in: tx)
    if shipment.state == .dispatched {
      shipment = try DeliverShipment(
        number: shipment.number, receivedBy: proof.signedBy, acceptedOn: signedOn
      ).run(in: tx, at: now)
    } else {
      shipment.receivedBy = proof.signedBy
      shipment.deliveredOn = signedOn
      try ShipmentTable.update(shipment, in: tx)
    }
    let refused = try giveBack(shipment, in: tx, at: now)
    try DeliveryProofTable.insert(
      proof, of: shipment, by: actor, customerReturn: refused?.id, in: tx)
    // Who signed and where stands in the proof, which can forget it; an event cannot.
    tx.record(
      DomainEvent(
        "shipment.proven", shipment.reference,
        related: DocumentReference(.salesOrder, shipment.orderNumber),
        [
          Fact("signed_on", signedOn), Fact("attachments", proof.attachments.count),
          Fact("return", refused?.number ?? ""), Fact("actor", actor),
        ]))
    try claimDamage(shipment, in: tx, at: now)
    try shipment.meetDoor(
      refused: Dictionary(
        uniqueKeysWithValues: proof.lines.map { ($0.orderLine, $0.refused.quantity) }), in: tx)
    _ = try shipment.collect(collected, on: signedOn, in: tx, at: now)
    return (shipment, refused)
  }

  private func check(_ shipment: Shipment, at now: Moment, in snapshot: Snapshot) throws {
    guard shipment.state == .dispatched || shipment.state == .delivered else {
      throw CarrierRejection.notOnItsWay(
        field: "shipment_number", shipment: shipment.number, state: shipment.state)
    }
    var check = FieldCheck(FieldPath("proof"))
    check.text(proof.signedBy, "signed_by", limit: 100, required: true)
    check.text(proof.place, "place")
    check.range(proof.attachments.count, "attachment_digests", 0...20)
    if let left = shipment.dispatchedOn, signedOn < left {
      check.refuse(
        CarrierRejection.signedBefore(
          field: "proof.signed_at", shipment: shipment.number, dispatchedOn: left))
    }
    if proof.signedAt > now.instant.adding(seconds: 3_600) || signedOn > now.day {
      check.refuse(CarrierRejection.signedToCome(field: "proof.signed_at"))
    }
    for (index, digest) in proof.attachments.prefix(20).enumerated() {
      do {
        _ = try Attachment.require(
          digest: digest, field: "proof.attachment_digests[\(index)]", in: snapshot)
      } catch let unknown as any Rejection {
        check.refuse(unknown)
      }
    }
    try check.pass()
    try checkLines(shipment, in: snapshot)
  }

  private func checkLines(_ shipment: Shipment, in snapshot: Snapshot) throws {
    var found: [any Rejection] = []
    var seen: Set<Int> = []
    for (row, line) in proof.lines.enumerated() {
      var check = FieldCheck(FieldPath("proof.lines", row: row))
      let field = check.path.field("order_line_number")
      defer { found += check.violations }
      guard let sent = shipment.lines.first(where: { $0.orderLine == line.orderLine }) else {
        check.refuse(
          CarrierRejection.lineNotShipped(
            field: field, shipment: shipment.number, line: line.orderLine))
        continue
      }
      guard seen.insert(line.orderLine).inserted else {
        check.refuse(OrdersRejection.duplicateLine(field: field, line: line.orderLine))
        continue
      }
      try line.check(&check, sent, in: snapshot)
    }
    try Rejections.check(found)
  }

  /// What was refused for the carrier's doing is claimed from it.
  private func claimDamage(_ shipment: Shipment, in tx: Transaction, at now: Moment) throws {
    let damaged = try proof.lines.filter { line in
      guard line.refused.quantity.isPositive else { return false }
      let reason = try ReturnReasons.require(line.reasonCode, field: "reason_code", in: tx)
      return reason.responsible == .carrier
    }
    guard !damaged.isEmpty else { return }
    try shipment.claim(
      .damaged,
      Dictionary(uniqueKeysWithValues: damaged.map { ($0.orderLine, $0.refused.quantity) }),
      in: tx, at: now)
  }

  /// By the policy of the order for returns, as if the customer had sent it back at once; what that
  /// does not take back is on the van all the same.
  private func giveBack(
    _ shipment: Shipment, in tx: Transaction, at now: Moment
  ) throws -> CustomerReturn? {
    let rows = proof.lines.indices.filter { proof.lines[$0].refused.quantity.isPositive }
    guard !rows.isEmpty else { return nil }
    let places = Dictionary(
      uniqueKeysWithValues: rows.enumerated().map { row, index in
        (FieldPath("lines", row: row).description, "proof.lines[\(index)]")
      })
    return try RelocatedRejection.relocating(places) {
      try RequestReturn(
        orderNumber: shipment.orderNumber,
        lines: rows.map { index in
          let line = proof.lines[index]
          return ReturnRequestLine(
            line: line.orderLine, quantity: line.refused, reasonCode: line.reasonCode)
        }, note: "Refused at the door: \(shipment.number)", isRefusedAtDoor: true, by: actor
      ).run(in: tx, at: now)
    }
  }
}

extension DeliveryProof.Line {
  fileprivate func check(
    _ check: inout FieldCheck, _ sent: ShipmentLine, in snapshot: Snapshot
  ) throws {
    check.range(cartons, "cartons", 0...10_000)
    if refused.quantity != .zero || !refused.unit.isEmpty {
      refused.check(&check, "refused", of: try Products.fetch(sent.product, in: snapshot))
      if refused.quantity > sent.quantity {
        check.refuse(
          OrdersRejection.moreThanAvailable(
            field: check.path.field("refused"), line: orderLine, requested: refused.quantity,
            available: sent.quantity))
      }
    }
    if refused.quantity.isPositive { check.code(reasonCode, "reason_code") }
    let pieces = (sent.quantity.micros - refused.quantity.micros) / Quantity.one.micros
    if serials.count > pieces {
      check.refuse(
        CarrierRejection.tooManySerials(
          field: check.path.field("serial_numbers"), given: serials.count, pieces: pieces))
    }
    var seen: Set<String> = []
    for (index, serial) in serials.prefix(10_000).enumerated() {
      check.text(serial, "serial_numbers[\(index)]", limit: 60, required: true)
      if !seen.insert(serial).inserted {
        check.refuse(
          CarrierRejection.duplicateSerial(
            field: check.path.field("serial_numbers[\(index)]"), serial: serial))
      }
    }
  }
}
