import MasterData
package import Storage
package import Values

/// Defects that are alike in what they are counted by.
package struct DefectCount: Hashable, Sendable {
  /// What they are counted by; nil where it is not, and empty where it is not known.
  package fileprivate(set) var sku: String?
  package fileprivate(set) var reasonCode: String?
  package fileprivate(set) var responsible: Responsible?
  package fileprivate(set) var lot: String?
  package fileprivate(set) var supplierCode: String?
  package fileprivate(set) var workCentreCode: String?
  package fileprivate(set) var operation: String?
  /// Lines of returns that came for a defect.
  package fileprivate(set) var returns: Int64 = 0
  package fileprivate(set) var remakes: Int64 = 0
  package fileprivate(set) var repairs: Int64 = 0
  /// In base units of the products: what came back or was made again, and one unit for each repair
  /// and for each part of another product.
  package fileprivate(set) var quantity = Quantity.zero
  /// What this row and those before it come to of all, by what the rows are ordered by.
  package fileprivate(set) var cumulativeShare = Rate.zero
  /// Of the product; empty where it is not counted by that.
  package fileprivate(set) var unit = ""
  /// How much of the product was delivered in the time; nil where not counted by it alone.
  package fileprivate(set) var delivered: Quantity?
  /// Answers about deliveries with the product, and the sum of their scores; the same.
  package fileprivate(set) var ratings: Int64 = 0
  fileprivate var scores: Int64 = 0
  /// What was scrapped of what came back, at its cost, and what the goods of remakes and the parts
  /// of repairs cost.
  package fileprivate(set) var cost: Money
}

/// Defects of a time: goods that came back for one, remakes and repairs.
package struct DefectReport: Hashable, Sendable {
  package enum Dimension: String, Hashable, Sendable, CaseIterable {
    case product = "PRODUCT"
    case reason = "REASON"
    case responsible = "RESPONSIBLE"
    case lot = "LOT"
    /// The one that was found, or that brought the goods itself, or the only one that they ever
    /// came from. Goods that we make have one only if it was found.
    case supplier = "SUPPLIER"
    /// The work centre and its step.
    case operation = "OPERATION"
  }

  /// What comes first, and what shares are of.
  package enum Order: String, Hashable, Sendable, CaseIterable {
    /// Returns, remakes and repairs.
    case documents = "DOCUMENTS"
    case quantity = "QUANTITY"
  }

  /// The most first.
  package let rows: [DefectCount]

  /// Of orders in scope. `from` nil for 90 days before the last, `until` nil for today. What was
  /// called off is no defect.
  package static func of(
    from: Day?, until: Day?, by dimensions: Set<Dimension>, order: Order = .documents,
    on today: Day, in snapshot: Snapshot
  ) throws -> DefectReport {
    let until = until ?? today
    let from = from ?? until.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(from, "from", until.adding(days: -365)...until)
    try check.pass()
    let zero = Money.zero(try Companies.current(in: snapshot).baseCurrency)
    let suppliers =
      dimensions.contains(.supplier) ? try DefectTable.onlySuppliers(in: snapshot) : [:]
    var found: [DefectCount: DefectCount] = [:]
    for defect in try DefectTable.list(from: from, until: until, in: snapshot) {
      var key = DefectCount(cost: zero)
      for dimension in dimensions { key.take(dimension, of: defect, suppliers) }
      var count = found[key] ?? key
      count.returns += defect.returns
      count.remakes += defect.remakes
      count.repairs += defect.repairs
      count.quantity = try count.quantity + defect.quantity
      count.cost = try count.cost + defect.cost
      found[key] = count
    }
    var rows = found.values.sorted { left, right in
      let (least, most) = (right.measure(order), left.measure(order))
      return most == least ? left.name < right.name : most > least
    }
    try share(&rows, by: order)
    if dimensions == [.product] { try rate(&rows, from: from, until: until, in: snapshot) }
    return DefectReport(rows: rows)
  }

  private static func share(_ rows: inout [DefectCount], by order: Order) throws {
    let all = rows.reduce(Int128(0)) { $0 + Int128($1.measure(order)) }
    var sum = Int128(0)
    for index in rows.indices where all > 0 {
      sum += Int128(rows[index].measure(order))
      rows[index].cumulativeShare = Rate(
        micros: try Rounding.quotient(sum * Int128(Rate.one.micros), all))
    }
  }

  /// What was delivered of each product, and what customers thought of that.
  private static func rate(
    _ rows: inout [DefectCount], from: Day, until: Day, in snapshot: Snapshot
  ) throws {
    let delivered = try DefectTable.delivered(from: from, until: until, in: snapshot)
    let ratings = try DefectTable.ratings(from: from, until: until, in: snapshot)
    for index in rows.indices {
      let sku = rows[index].sku ?? ""
      rows[index].delivered = delivered[sku] ?? .zero
      rows[index].ratings = ratings[sku]?.count ?? 0
      rows[index].scores = ratings[sku]?.scores ?? 0
    }
  }
}

extension DefectCount {
  /// The part of what was delivered that was bad; nil where nothing was, or it is not known.
  package func rate() throws(ArithmeticError) -> Rate? {
    guard let delivered, delivered.isPositive else { return nil }
    return Rate(
      micros: try Rounding.quotient(
        Int128(quantity.micros) * Int128(Rate.one.micros), Int128(delivered.micros)))
  }

  /// In hundredths; nil without ratings.
  package func meanScore() throws(ArithmeticError) -> Int64? {
    guard ratings > 0 else { return nil }
    return try Rounding.quotient(Int128(scores) * 100, Int128(ratings))
  }

  fileprivate var count: Int64 { returns + remakes + repairs }

  fileprivate func measure(_ order: DefectReport.Order) -> Int64 {
    switch order {
    case .documents: count
    case .quantity: quantity.micros
    }
  }

  fileprivate var name: String {
    [sku, reasonCode, responsible?.rawValue, lot, supplierCode, workCentreCode, operation]
      .compactMap(\.self).joined(separator: " ")
  }

  fileprivate mutating func take(
    _ dimension: DefectReport.Dimension, of defect: DefectTable.Defect,
    _ suppliers: [String: String]
  ) {
    switch dimension {
    case .product: (sku, unit) = (defect.sku, defect.unit)
    case .reason: reasonCode = defect.reasonCode
    case .responsible: responsible = defect.responsible
    case .lot: lot = defect.lot
    case .supplier:
      supplierCode =
        defect.supplierCode
        ?? (defect.sourcing == .stock ? suppliers[defect.sku] : nil) ?? ""
    case .operation:
      workCentreCode = defect.workCentreCode
      operation = defect.operation
    }
  }
}

/// The statements of the report.
private enum DefectTable {
  struct Defect {
    let sku: String
    let unit: String
    let sourcing: Sourcing
    let reasonCode: String
    let responsible: Responsible
    let lot: String
    /// Found, or of goods that a supplier brought itself.
    let supplierCode: String?
    let workCentreCode: String
    let operation: String
    let returns: Int64
    let remakes: Int64
    let repairs: Int64
    let quantity: Quantity
    let cost: Money
  }

  /// By product, of orders in scope.
  static func delivered(
    from: Day, until: Day, in snapshot: Snapshot
  ) throws -> [String: Quantity] {
    var found: [String: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT s.sku, SUM(s.quantity)
      FROM shipment AS h
      JOIN shipment_line AS s ON s.shipment_id = h.id
      JOIN sales_order AS o ON o.id = h.sales_order_id
      WHERE h.delivered_on BETWEEN ? AND ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      GROUP BY s.sku
      """, from, until
    ) { found[$0.text(0)] = $0.quantity(1) }
    return found
  }

  /// By product, of orders in scope: answers about deliveries that had it.
  static func ratings(
    from: Day, until: Day, in snapshot: Snapshot
  ) throws -> [String: (count: Int64, scores: Int64)] {
    var found: [String: (count: Int64, scores: Int64)] = [:]
    try snapshot.forEach(
      """
      SELECT sku, COUNT(*), SUM(score) FROM (
        SELECT DISTINCT a.id, a.score, s.sku
        FROM satisfaction AS a
        JOIN shipment_line AS s ON s.shipment_id = a.shipment_id
        JOIN sales_order AS o ON o.id = a.sales_order_id
        WHERE a.answered_on BETWEEN ? AND ?
          AND EXISTS (
            SELECT 1 FROM view_order_owner AS v
            WHERE v.number = o.number
              AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ) AS rated
      GROUP BY sku
      """, from, until
    ) { found[$0.text(0)] = (count: $0.int64(1), scores: $0.int64(2)) }
    return found
  }

  /// By product, of those that have never come from anybody else.
  static func onlySuppliers(in snapshot: Snapshot) throws -> [String: String] {
    var found: [String: String] = [:]
    try snapshot.forEach("SELECT sku, supplier_code FROM view_only_supplier") {
      found[$0.text(0)] = $0.text(1)
    }
    return found
  }

  static func list(from: Day, until: Day, in snapshot: Snapshot) throws -> [Defect] {
    try snapshot.all(
      """
      WITH defect AS (
        SELECT r.sales_order_id AS order_id, r.line_number AS line, h.number AS document,
          r.reason_code AS reason, r.responsible AS responsible, 1 AS returns, 0 AS remakes,
          0 AS repairs, r.received AS quantity, r.scrap_minor AS cost
        FROM customer_return AS h JOIN customer_return_line AS r ON r.return_id = h.id
        WHERE h.received_on BETWEEN ? AND ? AND r.received > 0 AND r.responsible <> 'CUSTOMER'
        UNION ALL
        SELECT m.origin_order_id, m.origin_line, o.number, m.reason_code, m.responsible, 0, 1, 0,
          CASE WHEN n.sku = w.sku THEN n.ordered - n.cancelled ELSE 1000000 END,
          (SELECT COALESCE(SUM(s.cost_minor), 0) FROM shipment_line AS s
           WHERE s.sales_order_id = m.sales_order_id)
        FROM remake AS m JOIN sales_order AS o ON o.id = m.sales_order_id
        JOIN sales_order_line AS n ON n.sales_order_id = o.id AND n.line_number = 1
        JOIN sales_order_line AS w
          ON w.sales_order_id = m.origin_order_id AND w.line_number = m.origin_line
        WHERE m.requested_on BETWEEN ? AND ? AND m.responsible <> 'CUSTOMER'
          AND o.state <> 'CANCELLED'
        UNION ALL
        SELECT m.origin_order_id, m.origin_line, o.number, m.reason_code, m.responsible, 0, 0, 1,
          1000000, (SELECT COALESCE(SUM(s.cost_minor), 0) FROM shipment_line AS s
           WHERE s.sales_order_id = m.sales_order_id)
        FROM repair AS m JOIN sales_order AS o ON o.id = m.sales_order_id
        WHERE o.created_on BETWEEN ? AND ? AND m.responsible <> 'CUSTOMER'
          AND o.state <> 'CANCELLED'
      )
      SELECT l.sku, l.sourcing, d.reason, d.responsible, COALESCE(f.lot, ''),
        COALESCE(NULLIF(f.supplier_code, ''), p.supplier_code), COALESCE(f.work_centre_code, ''),
        COALESCE(f.operation, ''), SUM(d.returns), SUM(d.remakes), SUM(d.repairs), SUM(d.cost),
        COALESCE(o.base_currency, o.currency), SUM(d.quantity), l.unit
      FROM defect AS d
      JOIN sales_order AS o ON o.id = d.order_id
      JOIN sales_order_line AS l ON l.sales_order_id = d.order_id AND l.line_number = d.line
      LEFT JOIN defect_finding AS f ON f.document_number = d.document AND f.origin_line = d.line
      LEFT JOIN view_direct_supplier AS p
        ON p.direct_number = o.number AND p.direct_line = d.line AND p.direct_kind = 'SALES_ORDER'
      WHERE EXISTS (
        SELECT 1 FROM view_order_owner AS v
        WHERE v.number = o.number
          AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 13, 15
      ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 13, 15
      """, from, until, from, until, from, until
    ) { row in
      Defect(
        sku: row.text(0), unit: row.text(14), sourcing: try row.value(1),
        reasonCode: row.text(2),
        responsible: try row.value(3), lot: row.text(4), supplierCode: row.optionalText(5),
        workCentreCode: row.text(6), operation: row.text(7), returns: row.int64(8),
        remakes: row.int64(9), repairs: row.int64(10),
        quantity: row.quantity(13), cost: row.money(11, 12))
    }
  }
}
