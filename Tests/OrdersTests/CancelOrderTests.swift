import Finance
import Inventory
import Orders
import Purchasing
import Storage
import Testing
import Values

@Suite("Cancel order")
struct CancelOrderTests {
  /// How far an order has come when it is cancelled.
  enum Stage: CaseIterable {
    case draft, submitted, confirmed, short, prepared, packed, partlyShipped, partlyInvoiced
  }

  @Test("leaves nothing behind, whatever the state", arguments: Stage.allCases)
  func leavesNothing(stage: Stage) throws {
    let shop = try Shop()
    try shop.stock("CHAIR", stage == .short ? 2 : 9)
    let number = try order(at: stage, in: shop)
    let cancellation = try shop.cancel(number)
    let order = try shop.order(number)
    #expect(cancellation.order == order)
    #expect(order.lines.allSatisfy { $0.open == .zero })
    let left = try shop.read { snapshot in
      (
        try Reservations.of(Origin(.salesOrder, number), in: snapshot).count,
        try Requisitions.of(Origin(.salesOrder, number), in: snapshot).filter { $0.state == .open }
          .count,
        try Shipments.ofOrder(order, in: snapshot).filter(\.state.isOpen).count
      )
    }
    #expect(left == (0, 0, 0))
    switch stage {
    case .partlyShipped:
      // Three chairs are at the customer's and not invoiced yet.
      #expect(order.state == .delivered)
      #expect(try shop.creditUse(of: "HOTEL").total == fen(59_997 + 7_799))
    case .partlyInvoiced: #expect(order.state == .closed)
    default:
      #expect(order.state == .cancelled)
      #expect(try shop.creditUse(of: "HOTEL").total == cny(0))
    }
    #expect(cancellation.verdicts.map(\.outcome) == (stage == .short ? [.cancelled] : []))
    #expect(try shop.violations().isEmpty)
  }

  private func order(at stage: Stage, in shop: Shop) throws -> String {
    let draft = OrderDraft.of("HOTEL", [("CHAIR", 4), ("INSTALL", 1)])
    if stage == .draft || stage == .submitted {
      let number = try shop.write { try CreateOrder(draft, by: "till").run(in: $0, at: Shop.now) }
        .number
      return stage == .draft ? number : try shop.submit(number).number
    }
    let number = try shop.place(draft).number
    switch stage {
    case .prepared: _ = try shop.prepare(number)
    case .packed: try shop.pack(try shop.prepare(number).number)
    case .partlyShipped, .partlyInvoiced:
      try shop.ship(number, [LineQuantity(line: 1, quantity: units(3))])
      if stage == .partlyInvoiced {
        let invoice = try shop.invoice(number)
        try shop.pay("HOTEL", invoice.gross)
      }
    default: break
    }
    return number
  }

  @Test("some lines, and the rest goes on")
  func someLines() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 4)
    try shop.stock("LAMP", 4)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 4), ("LAMP", 4)]))
    let shipment = try shop.prepare(order.number).number
    let cancellation = try shop.cancel(order.number, lines: [2])
    #expect(cancellation.order.state == .confirmed)
    // The shipment held lamps, so it is off; its chairs are still reserved.
    #expect(try shop.read { try Shipments.require(number: shipment, in: $0) }.state == .cancelled)
    #expect(try shop.free("LAMP") == units(4))
    #expect(try shop.free("CHAIR") == .zero)
    #expect(try shop.creditUse(of: "HOTEL").orders == fen(79_996 + 10_399))
    try shop.ship(order.number)
    #expect(try shop.invoice(order.number).gross == fen(79_996 + 10_399))
    #expect(try shop.violations().isEmpty)
  }

  @Test("so much of some lines, and the rest stays promised")
  func someQuantities() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 4)
    let order = try shop.place(.of("VIPCO", [("CHAIR", 6), ("TABLE", 3)])).number
    let cancel: @Sendable ([LineQuantity]) -> @Sendable (Transaction) throws -> Cancellation = {
      quantities in
      {
        try CancelOrder(number: order, reason: "PRICE", quantities: quantities, by: "till").run(
          in: $0, at: Shop.now)
      }
    }
    let done = try shop.write(
      cancel([.init(line: 1, quantity: units(3)), .init(line: 2, quantity: units(1))]))
    #expect(done.order.lines.map(\.cancelled) == [units(3), units(1)])
    #expect(done.order.lines.map(\.reserved) == [units(3), .zero])
    #expect(try shop.free("CHAIR") == units(1))
    // Nobody asks for chairs any more, and two tables are planned instead of three.
    #expect(done.verdicts.filter { $0.outcome == .cancelled }.count >= 2)
    #expect(done.verdicts.contains { $0.outcome == .planned })
    #expect(try shop.creditUse(of: "VIPCO").orders.minor < done.order.gross.minor)
    #expect(try shop.violations().isEmpty)
    let refused = try shop.refusals(cancel([.init(line: 1, quantity: units(4))]))
    #expect(refused.map(\.reason) == ["MORE_THAN_AVAILABLE"])
    #expect(refused.first?.field == "quantities[0].quantity")
    let all = try shop.write(
      cancel([.init(line: 1, quantity: units(3)), .init(line: 2, quantity: units(2))]))
    #expect(all.order.state == .cancelled)
    #expect(try shop.creditUse(of: "VIPCO").orders == cny(0))
    #expect(try shop.violations().isEmpty)
  }

  @Test("what is released goes to the demand that waits")
  func releasesToWaiting() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 4)
    let first = try shop.place(.of("HOTEL", [("CHAIR", 4)])).number
    let second = try shop.place(.of("VIPCO", [("CHAIR", 3)])).number
    #expect(try shop.order(second).lines[0].reserved == .zero)
    _ = try shop.cancel(first)
    #expect(try shop.order(second).lines[0].reserved == units(3))
    #expect(try shop.violations().isEmpty)
  }

  @Test("money that is not needed any more is reported")
  func unapplied() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 4)
    let order = try shop.place(.of("ANNA", [("CHAIR", 2), ("LAMP", 1)])).number
    try shop.pay("ANNA", cny(492), for: order)
    // 492.00 less the chairs' 451.98.
    #expect(try shop.cancel(order, lines: [2]).unapplied == fen(4_002))
    #expect(try shop.cancel(order).unapplied == cny(492))
    #expect(try shop.violations().isEmpty)
  }

  @Test("single lines only once they are promised; the whole at any time before it has left")
  func beforeConfirmation() throws {
    let shop = try Shop()
    let order = try shop.place(.of("BIGCO", [("CHAIR", 30), ("LAMP", 1)])).number
    let reasons = try shop.reasons {
      try CancelOrder(number: order, reason: "PRICE", lines: [2], by: "till")
        .run(in: $0, at: Shop.now)
    }
    #expect(reasons == ["ORDER_STATE_FORBIDS"])
    #expect(try shop.cancel(order, lines: [2, 1]).order.state == .cancelled)
  }

  @Test("is refused when nothing is left, and for lines that do not exist")
  func refusals() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 4)
    let order = try shop.place(.of("HOTEL", [("CHAIR", 2)])).number
    let cancel: @Sendable ([Int]) -> @Sendable (Transaction) throws -> Cancellation = { lines in
      {
        try CancelOrder(number: order, reason: "PRICE", lines: lines, by: "till").run(
          in: $0, at: Shop.now)
      }
    }
    #expect(try shop.reasons(cancel([2])) == ["UNKNOWN_LINE"])
    #expect(try shop.reasons(cancel([0])) == ["UNKNOWN_LINE"])
    try shop.ship(order)
    #expect(try shop.reasons(cancel([])) == ["NOTHING_TO_CANCEL"])
    _ = try shop.invoice(order)
    try shop.pay("HOTEL", cny(1_000))
    #expect(try shop.reasons(cancel([])) == ["ORDER_STATE_FORBIDS"])
  }

  @Test("who stands in for one who made the order or asked does not agree, whatever it is about")
  func standIns() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 20)
    try shop.write { tx in
      _ = try SetCancellationPolicy(
        rules: [CancellationRule(steps: [ApprovalStepRule(role: "SALES_MANAGER")])], reason: "all",
        by: "boss"
      ).run(in: tx, at: Shop.now)
      _ = try SetChangePolicy(
        rules: [
          ChangeRule(
            kinds: [], stages: [], minimumChange: nil, step: ApprovalStepRule(role: "FINANCE"))
        ], expireHours: nil, slackDays: 0, reason: "all", by: "boss"
      ).run(in: tx, at: Shop.now)
    }
    let number = try shop.place(.of("HOTEL", [("CHAIR", 4)])).number  // by "till"
    try shop.write { tx in
      _ = try CancelOrder(number: number, reason: "PRICE", by: "clerk").run(
        in: tx, at: Shop.now)
      _ = try RequestOrderChange(
        number: number,
        OrderChange(lines: [.init(number: 1, quantity: .init(units(5)))]), reason: "more",
        by: "clerk", roles: []
      ).run(in: tx, at: Shop.now)
    }
    for maker in ["till", "clerk"] {
      let cancelling = try shop.reasons { tx in
        try ApproveCancellation(
          number: number, by: Decider("boss", roles: ["SALES_MANAGER"], standingInFor: [maker])
        ).run(in: tx, at: Shop.now)
      }
      #expect(cancelling == ["MAKER_MAY_NOT_DECIDE"])
      let changing = try shop.reasons { tx in
        try ApproveChangeRequest(
          order: number, by: Decider("boss", roles: ["FINANCE"], standingInFor: [maker])
        ).run(in: tx, at: Shop.now).request
      }
      #expect(changing == ["STAND_IN_MAY_NOT_DECIDE"])
    }
    let done = try shop.write { tx in
      try ApproveCancellation(
        number: number, by: Decider("boss", roles: ["SALES_MANAGER"], standingInFor: ["zhao"])
      ).run(in: tx, at: Shop.now)
    }
    #expect(done.order.state == .cancelled)
    #expect(try shop.violations().isEmpty)
  }

  @Test("who stands in for one who decided a step of a rule does not decide the next one")
  func standInsOfSteps() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 20)
    try shop.write { tx in
      _ = try ReplaceApprovalRules(
        rules: [
          ApprovalRule(
            customerClass: nil, minimumGross: nil,
            steps: [ApprovalStepRule(role: "FIRST"), ApprovalStepRule(role: "SECOND")])
        ], reason: "two", by: "boss"
      ).run(in: tx, at: Shop.now)
    }
    let number = try shop.place(.of("HOTEL", [("CHAIR", 4)])).number
    let approve:
      @Sendable (String, String, Set<String>) -> @Sendable (Transaction) throws -> SalesOrder = {
        actor, role, others in
        {
          try ApproveOrder(number: number, by: actor, roles: [role], standingInFor: others).run(
            in: $0, at: Shop.now)
        }
      }
    _ = try shop.write(approve("ana", "FIRST", ["wu"]))
    // Neither who stands in for her nor for whom she stood in.
    #expect(try shop.reasons(approve("bo", "SECOND", ["ana"])) == ["STEP_TAKES_ANOTHER"])
    #expect(try shop.reasons(approve("wu", "SECOND", [])) == ["STEP_TAKES_ANOTHER"])
    #expect(try shop.write(approve("bo", "SECOND", [])).approval.isPending == false)
    #expect(try shop.violations().isEmpty)
  }
}
