import Finance
import MasterData
import Storage
import Values

/// All SQL of `stock_balance`.
enum StockBalanceTable {
  static func find(
    _ product: ID<Product>, at location: ID<Location>, in snapshot: Snapshot
  ) throws -> StockBalance? {
    try snapshot.first(
      """
      SELECT on_hand, reserved, value_minor, currency FROM stock_balance
      WHERE product_id = ? AND location_id = ?
      """, product, location, map: balance)
  }

  /// Zero when the product was never in that warehouse.
  static func free(
    _ product: ID<Product>, in warehouse: ID<Warehouse>, in snapshot: Snapshot
  ) throws -> Quantity {
    try snapshot.first(
      """
      SELECT on_hand - reserved FROM stock_balance
      WHERE product_id = ? AND location_id =
        (SELECT id FROM stock_location WHERE warehouse_id = ? AND kind = 'STOCK')
      """, product, warehouse
    ) { $0.quantity(0) } ?? .zero
  }

  /// The one statement that makes overselling impossible: promises `quantity` if so much is free,
  /// and says whether it did (complaint 1 of DOMAIN).
  static func reserve(
    _ quantity: Quantity, of product: ID<Product>, in warehouse: ID<Warehouse>,
    in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      UPDATE stock_balance SET reserved = reserved + ?
      WHERE product_id = ? AND on_hand - reserved >= ? AND location_id =
        (SELECT id FROM stock_location WHERE warehouse_id = ? AND kind = 'STOCK')
      """, quantity, product, quantity, warehouse) == 1
  }

  /// Changes what is promised by `difference`; the table refuses more than there is.
  static func addReserved(
    _ difference: Int64, of product: ID<Product>, at location: ID<Location>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE stock_balance SET reserved = reserved + ? WHERE product_id = ? AND location_id = ?",
      difference, product, location)
  }

  /// Takes goods from one of our own places.
  static func take(
    _ quantity: Quantity, ofThemReserved reserved: Quantity, value: Money,
    of product: ID<Product>, at location: ID<Location>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE stock_balance
      SET on_hand = on_hand - ?, reserved = reserved - ?, value_minor = value_minor - ?
      WHERE product_id = ? AND location_id = ?
      """, quantity, reserved, value.minor, product, location)
  }

  /// Adds to a balance, or takes away where it is not guarded; the first movement makes the row.
  /// False, and nothing changed, when the balance would pass what a row may hold.
  static func add(
    _ quantity: Int64, value: Money, of product: Product, at location: Location,
    in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO stock_balance (
        product_id, location_id, sku, unit, account, guarded, on_hand, reserved, value_minor,
        currency)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
      ON CONFLICT (product_id, location_id) DO UPDATE
      SET on_hand = stock_balance.on_hand + excluded.on_hand,
        value_minor = stock_balance.value_minor + excluded.value_minor
      WHERE abs(stock_balance.on_hand + excluded.on_hand) <= ?
        AND abs(stock_balance.value_minor + excluded.value_minor) <= ?
      """, product.id, location.id, product.sku, product.unit,
      location.kind.account(of: product.kind).rawValue, location.kind.isGuarded, quantity,
      value.minor, value.currency, StockBalance.highest, StockBalance.highestValueMinor) == 1
  }

  /// Of all warehouses, or of one, in the order of the warehouse codes.
  static func levels(
    of product: ID<Product>, in warehouse: String?, in snapshot: Snapshot
  ) throws -> [StockLevel] {
    try snapshot.all(
      """
      SELECT b.product_id, b.sku, b.unit, l.warehouse_code, b.on_hand, b.reserved,
        (SELECT coalesce(sum(r.wanted - r.held), 0) FROM reservation AS r
         WHERE r.product_id = b.product_id AND r.location_id = b.location_id
           AND r.held < r.wanted),
        b.value_minor, b.currency,
        (SELECT coalesce(sum(t.on_hand), 0)
         FROM stock_location AS w JOIN stock_balance AS t
           ON t.product_id = b.product_id AND t.location_id = w.id
         WHERE w.warehouse_id = l.warehouse_id AND w.kind = 'TRANSFER')
      FROM stock_balance AS b JOIN stock_location AS l ON l.id = b.location_id
      WHERE b.product_id = ? AND l.kind = 'STOCK' AND (? IS NULL OR l.warehouse_code = ?)
      ORDER BY l.warehouse_code
      """, product, warehouse, warehouse, map: level)
  }

  /// Of all warehouses together.
  static func shelves(
    of products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: ShelfStock] {
    var found: [ID<Product>: ShelfStock] = [:]
    try snapshot.forEach(
      """
      SELECT b.product_id, sum(b.on_hand), sum(b.reserved), sum(b.value_minor), b.currency
      FROM json_each(?) AS wanted
      CROSS JOIN stock_balance AS b ON b.product_id = wanted.value
      JOIN stock_location AS l ON l.id = b.location_id
      WHERE l.kind = 'STOCK' GROUP BY b.product_id, b.currency
      """, ValueList(products)
    ) { row in
      found[row.id(0)] = ShelfStock(
        onHand: row.quantity(1), reserved: row.quantity(2), value: row.money(3, 4))
    }
    return found
  }

  /// Of warehouses in scope, in the order of sku and warehouse code, from the one after `sku` and
  /// `warehouse` on.
  static func list(
    afterSKU sku: String, warehouse: String, only: String?, limit: Int, in snapshot: Snapshot
  ) throws -> [StockLevel] {
    try snapshot.all(
      """
      SELECT b.product_id, b.sku, b.unit, l.warehouse_code, b.on_hand, b.reserved,
        (SELECT coalesce(sum(r.wanted - r.held), 0) FROM reservation AS r
         WHERE r.product_id = b.product_id AND r.location_id = b.location_id
           AND r.held < r.wanted),
        b.value_minor, b.currency,
        (SELECT coalesce(sum(t.on_hand), 0)
         FROM stock_location AS w JOIN stock_balance AS t
           ON t.product_id = b.product_id AND t.location_id = w.id
         WHERE w.warehouse_id = l.warehouse_id AND w.kind = 'TRANSFER')
      FROM stock_balance AS b JOIN stock_location AS l ON l.id = b.location_id
      WHERE b.guarded = 1 AND b.sku >= ? AND (b.sku > ? OR l.warehouse_code > ?)
        AND l.kind = 'STOCK' AND (? IS NULL OR l.warehouse_code = ?)
        AND in_scope(NULL, NULL, l.warehouse_code)
      ORDER BY b.sku, l.warehouse_code LIMIT ?
      """, sku, sku, warehouse, only, only, limit, map: level)
  }

  static func goods(at kind: LocationKind, in snapshot: Snapshot) throws -> [GoodsBeside] {
    try snapshot.all(
      """
      SELECT b.sku, l.warehouse_code, b.on_hand, b.value_minor, b.currency
      FROM stock_location AS l JOIN stock_balance AS b ON b.location_id = l.id
      WHERE l.kind = ? AND b.on_hand <> 0 ORDER BY l.warehouse_code, b.sku
      """, kind.rawValue
    ) { row in
      GoodsBeside(
        sku: row.text(0), warehouseCode: row.text(1), quantity: row.quantity(2),
        value: row.money(3, 4))
    }
  }

  private static func balance(_ row: Row) -> StockBalance {
    StockBalance(onHand: row.quantity(0), reserved: row.quantity(1), value: row.money(2, 3))
  }

  private static func level(_ row: Row) -> StockLevel {
    StockLevel(
      product: row.id(0), sku: row.text(1), unit: row.text(2), warehouseCode: row.text(3),
      onHand: row.quantity(4), reserved: row.quantity(5), waiting: row.quantity(6),
      value: row.money(7, 8), underWay: row.quantity(9))
  }
}
