import MasterData
import Storage
import Values

/// What was promised for a line that waited once, and when it is there as far as is known.
struct PromiseRecord {
  enum State: String {
    /// It waits for goods.
    case waiting = "WAITING"
    /// All that is open is on the shelf.
    case ready = "READY"
    /// Nothing of it is open any more.
    case gone = "GONE"
  }

  let id: ID<PromiseRecord>
  let order: ID<SalesOrder>
  let line: Int
  /// What the customer was told; nil where nobody could say.
  var promisedOn: Day?
  /// The customer has agreed to that day, whatever day was wanted.
  var isAgreed: Bool
  /// As it looks now; nil where nobody can say.
  var expectedOn: Day?
  var state: State
  /// Something of it is there too late.
  var isLate: Bool
}

/// All SQL of `order_promise`, and of `order_promise_place`, which names what a waiting line waits
/// for, at whatever level.
enum PromiseTable {
  static func list(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> [PromiseRecord] {
    try snapshot.all(
      """
      SELECT id, sales_order_id, line_number, promised_on, expected_on, state, agreed, late
      FROM order_promise WHERE sales_order_id = ? ORDER BY line_number
      """, order
    ) { row in
      PromiseRecord(
        id: row.id(0), order: row.id(1), line: row.int(2), promisedOn: row.optionalDay(3),
        isAgreed: row.bool(6), expectedOn: row.optionalDay(4), state: try row.value(5),
        isLate: row.bool(7))
    }
  }

  static func insert(
    _ promise: LinePromise, of order: ID<SalesOrder>, at now: Moment, in tx: Transaction
  ) throws {
    let id: ID<PromiseRecord> = try tx.insert(
      """
      INSERT INTO order_promise (sales_order_id, line_number, product_id, promised_on, expected_on,
        state, agreed, late, checked_on)
      SELECT l.sales_order_id, l.line_number, l.product_id, ?, ?, 'WAITING', ?, ?, ?
      FROM sales_order_line AS l WHERE l.sales_order_id = ? AND l.line_number = ?
      """, promise.promisedOn, promise.readyOn, promise.isAgreed, promise.isLate, now.day, order,
      promise.line)
    try insert(promise.places, of: id, in: tx)
  }

  private static func insert(
    _ places: Set<SupplyPlace>, of id: ID<PromiseRecord>, in tx: Transaction
  ) throws {
    for place in places {
      try tx.execute(
        """
        INSERT INTO order_promise_place (promise_id, product_id, warehouse_code) VALUES (?, ?, ?)
        """, id, place.product, place.warehouseCode)
    }
  }

  /// A line that waits: what is known of it now.
  static func update(
    _ record: PromiseRecord, by promise: LinePromise, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE order_promise
      SET promised_on = ?, expected_on = ?, state = 'WAITING', agreed = ?, late = ?, checked_on = ?
      WHERE id = ?
      """, promise.promisedOn, promise.readyOn, promise.isAgreed, promise.isLate, now.day,
      record.id)
    try tx.execute("DELETE FROM order_promise_place WHERE promise_id = ?", record.id)
    try insert(promise.places, of: record.id, in: tx)
  }

  /// A line that does not wait any more.
  static func end(
    _ record: PromiseRecord, as state: PromiseRecord.State, on day: Day?, at now: Moment,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE order_promise SET expected_on = ?, state = ?, late = 0, checked_on = ? WHERE id = ?
      """, day, state, now.day, record.id)
    try tx.execute("DELETE FROM order_promise_place WHERE promise_id = ?", record.id)
  }

  struct Waiting {
    let order: String
    let line: Int
    let product: ID<Product>
    let expectedOn: Day?
    /// Which have days of their own.
    let hasParts: Bool
  }

  /// The waiting lines that what comes to a place may change: with the product that each is for.
  static func waiting(
    for place: SupplyPlace, in snapshot: Snapshot
  ) throws -> [Waiting] {
    try snapshot.all(
      """
      SELECT o.number, p.line_number, p.product_id, p.expected_on,
        l.schedules IS NOT NULL
      FROM order_promise_place AS w
      JOIN order_promise AS p ON p.id = w.promise_id
      JOIN sales_order AS o ON o.id = p.sales_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = p.sales_order_id AND l.line_number = p.line_number
      WHERE w.product_id = ? AND w.warehouse_code = ?
      ORDER BY p.id
      """, place.product, place.warehouseCode
    ) { row in
      Waiting(
        order: row.text(0), line: row.int(1), product: row.id(2), expectedOn: row.optionalDay(3),
        hasParts: row.bool(4))
    }
  }

  /// Orders of which lines wait that nobody has looked at since a day, those looked at longest ago
  /// first; one for each line.
  static func unchecked(
    before day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT o.number FROM order_promise AS p
      JOIN sales_order AS o ON o.id = p.sales_order_id
      WHERE p.state = 'WAITING' AND p.checked_on < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.checked_on, p.id LIMIT ?
      """, day, limit
    ) { $0.text(0) }
  }

  /// Lines that wait, as it is written down.
  static func waiting(
    in snapshot: Snapshot
  ) throws -> [(order: String, line: Int)] {
    try snapshot.all(
      """
      SELECT o.number, p.line_number
      FROM order_promise AS p JOIN sales_order AS o ON o.id = p.sales_order_id
      WHERE p.state = 'WAITING' ORDER BY p.id
      """
    ) { ($0.text(0), $0.int(1)) }
  }
}

extension PromiseRecord.State: Bindable {}
