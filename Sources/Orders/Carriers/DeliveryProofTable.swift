import Inventory
import MasterData
import Storage
import Values

/// All SQL of `delivery_proof`, its attachments, lines and serial numbers. There is no update but
/// to forget people.
enum DeliveryProofTable {
  static func insert(
    _ proof: DeliveryProof, of shipment: Shipment, by actor: String,
    customerReturn: ID<CustomerReturn>?, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO delivery_proof (shipment_id, signed_by, signed_at, place, recorded_by, return_id)
      VALUES (?, ?, ?, ?, ?, ?)
      """, shipment.id, proof.signedBy, proof.signedAt, proof.place, actor, customerReturn)
    for (index, digest) in proof.attachments.enumerated() {
      try tx.execute(
        """
        INSERT INTO delivery_proof_attachment (shipment_id, position, digest) VALUES (?, ?, ?)
        """, shipment.id, index + 1, digest)
    }
    for line in proof.lines {
      try tx.execute(
        """
        INSERT INTO delivery_proof_line (shipment_id, line_number, refused, reason_code, cartons)
        VALUES (?, ?, ?, ?, ?)
        """, shipment.id, line.orderLine, line.refused.quantity,
        line.refused.quantity.isPositive ? line.reasonCode : "", line.cartons)
      for serial in line.serials {
        try tx.execute(
          """
          INSERT INTO delivery_proof_serial (shipment_id, line_number, serial) VALUES (?, ?, ?)
          """, shipment.id, line.orderLine, serial)
      }
    }
  }

  /// The piece with a serial number that was delivered last.
  static func piece(
    serial: String, in snapshot: Snapshot
  ) throws -> (order: String, line: Int, deliveredOn: Day, address: ID<Address>?)? {
    try snapshot.first(
      """
      SELECT o.number, n.line_number, s.delivered_on, s.address_id
      FROM delivery_proof_serial AS n
      JOIN shipment AS s ON s.id = n.shipment_id
      JOIN sales_order AS o ON o.id = s.sales_order_id
      JOIN view_order_owner AS v ON v.number = o.number
      WHERE n.serial = ? AND s.delivered_on IS NOT NULL
        AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author)
      ORDER BY s.delivered_on DESC, s.id DESC LIMIT 1
      """, serial
    ) { row in
      (
        order: row.text(0), line: row.int(1), deliveredOn: row.day(2),
        address: row.optionalID(3)
      )
    }
  }

  static func find(_ shipment: Shipment, in snapshot: Snapshot) throws -> KeptProof? {
    let digests = try snapshot.all(
      "SELECT digest FROM delivery_proof_attachment WHERE shipment_id = ? ORDER BY position",
      shipment.id
    ) { $0.text(0) }
    let lines = try snapshot.all(
      """
      SELECT line_number, refused, reason_code, cartons FROM delivery_proof_line
      WHERE shipment_id = ? ORDER BY line_number
      """, shipment.id
    ) { row in
      (number: row.int(0), refused: row.quantity(1), reason: row.text(2), cartons: row.int(3))
    }
    let proven = try lines.map { line in
      let serials = try snapshot.all(
        """
        SELECT serial FROM delivery_proof_serial WHERE shipment_id = ? AND line_number = ?
        ORDER BY serial
        """, shipment.id, line.number
      ) { $0.text(0) }
      let unit = shipment.lines.first { $0.orderLine == line.number }?.unit ?? ""
      return DeliveryProof.Line(
        orderLine: line.number, refused: GivenQuantity(line.refused, unit: unit),
        reasonCode: line.reason, serials: serials, cartons: line.cartons)
    }
    return try snapshot.first(
      """
      SELECT p.signed_by, p.signed_at, p.place, p.recorded_by, r.number
      FROM delivery_proof AS p LEFT JOIN customer_return AS r ON r.id = p.return_id
      WHERE p.shipment_id = ?
      """, shipment.id
    ) { row in
      KeptProof(
        proof: DeliveryProof(
          signedBy: row.text(0), signedAt: row.instant(1), place: row.text(2),
          attachments: digests, lines: proven), recordedBy: row.text(3),
        returnNumber: row.optionalText(4))
    }
  }

  /// Takes out of what was signed for a customer who, where, and its pictures.
  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      DELETE FROM delivery_proof_attachment WHERE shipment_id IN (
        SELECT s.id FROM shipment AS s JOIN sales_order AS o ON o.id = s.sales_order_id
        WHERE o.customer_code = ?)
      """, customer)
    try tx.execute(
      """
      UPDATE delivery_proof SET signed_by = '', place = '' WHERE shipment_id IN (
        SELECT s.id FROM shipment AS s JOIN sales_order AS o ON o.id = s.sales_order_id
        WHERE o.customer_code = ?)
      """, customer)
  }
}
