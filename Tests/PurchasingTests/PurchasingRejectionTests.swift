import Inventory
import Purchasing
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

  private static let number = "PO-2026-000001"

  /// Every case of `PurchasingRejection`, in the order of its declaration.
  static let all: [Refusal] = [
    Refusal("TOO_MANY_LINES", "lines", .invalid) { tx in
      try CreatePurchaseOrder(
        supplierCode: "OAK", warehouseCode: "MAIN",
        lines: Array(repeating: .of(1), count: CreatePurchaseOrder.lineLimit + 1)
      ).run(in: tx, at: Yard.now)
    },
    Refusal("NO_LINES", "lines", .invalid) { try $0.order() },
    Refusal("DUPLICATE_LINE", "lines[1].line_number", .invalid) { tx in
      try tx.order(.of(3))
      try tx.receive(number, (1, 1), (1, 1))
    },
    Refusal("DUPLICATE_REQUISITION", "lines[1].requisition_number", .invalid) { tx in
      try tx.request(1, for: 1)
      try tx.order(.requisition(1), .requisition(1))
    },
    Refusal("BILLED_IN_FUTURE", "billed_on", .invalid) { tx in
      try tx.order(.of(3))
      try tx.receive()
      try tx.bill("B-1", billedOn: Yard.day.adding(days: 1))
    },
    Refusal("DUE_BEFORE_BILLED", "due_on", .invalid) { tx in
      try tx.order(.of(3))
      try tx.receive()
      try tx.bill("B-1", dueOn: Yard.day.adding(days: -1))
    },
    Refusal("UNKNOWN_REQUISITION", "lines[0].requisition_number", .notFound) {
      try $0.order(.requisition(1))
    },
    Refusal("UNKNOWN_PURCHASE_ORDER", "purchase_order_number", .notFound) { try $0.receive() },
    Refusal("UNKNOWN_LINE", "lines[0].line_number", .notFound) { tx in
      try tx.order(.of(3))
      try tx.receive(number, (2, 1))
    },
    Refusal("DUPLICATE_DELIVERY_NOTE", "delivery_note", .alreadyExists) { tx in
      try tx.order(.of(3))
      try tx.receive(number, (1, 1), note: "DN-1")
      try tx.receive(number, (1, 1), note: "DN-1")
    },
    Refusal("DUPLICATE_BILL_NUMBER", "bill_number", .alreadyExists) { tx in
      try tx.order(.of(3))
      try tx.receive()
      try tx.bill("B-1", number, .of(1, 1))
      try tx.bill("B-1", number, .of(1, 1))
    },
    Refusal("REQUISITION_NOT_OPEN", "lines[0].requisition_number", .precondition) { tx in
      try tx.request(1, for: 1)
      try tx.order(.requisition(1))
      try tx.order(.requisition(1))
    },
    Refusal("REQUISITION_DIFFERS", "lines[0].requisition_number", .precondition) { tx in
      try tx.request(1, for: 1)
      try tx.order(.requisition(1), to: "EAST")
    },
    Refusal("BELOW_REQUISITION", "lines[0].quantity", .precondition) { tx in
      try tx.request(2, for: 1)
      try tx.order(.requisition(1, units: 1))
    },
    Refusal("NO_PURCHASE_PRICE", "lines[0].unit_price", .precondition) {
      try $0.order(.of(1, "T-1"))
    },
    Refusal("DROP_SHIPPED", "purchase_order_number", .precondition) { tx in
      try CreatePurchaseOrder(
        supplierCode: "OAK", warehouseCode: "MAIN", lines: [.of(3)],
        direct: Origin(.salesOrder, "SO-1", line: 1)
      ).run(in: tx, at: Yard.now)
      try tx.receive()
    },
    Refusal("NOTHING_TO_RECEIVE", nil, .precondition) { tx in
      try tx.order(.of(3))
      try tx.receive()
      try tx.receive()
    },
    Refusal("NOTHING_TO_BILL", nil, .precondition) { tx in
      try tx.order(.of(3))
      try tx.bill("B-1")
    },
    Refusal("NOTHING_TO_CANCEL", nil, .precondition) { tx in
      try tx.order(.of(3))
      try tx.receive()
      try CancelPurchaseOrder(number: number).run(in: tx, at: Yard.now)
    },
    Refusal("OVER_RECEIPT", "lines[0].quantity", .precondition) { tx in
      try tx.order(.of(3))
      try tx.receive(number, (1, 4))
    },
    Refusal("OVER_BILLING", "lines[0].quantity", .precondition) { tx in
      try tx.order(.of(3))
      try tx.receive(number, (1, 2))
      try tx.bill("B-1", number, .of(1, 3))
    },
  ]
}

@Suite("Refusals of purchasing")
struct PurchasingRejectionTests {
  @Test("says what, where and of which kind", arguments: Refusal.all)
  func refuses(_ refusal: Refusal) async throws {
    let yard = try await Yard()
    let found = try await yard.refusals(refusal.provoke)
    #expect(found.map(\.reason) == [refusal.reason])
    #expect(found.first?.field == refusal.field)
    #expect(found.first?.kind == refusal.kind)
    #expect(found.first?.message.isEmpty == false)
    #expect(try await yard.balances() == [])
  }

  @Test("shape comes before references, references before state")
  func precedence() {
    let ranks = Refusal.all.map { refusal in
      switch refusal.kind {
      case .invalid: 0
      case .notFound: 1
      case .alreadyExists: 2
      default: 3
      }
    }
    #expect(ranks == ranks.sorted())
  }

  @Test("a delivery note of another supplier, and a line for another product, are other things")
  func neighbours() async throws {
    let yard = try await Yard()
    try await yard.write { tx in
      try tx.order(.of(3))
      try tx.order(.of(3, at: price(1)), from: "PINE")
      try tx.receive("PO-2026-000001", note: "DN-1")
      try tx.receive("PO-2026-000002", note: "DN-1")
      try tx.bill("B-1", "PO-2026-000001")
      try tx.bill("B-1", "PO-2026-000002")
      try tx.request(1, for: 1)
    }
    let other = try await yard.refusals { tx in
      try tx.order(PurchaseLineDraft(requisitionNumber: "RQ-2026-000001", sku: "C-1"))
    }
    #expect(other.map(\.reason) == ["REQUISITION_DIFFERS"])
    #expect(other.first?.field == "lines[0].sku")
    let service = try await yard.refusals { try $0.order(.of(1, "S-1", at: price(1))) }
    #expect(service.map(\.reason) == ["SERVICE_HAS_NO_STOCK"])
  }
}
