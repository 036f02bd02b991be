import Finance
import MasterData
import Storage
import Testing
import Values

@Suite("Points in the books")
struct PointsAllocationTests {
  private func cny(_ minor: Int64) -> Money { Money(minor: minor, currency: .cny) }

  @Test("IFRS 15, example 52: 100,000 for goods and 10,000 points of which 9,500 are used")
  func example() throws {
    #expect(
      try PointsAllocation.deferred(cny(10_000_000), points: cny(950_000)) == cny(867_580))
  }

  @Test("nothing is deferred for nothing, and never more than was paid")
  func bounds() throws {
    #expect(try PointsAllocation.deferred(cny(0), points: cny(10)) == cny(0))
    #expect(try PointsAllocation.deferred(cny(10), points: cny(0)) == cny(0))
    for net in [1, 2, 99, 100_000] as [Int64] {
      for points in [1, 50, 1_000_000] as [Int64] {
        let deferred = try PointsAllocation.deferred(cny(net), points: cny(points))
        #expect((0...min(net, points)).contains(deferred.minor), "\(net) \(points)")
      }
    }
  }
}

/// Damage to cards and points behind the back of the verbs.
struct VoucherDamage: Sendable, CustomTestStringConvertible {
  let rules: [String]
  let sql: StaticString

  init(_ rules: String..., sql: StaticString) {
    self.rules = rules.map { "finance." + $0 }
    self.sql = sql
  }

  var testDescription: String { rules.joined(separator: ", ") }

  static let all = [
    VoucherDamage(
      "gift-card-is-sum-of-moves", "gift-cards-are-liability",
      sql: "UPDATE gift_card SET balance_minor = balance_minor + 1"),
    VoucherDamage(
      "gift-card-is-sum-of-moves", "gift-card-payment-has-its-moves",
      sql: "UPDATE gift_card_move SET amount_minor = amount_minor + 1 WHERE kind = 'REDEEMED'"),
    VoucherDamage(
      "gift-card-payment-has-its-moves",
      sql: "UPDATE payment SET voucher = NULL WHERE voucher = 'GIFT_CARD'"),
    VoucherDamage(
      "points-are-sum-of-entries", sql: "UPDATE points_account SET balance = balance + 1"),
    VoucherDamage(
      "points-are-sum-of-entries", sql: "UPDATE points_account SET owed = owed + 1"),
    VoucherDamage(
      "points-are-sum-of-entries", "points-grant-is-sum-of-entries",
      sql: "UPDATE points_grant SET remaining = remaining - 1"),
    VoucherDamage(
      "points-grant-is-sum-of-entries", "points-are-liability",
      sql: "UPDATE points_grant SET liability_minor = liability_minor + 1"),
    VoucherDamage(
      "points-payment-has-its-entries",
      sql: "UPDATE payment SET voucher = NULL WHERE voucher = 'POINTS'"),
    VoucherDamage(
      "order-has-earned-its-points", sql: "UPDATE points_order SET points = points + 1"),
  ]
}

@Suite("Invariants of gift cards and points")
struct VoucherInvariantsTests {
  /// A card of 100.00 that has paid 40.00, and a customer with 1,000 points of which 200 have paid
  /// 2.00.
  private func books() async throws -> Books {
    let books = try await Books()
    try await books.write { tx in
      let price = UnitPrice(micros: 10_000, currency: .cny)
      let programme = try SetPointsProgramme(
        validFrom: nil, moment: .invoice,
        rates: [PointsRate(customerClass: "", micros: 1_000_000)], value: price, fairValue: nil,
        minimum: 0, validMonths: 12, reason: "first", by: "li.na"
      ).run(in: tx, at: Books.now)
      let anna = try Customer.named("ANNA", in: tx)
      let gross = Money(minor: 100_000, currency: .cny)
      try SettlePoints(of: anna, for: order(1), by: programme, gross: gross, net: gross)
        .run(in: tx, at: Books.now)
      _ = try RedeemPoints(of: anna, for: order(2), points: 200).run(in: tx, at: Books.now)
      let card = try SellGiftCard(
        amount: Money(minor: 10_000, currency: .cny), method: .cash, digest: [1], by: "li.na"
      ).run(in: tx, at: Books.now)
      _ = try RedeemGiftCard(
        card, of: anna, for: order(2), amount: Money(minor: 4_000, currency: .cny)
      ).run(in: tx, at: Books.now)
    }
    return books
  }

  @Test("hold of what the verbs have done")
  func whole() async throws {
    let found = try await books().read { try FinanceInvariants.violations(in: $0) }
    #expect(found == [])
  }

  @Test("name what is wrong", arguments: VoucherDamage.all)
  func damage(_ damage: VoucherDamage) async throws {
    let books = try await books()
    try await books.write { _ = try $0.execute(damage.sql) }
    let found = try await books.read { try FinanceInvariants.violations(in: $0) }
    #expect(Set(found.map(\.rule)) == Set(damage.rules))
  }

  @Test("no damage is done by settling once more")
  func again() async throws {
    let books = try await books()
    let (before, after) = try await books.write { tx in
      let anna = try Customer.named("ANNA", in: tx)
      let gross = Money(minor: 100_000, currency: .cny)
      let programme = try PointsProgrammes.require(version: 1, on: Books.day, in: tx)
      let before = try Points.account(of: anna, in: tx)
      try SettlePoints(of: anna, for: order(1), by: programme, gross: gross, net: gross)
        .run(in: tx, at: Books.now)
      return (before, try Points.account(of: anna, in: tx))
    }
    #expect(before == after && before.balance == 800)
  }
}
