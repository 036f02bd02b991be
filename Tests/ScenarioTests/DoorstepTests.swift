import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a carrier brings two chairs and a lamp, and the customer takes what is whole")
struct DoorstepTests {
  /// Hours after 2 March 2026, 09:00, when the shop begins.
  private func at(_ hours: Int64) -> GoogleProtobuf.Timestamp {
    .init(seconds: 1_772_413_200 + hours * 3_600)
  }

  private func event(
    _ id: String, _ status: OrdersV1.CarrierStatus, _ hours: Int64, tracking: String = "DB-1",
    shipment: String = ""
  ) -> OrdersV1.CarrierEvent {
    .init(
      eventId: id, trackingNumber: tracking, shipmentNumber: shipment, status: status,
      occurredAt: at(hours), place: "杭州")
  }

  private func tell(
    _ shop: Shop, _ events: [OrdersV1.CarrierEvent]
  ) async throws -> [OrdersV1.CarrierEventResult] {
    try await shop.carriers.ingestCarrierEvents(
      .init(carrier: "德邦", events: events), options: shop.command()
    ).results
  }

  private func outcomes(
    _ shop: Shop, _ events: [OrdersV1.CarrierEvent]
  ) async throws -> [OrdersV1.CarrierEventOutcome] {
    try await tell(shop, events).map(\.outcome)
  }

  /// A packed shipment of two chairs and a lamp.
  private func packed() async throws -> (shop: Shop, order: String, shipment: String) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    try await shop.stock("LAMP", 10, cost: "80")
    let order = try await shop.place([("CHAIR", 2), ("LAMP", 1)]).number
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 3), options: shop.command())
    return (shop, order, number)
  }

  private func dispatch(_ shop: Shop, _ number: String) async throws -> OrdersV1.Shipment {
    try #require(
      try await shop.orders.dispatchShipment(
        .init(number: number, carrier: "德邦", trackingNumber: "DB-1"), options: shop.command()
      ).shipment)
  }

  private func shipment(_ shop: Shop, _ order: String) async throws -> OrdersV1.Shipment {
    try #require(
      try await shop.orders.listShipments(.init(orderNumber: order)).shipments.first)
  }

  @Test("events twice, late and in any order: where it stands is what happened last")
  func events() async throws {
    let (shop, order, number) = try await packed()
    _ = try await dispatch(shop, number)
    shop.clock.advance(days: 2)
    let moving = event("2", .inTransit, 5)
    #expect(
      try await outcomes(shop, [moving, event("3", .exception, 20)]) == [.applied, .applied])
    #expect(try await shipment(shop, order).carrierStatus == .exception)
    // What happened before moves nothing back; what was told before is known.
    #expect(
      try await outcomes(shop, [event("1", .accepted, 1), moving, moving])
        == [.late, .duplicate, .duplicate])
    var other = moving
    other.status = .delivered
    let refused = try await tell(
      shop,
      [
        other, event("4", .unspecified, 1), event("", .accepted, 1), event("5", .accepted, 99),
        event("6", .accepted, 1, tracking: ""), event("7", .outForDelivery, 30),
      ])
    #expect(
      refused.map(\.outcome) == [
        .refused, .refused, .refused, .refused, .refused, .applied,
      ])
    #expect(
      refused.flatMap(\.violations).map { "\($0.reason) \($0.field)" } == [
        "EVENT_DIFFERS events[0].event_id", "REQUIRED events[1].status",
        "REQUIRED events[2].event_id", "EVENT_TO_COME events[3].occurred_at",
        "REQUIRED events[4].tracking_number",
      ])
    #expect(try await shipment(shop, order).state == .dispatched)
    #expect(
      try await outcomes(shop, [event("9", .delivered, 32), event("8", .inTransit, 40)])
        == [.applied, .late])
    let done = try await shipment(shop, order)
    #expect(done.state == .delivered && done.carrierStatus == .delivered)
    #expect(done.deliveredOn == .init(year: 2026, month: 3, day: 3))
    let told = try await shop.carriers.listCarrierEvents(.init(shipmentNumber: number))
    #expect(told.events.map { $0.event?.eventId } == ["1", "2", "3", "7", "9", "8"])
    #expect(told.status == .delivered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is told of an unknown shipment is kept, and counts once it is known")
  func unmatched() async throws {
    let (shop, order, number) = try await packed()
    let early = try await tell(shop, [event("2", .inTransit, 2), event("1", .accepted, 1)])
    #expect(early.map(\.outcome) == [.unmatched, .unmatched])
    #expect(
      early.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
        == [
          "UNKNOWN_SHIPMENT events[0].tracking_number",
          "UNKNOWN_SHIPMENT events[1].tracking_number",
        ])
    #expect(
      try await outcomes(shop, [event("3", .inTransit, 3, tracking: "WRONG")]) == [.unmatched])
    let dispatched = try await dispatch(shop, number)
    #expect(dispatched.carrierStatus == .inTransit && dispatched.state == .dispatched)
    let kept = try await shop.carriers.listUnmatchedCarrierEvents(.init()).events
    #expect(kept.map { $0.event?.eventId } == ["3"])
    func match(_ event: String, _ shipment: String) async -> String? {
      violation(
        await refusal {
          try await shop.carriers.matchCarrierEvent(
            .init(carrier: "德邦", eventId: event, shipmentNumber: shipment),
            options: shop.command())
        })
    }
    #expect(await match("77", number) == "UNKNOWN_EVENT event_id")
    #expect(await match("3", "SH-2026-000099") == "UNKNOWN_SHIPMENT shipment_number")
    #expect(await match("3", number) == nil)
    #expect(await match("3", number) == "EVENT_MATCHED event_id")
    #expect(try await shop.carriers.listUnmatchedCarrierEvents(.init()).events == [])
    #expect(
      try await shop.carriers.listCarrierEvents(.init(shipmentNumber: number)).events.count == 3)
    #expect(try await outcomes(shop, [event("1", .accepted, 1)]) == [.duplicate])
    #expect(try await shipment(shop, order).carrierStatus == .inTransit)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// A photograph, and one of two chairs refused.
  private func proof(_ shop: Shop) async throws -> OrdersV1.ProofOfDelivery {
    let photo = try await shop.configurator.addAttachment(
      .init(content: Array("a photograph".utf8), mediaType: "image/png"), options: shop.command()
    ).digest
    return .init(
      signedBy: "王芳", signedAt: at(20), place: "30.27,120.15", attachmentDigests: [photo],
      lines: [
        .init(
          orderLineNumber: 1, refused: pieces(1), reasonCode: "DEFECT", serialNumbers: ["A-1"],
          cartons: 1)
      ])
  }

  private func sign(
    _ shop: Shop, _ number: String, _ proof: OrdersV1.ProofOfDelivery
  ) async throws -> OrdersV1.RecordProofOfDeliveryResponse {
    try await shop.carriers.recordProofOfDelivery(
      .init(shipmentNumber: number, proof: proof), options: shop.command())
  }

  @Test("a proof that cannot be is refused as a whole, and says why")
  func refusedProof() async throws {
    let (shop, order, number) = try await packed()
    var proof = try await self.proof(shop)
    func refused() async -> String? {
      violation(await refusal { [proof] in try await sign(shop, number, proof) })
    }
    #expect(await refused() == "NOT_ON_ITS_WAY shipment_number")
    _ = try await dispatch(shop, number)
    #expect(await refused() == "SIGNED_TO_COME proof.signed_at")
    shop.clock.advance(days: 3)
    proof.signedAt = at(-48)
    #expect(await refused() == "SIGNED_BEFORE_DISPATCH proof.signed_at")
    proof.signedAt = at(20)
    proof.lines[0].refused = pieces(3)
    #expect(await refused() == "MORE_THAN_AVAILABLE proof.lines[0].refused")
    proof.lines[0].refused = pieces(1)
    proof.lines[0].serialNumbers = ["A-1", "A-2"]
    #expect(await refused() == "TOO_MANY_SERIALS proof.lines[0].serial_numbers")
    proof.lines[0].serialNumbers = ["A-1"]
    proof.lines[0].orderLineNumber = 9
    #expect(await refused() == "LINE_NOT_SHIPPED proof.lines[0].order_line_number")
    proof.lines[0].orderLineNumber = 1
    proof.lines[0].reasonCode = "NO-SUCH"
    #expect(await refused() == "UNKNOWN_REASON proof.lines[0].reason_code")
    proof.lines[0].reasonCode = "DEFECT"
    proof.attachmentDigests = [String(repeating: "0", count: 64)]
    #expect(await refused() == "UNKNOWN_ATTACHMENT proof.attachment_digests[0]")
    let untouched = try await shipment(shop, order)
    #expect(untouched.state == .dispatched)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("one chair is refused at the door: it comes back, and nobody pays for it")
  func partRefusal() async throws {
    let (shop, order, number) = try await packed()
    let proof = try await self.proof(shop)
    _ = try await dispatch(shop, number)
    shop.clock.advance(days: 3)
    let signed = try await sign(shop, number, proof)
    #expect(signed.shipment?.state == .delivered && signed.shipment?.receivedBy == "王芳")
    // Signed on the third; told on the fifth.
    #expect(signed.shipment?.deliveredOn == .init(year: 2026, month: 3, day: 3))
    let twice = await refusal { try await sign(shop, number, proof) }
    #expect(violation(twice) == "PROOF_RECORDED shipment_number")
    let warranty = try await shop.warranties.checkWarranty(
      .init(orderNumber: order, lineNumber: 1))
    #expect(warranty.verdict?.acceptedOn == .init(year: 2026, month: 3, day: 3))
    let back = signed.returnNumber
    let asked = try await shop.returns.getReturn(.init(number: back)).customerReturn
    #expect(asked?.state == .requested && asked?.lines.map(\.reasonCode) == ["DEFECT"])
    _ = try await shop.returns.approveReturn(
      .init(number: back), options: shop.command(by: "wu.bo", roles: "SALES_MANAGER"))
    _ = try await shop.returns.receiveReturn(.init(number: back), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)]),
      options: shop.command())
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    let credited = try await shop.returns.creditReturn(
      .init(number: back), options: shop.command())
    // A chair with 13 %.
    #expect(credited.customerReturn?.credited == yuan("563.87"))
    let stock = try await shop.inventory.getAvailability(.init(sku: "CHAIR"))
    #expect(stock.levels.map(\.onHand?.micros) == [9_000_000])
    let shown = try await shop.carriers.getProofOfDelivery(.init(shipmentNumber: number))
    #expect(shown.proof?.signedBy == "王芳" && shown.returnNumber == back)
    #expect(shown.proof?.attachmentDigests == proof.attachmentDigests)
    #expect(shown.proof?.lines.map(\.serialNumbers) == [["A-1"]])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what a carrier has reported as delivered gets its proof afterwards, once")
  func proofAfterwards() async throws {
    let (shop, order, number) = try await packed()
    let none = await refusal {
      try await shop.carriers.getProofOfDelivery(.init(shipmentNumber: number))
    }
    #expect(none?.code == .notFound)
    _ = try await dispatch(shop, number)
    shop.clock.advance(days: 1)
    #expect(
      try await outcomes(shop, [event("1", .delivered, 3, tracking: "", shipment: number)])
        == [.applied])
    let signed = try await shop.carriers.recordProofOfDelivery(
      .init(shipmentNumber: number, proof: .init(signedBy: "李娜", signedAt: at(3))),
      options: shop.command())
    #expect(signed.returnNumber.isEmpty && signed.shipment?.receivedBy == "李娜")
    let timeline = try await shop.orders.getOrderTimeline(.init(number: order)).events.map(\.type)
    #expect(
      timeline.filter { $0.hasPrefix("shipment.") } == [
        "shipment.prepared", "shipment.picked", "shipment.packed", "shipment.dispatched",
        "shipment.carrier-status", "shipment.delivered", "shipment.proven",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is told as delivered before we say that it left is delivered once we do")
  func deliveredBeforeDispatch() async throws {
    let (shop, order, number) = try await packed()
    let told = event("1", .delivered, 2, tracking: "", shipment: number)
    #expect(try await outcomes(shop, [told]) == [.unmatched])
    shop.clock.advance(days: 1)
    let left = try await dispatch(shop, number)
    #expect(left.state == .delivered && left.carrierStatus == .delivered)
    #expect(try await shipment(shop, order).state == .delivered)
    #expect(try await outcomes(shop, [told]) == [.duplicate])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a carrier tells of its own shipments, not of another's")
  func othersShipment() async throws {
    let (shop, order, number) = try await packed()
    _ = try await dispatch(shop, number)
    let other = try await shop.carriers.ingestCarrierEvents(
      .init(
        carrier: "SF", events: [event("1", .delivered, 0, tracking: "", shipment: number)]),
      options: shop.command()
    ).results
    #expect(other.map(\.outcome) == [.unmatched])
    #expect(
      other.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
        == ["UNKNOWN_SHIPMENT events[0].shipment_number"])
    #expect(try await shipment(shop, order).state == .dispatched)
    // Whoever knows better says so.
    _ = try await shop.carriers.matchCarrierEvent(
      .init(carrier: "SF", eventId: "1", shipmentNumber: number), options: shop.command())
    #expect(try await shipment(shop, order).state == .delivered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
