import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// All SQL of `change_request` and its lines.
enum ChangeRequestTable {
  /// Gives it an id.
  static func insert(_ request: inout ChangeRequest, in tx: Transaction) throws {
    let (change, impact) = (request.change, request.impact)
    let (delivery, discount) = (change.delivery?.applied(), change.discount?.applied())
    request.id = try tx.insert(
      """
      INSERT INTO change_request (sales_order_id, number, version, state, requested_by,
        requested_at, roles, reason, expires_at, round, sets_day, requested_on, sets_delivery,
        delivery_zone, delivery_floor, delivery_lift, delivery_assembly, delivery_address_id,
        sets_discount, discount_micros, discount_minor, is_repriced, base_version, net_minor,
        tax_minor, gross_minor, sunk_minor, unapplied_minor, currency, ready_before, ready_after,
        differences, verdicts, decided_by, decided_at, comment, applied_version, instructions,
        reduction_reason, fee_minor, forfeited_minor, compensation_minor, fee_explanation)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, request.order, request.number, request.version, request.state, request.requestedBy,
      request.requestedAt, request.roles.storedText, request.reason, request.expiresAt,
      request.round, change.requestedOn != nil, change.requestedOn?.applied(),
      change.delivery != nil, delivery?.zone, delivery?.floor, delivery?.hasLift,
      delivery?.needsAssembly, delivery?.addressID, change.discount != nil, discount?.rate,
      discount?.amount?.minor, change.isRepriced, impact.baseVersion, impact.net.minor,
      impact.tax.minor, impact.gross.minor, impact.sunkCost.minor, impact.unapplied.minor,
      impact.gross.currency, impact.readyBefore, impact.readyAfter,
      impact.differences.storedText, impact.verdicts.storedText, request.decidedBy,
      request.decidedAt, request.comment, request.appliedVersion,
      change.instructions.storedText, change.reductionReason, impact.fee?.fee.minor ?? 0,
      impact.fee?.forfeited.minor ?? 0, impact.fee?.compensation.minor ?? 0,
      impact.fee?.explanation.storedText ?? "")
    try insertLines(of: request, in: tx)
  }

  private static func insertLines(of request: ChangeRequest, in tx: Transaction) throws {
    let changed = request.change.lines.map { line in
      StoredLine(
        number: line.number, isRemoved: line.isRemoved, quantity: line.quantity,
        discount: line.discount, choice: line.choice,
        instructions: line.instructions.storedText, schedules: line.schedules,
        begunWork: line.begunWork, rework: line.rework.storedText)
    }
    let added = request.change.added.map { line in
      StoredLine(
        sku: line.sku, quantity: line.quantity, discount: line.discount, note: line.note,
        choice: line.choice, instructions: line.instructions?.storedText ?? "",
        schedules: line.schedules)
    }
    for (index, line) in (changed + added).enumerated() {
      try tx.execute(
        """
        INSERT INTO change_request_line (request_id, position, line_number, is_removed, sku,
          quantity, unit, discount_micros, note, model_version, settings, instructions,
          schedules, begun_work, rework)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, request.id, index + 1, line.number, line.isRemoved, line.sku,
        line.quantity?.quantity, line.quantity?.unit ?? "", line.discount, line.note,
        line.choice?.modelVersion,
        line.choice?.storedText, line.instructions, line.schedules.storedText,
        line.begunWork.rawValue, line.rework)
    }
  }

  /// A line as it is stored, of either kind.
  private struct StoredLine {
    var number: Int?
    var isRemoved = false
    var sku = ""
    var quantity: GivenQuantity?
    var discount: Rate?
    var note = ""
    var choice: ChosenConfiguration?
    var instructions = ""
    var schedules: [LineSchedule] = []
    var begunWork = BegunWork.keptAsStock
    var rework = ""
  }

  /// Writes down what was decided, or that it is asked anew: with another change the lines, too.
  static func update(
    _ request: ChangeRequest, withChange: Bool = false, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE change_request SET version = ?, state = ?, expires_at = ?, decided_by = ?,
        decided_at = ?, comment = ?, applied_version = ?
      WHERE id = ?
      """, request.version, request.state, request.expiresAt, request.decidedBy,
      request.decidedAt, request.comment, request.appliedVersion, request.id)
    guard withChange else { return }
    let (change, impact) = (request.change, request.impact)
    let (delivery, discount) = (change.delivery?.applied(), change.discount?.applied())
    try tx.execute(
      """
      UPDATE change_request SET roles = ?, reason = ?, round = ?, sets_day = ?, requested_on = ?,
        sets_delivery = ?, delivery_zone = ?, delivery_floor = ?, delivery_lift = ?,
        delivery_assembly = ?, delivery_address_id = ?, sets_discount = ?, discount_micros = ?,
        discount_minor = ?, is_repriced = ?, base_version = ?, net_minor = ?, tax_minor = ?,
        gross_minor = ?, sunk_minor = ?, unapplied_minor = ?, ready_before = ?, ready_after = ?,
        differences = ?, verdicts = ?, instructions = ?, reduction_reason = ?, fee_minor = ?,
        forfeited_minor = ?, compensation_minor = ?, fee_explanation = ?
      WHERE id = ?
      """, request.roles.storedText, request.reason, request.round, change.requestedOn != nil,
      change.requestedOn?.applied(), change.delivery != nil, delivery?.zone, delivery?.floor,
      delivery?.hasLift, delivery?.needsAssembly, delivery?.addressID, change.discount != nil,
      discount?.rate, discount?.amount?.minor, change.isRepriced, impact.baseVersion,
      impact.net.minor, impact.tax.minor, impact.gross.minor, impact.sunkCost.minor,
      impact.unapplied.minor, impact.readyBefore, impact.readyAfter,
      impact.differences.storedText, impact.verdicts.storedText, change.instructions.storedText,
      change.reductionReason, impact.fee?.fee.minor ?? 0, impact.fee?.forfeited.minor ?? 0,
      impact.fee?.compensation.minor ?? 0, impact.fee?.explanation.storedText ?? "", request.id)
    try tx.execute("DELETE FROM change_request_line WHERE request_id = ?", request.id)
    try insertLines(of: request, in: tx)
  }

  static func nextNumber(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      "SELECT coalesce(max(number), 0) + 1 FROM change_request WHERE sales_order_id = ?", order
    ) { $0.int(0) } ?? 1
  }

  /// With all that it asks for; the newest for 0.
  static func find(
    _ number: Int, of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> ChangeRequest? {
    try snapshot.first(
      """
      SELECT r.id, r.sales_order_id, o.number, r.number, r.version, r.state, r.requested_by,
        r.requested_at, r.roles, r.reason, r.expires_at, r.round, r.base_version, r.net_minor,
        r.tax_minor, r.gross_minor, r.sunk_minor, r.unapplied_minor, r.currency, r.ready_before,
        r.ready_after, r.decided_by, r.decided_at, r.comment, r.applied_version,
        (SELECT s.role FROM approval_step AS s
         WHERE s.sales_order_id = r.sales_order_id AND s.round = r.round AND s.state = 'OPEN'
         ORDER BY s.number LIMIT 1),
        r.fee_minor, r.forfeited_minor, r.compensation_minor, r.fee_explanation
      FROM change_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.sales_order_id = ? AND (? = 0 OR r.number = ?)
      ORDER BY r.number DESC LIMIT 1
      """, order, number, number, map: head
    ).map { try filled($0, in: snapshot) }
  }

  /// The one that waits, or else the newest that is open.
  static func open(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> ChangeRequest? {
    try snapshot.first(
      """
      SELECT r.id, r.sales_order_id, o.number, r.number, r.version, r.state, r.requested_by,
        r.requested_at, r.roles, r.reason, r.expires_at, r.round, r.base_version, r.net_minor,
        r.tax_minor, r.gross_minor, r.sunk_minor, r.unapplied_minor, r.currency, r.ready_before,
        r.ready_after, r.decided_by, r.decided_at, r.comment, r.applied_version,
        (SELECT s.role FROM approval_step AS s
         WHERE s.sales_order_id = r.sales_order_id AND s.round = r.round AND s.state = 'OPEN'
         ORDER BY s.number LIMIT 1),
        r.fee_minor, r.forfeited_minor, r.compensation_minor, r.fee_explanation
      FROM change_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.sales_order_id = ?
        AND (r.state = 'PENDING' OR r.state = 'RETURNED' OR r.state = 'STALE')
      ORDER BY r.state = 'PENDING' DESC, r.number DESC LIMIT 1
      """, order, map: head)
  }

  /// Heads alone: of one order, in one state, or all that are open; each by an index of its own.
  static func list(
    _ filter: ChangeRequests.Filter, after id: ID<ChangeRequest>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [ChangeRequest] {
    let actor = filter.requestedBy
    if let order = filter.order {
      return try snapshot.all(
        """
        SELECT r.id, r.sales_order_id, o.number, r.number, r.version, r.state, r.requested_by,
          r.requested_at, r.roles, r.reason, r.expires_at, r.round, r.base_version, r.net_minor,
          r.tax_minor, r.gross_minor, r.sunk_minor, r.unapplied_minor, r.currency, r.ready_before,
          r.ready_after, r.decided_by, r.decided_at, r.comment, r.applied_version,
          (SELECT s.role FROM approval_step AS s
           WHERE s.sales_order_id = r.sales_order_id AND s.round = r.round AND s.state = 'OPEN'
           ORDER BY s.number LIMIT 1),
          r.fee_minor, r.forfeited_minor, r.compensation_minor, r.fee_explanation
        FROM change_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
        WHERE r.sales_order_id = ? AND r.id > ? AND (? IS NULL OR r.state = ?)
          AND (? IS NULL OR r.requested_by = ?)
          AND EXISTS (
            SELECT 1 FROM view_order_owner AS v
            WHERE v.number = o.number
              AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
        ORDER BY r.id LIMIT ?
        """, order, id, filter.state, filter.state, actor, actor, limit, map: head)
    }
    if let state = filter.state {
      return try snapshot.all(
        """
        SELECT r.id, r.sales_order_id, o.number, r.number, r.version, r.state, r.requested_by,
          r.requested_at, r.roles, r.reason, r.expires_at, r.round, r.base_version, r.net_minor,
          r.tax_minor, r.gross_minor, r.sunk_minor, r.unapplied_minor, r.currency, r.ready_before,
          r.ready_after, r.decided_by, r.decided_at, r.comment, r.applied_version,
          (SELECT s.role FROM approval_step AS s
           WHERE s.sales_order_id = r.sales_order_id AND s.round = r.round AND s.state = 'OPEN'
           ORDER BY s.number LIMIT 1),
          r.fee_minor, r.forfeited_minor, r.compensation_minor, r.fee_explanation
        FROM change_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
        WHERE r.state = ? AND r.id > ? AND (? IS NULL OR r.requested_by = ?)
          AND EXISTS (
            SELECT 1 FROM view_order_owner AS v
            WHERE v.number = o.number
              AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
        ORDER BY r.id LIMIT ?
        """, state, id, actor, actor, limit, map: head)
    }
    return try snapshot.all(
      """
      SELECT r.id, r.sales_order_id, o.number, r.number, r.version, r.state, r.requested_by,
        r.requested_at, r.roles, r.reason, r.expires_at, r.round, r.base_version, r.net_minor,
        r.tax_minor, r.gross_minor, r.sunk_minor, r.unapplied_minor, r.currency, r.ready_before,
        r.ready_after, r.decided_by, r.decided_at, r.comment, r.applied_version,
        (SELECT s.role FROM approval_step AS s
         WHERE s.sales_order_id = r.sales_order_id AND s.round = r.round AND s.state = 'OPEN'
         ORDER BY s.number LIMIT 1),
        r.fee_minor, r.forfeited_minor, r.compensation_minor, r.fee_explanation
      FROM change_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE (r.state = 'PENDING' OR r.state = 'RETURNED' OR r.state = 'STALE') AND r.id > ?
        AND (? IS NULL OR r.requested_by = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id LIMIT ?
      """, id, actor, actor, limit, map: head)
  }

  /// Those of orders in scope whose time is over, or that wait for an order that is otherwise by
  /// now.
  static func overdue(
    at now: Instant, limit: Int, in snapshot: Snapshot
  ) throws -> [(order: ID<SalesOrder>, number: Int, isExpired: Bool)] {
    try snapshot.all(
      """
      SELECT r.sales_order_id, r.number, r.expires_at IS NOT NULL AND r.expires_at <= ?, r.id
      FROM change_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE (r.id IN (SELECT c.id FROM change_request AS c WHERE c.expires_at <= ?)
          OR r.id IN (
            SELECT c.id FROM change_request AS c
            JOIN sales_order AS b ON b.id = c.sales_order_id
            WHERE c.state = 'PENDING' AND c.base_version <> b.version))
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY r.id LIMIT ?
      """, now, now, limit
    ) { (order: $0.id(0), number: $0.int(1), isExpired: $0.bool(2)) }
  }

  /// Nobody need decide what is open of a request.
  static func dropSteps(of request: ChangeRequest, in tx: Transaction) throws {
    guard let round = request.round else { return }
    try ApprovalStepTable.drop(round: round, of: request.order, in: tx)
  }

  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE change_request_line SET note = '', instructions = ''
      WHERE (note <> '' OR instructions <> '') AND request_id IN (
        SELECT r.id FROM change_request AS r JOIN sales_order AS o ON o.id = r.sales_order_id
        WHERE o.customer_code = ?)
      """, customer)
    try tx.execute(
      """
      UPDATE change_request SET instructions = ''
      WHERE instructions <> ''
        AND sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      """, customer)
  }

  // MARK: - Rows

  private static func head(_ row: Row) throws -> ChangeRequest {
    ChangeRequest(
      id: row.id(0), order: row.id(1), orderNumber: row.text(2), number: row.int(3),
      version: row.int64(4), state: try row.value(5), requestedBy: row.text(6),
      requestedAt: row.instant(7), roles: Set(storedText: row.text(8)), reason: row.text(9),
      expiresAt: row.optionalInstant(10), round: row.optionalInt(11), change: OrderChange(),
      impact: ChangeImpact(
        baseVersion: row.int64(12), differences: [], net: row.money(13, 18),
        tax: row.money(14, 18), gross: row.money(15, 18), verdicts: [],
        sunkCost: row.money(16, 18), readyBefore: row.optionalDay(19),
        readyAfter: row.optionalDay(20), missingApproval: row.optionalText(25),
        unapplied: row.money(17, 18), fee: fee(row)),
      decidedBy: row.optionalText(21), decidedAt: row.optionalInstant(22), comment: row.text(23),
      appliedVersion: row.optionalInt64(24), pendingRole: row.optionalText(25))
  }

  /// Nil where nothing is ordered less of.
  private static func fee(_ row: Row) -> ChangeFee? {
    let explanation = row.text(29)
    guard !explanation.isEmpty else { return nil }
    return ChangeFee(
      fee: row.money(26, 18), forfeited: row.money(27, 18), compensation: row.money(28, 18),
      explanation: Explanation(storedText: explanation))
  }

  private static func filled(
    _ head: ChangeRequest, in snapshot: Snapshot
  ) throws -> ChangeRequest {
    var request = head
    let currency = head.impact.gross.currency
    try snapshot.forEach(
      """
      SELECT sets_day, requested_on, sets_delivery, delivery_zone, delivery_floor, delivery_lift,
        delivery_assembly, delivery_address_id, sets_discount, discount_micros, discount_minor,
        is_repriced, differences, verdicts, instructions, reduction_reason
      FROM change_request WHERE id = ?
      """, head.id
    ) { row in
      if row.bool(0) { request.change.requestedOn = .init(row.optionalDay(1)) }
      if row.bool(2) {
        request.change.delivery = .init(
          row.optionalText(3).map {
            Delivery(
              zone: $0, floor: row.int(4), hasLift: row.bool(5), needsAssembly: row.bool(6),
              addressID: row.optionalID(7))
          })
      }
      if row.bool(8) {
        let share: OrderDiscount? = row.optionalRate(9).map { .share($0) }
        let amount: OrderDiscount? = row.optionalInt64(10).map {
          .amount(Money(minor: $0, currency: currency))
        }
        request.change.discount = .init(share ?? amount)
      }
      request.change.isRepriced = row.bool(11)
      request.change.instructions = try InstructionEdits(storedText: row.text(14))
      request.change.reductionReason = row.text(15)
      request.impact = request.impact.telling(
        try [OrderDifference](storedText: row.text(12)),
        try [SupplyVerdict](storedText: row.text(13), currency))
    }
    try fillLines(of: &request, in: snapshot)
    if let round = request.round {
      request.steps = try ApprovalStepTable.steps(of: request.order, round: round, in: snapshot)
    }
    return request
  }

  private static func fillLines(
    of request: inout ChangeRequest, in snapshot: Snapshot
  ) throws {
    try snapshot.forEach(
      """
      SELECT line_number, is_removed, sku, quantity, unit, discount_micros, note, model_version,
        settings, instructions, schedules, begun_work, rework
      FROM change_request_line WHERE request_id = ? ORDER BY position
      """, request.id
    ) { row in
      let quantity = row.optionalQuantity(3).map { GivenQuantity($0, unit: row.text(4)) }
      let choice = try row.optionalInt64(7).map { version in
        try ChosenConfiguration(modelVersion: version, storedText: row.text(8))
      }
      if let number = row.optionalInt(0) {
        request.change.lines.append(
          OrderChange.Line(
            number: number, quantity: quantity, discount: row.optionalRate(5),
            isRemoved: row.bool(1),
            instructions: try InstructionEdits(storedText: row.text(9)),
            schedules: try row.schedules(10), choice: choice, begunWork: try row.value(11),
            rework: try ReworkTerms(storedText: row.text(12))))
      } else if let quantity {
        var line = OrderDraft.Line(
          sku: row.text(2), quantity: quantity, discount: row.optionalRate(5) ?? .zero,
          note: row.text(6))
        line.choice = choice
        line.instructions = try OrderInstructions(storedText: row.text(9))
        line.schedules = try row.schedules(10)
        request.change.added.append(line)
      }
    }
  }
}

extension OrderChange.Edit {
  fileprivate init(_ value: Value?) { self = value.map { .set($0) } ?? .cleared }
}

extension Set<String> {
  fileprivate var storedText: String { sorted().joined(separator: "\n") }

  fileprivate init(storedText: String) {
    self.init(storedText.split(separator: "\n").map(String.init))
  }
}

extension [OrderDifference] {
  fileprivate var storedText: String {
    StoredRow.text(map { StoredRow($0.field.rawValue, "\($0.line)", $0.before, $0.after) })
  }

  fileprivate init(storedText: String) throws {
    self = try StoredRow.rows(storedText).map { stored in
      guard let field = OrderField(rawValue: stored.tag),
        let difference = OrderDifference(
          field, line: try stored.int(0), try stored.text(1), try stored.text(2))
      else { throw DamagedRow(row: stored) }
      return difference
    }
  }
}

extension [SupplyVerdict] {
  fileprivate var storedText: String {
    StoredRow.text(
      map { verdict in
        StoredRow(
          verdict.outcome.rawValue, verdict.document.kind.rawValue, verdict.document.number,
          verdict.text, verdict.sunkCost.map { "\($0.minor)" } ?? "",
          verdict.rework.map { "\($0.minutesBefore.micros)" } ?? "",
          verdict.rework.map { "\($0.minutesAfter.micros)" } ?? "",
          verdict.rework?.costBefore.map { "\($0.minor)" } ?? "",
          verdict.rework?.costAfter.map { "\($0.minor)" } ?? "")
      })
  }

  fileprivate init(storedText: String, _ currency: Currency) throws {
    self = try StoredRow.rows(storedText).map { stored in
      guard let outcome = SupplyVerdict.Outcome(rawValue: stored.tag),
        let kind = DocumentKind(rawValue: try stored.text(0))
      else { throw DamagedRow(row: stored) }
      let sunk =
        try stored.text(3).isEmpty ? nil : Money(minor: stored.int64(3), currency: currency)
      return SupplyVerdict(
        DocumentReference(kind, try stored.text(1)), outcome, text: try stored.text(2),
        sunkCost: sunk, rework: try Self.rework(of: stored, currency))
    }
  }

  /// Rows of before there were any say nothing of it.
  private static func rework(
    of stored: StoredRow, _ currency: Currency
  ) throws -> SupplyVerdict.Rework? {
    guard stored.parts.count > 4, try !stored.text(4).isEmpty else { return nil }
    func cost(_ index: Int) throws -> Money? {
      try stored.text(index).isEmpty ? nil : Money(minor: stored.int64(index), currency: currency)
    }
    return SupplyVerdict.Rework(
      minutesBefore: Quantity(micros: try stored.int64(4)),
      minutesAfter: Quantity(micros: try stored.int64(5)), costBefore: try cost(6),
      costAfter: try cost(7))
  }
}

extension ChangeRequest.State: Bindable {}
