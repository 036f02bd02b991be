import Inventory
import MasterData
import Storage
import Testing
import Values

/// One refusal provoked, with what it must say.
struct Refusal: Sendable, CustomTestStringConvertible {
  let reason: String
  let field: String?
  let kind: RejectionKind
  let provoke: @Sendable (Transaction) throws -> Void

  init(
    _ reason: String, _ field: String?, _ kind: RejectionKind,
    _ provoke: @escaping @Sendable (Transaction) throws -> Void
  ) {
    self.reason = reason
    self.field = field
    self.kind = kind
    self.provoke = provoke
  }

  var testDescription: String { reason }

  /// Every case of `InventoryRejection`, in the order of its declaration.
  static let all: [Refusal] = [
    Refusal("QUANTITY_NOT_POSITIVE", "quantity", .invalid) { try $0.receive(0) },
    Refusal("QUANTITY_NEGATIVE", "counted", .invalid) {
      try $0.adjust(.counted(GivenQuantity(qty(-1))))
    },
    Refusal("WRONG_UNIT", "difference.unit_code", .invalid) {
      try $0.adjust(.difference(GivenQuantity(qty(-1), unit: "kg")))
    },
    Refusal("FRACTION_OF_UNIT", "counted", .invalid) {
      try $0.adjust(.counted(GivenQuantity(Quantity(micros: 500_000))))
    },
    Refusal("SAME_WAREHOUSE", "to_warehouse_code", .invalid) { tx in
      try TransferStock(
        sku: "C-1", fromWarehouseCode: "MAIN", toWarehouseCode: "MAIN",
        quantity: GivenQuantity(qty(1))
      ).run(in: tx, at: Shop.now)
    },
    Refusal("COST_UNKNOWN", "unit_cost", .invalid) {
      try $0.adjust(.counted(GivenQuantity(qty(1))))
    },
    Refusal("SERVICE_HAS_NO_STOCK", "sku", .precondition) { try $0.receive(1, "S-1") },
    Refusal("INSUFFICIENT_STOCK", "quantity", .precondition) { tx in
      try tx.receive(5)
      try tx.reserve(4, for: 1)
      try TransferStock(
        sku: "C-1", fromWarehouseCode: "MAIN", toWarehouseCode: "EAST",
        quantity: GivenQuantity(qty(2))
      ).run(in: tx, at: Shop.now)
    },
    Refusal("NOTHING_RESERVED", nil, .precondition) { tx in
      try tx.receive(5)
      try tx.reserve(2, for: 1)
      try tx.ship(3, for: 1)
    },
    Refusal("RESERVED_ELSEWHERE", nil, .precondition) { tx in
      try tx.reserve(2, for: 1)
      try tx.reserve(2, for: 1, warehouse: "EAST")
    },
    Refusal("BALANCE_TOO_LARGE", "quantity", .precondition) { tx in
      for _ in 0...100 { try tx.receive(1_000_000_000, at: 0) }
    },
  ]
}

@Suite("Refusals of stock")
struct InventoryRejectionTests {
  @Test("says what, where and of which kind", arguments: Refusal.all)
  func refuses(_ refusal: Refusal) async throws {
    let shop = try await Shop()
    let found = try await shop.refusals(refusal.provoke)
    #expect(found.map(\.reason) == [refusal.reason])
    #expect(found.first?.field == refusal.field)
    #expect(found.first?.kind == refusal.kind)
    #expect(found.first?.message.isEmpty == false)
    #expect(found.first?.facts.isEmpty == false)
    #expect(try await shop.balances() == [])
  }

  @Test("shape comes before state")
  func precedence() {
    let ranks = Refusal.all.map { $0.kind == .invalid ? 0 : 1 }
    #expect(ranks == ranks.sorted())
  }

  @Test("promised goods do not leave by an ordinary movement, nor does more than is there")
  func unreserved() async throws {
    let shop = try await Shop()
    let promised = try await shop.refusals { tx in
      try tx.receive(5)
      try tx.reserve(4, for: 1)
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      try tx.move(
        2, from: main, to: Locations.production, cause: .materialIssue,
        origin: Origin(.workOrder, "WO-1"))
    }
    let more = try await shop.refusals { tx in
      try tx.receive(5)
      try tx.adjust(.difference(GivenQuantity(qty(-6))))
    }
    let never = try await shop.refusals { tx in
      try tx.move(
        1, from: Locations.transit, to: Locations.customer, cause: .delivery,
        origin: Origin(.shipment, "SH-1"))
    }
    #expect(
      [promised, more, never].map { $0.map(\.reason) }
        == Array(repeating: ["INSUFFICIENT_STOCK"], count: 3))
  }

  @Test("a place counts so much of a product, and of so much value, and no more")
  func bounded() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      for _ in 1...100 { try tx.receive(1_000_000_000, at: 0) }
      try tx.receive(10_000, "R-1", at: 1_000_000_000)
    }
    #expect(try await shop.stock() == ["MAIN 100000000000/0/0 0.00"])
    let more = try await shop.refusals { try $0.adjust(.difference(GivenQuantity(qty(1)))) }
    #expect(more.map(\.field) == ["difference"])
    #expect(
      more.map(\.message) == [
        "No more than 100000000000 pcs of C-1, worth no more than 1000000000000000.00 CNY, "
          + "can be counted at MAIN/STOCK"
      ])
    let value = try await shop.refusals { tx in
      for _ in 1...100 { try tx.receive(10_000, "R-1", at: 1_000_000_000) }
    }
    #expect(value.map(\.reason) == ["BALANCE_TOO_LARGE"])
    // The places that goods come from count as well.
    let source = try await shop.refusals { tx in
      try tx.adjust(.difference(GivenQuantity(qty(-1))))
      try tx.receive(1, at: 0)
    }
    #expect(source.map(\.message).first?.hasSuffix("can be counted at OPENING") == true)
    #expect(try await shop.violations() == [])
  }

  @Test("verbs of other areas name no field and refuse the same things")
  func inner() async throws {
    let shop = try await Shop()
    let refusals = [
      try await shop.refusals { try $0.reserve(1, "S-1", for: 1) },
      try await shop.refusals { try $0.reserve(0, for: 1) },
      try await shop.refusals { try $0.ship(0, for: 1) },
      try await shop.refusals { try $0.ship(1, for: 1) },
      try await shop.refusals { _ = try $0.release(1, -1) },
      try await shop.refusals { tx in
        try tx.move(
          0, from: Locations.supplier, to: Locations.scrap, .given(cny(1)), cause: .scrap,
          origin: Origin(.workOrder, "WO-1"))
      },
      try await shop.refusals { tx in
        try tx.move(
          1, "S-1", from: Locations.supplier, to: Locations.scrap, .given(cny(1)), cause: .scrap,
          origin: Origin(.workOrder, "WO-1"))
      },
    ]
    #expect(
      refusals.map { $0.map(\.reason) } == [
        ["SERVICE_HAS_NO_STOCK"], ["QUANTITY_NOT_POSITIVE"], ["QUANTITY_NOT_POSITIVE"],
        ["NOTHING_RESERVED"], ["QUANTITY_NEGATIVE"], ["QUANTITY_NOT_POSITIVE"],
        ["SERVICE_HAS_NO_STOCK"],
      ])
  }
}
