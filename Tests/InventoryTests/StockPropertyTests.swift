import Finance
import Inventory
import MasterData
import Storage
import TestRandom
import Testing
import Values

/// What stock must be, kept by a model that knows nothing of values or accounts: quantities and one
/// queue per product.
private struct Model {
  struct Demand {
    let order: Int
    var wanted: Int64
    var held: Int64
    let priority: Int
  }

  var onHand: Int64 = 0
  /// In the order of age.
  var demands: [Demand] = []

  var reserved: Int64 { demands.reduce(0) { $0 + $1.held } }
  var free: Int64 { onHand - reserved }

  /// In the order in which they are served.
  private var queue: [Int] {
    demands.indices.sorted {
      (-demands[$0].priority, demands[$0].order) < (-demands[$1].priority, demands[$1].order)
    }
  }

  mutating func allocate() {
    for index in queue {
      let part = min(free, demands[index].wanted - demands[index].held)
      demands[index].held += part
    }
  }

  mutating func withdraw(_ missing: Int64) {
    var left = max(0, missing)
    for index in queue.reversed() {
      let part = min(left, demands[index].held)
      demands[index].held -= part
      left -= part
    }
  }

  var description: [String] {
    demands.map { "SO-\($0.order)/1 \($0.held) of \($0.wanted)" }
  }
}

@Suite("Stock under random commands")
struct StockPropertyTests {
  @Test(
    "promises follow the model, and books and stock agree after every step",
    arguments: [1, 2, 3, 20_261_121] as [UInt64])
  func random(seed: UInt64) async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      var random = Seeded(seed)
      var model = Model()
      for step in 1...150 {
        try Self.step(step, &model, &random, in: tx)
        let stock = try Shop.stock(in: tx).first { $0.hasPrefix("MAIN ") } ?? ""
        let waiting = model.demands.reduce(0) { $0 + $1.wanted - $1.held }
        #expect(
          stock.isEmpty && model.onHand == 0 && waiting == 0
            || stock.hasPrefix("MAIN \(model.onHand)/\(model.reserved)/\(waiting) "),
          "seed \(seed) step \(step): \(stock)")
        let demands = try model.demands.flatMap { try tx.demands($0.order) }
        #expect(demands == model.description, "seed \(seed) step \(step)")
        let violations = try InventoryInvariants.violations(in: tx)
        #expect(violations == [], "seed \(seed) step \(step)")
      }
    }
    #expect(try await shop.violations() == [])
  }

  private static func step(
    _ step: Int, _ model: inout Model, _ random: inout Seeded, in tx: Transaction
  ) throws {
    let units = Int64.random(in: 1...9, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      try tx.receive(units, at: Int64.random(in: 0...999, using: &random))
      model.onHand += units
      model.allocate()
    case 1, 2:
      let priority = Int.random(in: 0...2, using: &random)
      try tx.reserve(units, for: step, priority: priority)
      model.demands.append(
        .init(order: step, wanted: units, held: min(units, model.free), priority: priority))
    case 3:
      guard let index = model.demands.indices.randomElement(using: &random) else { return }
      let part = min(units, model.demands[index].wanted)
      try tx.release(model.demands[index].order, part)
      model.demands[index].wanted -= part
      model.demands[index].held = min(model.demands[index].held, model.demands[index].wanted)
      model.demands.removeAll { $0.wanted == 0 }
      model.allocate()
    case 4:
      guard
        let index = model.demands.indices.filter({ model.demands[$0].held > 0 })
          .randomElement(using: &random)
      else { return }
      let part = min(units, model.demands[index].held)
      try tx.ship(part, for: model.demands[index].order)
      model.demands[index].wanted -= part
      model.demands[index].held -= part
      model.demands.removeAll { $0.wanted == 0 }
      model.onHand -= part
    default:
      let counted = max(0, model.onHand + Int64.random(in: -4...4, using: &random))
      try tx.adjust(.counted(GivenQuantity(qty(counted))), cost: price(3))
      model.withdraw(model.reserved - counted)
      model.onHand = counted
      model.allocate()
    }
  }

  @Test(
    "any movements of any values leave nothing behind when the goods are gone",
    arguments: [7, 8, 9] as [UInt64])
  func values(seed: UInt64) async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      var random = Seeded(seed)
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      let east = try Locations.stock(of: .named("EAST", in: tx), in: tx)
      let board = try Product.named("R-1", in: tx)
      for number in 1...60 {
        let origin = Origin(.goodsReceipt, "GR-\(number)")
        let quantity = Quantity(micros: Int64.random(in: 1...9_999_999, using: &random))
        try MoveStock(
          product: board, quantity: quantity, from: Locations.supplier, to: main,
          valuation: .given(fen(Int64.random(in: 0...100_000, using: &random))),
          cause: .goodsReceipt, origin: origin
        ).run(in: tx, at: Shop.now)
        let ends: [(Location, Location, MoveCause)] = [
          (main, east, .transfer), (east, Locations.production, .materialIssue),
          (main, Locations.transit, .shipment), (Locations.transit, Locations.customer, .delivery),
        ]
        for (from, to, cause) in ends {
          let there = try Self.onHand(board, at: from, in: tx)
          guard there.isPositive else { continue }
          let all = Int.random(in: 0..<5, using: &random) == 0
          let part = all ? there.micros : Int64.random(in: 1...there.micros, using: &random)
          try MoveStock(
            product: board, quantity: Quantity(micros: part), from: from, to: to, cause: cause,
            origin: origin
          ).run(in: tx, at: Shop.now)
        }
        let violations = try InventoryInvariants.violations(in: tx)
        #expect(violations == [], "seed \(seed) step \(number)")
      }
    }
    #expect(try await shop.violations() == [])
  }

  private static func onHand(
    _ product: Product, at location: Location, in tx: Transaction
  ) throws -> Quantity {
    try tx.first(
      "SELECT on_hand FROM stock_balance WHERE product_id = ? AND location_id = ?", product.id,
      location.id
    ) { $0.quantity(0) } ?? .zero
  }
}
