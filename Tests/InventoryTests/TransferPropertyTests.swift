import Inventory
import MasterData
import Storage
import TestRandom
import Testing
import Values

/// What orders between two warehouses must be, kept by a model that knows quantities alone: what
/// lies in MAIN, who waits there, what is on the way, and what has come or was lost.
private struct Model {
  struct Order {
    let number: String
    var open: Int64
    var held: Int64 = 0
    var underWay: Int64 = 0
  }

  var onHand: Int64 = 0
  var east: Int64 = 0
  var lost: Int64 = 0
  var customers: Int64 = 0
  var waiting: Int64 = 0
  var orders: [Order] = []

  /// Customers come first, then orders by age.
  mutating func allocate() {
    var free = onHand - customers - orders.reduce(0) { $0 + $1.held }
    let part = min(free, waiting)
    (customers, waiting, free) = (customers + part, waiting - part, free - part)
    for index in orders.indices {
      let part = min(free, orders[index].open - orders[index].held)
      orders[index].held += part
      free -= part
    }
  }

  var underWay: Int64 { orders.reduce(0) { $0 + $1.underWay } }
}

@Suite("Orders between warehouses under random commands")
struct TransferPropertyTests {
  @Test(
    "what is held, on the way, there and lost follows the model, and the books agree",
    arguments: [1, 2, 3, 20_261_123] as [UInt64])
  func random(seed: UInt64) async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      var random = Seeded(seed)
      var model = Model()
      for step in 1...150 {
        try Self.step(step, &model, &random, in: tx)
        let levels = try Availability.levels(of: .named("C-1", in: tx), in: tx)
        let (main, east) = (
          levels.first { $0.warehouseCode == "MAIN" }, levels.first { $0.warehouseCode == "EAST" }
        )
        #expect(
          (main?.onHand ?? .zero) == qty(model.onHand), "seed \(seed) step \(step)")
        #expect((east?.onHand ?? .zero) == qty(model.east), "seed \(seed) step \(step)")
        #expect((east?.underWay ?? .zero) == qty(model.underWay), "seed \(seed) step \(step)")
        for order in model.orders {
          let told = try TransferOrders.require(number: order.number, field: "n", in: tx).lines[0]
          #expect(
            [told.open, told.held, told.underWay]
              == [qty(order.open), qty(order.held), qty(order.underWay)],
            "seed \(seed) step \(step) \(order.number)")
        }
        let violations = try InventoryInvariants.violations(in: tx)
        #expect(violations == [], "seed \(seed) step \(step)")
      }
      let moved = try StockMoves.list(of: .named("C-1", in: tx), before: nil, limit: 500, in: tx)
      let lost = moved.filter { $0.cause == .transferLoss }.reduce(0) { $0 + $1.quantity.micros }
      #expect(lost == qty(model.lost).micros)
    }
    #expect(try await shop.violations() == [])
  }

  private static func step(
    _ step: Int, _ model: inout Model, _ random: inout Seeded, in tx: Transaction
  ) throws {
    let units = Int64.random(in: 1...9, using: &random)
    func pick(_ fits: (Model.Order) -> Bool) -> Int? {
      model.orders.indices.filter { fits(model.orders[$0]) }.randomElement(using: &random)
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      try tx.receive(units, at: Int64.random(in: 0...999, using: &random))
      model.onHand += units
    case 1:
      try tx.reserve(units, for: step)
      model.waiting += units
    case 2:
      let order = try CreateTransferOrder(
        from: "MAIN", to: "EAST",
        lines: [TransferLineDraft(sku: "C-1", quantity: GivenQuantity(qty(units)))]
      ).run(in: tx, at: Shop.now)
      model.orders.append(.init(number: order.number, open: units))
    case 3:
      guard let index = pick({ $0.held > 0 }) else { return }
      let part = min(units, model.orders[index].held)
      try DispatchTransferOrder(
        number: model.orders[index].number,
        lines: [.init(lineNumber: 1, quantity: GivenQuantity(qty(part)))], expectedOn: Shop.day
      ).run(in: tx, at: Shop.now)
      model.orders[index].open -= part
      model.orders[index].held -= part
      model.orders[index].underWay += part
      model.onHand -= part
    case 4:
      guard let index = pick({ $0.underWay > 0 }) else { return }
      let part = min(units, model.orders[index].underWay)
      let lost = Int64.random(in: 0...part, using: &random)
      try ReceiveTransferOrder(
        number: model.orders[index].number,
        lines: [
          .init(
            lineNumber: 1, quantity: part > lost ? GivenQuantity(qty(part - lost)) : nil,
            lost: lost > 0 ? GivenQuantity(qty(lost)) : nil)
        ], reason: "on the way"
      ).run(in: tx, at: Shop.now)
      model.orders[index].underWay -= part
      model.east += part - lost
      model.lost += lost
    default:
      guard let index = pick({ $0.open > 0 }) else { return }
      try CancelTransferOrder(number: model.orders[index].number, reason: "not needed")
        .run(in: tx, at: Shop.now)
      model.orders[index].open = 0
      model.orders[index].held = 0
    }
    model.allocate()
  }
}
