import Messages
import RPC
import Senders
import Services
import Storage
import Synchronization
import TestKit
import Testing

/// Takes whatever is sent.
private final class Letterbox: NoticeSender {
  private let letters = Mutex<[OutgoingNotice]>([])

  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome {
    letters.withLock { $0.append(notice) }
    return .delivered
  }

  var taken: [OutgoingNotice] { letters.withLock { $0 } }
}

@Suite("Scenario: customers are reminded of what they owe, once for each level")
struct DunningTests {
  private static let levels: [FinanceV1.DunningLevel] = [
    .init(afterDays: 7, letter: .reminder),
    .init(afterDays: 21, letter: .demand, fee: yuan("20"), interestMicros: 50_000),
    .init(
      afterDays: 45, letter: .finalDemand, fee: yuan("40"), interestMicros: 50_000,
      blocksOrders: true),
  ]

  private func opened(
    _ notices: NoticeSettings = NoticeSettings(), minimum: String = "50", spares: Bool = true
  ) async throws -> Shop {
    let shop = try await Shop.open(notices: notices)
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    try await shop.stock("LAMP", 90, cost: "80")
    _ = try await shop.dunning.setDunningPolicy(
      .init(
        levels: Self.levels, minimum: yuan(minimum), sparesComplaints: spares, reason: "the first"),
      options: shop.command())
    return shop
  }

  /// Number of the invoice; chairs cost 563.87 with tax, lamps 225.89.
  private func sell(
    _ shop: Shop, _ sku: String = "CHAIR", _ count: Int64 = 2, to customer: String = "CREDIT"
  ) async throws -> (order: String, invoice: String) {
    let order = try await shop.place([(sku, count)], customer: customer).number
    try await shop.deliver(order)
    let invoiced = try await shop.orders.invoiceOrder(
      .init(number: order), options: shop.command())
    return (order, invoiced.invoiceNumber)
  }

  private func run(_ shop: Shop, dryRun: Bool = false) async throws -> [FinanceV1.DunningLetter] {
    try await shop.dunning.runDunning(.init(), options: shop.command(dryRun: dryRun)).letters
  }

  /// "IN-… 2" for each line.
  private func told(_ letters: [FinanceV1.DunningLetter]) -> [String] {
    letters.flatMap { letter in letter.lines.map { "\($0.invoiceNumber) \($0.level)" } }
  }

  private func dunned(
    _ shop: Shop, _ customer: String = "CREDIT"
  ) async throws -> FinanceV1.GetCustomerDunningResponse {
    try await shop.dunning.getCustomerDunning(.init(customerCode: customer))
  }

  /// What holds a lamp that is ordered now.
  private func holds(
    _ shop: Shop, _ customer: String = "CREDIT"
  ) async throws -> [OrdersV1.OrderHoldKind] {
    let order = shop.input([("LAMP", 1)], customer: customer)
    return try await shop.orders.placeOrder(.init(order: order), options: shop.command())
      .holds.map(\.kind)
  }

  private func pay(_ shop: Shop, _ order: String, _ amount: String) async throws {
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan(amount), method: .card, orderNumber: order), options: shop.command())
  }

  @Test("what reaches a level is told once, all of a customer's in one letter, with what it costs")
  func levels() async throws {
    let box = Letterbox()
    let shop = try await opened(NoticeSettings(mail: box))
    _ = try await shop.customers.setContact(
      .init(
        customerCode: "CREDIT",
        contact: .init(role: .accounts, name: "张伟", email: "books@zhang.example")),
      options: shop.command())
    for event in ["dunning.reminder", "dunning.demand", "dunning.final-demand"] {
      _ = try await shop.notifications.setNoticeRule(
        .init(
          rule: .init(
            code: event, eventType: event, channel: .email, audience: .customer, purpose: .order,
            locale: "en", active: true)), options: shop.command())
    }
    let chairs = try await sell(shop)
    shop.clock.advance(days: 3)
    let lamp = try await sell(shop, "LAMP", 1)
    let other = try await sell(shop, "LAMP", 1, to: "VIP")
    shop.clock.advance(days: 33)
    // Six days overdue: nothing has been reached.
    #expect(try await run(shop).isEmpty)
    shop.clock.advance(days: 1)
    let shown = try await run(shop, dryRun: true)
    #expect(told(shown) == ["\(chairs.invoice) 1"])
    let first = try await run(shop)
    #expect(first == shown)
    #expect(first.first?.kind == .reminder && first.first?.fee == nil)
    #expect(first.first?.totals == [yuan("1127.74")])
    #expect(try await run(shop).isEmpty)
    shop.clock.advance(days: 14)
    // Of the lamp the first level is over, of the chairs the second is reached: one letter.
    let second = try await run(shop)
    #expect(told(second) == ["\(chairs.invoice) 2", "\(lamp.invoice) 1"])
    let letter = try #require(second.first)
    #expect(letter.kind == .demand && letter.level == 2 && letter.fee == yuan("20"))
    // 1,127.74 × 5 % × 21 ÷ 365.
    #expect(letter.lines.map(\.interest) == [yuan("3.24"), nil])
    #expect(letter.totals == [yuan("1356.87")])
    #expect(letter.number.hasPrefix("DL-2026-") && letter.customerCode == "CREDIT")
    let found = try await shop.dunning.getDunningLetter(.init(number: letter.number)).letter
    #expect(found == letter)
    // What is paid in part stays where it is; what is paid is out.
    try await pay(shop, chairs.order, "1000")
    try await pay(shop, lamp.order, "225.89")
    shop.clock.advance(days: 24)
    let third = try await run(shop)
    #expect(told(third) == ["\(chairs.invoice) 3", "\(other.invoice) 1"])
    #expect(third.first?.lines.first?.open == yuan("127.74"))
    let listed = try await shop.dunning.listDunningLetters(.init(customerCode: "CREDIT"))
    #expect(listed.letters.map(\.level) == [3, 2, 1] && listed.letters[0].lines.isEmpty)
    try await shop.settleNotices()
    #expect(box.taken.map(\.address) == Array(repeating: "books@zhang.example", count: 3))
    #expect(box.taken.map { $0.subject.prefix(6) } == ["A remi", "Please", "Last d"])
    #expect(box.taken[1].body.contains("1. \(chairs.invoice) (order \(chairs.order)), due on"))
    #expect(box.taken[1].body.contains("21 days ago: 1127.74 CNY, with interest of 3.24 CNY\n"))
    #expect(box.taken[1].body.contains("Besides, for this letter: 20.00 CNY\n"))
    let timeline = try await shop.orders.getOrderTimeline(.init(number: chairs.order)).events
    #expect(timeline.filter { $0.type == "invoice.dunned" }.count == 3)
    // The other customer had 60 days to pay.
    let rows = try await shop.dunning.listDunning(.init()).customers
    #expect(rows.map(\.customerCode) == ["CREDIT", "VIP"])
    #expect(rows.map(\.level) == [3, 1] && rows[1].overdue == yuan("225.89"))
    #expect(try await shop.dunning.listDunning(.init(level: 2)).customers == [rows[0]])
    #expect(try await dunned(shop, "VIP").invoices.map(\.number) == [other.invoice])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who was reminded often enough gets nothing more on terms until that is settled")
  func blocked() async throws {
    let shop = try await opened()
    let debt = try await sell(shop)
    shop.clock.advance(days: 75)
    #expect(told(try await run(shop)) == ["\(debt.invoice) 3"])
    let asked = shop.input([("LAMP", 1)])
    let held = try await shop.orders.placeOrder(.init(order: asked), options: shop.command())
    #expect(held.order?.state == .submitted && held.holds.map(\.kind) == [.credit])
    #expect(held.holds.first?.reason.contains(debt.invoice) == true)
    // Others are not concerned.
    for customer in ["VIP", "CASH"] { #expect(try await holds(shop, customer) == []) }
    let draft = try await shop.orders.createOrder(.init(order: asked), options: shop.command())
    let number = draft.order?.number ?? ""
    let submitted = try await shop.orders.submitOrder(
      .init(number: number), options: shop.command())
    #expect(submitted.holds.map(\.kind) == [.credit])
    let overview = try await shop.customers.getCustomerOverview(.init(code: "CREDIT"))
    #expect(overview.dunning?.blocksOrders == true && overview.dunning?.level == 3)
    #expect(overview.dunning?.overdue == yuan("1127.74") && overview.dunning?.invoices == 1)
    // A dispute holds nothing else up.
    let stop = try await shop.dunning.stopDunning(
      .init(
        invoiceNumber: debt.invoice, reason: .dispute, note: "a leg is crooked",
        until: .init(year: 2026, month: 5, day: 20)), options: shop.command())
    #expect(stop.stop?.customerCode == "CREDIT")
    #expect(try await holds(shop) == [])
    let stopped = try await dunned(shop)
    #expect(stopped.summary?.blocksOrders == false && stopped.summary?.heldBack == 1)
    #expect(stopped.invoices.first?.pause == .stopped && stopped.stops.count == 1)
    _ = try await shop.dunning.liftDunningStop(
      .init(id: stop.stop?.id ?? 0), options: shop.command(by: "wang"))
    #expect(try await holds(shop) == [.credit])
    let again = await refusal {
      try await shop.dunning.liftDunningStop(
        .init(id: stop.stop?.id ?? 0), options: shop.command())
    }
    #expect(reason(again) == "DUNNING_STOP_OVER")
    try await pay(shop, debt.order, "1127.74")
    #expect(try await holds(shop) == [])
    #expect(try await dunned(shop).summary == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test(
    "stops, complaints, promises and small sums hold a reminder back, and it goes on after them")
  func heldBack() async throws {
    let shop = try await opened()
    let stopped = try await sell(shop)
    let complained = try await sell(shop)
    let promised = try await sell(shop)
    let small = try await sell(shop)
    try await pay(shop, small.order, "1077.75")
    shop.clock.advance(days: 40)
    _ = try await shop.dunning.stopDunning(
      .init(
        invoiceNumber: stopped.invoice, reason: .instalments,
        until: .init(year: 2026, month: 4, day: 30)), options: shop.command())
    let complaint = try await shop.complaints.openComplaint(
      .init(orderNumber: complained.order, category: .quality, severity: .low, text: "crooked"),
      options: shop.command()
    ).complaint
    let note = FinanceV1.NotePaymentPromiseRequest(
      invoiceNumber: promised.invoice, amount: yuan("500"),
      promisedOn: .init(year: 2026, month: 4, day: 20), note: "after the holidays")
    let first = try await shop.dunning.notePaymentPromise(note, options: shop.command())
    #expect(first.promise?.state == .open && first.promise?.customerCode == "CREDIT")
    #expect(try await run(shop).isEmpty)
    let found = try await dunned(shop)
    #expect(found.invoices.map(\.pause) == [.stopped, .complaint, .promised, .small])
    #expect(found.invoices.map(\.level) == [0, 0, 0, 0])
    #expect(found.invoices.map(\.nextLevel) == [1, 1, 1, 1])
    #expect(found.invoices.first?.nextOn == .init(year: 2026, month: 4, day: 8))
    #expect(found.summary?.heldBack == 3)
    // 2026-04-11 and 10 days: the promise is broken, and what it held back goes on.
    shop.clock.advance(days: 10)
    #expect(try await dunned(shop).promises.map(\.state) == [.broken])
    #expect(told(try await run(shop)) == ["\(promised.invoice) 1"])
    _ = try await shop.complaints.resolveComplaint(
      .init(number: complaint?.number ?? "", resolution: "repaired"), options: shop.command())
    #expect(told(try await run(shop)) == ["\(complained.invoice) 1"])
    shop.clock.advance(days: 10)
    #expect(
      told(try await run(shop)) == [
        "\(stopped.invoice) 2", "\(complained.invoice) 2", "\(promised.invoice) 2",
      ])
    // A promise that is kept is known to be; another one takes its place, three at most.
    try await pay(shop, promised.order, "500")
    #expect(try await dunned(shop).promises.map(\.state) == [.kept])
    var next = note
    next.amount = nil
    next.promisedOn = .init(year: 2026, month: 5, day: 30)
    for _ in 0..<2 {
      _ = try await shop.dunning.notePaymentPromise(next, options: shop.command())
    }
    let many = await refusal {
      try await shop.dunning.notePaymentPromise(next, options: shop.command())
    }
    #expect(violations(many) == ["TOO_MANY_PROMISES invoice_number"])
    #expect(try await dunned(shop).promises.map(\.state) == [.open, .open, .kept])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what a customer owed on a day is told as the books closed on it")
  func ageing() async throws {
    let shop = try await opened()
    let order = try await sell(shop)
    shop.clock.advance(days: 40)
    let lamp = try await sell(shop, "LAMP", 1)
    try await pay(shop, order.order, "1000")
    func aged(_ month: Int32, _ day: Int32) async throws -> [ReportsV1.AgedReceivable] {
      try await shop.reports.getAgedReceivables(
        .init(asOf: .init(year: 2026, month: month, day: day))
      ).rows
    }
    #expect(try await aged(3, 1).isEmpty)
    let early = try await aged(4, 1)
    #expect(early.map(\.customerCode) == ["CREDIT"] && early[0].notDue == yuan("1127.74"))
    #expect(try await aged(4, 10).first?.days30 == yuan("1127.74"))
    let now = try await aged(4, 11)
    #expect(now.first?.days30 == yuan("127.74") && now.first?.notDue == yuan("225.89"))
    let today = try await shop.reports.getAgedReceivables(.init()).rows
    #expect(now == today)
    shop.clock.advance(days: 1)
    #expect(try await aged(4, 11) == now)
    try await pay(shop, lamp.order, "225.89")
    try await pay(shop, order.order, "127.74")
    #expect(try await shop.reports.getAgedReceivables(.init()).rows.isEmpty)
    #expect(try await aged(4, 11) == now)
    let future = await refusal { try await aged(4, 13) }
    #expect(violations(future) == ["OUT_OF_RANGE as_of"])
    await shop.close()
  }

  @Test("what is given back falls out, and what is merged or forgotten goes along")
  func people() async throws {
    let shop = try await opened()
    let back = try await sell(shop, to: "VIP")
    shop.clock.advance(days: 70)
    #expect(told(try await run(shop)) == ["\(back.invoice) 1"])
    _ = try await shop.dunning.stopDunning(
      .init(
        customerCode: "VIP", reason: .other, note: "on a journey",
        until: .init(year: 2026, month: 6, day: 1)), options: shop.command())
    _ = try await shop.dunning.notePaymentPromise(
      .init(
        invoiceNumber: back.invoice, promisedOn: .init(year: 2026, month: 5, day: 20),
        note: "when she is back"), options: shop.command())
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "VIP", intoCode: "CREDIT"), options: shop.command())
    let merged = try await dunned(shop)
    #expect(merged.invoices.map(\.letterNumber) == ["DL-2026-000001"])
    #expect(merged.stops.map(\.note) == ["on a journey"] && merged.promises.count == 1)
    try await pay(shop, back.order, "1127.74")
    #expect(try await dunned(shop).invoices.isEmpty)
    let letters = try await shop.dunning.listDunningLetters(.init(customerCode: "CREDIT")).letters
    #expect(letters.map(\.number) == ["DL-2026-000001"])
    var kinds: [String] = []
    for try await item in try await shop.customers.exportCustomer(.init(code: "CREDIT")) {
      switch item.item {
      case .dunningLetter(let letter): kinds.append(letter.number)
      case .dunningStop(let stop): kinds.append(stop.note)
      case .paymentPromise(let promise): kinds.append(promise.note)
      default: break
      }
    }
    #expect(kinds == ["DL-2026-000001", "on a journey", "when she is back"])
    _ = try await shop.customers.eraseCustomer(
      .init(code: "CREDIT", reason: "asked"), options: shop.command())
    let forgotten = try await shop.database.read { snapshot in
      try snapshot.all("SELECT note FROM dunning_stop UNION SELECT note FROM payment_promise") {
        $0.text(0)
      }
    }
    #expect(forgotten == [""])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("policies are versions, and bad input names its field")
  func badInput() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let none = await refusal { try await shop.dunning.getDunningPolicy(.init()) }
    #expect(violations(none) == ["UNKNOWN_DUNNING_POLICY version"])
    #expect(try await run(shop).isEmpty)
    func refused(_ request: FinanceV1.SetDunningPolicyRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.dunning.setDunningPolicy(request, options: shop.command())
        })
    }
    #expect(await refused(.init()) == ["REQUIRED reason"])
    #expect(
      await refused(.init(levels: [.init(afterDays: 7)], reason: "x"))
        == ["REQUIRED levels[0].letter"])
    #expect(
      await refused(
        .init(
          levels: [
            .init(afterDays: 0, letter: .reminder),
            .init(
              afterDays: 9, letter: .demand,
              fee: .init(currencyCode: "USD", minorUnits: 1), interestMicros: -1),
            .init(afterDays: 9, letter: .demand),
          ], reason: "x"))
        == [
          "OUT_OF_RANGE levels[0].after_days", "CURRENCY_NOT_ACCEPTED levels[1].fee",
          "OUT_OF_RANGE levels[1].interest_micros", "OUT_OF_RANGE levels[2].after_days",
        ])
    await shop.close()
  }

  @Test("stops and promises name what is wrong with them, and a later policy counts from its day")
  func badStops() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 5, cost: "200")
    let made = try await shop.dunning.setDunningPolicy(
      .init(levels: Self.levels, reason: "the first"), options: shop.command())
    let shown = try await shop.dunning.getDunningPolicy(.init(version: 1)).policy
    #expect(shown == made.policy && shown?.levels == Self.levels)
    func stop(_ request: FinanceV1.StopDunningRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.dunning.stopDunning(request, options: shop.command())
        })
    }
    let day = GoogleType.Date(year: 2026, month: 3, day: 9)
    #expect(
      await stop(.init())
        == ["REQUIRED reason", "REQUIRED until", "REQUIRED customer_code"])
    #expect(
      await stop(.init(customerCode: "NOBODY", reason: .other, until: day))
        == ["UNKNOWN_CUSTOMER customer_code"])
    #expect(
      await stop(.init(invoiceNumber: "IN-1", reason: .other, until: day))
        == ["UNKNOWN_INVOICE invoice_number"])
    #expect(
      await stop(
        .init(
          customerCode: "VIP", reason: .other, until: .init(year: 2026, month: 3, day: 1)))
        == ["OUT_OF_RANGE until"])
    let sold = try await sell(shop)
    #expect(
      await stop(
        .init(customerCode: "VIP", invoiceNumber: sold.invoice, reason: .other, until: day))
        == ["FOREIGN_INVOICE invoice_number"])
    let more = await refusal {
      try await shop.dunning.notePaymentPromise(
        .init(invoiceNumber: sold.invoice, amount: yuan("1127.75"), promisedOn: day),
        options: shop.command())
    }
    #expect(violations(more) == ["OUT_OF_RANGE amount"])
    try await pay(shop, sold.order, "1127.74")
    let paid = await refusal {
      try await shop.dunning.notePaymentPromise(
        .init(invoiceNumber: sold.invoice, promisedOn: day), options: shop.command())
    }
    #expect(violations(paid) == ["INVOICE_NOT_OPEN invoice_number"])
    let letter = await refusal { try await shop.dunning.getDunningLetter(.init(number: "DL-1")) }
    #expect(violations(letter) == ["UNKNOWN_DUNNING_LETTER number"])
    // A later version counts from its day; none of its levels ends reminding.
    _ = try await shop.dunning.setDunningPolicy(
      .init(validFrom: day, levels: [], reason: "never again"), options: shop.command())
    _ = try await sell(shop)
    shop.clock.advance(days: 90)
    #expect(try await run(shop).isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
