import Messages
import RPC
import TestKit
import Testing

@Suite("What a request leaves out, or says in words that nobody knows")
struct MissingValueTests {
  @Test("a question about nothing names the field that is missing, whatever is asked for")
  func emptyNames() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let asked: [(field: String, error: RPCError?)] = [
      ("sku", await refusal { try await shop.catalog.getProduct(.init()) }),
      ("sku", await refusal { try await shop.catalog.getPrice(.init(customerCode: "CASH")) }),
      ("customer_code", await refusal { try await shop.catalog.getPrice(.init(sku: "CHAIR")) }),
      ("code", await refusal { try await shop.customers.getCustomer(.init()) }),
      ("sku", await refusal { try await shop.inventory.getAvailability(.init()) }),
      ("sku", await refusal { try await shop.inventory.listMoves(.init()) }),
      ("number", await refusal { try await shop.purchasing.getPurchaseOrder(.init()) }),
      ("sku", await refusal { try await shop.production.getBillOfMaterial(.init()) }),
      ("number", await refusal { try await shop.production.getWorkOrder(.init()) }),
      ("number", await refusal { try await shop.orders.getOrder(.init()) }),
      ("number", await refusal { try await shop.orders.getOrderTimeline(.init()) }),
      ("order_number", await refusal { try await shop.orders.listShipments(.init()) }),
      ("number", await refusal { try await shop.finance.getInvoice(.init()) }),
      ("number", await refusal { try await shop.finance.getPayment(.init()) }),
      (
        "number",
        await refusal {
          try await shop.production.closeWorkOrder(.init(), options: shop.command())
        }
      ),
    ]
    for (field, error) in asked {
      #expect(error?.code == .invalidArgument)
      #expect(violations(error) == ["REQUIRED \(field)"])
      #expect(error?.message == "\(field) is required")
    }
    await shop.close()
  }

  @Test("a value of a list is required, and one that this server does not know is another matter")
  func choices() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let order = try await shop.place([("CHAIR", 1)])
    for (known, reason) in [(false, "UNKNOWN_VALUE"), (true, "REQUIRED")] {
      let placed = await refusal {
        try await shop.orders.placeOrder(
          .init(
            order: shop.input([("CHAIR", 1)], channel: known ? .unspecified : .unrecognized(99))),
          options: shop.command())
      }
      #expect(violations(placed) == ["\(reason) order.channel"])
      let cancelled = await refusal {
        try await shop.orders.cancelOrder(
          .init(number: order.number, reason: known ? .unspecified : .unrecognized(99)),
          options: shop.command())
      }
      #expect(violations(cancelled) == ["\(reason) reason"])
      let paid = await refusal {
        try await shop.finance.receivePayment(
          .init(
            amount: yuan("1"), method: known ? .unspecified : .unrecognized(99),
            orderNumber: order.number), options: shop.command())
      }
      #expect(violations(paid) == ["\(reason) method"])
      let verdicts = try await shop.catalog.upsertProducts(
        .init(products: [
          .init(
            sku: "SOFA", name: "沙发", kind: known ? .unspecified : .unrecognized(99),
            unitCode: "pcs", taxClass: "STANDARD")
        ]), options: shop.command()
      ).verdicts
      #expect(
        verdicts.first?.violations.map { "\($0.reason) \($0.field)" }
          == ["\(reason) products[0].kind"])
    }
    let filtered = await refusal {
      try await shop.production.listWorkOrders(.init(state: .unrecognized(99)))
    }
    #expect(violations(filtered) == ["UNKNOWN_VALUE state"])
    await shop.close()
  }

  @Test("a payment of nobody says which two fields could name its payer")
  func payer() async throws {
    let shop = try await Shop.open()
    let error = await refusal {
      try await shop.finance.receivePayment(
        .init(amount: yuan("1"), method: .cash), options: shop.command())
    }
    #expect(violations(error) == ["REQUIRED customer_code"])
    #expect(error?.message == "Either customer_code or order_number is required.")
    await shop.close()
  }

  @Test("a key that is missing and one that is malformed are told apart")
  func keys() async throws {
    let shop = try await Shop.open()
    for (metadata, reason) in [
      (Metadata(), "IDEMPOTENCY_KEY_MISSING"),
      (["idempotency-key": "two words"], "IDEMPOTENCY_KEY_INVALID"),
      (["idempotency-key": String(repeating: "k", count: 129)], "IDEMPOTENCY_KEY_INVALID"),
    ] {
      let error = await refusal {
        try await shop.catalog.upsertWarehouses(
          .init(), options: CallOptions(metadata: metadata))
      }
      #expect(violations(error) == ["\(reason) metadata idempotency-key"])
    }
    await shop.close()
  }

  @Test("a price is asked for a quantity that could be sold")
  func quantities() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    for (quantity, reason) in [
      (amount("0", ""), "QUANTITY_NOT_POSITIVE quantity"),
      (amount("-2", ""), "QUANTITY_NOT_POSITIVE quantity"),
      (amount("0.5", "pcs"), "FRACTION_OF_UNIT quantity"),
      (amount("1", "kg"), "WRONG_UNIT quantity.unit_code"),
    ] {
      let error = await refusal {
        try await shop.catalog.getPrice(
          .init(customerCode: "CREDIT", sku: "CHAIR", quantity: quantity))
      }
      #expect(violations(error) == [reason])
    }
    await shop.close()
  }
}
