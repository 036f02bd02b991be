import Inventory
import Purchasing
import Storage
import Testing
import Values

@Suite("Requisitions")
struct RequisitionTests {
  @Test("are raised on the timeline of the order at the root")
  func raise() async throws {
    let yard = try await Yard()
    let events = try await yard.events { tx in
      let plain = try tx.request(2, for: 1)
      #expect(plain.state == .open && plain.preferredSupplierCode == "OAK")
      #expect(try Requisitions.find(number: plain.number, in: tx) == plain)
      try tx.request(3, "T-1", for: 2, root: salesOrder(9))
    }
    #expect(
      events == [
        DomainEvent(
          "requisition.raised", DocumentReference(.requisition, "RQ-2026-000001"),
          related: salesOrder(1),
          [
            Fact("sku", "R-1"), Fact("quantity", "2"), Fact("unit", "m2"),
            Fact("warehouse", "MAIN"), Fact("supplier", "OAK"),
          ]),
        DomainEvent(
          "requisition.raised", DocumentReference(.requisition, "RQ-2026-000002"),
          related: salesOrder(9),
          [
            Fact("sku", "T-1"), Fact("quantity", "3"), Fact("unit", "pcs"),
            Fact("warehouse", "MAIN"),
          ]),
      ])
  }

  @Test("are listed by state and origin, the oldest first")
  func lists() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      for order in 1...4 { try tx.request(1, for: order) }
      try tx.request(1, for: 1, line: 2)
      try tx.order(.requisition(2))
      _ = try CancelRequisitions(origin: orderLine(3, 0)).run(in: tx, at: Yard.now)
      let numbers = { (page: [Requisition]) in page.map { $0.number.suffix(1) } }
      let first = try Requisitions.list(limit: 2, in: tx)
      let rest = try Requisitions.list(after: first[1].id, limit: 9, in: tx)
      #expect(numbers(first + rest) == ["1", "2", "3", "4", "5"])
      #expect(try numbers(Requisitions.list(.open, limit: 9, in: tx)) == ["1", "4", "5"])
      #expect(try numbers(Requisitions.list(.ordered, limit: 9, in: tx)) == ["2"])
      #expect(try numbers(Requisitions.list(.cancelled, limit: 9, in: tx)) == ["3"])
      #expect(try numbers(Requisitions.of(orderLine(1, 0), in: tx)) == ["1", "5"])
      #expect(try numbers(Requisitions.of(orderLine(1, 2), in: tx)) == ["5"])
    }
    #expect(try await yard.violations() == [])
  }

  @Test("of a demand that goes away: cancelled, or kept as stock with what was spent")
  func cancel() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      for _ in 1...3 { try tx.request(4, for: 1) }
      try tx.order(.requisition(2))
      try tx.order(.requisition(3, units: 9))
      try tx.receive("PO-2026-000002", (1, 4))
    }
    let events = try await yard.events { tx in
      let verdicts = try CancelRequisitions(origin: orderLine(1, 1)).run(in: tx, at: Yard.now)
      #expect(verdicts.map(\.outcome) == [.cancelled, .keptAsStock, .keptAsStock])
      #expect(verdicts.map(\.sunkCost) == [nil, nil, fen(13_333)])
      #expect(verdicts.map(\.document.number.last) == ["1", "2", "3"])
      // Nobody asks a second time.
      #expect(try CancelRequisitions(origin: orderLine(1, 0)).run(in: tx, at: Yard.now) == [])
    }
    #expect(
      events.map(\.type) == [
        "requisition.cancelled", "requisition.kept-as-stock", "requisition.kept-as-stock",
      ])
    #expect(events.allSatisfy { $0.related == salesOrder(1) })
    #expect(try await yard.violations() == [])
  }

  @Test("refuses a service and a quantity of nothing")
  func refuses() async throws {
    let yard = try await Yard()
    let service = try await yard.refusals { try $0.request(1, "S-1", for: 1) }
    let nothing = try await yard.refusals { try $0.request(0, for: 1) }
    #expect(service.map(\.reason) == ["SERVICE_HAS_NO_STOCK"])
    #expect(nothing.map(\.reason) == ["QUANTITY_NOT_POSITIVE"])
  }
}
