package import Storage
package import Values

/// Parts and work for goods that have left: an order of its own, so that stock, shipping, services
/// and books treat it as any other.
package struct Repair: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Repair>
  /// The order of its parts and its work, and how far that has come.
  package let orderNumber: String
  package let state: OrderState
  /// Whose goods are repaired.
  package let originNumber: String
  package let originLine: Int
  /// That is bad; empty for the whole.
  package let component: String
  package let reasonCode: String
  /// Who bears the cost.
  package let responsible: Responsible
  /// The customer pays nothing.
  package let isFree: Bool
  package let gross: Money
  /// What it would have cost the customer; nothing where it is not free.
  package let waived: Money
  /// What the parts cost that have left for it so far.
  package let cost: Money
  package let requestedBy: String
  package let requestedAt: Instant
  /// Why it is free or not, for people.
  package let words: String
}

/// Questions about repairs.
package enum Repairs {
  /// Of orders in scope, or of one order's goods; the newest first, from the one before `id` on.
  package static func list(
    of order: SalesOrder? = nil, before id: ID<Repair>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Repair] {
    try RepairTable.list(of: order?.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

/// All SQL of `repair`: rows are written once and never changed.
enum RepairTable {
  static func insert(
    _ asked: CreateRepair, for origin: SalesOrder, order: SalesOrder, _ reason: ReturnReason,
    isFree: Bool, waived: Money, words: String, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO repair (sales_order_id, origin_order_id, origin_line, component, reason_code,
        responsible, is_free, waived_minor, currency, explanation, requested_by, requested_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order.id, origin.id, asked.line, asked.component, reason.code, reason.responsible,
      isFree, waived.minor, waived.currency, words, asked.actor, now.instant)
  }

  static func list(
    of origin: ID<SalesOrder>?, before id: ID<Repair>, limit: Int, in snapshot: Snapshot
  ) throws -> [Repair] {
    try snapshot.all(
      """
      SELECT m.id, o.number, o.state, f.number, m.origin_line, m.component, m.reason_code,
        m.responsible, m.is_free, o.gross_minor, m.waived_minor, m.currency,
        (SELECT COALESCE(SUM(s.cost_minor), 0) FROM shipment_line AS s
         WHERE s.sales_order_id = o.id),
        m.requested_by, m.requested_at, m.explanation, COALESCE(o.base_currency, o.currency)
      FROM repair AS m
      JOIN sales_order AS o ON o.id = m.sales_order_id
      JOIN sales_order AS f ON f.id = m.origin_order_id
      WHERE m.id < ? AND (? IS NULL OR m.origin_order_id = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY m.id DESC LIMIT ?
      """, id, origin, origin, limit
    ) { row in
      Repair(
        id: row.id(0), orderNumber: row.text(1), state: try row.value(2),
        originNumber: row.text(3), originLine: row.int(4), component: row.text(5),
        reasonCode: row.text(6), responsible: try row.value(7), isFree: row.bool(8),
        gross: row.money(9, 11), waived: row.money(10, 11), cost: row.money(12, 16),
        requestedBy: row.text(13), requestedAt: row.instant(14), words: row.text(15))
    }
  }
}

/// What must hold of repairs: what is free costs nothing, and only what has left is repaired.
enum RepairInvariants {
  static let rules = ["orders.free-repair-costs-nothing", "orders.repair-is-for-what-left"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number FROM repair AS m JOIN sales_order AS o ON o.id = m.sales_order_id
      WHERE (m.is_free = 1 AND o.gross_minor <> 0) OR (m.is_free = 0 AND m.waived_minor <> 0)
      ORDER BY m.id
      """
    ) { row in
      InvariantViolation(
        "orders.free-repair-costs-nothing", "A repair under warranty is charged, or none waived",
        [Fact("order", row.text(0))])
    }
      + snapshot.all(
        """
        SELECT o.number, m.origin_line
        FROM repair AS m
        JOIN sales_order AS o ON o.id = m.origin_order_id
        LEFT JOIN sales_order_line AS l
          ON l.sales_order_id = m.origin_order_id AND l.line_number = m.origin_line
        WHERE l.shipped IS NULL OR l.shipped = 0 ORDER BY m.id
        """
      ) { row in
        InvariantViolation(
          "orders.repair-is-for-what-left", "Goods are repaired of which nothing has left",
          [Fact("order", row.text(0)), Fact("line", row.int(1))])
      }
  }
}

extension OrdersMigrations {
  /// Parts and work for goods that have left, and who bears what they cost.
  static let repairs: StaticString = """
    CREATE TABLE repair (
      id INTEGER PRIMARY KEY,
      sales_order_id INTEGER NOT NULL UNIQUE REFERENCES sales_order (id),
      origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      origin_line INTEGER NOT NULL CHECK (origin_line > 0),
      component TEXT NOT NULL,
      reason_code TEXT NOT NULL,
      responsible TEXT NOT NULL,
      is_free INTEGER NOT NULL CHECK (is_free IN (0, 1)),
      waived_minor INTEGER NOT NULL CHECK (waived_minor >= 0),
      currency TEXT NOT NULL,
      explanation TEXT NOT NULL,
      requested_by TEXT NOT NULL,
      requested_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX repair_origin ON repair (origin_order_id, id);
    """
}
