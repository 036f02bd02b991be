import MasterData
import Storage
import Values

/// All SQL of points but for the programme, and the entries that they are moved by: each brings the
/// grant, the customer's balance and the books up to date.
enum PointsTable {
  static func account(of customer: ID<Customer>, in snapshot: Snapshot) throws -> PointsAccount {
    try snapshot.first(
      "SELECT balance, owed FROM points_account WHERE customer_id = ?", customer
    ) { PointsAccount(balance: $0.int64(0), owed: $0.int64(1)) } ?? .empty
  }

  /// Of grants whose last day was before `day`.
  static func ended(
    of customer: ID<Customer>, before day: Day, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(remaining), 0) FROM points_grant
      WHERE customer_id = ? AND expires_on < ? AND remaining > 0
      """, customer, day
    ) { $0.int64(0) } ?? 0
  }

  /// What ends first first; what never ends last.
  static func open(
    of customer: ID<Customer>, from day: Day = Day(daysSinceEpoch: .min), limit: Int,
    in snapshot: Snapshot
  ) throws -> [PointsGrant] {
    try snapshot.all(
      """
      SELECT id, customer_id, order_number, granted_on, expires_on, remaining, liability_minor,
        currency
      FROM points_grant
      WHERE customer_id = ? AND remaining > 0 AND (expires_on IS NULL OR expires_on >= ?)
      ORDER BY expires_on IS NULL, expires_on, id LIMIT ?
      """, customer, day, limit, map: grant)
  }

  /// Of any customer, those that ended first first.
  static func ended(before day: Day, limit: Int, in snapshot: Snapshot) throws -> [PointsGrant] {
    try snapshot.all(
      """
      SELECT id, customer_id, order_number, granted_on, expires_on, remaining, liability_minor,
        currency
      FROM points_grant WHERE expires_on < ? AND remaining > 0 ORDER BY expires_on, id LIMIT ?
      """, day, limit, map: grant)
  }

  static func entries(
    of customer: ID<Customer>, before id: ID<PointsEntry>, limit: Int, in snapshot: Snapshot
  ) throws -> [PointsEntry] {
    try snapshot.all(
      """
      SELECT e.id, e.kind, e.points, e.order_number, p.number, e.entered_on
      FROM points_entry AS e LEFT JOIN payment AS p ON p.id = e.payment_id
      WHERE e.customer_id = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?
      """, customer, id, limit
    ) { row in
      PointsEntry(
        id: row.id(0), kind: try row.value(1), points: row.int64(2),
        orderNumber: row.optionalText(3), paymentNumber: row.optionalText(4), enteredOn: row.day(5))
    }
  }

  /// What a payment took, and what stood for it.
  static func redeemed(
    by payment: ID<Payment>, in snapshot: Snapshot
  ) throws -> (points: Int64, liability: Money) {
    let found = try snapshot.first(
      """
      SELECT SUM(points), SUM(liability_minor), MAX(currency) FROM points_entry
      WHERE payment_id = ? AND kind = 'REDEEMED' GROUP BY payment_id
      """, payment
    ) { (points: $0.int64(0), liability: $0.money(1, 2)) }
    guard let found else { throw MissingRow("points_entry", payment.value) }
    return found
  }

  /// Grants points: `liability` is what stands in the books for them from now on.
  static func grant(
    _ points: Int64, _ kind: PointsEntryKind, to customer: ID<Customer>, liability: Money,
    order: String?, payment: ID<Payment>? = nil, expiresOn: Day?, in tx: Transaction,
    at now: Moment
  ) throws -> PointsGrant {
    let id: ID<PointsGrant> = try tx.insert(
      """
      INSERT INTO points_grant (customer_id, order_number, granted_on, expires_on, granted,
        remaining, liability_minor, currency)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, customer, order, now.day, expiresOn, points, points, liability.minor,
      liability.currency)
    _ = try enter(
      points, kind, of: customer, grant: id, liability: liability, order: order, payment: payment,
      in: tx, at: now)
    try add(points, owed: 0, to: customer, in: tx)
    return PointsGrant(
      id: id, customer: customer, orderNumber: order, grantedOn: now.day, expiresOn: expiresOn,
      remaining: points, liability: liability)
  }

  /// Takes points of a grant away; returns what stood in the books for them. Unless they paid for
  /// something, it is revenue again.
  @discardableResult
  static func take(
    _ points: Int64, _ kind: PointsEntryKind, from grant: inout PointsGrant, order: String? = nil,
    payment: ID<Payment>? = nil, in tx: Transaction, at now: Moment
  ) throws -> Money {
    let share = try grant.share(of: points)
    grant.remaining -= points
    grant.liability = try grant.liability - share
    try tx.execute(
      "UPDATE points_grant SET remaining = ?, liability_minor = ? WHERE id = ?", grant.remaining,
      grant.liability.minor, grant.id)
    let entry = try enter(
      points, kind, of: grant.customer, grant: grant.id, liability: share, order: order,
      payment: payment, in: tx, at: now)
    let isOffset = kind == .offset
    try add(isOffset ? 0 : -points, owed: isOffset ? -points : 0, to: grant.customer, in: tx)
    if kind != .redeemed, share.minor > 0 {
      try PostEntry(
        event: .pointsLost, origin: Origin(.masterData, "points"), occurrence: entry,
        text: "\(points) points: \(kind.rawValue)",
        postings: [Posting(debit: .points, credit: .pointsDeferral, amount: share)]
      ).run(in: tx, at: now)
    }
    return share
  }

  /// Points that are taken back, but had been used: the next ones make good for them.
  static func owe(
    _ points: Int64, by customer: ID<Customer>, order: String, _ currency: Currency,
    in tx: Transaction, at now: Moment
  ) throws {
    _ = try enter(
      points, .takenBack, of: customer, grant: nil, liability: .zero(currency), order: order,
      payment: nil, in: tx, at: now)
    try add(-points, owed: points, to: customer, in: tx)
  }

  /// Makes good for what is owed with a grant, as far as it goes.
  static func offset(_ grant: inout PointsGrant, in tx: Transaction, at now: Moment) throws {
    let points = min(try account(of: grant.customer, in: tx).owed, grant.remaining)
    if points > 0 { try take(points, .offset, from: &grant, in: tx, at: now) }
  }

  private static func enter(
    _ points: Int64, _ kind: PointsEntryKind, of customer: ID<Customer>, grant: ID<PointsGrant>?,
    liability: Money, order: String?, payment: ID<Payment>?, in tx: Transaction, at now: Moment
  ) throws -> Int64 {
    let id: ID<PointsEntry> = try tx.insert(
      """
      INSERT INTO points_entry (customer_id, kind, points, grant_id, liability_minor, currency,
        order_number, payment_id, entered_on, entered_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, customer, kind, points, grant, liability.minor, liability.currency, order, payment,
      now.day, now.instant)
    return id.value
  }

  private static func add(
    _ points: Int64, owed: Int64, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO points_account (customer_id, balance, owed) VALUES (?, ?, ?)
      ON CONFLICT (customer_id) DO UPDATE SET balance = points_account.balance + excluded.balance,
        owed = points_account.owed + ?
      """, customer, points, max(0, owed), owed)
  }

  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    let gone = try account(of: from, in: tx)
    try tx.execute("DELETE FROM points_account WHERE customer_id = ?", from)
    if gone != .empty { try add(gone.balance, owed: gone.owed, to: customer, in: tx) }
    for statement in [
      "UPDATE points_grant SET customer_id = ? WHERE customer_id = ?",
      "UPDATE points_entry SET customer_id = ? WHERE customer_id = ?",
      "UPDATE points_order SET customer_id = ? WHERE customer_id = ?",
    ] as [StaticString] {
      try tx.execute(statement, customer, from)
    }
  }

  private static func grant(_ row: Row) throws -> PointsGrant {
    PointsGrant(
      id: row.id(0), customer: row.id(1), orderNumber: row.optionalText(2), grantedOn: row.day(3),
      expiresOn: row.optionalDay(4), remaining: row.int64(5), liability: row.money(6, 7))
  }
}

/// What an order has earned so far, and by which terms.
struct PointsOrder {
  let version: Int64
  let rate: PointsRate
  var gross: Money
  var net: Money
  var points: Int64
}

/// All SQL of `points_order`.
enum PointsOrderTable {
  static func find(_ number: String, in snapshot: Snapshot) throws -> PointsOrder? {
    try snapshot.first(
      """
      SELECT version, points_micros, gross_minor, net_minor, points, currency FROM points_order
      WHERE order_number = ?
      """, number
    ) { row in
      PointsOrder(
        version: row.int64(0), rate: PointsRate(customerClass: "", micros: row.int64(1)),
        gross: row.money(2, 5), net: row.money(3, 5), points: row.int64(4))
    }
  }

  static func put(
    _ order: PointsOrder, _ number: String, of customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO points_order (order_number, customer_id, version, points_micros, gross_minor,
        net_minor, points, currency)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (order_number) DO UPDATE SET gross_minor = excluded.gross_minor,
        net_minor = excluded.net_minor, points = excluded.points
      """, number, customer, order.version, order.rate.micros, order.gross.minor, order.net.minor,
      order.points, order.gross.currency)
  }
}

extension PointsEntryKind: Bindable {}
