import Messages
import TestKit
import Testing

@Suite("Scenario: two chairs and a lamp are paid at the door")
struct CashOnDeliveryTests {
  /// Hours after 2 March 2026, 09:00, when the shop begins.
  private func at(_ hours: Int64) -> GoogleProtobuf.Timestamp {
    .init(seconds: 1_772_413_200 + hours * 3_600)
  }

  /// A packed shipment of two chairs and a lamp, for somebody who pays before: 1,353.63.
  private func packed(
    customer: String = "CASH"
  ) async throws -> (shop: Shop, order: String, shipment: String) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    try await shop.stock("LAMP", 10, cost: "80")
    let order = try await shop.place([("CHAIR", 2), ("LAMP", 1)], customer: customer).number
    return (shop, order, try await pack(shop, order))
  }

  private func pack(_ shop: Shop, _ order: String) async throws -> String {
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 3), options: shop.command())
    return number
  }

  private func arrange(
    _ shop: Shop, _ number: String, _ collector: OrdersV1.CodCollector
  ) async throws -> OrdersV1.CashOnDelivery {
    try #require(
      try await shop.cashOnDelivery.arrangeCashOnDelivery(
        .init(shipmentNumber: number, collector: collector), options: shop.command()
      ).shipment?.cashOnDelivery)
  }

  private func dispatch(_ shop: Shop, _ number: String) async throws -> OrdersV1.CashOnDelivery {
    try #require(
      try await shop.orders.dispatchShipment(
        .init(number: number, carrier: "德邦", trackingNumber: "DB-\(number)"),
        options: shop.command()
      ).shipment?.cashOnDelivery)
  }

  private func cash(_ shop: Shop, _ order: String) async throws -> OrdersV1.CashOnDelivery {
    try #require(
      try await shop.orders.listShipments(.init(orderNumber: order)).shipments.first?
        .cashOnDelivery)
  }

  private func sign(
    _ shop: Shop, _ number: String, refused: Int64 = 0,
    collected: [(String, FinanceV1.PaymentMethod)] = []
  ) async throws -> OrdersV1.RecordProofOfDeliveryResponse {
    try await shop.carriers.recordProofOfDelivery(
      .init(
        shipmentNumber: number,
        proof: .init(
          signedBy: "李娜", signedAt: at(1),
          lines: refused > 0
            ? [.init(orderLineNumber: 1, refused: pieces(refused), reasonCode: "DEFECT")] : []),
        collected: collected.map { .init(amount: yuan($0.0), method: $0.1) }),
      options: shop.command())
  }

  private func remit(
    _ shop: Shop, _ rows: [OrdersV1.RemittanceRow], statement: String = "ST-1"
  ) async throws -> [OrdersV1.RemittanceResult] {
    try await shop.cashOnDelivery.importRemittances(
      .init(carrier: "德邦", statement: statement, rows: rows), options: shop.command()
    ).results
  }

  private func row(
    _ id: String, _ shipment: String, _ amount: String, fee: String = "0"
  ) -> OrdersV1.RemittanceRow {
    .init(rowId: id, shipmentNumber: shipment, amount: yuan(amount), fee: yuan(fee))
  }

  private func settle(
    _ shop: Shop, _ row: String, _ decision: OrdersV1.RemittanceDecision, _ shipment: String = ""
  ) async throws -> OrdersV1.Remittance {
    try #require(
      try await shop.cashOnDelivery.settleRemittance(
        .init(
          carrier: "德邦", statement: "ST-1", rowId: row, decision: decision,
          shipmentNumber: shipment, reason: "they said so"), options: shop.command()
      ).remittance)
  }

  private func board(_ shop: Shop) async throws -> [String] {
    try await shop.shortages.listExceptions(.init(kinds: [.codUncollected, .remittanceDiffers]))
      .rows.map { row in
        let kind = row.kind.name.dropFirst("EXCEPTION_KIND_".count)
        return "\(kind) \(row.document?.number ?? "")"
      }
  }

  /// Minor units on the accounts that such money goes through, where it is not zero.
  private func books(_ shop: Shop) async throws -> [String: Int64] {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts.filter {
      ["1002", "1122", "1221.01", "2204", "2241.01", "6601.01", "6702"].contains($0.account)
        && $0.balance?.minorUnits != 0
    }
    return Dictionary(
      accounts.map { ($0.account, $0.balance?.minorUnits ?? 0) }, uniquingKeysWith: { $1 })
  }

  @Test("our own crew collects in cash and by card, and the order is paid, billed and closed")
  func ownCrew() async throws {
    let (shop, order, number) = try await packed()
    let unpaid = await refusal { try await dispatch(shop, number) }
    #expect(violation(unpaid) == "PAYMENT_OUTSTANDING")
    let arranged = try await arrange(shop, number, .carrier)
    #expect(arranged.state == .arranged && arranged.due == nil)
    #expect(try await arrange(shop, number, .ownCrew).collector == .ownCrew)
    let left = try await dispatch(shop, number)
    #expect(left.state == .onItsWay && left.due == yuan("1353.63"))
    let late = await refusal { try await arrange(shop, number, .carrier) }
    #expect(violation(late) == "COD_LEFT shipment_number")
    shop.clock.advance(days: 1)
    let tooMuch = await refusal {
      try await sign(shop, number, collected: [("1000", .cash), ("353.64", .card)])
    }
    #expect(violation(tooMuch) == "COD_MORE_THAN_OWED collected")
    let points = await refusal { try await sign(shop, number, collected: [("1", .points)]) }
    #expect(violation(points) == "NOT_MONEY collected[0].method")
    let signed = try await sign(shop, number, collected: [("1000", .cash), ("353.63", .card)])
    #expect(signed.shipment?.cashOnDelivery?.state == .settled)
    #expect(signed.shipment?.cashOnDelivery?.collected == yuan("1353.63"))
    #expect(try await books(shop) == ["1002": 1353_63, "2204": -1353_63])
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(try await books(shop) == ["1002": 1353_63])
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .closed)
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is refused at the door is not owed there")
  func partRefusal() async throws {
    let (shop, order, number) = try await packed()
    _ = try await arrange(shop, number, .ownCrew)
    _ = try await dispatch(shop, number)
    shop.clock.advance(days: 1)
    // A chair less: 1,353.63 − 563.87.
    let tooMuch = await refusal {
      try await sign(shop, number, refused: 1, collected: [("789.77", .cash)])
    }
    #expect(violation(tooMuch) == "COD_MORE_THAN_OWED collected")
    let signed = try await sign(shop, number, refused: 1, collected: [("789.76", .cash)])
    let cash = signed.shipment?.cashOnDelivery
    #expect(cash?.due == yuan("1353.63") && cash?.owed == yuan("789.76"))
    #expect(cash?.state == .settled)
    let back = signed.returnNumber
    _ = try await shop.returns.approveReturn(
      .init(number: back), options: shop.command(by: "wu.bo", roles: "SALES_MANAGER"))
    _ = try await shop.returns.receiveReturn(.init(number: back), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)]),
      options: shop.command())
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    _ = try await shop.returns.creditReturn(.init(number: back), options: shop.command())
    #expect(try await books(shop) == ["1002": 789_76])
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was paid before is not due, and what comes in on the way is not owed")
  func paidOtherwise() async throws {
    let (shop, order, number) = try await packed()
    func pay(_ amount: String) async throws {
      _ = try await shop.finance.receivePayment(
        .init(
          customerCode: "CASH", amount: yuan(amount), method: .bankTransfer, orderNumber: order),
        options: shop.command())
    }
    try await pay("300")
    _ = try await arrange(shop, number, .ownCrew)
    #expect(try await dispatch(shop, number).due == yuan("1053.63"))
    try await pay("1000")
    shop.clock.advance(days: 1)
    _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    let owed = try await cash(shop, order)
    #expect(owed.due == yuan("1053.63") && owed.owed == yuan("53.63"))
    #expect(owed.state == .uncollected)
    #expect(try await board(shop) == ["COD_UNCOLLECTED \(number)"])
    // It comes by transfer after all: nobody needs to look at it.
    try await pay("53.63")
    #expect(try await board(shop) == [])
    let nothing = await refusal {
      try await shop.cashOnDelivery.recordCollection(
        .init(
          shipmentNumber: number, collected: [.init(amount: yuan("53.63"), method: .cash)]),
        options: shop.command())
    }
    #expect(violation(nothing) == "COD_MORE_THAN_OWED collected")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("goods of one order go in two shipments: each is due once, the service with the last")
  func twoShipments() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    try await shop.stock("LAMP", 10, cost: "80")
    let order = try await shop.place(
      [("CHAIR", 2), ("LAMP", 1), ("INSTALL", 1)], customer: "CASH"
    ).number
    func prepare(_ line: Int32, _ count: Int64) async throws -> String {
      let prepared = try await shop.orders.prepareShipment(
        .init(orderNumber: order, lines: [.init(lineNumber: line, quantity: pieces(count))]),
        options: shop.command())
      let number = prepared.shipment?.number ?? ""
      _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
      _ = try await shop.orders.packShipment(
        .init(number: number, cartons: 3), options: shop.command())
      _ = try await arrange(shop, number, .ownCrew)
      return number
    }
    let first = try await prepare(1, 2)
    #expect(try await dispatch(shop, first).due == yuan("1127.74"))
    let gross = try #require(
      try await shop.orders.getOrder(.init(number: order)).order?.gross?.minorUnits)
    let second = try await prepare(2, 1)
    #expect(try await dispatch(shop, second).due?.minorUnits == gross - 1127_74)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a carrier collects, owes it, remits it less its fee; a row told twice counts once")
  func carrierRemits() async throws {
    let (shop, order, number) = try await packed()
    _ = try await arrange(shop, number, .carrier)
    _ = try await dispatch(shop, number)
    // Nobody has it before it is delivered.
    let early = try await remit(shop, [row("0", number, "10")], statement: "ST-0")
    #expect(early.map(\.state) == [.unknown])
    shop.clock.advance(days: 1)
    let signed = try await sign(shop, number, collected: [("1353.63", .cash)])
    #expect(signed.shipment?.cashOnDelivery?.state == .withCarrier)
    #expect(try await books(shop)["1221.01"] == 1353_63)
    #expect(
      try await shop.cashOnDelivery.listCashOnDelivery(.init(carrier: "德邦")).cashOnDelivery
        .map(\.shipmentNumber) == [number])
    let rows = [row("1", number, "1353.63", fee: "13.54")]
    let results = try await remit(shop, rows + rows)
    #expect(results.map(\.outcome) == [.taken, .duplicate])
    #expect(results.map(\.state) == [.matched, .matched])
    #expect(try await remit(shop, rows).map(\.outcome) == [.duplicate])
    let refused = try await remit(
      shop,
      [
        row("1", number, "1353.62"), row("2", number, "0"), row("3", number, "5", fee: "6"),
        row("", number, "1"), .init(rowId: "4", amount: yuan("1")),
        .init(
          rowId: "5", shipmentNumber: number, amount: .init(currencyCode: "USD", minorUnits: 1)),
      ])
    #expect(
      refused.flatMap(\.violations).map { "\($0.reason) \($0.field)" } == [
        "REMITTANCE_DIFFERS rows[0].row_id", "AMOUNT_NOT_POSITIVE rows[1].amount",
        "OUT_OF_RANGE rows[2].fee", "REQUIRED rows[3].row_id", "REQUIRED rows[4].tracking_number",
        "CURRENCY_NOT_ACCEPTED rows[5].amount",
      ])
    #expect(try await cash(shop, order).state == .settled)
    #expect(
      try await books(shop) == [
        "1002": 1350_09, "2204": -1353_63, "2241.01": -10_00, "6601.01": 13_54,
      ])
    #expect(try await shop.cashOnDelivery.listCashOnDelivery(.init()).cashOnDelivery == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("rows that do not fit stand on the board until somebody or a later row settles them")
  func differences() async throws {
    let (shop, order, number) = try await packed()
    _ = try await arrange(shop, number, .carrier)
    _ = try await dispatch(shop, number)
    shop.clock.advance(days: 1)
    // Nobody has told what was collected: all of it was, and what is not remitted is owed.
    _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    #expect(try await board(shop) == ["COD_UNCOLLECTED \(number)"])
    let first = try await remit(
      shop, [row("1", number, "1000"), row("2", "SH-2026-009999", "50", fee: "1")])
    #expect(first.map(\.state) == [.short, .unknown])
    #expect(first.map(\.difference) == [yuan("353.63"), yuan("50")])
    #expect(try await cash(shop, order).collected == yuan("1353.63"))
    #expect(
      try await board(shop) == ["REMITTANCE_DIFFERS \(number)", "REMITTANCE_DIFFERS "])
    #expect(
      try await books(shop) == [
        "1002": 1049_00, "1221.01": 353_63, "2204": -1353_63, "2241.01": -50_00, "6601.01": 1_00,
      ])
    let wrong = await refusal { try await settle(shop, "1", .payBack) }
    #expect(violation(wrong) == "REMITTANCE_STATE_FORBIDS decision")
    let other = await refusal { try await settle(shop, "2", .match, "SH-2026-009999") }
    #expect(violation(other) == "UNKNOWN_SHIPMENT shipment_number")
    let none = await refusal { try await settle(shop, "77", .payBack) }
    #expect(violation(none) == "UNKNOWN_REMITTANCE row_id")
    // The unknown one was for this shipment; it still lacks 303.63.
    #expect(try await settle(shop, "2", .match, number).state == .short)
    let rest = try await remit(shop, [row("3", number, "303.63"), row("4", number, "20")])
    #expect(rest.map(\.state) == [.matched, .over])
    let rows = try await shop.cashOnDelivery.listRemittances(.init(carrier: "德邦")).remittances
    #expect(rows.map(\.state) == [.settled, .settled, .matched, .over])
    #expect(try await board(shop) == ["REMITTANCE_DIFFERS \(number)"])
    let back = try await settle(shop, "4", .payBack)
    #expect(back.state == .settled && back.settledBy == "li.na")
    #expect(
      try await books(shop) == ["1002": 1352_63, "2204": -1353_63, "6601.01": 1_00])
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what a carrier never remits is written off")
  func writtenOff() async throws {
    let (shop, order, number) = try await packed(customer: "CREDIT")
    _ = try await arrange(shop, number, .carrier)
    _ = try await dispatch(shop, number)
    shop.clock.advance(days: 1)
    _ = try await sign(shop, number, collected: [("1353.63", .cash)])
    _ = try await remit(shop, [row("1", number, "1300")])
    #expect(try await settle(shop, "1", .writeOff).state == .settled)
    let cash = try await cash(shop, order)
    #expect(cash.state == .settled && cash.writtenOff == yuan("53.63"))
    #expect(try await books(shop) == ["1002": 1300_00, "2204": -1353_63, "6702": 53_63])
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
