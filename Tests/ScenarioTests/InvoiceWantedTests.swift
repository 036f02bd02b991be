import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what invoice is wanted can be said until it is written")
struct InvoiceWantedTests {
  private static let company = FinanceV1.InvoiceRequirement(
    kind: .vatSpecial, form: .paper, buyerName: "Oak Ltd.", taxNumber: "91330106MA2H00001X")

  private func change(
    _ shop: Shop, _ number: String, _ change: OrdersV1.OrderChange, roles: String = "",
    dryRun: Bool = false
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(number: number, change: change, reason: "customer called"),
      options: shop.command(roles: roles, dryRun: dryRun))
  }

  @Test("after all goods have left another title is taken, and after the invoice it is refused")
  func untilWritten() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    let order = try await shop.place([("CHAIR", 2)], customer: "CREDIT").number
    try await shop.deliver(order)
    let wanted = OrdersV1.OrderChange(instructions: .init(invoice: Self.company))
    let lacking = await refusal {
      try await change(
        shop, order, .init(instructions: .init(invoice: .init(kind: .vatSpecial))))
    }
    #expect(
      violations(lacking) == [
        "REQUIRED change.instructions.invoice.buyer_name",
        "REQUIRED change.instructions.invoice.tax_number",
        "REQUIRED change.instructions.invoice.send_to",
      ])
    let packing = await refusal {
      try await change(shop, order, .init(instructions: .init(packing: .init(takeBack: true))))
    }
    #expect(violations(packing) == ["CHANGE_FORBIDDEN change.instructions.packing"])
    let more = await refusal {
      try await change(shop, order, .init(lines: [.init(lineNumber: 1, quantity: pieces(3))]))
    }
    #expect(violations(more) == ["CHANGE_FORBIDDEN change.lines[0].quantity"])
    let shown = try await change(shop, order, wanted, dryRun: true)
    let done = try await change(shop, order, wanted)
    #expect(shown.impact == done.impact && done.impact?.grossChange == yuan("0.00"))
    #expect(done.impact?.differences.map(\.field) == [.invoice])
    #expect(done.order?.version == 1 + (shown.impact?.baseVersion ?? 0))
    let versions = try await shop.orders.listOrderVersions(.init(number: order)).versions
    #expect(versions.last?.instructions?.invoice?.buyerName == "Oak Ltd.")
    let rights = try await shop.orders.getAllowedActions(.init(number: order)).changes
    #expect(rights.filter(\.allowed).map(\.kind) == [.invoice])

    let bill = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    let invoice = try await shop.finance.getInvoice(.init(number: bill.invoiceNumber)).invoice
    #expect(invoice?.requirement?.buyerName == "Oak Ltd.")
    let late = await refusal { try await change(shop, order, wanted) }
    #expect(violations(late) == ["INVOICE_WRITTEN change.instructions.invoice"])
    #expect(late?.message.contains(bill.invoiceNumber) == true)
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("1127.74"), method: .card, orderNumber: order), options: shop.command())
    let closed = await refusal { try await change(shop, order, wanted) }
    #expect(violations(closed) == ["INVOICE_WRITTEN change.instructions.invoice"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("packing alone leaves prices, credit and approval as they were agreed")
  func packingAlone() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    let order = try await shop.place([("CHAIR", 2)], customer: "CREDIT")
    // Neither a product that is sold no more nor a limit that is passed speaks against a crate.
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(code: "CREDIT", name: "张伟", creditLimit: yuan("1"), terms: .init(netDays: 30))
      ]), options: shop.command())
    let done = try await change(
      shop, order.number,
      .init(lines: [
        .init(lineNumber: 1, instructions: .init(packing: .init(method: .woodenCrate)))
      ]))
    #expect(done.order?.lines.first?.instructions?.packing?.method == .woodenCrate)
    #expect(done.order?.gross == order.gross && done.holds.isEmpty)
    #expect(done.impact?.verdicts == [])
    let again = try await shop.orders.diffOrderVersions(
      .init(number: order.number, fromVersion: order.version, toVersion: done.order?.version ?? 0))
    #expect(again.differences.map(\.lineNumber) == [1])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
