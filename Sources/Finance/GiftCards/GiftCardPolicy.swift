import MasterData
package import Storage
package import Values

/// How long cards are good that are sold, and how much may be on one. What the law asks of cards
/// differs by country and by whether the buyer is known, so it is configuration.
package struct GiftCardPolicy: Hashable, Sendable {
  /// 0 while nobody has said anything.
  package let version: Int64
  /// 0 for ever.
  package let validMonths: Int
  package let highestValue: Money?
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant?

  static let none = GiftCardPolicy(
    version: 0, validMonths: 0, highestValue: nil, reason: "", madeBy: "", madeAt: nil)

  /// The last day of a card that is sold on a day.
  func lastDay(from day: Day) -> Day? {
    validMonths == 0 ? nil : day.adding(months: validMonths)
  }
}

/// Questions about the policy.
package enum GiftCardPolicies {
  package static func current(in snapshot: Snapshot) throws -> GiftCardPolicy {
    try GiftCardPolicyTable.newest(in: snapshot) ?? .none
  }
}

/// Makes a new version of the policy, for cards that are sold from now on.
package struct SetGiftCardPolicy: Sendable {
  package let validMonths: Int
  package let highestValue: Money?
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(validMonths: Int, highestValue: Money?, reason: String, by actor: String) {
    self.validMonths = validMonths
    self.highestValue = highestValue
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> GiftCardPolicy {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.range(validMonths, "valid_months", 0...1_200)
    if let highestValue {
      if highestValue.minor <= 0 {
        check.refuse(
          FinanceRejection.amountNotPositive(field: "highest_value", given: highestValue))
      }
      check.currency(highestValue.currency, "highest_value", base: base)
    }
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    try GiftCardPolicyTable.insert(self, base, at: now, in: tx)
    let made = try GiftCardPolicies.current(in: tx)
    tx.record(
      DomainEvent(
        "gift-card-policy.set", DocumentReference(.masterData, "gift-card-policy"),
        [
          Fact("version", made.version), Fact("valid_months", validMonths),
          Fact("highest_value", highestValue.map(\.description) ?? ""), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    return made
  }
}

/// All SQL of `gift_card_policy`. There is no update and no delete.
enum GiftCardPolicyTable {
  static func newest(in snapshot: Snapshot) throws -> GiftCardPolicy? {
    try snapshot.first(
      """
      SELECT version, valid_months, highest_minor, currency, reason, made_by, made_at
      FROM gift_card_policy ORDER BY version DESC LIMIT 1
      """
    ) { row in
      GiftCardPolicy(
        version: row.int64(0), validMonths: row.int(1), highestValue: row.optionalMoney(2, 3),
        reason: row.text(4), madeBy: row.text(5), madeAt: row.instant(6))
    }
  }

  static func insert(
    _ policy: SetGiftCardPolicy, _ base: Currency, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO gift_card_policy (valid_months, highest_minor, currency, reason, made_by, made_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, policy.validMonths, policy.highestValue?.minor, base, policy.reason, policy.actor,
      now.instant)
  }
}
