import Purchasing
import Storage
import Values

/// All SQL of the board: a part of a page of one kind. Each statement walks an index that holds
/// what is to be looked at, and looks up no more rows than it answers with, but for those that are
/// out of scope.
struct ExceptionTable {
  let kind: OrderExceptionKind
  let afterDay: Int64
  let after: Int64
  let limit: Int
  let now: Moment

  var today: Day { now.day }

  func rows(approvalDays: Int, in snapshot: Snapshot) throws -> [OrderException] {
    switch kind {
    case .latePromise: try late(in: snapshot)
    case .noSupply: try unknown(in: snapshot)
    case .shortLine: try short(in: snapshot)
    case .onHold: try held(in: snapshot)
    case .approvalOverdue: try unapproved(days: approvalDays, in: snapshot)
    case .cancellationPending: try cancellations(in: snapshot)
    case .refundPending: try refunds(in: snapshot)
    case .notDispatched: try packed(in: snapshot)
    case .supplyOverdue: try overdue(in: snapshot)
    case .supplyNotOrdered: try requested(in: snapshot)
    case .changePending: try changes(in: snapshot)
    case .carrierTrouble: try troubled(in: snapshot)
    case .appointmentOvertaken: try overtaken(in: snapshot)
    case .stageOverdue: try slow(in: snapshot)
    case .codUncollected: try uncollected(in: snapshot)
    case .remittanceDiffers: try remittances(in: snapshot)
    case .claimOpen: try claims(in: snapshot)
    case .lostSeen: try seen(in: snapshot)
    case .deliveryOverdue: try undelivered(in: snapshot)
    case .shortPick: try missing(in: snapshot)
    }
  }

  func exception(
    _ id: Int64, day sort: Int64 = 0, order: String?, line: Int? = nil,
    document: DocumentReference? = nil, _ day: Day?, _ text: String
  ) -> OrderException {
    OrderException(
      kind: kind, order: order, line: line, document: document, day: day, text: text,
      key: OrderExceptions.Key(kind: kind, day: sort, id: id))
  }

  private func line(_ row: Row) -> OrderException {
    let (promised, expected) = (row.optionalDay(4), row.optionalDay(5))
    let wanted = row.optionalDay(6).map { "wanted on \($0), " } ?? ""
    let told = promised.map { "promised for \($0)" } ?? "promised for no day"
    return exception(
      row.int64(0), order: row.text(1), line: row.int(2), expected,
      "\(row.text(3)) is \(wanted)\(told) and "
        + (expected.map { "expected on \($0)" } ?? "nobody can say when it comes"))
  }

  private func late(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT p.id, o.number, p.line_number, l.sku, p.promised_on, p.expected_on,
        o.requested_on
      FROM order_promise AS p
      JOIN sales_order AS o ON o.id = p.sales_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
      WHERE p.late = 1 AND p.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.id LIMIT ?
      """, after, limit, map: line)
  }

  private func unknown(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT p.id, o.number, p.line_number, l.sku, p.promised_on, p.expected_on,
        o.requested_on
      FROM order_promise AS p
      JOIN sales_order AS o ON o.id = p.sales_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
      WHERE p.state = 'WAITING' AND p.expected_on IS NULL AND p.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.id LIMIT ?
      """, after, limit, map: line)
  }

  private func short(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT p.id, o.number, p.line_number, l.sku, p.promised_on, p.expected_on,
        o.requested_on
      FROM order_promise AS p
      JOIN sales_order AS o ON o.id = p.sales_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
      WHERE p.state = 'WAITING' AND p.late = 0 AND p.expected_on IS NOT NULL AND p.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.id LIMIT ?
      """, after, limit, map: line)
  }

  private func held(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT h.id, o.number, h.kind, h.reason, o.created_on
      FROM sales_order_hold AS h JOIN sales_order AS o ON o.id = h.sales_order_id
      WHERE h.released_at IS NULL AND h.id > ? AND h.kind <> 'WARNING'
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY h.id LIMIT ?
      """, after, limit
    ) { row in
      exception(
        row.int64(0), order: row.text(1), row.day(4), "Held (\(row.text(2))): \(row.text(3))")
    }
  }

  private func unapproved(days: Int, in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT id, number, approver_role, created_on FROM sales_order
      WHERE state = 'SUBMITTED' AND approver_role IS NOT NULL AND decided_by IS NULL
        AND (created_on, id) > (?, ?) AND created_on <= ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = sales_order.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY created_on, id LIMIT ?
      """, afterDay, after, today.adding(days: -days), limit
    ) { row in
      let day = row.day(3)
      return exception(
        row.int64(0), day: Int64(day.daysSinceEpoch), order: row.text(1), day,
        "\(row.text(2)) has not approved it since \(day)")
    }
  }

  private func cancellations(in snapshot: Snapshot) throws -> [OrderException] {
    try CancelRequestTable.pending(after: ID(after), limit: limit, in: snapshot).map { request in
      exception(
        request.id.value, order: request.orderNumber, nil,
        "\(request.requestedBy) wants \(request.amount) of it cancelled; \(request.role) must agree"
      )
    }
  }

  private func changes(in snapshot: Snapshot) throws -> [OrderException] {
    let found = try ChangeRequestTable.list(
      ChangeRequests.Filter(), after: ID(after), limit: limit, in: snapshot)
    return found.map { request in
      let cost = "\(request.requestedBy) wants it changed (\(request.impact.gross) more)"
      let text =
        request.pendingRole.map { "\(cost); \($0) must agree" }
        ?? "\(cost); the request is \(request.state.words): \(request.comment)"
      return exception(request.id.value, order: request.orderNumber, nil, text)
    }
  }

  private func refunds(in snapshot: Snapshot) throws -> [OrderException] {
    try OrderRefunds.list(.proposed, after: ID(after), limit: limit, in: snapshot).map { refund in
      exception(
        refund.id.value, order: refund.orderNumber, nil,
        "\(try refund.total()) is to go back and is not paid")
    }
  }

  private func packed(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT s.id, s.order_number, s.number FROM shipment AS s
      WHERE s.state = 'PACKED' AND s.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = s.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY s.id LIMIT ?
      """, after, limit
    ) { row in
      exception(
        row.int64(0), order: row.text(1), document: DocumentReference(.shipment, row.text(2)), nil,
        "\(row.text(2)) is packed and has not left")
    }
  }

  private func overtaken(in snapshot: Snapshot) throws -> [OrderException] {
    try snapshot.all(
      """
      SELECT a.id, a.order_number, a.number, s.code, s.slot_on,
        (SELECT MIN(COALESCE(p.expected_on, 0)) FROM view_van_promise AS p
          WHERE p.sales_order_id = a.sales_order_id),
        (SELECT MAX(p.expected_on) FROM view_van_promise AS p
          WHERE p.sales_order_id = a.sales_order_id)
      FROM appointment AS a JOIN delivery_slot AS s ON s.id = a.slot_id
      WHERE a.overtaken = 1 AND a.state = 'BOOKED' AND a.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = a.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY a.id LIMIT ?
      """, after, limit
    ) { row in
      let when =
        switch (row.optionalInt64(5), row.optionalDay(6)) {
        // Parts that have days of their own.
        case (nil, _): "come later"
        case (0?, _), (_, nil): "are there nobody can say when"
        case (_, let day?): "are there on \(day)"
        }
      return exception(
        row.int64(0), order: row.text(1), document: DocumentReference(.appointment, row.text(2)),
        row.day(4), "\(row.text(2)) (\(row.text(3))) is on \(row.day(4)), and its goods \(when)")
    }
  }

  private func overdue(in snapshot: Snapshot) throws -> [OrderException] {
    try PurchaseOrders.overdue(
      on: today, after: (afterDay, after), limit: limit, in: snapshot
    ).map { order in
      exception(
        order.id.value, day: Int64(order.expectedOn.daysSinceEpoch), order: nil,
        document: order.reference, order.expectedOn,
        "\(order.number) of \(order.supplierCode) was expected on \(order.expectedOn)")
    }
  }

  private func requested(in snapshot: Snapshot) throws -> [OrderException] {
    try Requisitions.list(.open, after: ID(after), limit: limit, in: snapshot).map { requisition in
      let top = requisition.root ?? requisition.origin.document
      return exception(
        requisition.id.value, order: top.kind == .salesOrder ? top.number : nil,
        document: requisition.reference, requisition.neededOn,
        "\(requisition.number) asks for \(requisition.quantity) \(requisition.unit) "
          + "\(requisition.sku), and nobody has ordered it")
    }
  }

  private func slow(in snapshot: Snapshot) throws -> [OrderException] {
    try StageVisitTable.running(
      until: now.instant, after: (Instant(microseconds: afterDay), after), limit: limit,
      in: snapshot
    ).compactMap { visit in
      guard let due = visit.dueAt else { return nil }
      let late = (now.instant.microseconds - due.microseconds) / 3_600_000_000
      var found = exception(
        visit.id.value, day: due.microseconds, order: visit.orderNumber, nil,
        "It is \(visit.stage.words) since \(visit.enteredAt) and was to go on by \(due): "
          + "\(late) hours late")
      found.since = visit.enteredAt
      found.dueAt = due
      return found
    }
  }
}
