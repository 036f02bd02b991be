import Inventory
import Orders
import Storage
import Testing
import Values

@Suite("Invariants of orders")
struct OrdersInvariantsTests {
  struct Corruption: Sendable, CustomTestStringConvertible {
    let rule: String
    let corrupt: @Sendable (Transaction) throws -> Void
    var testDescription: String { rule }
  }

  /// A part of the first order that can be cancelled.
  private static func cancelled(in tx: Transaction) throws {
    guard let order = try SalesOrders.list(limit: 50, in: tx).orders.last else { return }
    _ = try CancelOrder(number: order.number, reason: "PRICE", by: "till")
      .run(in: tx, at: Shop.now)
  }

  /// One chair of the second order comes back and is credited.
  private static func returned(in tx: Transaction) throws {
    let order = "SO-2026-000002"
    _ = try InvoiceOrder(number: order).run(in: tx, at: Shop.now)
    let asked = try RequestReturn(
      orderNumber: order,
      lines: [.init(line: 1, quantity: GivenQuantity(units(1)), reasonCode: "CHANGED_MIND")],
      by: "till"
    ).run(in: tx, at: Shop.now)
    _ = try ReceiveReturn(number: asked.number).run(in: tx, at: Shop.now)
    _ = try GradeReturn(
      number: asked.number,
      lines: [.init(line: 1, quantity: GivenQuantity(units(1)), grade: .asNew)]
    ).run(in: tx, at: Shop.now)
    _ = try CreditReturn(number: asked.number, by: "books").run(in: tx, at: Shop.now)
    #expect(try OrdersInvariants.violations(in: tx).isEmpty)
  }

  /// The chair that came back was exchanged for what an order is.
  private static func exchanged(for order: Int, carried: Int, in tx: Transaction) throws {
    try returned(in: tx)
    try tx.execute(
      """
      INSERT INTO exchange (number, return_id, sales_order_id, origin_order_id, carried_minor,
        currency, requested_by, requested_at)
      VALUES ('EX-1', 1, ?, 2, ?, 'CNY', 'till', 0)
      """, order, carried)
  }

  private static func slot(bookedStops: Int, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO delivery_slot (code, kind, warehouse_code, zone_code, crew_code, slot_on,
        begins_minute, ends_minute, stops, booked_stops)
      VALUES ('A', 'DELIVERY', 'MAIN', '', 'CREW', 1, 0, 60, 5, ?)
      """, bookedStops)
  }

  /// A piece that nobody has taken from the shelves.
  private static func shown(_ state: String, _ order: String?, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO showroom_piece (number, version, product_id, sku, warehouse_code, state,
        condition, discount_micros, shown_on, shown_by, order_number)
      SELECT 'SP-1', 1, product_id, sku, 'MAIN', ?, '', 0, 1, 'till', ?
      FROM sales_order_line WHERE sales_order_id = 1 AND line_number = 1
      """, state, order)
  }

  /// The first order, of which nothing has left.
  private static func repaired(by order: Int, free: Int, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO repair (sales_order_id, origin_order_id, origin_line, component, reason_code,
        responsible, is_free, waived_minor, currency, explanation, requested_by, requested_at)
      VALUES (?, 1, 1, '', 'DEFECT', 'WORKSHOP', ?, 0, 'CNY', '', 'till', 0)
      """, order, free)
  }

  /// An order that the general manager has approved, or must.
  private static func asked(isApproved: Bool, in tx: Transaction) throws {
    let order = try PlaceOrder(.of("BIGCO", [("CHAIR", 30)]), by: "till")
      .run(in: tx, at: Shop.now)
    guard isApproved else { return }
    _ = try ApproveOrder(number: order.number, by: "boss", roles: ["GENERAL_MANAGER"])
      .run(in: tx, at: Shop.now)
  }

  static let corruptions: [Corruption] = [
    Corruption(rule: "orders.short-picks-are-held") { tx in
      try tx.execute(
        """
        INSERT INTO short_pick (shipment_id, shipment_number, order_number, line_number, product_id,
          sku, unit, warehouse_code, asked, found, held, cause, picked_by, picked_at)
        SELECT s.id, s.number, s.order_number, l.line_number, l.product_id, l.sku, l.unit, 'MAIN',
          2000000, 1000000, 1000000, 'NOT_FOUND', 'till', 0
        FROM shipment AS s JOIN shipment_line AS l ON l.shipment_id = s.id LIMIT 1
        """)
    },
    Corruption(rule: "orders.approval-follows-steps") { tx in
      try asked(isApproved: false, in: tx)
      try tx.execute("UPDATE approval_step SET state = 'DROPPED'")
    },
    Corruption(rule: "orders.approval-follows-steps") { tx in
      try asked(isApproved: false, in: tx)
      try tx.execute("UPDATE sales_order SET state = 'DRAFT' WHERE approver_role IS NOT NULL")
    },
    Corruption(rule: "orders.approval-steps-in-turn") { tx in
      try asked(isApproved: false, in: tx)
      try tx.execute("UPDATE approval_step SET follows = 1")
    },
    Corruption(rule: "orders.approval-four-eyes") { tx in
      try asked(isApproved: true, in: tx)
      try tx.execute("UPDATE approval_step SET decided_by = 'till'")
    },
    Corruption(rule: "orders.exchange-is-of-one-customer") {
      try exchanged(for: 3, carried: 0, in: $0)
    },
    Corruption(rule: "orders.exchange-carries-payments") {
      try exchanged(for: 1, carried: 5, in: $0)
    },
    Corruption(rule: "orders.slots-within-capacity") {
      try slot(bookedStops: 1, in: $0)
    },
    Corruption(rule: "orders.appointments-serve-orders") {
      try slot(bookedStops: 1, in: $0)
      try $0.execute(
        """
        INSERT INTO appointment (number, sales_order_id, order_number, slot_id, kind, state,
          minutes, volume_ccm, explanation, booked_by, remark)
        SELECT 'AP-1', id, number, 1, 'INSTALLATION', 'BOOKED', 0, 0, '', 'till', ''
        FROM sales_order WHERE id = 1
        """)
    },
    Corruption(rule: "orders.carrier-status-is-derived") {
      try $0.execute("UPDATE shipment SET carrier_status = 'ACCEPTED' WHERE id = 1")
    },
    Corruption(rule: "orders.proof-of-delivered") {
      try $0.execute(
        """
        INSERT INTO delivery_proof (shipment_id, signed_by, signed_at, place, recorded_by)
        SELECT id, 'x', 0, '', 'x' FROM shipment WHERE id = 1
        """)
      try $0.execute("UPDATE shipment SET state = 'DISPATCHED' WHERE id = 1")
    },
    Corruption(rule: "orders.loaded-is-shipped") {
      try $0.execute(
        """
        INSERT INTO carton_load (shipment_id, line_number, unit, carton, loaded_by, loaded_at)
        SELECT shipment_id, line_number, 1000, 1, 'x', 0 FROM shipment_line LIMIT 1
        """)
    },
    Corruption(rule: "orders.refused-comes-back") {
      try $0.execute(
        """
        INSERT INTO delivery_proof (shipment_id, signed_by, signed_at, place, recorded_by)
        VALUES (1, 'x', 0, '', 'x')
        """)
      try $0.execute(
        """
        INSERT INTO delivery_proof_line (shipment_id, line_number, refused, reason_code, cartons)
        VALUES (1, 1, 1000000, 'DEFECT', 0)
        """)
    },
    Corruption(rule: "orders.preorders-within-limit") {
      try $0.execute(
        """
        INSERT INTO presale (product_id, sku, unit, opens_on, closes_on, releases_on, limit_micros,
          deposit_micros, deposit_kind, deposit_days)
        SELECT product_id, sku, unit, 1, 2, 3, 1000000, 1, 'EARNEST', 0
        FROM sales_order_line WHERE sales_order_id = 1 AND line_number = 1
        """)
      try $0.execute(
        "INSERT INTO preorder (sales_order_id, deposit_kind, due_on) VALUES (1, 'EARNEST', 1)")
      try $0.execute("INSERT INTO preorder_product (presale_id, sales_order_id) VALUES (1, 1)")
    },
    Corruption(rule: "orders.drop-shipped-is-ordered") {
      try $0.execute(
        """
        UPDATE sales_order_line SET drop_shipped = 1 WHERE sales_order_id = 1 AND line_number = 1
        """)
    },
    Corruption(rule: "orders.drop-shipments-match-receipts") {
      try $0.execute(
        """
        INSERT INTO drop_shipment (shipment_id, purchase_order_number, receipt_number)
        SELECT id, 'PO-1', 'GR-1' FROM shipment LIMIT 1
        """)
      try $0.execute(
        """
        INSERT INTO supplier (code, name, lead_days, version) VALUES ('OAK', 'oak', 1, 1)
        """)
      try $0.execute(
        """
        INSERT INTO purchase_order (number, supplier_id, supplier_code, warehouse_id,
          warehouse_code, currency, ordered_on, expected_on, state, version, direct_kind,
          direct_number, direct_line)
        SELECT 'PO-1', s.id, s.code, w.id, w.code, 'CNY', 1, 1, 'ORDERED', 1, 'SALES_ORDER',
          'SO-2026-000009', 1
        FROM supplier AS s, warehouse AS w LIMIT 1
        """)
      try $0.execute(
        """
        INSERT INTO purchase_order_line (purchase_order_id, line_no, product_id, sku, unit, ordered,
          unit_price_micros)
        SELECT 1, 1, product_id, sku, unit, 1000000, 1 FROM sales_order_line LIMIT 1
        """)
    },
    Corruption(rule: "orders.showroom-holds-pieces") { try shown("SHOWN", nil, in: $0) },
    Corruption(rule: "orders.lent-piece-has-loan") { try shown("LENT", nil, in: $0) },
    Corruption(rule: "orders.sold-piece-has-order") { try shown("SOLD", "SO-1", in: $0) },
    Corruption(rule: "orders.free-repair-costs-nothing") { try repaired(by: 2, free: 1, in: $0) },
    Corruption(rule: "orders.repair-is-for-what-left") { try repaired(by: 2, free: 0, in: $0) },
    Corruption(rule: "orders.scheduled-order-calls-off") { tx in
      _ = try CreateBlanket(
        customerCode: "HOTEL", lines: [.init(sku: "LAMP", quantity: GivenQuantity(units(1)))],
        validUntil: Shop.day, by: "till"
      ).run(in: tx, at: Shop.now)
      try tx.execute(
        "INSERT INTO blanket_delivery (blanket_id, due_on, sales_order_id) VALUES (1, 1, 1)")
    },
    Corruption(rule: "orders.promise-waits") {
      try $0.execute(
        """
        INSERT INTO order_promise (sales_order_id, line_number, product_id, state, agreed, late,
          checked_on)
        SELECT sales_order_id, line_number, product_id, 'WAITING', 0, 0, 0
        FROM sales_order_line WHERE sales_order_id = 1 AND line_number = 1
        """
      )
    },
    Corruption(rule: "orders.returned-within-delivered") {
      try returned(in: $0)
      try $0.execute(
        """
        UPDATE customer_return_line
        SET requested = 2000000, received = 2000000, grade_a = 2000000
        """)
    },
    Corruption(rule: "orders.return-state-is-derived") {
      try returned(in: $0)
      try $0.execute("UPDATE customer_return_line SET grade_a = 0")
    },
    Corruption(rule: "orders.quarantine-holds-returns") {
      try returned(in: $0)
      try $0.execute("UPDATE customer_return_line SET grade_a = 0, grade_b = received")
    },
    Corruption(rule: "orders.free-remake-costs-nothing") {
      try $0.execute(
        """
        INSERT INTO remake (sales_order_id, origin_order_id, origin_line, component, reason_code,
          responsible, is_free, explanation, requested_by, requested_at, requested_on)
        VALUES (1, 2, 1, '', 'DEFECT', 'WORKSHOP', 1, '', 'till', 0, 0)
        """)
    },
    Corruption(rule: "orders.remake-is-for-what-left") {
      try $0.execute(
        """
        INSERT INTO remake (sales_order_id, origin_order_id, origin_line, component, reason_code,
          responsible, is_free, explanation, requested_by, requested_at, requested_on)
        VALUES (2, 1, 1, '', 'DEFECT', 'WORKSHOP', 0, '', 'till', 0, 0)
        """)
    },
    Corruption(rule: "orders.finding-is-of-a-defect") {
      try $0.execute(
        """
        INSERT INTO defect_finding (document_number, origin_order_id, origin_line, lot,
          supplier_code, found_by, found_at)
        VALUES ('RT-1', 1, 1, 'L', '', 'till', 0)
        """)
    },
    Corruption(rule: "orders.rated-has-arrived") { tx in
      let shipment = try #require(try Shipments.find(number: "SH-2026-000001", in: tx))
      _ = try RecordSatisfaction(shipmentNumber: shipment.number, score: 9, by: "till")
        .run(in: tx, at: Shop.now)
      try tx.execute("UPDATE satisfaction SET sales_order_id = 1")
    },
    Corruption(rule: "orders.return-credits-match") {
      try returned(in: $0)
      try $0.execute("UPDATE customer_return SET credited_minor = credited_minor + 1")
    },
    Corruption(rule: "orders.totals-are-sums") {
      try $0.execute(
        """
        UPDATE sales_order SET net_minor = net_minor + 1, gross_minor = gross_minor + 1
        WHERE id = 1
        """
      )
    },
    Corruption(rule: "orders.finding-has-hold") {
      try $0.execute(
        """
        INSERT INTO order_finding (found_on, cause, outcome, hold, channel, source,
          sales_order_id, external_id, policy_version, warehouse_code, made_by)
        VALUES (1, 'NOTE', 'HELD', 'DATA', 'STORE', '', 1, '', 1, 'MAIN', 'till')
        """)
    },
    Corruption(rule: "orders.import-is-order") {
      try $0.execute(
        """
        INSERT INTO order_intake (channel, external_id, fingerprint, sales_order_id, source)
        VALUES ('WEB', 'W-1', x'00', 1, 'file')
        """)
    },
    Corruption(rule: "orders.state-is-derived") {
      try $0.execute("UPDATE sales_order SET state = 'SHIPPED' WHERE id = 1")
    },
    Corruption(rule: "orders.shipments-match-lines") {
      try $0.execute("UPDATE sales_order_line SET delivered = 1 WHERE sales_order_id = 2")
    },
    Corruption(rule: "orders.invoices-match-lines") {
      try $0.execute("UPDATE sales_order_line SET invoiced = 1 WHERE sales_order_id = 2")
    },
    Corruption(rule: "orders.no-orphan-reservation") {
      try $0.execute("UPDATE sales_order_line SET cancelled = 1000000 WHERE sales_order_id = 1")
    },
    Corruption(rule: "orders.cancellations-match-lines") {
      try $0.execute("UPDATE sales_order_line SET cancelled = 1000000 WHERE sales_order_id = 1")
    },
    Corruption(rule: "orders.cancellation-is-sum-of-lines") {
      try cancelled(in: $0)
      try $0.execute("UPDATE cancellation SET amount_minor = amount_minor + 1")
    },
    Corruption(rule: "orders.cancellation-accounts-for-money") {
      try cancelled(in: $0)
      try $0.execute("UPDATE cancellation SET fee_invoice = 'IN-X'")
    },
    Corruption(rule: "orders.forfeits-match-payments") {
      try cancelled(in: $0)
      try $0.execute(
        """
        UPDATE cancellation SET forfeited_minor = forfeited_minor + 1, held_minor = held_minor + 1
        """)
    },
    Corruption(rule: "orders.refunds-match-payments") {
      try cancelled(in: $0)
      try $0.execute(
        """
        INSERT INTO order_refund (sales_order_id, state, amount_minor, compensation_minor, currency,
          proposed_by, proposed_at, decided_by)
        VALUES (1, 'PAID', 5, 0, 'CNY', 'till', 0, 'boss')
        """)
    },
    Corruption(rule: "orders.compensation-is-owed") {
      try $0.execute(
        """
        INSERT INTO order_refund (sales_order_id, state, amount_minor, compensation_minor, currency,
          proposed_by, proposed_at)
        VALUES (1, 'PROPOSED', 0, 5, 'CNY', 'till', 0)
        """)
    },
    Corruption(rule: "orders.reductions-are-sums") {
      try $0.execute("UPDATE sales_order_line SET reduction_minor = 1 WHERE sales_order_id = 1")
    },
    Corruption(rule: "orders.reductions-are-sums") {
      try $0.execute(
        """
        UPDATE sales_order_adjustment SET amount_minor = amount_minor + 1 WHERE line_number = 1
        """)
    },
    Corruption(rule: "orders.coupons-count-orders") {
      try $0.execute(
        """
        INSERT INTO promotion (code, name, valid_from, last_day, stacking_group, is_exclusive,
          priority, full_price_only, needs_coupon, is_set, minimum_quantity, share_micros)
        VALUES ('P', 'p', 1, 2, '', 0, 0, 0, 1, 0, 0, 1)
        """)
      try $0.execute(
        """
        INSERT INTO coupon (code, promotion_code, usage_limit, redeemed) VALUES ('C', 'P', 2, 1)
        """)
    },
    Corruption(rule: "orders.prices-make-amounts") {
      try $0.execute(
        "UPDATE sales_order_line SET unit_price_micros = 1000000 WHERE sales_order_id = 1")
    },
    Corruption(rule: "orders.prices-make-amounts") {
      try $0.execute("UPDATE sales_order SET tax_included = 1 WHERE id = 1")
    },
    Corruption(rule: "orders.taxes-follow-policy") {
      try $0.execute("UPDATE sales_order_line SET tax_rate_micros = 60000 WHERE sales_order_id = 1")
    },
    Corruption(rule: "orders.exposure-matches") {
      try $0.execute(
        """
        UPDATE credit_exposure SET wanted = '99999' || char(9) || '1', wanted_until = 99999
        WHERE document_kind = 'SALES_ORDER'
        """)
    },
    Corruption(rule: "orders.exposure-matches") {
      try $0.execute("UPDATE sales_order SET net_days = 0 WHERE id = 1")
    },
    Corruption(rule: "orders.quote-totals-are-sums") {
      try $0.execute("UPDATE quote_line SET net_minor = net_minor + 1")
    },
    Corruption(rule: "orders.quote-shows-its-newest") {
      try $0.execute("UPDATE quote SET valid_until = valid_until + 1")
    },
    Corruption(rule: "orders.quote-shows-its-newest") {
      try $0.execute("UPDATE quote SET revisions = 2")
    },
    Corruption(rule: "orders.quote-has-its-order") {
      try $0.execute(
        """
        UPDATE quote SET state = 'WON', won_variant = 1, decided_on = 1,
          order_number = 'SO-2026-000003'
        """)
    },
    Corruption(rule: "orders.version-is-order") { tx in
      _ = try ChangeOrder(
        number: "SO-2026-000001", OrderChange(requestedOn: .set(Shop.day)), reason: "wish",
        by: "till"
      ).run(in: tx, at: Shop.now)
      try tx.execute("UPDATE sales_order_version_line SET ordered = ordered + 1")
    },
    Corruption(rule: "orders.holds-stop-work") { tx in
      _ = try HoldOrder(
        number: "SO-2026-000001", kind: .credit, reason: "late", by: "till"
      ).run(in: tx, at: Shop.now)
      try tx.execute("DELETE FROM stopped_work")
    },
    Corruption(rule: "orders.address-is-fixed") {
      try $0.execute(
        """
        INSERT INTO sales_order_address (sales_order_id, address_id, label, country_code,
          region_code, street, postcode, contact_name, contact_phone)
        VALUES (1, 1, '', 'CN', '330106', '', '', '', '')
        """)
    },
    Corruption(rule: "orders.make-line-has-supply") {
      try $0.execute("UPDATE reservation SET peg_kind = NULL, peg_number = NULL")
    },
    Corruption(rule: "orders.make-line-has-supply") {
      try $0.execute("UPDATE work_order SET state = 'CLOSED'")
    },
  ]

  @Test("see what is wrong", arguments: corruptions)
  func detects(corruption: Corruption) throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    _ = try shop.place(.of("HOTEL", [("CHAIR", 2)]))
    let second = try shop.place(.of("HOTEL", [("CHAIR", 2)])).number
    try shop.ship(second, [LineQuantity(line: 1, quantity: units(1))])
    _ = try shop.place(.of("VIPCO", [("TABLE", 1)], discount: .share(Rate(micros: 50_000))))
    _ = try shop.quote("HOTEL", [("", .of("", [("LAMP", 1)]))])
    #expect(try shop.violations().isEmpty)
    try shop.write(corruption.corrupt)
    let found = try shop.read { try OrdersInvariants.violations(in: $0) }
    #expect(found.map(\.rule).contains(corruption.rule), "\(found)")
    #expect(Set(found.map(\.rule)).isSubset(of: OrdersInvariants.rules))
  }
}
