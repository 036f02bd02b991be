import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a carrier pays 53.63 too little, and two people give it up")
struct RemittanceEyesTests {
  /// A delivered shipment that was paid at the door: of 1,353.63 the carrier remits 1,300.
  private func short() async throws -> (shop: Shop, shipment: String) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    try await shop.stock("LAMP", 10, cost: "80")
    let order = try await shop.place([("CHAIR", 2), ("LAMP", 1)], customer: "CASH").number
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 3), options: shop.command())
    _ = try await shop.cashOnDelivery.arrangeCashOnDelivery(
      .init(shipmentNumber: number, collector: .carrier), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦", trackingNumber: "DB-1"), options: shop.command())
    shop.clock.advance(days: 1)
    _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    #expect(try await remit(shop, "1", number, "1300").state == .short)
    return (shop, number)
  }

  private func remit(
    _ shop: Shop, _ id: String, _ shipment: String, _ amount: String
  ) async throws -> OrdersV1.RemittanceResult {
    try #require(
      try await shop.cashOnDelivery.importRemittances(
        .init(
          carrier: "德邦", statement: "ST-1",
          rows: [.init(rowId: id, shipmentNumber: shipment, amount: yuan(amount))]),
        options: shop.command()
      ).results.first)
  }

  private func bound(_ shop: Shop, _ amount: String?, by person: String) async throws {
    let made = try await shop.cashOnDelivery.setRemittancePolicy(
      .init(aloneUpTo: amount.map { yuan($0) }, reason: "four eyes"),
      options: shop.command(by: person)
    ).policy
    #expect(made?.aloneUpTo == amount.map { yuan($0) } && made?.madeBy == person)
    #expect(try await shop.cashOnDelivery.getRemittancePolicy(.init()).policy == made)
  }

  private func settle(
    _ shop: Shop, _ row: String, _ decision: OrdersV1.RemittanceDecision,
    shipment: String = "", by person: String = "li.na"
  ) async throws -> OrdersV1.Remittance {
    try #require(
      try await shop.cashOnDelivery.settleRemittance(
        .init(
          carrier: "德邦", statement: "ST-1", rowId: row, decision: decision,
          shipmentNumber: shipment, reason: "they said so"), options: shop.command(by: person)
      ).remittance)
  }

  private func approve(
    _ shop: Shop, _ row: String, by person: String = "wu.bo", dryRun: Bool = false
  ) async throws -> OrdersV1.Remittance {
    try #require(
      try await shop.cashOnDelivery.approveRemittance(
        .init(carrier: "德邦", statement: "ST-1", rowId: row),
        options: shop.command(by: person, dryRun: dryRun)
      ).remittance)
  }

  private func decline(
    _ shop: Shop, _ row: String, by person: String = "li.na"
  ) async throws -> OrdersV1.Remittance {
    try #require(
      try await shop.cashOnDelivery.declineRemittance(
        .init(carrier: "德邦", statement: "ST-1", rowId: row, reason: "ask them first"),
        options: shop.command(by: person)
      ).remittance)
  }

  private func losses(_ shop: Shop) async throws -> Int64 {
    try await shop.finance.getTrialBalance(.init()).accounts.first { $0.account == "6702" }?
      .balance?.minorUnits ?? 0
  }

  @Test("one asks, another agrees; until then nothing is given up and nothing else settles it")
  func twoPeople() async throws {
    let (shop, number) = try await short()
    #expect(try await shop.cashOnDelivery.getRemittancePolicy(.init()).policy?.version == 0)
    try await bound(shop, "53.62", by: "boss")
    let asked = try await settle(shop, "1", .writeOff)
    #expect(asked.state == .short && asked.settledBy == "" && asked.reason == "they said so")
    #expect(asked.proposal?.decision == .writeOff && asked.proposal?.amount == yuan("53.63"))
    #expect(asked.proposal?.proposedBy == "li.na" && asked.proposal?.proposeTime != nil)
    #expect(try await losses(shop) == 0)
    let listed = try await shop.cashOnDelivery.listRemittances(.init(proposed: true)).remittances
    #expect(listed == [asked])
    let board = try await shop.shortages.listExceptions(.init(kinds: [.remittanceDiffers])).rows
    #expect(board.first?.text.contains("li.na has asked to write it off") == true)

    let again = await refusal { try await settle(shop, "1", .writeOff, by: "wu.bo") }
    #expect(again?.code == .failedPrecondition && violation(again) == "REMITTANCE_PROPOSED row_id")
    let own = await refusal { try await approve(shop, "1", by: "li.na") }
    #expect(own?.code == .permissionDenied && violation(own) == "PROPOSER_MAY_NOT_APPROVE row_id")
    let unknown = await refusal { try await approve(shop, "77") }
    #expect(unknown?.code == .notFound)

    #expect(try await approve(shop, "1", dryRun: true).state == .settled)
    #expect(try await losses(shop) == 0)
    let settled = try await approve(shop, "1")
    #expect(settled.state == .settled && settled.settledBy == "wu.bo")
    #expect(settled.proposal == asked.proposal && settled.reason == "they said so")
    #expect(try await losses(shop) == 53_63)
    let late = await refusal { try await approve(shop, "1", by: "boss") }
    #expect(violation(late) == "REMITTANCE_STATE_FORBIDS row_id")
    let tooLate = await refusal { try await decline(shop, "1") }
    #expect(violation(tooLate) == "REMITTANCE_STATE_FORBIDS row_id")
    #expect(try await shop.cashOnDelivery.listRemittances(.init(proposed: true)).remittances == [])
    #expect(
      try await shop.orders.listShipments(
        .init(orderNumber: "SO-2026-000001")
      ).shipments.first { $0.number == number }?
      .cashOnDelivery?.writtenOff == yuan("53.63"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is declined waits as before; a later row settles what is asked for, or changes it")
  func declinedAndOvertaken() async throws {
    let (shop, number) = try await short()
    try await bound(shop, "0", by: "boss")
    _ = try await settle(shop, "1", .writeOff)
    let declined = try await decline(shop, "1")
    #expect(declined.state == .short && declined.proposal == nil && declined.reason == "")
    let nothing = await refusal { try await approve(shop, "1") }
    #expect(violation(nothing) == "REMITTANCE_NOT_PROPOSED row_id")
    let twice = await refusal { try await decline(shop, "1") }
    #expect(violation(twice) == "REMITTANCE_NOT_PROPOSED row_id")

    _ = try await settle(shop, "1", .writeOff)
    #expect(try await remit(shop, "2", number, "20").state == .short)
    let changed = await refusal { try await approve(shop, "1") }
    #expect(violation(changed) == "REMITTANCE_CHANGED row_id")
    #expect(try await remit(shop, "3", number, "33.63").state == .matched)
    let settled = await refusal { try await approve(shop, "1") }
    #expect(violation(settled) == "REMITTANCE_STATE_FORBIDS row_id")
    #expect(try await losses(shop) == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("money goes back to the carrier by two, too; a match moves none and takes one")
  func payBack() async throws {
    let (shop, number) = try await short()
    try await bound(shop, "10", by: "boss")
    #expect(try await remit(shop, "2", "SH-2026-009999", "50").state == .unknown)
    _ = try await settle(shop, "2", .payBack)
    let waits = await refusal { try await settle(shop, "2", .match, shipment: number) }
    #expect(violation(waits) == "REMITTANCE_PROPOSED row_id")
    _ = try await decline(shop, "2", by: "wu.bo")
    #expect(try await settle(shop, "2", .match, shipment: number).state == .short)
    // 3.63 are missing now: one alone gives them up.
    #expect(try await settle(shop, "2", .writeOff).state == .settled)
    #expect(try await losses(shop) == 3_63)
    #expect(try await remit(shop, "3", number, "20").state == .over)
    _ = try await settle(shop, "3", .payBack)
    let back = try await approve(shop, "3")
    #expect(back.state == .settled && back.proposal?.decision == .payBack)
    #expect(
      try await shop.finance.getTrialBalance(.init()).accounts.first { $0.account == "2241.01" }?
        .balance?.minorUnits ?? 0 == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who raises the bound settles no more alone than before, until somebody else has set it")
  func raised() async throws {
    let (shop, _) = try await short()
    try await bound(shop, "10", by: "boss")
    try await bound(shop, "100", by: "li.na")
    try await bound(shop, nil, by: "li.na")
    #expect(try await settle(shop, "1", .writeOff).proposal?.amount == yuan("53.63"))
    _ = try await decline(shop, "1")
    try await bound(shop, "100", by: "boss")
    #expect(try await settle(shop, "1", .writeOff).state == .settled)
    let wrong = await refusal {
      try await shop.cashOnDelivery.setRemittancePolicy(
        .init(aloneUpTo: .init(currencyCode: "USD", minorUnits: 1), reason: ""),
        options: shop.command())
    }
    #expect(violation(wrong) == "CURRENCY_NOT_ACCEPTED alone_up_to")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
