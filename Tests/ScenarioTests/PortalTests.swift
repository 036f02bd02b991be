import Messages
import RPC
import Services
import Storage
import TestKit
import Testing

@Suite("Scenario: a customer without a login follows an order by a link")
struct PortalTests {
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "210")
    try await shop.stock("LAMP", 10, cost: "80")
    return shop
  }

  private func link(
    _ shop: Shop, _ order: String, days: Int32 = 0
  ) async throws -> OrdersV1.CreatePortalLinkResponse {
    try await shop.portal.createPortalLink(
      .init(orderNumber: order, validDays: days), options: shop.command())
  }

  private func refusal(_ shop: Shop, _ token: String) async -> RPCError? {
    await TestKit.refusal { try await shop.portal.trackOrder(.init(token: token)) }
  }

  private func sent(_ shop: Shop, _ order: String) async throws -> String {
    let number =
      try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
      .shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 2), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦", trackingNumber: "DB-1"), options: shop.command())
    return number
  }

  private func report(
    _ shop: Shop, _ id: String, _ status: OrdersV1.CarrierStatus, _ hours: Int64, _ place: String
  ) async throws {
    let told = try await shop.carriers.ingestCarrierEvents(
      .init(
        carrier: "德邦",
        events: [
          .init(
            eventId: id, trackingNumber: "DB-1", status: status,
            occurredAt: .init(seconds: 1_772_413_200 + hours * 3_600), place: place,
            text: "left with neighbour Li")
        ]), options: shop.command())
    #expect(told.results.map(\.outcome) == [.applied])
  }

  @Test("it tells lines, parcels, what the carrier said, the appointment and the day")
  func follow() async throws {
    let shop = try await furnished()
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: [
        .init(
          code: "AM", kind: .delivery, warehouseCode: "MAIN", crewCode: "CREW",
          day: .init(year: 2026, month: 3, day: 4), beginsMinute: 540, endsMinute: 720, stops: 2)
      ]), options: shop.command())
    var input = shop.input([("LAMP", 2)])
    input.delivery = .init()
    input.requestedOn = .init(year: 2026, month: 3, day: 9)
    input.note = "the dog bites"
    let order =
      try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order?.number
      ?? ""
    let token = try await link(shop, order).token
    func told() async throws -> OrdersV1.TrackOrderResponse {
      try await shop.portal.trackOrder(.init(token: token))
    }
    let placed = try await told()
    #expect(placed.orderNumber == order && placed.state == .confirmed && placed.parcels.isEmpty)
    #expect(placed.orderedOn == .init(year: 2026, month: 3, day: 2))
    #expect(placed.lines.map(\.description) == ["落地灯"])
    #expect(placed.expectedOn == .init(year: 2026, month: 3, day: 9))

    _ = try await shop.appointments.bookAppointment(
      .init(orderNumber: order, slotCode: "AM", minutes: 20), options: shop.command())
    let booked = try await told()
    #expect(booked.appointments.map(\.kind) == [.delivery])
    #expect(booked.appointments.first?.beginsMinute == 540)
    #expect(booked.expectedOn == .init(year: 2026, month: 3, day: 4))

    let shipment = try await sent(shop, order)
    shop.clock.advance(days: 1)
    try await report(shop, "1", .inTransit, 5, "杭州转运中心")
    try await report(shop, "2", .outForDelivery, 20, "文三路 1 号")
    let moving = try await told()
    let parcel = try #require(moving.parcels.first)
    #expect(parcel.number == shipment && parcel.state == .dispatched && parcel.cartons == 2)
    #expect(parcel.carrier == "德邦" && parcel.trackingNumber == "DB-1")
    #expect(parcel.status == .outForDelivery)
    #expect(parcel.expectedOn == .init(year: 2026, month: 3, day: 4))
    #expect(parcel.goods == [.init(lineNumber: 1, quantity: amount("2", "pcs"))])
    #expect(parcel.events.map(\.status) == [.inTransit, .outForDelivery])
    // At the door a place is where somebody lives.
    #expect(parcel.events.map(\.place) == ["杭州转运中心", ""])
    #expect(moving.lines.first?.shipped == amount("2", "pcs"))

    _ = try await shop.orders.deliverShipment(
      .init(number: shipment, receivedBy: "王芳"), options: shop.command())
    let done = try await told()
    #expect(done.state == .delivered && done.expectedOn == nil)
    #expect(done.parcels.first?.deliveredOn == .init(year: 2026, month: 3, day: 3))
    let text = String(decoding: done.encoded(), as: UTF8.self)
    for personal in ["张伟", "王芳", "dog", "neighbour", "文三路", "CREDIT"] {
      #expect(!text.contains(personal))
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what waits has the day on which it is there; what was called off is not told")
  func waiting() async throws {
    let shop = try await furnished()
    let order = try await shop.place([("CHAIR", 5)]).number
    let supplied = GoogleType.Date(year: 2026, month: 3, day: 20)
    _ = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(sku: "CHAIR", quantity: pieces(2))], expectedOn: supplied),
      options: shop.command())
    let first = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    _ = try await shop.orders.cancelShipment(
      .init(number: first.shipment?.number ?? ""), options: shop.command())
    let token = try await link(shop, order).token
    let told = try await shop.portal.trackOrder(.init(token: token))
    #expect(told.parcels.isEmpty)
    #expect(told.lines.first?.expectedOn == supplied && told.expectedOn == supplied)
    // A day that has passed says nothing.
    shop.clock.advance(days: 19)
    let late = try await shop.portal.trackOrder(.init(token: token))
    #expect(late.lines.first?.expectedOn == nil && late.expectedOn == nil)
    await shop.close()
  }

  @Test("unknown, expired and revoked links are answered alike")
  func closed() async throws {
    let shop = try await furnished()
    let order = try await shop.place([("LAMP", 1)]).number
    let other = try await shop.place([("LAMP", 1)]).number
    let short = try await link(shop, order, days: 1)
    let revoked = try await link(shop, order)
    let open = try await link(shop, order, days: 400)
    let foreign = try await link(shop, other)
    let wrong = await TestKit.refusal {
      try await shop.portal.revokePortalLinks(
        .init(orderNumber: order, linkId: foreign.link?.id ?? ""), options: shop.command())
    }
    #expect(wrong?.code == .notFound && reason(wrong) == "UNKNOWN_LINK")
    let one = OrdersV1.RevokePortalLinksRequest(
      orderNumber: order, linkId: revoked.link?.id ?? "")
    #expect(try await shop.portal.revokePortalLinks(one, options: shop.command()).revoked == 1)
    #expect(try await shop.portal.revokePortalLinks(one, options: shop.command()).revoked == 0)
    shop.clock.advance(days: 1)
    let name = open.link?.id ?? ""
    var refusals: [RPCError?] = []
    for token in [
      short.token, revoked.token, "", "x", "jl_nothing_x", "jl_\(name)_x",
      "jk\(open.token.dropFirst(2))", open.token + "0", open.token.uppercased(),
    ] { refusals.append(await refusal(shop, token)) }
    #expect(refusals.allSatisfy { $0?.code == .unauthenticated })
    #expect(refusals.allSatisfy { reason($0) == "LINK_REFUSED" })
    #expect(Set(refusals.map { $0?.message ?? "" }).count == 1)
    #expect(try await shop.portal.trackOrder(.init(token: open.token)).orderNumber == order)
    let links = try await shop.portal.listPortalLinks(.init(orderNumber: order)).links
    #expect(links.map(\.id) == [open, revoked, short].map { $0.link?.id ?? "" })
    #expect(links.map(\.revokedBy) == ["", "li.na", ""])
    #expect(
      try await shop.portal.revokePortalLinks(
        .init(orderNumber: order), options: shop.command()
      ).revoked == 1)
    #expect(await refusal(shop, open.token) != nil)
    #expect(try await shop.portal.trackOrder(.init(token: foreign.token)).orderNumber == other)
    await shop.close()
  }

  @Test("drafts have none, and no order more than twenty; a day is 1 to 400 days away")
  func limits() async throws {
    let shop = try await furnished()
    let draft =
      try await shop.orders.createOrder(
        .init(order: shop.input([("LAMP", 1)])), options: shop.command()
      ).order?.number ?? ""
    let early = await TestKit.refusal { try await link(shop, draft) }
    #expect(early?.code == .failedPrecondition)
    let order = try await shop.place([("LAMP", 1)]).number
    for days: Int32 in [-1, 401] {
      let refused = await TestKit.refusal { try await link(shop, order, days: days) }
      #expect(violations(refused) == ["OUT_OF_RANGE valid_days"])
    }
    for _ in 1...20 { _ = try await link(shop, order, days: 1) }
    let many = await TestKit.refusal { try await link(shop, order) }
    #expect(many?.code == .failedPrecondition && reason(many) == "TOO_MANY_LINKS")
    shop.clock.advance(days: 1)
    _ = try await link(shop, order)
    await shop.close()
  }

  @Test("a token is shown once and stands nowhere; who has read is on record by its name")
  func secrecy() async throws {
    let shop = try await furnished()
    let order = try await shop.place([("LAMP", 1)]).number
    let request = OrdersV1.CreatePortalLinkRequest(orderNumber: order)
    let made = try await shop.portal.createPortalLink(request, options: shop.command(key: "link"))
    let again = try await shop.portal.createPortalLink(request, options: shop.command(key: "link"))
    #expect(made.token.hasPrefix("jl_") && again.token.isEmpty && again.link == made.link)
    let shown = try await shop.portal.createPortalLink(
      request, options: shop.command(dryRun: true))
    #expect(shown.token.isEmpty)
    #expect(try await shop.portal.listPortalLinks(.init(orderNumber: order)).links.count == 1)
    // Who asks may say that it is anybody.
    _ = try await shop.portal.trackOrder(
      .init(token: made.token), options: CallOptions(metadata: ["joinery-actor": "chief"]))
    _ = await refusal(shop, made.token + "0")
    await shop.signAudit()
    let read = try #require(
      try await shop.audit.listEntries(.init(kind: .read)).entries
        .first { $0.method.hasSuffix("/TrackOrder") })
    #expect(read.principal.isEmpty && read.occurrences == 1)
    let asked = try AuditV1.Questions(wire: read.request).requests.map {
      try OrdersV1.TrackOrderRequest(wire: $0).token
    }
    #expect(asked == [made.link?.id ?? ""])
    let refused = try await shop.audit.listEntries(.init(kind: .refusal)).entries
    #expect(refused.map(\.refusal) == ["LINK_REFUSED"])
    let secret = Array((made.token.split(separator: "_").last ?? "").utf8)
    #expect(secret.count > 50)
    let kept = try await shop.database.read { snapshot in
      try snapshot.all("SELECT request, reply, changes FROM command") { row in
        row.blob(0) + row.blob(1) + row.blob(2)
      }
        + snapshot.all("SELECT CAST(facts AS BLOB) FROM event") { $0.blob(0) }
        + snapshot.all("SELECT digest FROM portal_link") { $0.blob(0) }
    }
    #expect(!kept.contains { $0.contains(secret) })
    await shop.close()
  }

  @Test("where callers prove who they are a link needs no proof, and opens nothing else")
  func stranger() async throws {
    let believed = try await furnished()
    let order = try await believed.place([("LAMP", 1)]).number
    let token = try await link(believed, order).token
    let shop = try await believed.reopened(callers: .proved)
    #expect(try await shop.portal.trackOrder(.init(token: token)).orderNumber == order)
    let other = await TestKit.refusal {
      try await shop.orders.getOrder(
        .init(number: order), options: CallOptions(metadata: ["authorization": "Bearer \(token)"]))
    }
    #expect(other?.code == .unauthenticated)
    let more = await TestKit.refusal {
      try await shop.portal.listPortalLinks(.init(orderNumber: order))
    }
    #expect(more?.code == .unauthenticated)
    await shop.close()
  }

  @Test("a link ends with the person behind its order")
  func erased() async throws {
    let shop = try await furnished()
    let order = try await shop.place([("LAMP", 1)]).number
    let token = try await link(shop, order).token
    _ = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish), options: shop.command())
    #expect(try await shop.portal.trackOrder(.init(token: token)).state == .cancelled)
    _ = try await shop.customers.eraseCustomer(
      .init(code: "CREDIT", reason: "asked"), options: shop.command())
    #expect(reason(await refusal(shop, token)) == "LINK_REFUSED")
    #expect(
      try await shop.portal.listPortalLinks(.init(orderNumber: order)).links.map(\.revokedBy)
        == ["customer erased"])
    await shop.close()
  }
}
