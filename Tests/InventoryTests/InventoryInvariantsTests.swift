import Inventory
import Storage
import Testing
import Values

/// Damage done behind the back of the verbs, and the rules that must name it.
struct Damage: Sendable, CustomTestStringConvertible {
  let rules: [String]
  let sql: StaticString

  init(_ rules: String..., sql: StaticString) {
    self.rules = rules.map { "inventory." + $0 }
    self.sql = sql
  }

  var testDescription: String { rules.joined(separator: ", ") }

  static let all = [
    Damage(
      "balance-is-sum-of-moves",
      sql: "UPDATE stock_move SET quantity = quantity + 1 WHERE id = 1"),
    Damage(
      "balance-is-sum-of-moves",
      sql: "UPDATE stock_move SET value_minor = value_minor + 1 WHERE id = 1"),
    Damage(
      "balance-is-sum-of-moves", "locations-sum-to-zero",
      sql: "UPDATE stock_balance SET on_hand = on_hand + 1 WHERE location_id = 7"),
    Damage(
      "balance-is-sum-of-moves", "locations-sum-to-zero", "stock-value-is-ledger-balance",
      sql: "UPDATE stock_balance SET value_minor = value_minor + 1 WHERE location_id = 3"),
    Damage(
      "balance-is-sum-of-moves", "locations-sum-to-zero", "no-value-without-goods",
      "stock-value-is-ledger-balance",
      sql: "UPDATE stock_balance SET value_minor = 1 WHERE sku = 'R-1' AND guarded = 1"),
    Damage(
      "reserved-within-on-hand", "reserved-is-sum-of-held",
      sql: "UPDATE stock_balance SET reserved = 99000000 WHERE sku = 'C-1' AND reserved > 0"),
    Damage(
      "reserved-within-on-hand", "stock-value-is-ledger-balance",
      sql: "UPDATE stock_balance SET guarded = 0 WHERE location_id = 3"),
    Damage(
      "reserved-is-sum-of-held", "no-idle-stock",
      sql: "UPDATE stock_balance SET reserved = reserved - 1 WHERE sku = 'C-1' AND reserved > 0"),
    Damage(
      "reserved-is-sum-of-held",
      sql: "UPDATE reservation SET held = held - 1 WHERE origin_number = 'SO-1'"),
    Damage(
      "held-within-wanted",
      sql: "UPDATE reservation SET wanted = held - 1 WHERE origin_number = 'SO-1'"),
    Damage(
      "transfers-are-on-the-way",
      sql: "UPDATE transfer_order_line SET received = 1000000 WHERE id = 1"),
    Damage(
      "transfer-wants-what-is-open", "transfer-state-is-derived",
      sql: "UPDATE transfer_order_line SET cancelled = 1000000 WHERE id = 1"),
    Damage(
      "transfer-state-is-derived", sql: "UPDATE transfer_order SET state = 'REQUESTED' WHERE id = 1"
    ),
    Damage(
      "stock-value-is-ledger-balance",
      sql: """
        UPDATE account_balance SET base_debit_minor = base_debit_minor + 1 WHERE account = '1403'
        """),
  ]
}

@Suite("Invariants of stock")
struct InventoryInvariantsTests {
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(5)
      try tx.reserve(3, for: 1)
      try tx.reserve(4, for: 2)
      try tx.ship(1, for: 1)
      try tx.receive(2, "R-1")
      let order = try CreateTransferOrder(
        from: "MAIN", to: "EAST",
        lines: [TransferLineDraft(sku: "R-1", quantity: GivenQuantity(qty(2)))]
      ).run(in: tx, at: Shop.now)
      try DispatchTransferOrder(
        number: order.number, lines: [.init(lineNumber: 1, quantity: GivenQuantity(qty(1)))],
        expectedOn: Shop.day
      ).run(in: tx, at: Shop.now)
      try tx.adjust(.counted(GivenQuantity(.zero)), "R-1")
    }
    return shop
  }

  @Test("hold after the verbs")
  func clean() async throws {
    #expect(try await shop().violations() == [])
  }

  @Test("name what is damaged", arguments: Damage.all)
  func damaged(_ damage: Damage) async throws {
    let shop = try await shop()
    try await shop.write { tx in
      // The tables' own rules would not let it happen.
      try tx.execute("PRAGMA ignore_check_constraints = 1")
      try tx.execute(damage.sql)
    }
    let found = try await shop.read { try InventoryInvariants.violations(in: $0) }
    #expect(Set(found.map(\.rule)) == Set(damage.rules))
    #expect(found.allSatisfy { !$0.facts.isEmpty })
  }

  @Test("the tables refuse the worst by themselves")
  func checks() async throws {
    let shop = try await shop()
    let statements: [StaticString] = [
      "UPDATE stock_balance SET reserved = on_hand + 1 WHERE sku = 'C-1' AND location_id > 7",
      "UPDATE stock_balance SET on_hand = -1 WHERE location_id = 3",
      "UPDATE stock_balance SET on_hand = 0, reserved = 0 WHERE location_id = 3",
      "UPDATE stock_move SET to_location_id = from_location_id",
      "UPDATE stock_move SET quantity = 0",
      "UPDATE reservation SET held = wanted + 1",
    ]
    for sql in statements {
      await #expect(throws: StorageError.self) {
        try await shop.write { _ = try $0.execute(sql) }
      }
    }
    #expect(try await shop.violations() == [])
  }
}
