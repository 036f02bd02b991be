import Storage
import Values

/// All SQL of `pricing_rules`, one row that says which kinds of rules there are at all.
enum PricingRulesTable {
  /// Which kinds of rules there are.
  struct Kinds: Sendable {
    var hasTaxPolicies = false
    var hasPromotions = false
    var hasCharges = false
    /// Some orders are checked for more than their shape.
    var hasValidation = false
    /// Something is or was sold before it is there.
    var hasPresales = false
    var promotionLimit = PromotionLimit.none
    /// Who was reminded of a debt often enough may get nothing more on terms.
    var hasDunning = false
    /// Counts the changes of charges, promotions and what limits these.
    var edition: Int64 = 0
  }

  private static let known = LookupCache<OnlyKey, Kinds>()

  /// All that an order without any of those rules has to know.
  static func kinds(in snapshot: Snapshot) throws -> Kinds {
    try snapshot.lookUp(in: known) {
      try snapshot.first(
        """
        SELECT has_tax_policies, has_promotions, has_charges, has_validation, has_presales,
          promotion_share_micros, promotion_minor, promotion_currency, has_dunning,
          edition
        FROM pricing_rules WHERE id = 1
        """
      ) { row in
        Kinds(
          hasTaxPolicies: row.bool(0), hasPromotions: row.bool(1), hasCharges: row.bool(2),
          hasValidation: row.bool(3), hasPresales: row.bool(4),
          promotionLimit: PromotionLimit(
            share: row.optionalRate(5), amount: row.optionalMoney(6, 7)),
          hasDunning: row.bool(8), edition: row.int64(9))
      } ?? Kinds()
    }
  }

  /// A new edition of the rules, which begins now.
  static func nextEdition(in tx: Transaction) throws -> Int64 {
    try tx.execute("UPDATE pricing_rules SET edition = edition + 1 WHERE id = 1")
    return try kinds(in: tx).edition
  }

  /// The limit of promotions that an edition of the rules had.
  static func promotionLimit(ofEdition edition: Int64, in snapshot: Snapshot) throws
    -> PromotionLimit
  {
    try snapshot.first(
      """
      SELECT share_micros, amount_minor, currency FROM past_promotion_limit
      WHERE until_edition > ? ORDER BY until_edition LIMIT 1
      """, edition
    ) { PromotionLimit(share: $0.optionalRate(0), amount: $0.optionalMoney(1, 2)) }
      ?? kinds(in: snapshot).promotionLimit
  }

  static func set(hasTaxPolicies: Bool, in tx: Transaction) throws {
    try tx.execute("UPDATE pricing_rules SET has_tax_policies = ? WHERE id = 1", hasTaxPolicies)
  }

  static func set(hasPromotions: Bool, in tx: Transaction) throws {
    try tx.execute("UPDATE pricing_rules SET has_promotions = ? WHERE id = 1", hasPromotions)
  }

  static func set(hasCharges: Bool, in tx: Transaction) throws {
    try tx.execute("UPDATE pricing_rules SET has_charges = ? WHERE id = 1", hasCharges)
  }

  static func set(hasValidation: Bool, in tx: Transaction) throws {
    try tx.execute("UPDATE pricing_rules SET has_validation = ? WHERE id = 1", hasValidation)
  }

  static func set(hasPresales: Bool, in tx: Transaction) throws {
    try tx.execute("UPDATE pricing_rules SET has_presales = ? WHERE id = 1", hasPresales)
  }

  static func set(hasDunning: Bool, in tx: Transaction) throws {
    try tx.execute("UPDATE pricing_rules SET has_dunning = ? WHERE id = 1", hasDunning)
  }

  static func set(promotionLimit: PromotionLimit, in tx: Transaction) throws {
    let edition = try nextEdition(in: tx)
    try tx.execute(
      """
      INSERT INTO past_promotion_limit (until_edition, share_micros, amount_minor, currency)
      SELECT ?, promotion_share_micros, promotion_minor, promotion_currency
      FROM pricing_rules WHERE id = 1
      """, edition)
    try tx.execute(
      """
      UPDATE pricing_rules SET promotion_share_micros = ?, promotion_minor = ?,
        promotion_currency = ?
      WHERE id = 1
      """, promotionLimit.share, promotionLimit.amount?.minor, promotionLimit.amount?.currency)
  }
}
