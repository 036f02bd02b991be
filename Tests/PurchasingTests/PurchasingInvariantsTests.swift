import Inventory
import Purchasing
import Storage
import Testing
import Values

/// Damage done behind the back of the verbs, and the rules that must name it.
struct Damage: Sendable, CustomTestStringConvertible {
  let rules: [String]
  let sql: StaticString

  init(_ rules: String..., sql: StaticString) {
    self.rules = rules.map { "purchasing." + $0 }
    self.sql = sql
  }

  var testDescription: String { rules.joined(separator: ", ") }

  static let all = [
    Damage(
      "billed-within-received-within-ordered",
      sql: "UPDATE purchase_order_line SET cancelled = 1 WHERE line_no = 2"),
    Damage(
      "received-is-sum-of-receipts",
      sql: "UPDATE goods_receipt_line SET quantity = quantity + 1 WHERE id = 1"),
    Damage(
      "billed-is-sum-of-bills",
      sql: "UPDATE supplier_bill_line SET quantity = quantity + 1 WHERE id = 1"),
    Damage(
      "values-sum-to-price", "received-not-billed-is-ledger-balance",
      sql: "UPDATE goods_receipt_line SET value_minor = value_minor + 1 WHERE id = 1"),
    Damage(
      "values-sum-to-price", "received-not-billed-is-ledger-balance",
      sql: "UPDATE supplier_bill_line SET received_minor = received_minor - 1 WHERE id = 1"),
    Damage("state-is-derived", sql: "UPDATE purchase_order SET state = 'CANCELLED' WHERE id = 1"),
    Damage(
      "requisition-is-on-its-line",
      sql: "UPDATE purchase_order_line SET requisition_number = NULL WHERE line_no = 1"),
    Damage(
      "requisition-is-on-its-line", sql: "UPDATE requisition SET state = 'OPEN' WHERE id = 1"),
    Damage(
      "received-not-billed-is-ledger-balance",
      sql: """
        UPDATE account_balance SET base_credit_minor = base_credit_minor + 1
        WHERE account = '2202.01'
        """),
  ]
}

@Suite("Invariants of purchasing")
struct PurchasingInvariantsTests {
  private func yard() async throws -> Yard {
    let yard = try await Yard()
    try await yard.write { tx in
      try tx.request(3, for: 1)
      try tx.request(3, for: 2)
      try tx.order(.requisition(1), .of(2, "C-1"))
      try tx.receive("PO-2026-000001", (1, 2), (2, 2))
      try tx.bill("B-1", "PO-2026-000001", .of(1, 1))
    }
    return yard
  }

  @Test("hold after the verbs")
  func clean() async throws {
    #expect(try await yard().violations() == [])
  }

  @Test("name what is damaged", arguments: Damage.all)
  func damaged(_ damage: Damage) async throws {
    let yard = try await yard()
    try await yard.write { tx in
      // The tables' own rules would not let it happen.
      try tx.execute("PRAGMA ignore_check_constraints = 1")
      try tx.execute(damage.sql)
    }
    let found = try await yard.read { try PurchasingInvariants.violations(in: $0) }
    #expect(Set(found.map(\.rule)) == Set(damage.rules))
    #expect(found.allSatisfy { !$0.facts.isEmpty })
  }
}
