import Finance
import Orders
import Storage
import Testing
import Values

/// One row per refusal, in the order of their precedence. What each needs is prepared by
/// `Refusal.prepare`, whose result (a number) goes to the command that is refused.
@Suite("What orders refuse")
struct OrdersRejectionTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let reason: String
    let kind: RejectionKind
    var field: String?
    var prepare: @Sendable (Shop) throws -> String = { _ in "" }
    let command: @Sendable (String, Transaction) throws -> Void

    var testDescription: String { reason }
  }

  @Test("refuses", arguments: Self.rows)
  func refuses(row: Refusal) throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 50)
    let number = try row.prepare(shop)
    let refusals = try shop.refusals { try row.command(number, $0) }
    #expect(refusals.map(\.reason) == [row.reason])
    #expect(refusals.first?.kind == row.kind)
    #expect(refusals.first?.field == row.field)
    #expect(refusals.first?.message.isEmpty == false)
    #expect(try shop.violations().isEmpty)
  }

  static let rows: [Refusal] = requests + states + lines

  static let requests: [Refusal] = [
    Refusal(reason: "NO_LINES", kind: .invalid, field: "order.lines") { _, tx in
      _ = try PlaceOrder(.of("HOTEL", []), by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "TOO_MANY_LINES", kind: .invalid, field: "order.lines") { _, tx in
      let lines = Array(repeating: ("CHAIR", Int64(1)), count: 501)
      _ = try PlaceOrder(.of("HOTEL", lines), by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "NOT_FOR_SALE", kind: .precondition, field: "order.lines[0].sku") { _, tx in
      _ = try PlaceOrder(.of("HOTEL", [("BOARD", 1)]), by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "NO_PRICE", kind: .precondition, field: "order.lines[0].sku") { _, tx in
      _ = try PlaceOrder(.of("HOTEL", [("SECRET", 1)]), by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "DISCOUNT_TOO_LARGE", kind: .invalid, field: "order.discount") { _, tx in
      let draft = OrderDraft.of("HOTEL", [("CHAIR", 1)], discount: .amount(fen(20_000)))
      _ = try PlaceOrder(draft, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "UNKNOWN_ORDER", kind: .notFound, field: "number") { _, tx in
      _ = try SubmitOrder(number: "SO-1", by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "UNKNOWN_SHIPMENT", kind: .notFound, field: "number") { _, tx in
      _ = try PickShipment(number: "SH-1").run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "EXTERNAL_ID_TAKEN", kind: .alreadyExists, field: "order.external_id",
      prepare: { try $0.place(.of("HOTEL", [("CHAIR", 1)], externalID: "E")).number }
    ) { _, tx in
      _ = try CreateOrder(.of("ANNA", [("LAMP", 1)], externalID: "E"), by: "till").run(
        in: tx, at: Shop.now)
    },
    Refusal(
      reason: "VERSION_CONFLICT", kind: .conflict, field: "expected_version", prepare: drafted
    ) { number, tx in
      _ = try SubmitOrder(number: number, expectedVersion: 2, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "ORDER_OF_ANOTHER_CUSTOMER", kind: .precondition, field: "order_number",
      prepare: placed
    ) { number, tx in
      _ = try ReceiveOrderPayment(
        customerCode: "ANNA", amount: cny(1), method: .cash, orderNumber: number
      ).run(in: tx, at: Shop.now)
    },
  ]

  static let states: [Refusal] = [
    Refusal(reason: "ORDER_STATE_FORBIDS", kind: .precondition, prepare: drafted) { number, tx in
      _ = try ConfirmOrder(number: number).run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "NO_APPROVAL_PENDING", kind: .precondition,
      prepare: { try $0.submit(drafted($0)).number }
    ) { number, tx in
      _ = try ApproveOrder(number: number, by: "boss", roles: ["GENERAL_MANAGER"]).run(
        in: tx, at: Shop.now)
    },
    Refusal(reason: "APPROVAL_PENDING", kind: .precondition, prepare: pending) { number, tx in
      _ = try ConfirmOrder(number: number).run(in: tx, at: Shop.now)
    },
    Refusal(reason: "CREATOR_MAY_NOT_DECIDE", kind: .denied, prepare: pending) { number, tx in
      _ = try ApproveOrder(number: number, by: "till", roles: ["GENERAL_MANAGER"]).run(
        in: tx, at: Shop.now)
    },
    Refusal(reason: "ROLE_MISSING", kind: .denied, prepare: pending) { number, tx in
      _ = try ApproveOrder(number: number, by: "boss", roles: ["SUPERVISOR"]).run(
        in: tx, at: Shop.now)
    },
    Refusal(
      reason: "SHIPMENT_STATE_FORBIDS", kind: .precondition,
      prepare: { try $0.prepare(placed($0)).number }
    ) { number, tx in
      _ = try DispatchShipment(number: number, carrier: "SF").run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "PAYMENT_OUTSTANDING", kind: .precondition,
      prepare: { shop in
        let shipment = try shop.prepare(shop.place(.of("ANNA", [("CHAIR", 1)])).number).number
        try shop.pack(shipment)
        return shipment
      }
    ) { number, tx in
      _ = try DispatchShipment(number: number, carrier: "SF").run(in: tx, at: Shop.now)
    },
  ]

  static let lines: [Refusal] = [
    Refusal(reason: "UNKNOWN_LINE", kind: .notFound, field: "line_numbers[0]", prepare: placed) {
      number, tx in
      _ = try CancelOrder(number: number, reason: "PRICE", lines: [9], by: "till").run(
        in: tx, at: Shop.now)
    },
    Refusal(
      reason: "DUPLICATE_LINE", kind: .invalid, field: "lines[1].line_number", prepare: placed
    ) { number, tx in
      let line = LineQuantity(line: 1, quantity: units(1))
      _ = try PrepareShipment(orderNumber: number, lines: [line, line]).run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "LINE_IS_SERVICE", kind: .precondition, field: "lines[0].line_number", prepare: placed
    ) { number, tx in
      let line = LineQuantity(line: 2, quantity: units(1))
      _ = try PrepareShipment(orderNumber: number, lines: [line]).run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "LINE_IS_GOODS", kind: .precondition, field: "lines[0].line_number", prepare: placed
    ) { number, tx in
      let line = LineQuantity(line: 1, quantity: units(1))
      _ = try CompleteService(orderNumber: number, lines: [line]).run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "MORE_THAN_AVAILABLE", kind: .precondition, field: "lines[0].quantity",
      prepare: placed
    ) { number, tx in
      let line = LineQuantity(line: 1, quantity: units(3))
      _ = try PrepareShipment(orderNumber: number, lines: [line]).run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "NOTHING_TO_SHIP", kind: .precondition,
      prepare: { try $0.place(.of("HOTEL", [("LAMP", 1)])).number }
    ) { number, tx in
      _ = try PrepareShipment(orderNumber: number).run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "NOTHING_TO_COMPLETE", kind: .precondition,
      prepare: { try $0.place(.of("HOTEL", [("LAMP", 1)])).number }
    ) { number, tx in
      _ = try CompleteService(orderNumber: number).run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "NOTHING_TO_CANCEL", kind: .precondition,
      prepare: { shop in
        let number = try placed(shop)
        try shop.ship(number)
        return number
      }
    ) { number, tx in
      _ = try CancelOrder(number: number, reason: "TOO_LATE", by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "NOTHING_TO_INVOICE", kind: .precondition, prepare: placed) { number, tx in
      _ = try InvoiceOrder(number: number).run(in: tx, at: Shop.now)
    },
  ]

  @Test("an amount beyond the books is refused with its field")
  func amountTooLarge() throws {
    let shop = try Shop()
    let reasons = try shop.refusals { tx in
      try PriceFixture.set("CHAIR", micros: 1_000_000_000_000_000, in: tx)
      // Each line fits in 64 bits; their sum does not.
      let lines = Array(repeating: ("CHAIR", Int64(1_000_000)), count: 100)
      return try PlaceOrder(.of("HOTEL", lines), by: "till").run(in: tx, at: Shop.now)
    }
    #expect(reasons.map(\.reason) == ["AMOUNT_TOO_LARGE"])
    #expect(reasons.map(\.message) == ["The amount is larger than 10000000000000.00 CNY"])
    #expect(reasons.first?.field == "order.lines")
  }

  @Test("an order beyond what a document may come to is refused, though it fits in 64 bits")
  func amountBeyondAnyDocument() throws {
    let shop = try Shop()
    let reasons = try shop.refusals { tx in
      try PriceFixture.set("CHAIR", micros: 1_000_000_000_000_000, in: tx)
      return try PlaceOrder(.of("HOTEL", [("CHAIR", 10_000)]), by: "till").run(in: tx, at: Shop.now)
    }
    #expect(reasons.map(\.reason) == ["AMOUNT_TOO_LARGE"])
    #expect(reasons.map(\.message) == ["The amount is larger than 10000000000000.00 CNY"])
    #expect(reasons.first?.field == "order.lines")
  }

  private static let drafted: @Sendable (Shop) throws -> String = { shop in
    try shop.write {
      try CreateOrder(.of("HOTEL", [("CHAIR", 2)]), by: "till").run(in: $0, at: Shop.now)
    }
    .number
  }

  /// Two chairs and an installation, confirmed.
  private static let placed: @Sendable (Shop) throws -> String = {
    try $0.place(.of("HOTEL", [("CHAIR", 2), ("INSTALL", 1)])).number
  }

  /// Waits for the general manager.
  private static let pending: @Sendable (Shop) throws -> String = {
    try $0.place(.of("BIGCO", [("CHAIR", 30)])).number
  }
}
