import Production
import Storage
import Testing
import Values

/// Damage done behind the back of the verbs, and the rules that must name it.
struct Damage: Sendable, CustomTestStringConvertible {
  let rules: [String]
  let sql: StaticString

  init(_ rules: String..., sql: StaticString) {
    self.rules = rules.map { "production." + $0 }
    self.sql = sql
  }

  var testDescription: String { "\(rules.joined(separator: ", ")): \(sql)" }

  static let all = [
    Damage(
      "costs-are-sums", sql: "UPDATE work_order_component SET cost_minor = cost_minor + 1"),
    Damage(
      "costs-are-sums", "time-is-sum-of-reports",
      sql: "UPDATE work_order_operation SET cost_minor = cost_minor + 1 WHERE work_order_id = 2"),
    Damage(
      "costs-are-sums", "work-in-progress-is-ledger",
      sql: "UPDATE work_order SET material_minor = material_minor + 1 WHERE id = 2"),
    Damage("time-is-sum-of-reports", sql: "UPDATE time_report SET minutes = minutes + 1"),
    Damage("state-follows-quantities", sql: "UPDATE work_order SET state = 'PLANNED' WHERE id = 2"),
    Damage(
      "state-follows-quantities", sql: "UPDATE work_order SET state = 'COMPLETED' WHERE id = 2"),
    Damage(
      "state-follows-quantities",
      sql: "UPDATE work_order SET state = 'IN_PROGRESS' WHERE id = 3"),
    Damage(
      "state-follows-quantities", sql: "UPDATE work_order SET quantity = good WHERE id = 2"),
    Damage(
      "state-follows-quantities", "closed-order-is-settled",
      sql: "UPDATE work_order SET state = 'CANCELLED' WHERE id = 2"),
    Damage("closed-order-is-settled", sql: "UPDATE work_order SET state = 'CLOSED' WHERE id = 2"),
    Damage(
      "closed-order-is-settled", "work-in-progress-is-ledger",
      sql: "UPDATE work_order SET variance_minor = 0 WHERE id = 1"),
    Damage(
      "demand-is-reserved", "ended-order-reserves-nothing",
      sql: "UPDATE reservation SET origin_number = 'WO-2026-000001' WHERE origin_number LIKE '%3'"),
    Damage(
      "component-has-supply",
      sql: "UPDATE reservation SET peg_kind = NULL, peg_number = NULL"),
    Damage(
      "demand-is-reserved",
      sql: "UPDATE work_order_component SET required = required + 1 WHERE work_order_id = 3"),
    Damage(
      "work-in-progress-is-ledger",
      sql: """
        UPDATE account_balance SET base_debit_minor = base_debit_minor + 1 WHERE account = '5001'
        """),
  ]
}

@Suite("Invariants of production")
struct ProductionInvariantsTests {
  /// Work order 1 is closed with a variance, 2 half made, 3 planned, and 4 with two parts to be
  /// made for it.
  private func shop() async throws -> Workshop {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.startStools(2)
      try tx.complete(1)
      try tx.report(1, 1, minutes: 9)
      try tx.close(1)
      try tx.plan(4, "STOOL")
      try tx.release(2)
      try tx.issue(2)
      try tx.report(2, 1, minutes: 9, done: false)
      try tx.complete(2, good: 1)
      try tx.plan(2, "STOOL")
      try tx.plan(1, "TABLE")
    }
    return shop
  }

  @Test("sound books break none")
  func sound() async throws {
    #expect(try await shop().violations() == [])
  }

  @Test("damage is named", arguments: Damage.all)
  func damaged(damage: Damage) async throws {
    let shop = try await shop()
    let found = try await shop.database.rehearse { tx in
      try tx.execute(damage.sql)
      return try ProductionInvariants.violations(in: tx).map(\.rule)
    }
    #expect(Set(found) == Set(damage.rules))
  }
}
