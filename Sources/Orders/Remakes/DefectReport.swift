import MasterData
package import Storage
package import Values

/// Defects that are alike in what they are counted by.
package struct DefectCount: Hashable, Sendable {
  /// Nil where it is not counted by.
  package let sku: String?
  package let reasonCode: String?
  package let responsible: Responsible?
  /// Lines of returns that came for a defect.
  package fileprivate(set) var returns: Int64 = 0
  package fileprivate(set) var remakes: Int64 = 0
  /// What was scrapped of what came back, at its cost, and what the remakes' goods cost.
  package fileprivate(set) var cost: Money
}

/// Defects of a time: goods that came back for one, and remakes.
package struct DefectReport: Hashable, Sendable {
  package enum Dimension: String, Hashable, Sendable, CaseIterable {
    case product = "PRODUCT"
    case reason = "REASON"
    case responsible = "RESPONSIBLE"
  }

  /// The most first.
  package let rows: [DefectCount]

  /// Of orders in scope. `from` nil for 90 days before the last, `until` nil for today.
  package static func of(
    from: Day?, until: Day?, by dimensions: Set<Dimension>, on today: Day, in snapshot: Snapshot
  ) throws -> DefectReport {
    let until = until ?? today
    let from = from ?? until.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(from, "from", until.adding(days: -365)...until)
    try check.pass()
    let zero = Money.zero(try Companies.current(in: snapshot).baseCurrency)
    var found: [DefectCount: DefectCount] = [:]
    for defect in try DefectTable.list(from: from, until: until, in: snapshot) {
      let key = DefectCount(
        sku: dimensions.contains(.product) ? defect.sku : nil,
        reasonCode: dimensions.contains(.reason) ? defect.reasonCode : nil,
        responsible: dimensions.contains(.responsible) ? defect.responsible : nil, cost: zero)
      var count = found[key] ?? key
      count.returns += defect.returns
      count.remakes += defect.remakes
      count.cost = try count.cost + defect.cost
      found[key] = count
    }
    return DefectReport(
      rows: found.values.sorted { left, right in
        let (more, less) = (left.returns + left.remakes, right.returns + right.remakes)
        return more == less ? left.name < right.name : more > less
      })
  }
}

extension DefectCount {
  fileprivate var name: String {
    [sku, reasonCode, responsible?.rawValue].compactMap(\.self).joined(separator: " ")
  }
}

/// The statement of the report.
private enum DefectTable {
  struct Defect {
    let sku: String
    let reasonCode: String
    let responsible: Responsible
    let returns: Int64
    let remakes: Int64
    let cost: Money
  }

  static func list(from: Day, until: Day, in snapshot: Snapshot) throws -> [Defect] {
    try snapshot.all(
      """
      WITH defect AS (
        SELECT r.sales_order_id AS order_id, r.line_number AS line, r.reason_code AS reason,
          r.responsible AS responsible, 1 AS returns, 0 AS remakes,
          r.scrap_minor AS cost
        FROM customer_return AS h JOIN customer_return_line AS r ON r.return_id = h.id
        WHERE h.received_on BETWEEN ? AND ? AND r.received > 0 AND r.responsible <> 'CUSTOMER'
        UNION ALL
        SELECT m.origin_order_id, m.origin_line, m.reason_code, m.responsible, 0, 1,
          (SELECT COALESCE(SUM(s.cost_minor), 0) FROM shipment_line AS s
           WHERE s.sales_order_id = m.sales_order_id)
        FROM remake AS m
        WHERE m.requested_on BETWEEN ? AND ? AND m.responsible <> 'CUSTOMER'
      )
      SELECT l.sku, d.reason, d.responsible, SUM(d.returns), SUM(d.remakes), SUM(d.cost),
        COALESCE(o.base_currency, o.currency)
      FROM defect AS d
      JOIN sales_order AS o ON o.id = d.order_id
      JOIN sales_order_line AS l ON l.sales_order_id = d.order_id AND l.line_number = d.line
      WHERE EXISTS (
        SELECT 1 FROM view_order_owner AS v
        WHERE v.number = o.number
          AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      GROUP BY l.sku, d.reason, d.responsible, COALESCE(o.base_currency, o.currency)
      ORDER BY l.sku, d.reason, d.responsible
      """, from, until, from, until
    ) { row in
      Defect(
        sku: row.text(0), reasonCode: row.text(1), responsible: try row.value(2),
        returns: row.int64(3), remakes: row.int64(4), cost: row.money(5, 6))
    }
  }
}
