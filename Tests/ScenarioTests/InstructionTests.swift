import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a gift, how it is packed, the invoice and how it is brought")
struct InstructionTests {
  private static let invoice = FinanceV1.InvoiceRequirement(
    kind: .vatSpecial, form: .electronic, buyerName: "橡木家居有限公司",
    taxNumber: "91330106MA2H00001X", sendTo: "tax@oak.example")

  private static let asked = OrdersV1.OrderInstructions(
    gift: .init(wrap: true, cardText: "祝乔迁之喜", sender: "Li", recipient: "Wang", hidePrices: true),
    packing: .init(method: .reinforced, takeBack: true, remark: "corners"),
    invoice: invoice,
    delivery: .init(
      care: [.callBefore, .liftTooSmall], noEntryBeforeMinute: 8 * 60 + 30, text: "gate 3"))

  /// As it is told: where the invoice is sent is for those who may know it.
  private static var told: OrdersV1.OrderInstructions {
    var told = asked
    told.invoice?.sendTo = ""
    return told
  }

  private static var ofGoods: OrdersV1.OrderInstructions {
    var told = asked
    told.invoice = nil
    return told
  }

  private func input(_ shop: Shop) -> OrdersV1.OrderInput {
    var input = shop.input([("CHAIR", 2), ("LAMP", 1)])
    input.instructions = Self.asked
    input.lines[1].instructions = .init(packing: .init(method: .woodenCrate))
    input.delivery = .init(zoneCode: "")
    return input
  }

  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "200")
    try await shop.stock("LAMP", 10, cost: "80")
    return shop
  }

  private func change(
    _ shop: Shop, _ number: String, _ change: OrdersV1.OrderChange, roles: String = "",
    dryRun: Bool = false
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(number: number, change: change, reason: "customer called"),
      options: shop.command(roles: roles, dryRun: dryRun))
  }

  @Test("from the order to the pick list, the label and the invoice, which keep what they said")
  func wholeWay() async throws {
    let shop = try await furnished()
    let placed = try await shop.orders.placeOrder(
      .init(order: input(shop)), options: shop.command()
    ).order
    let number = placed?.number ?? ""
    #expect(placed?.instructions == Self.told)
    #expect(
      placed?.lines.map(\.instructions) == [nil, .init(packing: .init(method: .woodenCrate))])
    #expect(try await shop.orders.getOrder(.init(number: number)).order == placed)
    let address = try await shop.orders.getDeliveryAddress(.init(number: number))
    #expect(address.invoiceSendTo == "tax@oak.example")

    let first = try await shop.orders.prepareShipment(
      .init(orderNumber: number, lines: [.init(lineNumber: 1, quantity: pieces(1))]),
      options: shop.command()
    ).shipment
    #expect(first?.instructions == Self.ofGoods)
    // What is being picked follows the order; what has left does not.
    _ = try await change(shop, number, .init(instructions: .init(packing: .init(method: .eco))))
    let picked = try await shop.orders.pickShipment(
      .init(number: first?.number ?? ""), options: shop.command()
    ).shipment
    #expect(picked?.instructions?.packing == .init(method: .eco))
    try await leave(shop, picked?.number ?? "")
    _ = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    let other = OrdersV1.OrderChange(
      instructions: .init(
        gift: .init(), packing: .init(method: .standard),
        invoice: .init(kind: .ordinary, form: .paper, buyerName: "Wang")))
    _ = try await change(shop, number, other, roles: "SALES_MANAGER")
    let left = try await shop.orders.listShipments(.init(orderNumber: number)).shipments.first
    #expect(left?.instructions?.packing == .init(method: .eco))
    #expect(left?.instructions?.gift == Self.asked.gift)
    try await shop.deliver(number)
    let shipments = try await shop.orders.listShipments(.init(orderNumber: number)).shipments
    #expect(shipments.last?.instructions?.gift == nil)
    #expect(shipments.last?.lines.map(\.instructions?.packing?.method) == [nil, .woodenCrate])
    _ = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    let invoices = try await shop.finance.listInvoices(.init()).invoices
    #expect(
      Set(invoices.map(\.requirement?.buyerName)) == ["橡木家居有限公司", "Wang"])
    let kept = invoices.first { $0.requirement?.kind == .vatSpecial }?.requirement
    #expect(kept == Self.told.invoice)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func leave(_ shop: Shop, _ number: String) async throws {
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    let loading = try await shop.loading.getLoading(.init(shipmentNumber: number)).loading
    #expect(loading?.instructions?.packing == .init(method: .eco))
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦"), options: shop.command())
    _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
  }

  @Test("what a VAT special invoice lacks is said when the order is submitted, all of it at once")
  func incompleteInvoice() async throws {
    let shop = try await furnished()
    var input = input(shop)
    input.instructions?.invoice = .init(kind: .vatSpecial)
    let draft = try await shop.orders.createOrder(.init(order: input), options: shop.command())
    let number = draft.order?.number ?? ""
    let submitted = await refusal {
      try await shop.orders.submitOrder(.init(number: number), options: shop.command())
    }
    let field = "order.instructions.invoice."
    #expect(
      violations(submitted)
        == ["buyer_name", "tax_number", "send_to"].map {
          "REQUIRED " + field + $0
        })
    let placed = await refusal {
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    }
    #expect(violations(placed) == violations(submitted))
    // On paper it goes where the goods go.
    let paper = FinanceV1.InvoiceRequirement(
      kind: .vatSpecial, form: .paper, buyerName: "Oak", taxNumber: "91330106MA2H00001X")
    _ = try await change(shop, number, .init(instructions: .init(invoice: paper)))
    _ = try await shop.orders.submitOrder(.init(number: number), options: shop.command())
    let worse = await refusal {
      try await change(shop, number, .init(instructions: .init(invoice: .init(kind: .vatSpecial))))
    }
    #expect(
      violations(worse).first == "REQUIRED change.instructions.invoice.buyer_name")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input of every kind is named")
  func badInput() async throws {
    let shop = try await furnished()
    func refused(_ asked: OrdersV1.OrderInstructions) async -> [String] {
      var input = shop.input([("CHAIR", 1)])
      input.instructions = asked
      return violations(
        await refusal {
          try await shop.orders.createOrder(.init(order: input), options: shop.command())
        })
    }
    let long = String(repeating: "长", count: 501)
    let prefix = "order.instructions."
    #expect(
      await refused(.init(gift: .init(cardText: long))) == [
        "TEXT_TOO_LONG \(prefix)gift.card_text"
      ])
    #expect(
      await refused(.init(packing: .init(remark: "a\u{7}b"))) == [
        "CONTROL_CHARACTER \(prefix)packing.remark"
      ])
    #expect(
      await refused(.init(packing: .init(method: .unrecognized(77)))) == [
        "UNKNOWN_VALUE \(prefix)packing.method"
      ])
    #expect(
      await refused(.init(invoice: .init(taxNumber: "12"))) == [
        "REQUIRED \(prefix)invoice.kind"
      ])
    #expect(
      await refused(.init(invoice: .init(kind: .ordinary, taxNumber: "91330106ma2h00001x"))) == [
        "OUT_OF_RANGE \(prefix)invoice.tax_number"
      ])
    #expect(
      await refused(.init(delivery: .init(care: [.callBefore, .callBefore]))) == [
        "DUPLICATE_IN_BATCH \(prefix)delivery.care[1]"
      ])
    #expect(
      await refused(.init(delivery: .init(noEntryBeforeMinute: 1_440))) == [
        "OUT_OF_RANGE \(prefix)delivery.no_entry_before_minute"
      ])
    var input = shop.input([("CHAIR", 1)])
    input.lines[0].instructions = .init(gift: .init(sender: long))
    let line = await refusal {
      try await shop.orders.createOrder(.init(order: input), options: shop.command())
    }
    #expect(violations(line) == ["TEXT_TOO_LONG order.lines[0].instructions.gift.sender"])
    #expect(try await shop.orders.listOrders(.init()).orders == [])
    await shop.close()
  }

  @Test("a change is previewed, kept as a version and told as a typed difference without texts")
  func versions() async throws {
    let shop = try await furnished()
    let placed = try await shop.orders.placeOrder(
      .init(order: input(shop)), options: shop.command()
    ).order
    let number = placed?.number ?? ""
    var gift = Self.asked.gift ?? .init()
    gift.cardText = "祝新婚快乐"
    let wish = OrdersV1.OrderChange(
      lines: [.init(lineNumber: 2, instructions: .init(gift: .init(wrap: true)))],
      instructions: .init(gift: gift, delivery: .init()))
    let shown = try await change(shop, number, wish, dryRun: true)
    let done = try await change(shop, number, wish)
    #expect(done == shown)
    let told = done.impact?.differences ?? []
    #expect(
      told.map { "\($0.lineNumber) \($0.field.name.dropFirst("ORDER_FIELD_".count))" } == [
        "0 GIFT", "0 DELIVERY_REMARKS", "2 GIFT",
      ])
    #expect(told.first?.before.contains("wrapped, card #") == true, "\(told)")
    #expect(!told.contains { "\($0)".contains("祝") || "\($0)".contains("gate") })
    #expect(done.impact?.grossChange?.minorUnits == 0)
    let diff = try await shop.orders.diffOrderVersions(
      .init(number: number, fromVersion: placed?.version ?? 0))
    #expect(diff.differences == told)
    let first = try await shop.orders.getOrderVersion(
      .init(number: number, version: placed?.version ?? 0))
    #expect(first.version?.instructions == Self.told)
    let now = try await shop.orders.getOrderVersion(.init(number: number)).version
    #expect(now?.instructions?.delivery == nil && now?.instructions?.gift == gift)
    #expect(now?.lines[1].instructions?.packing?.method == .woodenCrate)
    #expect(now?.lines[1].instructions?.gift == .init(wrap: true))
    // Where it is sent stays where a change of the rest says nothing of it.
    var invoice = Self.invoice
    (invoice.buyerName, invoice.sendTo) = ("Oak", "")
    _ = try await change(shop, number, .init(instructions: .init(invoice: invoice)))
    let address = try await shop.orders.getDeliveryAddress(.init(number: number))
    #expect(address.invoiceSendTo == "tax@oak.example")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who may change what follows the matrix: packing takes a manager once something has left")
  func matrix() async throws {
    let shop = try await furnished()
    let placed = try await shop.orders.placeOrder(
      .init(order: input(shop)), options: shop.command()
    ).order
    let number = placed?.number ?? ""
    let eco = OrdersV1.OrderChange(instructions: .init(packing: .init(method: .eco)))
    let part = try await shop.orders.prepareShipment(
      .init(orderNumber: number, lines: [.init(lineNumber: 1, quantity: pieces(1))]),
      options: shop.command())
    _ = try await change(shop, number, eco)
    try await shop.deliver(shipment: part.shipment?.number ?? "")
    let standard = OrdersV1.OrderChange(instructions: .init(packing: .init(method: .standard)))
    let denied = await refusal { try await change(shop, number, standard) }
    #expect(denied?.code == .permissionDenied)
    #expect(violations(denied) == ["CHANGE_TAKES_ROLE change.instructions.packing"])
    _ = try await change(shop, number, standard, roles: "SALES_MANAGER")
    _ = try await change(
      shop, number, .init(instructions: .init(delivery: .init(care: [.takeOldAway]))))
    let rights = try await shop.orders.getAllowedActions(.init(number: number)).changes
    #expect(rights.first { $0.kind == .packing }?.role == "SALES_MANAGER")
    #expect(rights.first { $0.kind == .deliveryRemarks }?.allowed == true)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an offer, an order that others must agree to and a marketplace carry it")
  func otherWays() async throws {
    let shop = try await furnished()
    var input = input(shop)
    input.customerCode = ""
    let quote = try await shop.quotes.createQuote(
      .init(customerCode: "CREDIT", variants: [.init(order: input)]), options: shop.command()
    ).quote
    let won = try await shop.quotes.convertQuote(
      .init(number: quote?.number ?? ""), options: shop.command()
    ).order
    #expect(won?.instructions == Self.told)
    #expect(won?.lines[1].instructions?.packing?.method == .woodenCrate)
    let wish = OrdersV1.OrderChange(
      lines: [.init(lineNumber: 1, instructions: .init(packing: .init()))],
      instructions: .init(gift: .init(), packing: .init(method: .eco)))
    let asked = try await shop.changes.requestOrderChange(
      .init(
        orderNumber: won?.number ?? "",
        change: wish, reason: "asked by phone"), options: shop.command())
    let kept = try await shop.changes.getChangeRequest(
      .init(orderNumber: won?.number ?? "", number: asked.request?.number ?? 0)
    ).request
    #expect(kept?.change == wish)
    try await sellAbroad(shop)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// A marketplace's order says what its buyer asks for.
  private func sellAbroad(_ shop: Shop) async throws {
    _ = try await shop.marketplaces.upsertMarketplaces(
      .init(marketplaces: [
        .init(code: "TMALL", name: "天猫", customerCode: "CREDIT", warehouseCode: "MAIN")
      ]), options: shop.command())
    _ = try await shop.marketplaces.upsertMarketplaceProducts(
      .init(marketplaceCode: "TMALL", products: [.init(externalSku: "tm-1", sku: "CHAIR")]),
      options: shop.command())
    let wanted = OrdersV1.OrderInstructions(
      gift: .init(wrap: true, cardText: "生日快乐"), packing: .init(method: .eco))
    let taken = try await shop.marketplaces.takeMarketplaceOrders(
      .init(
        marketplaceCode: "TMALL",
        orders: [
          .init(
            orderId: "77", lines: [.init(externalSku: "tm-1", quantity: pieces(1))],
            instructions: wanted)
        ]), options: shop.command())
    let order = try await shop.orders.getOrder(
      .init(number: taken.verdicts[0].orderNumber)
    ).order
    #expect(order?.instructions == wanted)
  }
}
