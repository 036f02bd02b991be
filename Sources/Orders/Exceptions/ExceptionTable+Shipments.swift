import Storage
import Values

/// What of shipments is to be looked at, beside those that are packed.
extension ExceptionTable {
  /// With what the carrier said last of what is wrong.
  func troubled(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT s.id, s.order_number, s.number, s.carrier, s.carrier_status, s.dispatched_on, (
          SELECT e.trouble FROM carrier_event AS e
          WHERE e.shipment_id = s.id AND e.status = 'EXCEPTION'
          ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1)
      FROM shipment AS s
      WHERE s.state = 'DISPATCHED'
        AND (s.carrier_status = 'EXCEPTION' OR s.carrier_status = 'REFUSED') AND s.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = s.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY s.id LIMIT ?
      """, after, limit
    ) { row in
      let trouble: CarrierTrouble? = try row.optionalValue(6)
      let what =
        row.text(4) == CarrierStatus.refused.rawValue
        ? "that the customer did not take it" : trouble?.words ?? "that something is wrong with it"
      return exception(
        row.int64(0), order: row.text(1), document: DocumentReference(.shipment, row.text(2)),
        row.optionalDay(5), "\(row.text(3)) reports of \(row.text(2)) \(what)")
    }
  }

  /// The oldest first.
  func missing(in snapshot: Snapshot) throws -> [OrderException] {
    try ShortPickTable.list(
      ShortPicks.Filter(isOpen: true), after: ID(after), limit: limit, in: snapshot
    ).map { pick in
      exception(
        pick.id.value, order: pick.orderNumber, line: pick.line,
        document: DocumentReference(.shipment, pick.shipmentNumber), nil,
        "\(pick.pickedBy) found \(pick.found) of \(pick.asked) \(pick.unit) \(pick.sku) for "
          + "\(pick.shipmentNumber): \(pick.held) in \(pick.warehouseCode) are to be counted")
    }
  }

  /// Told since it was given up, and after its carrier had lost it, where that has said so.
  func seen(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT s.id, s.order_number, s.number, s.carrier, s.carrier_status
      FROM shipment AS s
      WHERE s.lost_at IS NOT NULL AND s.recovered_at IS NULL AND s.id > ?
        AND EXISTS (
          SELECT 1 FROM carrier_event AS e
          WHERE e.shipment_id = s.id AND (e.status = 'DELIVERED' OR (
            (e.status <> 'EXCEPTION' OR e.trouble <> 'LOST') AND e.told_at >= s.lost_at
            AND e.occurred_at > COALESCE((
              SELECT MAX(l.occurred_at) FROM carrier_event AS l
              WHERE l.shipment_id = s.id AND l.trouble = 'LOST'), s.lost_at))))
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = s.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY s.id LIMIT ?
      """, after, limit
    ) { row in
      let what =
        row.text(4) == CarrierStatus.delivered.rawValue ? "has delivered" : "has seen"
      return exception(
        row.int64(0), order: row.text(1), document: DocumentReference(.shipment, row.text(2)), nil,
        "\(row.text(2)) was given up as lost, and \(row.text(3)) \(what) it")
    }
  }

  /// The longest overdue first.
  func undelivered(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT s.id, s.order_number, s.number, s.carrier, s.due_on
      FROM shipment AS s
      WHERE s.state = 'DISPATCHED' AND s.due_on IS NOT NULL AND s.due_on < ?
        AND (s.due_on, s.id) > (?, ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = s.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY s.due_on, s.id LIMIT ?
      """, today, afterDay, after, limit
    ) { row in
      exception(
        row.int64(0), day: Int64(row.day(4).daysSinceEpoch), order: row.text(1),
        document: DocumentReference(.shipment, row.text(2)), row.day(4),
        "\(row.text(2)) was to arrive by \(row.day(4)), and \(row.text(3)) has not delivered it")
    }
  }
}
