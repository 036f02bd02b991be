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
  }

  private static let known = LookupCache<OnlyKey, (kinds: Kinds, approvals: [ApprovalRule])>()

  /// That, and who must approve which orders: all that an order without any of those rules has to
  /// know, in one statement.
  static func all(
    in snapshot: Snapshot
  ) throws -> (kinds: Kinds, approvals: [ApprovalRule]) {
    try snapshot.lookUp(in: known) { try read(in: snapshot) }
  }

  private static func read(
    in snapshot: Snapshot
  ) throws -> (kinds: Kinds, approvals: [ApprovalRule]) {
    var kinds = Kinds()
    var approvals: [ApprovalRule] = []
    try snapshot.forEach(
      """
      SELECT k.has_tax_policies, k.has_promotions, k.has_charges, k.has_validation,
        k.has_presales, k.promotion_share_micros, k.promotion_minor, k.promotion_currency,
        r.position, r.customer_class, r.minimum_gross_minor, r.currency,
        r.minimum_discount_micros, r.margin_below_micros, r.exempt_role, r.approver_role
      FROM pricing_rules AS k LEFT JOIN approval_rule AS r ON r.position > 0
      WHERE k.id = 1 ORDER BY r.position
      """
    ) { row in
      kinds = Kinds(
        hasTaxPolicies: row.bool(0), hasPromotions: row.bool(1), hasCharges: row.bool(2),
        hasValidation: row.bool(3), hasPresales: row.bool(4),
        promotionLimit: PromotionLimit(
          share: row.optionalRate(5), amount: row.optionalMoney(6, 7)))
      if !row.isNull(8) { approvals.append(ApprovalRule(row, from: 9)) }
    }
    return (kinds, approvals)
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

  static func set(promotionLimit: PromotionLimit, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE pricing_rules SET promotion_share_micros = ?, promotion_minor = ?,
        promotion_currency = ?
      WHERE id = 1
      """, promotionLimit.share, promotionLimit.amount?.minor, promotionLimit.amount?.currency)
  }
}
