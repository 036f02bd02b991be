import MasterData
import Storage
import Values

/// All SQL of `gift_card` and `gift_card_move`.
enum GiftCardTable {
  /// What no card is: nothing of them costs anything where there are none.
  private static let known = LookupCache<OnlyKey, Bool>()

  static func areUsed(in snapshot: Snapshot) throws -> Bool {
    try snapshot.lookUp(in: known) {
      try snapshot.first("SELECT 1 FROM gift_card LIMIT 1") { _ in true } ?? false
    }
  }

  static func find(digest: [UInt8], in snapshot: Snapshot) throws -> GiftCard? {
    let id: ID<GiftCard>? = try snapshot.first(
      "SELECT id FROM gift_card WHERE code_digest = ?", digest
    ) { $0.id(0) }
    return try id.map { try fetch($0, in: snapshot) }
  }

  /// Nil where there is none in scope: that of its buyer, or without one of who sold it.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> GiftCard? {
    try snapshot.first(
      """
      SELECT g.id, g.number, g.state, g.customer_id, c.code, g.value_minor, g.balance_minor,
        g.currency, g.issued_on, g.issued_by, g.expires_on, b.number, a.number, g.reason
      FROM gift_card AS g
      LEFT JOIN view_customer_owner AS c ON c.id = g.customer_id
      LEFT JOIN gift_card AS b ON b.id = g.replaces
      LEFT JOIN gift_card AS a ON a.replaces = g.id
      WHERE g.number = ? AND in_scope(c.owner, c.store_code, NULL, g.issued_by)
      """, number, map: card)
  }

  static func fetch(_ id: ID<GiftCard>, in snapshot: Snapshot) throws -> GiftCard {
    let found = try snapshot.first(
      """
      SELECT g.id, g.number, g.state, g.customer_id, c.code, g.value_minor, g.balance_minor,
        g.currency, g.issued_on, g.issued_by, g.expires_on, b.number, a.number, g.reason
      FROM gift_card AS g
      LEFT JOIN view_customer_owner AS c ON c.id = g.customer_id
      LEFT JOIN gift_card AS b ON b.id = g.replaces
      LEFT JOIN gift_card AS a ON a.replaces = g.id
      WHERE g.id = ?
      """, id, map: card)
    guard let found else { throw MissingRow("gift_card", id.value) }
    return found
  }

  static func list(
    _ filter: GiftCards.Filter, before id: ID<GiftCard>, limit: Int, in snapshot: Snapshot
  ) throws -> [GiftCard] {
    let (customer, state) = (filter.customer, filter.state)
    return try snapshot.all(
      """
      SELECT g.id, g.number, g.state, g.customer_id, c.code, g.value_minor, g.balance_minor,
        g.currency, g.issued_on, g.issued_by, g.expires_on, b.number, a.number, g.reason
      FROM gift_card AS g
      LEFT JOIN view_customer_owner AS c ON c.id = g.customer_id
      LEFT JOIN gift_card AS b ON b.id = g.replaces
      LEFT JOIN gift_card AS a ON a.replaces = g.id
      WHERE g.id < ? AND (? IS NULL OR g.customer_id = ?) AND (? IS NULL OR g.state = ?)
        AND in_scope(c.owner, c.store_code, NULL, g.issued_by)
      ORDER BY g.id DESC LIMIT ?
      """, id, customer, customer, state, state, limit, map: card)
  }

  /// Whose last day was before `day` and that have something left, those that ended first first.
  static func ended(before day: Day, limit: Int, in snapshot: Snapshot) throws -> [GiftCard] {
    let ids: [ID<GiftCard>] = try snapshot.all(
      """
      SELECT id FROM gift_card WHERE expires_on < ? AND balance_minor > 0
      ORDER BY expires_on, id LIMIT ?
      """, day, limit
    ) { $0.id(0) }
    return try ids.map { try fetch($0, in: snapshot) }
  }

  /// The number of the card that was sold for a payment; nil for none.
  static func number(
    of method: PaymentMethod, reference: String, in snapshot: Snapshot
  ) throws -> String? {
    guard try areUsed(in: snapshot) else { return nil }
    return try snapshot.first(
      "SELECT number FROM gift_card WHERE method = ? AND external_reference = ?", method, reference
    ) { $0.text(0) }
  }

  static func insert(
    _ card: GiftCard, digest: [UInt8], method: PaymentMethod?, reference: String?,
    replaces: ID<GiftCard>? = nil, at now: Moment, in tx: Transaction
  ) throws -> ID<GiftCard> {
    try tx.insert(
      """
      INSERT INTO gift_card (number, code_digest, state, customer_id, value_minor, balance_minor,
        currency, method, external_reference, issued_on, issued_at, issued_by, expires_on, replaces,
        reason)
      VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, card.number, digest, card.state, card.customer, card.value.minor, card.value.currency,
      method, reference, card.issuedOn, now.instant, card.issuedBy, card.expiresOn, replaces,
      card.reason)
  }

  /// Writes what may change but for the balance.
  static func update(_ card: GiftCard, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE gift_card SET state = ?, expires_on = ?, reason = ? WHERE id = ?", card.state,
      card.expiresOn, card.reason, card.id)
  }

  /// Adds a move and brings the balance up to date; false where less is on the card. What makes it
  /// impossible that the same money is used twice.
  static func move(
    _ card: ID<GiftCard>, _ kind: GiftCardMoveKind, _ amount: Money, of payment: ID<Payment>? = nil,
    at now: Moment, in tx: Transaction
  ) throws -> Int64? {
    let change = kind.isIn ? amount.minor : -amount.minor
    let isThere =
      try tx.execute(
        """
        UPDATE gift_card SET balance_minor = balance_minor + ?
        WHERE id = ? AND balance_minor + ? >= 0
        """, change, card, change) == 1
    guard isThere else { return nil }
    let id: ID<GiftCardMove> = try tx.insert(
      """
      INSERT INTO gift_card_move (card_id, kind, amount_minor, currency, payment_id, moved_on,
        moved_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, card, kind, amount.minor, amount.currency, payment, now.day, now.instant)
    return id.value
  }

  static func moves(
    of card: ID<GiftCard>, limit: Int, in snapshot: Snapshot
  ) throws -> [GiftCardMove] {
    try snapshot.all(
      """
      SELECT m.kind, m.amount_minor, m.currency, p.number, p.earmark_kind, p.earmark_number,
        m.moved_on
      FROM gift_card_move AS m LEFT JOIN payment AS p ON p.id = m.payment_id
      WHERE m.card_id = ? ORDER BY m.id LIMIT ?
      """, card, limit
    ) { row in
      let kind: DocumentKind? = try row.optionalValue(4)
      return GiftCardMove(
        kind: try row.value(0), amount: row.money(1, 2), paymentNumber: row.optionalText(3),
        order: kind.map { DocumentReference($0, row.text(5)) }, movedOn: row.day(6))
    }
  }

  /// The card that a payment was made with, or the payment that it is a part of; that payment; and
  /// the card that has taken the place of that card.
  static func source(
    of payment: ID<Payment>, in snapshot: Snapshot
  ) throws -> (card: GiftCard, payment: ID<Payment>)? {
    let root = try PaymentUseTable.root(of: payment, in: snapshot).id
    let id: ID<GiftCard>? = try snapshot.first(
      """
      WITH RECURSIVE card AS (
        SELECT card_id AS id FROM gift_card_move WHERE payment_id = ? AND kind = 'REDEEMED'
        UNION ALL
        SELECT g.id FROM gift_card AS g JOIN card ON g.replaces = card.id
      )
      SELECT id FROM card ORDER BY id DESC LIMIT 1
      """, root
    ) { $0.id(0) }
    return try id.map { (try fetch($0, in: snapshot), root) }
  }

  /// What one customer bought is another's, or nobody's.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>?, in tx: Transaction
  ) throws {
    try tx.execute("UPDATE gift_card SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  private static func card(_ row: Row) throws -> GiftCard {
    GiftCard(
      id: row.id(0), number: row.text(1), state: try row.value(2), customer: row.optionalID(3),
      customerCode: row.optionalText(4), value: row.money(5, 7), balance: row.money(6, 7),
      issuedOn: row.day(8), issuedBy: row.text(9), expiresOn: row.optionalDay(10),
      replaces: row.optionalText(11), replacedBy: row.optionalText(12), reason: row.text(13))
  }
}

extension GiftCard.State: Bindable {}

extension GiftCardMoveKind: Bindable {}
