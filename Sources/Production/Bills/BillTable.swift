import MasterData
import Storage
import Values

/// All SQL of `bill_of_material`, `bill_component` and `bill_operation`. There is no update and no
/// delete.
enum BillTable {
  /// The newest bill of a product.
  static func find(_ product: ID<Product>, in snapshot: Snapshot) throws -> BillOfMaterial? {
    let head = try snapshot.first(
      """
      SELECT id, sku, unit, version FROM bill_of_material
      WHERE product_id = ? ORDER BY version DESC LIMIT 1
      """, product
    ) { (id: $0.int64(0), sku: $0.text(1), unit: $0.text(2), version: $0.int64(3)) }
    return try head.map { head in
      BillOfMaterial(
        product: product, sku: head.sku, unit: head.unit, version: head.version,
        components: try components(ofBill: head.id, in: snapshot),
        operations: try operations(ofBill: head.id, in: snapshot))
    }
  }

  /// What the newest bill of a product needs; empty when it has none.
  static func components(
    of product: ID<Product>, in snapshot: Snapshot
  ) throws -> [BillOfMaterial.Component] {
    let bill = try snapshot.first(
      """
      SELECT id FROM bill_of_material WHERE product_id = ? ORDER BY version DESC LIMIT 1
      """, product
    ) { $0.int64(0) }
    return try bill.map { try components(ofBill: $0, in: snapshot) } ?? []
  }

  static func exists(for product: ID<Product>, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM bill_of_material WHERE product_id = ? LIMIT 1", product
    ) { _ in true } ?? false
  }

  static func insert(_ bill: BillOfMaterial, in tx: Transaction) throws {
    let id: ID<BillOfMaterial> = try tx.insert(
      """
      INSERT INTO bill_of_material (product_id, sku, unit, version) VALUES (?, ?, ?, ?)
      """, bill.product, bill.sku, bill.unit, bill.version)
    for (index, component) in bill.components.enumerated() {
      try tx.execute(
        """
        INSERT INTO bill_component (
          bill_id, line_no, product_id, sku, unit, quantity, scrap_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """, id, index + 1, component.product, component.sku, component.unit, component.quantity,
        component.scrap)
    }
    for operation in bill.operations {
      try tx.execute(
        """
        INSERT INTO bill_operation (
          bill_id, sequence, name, work_centre_id, work_centre_code, setup_minutes, unit_minutes)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """, id, operation.sequence, operation.name, operation.workCentre,
        operation.workCentreCode, operation.setupMinutes, operation.unitMinutes)
    }
  }

  private static func components(
    ofBill id: Int64, in snapshot: Snapshot
  ) throws -> [BillOfMaterial.Component] {
    try snapshot.all(
      """
      SELECT product_id, sku, unit, quantity, scrap_micros
      FROM bill_component WHERE bill_id = ? ORDER BY line_no
      """, id
    ) { row in
      BillOfMaterial.Component(
        product: row.id(0), sku: row.text(1), unit: row.text(2), quantity: row.quantity(3),
        scrap: row.rate(4))
    }
  }

  private static func operations(
    ofBill id: Int64, in snapshot: Snapshot
  ) throws -> [BillOfMaterial.Operation] {
    try snapshot.all(
      """
      SELECT sequence, name, work_centre_id, work_centre_code, setup_minutes, unit_minutes
      FROM bill_operation WHERE bill_id = ? ORDER BY sequence
      """, id
    ) { row in
      BillOfMaterial.Operation(
        sequence: row.int(0), name: row.text(1), workCentre: row.id(2),
        workCentreCode: row.text(3), setupMinutes: row.quantity(4), unitMinutes: row.quantity(5))
    }
  }
}
