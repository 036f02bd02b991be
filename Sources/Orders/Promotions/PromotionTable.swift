import MasterData
import Storage
import Values

/// All SQL of `promotion` and `promotion_item`.
enum PromotionTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> Promotion? {
    var found = try snapshot.first(
      """
      SELECT id, code, name, valid_from, valid_until, channel, customer_class, stacking_group,
        is_exclusive, priority, full_price_only, needs_coupon, is_set, minimum_quantity,
        minimum_amount_minor, share_micros, amount_minor, set_price_minor, cap_minor, currency
      FROM promotion WHERE code = ?
      """, code, map: promotion)
    try load(into: &found, in: snapshot)
    return found
  }

  /// Those that run on a day, in the order of their codes; never more than
  /// `UpsertPromotions.runningLimit`.
  static func running(on day: Day, in snapshot: Snapshot) throws -> [Promotion] {
    try withItems(
      try snapshot.all(
        """
        SELECT id, code, name, valid_from, valid_until, channel, customer_class, stacking_group,
          is_exclusive, priority, full_price_only, needs_coupon, is_set, minimum_quantity,
          minimum_amount_minor, share_micros, amount_minor, set_price_minor, cap_minor, currency
        FROM promotion WHERE last_day >= ? AND valid_from <= ? ORDER BY code
        """, day, day, map: promotion), in: snapshot)
  }

  /// Those of an edition of the rules that ran on a day, in the order of their codes.
  static func running(
    on day: Day, ofEdition edition: Int64, in snapshot: Snapshot
  ) throws -> [Promotion] {
    let kept = try withItems(
      try snapshot.all(
        """
        SELECT id, code, name, valid_from, valid_until, channel, customer_class, stacking_group,
          is_exclusive, priority, full_price_only, needs_coupon, is_set, minimum_quantity,
          minimum_amount_minor, share_micros, amount_minor, set_price_minor, cap_minor, currency
        FROM promotion WHERE last_day >= ? AND valid_from <= ? AND since_edition <= ?
        """, day, day, edition, map: promotion), in: snapshot)
    let past = try snapshot.all(
      """
      SELECT id, code, name, valid_from, valid_until, channel, customer_class, stacking_group,
        is_exclusive, priority, full_price_only, needs_coupon, is_set, minimum_quantity,
        minimum_amount_minor, share_micros, amount_minor, set_price_minor, cap_minor, currency
      FROM past_promotion
      WHERE since_edition <= ? AND until_edition > ? AND valid_from <= ?
        AND (valid_until IS NULL OR valid_until >= ?)
      """, edition, edition, day, day, map: promotion
    ).map { promotion in
      var promotion = promotion
      promotion.items = try snapshot.all(
        """
        SELECT sku, quantity FROM past_promotion_item
        WHERE past_promotion_id = ? ORDER BY position
        """, promotion.id
      ) { Promotion.Item(sku: $0.text(0), quantity: $0.quantity(1)) }
      return promotion
    }
    return (kept + past).sorted { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
  }

  /// In the order of the code, from the one after `code` on.
  static func list(after code: String, limit: Int, in snapshot: Snapshot) throws -> [Promotion] {
    try withItems(
      try snapshot.all(
        """
        SELECT id, code, name, valid_from, valid_until, channel, customer_class, stacking_group,
          is_exclusive, priority, full_price_only, needs_coupon, is_set, minimum_quantity,
          minimum_amount_minor, share_micros, amount_minor, set_price_minor, cap_minor, currency
        FROM promotion WHERE code > ? ORDER BY code LIMIT ?
        """, code, limit, map: promotion), in: snapshot)
  }

  /// How many have not ended before a day.
  static func count(endingFrom day: Day, in snapshot: Snapshot) throws -> Int {
    try snapshot.first("SELECT COUNT(*) FROM promotion WHERE last_day >= ?", day) { $0.int(0) }
      ?? 0
  }

  /// A new one, from an edition of the rules on.
  static func insert(
    _ promotion: Promotion, since edition: Int64, in tx: Transaction
  ) throws {
    let id: ID<Promotion> = try tx.insert(
      """
      INSERT INTO promotion (code, name, valid_from, valid_until, last_day, channel,
        customer_class, stacking_group, is_exclusive, priority, full_price_only, needs_coupon,
        is_set, minimum_quantity, minimum_amount_minor, share_micros, amount_minor,
        set_price_minor, cap_minor, currency, since_edition)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, promotion.code, promotion.name, promotion.validFrom, promotion.validUntil,
      promotion.lastDay, promotion.channel, promotion.customerClass, promotion.group,
      promotion.isExclusive, promotion.priority, promotion.isForFullPriceOnly,
      promotion.needsCoupon, promotion.isSet, promotion.minimumQuantity,
      promotion.minimumAmount?.minor, promotion.share, promotion.amount?.minor,
      promotion.setPrice?.minor, promotion.cap?.minor, promotion.currency, edition)
    try insertItems(of: promotion, id, in: tx)
  }

  /// What it was until now is kept for the orders that were priced by it.
  static func update(
    _ promotion: Promotion, since edition: Int64, in tx: Transaction
  ) throws {
    try keep(promotion.id, until: edition, in: tx)
    try tx.execute(
      """
      UPDATE promotion SET name = ?, valid_from = ?, valid_until = ?, last_day = ?, channel = ?,
        customer_class = ?, stacking_group = ?, is_exclusive = ?, priority = ?,
        full_price_only = ?, needs_coupon = ?, is_set = ?, minimum_quantity = ?,
        minimum_amount_minor = ?, share_micros = ?, amount_minor = ?, set_price_minor = ?,
        cap_minor = ?, currency = ?, since_edition = ?
      WHERE id = ?
      """, promotion.name, promotion.validFrom, promotion.validUntil, promotion.lastDay,
      promotion.channel, promotion.customerClass, promotion.group, promotion.isExclusive,
      promotion.priority, promotion.isForFullPriceOnly, promotion.needsCoupon, promotion.isSet,
      promotion.minimumQuantity, promotion.minimumAmount?.minor, promotion.share,
      promotion.amount?.minor, promotion.setPrice?.minor, promotion.cap?.minor,
      promotion.currency, edition, promotion.id)
    try tx.execute("DELETE FROM promotion_item WHERE promotion_id = ?", promotion.id)
    try insertItems(of: promotion, promotion.id, in: tx)
  }

  private static func keep(
    _ id: ID<Promotion>, until edition: Int64, in tx: Transaction
  ) throws {
    let past: ID<Promotion> = try tx.insert(
      """
      INSERT INTO past_promotion (since_edition, until_edition, code, name, valid_from, valid_until,
        channel, customer_class, stacking_group,
        is_exclusive, priority, full_price_only, needs_coupon, is_set, minimum_quantity,
        minimum_amount_minor, share_micros, amount_minor, set_price_minor, cap_minor, currency)
      SELECT since_edition, ?, code, name, valid_from, valid_until, channel, customer_class,
        stacking_group,
        is_exclusive, priority, full_price_only, needs_coupon, is_set, minimum_quantity,
        minimum_amount_minor, share_micros, amount_minor, set_price_minor, cap_minor, currency
      FROM promotion WHERE id = ?
      """, edition, id)
    try tx.execute(
      """
      INSERT INTO past_promotion_item (past_promotion_id, position, sku, quantity)
      SELECT ?, position, sku, quantity FROM promotion_item WHERE promotion_id = ?
      """, past, id)
  }

  private static func insertItems(
    of promotion: Promotion, _ id: ID<Promotion>, in tx: Transaction
  ) throws {
    for (index, item) in promotion.items.enumerated() {
      try tx.execute(
        "INSERT INTO promotion_item (promotion_id, position, sku, quantity) VALUES (?, ?, ?, ?)",
        id, index + 1, item.sku, item.quantity)
    }
  }

  private static func withItems(
    _ promotions: [Promotion], in snapshot: Snapshot
  ) throws -> [Promotion] {
    try promotions.map { promotion in
      var promotion: Promotion? = promotion
      try load(into: &promotion, in: snapshot)
      return promotion
    }.compactMap(\.self)
  }

  private static func load(into promotion: inout Promotion?, in snapshot: Snapshot) throws {
    guard let id = promotion?.id else { return }
    promotion?.items = try snapshot.all(
      "SELECT sku, quantity FROM promotion_item WHERE promotion_id = ? ORDER BY position", id
    ) { Promotion.Item(sku: $0.text(0), quantity: $0.quantity(1)) }
  }

  private static func promotion(_ row: Row) throws -> Promotion {
    let effect: Promotion.Effect =
      if let share = row.optionalRate(15) {
        .share(share)
      } else if let amount = row.optionalMoney(16, 19) {
        .amount(amount)
      } else {
        .setPrice(row.money(17, 19))
      }
    return Promotion(
      id: row.id(0), code: row.text(1), name: row.text(2), validFrom: row.day(3),
      validUntil: row.optionalDay(4), channel: try row.optionalValue(5),
      customerClass: row.optionalText(6), group: row.text(7), isExclusive: row.bool(8),
      priority: row.int(9), isForFullPriceOnly: row.bool(10), needsCoupon: row.bool(11),
      items: [], isSet: row.bool(12), minimumQuantity: row.quantity(13),
      minimumAmount: row.optionalMoney(14, 19), effect: effect, cap: row.optionalMoney(18, 19))
  }
}

extension Promotion {
  /// As a day that can be compared.
  fileprivate var lastDay: Day { validUntil ?? Day(daysSinceEpoch: .max) }
  fileprivate var share: Rate? { if case .share(let rate) = effect { rate } else { nil } }
  fileprivate var amount: Money? { if case .amount(let amount) = effect { amount } else { nil } }
  fileprivate var setPrice: Money? { if case .setPrice(let price) = effect { price } else { nil } }
  /// Of all its amounts, which are in the currency of the books; nil when it has none.
  fileprivate var currency: Currency? { (amount ?? setPrice ?? cap ?? minimumAmount)?.currency }
}
