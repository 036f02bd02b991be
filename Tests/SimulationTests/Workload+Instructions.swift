import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// What a customer asks for beside the goods, or a part of it.
  mutating func someWishes() -> OrdersV1.OrderInstructions {
    var wishes = OrdersV1.OrderInstructions()
    if random.chance(50) {
      wishes.gift = .init(wrap: random.chance(50), cardText: "to \(random.number(1...9))")
    }
    if random.chance(50) {
      wishes.packing = .init(method: random.chance(50) ? .eco : .woodenCrate)
    }
    if random.chance(50) {
      wishes.invoice = .init(
        kind: .vatSpecial, form: .electronic, buyerName: "Oak \(random.number(1...9))",
        taxNumber: "91330106MA2H0000\(random.number(10...12))", sendTo: "tax@oak.example",
        consolidated: random.chance(60))
    }
    if random.chance(50) { wishes.delivery = .init(care: [.callBefore], text: "gate 3") }
    return wishes
  }

  /// As orders and invoices tell it: nothing where nothing is asked for, and never where the
  /// invoice is sent.
  func told(_ asked: OrdersV1.OrderInstructions?) -> OrdersV1.OrderInstructions? {
    guard var asked, asked != .init() else { return nil }
    asked.invoice?.sendTo = ""
    return asked
  }

  /// A few rows of a file: one that asks for something else, perhaps one that was written for
  /// another version, perhaps one that was carried out before.
  mutating func editSome() async throws {
    guard let number = pickOrder(), let order = model.orders[number], order.isConfirmed,
      order.deposit == 0, !order.isRepair, !order.lines.contains(where: \.isPiece),
      let seen = try await shop.orders.getOrder(.init(number: number)).order
    else { return }
    let wanted = someWishes()
    guard wanted != .init() else { return }
    let isStale = random.chance(25)
    let row = OrdersV1.OrderEdit(
      row: 1, number: number, expectedVersion: seen.version + (isStale ? 1 : 0),
      change: .init(instructions: wanted), reason: "asked by mail")
    var rows = [row]
    if let before = edited { rows.append(before.row) }
    let isAtomic = random.chance(30)
    let request = OrdersV1.EditOrdersRequest(
      mode: isAtomic ? .atomic : .bestEffort, source: "night", edits: rows)
    let options = shop.command(roles: "SALES_MANAGER")
    var after = wishes[number] ?? .init()
    if let gift = wanted.gift { after.gift = gift }
    if let packing = wanted.packing { after.packing = packing }
    if let invoice = wanted.invoice { after.invoice = invoice }
    if let delivery = wanted.delivery { after.delivery = delivery }
    let accepted = !isStale && model.mayInstruct(order, onlyInvoice: wanted.isAboutInvoice)
    let reply = try await shop.intake.editOrders(request, options: options)
    try #require(reply.verdicts.count == rows.count)
    #expect(
      reply.verdicts[0].outcome == (accepted ? .changed : .refused),
      "\(number): \(reply.verdicts[0]) of \(order)")
    if let before = edited {
      let isKept = accepted || !isAtomic
      #expect(reply.verdicts[1].outcome == (isKept ? .unchanged : .refused))
      if isKept { #expect(reply.verdicts[1].version == before.version) }
    }
    guard accepted else { return }
    // What is asked for beside the goods prices nothing anew.
    follow(number)
    wishes[number] = told(after)
    edited = (row, reply.verdicts[0].version)
    repeatLast = { [shop] in
      let again = try await shop.intake.editOrders(request, options: options)
      #expect(again == reply)
    }
  }

  func isInvoicedTogether(_ number: String) -> Bool {
    wishes[number]?.invoice?.consolidated == true
  }

  /// What waits of the customer of an order: one invoice for all that asks for the same.
  mutating func invoiceTogether(_ number: String) async throws {
    let alone = await refusal {
      try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    }
    #expect(alone != nil, "\(number)")
    guard let customer = model.orders[number]?.customer else { return }
    let due = model.orders.filter { other, order in
      order.customer == customer && isInvoicedTogether(other) && order.state != "CANCELLED"
        && order.lines.contains { $0.shipped > $0.invoiced }
    }.keys.sorted()
    let listed = try await shop.finance.listUninvoicedDeliveries(.init(customerCode: customer))
    #expect(Set(listed.deliveries.map(\.orderNumber)) == Set(due))
    let request = FinanceV1.ConsolidateInvoicesRequest(
      customerCode: random.chance(50) ? customer : "")
    let shown = try await shop.finance.consolidateInvoices(
      request, options: shop.command(dryRun: true))
    let options = shop.command()
    let done = try await shop.finance.consolidateInvoices(request, options: options)
    #expect(done == shown && done.waiting.isEmpty)
    var billed: Set<String> = []
    for invoice in done.invoices {
      let wanted = Set(invoice.orderNumbers.map { wishes[$0]?.invoice })
      #expect(wanted.count == 1, "\(invoice.number)")
      let gross = invoice.orderNumbers.reduce(0) { $0 + model.invoice($1) }
      #expect(invoice.gross?.minorUnits == gross, "\(invoice.number)")
      let whole = try await shop.finance.getInvoice(.init(number: invoice.number)).invoice
      let lines = whole?.lines.reduce(0) {
        $0 + ($1.net?.minorUnits ?? 0) + ($1.tax?.minorUnits ?? 0)
      }
      #expect(lines == gross && whole?.requirement == wanted.first)
      billed.formUnion(invoice.orderNumbers)
    }
    #expect(billed.isSuperset(of: due))
    repeatLast = { [shop] in
      let again = try await shop.finance.consolidateInvoices(request, options: options)
      #expect(again == done)
    }
  }

  /// Orders, and their shipments that have not left, say what was asked for last.
  func auditWishes() async throws {
    for number in model.orders.keys {
      let order = try await shop.orders.getOrder(.init(number: number)).order
      #expect(order?.instructions == wishes[number], "\(number)")
    }
  }
}

extension OrdersV1.OrderInstructions {
  fileprivate var isAboutInvoice: Bool { gift == nil && packing == nil && delivery == nil }
}

extension ShopModel {
  /// What is asked for beside the goods costs nothing and promises nothing: it is refused only when
  /// it comes too late, the invoice when all of it is written.
  fileprivate func mayInstruct(_ order: Order, onlyInvoice: Bool) -> Bool {
    switch order.state {
    case "CONFIRMED", "PARTLY_SHIPPED": true
    case "SHIPPED", "DELIVERED":
      onlyInvoice && order.lines.contains { $0.wanted > $0.invoiced }
    default: false
    }
  }
}
