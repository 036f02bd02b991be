import Messages
import RPC
import TestKit
import Testing

@Suite("Whose a consolidated invoice is")
struct ConsolidatedScopeTests {
  /// A delivered chair that waits for one.
  private func deliver(_ gate: ScopedShop, to customer: String) async throws {
    let orders = gate.shop.orders
    func all() -> CallOptions { gate.commands("everybody") }
    var input = gate.shop.input([("CHAIR", 1)], customer: customer)
    input.instructions = .init(invoice: .init(kind: .ordinary, consolidated: true))
    let order = try await orders.placeOrder(.init(order: input), options: all()).order?.number
    let prepared = try await orders.prepareShipment(
      .init(orderNumber: order ?? ""), options: all())
    let number = prepared.shipment?.number ?? ""
    _ = try await orders.pickShipment(.init(number: number), options: all())
    _ = try await orders.packShipment(.init(number: number, cartons: 1), options: all())
    _ = try await orders.dispatchShipment(.init(number: number, carrier: "SF"), options: all())
    _ = try await orders.deliverShipment(.init(number: number), options: all())
  }

  @Test("a run writes, and the feed tells, those of customers in scope and no others")
  func scoped() async throws {
    let gate = try await ScopedShop([("li.wei", [.ownCustomers])])
    for customer in ["KUNDE-7", "KUNDE-8"] { try await deliver(gate, to: customer) }
    let own = try await gate.shop.finance.consolidateInvoices(
      .init(), options: gate.commands("li.wei")
    ).invoices
    #expect(own.map(\.customerCode) == ["KUNDE-7"])
    let others = try await gate.shop.finance.consolidateInvoices(
      .init(), options: gate.commands("everybody")
    ).invoices
    #expect(others.map(\.customerCode).contains("KUNDE-8"))
    let listed = try await gate.shop.finance.listConsolidatedInvoices(
      .init(), options: gate.asks("li.wei")
    ).invoices
    #expect(listed.map(\.number) == own.map(\.number))

    var told: [String] = []
    for try await batch in try await gate.shop.events.watch(
      .init(), options: gate.asks("li.wei"))
    {
      told += batch.events.filter { $0.type == "invoice.consolidated" }
        .map { $0.subject?.number ?? "" }
      if batch.caughtUp { break }
    }
    #expect(told == own.map(\.number))
    for invoice in own + others {
      let isOwn = invoice.customerCode == "KUNDE-7"
      let seen = await refusal {
        try await gate.shop.finance.getInvoice(
          .init(number: invoice.number), options: gate.asks("li.wei"))
      }
      #expect((seen == nil) == isOwn)
      let explained = try await gate.shop.identity.explainAccess(
        .init(
          principal: "li.wei", method: "FinanceService/GetInvoice",
          documentNumber: invoice.number), options: gate.asks("everybody"))
      #expect(explained.allowed == isOwn, "\(invoice.number)")
    }
    try await gate.close()
  }
}
