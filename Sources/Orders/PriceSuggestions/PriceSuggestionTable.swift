import MasterData
import Storage
import Values

/// All SQL of `price_suggestion`.
enum PriceSuggestionTable {
  static func insert(
    _ one: PriceSuggestion, in tx: Transaction
  ) throws -> ID<PriceSuggestion> {
    let (subject, facts) = (one.subject, one.facts)
    return try tx.insert(
      """
      INSERT INTO price_suggestion (price_list_id, price_list_code, product_id, sku,
        minimum_quantity_micros, base_unit, unit, currency, price_micros, price_from,
        list_price_micros, suggested_micros, beyond_band, policy_version, rule_code, suggested_on,
        valid_from, expires_on, on_hand, reserved, incoming, units_sold, window_days,
        stock_age_days, days_to_end, unit_cost_micros, tax_rate_micros, explanation,
        cost_explanation, base_cost_micros, base_currency, state, reason)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, 'OPEN', '')
      """, subject.list, subject.listCode, subject.product, subject.sku, subject.minimumQuantity,
      subject.baseUnit, subject.unit, one.price.currency, one.price.micros, one.priceFrom,
      one.listPrice.micros, one.suggested.micros, one.isBeyondBand, one.policyVersion,
      one.ruleCode, one.suggestedOn, one.validFrom, one.expiresOn, facts.onHand, facts.reserved,
      facts.incoming, facts.unitsSold, facts.windowDays, facts.stockAgeDays, facts.daysToEnd,
      facts.unitCost?.micros, facts.taxRate, one.explanation.storedText,
      one.costExplanation.storedText, facts.baseCost?.micros, facts.baseCost?.currency)
  }

  static func update(_ one: PriceSuggestion, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE price_suggestion SET state = ?, accepted_by = ?, decided_by = ?, decided_at = ?,
        decided_on = ?, reason = ?, applied_from = ?, valid_from = ?
      WHERE id = ?
      """, one.state, one.acceptedBy, one.decidedBy, one.decidedAt, one.decidedOn, one.reason,
      one.appliedFrom, one.validFrom, one.id)
  }

  // MARK: Questions

  static func find(
    _ id: ID<PriceSuggestion>, in snapshot: Snapshot
  ) throws -> PriceSuggestion? {
    try snapshot.first(
      """
      SELECT * FROM price_suggestion WHERE id = ?
      """, id, map: suggestion)
  }

  static func made(
    from first: ID<PriceSuggestion>, through last: ID<PriceSuggestion>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PriceSuggestion] {
    try snapshot.all(
      """
      SELECT * FROM price_suggestion WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?
      """, first, last, limit, map: suggestion)
  }

  /// The one of a price that somebody may still decide about, its days over or not.
  static func open(
    _ price: Price, in snapshot: Snapshot
  ) throws -> PriceSuggestion? {
    let id: ID<PriceSuggestion>? = try snapshot.first(
      """
      SELECT id FROM price_suggestion
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND (state = 'OPEN' OR state = 'PENDING')
      """, price.product, price.list, price.minimumQuantity
    ) { $0.id(0) }
    return try id.flatMap { try find($0, in: snapshot) }
  }

  /// The list price of one that has become this price; nil where none has.
  static func listPrice(of price: Price, in snapshot: Snapshot) throws -> UnitPrice? {
    let found = try snapshot.first(
      """
      SELECT applied_from, suggested_micros, list_price_micros, currency FROM price_suggestion
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND state = 'ACCEPTED'
      ORDER BY id DESC LIMIT 1
      """, price.product, price.list, price.minimumQuantity
    ) { (from: $0.day(0), price: $0.unitPrice(1, 3), list: $0.unitPrice(2, 3)) }
    guard let found, found.from == price.validFrom, found.price == price.said else { return nil }
    return found.list
  }

  /// When one of a rule was last rejected.
  static func rejectedOn(
    _ price: Price, by rule: String, in snapshot: Snapshot
  ) throws -> Day? {
    try snapshot.first(
      """
      SELECT decided_on FROM price_suggestion
      WHERE product_id = ? AND price_list_id = ? AND minimum_quantity_micros = ?
        AND state = 'REJECTED' AND rule_code = ?
      ORDER BY id DESC LIMIT 1
      """, price.product, price.list, price.minimumQuantity, rule
    ) { $0.optionalDay(0) } ?? nil
  }

  /// The state of one whose days are over is what it is on the day.
  static func list(
    _ filter: PriceSuggestions.Filter, on day: Day, before id: ID<PriceSuggestion>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PriceSuggestion] {
    if let sku = filter.sku {
      return try snapshot.all(
        """
        SELECT * FROM price_suggestion
        WHERE sku = ? AND id < ? AND (? IS NULL OR price_list_code = ?)
          AND (? IS NULL OR rule_code = ?)
          AND (? IS NULL OR ? = CASE
            WHEN (state = 'OPEN' OR state = 'PENDING') AND expires_on < ? THEN 'EXPIRED'
            ELSE state END)
        ORDER BY id DESC LIMIT ?
        """, sku, id, filter.list, filter.list, filter.rule, filter.rule, filter.state,
        filter.state, day, limit, map: suggestion)
    }
    if let state = filter.state, state != .expired {
      return try snapshot.all(
        """
        SELECT * FROM price_suggestion
        WHERE state = ? AND id < ? AND (? IS NULL OR price_list_code = ?)
          AND (? IS NULL OR rule_code = ?)
          AND (expires_on >= ? OR state <> 'OPEN' AND state <> 'PENDING')
        ORDER BY id DESC LIMIT ?
        """, state, id, filter.list, filter.list, filter.rule, filter.rule, day, limit,
        map: suggestion)
    }
    return try snapshot.all(
      """
      SELECT * FROM price_suggestion
      WHERE id < ? AND (? IS NULL OR price_list_code = ?) AND (? IS NULL OR rule_code = ?)
        AND (? IS NULL OR state = 'EXPIRED'
          OR (state = 'OPEN' OR state = 'PENDING') AND expires_on < ?)
      ORDER BY id DESC LIMIT ?
      """, id, filter.list, filter.list, filter.rule, filter.rule, filter.state, day, limit,
      map: suggestion)
  }

  /// Those that have become prices, the newest first.
  static func accepted(
    of list: String?, before id: ID<PriceSuggestion>, limit: Int, in snapshot: Snapshot
  ) throws -> [PriceSuggestion] {
    let filter = PriceSuggestions.Filter(state: .accepted, list: list)
    return try self.list(
      filter, on: Day(daysSinceEpoch: 0), before: id, limit: limit, in: snapshot)
  }

  static func forEach(
    in snapshot: Snapshot, _ body: (PriceSuggestion) throws -> Void
  ) throws {
    try snapshot.forEach(
      """
      SELECT * FROM price_suggestion ORDER BY id
      """
    ) { try body(try suggestion($0)) }
  }

  private static func suggestion(_ row: Row) throws -> PriceSuggestion {
    var facts = PriceFacts(today: row.day(16))
    facts.onHand = row.quantity(19)
    facts.reserved = row.quantity(20)
    facts.incoming = row.quantity(21)
    facts.unitsSold = row.quantity(22)
    facts.windowDays = row.int(23)
    facts.stockAgeDays = row.optionalInt64(24)
    facts.daysToEnd = row.optionalInt64(25)
    facts.unitCost = row.optionalUnitPrice(26, 8)
    facts.taxRate = row.rate(27)
    facts.baseCost = row.optionalUnitPrice(37, 38)
    var found = PriceSuggestion(
      subject: .init(
        list: row.id(1), listCode: row.text(2), product: row.id(3), sku: row.text(4),
        minimumQuantity: row.quantity(5), baseUnit: row.text(6), unit: row.text(7)),
      price: row.unitPrice(9, 8), priceFrom: row.day(10), listPrice: row.unitPrice(11, 8),
      suggested: row.unitPrice(12, 8), isBeyondBand: row.bool(13), policyVersion: row.int64(14),
      ruleCode: row.text(15), facts: facts, validFrom: row.day(17), expiresOn: row.day(18),
      explanation: Explanation(storedText: row.text(28)),
      costExplanation: Explanation(storedText: row.text(29)))
    found.id = row.id(0)
    found.state = try row.value(30)
    found.acceptedBy = row.optionalText(31)
    found.decidedBy = row.optionalText(32)
    found.decidedAt = row.optionalInstant(33)
    found.decidedOn = row.optionalDay(34)
    found.reason = row.text(35)
    found.appliedFrom = row.optionalDay(36)
    return found
  }
}
