import Finance
import Inventory
import Orders
import Storage
import Testing
import Values

@Suite("Cancellation policy")
struct CancellationPolicyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rules: [CancellationRule]
    /// Of 903.95.
    let fee: Int64
  }

  static let tenth = Rate(micros: 100_000)
  static let half = Rate(micros: 500_000)

  static let cases = [
    Case(testDescription: "no rule", rules: [], fee: 0),
    Case(testDescription: "a share", rules: [CancellationRule(share: tenth)], fee: 9_040),
    Case(
      testDescription: "a share and a fixed amount",
      rules: [CancellationRule(share: tenth, fixed: cny(5))], fee: 9_540),
    Case(
      testDescription: "at least so much",
      rules: [CancellationRule(share: Rate(micros: 10_000), minimum: cny(50))], fee: 5_000),
    Case(
      testDescription: "at most so much",
      rules: [CancellationRule(share: half, maximum: cny(100))], fee: 10_000),
    Case(
      testDescription: "never more than is cancelled",
      rules: [CancellationRule(fixed: cny(5_000))], fee: 90_395),
    Case(
      testDescription: "the first that fits",
      rules: [
        CancellationRule(stage: .inWork, share: half),
        CancellationRule(sourcing: .make, share: half),
        CancellationRule(customerClass: "VIP", share: half),
        CancellationRule(stage: .confirmed, sourcing: .stock, share: tenth),
        CancellationRule(share: half),
      ], fee: 9_040),
  ]

  private func set(_ rules: [CancellationRule], in shop: Shop) throws {
    _ = try shop.write {
      try SetCancellationPolicy(rules: rules, reason: "test", by: "boss").run(
        in: $0, at: Shop.now)
    }
  }

  @Test("charges", arguments: cases)
  func charges(_ given: Case) throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    try set(given.rules, in: shop)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 4)])).number
    let done = try shop.cancel(order)
    #expect(done.terms.amount == fen(90_395))
    #expect(done.money.fee == fen(given.fee))
    #expect(done.unapplied == cny(0))
    #expect(try shop.creditUse(of: "HOTEL").total == fen(given.fee))
    #expect(try shop.violations().isEmpty)
  }

  @Test("parts of an order cost what the whole does, to the cent")
  func parts() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    try set([], in: shop)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 4)])).number
    try shop.pay("HOTEL", cny(100), for: order, kind: .earnest)
    var forfeited: Int64 = 0
    var amount: Int64 = 0
    for _ in 0..<4 {
      let done = try shop.write {
        try CancelOrder(
          number: order, reason: "PRICE",
          quantities: [LineQuantity(line: 1, quantity: units(1))], by: "till"
        ).run(in: $0, at: Shop.now)
      }
      forfeited += done.terms.forfeited.minor
      amount += done.terms.amount.minor
      #expect(try shop.violations().isEmpty)
    }
    #expect(forfeited == 10_000)
    #expect(amount == 90_395)
  }

  @Test("goods in a shipment, and before the confirmation")
  func stages() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    try set([CancellationRule(stage: .setApart, share: Self.half)], in: shop)
    let packed = try shop.place(.of("HOTEL", [("CHAIR", 4)])).number
    _ = try shop.prepare(packed)
    let done = try shop.cancel(packed)
    #expect(done.terms.stage == .setApart)
    #expect(done.money.fee == fen(45_198))
    try set([CancellationRule(share: Self.half)], in: shop)
    let submitted = try shop.place(.of("BIGCO", [("CHAIR", 30)])).number
    try shop.pay("BIGCO", cny(900), for: submitted, kind: .earnest)
    let free = try shop.cancel(submitted)
    #expect(free.terms.stage == .notConfirmed)
    #expect(free.money.fee == cny(0))
    #expect(free.money.refund == cny(900))
    #expect(try shop.violations().isEmpty)
  }

  @Test("of money that is to go back a change that orders more takes what it needs")
  func neededAgain() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 4)])).number
    try shop.pay("HOTEL", fen(90_395), for: order)
    let done = try shop.write {
      try CancelOrder(
        number: order, reason: "PRICE",
        quantities: [LineQuantity(line: 1, quantity: units(2))], by: "till"
      ).run(in: $0, at: Shop.now)
    }
    #expect(done.money.kept == fen(45_198))
    #expect(done.money.refund == fen(45_197))
    let changed = try shop.write {
      try ChangeOrder(
        number: order,
        OrderChange(lines: [.init(number: 1, quantity: .init(units(5)))]), reason: "more",
        by: "till"
      ).run(in: $0, at: Shop.now)
    }
    let pay: @Sendable (Transaction) throws -> OrderRefund = {
      try PayRefund(number: order, method: .card, by: "boss").run(in: $0, at: Shop.now)
    }
    // Three chairs are left to be paid, of four that were.
    #expect(changed.impact.unapplied == fen(90_395 - 67_796))
    #expect(try shop.write(pay).amount == changed.impact.unapplied)
    #expect(try shop.reasons(pay) == ["NO_REFUND_PROPOSED"])
    #expect(try shop.violations().isEmpty)
  }
}
