import MasterData
package import Storage
package import Values

/// Up to which difference of a carrier's statement one person alone may settle it with money: give
/// up what is missing, or pay back what is too much. Versions: one is never changed.
package struct RemittancePolicy: Hashable, Sendable {
  /// 0 while nobody has said anything.
  package let version: Int64
  /// Nil for any difference.
  package let aloneUpTo: Money?
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant?

  static let none = RemittancePolicy(
    version: 0, aloneUpTo: nil, reason: "", madeBy: "", madeAt: nil)
}

/// Questions about the policy.
package enum RemittancePolicies {
  package static func current(in snapshot: Snapshot) throws -> RemittancePolicy {
    try RemittancePolicyTable.newest(in: snapshot) ?? .none
  }

  /// Whether a difference takes a second person where `actor` is the first. Four eyes: who has
  /// raised the bound may settle no more alone than before, until somebody else has set it.
  static func takesTwo(
    _ difference: Money, by actor: String, in snapshot: Snapshot
  ) throws -> Bool {
    guard let lowest = try RemittancePolicyTable.lowest(for: actor, in: snapshot) else {
      return false
    }
    return difference.minor > lowest
  }
}

/// Makes a new version of the policy, for what is settled from now on.
package struct SetRemittancePolicy: Sendable {
  /// Nil for any difference.
  package let aloneUpTo: Money?
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(aloneUpTo: Money?, reason: String, by actor: String) {
    self.aloneUpTo = aloneUpTo
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> RemittancePolicy {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    if let aloneUpTo { check.amount(aloneUpTo, "alone_up_to", base: base) }
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    try RemittancePolicyTable.insert(self, base, at: now, in: tx)
    let made = try RemittancePolicies.current(in: tx)
    tx.record(
      DomainEvent(
        "remittance-policy.set", DocumentReference(.masterData, "remittance-policy"),
        [
          Fact("version", made.version),
          Fact("alone_up_to", aloneUpTo.map(\.description) ?? ""), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    return made
  }
}

/// All SQL of `remittance_policy`. There is no update and no delete.
enum RemittancePolicyTable {
  static func newest(in snapshot: Snapshot) throws -> RemittancePolicy? {
    try snapshot.first(
      """
      SELECT version, alone_minor, currency, reason, made_by, made_at
      FROM remittance_policy ORDER BY version DESC LIMIT 1
      """
    ) { row in
      RemittancePolicy(
        version: row.int64(0), aloneUpTo: row.optionalMoney(1, 2), reason: row.text(3),
        madeBy: row.text(4), madeAt: row.instant(5))
    }
  }

  /// The lowest bound since somebody else than `person` has set it last, theirs with it; nil for
  /// none.
  static func lowest(for person: String, in snapshot: Snapshot) throws -> Int64? {
    try snapshot.first(
      """
      SELECT MIN(alone_minor) FROM remittance_policy
      WHERE version >= COALESCE(
        (SELECT MAX(version) FROM remittance_policy WHERE made_by <> ?), 0)
      """, person
    ) { $0.optionalInt64(0) } ?? nil
  }

  static func insert(
    _ policy: SetRemittancePolicy, _ base: Currency, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO remittance_policy (alone_minor, currency, reason, made_by, made_at)
      VALUES (?, ?, ?, ?, ?)
      """, policy.aloneUpTo?.minor, base, policy.reason, policy.actor, now.instant)
  }
}
