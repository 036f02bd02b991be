package import Storage
package import Values

/// Where a defect comes from, as whoever looked at the goods found it: what their label says, and
/// who brought them or which step of the workshop did it. The latest finding of a document's line
/// is the one that counts; those before are in the audit.
package struct DefectFinding: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<DefectFinding>
  /// The return, the complaint, or the order of the remake or the repair.
  package let documentNumber: String
  /// The order that the goods were sold with, and its line.
  package let originNumber: String
  package let originLine: Int
  package let sku: String
  /// As the label of the goods or of the material says it (GS1 AI 10); empty when not known.
  package let lot: String
  /// Code of the supplier; empty for the one that is known anyway, or none.
  package let supplierCode: String
  /// The work order and its step that made it badly; nil when none did.
  package let workOrderNumber: String?
  package let operation: FaultyOperation?
  package let foundBy: String
  package let foundAt: Instant
}

/// A step of the workshop.
package struct FaultyOperation: Hashable, Sendable {
  package let workCentreCode: String
  /// As the work order names it.
  package let name: String
}

/// Questions about findings.
package enum DefectFindings {
  /// Of orders in scope, the newest first, from the one before `id` on.
  package static func list(
    before id: ID<DefectFinding>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try DefectFindingTable.list(before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// The same of one order.
  package static func of(
    _ order: SalesOrder, before id: ID<DefectFinding>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try DefectFindingTable.of(order.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Of what a complaint is about, the newest first: of itself, and of what was returned, made
  /// again or repaired for its line.
  package static func of(
    _ complaint: Complaint, limit: Int = 100, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try DefectFindingTable.of(
      complaint.order, line: complaint.line, complaint: complaint.number, limit: limit,
      in: snapshot)
  }

  /// The same of one lot: whose goods are of it.
  package static func of(
    lot: String, before id: ID<DefectFinding>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try DefectFindingTable.of(lot: lot, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

/// All SQL of `defect_finding`.
enum DefectFindingTable {
  static func replace(
    _ found: DefectFinding, of origin: ID<SalesOrder>, in tx: Transaction
  ) throws -> ID<DefectFinding> {
    try tx.execute(
      "DELETE FROM defect_finding WHERE document_number = ? AND origin_line = ?",
      found.documentNumber, found.originLine)
    return try tx.insert(
      """
      INSERT INTO defect_finding (document_number, origin_order_id, origin_line, lot,
        supplier_code, work_order_number, work_centre_code, operation, found_by, found_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, found.documentNumber, origin, found.originLine, found.lot, found.supplierCode,
      found.workOrderNumber, found.operation?.workCentreCode, found.operation?.name,
      found.foundBy, found.foundAt)
  }

  static func list(
    before id: ID<DefectFinding>, limit: Int, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try snapshot.all(
      """
      SELECT f.id, f.document_number, o.number, f.origin_line, l.sku, f.lot, f.supplier_code,
        f.work_order_number, f.work_centre_code, f.operation, f.found_by, f.found_at
      FROM defect_finding AS f JOIN sales_order AS o ON o.id = f.origin_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = f.origin_order_id AND l.line_number = f.origin_line
      WHERE f.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY f.id DESC LIMIT ?
      """, id, limit, map: finding(_:))
  }

  static func of(
    _ order: ID<SalesOrder>, before id: ID<DefectFinding>, limit: Int, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try snapshot.all(
      """
      SELECT f.id, f.document_number, o.number, f.origin_line, l.sku, f.lot, f.supplier_code,
        f.work_order_number, f.work_centre_code, f.operation, f.found_by, f.found_at
      FROM defect_finding AS f JOIN sales_order AS o ON o.id = f.origin_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = f.origin_order_id AND l.line_number = f.origin_line
      WHERE f.origin_order_id = ? AND f.id < ? ORDER BY f.id DESC LIMIT ?
      """, order, id, limit, map: finding(_:))
  }

  /// Of a line of an order, but of no complaint other than one; `line` 0 for all of them.
  static func of(
    _ order: ID<SalesOrder>, line: Int, complaint: String, limit: Int, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try snapshot.all(
      """
      SELECT f.id, f.document_number, o.number, f.origin_line, l.sku, f.lot, f.supplier_code,
        f.work_order_number, f.work_centre_code, f.operation, f.found_by, f.found_at
      FROM defect_finding AS f JOIN sales_order AS o ON o.id = f.origin_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = f.origin_order_id AND l.line_number = f.origin_line
      WHERE f.origin_order_id = ? AND (? = 0 OR f.origin_line = ?)
        AND (f.document_number = ? OR NOT EXISTS (
          SELECT 1 FROM complaint AS c WHERE c.number = f.document_number))
      ORDER BY f.id DESC LIMIT ?
      """, order, line, line, complaint, limit, map: finding(_:))
  }

  static func of(
    lot: String, before id: ID<DefectFinding>, limit: Int, in snapshot: Snapshot
  ) throws -> [DefectFinding] {
    try snapshot.all(
      """
      SELECT f.id, f.document_number, o.number, f.origin_line, l.sku, f.lot, f.supplier_code,
        f.work_order_number, f.work_centre_code, f.operation, f.found_by, f.found_at
      FROM defect_finding AS f JOIN sales_order AS o ON o.id = f.origin_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = f.origin_order_id AND l.line_number = f.origin_line
      WHERE f.lot = ? AND f.lot <> '' AND f.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY f.id DESC LIMIT ?
      """, lot, id, limit, map: finding(_:))
  }

  private static func finding(_ row: Row) -> DefectFinding {
    let operation: FaultyOperation?
    if let centre = row.optionalText(8), let name = row.optionalText(9) {
      operation = FaultyOperation(workCentreCode: centre, name: name)
    } else {
      operation = nil
    }
    return DefectFinding(
      id: row.id(0), documentNumber: row.text(1), originNumber: row.text(2),
      originLine: row.int(3), sku: row.text(4), lot: row.text(5), supplierCode: row.text(6),
      workOrderNumber: row.optionalText(7), operation: operation, foundBy: row.text(10),
      foundAt: row.instant(11))
  }
}

/// What must hold of findings: a document says that there is a defect of that line.
enum DefectInvariants {
  static let rules = ["orders.finding-is-of-a-defect"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT f.document_number, f.origin_line FROM defect_finding AS f
      WHERE NOT EXISTS (
          SELECT 1 FROM customer_return AS h
          JOIN customer_return_line AS r ON r.return_id = h.id
          WHERE h.number = f.document_number AND h.sales_order_id = f.origin_order_id
            AND r.line_number = f.origin_line AND r.received > 0 AND r.responsible <> 'CUSTOMER')
        AND NOT EXISTS (
          SELECT 1 FROM sales_order AS o JOIN remake AS m ON m.sales_order_id = o.id
          WHERE o.number = f.document_number AND m.origin_order_id = f.origin_order_id
            AND m.origin_line = f.origin_line AND m.responsible <> 'CUSTOMER')
        AND NOT EXISTS (
          SELECT 1 FROM sales_order AS o JOIN repair AS m ON m.sales_order_id = o.id
          WHERE o.number = f.document_number AND m.origin_order_id = f.origin_order_id
            AND m.origin_line = f.origin_line AND m.responsible <> 'CUSTOMER')
        AND NOT EXISTS (
          SELECT 1 FROM complaint AS c
          WHERE c.number = f.document_number AND c.sales_order_id = f.origin_order_id
            AND (c.line_number = 0 OR c.line_number = f.origin_line))
      ORDER BY f.id
      """
    ) { row in
      InvariantViolation(
        "orders.finding-is-of-a-defect", "A defect is explained that no document tells of",
        [Fact("document", row.text(0)), Fact("line", row.int(1))])
    }
  }
}

extension AfterSalesMigrations {
  static let defectFindings: StaticString = """
    CREATE TABLE defect_finding (
      id INTEGER PRIMARY KEY,
      document_number TEXT NOT NULL,
      origin_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      origin_line INTEGER NOT NULL CHECK (origin_line > 0),
      lot TEXT NOT NULL,
      supplier_code TEXT NOT NULL,
      work_order_number TEXT,
      work_centre_code TEXT,
      operation TEXT,
      found_by TEXT NOT NULL,
      found_at INTEGER NOT NULL,
      UNIQUE (document_number, origin_line),
      CHECK (lot <> '' OR supplier_code <> '' OR work_order_number IS NOT NULL),
      CHECK ((work_order_number IS NULL) = (work_centre_code IS NULL)),
      CHECK ((work_order_number IS NULL) = (operation IS NULL))
    ) STRICT;
    CREATE INDEX defect_finding_order ON defect_finding (origin_order_id, id);
    CREATE INDEX defect_finding_lot ON defect_finding (lot, id) WHERE lot <> '';
    """
}
