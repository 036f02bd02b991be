import Finance
import Inventory
import MasterData
import Orders
import Production
import Storage
import TestRandom
import Testing
import Values

/// Random people at work in one shop: they sell, ship, invoice, take money and cancel in any order,
/// sensible or not. Whatever they do, every invariant of every area holds afterwards, and a refused
/// command changes nothing. The seed replays a run.
@Suite("Random commands")
struct OrdersSimulationTests {
  @Test("keep every invariant", arguments: 1...6 as ClosedRange<UInt64>)
  func keepInvariants(seed: UInt64) throws {
    try run(seed: seed, steps: 200) { shop, step, command in
      let violations = try shop.violations()
      try #require(violations.isEmpty, "step \(step): \(command) broke \(violations)")
    }
  }

  /// A workload that is always refused would prove nothing.
  @Test("get orders into every state there is")
  func reachEveryState() throws {
    var states: Set<OrderState> = []
    for seed in 1...20 as ClosedRange<UInt64> {
      // Some states do not last: an order is looked at on its way.
      let shop = try run(seed: seed, steps: 300) { shop, step, _ in
        guard step % 5 == 0 else { return }
        states.formUnion(
          try shop.read { try SalesOrders.list(limit: 500, in: $0).orders.map(\.state) })
      }
      #expect(try shop.violations().isEmpty, "seed \(seed)")
    }
    #expect(states == Set(OrderState.allCases))
  }

  @discardableResult
  private func run(
    seed: UInt64, steps: Int, after: (Shop, Int, Command) throws -> Void = { _, _, _ in }
  ) throws -> Shop {
    var random = Seeded(seed)
    let shop = try Shop()
    for sku in ["CHAIR", "LAMP", "BOARD"] { try shop.stock(sku, 40) }
    var workload = Workload(shop: shop)
    for step in 1...steps {
      let command = workload.command(using: &random)
      try command.run(in: shop)
      try after(shop, step, command)
    }
    return shop
  }

  /// One thing somebody tries.
  struct Command: CustomStringConvertible {
    let description: String
    let body: @Sendable (Transaction) throws -> Void

    /// A refusal is as good as a success; anything else is a fault.
    func run(in shop: Shop) throws {
      do {
        try shop.write(body)
      } catch is any Rejection {
      } catch is Rejections {
      }
    }
  }

  /// Chooses what is tried next, from what has been tried before.
  struct Workload {
    let shop: Shop
    private(set) var orders: [String] = []

    init(shop: Shop) { self.shop = shop }

    mutating func command(using random: inout Seeded) -> Command {
      let now = Shop.at(day: orders.count)
      let choice = Int.random(in: 0..<28, using: &random)
      // People work on what is new: an order that is left alone would never get anywhere.
      guard choice > 2, let order = orders.suffix(4).randomElement(using: &random) else {
        guard choice < 2 else { return place(using: &random) }
        let loses = Int.random(in: 0..<6, using: &random) == 0
        return loses ? lose(using: &random) : receive(using: &random)
      }
      let line = Int.random(in: 1...3, using: &random)
      let quantity = units(.random(in: 1...4, using: &random))
      switch choice {
      case 3...5: return prepare(order, line, quantity, now: now, using: &random)
      case 6...12: return advance(order, now: now, using: &random)
      case 13, 14:
        return Command(description: "invoice \(order)") {
          _ = try InvoiceOrder(number: order).run(in: $0, at: now)
        }
      case 15, 16: return pay(order, now: now, using: &random)
      case 17:
        let lines = Int.random(in: 0..<8, using: &random) > 0 ? [line] : []
        let takes = Bool.random(using: &random)
        let parts = takes && !lines.isEmpty ? [LineQuantity(line: line, quantity: quantity)] : []
        return Command(description: "cancel \(order) \(lines) \(parts)") {
          _ = try CancelOrder(
            number: order, reason: "PRICE", lines: lines, quantities: parts, by: "till"
          ).run(in: $0, at: now)
        }
      case 18, 19: return decide(order, now: now, using: &random)
      case 20...22: return change(order, line, quantity, now: now, using: &random)
      case 23: return hold(order, now: now, using: &random)
      default: return work(on: order, now: now, using: &random)
      }
    }

    /// Something is to be otherwise about the order: one line, or a new one, or when it is wanted.
    private func change(
      _ order: String, _ line: Int, _ quantity: Quantity, now: Moment,
      using random: inout Seeded
    ) -> Command {
      let sku = ["CHAIR", "LAMP", "INSTALL", "TABLE"].randomElement(using: &random) ?? "CHAIR"
      let change: OrderChange
      switch Int.random(in: 0..<7, using: &random) {
      case 0: change = OrderChange(lines: [.init(number: line, isRemoved: true)])
      case 1: change = OrderChange(added: [.init(sku: sku, quantity: quantity)])
      case 2:
        change = OrderChange(
          lines: [.init(number: line, isRemoved: true)],
          added: [.init(sku: sku, quantity: quantity)], requestedOn: .set(now.day))
      case 3:
        let share = Rate(micros: .random(in: 0...200_000, using: &random))
        change = OrderChange(
          lines: [.init(number: line, discount: share)], discount: .set(.share(share)))
      default:
        change = OrderChange(lines: [.init(number: line, quantity: GivenQuantity(quantity))])
      }
      let roles: Set = ["SALES_MANAGER", "GENERAL_MANAGER"]
      return Command(description: "change \(order) \(change)") {
        _ = try ChangeOrder(number: order, change, reason: "wish", by: "boss", roles: roles)
          .run(in: $0, at: now)
      }
    }

    /// Holds it, or releases it when it is held.
    private func hold(
      _ order: String, now: Moment, using random: inout Seeded
    ) -> Command {
      let kind = OrderHoldKind.allCases.randomElement(using: &random) ?? .price
      return Command(description: "hold \(order) \(kind)") { tx in
        let sale = try SalesOrders.require(number: order, in: tx)
        if let held = try OrderHolds.list(of: sale, in: tx).first {
          _ = try ReleaseOrderHold(
            number: order, kind: held.kind, reason: "clear", by: "till"
          ).run(in: tx, at: now)
        } else {
          _ = try HoldOrder(number: order, kind: kind, reason: "doubt", by: "till")
            .run(in: tx, at: now)
        }
      }
    }

    /// Takes one work order of the order a step further, or calls it off.
    private func work(
      on order: String, now: Moment, using random: inout Seeded
    ) -> Command {
      let pick = UInt64.random(in: 0..<1_000, using: &random)
      let cancels = Int.random(in: 0..<12, using: &random) == 0
      let stops = Int.random(in: 0..<6, using: &random) == 0
      let good = GivenQuantity(units(.random(in: 0...3, using: &random)))
      let scrapped = GivenQuantity(units(.random(in: 0...1, using: &random)))
      return Command(description: "work on \(order) \(pick) \(cancels)") { tx in
        let works = try WorkOrders.ofOrigin(DocumentReference(.salesOrder, order), in: tx)
        guard !works.isEmpty else { return }
        let work = works[Int(pick % UInt64(works.count))]
        if cancels {
          _ = try CancelWorkOrder(number: work.number).run(in: tx, at: now)
          return
        }
        switch work.state {
        case .planned: _ = try ReleaseWorkOrder(number: work.number).run(in: tx, at: now)
        case .released: _ = try IssueMaterials(number: work.number).run(in: tx, at: now)
        case .inProgress where stops:
          _ = try CloseWorkOrder(number: work.number).run(in: tx, at: now)
        case .inProgress:
          _ = try CompleteWorkOrder(number: work.number, good: good, scrapped: scrapped)
            .run(in: tx, at: now)
        case .completed, .closed, .cancelled:
          _ = try CloseWorkOrder(number: work.number).run(in: tx, at: now)
        }
      }
    }

    /// A count finds something missing, promised or not.
    private func lose(using random: inout Seeded) -> Command {
      let sku = ["CHAIR", "LAMP", "TABLE"].randomElement(using: &random) ?? "CHAIR"
      return Command(description: "lose 1 \(sku)") { tx in
        _ = try CorrectStock(
          AdjustStock(
            sku: sku, warehouseCode: "MAIN", correction: .difference(GivenQuantity(units(-1))),
            reason: "count")
        ).run(in: tx, at: Shop.now)
        let product = try Products.require(sku: sku, field: "sku", in: tx)
        try CloseShortPicks(at: [SupplyPlace(product.id, "MAIN")], by: "counter")
          .run(in: tx, at: Shop.now)
      }
    }

    private func receive(using random: inout Seeded) -> Command {
      let sku = ["CHAIR", "LAMP", "BOARD"].randomElement(using: &random) ?? "CHAIR"
      let count = Int64.random(in: 10...80, using: &random)
      return Command(description: "receive \(count) \(sku)") { try Shop.stock(sku, count, in: $0) }
    }

    private mutating func place(using random: inout Seeded) -> Command {
      let customer = ["ANNA", "HOTEL", "VIPCO", "CAFE", "BIGCO"].randomElement(using: &random)
      let skus = ["CHAIR", "LAMP", "INSTALL", "TABLE"]
      let lines = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        (
          skus.randomElement(using: &random) ?? "CHAIR",
          Int64.random(in: 1...5, using: &random)
        )
      }
      let isDraft = Int.random(in: 0..<4, using: &random) == 0
      let draft = OrderDraft.of(
        customer ?? "ANNA", lines, shortage: Bool.random(using: &random) ? .wait : .refuse,
        cashOnDelivery: [nil, nil, .ownCrew, .carrier].randomElement(using: &random) ?? nil)
      // Numbers are given one after another, and a refused order gives its number back.
      let isAccepted =
        (try? shop.database.rehearseBlocking { tx in
          try Self.write(draft, isDraft: isDraft, in: tx)
        }) != nil
      if isAccepted {
        let digits = String(orders.count + 1)
        orders.append("SO-2026-" + String(repeating: "0", count: 6 - digits.count) + digits)
      }
      return Command(description: "place \(draft)") {
        try Self.write(draft, isDraft: isDraft, in: $0)
      }
    }

    private static func write(_ draft: OrderDraft, isDraft: Bool, in tx: Transaction) throws {
      _ =
        isDraft
        ? try CreateOrder(draft, by: "till").run(in: tx, at: Shop.now)
        : try PlaceOrder(draft, by: "till").run(in: tx, at: Shop.now)
    }

    private func prepare(
      _ order: String, _ line: Int, _ quantity: Quantity, now: Moment,
      using random: inout Seeded
    ) -> Command {
      let lines = Bool.random(using: &random) ? [LineQuantity(line: line, quantity: quantity)] : []
      let completes = Int.random(in: 0..<5, using: &random) == 0
      return Command(description: "prepare \(order) \(lines) \(completes)") { tx in
        if completes {
          _ = try CompleteService(orderNumber: order, lines: lines).run(in: tx, at: now)
        } else {
          _ = try PrepareShipment(orderNumber: order, lines: lines).run(in: tx, at: now)
        }
      }
    }

    /// Takes one shipment of the order a few steps further, or calls it off.
    private func advance(
      _ order: String, now: Moment, using random: inout Seeded
    ) -> Command {
      let pick = UInt64.random(in: 0..<1_000, using: &random)
      let cancels = Int.random(in: 0..<10, using: &random) == 0
      let steps = Int.random(in: 1...4, using: &random)
      let luck = Int.random(in: 0..<12, using: &random)
      return Command(description: "\(steps) steps of a shipment of \(order) \(pick) \(cancels)") {
        tx in
        let shipments = try Shipments.ofOrder(
          SalesOrders.require(number: order, in: tx), in: tx)
        guard !shipments.isEmpty else { return }
        let number = shipments[Int(pick % UInt64(shipments.count))].number
        if cancels {
          _ = try CancelShipment(number: number).run(in: tx, at: now)
          return
        }
        if luck < 3 { return try Self.mislay(number, luck, now: now, in: tx) }
        if luck == 3 { return try Self.miss(number, now: now, in: tx) }
        for _ in 1...steps { try Self.advance(number, now: now, in: tx) }
      }
    }

    /// A picker finds one of its first line or nothing, or what was not found turns up.
    private static func miss(_ number: String, now: Moment, in tx: Transaction) throws {
      let shipment = try Shipments.require(number: number, in: tx)
      guard let line = shipment.lines.first else { return }
      guard shipment.state == .prepared else {
        _ = try ReleaseShortPick(shipmentNumber: number, line: line.orderLine, by: "counter")
          .run(in: tx, at: now)
        return
      }
      let found = GivenQuantity(line.quantity > units(1) ? units(1) : .zero)
      try PickShipment(
        number: number,
        short: [FoundQuantity(line: line.orderLine, found: found, cause: .notFound)], by: "picker"
      ).run(in: tx, at: now)
    }

    /// It is lost on its way, or has turned up, whether it is on its way or not.
    private static func mislay(
      _ number: String, _ luck: Int, now: Moment, in tx: Transaction
    ) throws {
      guard try Shipments.require(number: number, in: tx).state == .lost else {
        _ = try ReportLoss(
          shipmentNumber: number, luck == 0 ? .cancel(reason: "PRICE") : .redeliver, by: "boss",
          roles: ["SALES_MANAGER", "GENERAL_MANAGER"]
        ).run(in: tx, at: now)
        return
      }
      _ = try ReportFound(
        shipmentNumber: number, luck == 0 ? .comeBack : .goOn, by: "boss", day: { _ in now.day }
      ).run(in: tx, at: now)
    }

    private static func advance(_ number: String, now: Moment, in tx: Transaction) throws {
      switch try Shipments.require(number: number, in: tx).state {
      case .prepared: _ = try PickShipment(number: number).run(in: tx, at: now)
      case .picked: _ = try PackShipment(number: number, cartons: 1).run(in: tx, at: now)
      case .packed: _ = try DispatchShipment(number: number, carrier: "SF").run(in: tx, at: now)
      case .dispatched, .cancelled, .lost:
        _ = try DeliverShipment(number: number).run(in: tx, at: now)
      case .delivered:
        let order = try Shipments.require(number: number, in: tx).orderNumber
        let sold = try SalesOrders.require(number: order, in: tx)
        _ = try RecordCollection(
          shipmentNumber: number,
          collected: [CollectedCash(amount: fen(max(1, sold.gross.minor / 9)), method: .cash)]
        ).run(in: tx, at: now)
      }
    }

    private func pay(
      _ order: String, now: Moment, using random: inout Seeded
    ) -> Command {
      let share = Int64.random(in: 1...4, using: &random)
      let names = Bool.random(using: &random)
      return Command(description: "pay \(share)/3 for \(order) \(names)") { tx in
        let sale = try SalesOrders.require(number: order, in: tx)
        _ = try ReceiveOrderPayment(
          customerCode: sale.customerCode, amount: fen(max(1, sale.gross.minor * share / 3)),
          method: .cash, orderNumber: names ? order : ""
        ).run(in: tx, at: now)
      }
    }

    private func decide(
      _ order: String, now: Moment, using random: inout Seeded
    ) -> Command {
      let rejects = Int.random(in: 0..<5, using: &random) == 0
      return Command(description: "decide about \(order) \(rejects)") { tx in
        let roles: Set = ["GENERAL_MANAGER"]
        let sale = try SalesOrders.require(number: order, in: tx)
        if sale.state == .draft {
          _ = try SubmitOrder(number: order, by: "till").run(in: tx, at: now)
        } else if rejects {
          _ = try RejectOrder(number: order, reason: "No", by: "boss", roles: roles)
            .run(in: tx, at: now)
        } else if sale.approval.isPending {
          _ = try ApproveOrder(number: order, by: "boss", roles: roles).run(in: tx, at: now)
        } else {
          _ = try ConfirmOrder(number: order).run(in: tx, at: now)
        }
      }
    }
  }
}
