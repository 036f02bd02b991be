import MasterData
import Storage
import Values

/// All SQL of `reservation`.
enum ReservationTable {
  /// Begins the demand of an origin; false when it has one for this product already. (An INSERT
  /// that returns its row costs twice as much as one that does not, and this is every line of every
  /// order.)
  static func insert(
    _ demand: Reserve, held: Quantity, now: Moment, in tx: Transaction
  ) throws -> Bool {
    try tx.execute(
      """
      INSERT INTO reservation (
        product_id, location_id, wanted, held, priority, origin_kind, origin_number, origin_line,
        peg_kind, peg_number, root_kind, root_number, created_at)
      VALUES (?, (SELECT id FROM stock_location WHERE warehouse_id = ? AND kind = 'STOCK'),
        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (origin_kind, origin_number, origin_line, product_id) DO NOTHING
      """, demand.product.id, demand.warehouse.id, demand.quantity, held, demand.priority,
      demand.origin.kind, demand.origin.number, demand.origin.line, demand.peg?.kind,
      demand.peg?.number, demand.root?.kind, demand.root?.number, now.instant) == 1
  }

  /// Adds to the demand that an origin has. Nil when that waits elsewhere.
  static func add(
    _ demand: Reserve, held: Quantity, in tx: Transaction
  ) throws -> ReservedQuantity? {
    try tx.first(
      """
      UPDATE reservation SET wanted = wanted + ?, held = held + ?
      WHERE origin_kind = ? AND origin_number = ? AND origin_line = ? AND product_id = ?
        AND location_id =
          (SELECT id FROM stock_location WHERE warehouse_id = ? AND kind = 'STOCK')
        AND coalesce(peg_number, '') = ?
      RETURNING wanted, held
      """, demand.quantity, held, demand.origin.kind, demand.origin.number, demand.origin.line,
      demand.product.id, demand.warehouse.id, demand.peg?.number ?? ""
    ) { ReservedQuantity(wanted: $0.quantity(0), held: $0.quantity(1)) }
  }

  /// Of a line, or of the whole document for line 0; the oldest first.
  static func of(_ origin: Origin, in snapshot: Snapshot) throws -> [Reservation] {
    try snapshot.all(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation
      WHERE origin_kind = ? AND origin_number = ? AND (? = 0 OR origin_line = ?)
      ORDER BY id
      """, origin.kind, origin.number, origin.line, origin.line, map: reservation)
  }

  static func held(
    by document: DocumentReference, in snapshot: Snapshot
  ) throws -> [(line: Int, quantity: Quantity)] {
    try snapshot.all(
      "SELECT origin_line, held FROM reservation WHERE origin_kind = ? AND origin_number = ?",
      document.kind, document.number
    ) { ($0.int(0), $0.quantity(1)) }
  }

  static func find(
    _ origin: Origin, product: ID<Product>, in snapshot: Snapshot
  ) throws -> Reservation? {
    try snapshot.first(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation
      WHERE origin_kind = ? AND origin_number = ? AND origin_line = ? AND product_id = ?
      """, origin.kind, origin.number, origin.line, product, map: reservation)
  }

  /// The demand that waits, in the order in which it is served.
  static func waiting(
    for product: ID<Product>, at location: ID<Location>, limit: Int, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try snapshot.all(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation
      WHERE product_id = ? AND location_id = ? AND held < wanted AND peg_number IS NULL
      ORDER BY priority DESC, id LIMIT ?
      """, product, location, limit, map: reservation)
  }

  /// The demand that waits for the output of one supply, in the order in which it is served.
  static func waiting(
    for product: ID<Product>, at location: ID<Location>, peg: DocumentReference, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Reservation] {
    try snapshot.all(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation
      WHERE product_id = ? AND location_id = ? AND held < wanted
        AND peg_kind = ? AND peg_number = ?
      ORDER BY priority DESC, id LIMIT ?
      """, product, location, peg.kind, peg.number, limit, map: reservation)
  }

  /// What was looked for and not found.
  static func missing(
    _ product: ID<Product>, at location: ID<Location>, in snapshot: Snapshot
  ) throws -> Quantity {
    try snapshot.first(
      """
      SELECT coalesce(sum(held), 0) FROM reservation
      WHERE product_id = ? AND location_id = ? AND priority = ? AND origin_kind = ?
      """, product, location, Reservation.missingPriority, Reservation.missingKind
    ) { $0.quantity(0) } ?? .zero
  }

  /// How much of what waits is served before a demand.
  static func ahead(of demand: Reservation, in snapshot: Snapshot) throws -> Quantity {
    try snapshot.first(
      """
      SELECT coalesce(sum(wanted - held), 0) FROM reservation
      WHERE product_id = ? AND location_id = ? AND held < wanted AND peg_number IS NULL
        AND (priority > ? OR (priority = ? AND id < ?))
      """, demand.product, demand.location, demand.priority, demand.priority, demand.id
    ) { $0.quantity(0) } ?? .zero
  }

  /// Who is served last of those that wait.
  static func last(
    for product: ID<Product>, at location: ID<Location>, in snapshot: Snapshot
  ) throws -> ID<Reservation>? {
    try snapshot.first(
      """
      SELECT id FROM reservation
      WHERE product_id = ? AND location_id = ? AND held < wanted AND peg_number IS NULL
      ORDER BY priority, id DESC LIMIT 1
      """, product, location
    ) { $0.id(0) }
  }

  /// What lines of documents of a kind want of the shelves, held or not, the oldest first.
  static func claims(
    of kind: DocumentKind, on product: ID<Product>, at location: ID<Location>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Reservation] {
    try snapshot.all(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation_block AS block CROSS JOIN reservation ON id >> 10 = block.number
      WHERE product_id = ? AND location_id = ? AND origin_kind = ? AND peg_number IS NULL
      ORDER BY id LIMIT ?
      """, product, location, kind, limit, map: reservation)
  }

  /// All demand of a product that waits, pegged or not, in the order of its age, from the one after
  /// `id` on.
  static func waiting(
    for product: ID<Product>, after id: ID<Reservation>, limit: Int, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try snapshot.all(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation
      WHERE product_id = ? AND held < wanted AND id > ?
      ORDER BY id LIMIT ?
      """, product, id, limit, map: reservation)
  }

  /// The demand that holds goods, in the order in which it must give them up: the least urgent and
  /// youngest first.
  static func holding(
    _ product: ID<Product>, at location: ID<Location>, limit: Int, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try snapshot.all(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation_block AS block CROSS JOIN reservation ON id >> 10 = block.number
      WHERE product_id = ? AND location_id = ? AND held > 0
      ORDER BY priority, id DESC LIMIT ?
      """, product, location, limit, map: reservation)
  }

  static func pegged(
    to supply: DocumentReference, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try snapshot.all(
      """
      SELECT id, product_id, location_id, wanted, held, priority, origin_kind, origin_number,
        origin_line, peg_kind, peg_number, root_kind, root_number, created_at
      FROM reservation WHERE peg_kind = ? AND peg_number = ? ORDER BY id
      """, supply.kind, supply.number, map: reservation)
  }

  static func unpeg(_ supply: DocumentReference, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE reservation SET peg_kind = NULL, peg_number = NULL
      WHERE peg_kind = ? AND peg_number = ?
      """, supply.kind, supply.number)
  }

  static func peg(
    _ id: ID<Reservation>, to supply: DocumentReference, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE reservation SET peg_kind = ?, peg_number = ? WHERE id = ?", supply.kind,
      supply.number, id)
  }

  static func set(
    priority: Int, of id: ID<Reservation>, in tx: Transaction
  ) throws {
    try tx.execute("UPDATE reservation SET priority = ? WHERE id = ?", priority, id)
  }

  static func setHeld(_ held: Quantity, of id: ID<Reservation>, in tx: Transaction) throws {
    try tx.execute("UPDATE reservation SET held = ? WHERE id = ?", held, id)
  }

  /// Nothing wanted any more: the demand is gone.
  static func set(
    wanted: Quantity, held: Quantity, of id: ID<Reservation>, in tx: Transaction
  ) throws {
    if wanted.isPositive {
      try tx.execute(
        "UPDATE reservation SET wanted = ?, held = ? WHERE id = ?", wanted, held, id)
    } else {
      try tx.execute("DELETE FROM reservation WHERE id = ?", id)
    }
  }

  private static func reservation(_ row: Row) throws -> Reservation {
    Reservation(
      id: row.id(0), product: row.id(1), location: row.id(2), wanted: row.quantity(3),
      held: row.quantity(4), priority: row.int(5),
      origin: Origin(try row.value(6), row.text(7), line: row.int(8)),
      peg: try document(row, 9), root: try document(row, 11), createdAt: row.instant(13))
  }

  private static func document(_ row: Row, _ column: Int) throws -> DocumentReference? {
    guard let kind = try row.optionalValue(column, as: DocumentKind.self) else { return nil }
    return DocumentReference(kind, row.text(column + 1))
  }
}
