import Inventory
import MasterData
import Storage
import Values

/// All SQL of `sales_order`, except the lists.
enum SalesOrderTable {
  /// Inserts the order in the state it has; nil when another one has its channel and external id.
  static func insert(_ order: SalesOrder, in tx: Transaction) throws -> ID<SalesOrder>? {
    try tx.insertIfAbsent(
      """
      INSERT INTO sales_order (number, version, state, channel, external_id, customer_code,
        customer_name, warehouse_code, currency, requested_on, shortage_rule, note, created_by,
        created_at, created_on, net_days, net_minor, tax_minor, gross_minor,
        deposit_required_minor, approver_role, decided_by, approval_explanation, tax_included,
        tax_scope, rounding, discount_micros, discount_minor, coupon_codes,
        delivery_zone, delivery_floor, delivery_lift, delivery_assembly, blanket_number,
        rate_micros, rate_units, base_currency, base_gross_minor, instructions,
        is_invoiced_together, pricing_basis, cash_collector)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (external_id, channel) WHERE external_id IS NOT NULL DO NOTHING
      """, order.number, order.version, order.state, order.channel, order.externalID,
      order.customerCode, order.customerName, order.warehouseCode, order.currency,
      order.requestedOn, order.shortage.rawValue, order.note, order.createdBy, order.createdAt,
      order.createdOn, order.netDays, order.net.minor, order.tax.minor, order.gross.minor,
      order.depositRequired.minor, order.approval.requiredRole, order.approval.decidedBy,
      order.approval.explanation.storedText, order.policy.isIncluded, order.policy.scope,
      order.policy.rounding, order.discount?.rate, order.discount?.amount?.minor,
      order.couponCodes.joined(separator: " "), order.delivery?.zone, order.delivery?.floor,
      order.delivery?.hasLift, order.delivery?.needsAssembly, order.blanketNumber,
      order.rate?.micros, order.rate?.units, order.rate?.base,
      try order.rate?.base(of: order.gross).minor, order.instructions?.storedText,
      order.isInvoicedTogether, order.storedBasis, order.cashOnDelivery)
  }

  /// A customer's orders are another's. Returns how many they are.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws -> Int {
    try tx.execute(
      "UPDATE sales_order SET customer_code = ?, version = version + 1 WHERE customer_code = ?",
      customer, from)
  }

  /// Writes the state alone and counts the version up: what happens to a confirmed order.
  static func update(state: OrderState, of id: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE sales_order SET state = ?, version = version + 1 WHERE id = ?", state, id)
  }

  /// Writes everything that submitting and approving change, and counts the version up.
  static func update(_ order: SalesOrder, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE sales_order SET state = ?, customer_code = ?, customer_name = ?, net_days = ?,
        net_minor = ?, tax_minor = ?, gross_minor = ?, deposit_required_minor = ?,
        approver_role = ?, decided_by = ?, approval_explanation = ?, tax_included = ?,
        tax_scope = ?, rounding = ?, rate_micros = ?, rate_units = ?, base_currency = ?,
        base_gross_minor = ?, pricing_basis = ?, version = version + 1
      WHERE id = ?
      """, order.state, order.customerCode, order.customerName, order.netDays, order.net.minor,
      order.tax.minor, order.gross.minor, order.depositRequired.minor, order.approval.requiredRole,
      order.approval.decidedBy, order.approval.explanation.storedText, order.policy.isIncluded,
      order.policy.scope, order.policy.rounding, order.rate?.micros, order.rate?.units,
      order.rate?.base, try order.rate?.base(of: order.gross).minor, order.storedBasis,
      order.id)
  }

  /// Writes what a change of the order may say otherwise about the whole of it. The rest is
  /// written with its state.
  static func rewrite(_ order: SalesOrder, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE sales_order SET requested_on = ?, discount_micros = ?, discount_minor = ?,
        delivery_zone = ?, delivery_floor = ?, delivery_lift = ?, delivery_assembly = ?,
        instructions = ?, is_invoiced_together = ?
      WHERE id = ?
      """, order.requestedOn, order.discount?.rate, order.discount?.amount?.minor,
      order.delivery?.zone, order.delivery?.floor, order.delivery?.hasLift,
      order.delivery?.needsAssembly, order.instructions?.storedText, order.isInvoicedTogether,
      order.id)
  }

  /// The day whose prices an order has: where it is another one than that of its creation.
  static func set(pricedOn day: Day, of id: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute("UPDATE sales_order SET priced_on = ? WHERE id = ?", day, id)
  }

  static func set(
    cashOnDelivery collector: CashOnDelivery.Collector, of id: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE sales_order SET cash_collector = ?, version = version + 1 WHERE id = ?", collector,
      id)
  }

  /// Of an order that named none when it was written.
  static func set(warehouse code: String, of id: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute("UPDATE sales_order SET warehouse_code = ? WHERE id = ?", code, id)
  }

  static func set(
    tradeTerms terms: TradeTerms?, of id: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE sales_order SET incoterm = ?, named_place = ? WHERE id = ?", terms?.incoterm,
      terms?.place ?? "", id)
  }

  static func pricedOn(_ order: SalesOrder, in snapshot: Snapshot) throws -> Day {
    let day = try snapshot.first("SELECT priced_on FROM sales_order WHERE id = ?", order.id) {
      $0.optionalDay(0)
    }
    return (day ?? nil) ?? order.createdOn
  }

  /// The order without its lines.
  static func find(_ number: String, in snapshot: Snapshot) throws -> SalesOrder? {
    try snapshot.first(
      """
      SELECT id, number, version, state, channel, external_id, customer_code, customer_name,
        warehouse_code, currency, requested_on, shortage_rule, note, created_by, created_at,
        created_on, net_days, net_minor, tax_minor, gross_minor, deposit_required_minor,
        approver_role, decided_by, approval_explanation, tax_included, tax_scope, rounding,
        discount_micros, discount_minor, coupon_codes, delivery_zone, delivery_floor, delivery_lift,
        delivery_assembly, blanket_number, rate_micros, rate_units, base_currency, instructions,
        pricing_basis, cash_collector, incoterm, named_place
      FROM sales_order WHERE number = ?
      """, number, map: order)
  }

  /// Whether the order is in scope: its customer is, or the warehouse that it leaves from, or who
  /// wrote a draft.
  static func isSeen(_ id: ID<SalesOrder>, in snapshot: Snapshot) throws -> Bool {
    if snapshot.scope.isAll { return true }
    let seen = try snapshot.first(
      """
      SELECT 1 FROM sales_order
      WHERE id = ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      """, id
    ) { _ in true }
    return seen ?? false
  }

  /// Number of the order in scope that has this external id.
  static func number(
    channel: Channel, externalID: String, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      """
      SELECT number FROM sales_order
      WHERE external_id = ? AND channel = ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      """, externalID, channel
    ) { $0.text(0) }
  }

  /// Orders of a customer to which something can still happen.
  static func countOpen(of customer: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT count(*) FROM sales_order
      WHERE customer_code = ? AND state <> 'CLOSED' AND state <> 'CANCELLED'
      """, customer
    ) { $0.int64(0) } ?? 0
  }

  /// Takes out of a customer's orders what may be about a person. Returns their numbers.
  static func erasePeople(of customer: String, in tx: Transaction) throws -> [String] {
    try tx.execute(
      """
      UPDATE sales_order_line SET note = '', instructions = NULL
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
        AND (note <> '' OR instructions IS NOT NULL)
      """, customer)
    try OrderVersionTable.erasePeople(of: customer, in: tx)
    try ChangeRequestTable.erasePeople(of: customer, in: tx)
    return try tx.all(
      """
      UPDATE sales_order SET customer_name = '', note = '', instructions = NULL,
        is_invoiced_together = 0, named_place = ''
      WHERE customer_code = ?
      RETURNING number
      """, customer
    ) { $0.text(0) }
  }

  private static func order(_ row: Row) throws -> SalesOrder {
    SalesOrder(
      id: row.id(0), number: row.text(1), version: row.int64(2), state: try row.value(3),
      channel: try row.value(4), externalID: row.optionalText(5), customerCode: row.text(6),
      customerName: row.text(7), warehouseCode: row.text(8), currency: row.currency(9),
      requestedOn: row.optionalDay(10), shortage: try row.value(11), note: row.text(12),
      discount: row.optionalRate(27).map { .share($0) }
        ?? row.optionalMoney(28, 9).map { .amount($0) },
      couponCodes: row.text(29).split(separator: " ").map(String.init),
      delivery: row.optionalText(30).map {
        Delivery(
          zone: $0, floor: row.int(31), hasLift: row.bool(32), needsAssembly: row.bool(33))
      },
      instructions: try row.instructions(38), cashOnDelivery: try row.optionalValue(40),
      tradeTerms: try row.optionalValue(41).map { TradeTerms(incoterm: $0, place: row.text(42)) },
      blanketNumber: row.optionalText(34), createdBy: row.text(13), createdAt: row.instant(14),
      createdOn: row.day(15),
      netDays: row.int(16),
      policy: TaxPolicy(
        isIncluded: row.bool(24), scope: try row.value(25), rounding: try row.value(26)),
      rate: row.exchangeRate(35, 36, 37, of: 9),
      storedBasis: row.optionalText(39),
      net: row.money(17, 9), tax: row.money(18, 9), gross: row.money(19, 9),
      depositRequired: row.money(20, 9),
      approval: Approval(
        requiredRole: row.optionalText(21), decidedBy: row.optionalText(22),
        explanation: Explanation(storedText: row.text(23))),
      lines: [])
  }
}

extension OrderDiscount {
  var rate: Rate? { if case .share(let rate) = self { rate } else { nil } }
  var amount: Money? { if case .amount(let amount) = self { amount } else { nil } }
}

extension Row {
  /// Nil for null.
  func instructions(_ column: Int) throws -> OrderInstructions? {
    try optionalText(column).flatMap { try OrderInstructions(storedText: $0) }
  }

  /// None for null.
  func schedules(_ column: Int) throws -> [LineSchedule] {
    try optionalText(column).map { try [LineSchedule](storedText: $0) } ?? []
  }
}

extension OrderState: Bindable {}
