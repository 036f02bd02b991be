import Storage
import Values

/// All SQL of `sales_order_version` and `sales_order_version_line`. There is no update,
/// but to forget a person, and no delete.
enum OrderVersionTable {
  static func insert(_ version: OrderVersion, of order: ID<SalesOrder>, in tx: Transaction) throws {
    let id: ID<OrderVersion> = try tx.insert(
      """
      INSERT INTO sales_order_version (sales_order_id, version, made_by, made_at, reason,
        requested_on, discount_micros, discount_minor, delivery_zone, delivery_floor,
        delivery_lift, delivery_assembly, net_minor, tax_minor, gross_minor,
        deposit_required_minor, currency, delivery_address_id, instructions)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order, version.version, version.madeBy, version.madeAt, version.reason,
      version.requestedOn, version.discount?.rate, version.discount?.amount?.minor,
      version.delivery?.zone, version.delivery?.floor, version.delivery?.hasLift,
      version.delivery?.needsAssembly, version.net.minor, version.tax.minor, version.gross.minor,
      version.depositRequired.minor, version.gross.currency, version.delivery?.addressID,
      version.instructions?.storedText)
    for line in version.lines {
      try tx.execute(
        """
        INSERT INTO sales_order_version_line (version_id, line_number, sku, unit, ordered,
          unit_price_micros, discount_micros, net_minor, tax_minor, currency, charge, instructions,
          configuration, schedules)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, id, line.number, line.sku, line.unit, line.ordered, line.unitPrice.micros,
        line.discount, line.net.minor, line.tax.minor, line.net.currency, line.charge,
        line.instructions?.storedText, line.configuration, line.schedules.storedText)
    }
  }

  /// Who has changed an order since it was first agreed.
  static func makers(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> Set<String> {
    Set(
      try snapshot.all(
        """
        SELECT DISTINCT made_by FROM sales_order_version
        WHERE sales_order_id = ? AND reason <> ''
        """, order
      ) { $0.text(0) })
  }

  /// Takes out of what was agreed with a customer what was asked for beside the goods.
  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE sales_order_version_line SET instructions = NULL
      WHERE instructions IS NOT NULL AND version_id IN (
        SELECT v.id FROM sales_order_version AS v JOIN sales_order AS o ON o.id = v.sales_order_id
        WHERE o.customer_code = ?)
      """, customer)
    try tx.execute(
      """
      UPDATE sales_order_version SET instructions = NULL
      WHERE instructions IS NOT NULL
        AND sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      """, customer)
  }

  /// Without lines.
  static func list(
    of order: ID<SalesOrder>, after version: Int64, limit: Int, in snapshot: Snapshot
  ) throws -> [OrderVersion] {
    try snapshot.all(
      """
      SELECT id, version, made_by, made_at, reason, requested_on, discount_micros, discount_minor,
        delivery_zone, delivery_floor, delivery_lift, delivery_assembly, net_minor, tax_minor,
        gross_minor, deposit_required_minor, currency, delivery_address_id, instructions
      FROM sales_order_version WHERE sales_order_id = ? AND version > ? ORDER BY version LIMIT ?
      """, order, version, limit, map: version(_:))
  }

  /// The version of the newest that was made by then; nil when there is none.
  static func newest(
    at instant: Instant, of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> Int64? {
    try snapshot.first(
      """
      SELECT version FROM sales_order_version
      WHERE sales_order_id = ? AND made_at <= ? ORDER BY version DESC LIMIT 1
      """, order, instant
    ) { $0.int64(0) }
  }

  /// The newest that is not newer than `version`, or else the first; nil when there is none.
  static func holding(
    at version: Int64, of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> OrderVersion? {
    let found = try snapshot.first(
      """
      SELECT id, version, made_by, made_at, reason, requested_on, discount_micros, discount_minor,
        delivery_zone, delivery_floor, delivery_lift, delivery_assembly, net_minor, tax_minor,
        gross_minor, deposit_required_minor, currency, delivery_address_id, instructions
      FROM sales_order_version
      WHERE sales_order_id = ? AND version = COALESCE(
        (SELECT MAX(v.version) FROM sales_order_version AS v
         WHERE v.sales_order_id = ? AND v.version <= ?),
        (SELECT MIN(v.version) FROM sales_order_version AS v WHERE v.sales_order_id = ?))
      """, order, order, version, order
    ) { (id: $0.id(0) as ID<OrderVersion>, version: try Self.version($0)) }
    guard let (id, empty) = found else { return nil }
    var whole = empty
    whole.lines = try lines(of: id, in: snapshot)
    return whole
  }

  private static func lines(
    of version: ID<OrderVersion>, in snapshot: Snapshot
  ) throws -> [OrderVersion.Line] {
    try snapshot.all(
      """
      SELECT line_number, sku, unit, ordered, unit_price_micros, discount_micros, net_minor,
        tax_minor, currency, charge, instructions, configuration, schedules
      FROM sales_order_version_line WHERE version_id = ? ORDER BY line_number
      """, version
    ) { row in
      OrderVersion.Line(
        number: row.int(0), sku: row.text(1), unit: row.text(2), ordered: row.quantity(3),
        unitPrice: row.unitPrice(4, 8), discount: row.rate(5), net: row.money(6, 8),
        tax: row.money(7, 8), charge: row.text(9), instructions: try row.instructions(10),
        configuration: row.text(11), schedules: try row.schedules(12))
    }
  }

  private static func version(_ row: Row) throws -> OrderVersion {
    OrderVersion(
      version: row.int64(1), madeBy: row.text(2), madeAt: row.instant(3), reason: row.text(4),
      requestedOn: row.optionalDay(5),
      discount: row.optionalRate(6).map { .share($0) }
        ?? row.optionalMoney(7, 16).map { .amount($0) },
      delivery: row.optionalText(8).map {
        Delivery(
          zone: $0, floor: row.int(9), hasLift: row.bool(10), needsAssembly: row.bool(11),
          addressID: row.optionalID(17))
      },
      net: row.money(12, 16), tax: row.money(13, 16), gross: row.money(14, 16),
      depositRequired: row.money(15, 16), instructions: try row.instructions(18))
  }
}
