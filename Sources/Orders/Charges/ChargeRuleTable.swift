import MasterData
import Storage
import Values

/// All SQL of `charge_rule`.
enum ChargeRuleTable {
  /// In the order in which they are tried; never more than `ReplaceChargeRules.limit`.
  static func list(in snapshot: Snapshot) throws -> [ChargeRule] {
    try snapshot.all(
      """
      SELECT charge, sku, occasion, zone, channel, customer_class, below_minor, base_minor,
        kilogram_micros, cubic_metre_micros, piece_micros, floor_micros, share_micros, cap_minor,
        currency
      FROM charge_rule ORDER BY position
      """, map: rule)
  }

  /// Those of an edition of the rules.
  static func list(ofEdition edition: Int64, in snapshot: Snapshot) throws -> [ChargeRule] {
    let past = try snapshot.first(
      """
      SELECT until_edition FROM past_charge_set WHERE until_edition > ?
      ORDER BY until_edition LIMIT 1
      """, edition
    ) { $0.int64(0) }
    guard let past else { return try list(in: snapshot) }
    return try snapshot.all(
      """
      SELECT charge, sku, occasion, zone, channel, customer_class, below_minor, base_minor,
        kilogram_micros, cubic_metre_micros, piece_micros, floor_micros, share_micros, cap_minor,
        currency
      FROM past_charge_rule WHERE until_edition = ? ORDER BY position
      """, past, map: rule)
  }

  private static func rule(_ row: Row) throws -> ChargeRule {
    ChargeRule(
      charge: row.text(0), sku: row.text(1), occasion: try row.value(2),
      zone: row.optionalText(3), channel: try row.optionalValue(4),
      customerClass: row.optionalText(5), below: row.optionalMoney(6, 14),
      base: row.optionalMoney(7, 14), perKilogram: row.optionalUnitPrice(8, 14),
      perCubicMetre: row.optionalUnitPrice(9, 14), perPiece: row.optionalUnitPrice(10, 14),
      perFloor: row.optionalUnitPrice(11, 14), share: row.rate(12),
      cap: row.optionalMoney(13, 14))
  }

  /// Amounts are in the currency of the books. The rules until now are kept for the orders that
  /// were priced by them.
  static func replace(
    with rules: [ChargeRule], _ currency: Currency, in tx: Transaction
  ) throws {
    let edition = try PricingRulesTable.nextEdition(in: tx)
    try tx.execute("INSERT INTO past_charge_set (until_edition) VALUES (?)", edition)
    try tx.execute(
      """
      INSERT INTO past_charge_rule (until_edition, position, charge, sku, occasion, zone, channel,
        customer_class, below_minor, base_minor, kilogram_micros, cubic_metre_micros, piece_micros,
        floor_micros, share_micros, cap_minor, currency)
      SELECT ?, position, charge, sku, occasion, zone, channel, customer_class, below_minor,
        base_minor, kilogram_micros, cubic_metre_micros, piece_micros, floor_micros, share_micros,
        cap_minor, currency
      FROM charge_rule
      """, edition)
    try tx.execute("DELETE FROM charge_rule")
    for (index, rule) in rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO charge_rule (position, charge, sku, occasion, zone, channel, customer_class,
          below_minor, base_minor, kilogram_micros, cubic_metre_micros, piece_micros, floor_micros,
          share_micros, cap_minor, currency)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, index + 1, rule.charge, rule.sku, rule.occasion, rule.zone, rule.channel,
        rule.customerClass, rule.below?.minor, rule.base?.minor, rule.perKilogram?.micros,
        rule.perCubicMetre?.micros, rule.perPiece?.micros, rule.perFloor?.micros, rule.share,
        rule.cap?.minor, currency)
    }
  }
}

extension ChargeRule.Occasion: Bindable {}
