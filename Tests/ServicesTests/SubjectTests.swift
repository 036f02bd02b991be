import Foundation
import Identity
import Messages
import RPC
import Services
import Storage
import TestKit
import Testing
import Values

@Suite("What is kept about people can be told to them, and forgotten")
struct SubjectTests {
  private static let name = "诸葛明珠"
  private static let phone = "13800138777"
  private static let address = "Plane Tree Lane 77"
  private static let note = "ring at Mrs Cloudberry's"
  private static let lineNote = "for the Snowdrop room"
  private static let receiver = "Uncle Juniper"
  private static let offerNote = "as Mr Bluebell wished"
  private static let variantNote = "for the Bluebell wedding"
  private static let agreement = "Miss Primrose decides about it"
  private static let loss = "Mrs Bluebell did not like it"
  private static let friend = "Cousin Hawthorn"
  private static let mail = "hawthorn@juniper.example"
  private static let street = "Alder Row 77"
  private static let site = "The Willow Hut"
  private static let tag = "friend-of-hazel"
  private static let form = "said at Rowan's table"
  private static let vouching = "Mr Rowan vouches"
  private static let remorse = "Aunt Tamarisk has one already"
  private static let complaint = "Mr Sycamore fell off it"
  private static let solace = "We sent Mr Sycamore flowers"
  private static let opinion = "The Sycamores will not come back"
  private static let doorstep = "at the Hazel Gate"
  private static let signer = "Granny Juniper"
  private static let wish = "the Junipers are away"
  private static let card = "for Aunt Clementine's house"
  private static let packer = "mind Mr Marigold's mirror"
  private static let gate = "Mrs Foxglove opens"
  private static let bills = "bills@foxglove.example"
  private static let lineCard = "to little Primula"
  private static let talk = "a sofa for the Larches"
  private static let called = "Mr Larch called"
  private static let aspen = "Nephew Aspen"
  private static let surplus = "Mr Tupelo paid twice"
  private static let doubt = "ask Mrs Tupelo first"
  private static let texts = [
    card, packer, gate, bills, lineCard,
    name, phone, address, note, lineNote, receiver, offerNote, variantNote, loss, agreement,
    friend, mail, street, site, tag, form, vouching, remorse,
    complaint, solace, opinion, doorstep, signer, wish, talk, called, aspen, surplus, doubt,
  ]

  private struct Story {
    var order = OrdersV1.Order()
    var shipment = ""
    var quote = OrdersV1.Quote()
    var back = AftersalesV1.CustomerReturn()
    var complaint = ""
  }

  private func customer(_ phone: String = phone) -> CustomersV1.UpsertCustomersRequest {
    .init(customers: [
      .init(
        code: "ZHUGE", name: Self.name, phone: phone, address: Self.address,
        creditLimit: yuan("50000"), terms: .init(netDays: 30))
    ])
  }

  private func orderRequest(_ shop: Shop) -> OrdersV1.PlaceOrderRequest {
    var input = shop.input([("CHAIR", 2)], customer: "ZHUGE")
    input.note = Self.note
    input.lines[0].note = Self.lineNote
    input.delivery = .init(addressId: 2)
    input.instructions = .init(
      gift: .init(wrap: true, cardText: Self.card, sender: Self.friend),
      packing: .init(method: .eco, remark: Self.packer),
      invoice: .init(kind: .ordinary, sendTo: Self.bills), delivery: .init(text: Self.gate))
    input.lines[0].instructions = .init(gift: .init(cardText: Self.lineCard))
    return .init(order: input)
  }

  /// A contact, a place where the contact takes goods, a tag, a consent and a temporary limit; each
  /// is said twice, so that what was before is in the log, too.
  private func describe(_ shop: Shop) async throws {
    for (contact, address) in [(0, 0), (1, 2)] as [(Int64, Int64)] {
      let friend = try await shop.customers.setContact(
        .init(
          customerCode: "ZHUGE",
          contact: .init(
            id: contact, role: .site, name: Self.friend, email: Self.mail,
            preferred: contact == 0)), options: shop.command())
      #expect(friend.contact?.id == 1)
      let place = try await shop.customers.setAddress(
        .init(
          customerCode: "ZHUGE",
          address: .init(
            id: address, label: Self.site, regionCode: "330106", street: Self.street,
            floor: address == 0 ? 1 : 2, contactId: 1)), options: shop.command())
      #expect(place.address?.id == 2)
    }
    _ = try await shop.customers.tagCustomer(
      .init(customerCode: "ZHUGE", add: [Self.tag, "plain"]), options: shop.command())
    _ = try await shop.customers.recordConsent(
      .init(
        customerCode: "ZHUGE",
        consent: .init(
          channel: .post, purpose: .survey, given: true, source: Self.form, textVersion: "v1")),
      options: shop.command())
    _ = try await shop.customers.grantCredit(
      .init(
        customerCode: "ZHUGE", amount: yuan("10"),
        validUntil: .init(year: 2026, month: 3, day: 9), reason: Self.vouching),
      options: shop.command())
    let talk = try await shop.opportunities.createOpportunity(
      .init(customerCode: "ZHUGE", opportunity: .init(title: Self.talk)), options: shop.command())
    _ = try await shop.opportunities.moveOpportunity(
      .init(
        number: talk.opportunity?.number ?? "", stageCode: "NEEDS", comment: Self.called),
      options: shop.command())
    let synced = try await shop.sync.syncCustomers(
      .init(customers: [
        .init(
          externalId: "CRM:L-1",
          modifyTime: .init(seconds: shop.clock.now.microseconds / 1_000_000 + 1), code: "ZHUGE",
          contacts: [
            .init(externalId: "CRM:P-1", contact: .init(name: Self.aspen, email: Self.mail))
          ])
      ]), options: shop.command())
    #expect(synced.verdicts.map(\.outcome) == [.updated])
  }

  /// The order in it names no customer: what it says is about the quote's.
  private func quoteRequest(_ shop: Shop) -> OrdersV1.CreateQuoteRequest {
    var input = shop.input([("CHAIR", 1)], customer: "")
    input.note = Self.variantNote
    input.instructions = .init(gift: .init(cardText: Self.card))
    input.lines[0].instructions = .init(packing: .init(remark: Self.packer))
    return .init(customerCode: "ZHUGE", variants: [.init(order: input)], note: Self.offerNote)
  }

  /// A customer that changes its phone, refuses an offer, orders and gets two chairs.
  private func tell(_ shop: Shop) async throws -> Story {
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "200")
    _ = try await shop.customers.upsertCustomers(
      customer("13911112222"), options: shop.command(key: "first"))
    _ = try await shop.customers.upsertCustomers(customer(), options: shop.command())
    try await describe(shop)
    var story = Story()
    _ = try await shop.blankets.createBlanket(
      .init(
        customerCode: "ZHUGE", lines: [.init(sku: "CHAIR", quantity: pieces(9))],
        validUntil: .init(year: 2026, month: 12, day: 31), note: Self.agreement),
      options: shop.command())
    let offered = try await shop.quotes.createQuote(
      quoteRequest(shop), options: shop.command(key: "quote"))
    story.quote = try #require(offered.quote)
    _ = try await shop.quotes.loseQuote(
      .init(number: story.quote.number, reasonCode: "NOT_SUITABLE", comment: Self.loss),
      options: shop.command())
    let placed = try await shop.orders.placeOrder(
      orderRequest(shop), options: shop.command(key: "order"))
    story.order = try #require(placed.order)
    let number = story.order.number
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: number), options: shop.command())
    story.shipment = try #require(prepared.shipment).number
    _ = try await shop.orders.pickShipment(.init(number: story.shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: story.shipment, cartons: 1), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: story.shipment, carrier: "德邦"), options: shop.command())
    _ = try await shop.orders.deliverShipment(
      .init(number: story.shipment, receivedBy: Self.receiver), options: shop.command(key: "door"))
    try await bring(shop, story.shipment)
    story.back = try await regret(shop, number, key: "back")
    _ = try await shop.returns.cancelReturn(
      .init(number: story.back.number, reason: "keeps it"), options: shop.command())
    story.complaint = try await complain(shop, number)
    _ = try await shop.complaints.resolveComplaint(
      .init(number: story.complaint, resolution: Self.solace), options: shop.command())
    _ = try await shop.complaints.recordSatisfaction(
      .init(shipmentNumber: story.shipment, score: 1, text: Self.opinion),
      options: shop.command())
    return story
  }

  /// What the carrier saw, who signed, an appointment that was given up, and a lamp on loan.
  private func bring(_ shop: Shop, _ shipment: String) async throws {
    let now = GoogleProtobuf.Timestamp(seconds: shop.clock.now.microseconds / 1_000_000)
    _ = try await shop.carriers.ingestCarrierEvents(
      .init(
        carrier: "德邦",
        events: [
          .init(
            eventId: "1", shipmentNumber: shipment, status: .delivered, occurredAt: now,
            place: Self.doorstep)
        ]), options: shop.command())
    _ = try await shop.carriers.recordProofOfDelivery(
      .init(
        shipmentNumber: shipment,
        proof: .init(signedBy: Self.signer, signedAt: now, place: Self.doorstep)),
      options: shop.command())
    let day = GoogleType.Date(year: 2026, month: 12, day: 31)
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: [
        .init(
          code: "VAN", kind: .delivery, warehouseCode: "MAIN", crewCode: "A", day: day,
          beginsMinute: 540, endsMinute: 720, stops: 9)
      ]), options: shop.command())
    let next = try await shop.orders.placeOrder(orderRequest(shop), options: shop.command())
    _ = try await shop.orders.changeOrder(
      .init(
        number: next.order?.number ?? "",
        change: .init(instructions: .init(delivery: .init(text: "\(Self.gate)!"))),
        reason: "she called"), options: shop.command())
    let booked = try await shop.appointments.bookAppointment(
      .init(orderNumber: next.order?.number ?? "", slotCode: "VAN"), options: shop.command())
    _ = try await shop.appointments.releaseAppointment(
      .init(number: booked.appointment?.number ?? "", reason: Self.wish), options: shop.command())
    try await shop.stock("LAMP", 1, cost: "80")
    let shown = try await shop.showroom.showPiece(
      .init(sku: "LAMP", warehouseCode: "MAIN"), options: shop.command())
    let number = shown.piece?.number ?? ""
    _ = try await shop.showroom.lendPiece(
      .init(number: number, customerCode: "ZHUGE", dueBackOn: day), options: shop.command())
    _ = try await shop.showroom.takePieceBack(.init(number: number), options: shop.command())
    _ = try await shop.orders.cancelOrder(
      .init(number: next.order?.number ?? "", reasonCode: "CUSTOMER_WISH"),
      options: shop.command())
  }

  private func complain(_ shop: Shop, _ order: String) async throws -> String {
    let opened = try await shop.complaints.openComplaint(
      .init(
        orderNumber: order, lineNumber: 1, category: .quality, severity: .critical,
        text: Self.complaint), options: shop.command())
    return try #require(opened.complaint).number
  }

  private func regret(
    _ shop: Shop, _ order: String, key: String? = nil
  ) async throws -> AftersalesV1.CustomerReturn {
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")],
        note: Self.remorse), options: shop.command(key: key))
    return try #require(asked.customerReturn)
  }

  private func pay(_ shop: Shop, _ story: Story) async throws {
    _ = try await shop.orders.invoiceOrder(
      .init(number: story.order.number), options: shop.command())
    _ = try await shop.finance.receivePayment(
      .init(
        customerCode: "ZHUGE", amount: story.order.gross, method: .bankTransfer,
        orderNumber: story.order.number), options: shop.command())
  }

  /// What was paid too much goes back, once nobody is against it any more.
  private func payBack(_ shop: Shop) async throws {
    _ = try await shop.finance.receivePayment(
      .init(customerCode: "ZHUGE", amount: yuan("10.00"), method: .bankTransfer),
      options: shop.command())
    for isDeclined in [true, false] {
      let asked = try await shop.finance.proposePayout(
        .init(customerCode: "ZHUGE", amount: yuan("10.00"), reason: Self.surplus),
        options: shop.command(by: "li.na"))
      let number = asked.payout?.number ?? ""
      if isDeclined {
        _ = try await shop.finance.declinePayout(
          .init(number: number, reason: Self.doubt), options: shop.command())
      } else {
        _ = try await shop.finance.payPayout(
          .init(number: number, method: .bankTransfer, externalReference: "BANK-7"),
          options: shop.command(by: "cashier"))
      }
    }
  }

  private func erase(_ shop: Shop, key: String? = nil) async throws
    -> CustomersV1.EraseCustomerResponse
  {
    try await shop.customers.eraseCustomer(
      .init(code: "ZHUGE", reason: "asked on 3 November"), options: shop.command(key: key))
  }

  private func log(_ shop: Shop) async throws -> [String] {
    try await shop.database.read { snapshot in
      try snapshot.all("SELECT request, reply, changes FROM command ORDER BY sequence LIMIT 10000")
      {
        [$0.blob(0), $0.blob(1), $0.blob(2)]
      }
    }.joined().map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("the log holds nothing of it in clear, and answers a repeated command all the same")
  func sealed() async throws {
    let shop = try await Shop.open()
    let story = try await tell(shop)
    let kept = try await log(shop)
    for text in Self.texts + ["13911112222"] {
      #expect(!kept.contains { $0.contains(text) }, "\(text)")
    }
    let again = try await shop.orders.placeOrder(
      orderRequest(shop), options: shop.command(key: "order"))
    #expect(again.order == story.order && again.order?.customerName == Self.name)
    #expect(again.order?.lines[0].note == Self.lineNote)
    let door = try await shop.orders.deliverShipment(
      .init(number: story.shipment, receivedBy: Self.receiver), options: shop.command(key: "door"))
    #expect(door.shipment?.receivedBy == Self.receiver)
    #expect(try await regret(shop, story.order.number, key: "back") == story.back)
    let offer = try await shop.quotes.createQuote(
      quoteRequest(shop), options: shop.command(key: "quote"))
    #expect(offer.quote == story.quote && offer.quote?.revision?.note == Self.offerNote)
    #expect(offer.quote?.revision?.variants[0].order?.note == Self.variantNote)
    var said = quoteRequest(shop)
    said.variants[0].order?.note = "something else"
    let differently = await refusal {
      try await shop.quotes.createQuote(said, options: shop.command(key: "quote"))
    }
    #expect(reason(differently) == "IDEMPOTENCY_KEY_REUSED")
    let other = await refusal {
      try await shop.orders.deliverShipment(
        .init(number: story.shipment, receivedBy: "somebody else"),
        options: shop.command(key: "door"))
    }
    #expect(other?.code == .alreadyExists)
    await shop.close()
  }

  @Test("who still has something open is not erased, and is told what")
  func stillNeeded() async throws {
    let shop = try await Shop.open()
    let story = try await tell(shop)
    let refused = await refusal { try await erase(shop) }
    #expect(refused?.code == .failedPrecondition)
    #expect(refused?.message.contains("1 open orders") == true)
    try await pay(shop, story)
    let back = try await regret(shop, story.order.number).number
    let returning = await refusal { try await erase(shop) }
    #expect(reason(returning) == "RETURNS_OPEN")
    _ = try await shop.returns.cancelReturn(
      .init(number: back, reason: "keeps it"), options: shop.command())
    let unheard = try await complain(shop, story.order.number)
    let complaining = await refusal { try await erase(shop) }
    #expect(reason(complaining) == "COMPLAINTS_OPEN")
    _ = try await shop.complaints.resolveComplaint(
      .init(number: unheard, resolution: "heard"), options: shop.command())
    #expect(try await erase(shop).orders == 2)
    let again = await refusal { try await erase(shop) }
    #expect(reason(again) == "CUSTOMER_ERASED")
    let noReason = await refusal {
      try await shop.customers.eraseCustomer(.init(code: "CASH"), options: shop.command())
    }
    #expect(noReason?.code == .invalidArgument)
    let nobody = await refusal {
      try await shop.customers.eraseCustomer(
        .init(code: "NOBODY", reason: "x"), options: shop.command())
    }
    #expect(nobody?.code == .notFound)
    await shop.close()
  }

  @Test("after the erasure no file of the database holds any of it, and books and audit are whole")
  func erased() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "subject-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let shop = try await Shop.open(.init(path: folder.appending(path: "shop.db").path))
    let story = try await tell(shop)
    try await pay(shop, story)
    try await payBack(shop)
    let balance = try await shop.finance.getTrialBalance(.init())
    let reply = try await erase(shop)
    #expect(reply.customer?.name == "" && reply.customer?.phone == "" && reply.shipments == 1)
    #expect(reply.quotes == 1 && reply.blankets == 1)
    #expect(try await shop.violations() == [])
    #expect(try await shop.finance.getTrialBalance(.init()) == balance)

    let order = try await shop.orders.getOrder(.init(number: story.order.number)).order
    #expect(order?.customerName == "" && order?.note == "" && order?.lines[0].note == "")
    #expect(order?.gross == story.order.gross)
    let back = try await shop.returns.getReturn(.init(number: story.back.number)).customerReturn
    #expect(back?.note == "" && back?.state == .cancelled)
    let heard = try await shop.complaints.getComplaint(.init(number: story.complaint)).complaint
    #expect(heard?.text == "" && heard?.resolution == "" && heard?.state == .resolved)
    let place = try await shop.orders.getDeliveryAddress(.init(number: story.order.number))
    #expect(order?.delivery?.addressId == 2 && place.address == nil)
    let left = try await shop.customers.getCustomer(.init(code: "ZHUGE"))
    #expect(left.contacts.isEmpty && left.addresses.isEmpty && left.tags.isEmpty)
    let said = try await shop.customers.listConsents(.init(customerCode: "ZHUGE")).consents
    #expect(said.map(\.source) == [""] && said.map(\.textVersion) == ["v1"])
    let asked = try await shop.customers.mayContact(
      .init(customerCode: "ZHUGE", channel: .post, purpose: .survey))
    #expect(!asked.allowed && asked.explanation?.steps.map(\.rule) == ["ERASED"])
    for described in [
      await refusal {
        try await shop.customers.tagCustomer(
          .init(customerCode: "ZHUGE", add: ["x"]), options: shop.command())
      },
      await refusal {
        try await shop.customers.setAddress(
          .init(
            customerCode: "ZHUGE", address: .init(label: "x", regionCode: "330106", street: "x")),
          options: shop.command())
      },
    ] { #expect(reason(described) == "CUSTOMER_ERASED") }
    let repeated = await refusal {
      try await shop.orders.placeOrder(orderRequest(shop), options: shop.command(key: "order"))
    }
    #expect(repeated?.code == .alreadyExists)
    let changed = try await shop.customers.upsertCustomers(customer(), options: shop.command())
    #expect(changed.verdicts.first?.violations.first?.reason == "CUSTOMER_ERASED")
    let ordered = await refusal {
      try await shop.orders.placeOrder(orderRequest(shop), options: shop.command())
    }
    #expect(reason(ordered) == "CUSTOMER_ERASED")
    for term in [Self.name, Self.phone] {
      #expect(try await shop.customers.listCustomers(.init(prefix: term)).customers == [])
    }
    await shop.signAudit()
    await shop.close()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.contains("shop.db"))
    for file in files {
      let bytes = try Data(contentsOf: folder.appending(path: file))
      for text in Self.texts + ["13911112222"] {
        #expect(bytes.range(of: Data(text.utf8)) == nil, "\(text) in \(file)")
      }
    }
  }

  @Test("the keys are themselves encrypted where the server has a key for it")
  func master() async throws {
    let gate = try await Gatehouse {
      $0.sealKeys = SealKeys([[UInt8](repeating: 9, count: SealKeys.byteCount)])
    }
    _ = try await gate.shop.customers.upsertCustomers(
      customer(), options: gate.command(gate.admin))
    let seals = try await gate.shop.database.read { snapshot in
      try snapshot.all("SELECT length(sealed_with), length(bytes) FROM subject_key LIMIT 10") {
        [$0.int(0), $0.int(1)]
      }
    }
    #expect(seals == [[8, 92]])
    await #expect(throws: StorageError.self) { try await gate.shop.reopened(callers: .proved) }
    gate.shop.database.close()
  }

  /// What tells an item of an export from others.
  private static func kind(_ item: CustomersV1.ExportCustomerResponse.Item) -> String {
    switch item {
    case .customer: "customer"
    case .payout(let payout): payout.number
    case .order(let order): order.note
    case .shipment(let shipment): shipment.receivedBy
    case .event: "event"
    case .invoice(let invoice): invoice.orderNumber
    case .payment(let payment): payment.customerCode
    case .quote(let quote): quote.comment
    case .blanket(let blanket): blanket.note
    case .contact(let contact): contact.email
    case .address(let address): address.street
    case .consent(let consent): consent.source
    case .creditGrant(let grant): grant.reason
    case .tag(let tag): tag
    case .deliveryAddress(let place): place.contactName
    case .customerReturn(let back): back.note
    case .complaint(let complaint): complaint.text + complaint.resolution
    case .satisfactionAnswer(let answer): answer.text
    case .notice(let notice): notice.body
    case .earlierText: "earlier"
    case .appointment(let appointment): appointment.remark
    case .proofOfDelivery(let proof): proof.signedBy
    case .carrierEvent(let kept): kept.event?.place ?? ""
    case .showroomPiece(let piece): "\(piece.sku) for \(piece.earlierLoans.map(\.customerCode))"
    case .opportunity(let talk): talk.title + talk.note
    case .externalId(let known): known.externalId
    case .giftCard(let card): card.number
    case .pointsEntry(let entry): "\(entry.points) points"
    case .dunningLetter(let letter): letter.number
    case .dunningStop(let stop): stop.note
    case .paymentPromise(let promise): promise.note
    }
  }

  @Test("everything about a customer in one call")
  func exported() async throws {
    let shop = try await Shop.open()
    let story = try await tell(shop)
    try await pay(shop, story)
    var items: [CustomersV1.ExportCustomerResponse.Item] = []
    for try await part in try await shop.customers.exportCustomer(.init(code: "ZHUGE")) {
      if let item = part.item { items.append(item) }
    }
    guard case .customer(let customer)? = items.first else {
      Issue.record("no customer first")
      return
    }
    #expect(customer.phone == Self.phone)
    let kinds = items.map(Self.kind)
    let earlier = items.compactMap { item in
      if case .earlierText(let text) = item { text } else { nil }
    }
    // What the customer was called and could be reached by before, in all that was said and done.
    let phones = earlier.filter { $0.text == "13911112222" }
    #expect(phones.map(\.name) == ["phone", "customer.phone"])
    #expect(phones.allSatisfy { $0.subject == "ZHUGE" && $0.time != nil })
    #expect(phones.allSatisfy { $0.method.hasSuffix("CustomerService/UpsertCustomers") })
    let told = Set(earlier.map(\.text))
    #expect(told.isSuperset(of: [Self.friend, Self.mail, Self.street, Self.note, Self.receiver]))
    #expect(!told.contains { $0.isEmpty || $0.hasPrefix("sealed:") || $0 == "erased" })
    let keys = earlier.map { [$0.subject, $0.name, $0.text] }
    #expect(Set(keys).count == keys.count, "each is told once")
    #expect(
      Set(kinds) == [
        "earlier",
        "customer", Self.note, "event", story.order.number, "ZHUGE", Self.loss,
        Self.agreement, Self.mail, Self.street, Self.form, Self.vouching, Self.tag, "plain",
        Self.friend, Self.remorse, Self.complaint + Self.solace, Self.opinion, Self.wish,
        Self.signer, Self.doorstep, "LAMP for [\"ZHUGE\"]", Self.talk, "CRM:L-1", "CRM:P-1",
      ])
    await #expect(throws: RPCError.self) {
      for try await _ in try await shop.customers.exportCustomer(.init(code: "NOBODY")) {}
    }
    _ = try await erase(shop)
    for try await part in try await shop.customers.exportCustomer(.init(code: "ZHUGE")) {
      if case .earlierText(let text) = part.item { Issue.record("\(text) after the erasure") }
    }
    await shop.close()
  }
}
