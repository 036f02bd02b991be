import Finance
import Inventory
import MasterData
import Orders
import Production
import Purchasing
import Storage
import Testing
import Values

@Suite("A made-to-order line from promise to delivery")
struct MakeToOrderTests {
  @Test("shortage of board, deposit, workshop, shipment, invoice, payment")
  func endToEnd() throws {
    let shop = try Shop()
    try shop.stock("BOARD", 5)
    let placed = try shop.place(.of("CAFE", [("TABLE", 2)]))
    #expect(placed.state == .confirmed)
    #expect(placed.gross == cny(4_520))
    #expect(placed.depositRequired == cny(1_356))
    // Eight of board are needed, three are missing.
    let work = try shop.workOrder(of: placed)
    #expect(work.quantity == units(2))
    #expect(work.hold == .deposit)
    let missing = try shop.read { try Requisitions.list(.open, limit: 10, in: $0) }
    #expect(missing.map { "\($0.quantity) \($0.sku)" } == ["3 BOARD"])
    let release: @Sendable (Transaction) throws -> Void = {
      _ = try ReleaseWorkOrder(number: work.number).run(in: $0, at: Shop.now)
    }
    #expect(Set(try shop.reasons(release)) == ["DEPOSIT_OUTSTANDING", "COMPONENT_MISSING"])

    try shop.pay("CAFE", cny(1_000), for: placed.number)
    #expect(try shop.workOrder(of: placed).hold == .deposit)
    try shop.pay("CAFE", cny(356), for: placed.number)
    #expect(try shop.workOrder(of: placed).hold == nil)
    #expect(try shop.creditUse(of: "CAFE").orders == cny(4_520 - 1_356))
    try shop.stock("BOARD", 3)
    try shop.write(release)
    try shop.make(work.number, 2)

    #expect(try shop.order(placed.number).lines[0].reserved == units(2))
    try shop.ship(placed.number)
    let invoice = try shop.invoice(placed.number)
    #expect(invoice.open == cny(4_520 - 1_356))
    try shop.pay("CAFE", invoice.open, for: placed.number)
    #expect(try shop.order(placed.number).state == .closed)
    #expect(try shop.violations().isEmpty)
  }

  @Test("its goods are for its own line, whatever else waits")
  func pegged() throws {
    let shop = try Shop()
    try shop.stock("BOARD", 100)
    let first = try shop.place(.of("VIPCO", [("TABLE", 1)]))
    let second = try shop.place(.of("VIPCO", [("TABLE", 1)]))
    let work = try shop.workOrder(of: second).number
    try shop.write { _ = try ReleaseWorkOrder(number: work).run(in: $0, at: Shop.now) }
    try shop.make(work, 1)
    #expect(try shop.order(first.number).lines[0].reserved == .zero)
    #expect(try shop.order(second.number).lines[0].reserved == units(1))
    #expect(try shop.violations().isEmpty)
  }

  /// How far the workshop has come when the order is cancelled.
  enum Stage: CaseIterable {
    case planned, short, released, issued, completed
  }

  @Test("cancelling leaves nothing behind, wherever the workshop is", arguments: Stage.allCases)
  func cancelled(stage: Stage) throws {
    let shop = try Shop()
    try shop.stock("BOARD", stage == .short ? 1 : 20)
    let order = try shop.place(.of("VIPCO", [("TABLE", 2), ("LAMP", 1)]))
    let work = try shop.workOrder(of: order).number
    if stage != .planned, stage != .short {
      try shop.write { _ = try ReleaseWorkOrder(number: work).run(in: $0, at: Shop.now) }
    }
    if stage == .issued {
      try shop.write { _ = try IssueMaterials(number: work).run(in: $0, at: Shop.now) }
    }
    if stage == .completed { try shop.make(work, 2) }

    let cancellation = try shop.cancel(order.number)
    #expect(cancellation.order.state == .cancelled)
    let verdicts = cancellation.verdicts.filter { $0.document.kind == .workOrder }.map(\.outcome)
    switch stage {
    case .planned, .short, .released: #expect(verdicts == [.cancelled])
    case .issued, .completed: #expect(verdicts == [.keptAsStock])
    }
    let open = try shop.read { try Requisitions.list(.open, limit: 10, in: $0) }
    #expect(open.isEmpty)
    let held = try shop.read { try Reservations.of(Origin(.salesOrder, order.number), in: $0) }
    #expect(held.isEmpty)
    #expect(try shop.creditUse(of: "VIPCO").total == cny(0))
    if stage == .planned || stage == .released { #expect(try shop.free("BOARD") == units(20)) }
    if stage == .completed { #expect(try shop.free("TABLE") == units(2)) }
    #expect(try shop.violations().isEmpty)
  }

  @Test("closing short strands nothing: the rest is made, and the line is shipped in the end")
  func closedShort() throws {
    let shop = try Shop()
    try shop.stock("BOARD", 40)
    let order = try shop.place(.of("VIPCO", [("TABLE", 3)]))
    let first = try shop.workOrder(of: order).number
    try shop.start(first)
    try shop.make(first, 1)
    try shop.write { _ = try CloseWorkOrder(number: first).run(in: $0, at: Shop.now) }
    #expect(try shop.violations().isEmpty)

    let works = try shop.read { try WorkOrders.ofOrigin(order.reference, in: $0) }
    #expect(works.map(\.state) == [.closed, .planned])
    #expect(works.map(\.quantity) == [units(3), units(2)])
    #expect(works[0].replacement == works[1].number)
    try shop.start(works[1].number)
    try shop.make(works[1].number, 2)
    #expect(try shop.order(order.number).lines[0].reserved == units(3))
    try shop.ship(order.number)
    #expect(try shop.order(order.number).state == .delivered)
    #expect(try shop.violations().isEmpty)
  }

  @Test("a cancellation calls nothing stock that is not there")
  func verdictsAfterShort() throws {
    let shop = try Shop()
    try shop.stock("BOARD", 40)
    let order = try shop.place(.of("VIPCO", [("TABLE", 2)]))
    let first = try shop.workOrder(of: order).number
    try shop.start(first)
    try shop.write { tx in
      _ = try IssueMaterials(number: first).run(in: tx, at: Shop.now)
      _ = try CloseWorkOrder(number: first).run(in: tx, at: Shop.now)
    }
    let verdicts = try shop.cancel(order.number).verdicts
    #expect(verdicts.map(\.outcome) == [.tooLate, .cancelled])
    // Two tables of 4 m² at 50.00.
    #expect(verdicts.map(\.sunkCost) == [cny(400), nil])
    #expect(try shop.violations().isEmpty)
  }

  @Test("goods that have left with a shipment are not told as stock when the rest is cancelled")
  func verdictsAfterShipment() throws {
    let shop = try Shop()
    try shop.stock("BOARD", 40)
    let order = try shop.place(.of("VIPCO", [("TABLE", 3)]))
    let first = try shop.workOrder(of: order).number
    try shop.start(first)
    try shop.make(first, 1)
    try shop.write { _ = try CloseWorkOrder(number: first).run(in: $0, at: Shop.now) }
    try shop.ship(order.number)
    let verdicts = try shop.cancel(order.number).verdicts
    #expect(verdicts.map(\.outcome) == [.cancelled])
    #expect(try shop.violations().isEmpty)
  }

  @Test("a deposit that was paid before the confirmation holds nothing up")
  func depositFirst() throws {
    let shop = try Shop()
    try shop.stock("BOARD", 20)
    let order = try shop.place(.of("CAFE", [("TABLE", 3)]))
    #expect(order.approval.isPending)
    try shop.pay("CAFE", order.depositRequired, for: order.number)
    _ = try shop.approve(order.number)
    let confirmed = try shop.confirm(order.number)
    #expect(try shop.workOrder(of: confirmed).hold == nil)
    #expect(try shop.creditUse(of: "CAFE").orders == (try order.gross - order.depositRequired))
    #expect(try shop.violations().isEmpty)
  }

  @Test("goods from the shelf need no deposit")
  func noDeposit() throws {
    let shop = try Shop()
    #expect(try shop.place(.of("CAFE", [("CHAIR", 1)])).depositRequired == cny(0))
  }
}

extension Shop {
  /// The work order of the order's first line.
  func workOrder(of order: SalesOrder) throws -> WorkOrder {
    let found = try read { try WorkOrders.ofOrigin(order.reference, in: $0) }
    guard let first = found.first else { throw MissingRow("work_order", 0) }
    return first
  }

  func start(_ workOrder: String) throws {
    try write { _ = try ReleaseWorkOrder(number: workOrder).run(in: $0, at: Self.now) }
  }

  /// Takes the material and brings out `count` good ones.
  func make(_ workOrder: String, _ count: Int64) throws {
    try write { tx in
      _ = try IssueMaterials(number: workOrder).run(in: tx, at: Self.now)
      _ = try CompleteWorkOrder(number: workOrder, good: GivenQuantity(units(count)))
        .run(in: tx, at: Self.now)
    }
  }
}
