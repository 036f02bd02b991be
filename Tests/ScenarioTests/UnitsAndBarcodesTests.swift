import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: boxes, rolls and what is printed on them")
struct UnitsAndBarcodesTests {
  /// Chairs also in boxes of 6 and pallets of 12 boxes, each with a barcode.
  private func shop() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    let units = try await shop.products.upsertProductUnits(
      .init(units: [
        .init(sku: "CHAIR", unitCode: "box", baseQuantity: pieces(6)),
        .init(sku: "CHAIR", unitCode: "pallet", baseQuantity: pieces(72)),
        .init(sku: "CHAIR", unitCode: "leg", baseQuantity: pieces(1), quantity: pieces(4)),
      ]), options: shop.command()
    ).verdicts
    #expect(units.map(\.outcome) == [.created, .created, .created])
    let barcodes = try await shop.products.upsertBarcodes(
      .init(barcodes: [
        .init(barcode: "6901234567892", sku: "CHAIR"),
        .init(barcode: "16901234567899", sku: "CHAIR", unitCode: "box"),
        .init(barcode: "4006381333931", sku: "BOARD"),
      ]), options: shop.command()
    ).verdicts
    #expect(barcodes.map(\.outcome) == [.created, .created, .created])
    try await shop.stock("CHAIR", 100, cost: "200")
    return shop
  }

  private func input(_ lines: [(String, String, String)]) -> OrdersV1.OrderInput {
    .init(
      channel: .store, customerCode: "VIP", warehouseCode: "MAIN",
      lines: lines.map { .init(sku: $0.0, quantity: amount($0.1, $0.2)) })
  }

  @Test("two boxes are ordered, twelve chairs are reserved, and both are told")
  func ordering() async throws {
    let shop = try await shop()
    let boxes = try await shop.orders.placeOrder(
      .init(order: input([("CHAIR", "2", "box"), ("CHAIR", "0.5", "box"), ("CHAIR", "8", "leg")])),
      options: shop.command()
    ).order
    #expect(
      boxes?.lines.map(\.ordered) == [
        amount("12", "pcs"), amount("3", "pcs"), amount("2", "pcs"),
      ])
    #expect(
      boxes?.lines.map(\.asked) == [amount("2", "box"), amount("0.5", "box"), amount("8", "leg")])
    #expect(boxes?.lines.map(\.reserved) == boxes?.lines.map(\.ordered))
    let stored = try await shop.orders.getOrder(.init(number: boxes?.number ?? "")).order
    #expect(stored?.lines.map(\.asked) == boxes?.lines.map(\.asked))
    // However it is said, it costs the same.
    let chairs = try await shop.pricing.priceOrder(
      .init(order: input([("CHAIR", "12", "pcs"), ("CHAIR", "3", ""), ("CHAIR", "2", "")])))
    #expect(chairs.gross == boxes?.gross)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a draft keeps what was asked for until it is submitted, and a change may name a unit")
  func changing() async throws {
    let shop = try await shop()
    let draft = try await shop.orders.createOrder(
      .init(order: input([("CHAIR", "2", "box")])), options: shop.command()
    ).order
    #expect(draft?.lines.first?.ordered == amount("2", "box"))
    let number = draft?.number ?? ""
    let submitted = try await shop.orders.submitOrder(
      .init(number: number), options: shop.command()
    ).order
    #expect(submitted?.lines.first?.ordered == amount("12", "pcs"))
    _ = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    let less = try await shop.orders.changeOrder(
      .init(
        number: number,
        change: .init(
          lines: [.init(lineNumber: 1, quantity: amount("1.5", "box"))],
          addedLines: [.init(sku: "CHAIR", quantity: amount("1", "box"))]),
        reason: "fewer guests"), options: shop.command()
    ).order
    #expect(less?.lines.map(\.ordered) == [amount("9", "pcs"), amount("6", "pcs")])
    #expect(less?.lines.map(\.asked) == [amount("1.5", "box"), amount("1", "box")])
    #expect(less?.lines.map(\.reserved) == [amount("9", "pcs"), amount("6", "pcs")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a quote in boxes becomes an order in boxes")
  func quoting() async throws {
    let shop = try await shop()
    let quote = try await shop.quotes.createQuote(
      .init(
        customerCode: "VIP", variants: [.init(order: input([("CHAIR", "3", "box")]))]),
      options: shop.command()
    ).quote
    let order = try await shop.quotes.convertQuote(
      .init(number: quote?.number ?? ""), options: shop.command()
    ).order
    #expect(order?.lines.first?.ordered == amount("18", "pcs"))
    #expect(order?.lines.first?.asked == amount("3", "box"))
    await shop.close()
  }

  @Test("bought by the pallet, received by the box, counted in both, in stock by the piece")
  func stock() async throws {
    let shop = try await shop()
    let bought = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(sku: "CHAIR", quantity: amount("1", "pallet"))]), options: shop.command()
    ).purchaseOrder
    #expect(bought?.lines.first?.ordered == amount("72", "pcs"))
    _ = try await shop.purchasing.receiveGoods(
      .init(
        purchaseOrderNumber: bought?.number ?? "",
        lines: [.init(lineNumber: 1, quantity: amount("11", "box"))]), options: shop.command())
    let over = await refusal {
      try await shop.purchasing.receiveGoods(
        .init(
          purchaseOrderNumber: bought?.number ?? "",
          lines: [.init(lineNumber: 1, quantity: amount("2", "box"))]), options: shop.command())
    }
    #expect(over?.code == .failedPrecondition)
    _ = try await shop.inventory.receiveStock(
      .init(
        sku: "CHAIR", warehouseCode: "EAST", quantity: amount("2", "box"),
        unitCost: yuanEach("200"), reason: "found"), options: shop.command())
    _ = try await shop.inventory.transferStock(
      .init(
        sku: "CHAIR", fromWarehouseCode: "EAST", toWarehouseCode: "MAIN",
        quantity: amount("1", "box")), options: shop.command())
    _ = try await shop.inventory.adjustStock(
      .init(
        sku: "CHAIR", warehouseCode: "EAST", correction: .difference(amount("-0.5", "box")),
        reason: "broken"), options: shop.command())
    let levels = try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels
    #expect(
      levels.map { "\($0.warehouseCode) \(($0.onHand?.micros ?? 0) / 1_000_000)" }.sorted()
        == ["EAST 3", "MAIN 172"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a price for a box from two boxes on is a price for each chair from twelve on")
  func prices() async throws {
    let shop = try await shop()
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    let verdicts = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("2400"),
          minimumQuantity: amount("2", "box"), validFrom: from, unitCode: "box"),
        .init(
          priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("2500"),
          minimumQuantity: amount("3", "box"), validFrom: from, unitCode: "box"),
        .init(
          priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("2500"),
          minimumQuantity: amount("3", "crate"), validFrom: from, unitCode: "crate"),
      ]), options: shop.command()
    ).verdicts
    #expect(verdicts.map(\.outcome) == [.created, .created, .refused])
    #expect(
      verdicts.map { $0.violations.map { "\($0.field) \($0.reason)" } } == [
        [], [],
        [
          "prices[2].unit_code UNKNOWN_UNIT",
          "prices[2].minimum_quantity.unit_code UNKNOWN_UNIT",
        ],
      ])
    for (quantity, price) in [
      (amount("11", ""), "499"), (amount("12", ""), "400"), (amount("2", "box"), "400"),
    ] {
      let told = try await shop.catalog.getPrice(
        .init(customerCode: "VIP", sku: "CHAIR", quantity: quantity))
      #expect(told.unitPrice == yuanEach(price), "\(quantity)")
    }
    await shop.close()
  }

  @Test("a box of six for 25 costs 25, however many of them and whatever is added up")
  func packPrices() async throws {
    let shop = try await shop()
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    let row = CatalogV1.Price(
      priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("25"),
      minimumQuantity: amount("1", "box"), validFrom: from, unitCode: "box")
    for outcome in [TypeV1.RowOutcome.created, .unchanged] {
      let verdicts = try await shop.catalog.upsertPrices(
        .init(prices: [row]), options: shop.command()
      ).verdicts
      #expect(verdicts.map(\.outcome) == [outcome])
    }
    for (quantity, net) in [
      (amount("1", "box"), "25.00"), (amount("2", "box"), "50.00"), (amount("7", "pcs"), "29.17"),
      (amount("1.5", "box"), "37.50"), (amount("1000", "box"), "25000.00"),
      (amount("8", "pcs"), "33.33"),
    ] {
      var input = shop.input([("CHAIR", 1)], customer: "VIP")
      input.lines[0].quantity = quantity
      let priced = try await shop.pricing.priceOrder(.init(order: input))
      #expect(priced.net == yuan(net), "\(quantity)")
      let rules = priced.lines.first?.explanation?.steps.map(\.rule) ?? []
      #expect(rules.contains("PACK_PRICE"), "\(rules)")
    }
    let told = try await shop.catalog.getPrice(
      .init(customerCode: "VIP", sku: "CHAIR", quantity: amount("2", "box")))
    #expect(told.unitPrice == yuanEach("4.166667"))
    // The price of a line is its average; the invoices of any parts sum to the line.
    try await shop.stock("CHAIR", 12, cost: "1")
    var input = shop.input([("CHAIR", 1)], customer: "VIP")
    input.lines[0].quantity = amount("2", "box")
    let placed = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    #expect(placed.order?.net == yuan("50.00"))
    // As part of a graduated list the pieces beyond the first box cost as much.
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("20"),
          minimumQuantity: amount("2", "box"), validFrom: from, unitCode: "box")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "RETAIL", name: "零售", breaks: .graduated)]),
      options: shop.command())
    input.lines[0].quantity = amount("3", "box")
    let graduated = try await shop.pricing.priceOrder(.init(order: input))
    #expect(graduated.net == yuan("3039.00"), "6 at 499, 6 for 25, 6 for 20")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test(
    "what cannot be counted so is refused with the field",
    arguments: [
      ("2", "crate", "order.lines[0].quantity.unit_code", "pcs, box, leg, pallet"),
      ("1", "leg", "order.lines[0].quantity", "pcs"),
      ("0.1", "box", "order.lines[0].quantity", "whole pcs"),
      ("0.0000001", "box", "order.lines[0].quantity", "greater than 0"),
      ("999999999", "pallet", "order.lines[0].quantity", "between"),
      ("-1", "box", "order.lines[0].quantity", "greater than 0"),
    ])
  func refused(quantity: String, unit: String, field: String, words: String) async throws {
    let shop = try await shop()
    let input = OrdersV1.OrderInput(
      channel: .store, customerCode: "VIP", warehouseCode: "MAIN",
      lines: [
        .init(
          sku: "CHAIR",
          quantity: quantity == "0.0000001"
            ? .init(micros: 0, unitCode: unit) : amount(quantity, unit))
      ])
    let error = await refusal {
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    }
    let violation = error?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.first
    #expect(error?.code == .invalidArgument)
    #expect(violation?.field == field)
    #expect(violation?.description.contains(words) == true, "\(violation?.description ?? "")")
    await shop.close()
  }

  @Test("a scan says product, unit, quantity, lot, serial number and days")
  func scanning() async throws {
    let shop = try await shop()
    let plain = try await shop.products.resolveBarcode(.init(text: "6901234567892"))
    #expect(plain.product?.sku == "CHAIR")
    #expect(plain.quantity == amount("1", "pcs"))
    #expect(plain.elements.isEmpty)
    let box = try await shop.products.resolveBarcode(
      .init(text: "]C1" + "0116901234567899" + "11260102" + "10L7\u{1D}" + "21S-9\u{1D}" + "3003"))
    #expect(box.unitCode == "box")
    #expect(box.quantity == amount("18", "pcs"))
    #expect([box.lot, box.serial] == ["L7", "S-9"])
    #expect(box.producedOn == .init(year: 2026, month: 1, day: 2))
    #expect(box.elements.map(\.identifier) == ["01", "11", "10", "21", "30"])
    let pallet = try await shop.products.resolveBarcode(
      .init(text: "(00)106141412345678908(02)16901234567899(37)12"))
    #expect(pallet.quantity == amount("72", "pcs"))
    let board = try await shop.products.resolveBarcode(
      .init(text: "(01)04006381333931(3142)000375(17)280200"))
    #expect(board.quantity == amount("3.75", "m2"))
    #expect(board.expiresOn == .init(year: 2028, month: 2, day: 29))
    for (text, code) in [
      ("73513537", RPCError.Code.notFound), ("4006381333932", .invalidArgument),
      ("(10)A", .invalidArgument), ("(02)16901234567899", .invalidArgument), ("", .invalidArgument),
      (String(repeating: "9", count: 20_000), .invalidArgument),
    ] {
      let error = await refusal { try await shop.products.resolveBarcode(.init(text: text)) }
      #expect(error?.code == code, "\(text.prefix(40))")
      #expect(
        error?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.first?.field ?? "text" == "text")
    }
    await shop.close()
  }

  @Test("a barcode that is retired stands for nothing, and may be given anew; details show all")
  func retired() async throws {
    let shop = try await shop()
    let verdicts = try await shop.products.upsertBarcodes(
      .init(barcodes: [
        .init(barcode: "6901234567892", sku: "CHAIR", retired: true),
        .init(barcode: "16901234567899", sku: "LAMP"),
      ]), options: shop.command()
    ).verdicts
    #expect(verdicts.map(\.outcome) == [.updated, .refused])
    #expect(verdicts.last?.violations.first?.reason == "BARCODE_TAKEN")
    let gone = await refusal {
      try await shop.products.resolveBarcode(.init(text: "6901234567892"))
    }
    #expect(gone?.code == .notFound)
    _ = try await shop.products.upsertBarcodes(
      .init(barcodes: [.init(barcode: "06901234567892", sku: "LAMP")]), options: shop.command())
    let lamp = try await shop.products.resolveBarcode(.init(text: "]E06901234567892"))
    #expect(lamp.product?.sku == "LAMP")
    let details = try await shop.products.getProductDetails(.init(sku: "CHAIR"))
    #expect(details.units.map(\.unitCode) == ["box", "leg", "pallet"])
    #expect(details.barcodes.map(\.barcode) == ["16901234567899"])
    #expect(details.barcodes.map(\.kind) == [.gtin14])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
