import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: goods come back")
struct ReturnTests {
  private func pay(_ shop: Shop, _ order: String, _ amount: String) async throws {
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan(amount), method: .card, orderNumber: order), options: shop.command())
  }

  /// Bought, paid, delivered and invoiced by who pays before.
  private func sell(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], paid: String
  ) async throws -> String {
    let order = try await shop.place(lines, customer: "CASH").number
    try await pay(shop, order, paid)
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    return order
  }

  private func request(
    _ shop: Shop, _ order: String, _ count: Int64, _ reason: String = "CHANGED_MIND",
    by actor: String = "li.na"
  ) async throws -> AftersalesV1.CustomerReturn {
    let reply = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(count), reasonCode: reason)],
        note: "too green"), options: shop.command(by: actor))
    return try #require(reply.customerReturn)
  }

  private func receive(_ shop: Shop, _ number: String) async throws {
    _ = try await shop.returns.receiveReturn(
      .init(number: number), options: shop.command(by: "store.keeper"))
  }

  private func grade(
    _ shop: Shop, _ number: String, _ grades: [(Int64, AftersalesV1.ReturnGrade)]
  ) async throws -> AftersalesV1.CustomerReturn {
    let reply = try await shop.returns.gradeReturn(
      .init(
        number: number,
        lines: grades.map { .init(lineNumber: 1, quantity: pieces($0.0), grade: $0.1) }),
      options: shop.command(by: "store.keeper"))
    return try #require(reply.customerReturn)
  }

  private func credit(
    _ shop: Shop, _ number: String
  ) async throws -> AftersalesV1.CreditReturnResponse {
    try await shop.returns.creditReturn(
      .init(number: number), options: shop.command(by: "accountant"))
  }

  /// Of the accounts that a return touches, in cents, where it is not zero.
  private func balances(_ shop: Shop) async throws -> [String: Int64] {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts
    let told = accounts.filter {
      ["1002", "1122", "1405", "2204", "2221.01", "6001.03", "6301", "6401", "6401.03"].contains(
        $0.account) && $0.balance?.minorUnits != 0
    }
    return Dictionary(
      told.map { ($0.account, $0.balance?.minorUnits ?? 0) },
      uniquingKeysWith: { first, _ in first })
  }

  private func onHand(_ shop: Shop, _ sku: String) async throws -> Int64 {
    let levels = try await shop.inventory.getAvailability(.init(sku: sku)).levels
    return (levels.first?.onHand?.micros ?? 0) / 1_000_000
  }

  @Test("three of four chairs come back one by one, and the money with them, to the cent")
  func moneyBack() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200.01")
    // 4 × 499 = 1,996.00 and 13 % tax of it, 259.48.
    let order = try await sell(shop, [("CHAIR", 4)], paid: "2255.48")
    let terms = try await shop.returns.getReturnable(
      .init(orderNumber: order, reasonCode: "CHANGED_MIND"))
    #expect(terms.lines.map(\.returnable) == [amount("4", "pcs")])
    #expect(terms.lines[0].explanation.contains("within 7 days"))

    var refunded: Int64 = 0
    for step in 1...3 {
      let asked = try await request(shop, order, 1)
      #expect(asked.state == .approved && asked.note == "too green")
      #expect(asked.explanation?.steps.map(\.rule) == ["RETURN_RULE"])
      try await receive(shop, asked.number)
      // In quarantine it is nobody's to promise.
      #expect(try await onHand(shop, "CHAIR") == Int64(step - 1))
      let graded = try await grade(shop, asked.number, [(1, .a)])
      #expect(graded.state == .inspected && graded.lines[0].cost == yuan("200.01"))
      #expect(try await onHand(shop, "CHAIR") == Int64(step))
      let done = try await credit(shop, asked.number)
      #expect(done.customerReturn?.state == .credited)
      let note = try #require(done.creditNotes.first)
      #expect(note.gross == yuan("563.87") && note.released == note.gross)
      #expect(done.refund == yuan("563.87"))
      let stored = try await shop.finance.getCreditNote(.init(number: note.number)).creditNote
      #expect(stored == note && done.customerReturn?.creditNoteNumbers == [note.number])
      let same = await refusal {
        try await shop.cancellations.payRefund(
          .init(orderNumber: order, method: .card), options: shop.command(by: "accountant"))
      }
      #expect(reason(same) == "MAKER_MAY_NOT_DECIDE")
      let paid = try await shop.cancellations.payRefund(
        .init(orderNumber: order, method: .card), options: shop.command(by: "cashier"))
      refunded += paid.refund?.total?.minorUnits ?? 0
      #expect(try await shop.violations() == [])
    }
    #expect(refunded == 3 * 563_87)
    // One chair is left to the customer, and its price to us.
    #expect(
      try await balances(shop) == [
        "1002": 563_87, "1405": 600_03, "2221.01": -64_87, "6001.03": 1497_00, "6401": 200_01,
      ])
    let sold = try await shop.orders.getOrder(.init(number: order)).order
    #expect(sold?.state == .closed)
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events.map(\.type)
    #expect(told.filter { $0 == "return.credited" }.count == 3)
    #expect(told.contains("credit-note.issued") && told.contains("return.received"))
    let entries = try await shop.finance.listJournalEntries(.init(orderNumber: order)).entries
    #expect(Set(entries.map(\.event)).isSuperset(of: ["GOODS_RETURNED", "CREDIT_NOTE_ISSUED"]))
    await shop.close()
  }

  @Test("what is open goes first, a fee is charged, and money on account pays what else is open")
  func onAccount() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.returns.setReturnPolicy(
      .init(
        rules: [.init(isDefect: false, withinDays: 30, allowed: true, feeMicros: 100_000)],
        reason: "a tenth"), options: shop.command())
    try await shop.stock("LAMP", 5, cost: "80")
    let orders =
      try await [shop.place([("LAMP", 3)], customer: "VIP").number]
      + [shop.place([("LAMP", 2)], customer: "VIP").number]
    let order = orders[0]
    var invoices: [String] = []
    for number in orders {
      try await shop.deliver(number)
      let reply = try await shop.orders.invoiceOrder(
        .init(number: number), options: shop.command())
      invoices.append(reply.invoiceNumber)
    }
    // 3 × 199.90 and 77.96 of tax; 2 × 199.90 and 51.97. The money is for what is due first.
    _ = try await shop.finance.receivePayment(
      .init(customerCode: "VIP", amount: yuan("300"), method: .bankTransfer),
      options: shop.command())
    func open(_ index: Int) async throws -> FinanceV1.Invoice {
      try #require(try await shop.finance.getInvoice(.init(number: invoices[index])).invoice)
    }
    #expect(try await open(0).open == yuan("377.66"))

    let first = try await request(shop, order, 1)
    try await receive(shop, first.number)
    _ = try await grade(shop, first.number, [(1, .a)])
    let one = try await credit(shop, first.number)
    #expect(one.creditNotes.map(\.gross) == [yuan("225.89")])
    #expect(one.creditNotes.map(\.released) == [yuan("0.00")])
    #expect(one.customerReturn?.fee == yuan("22.59") && one.refund == yuan("0.00"))
    #expect(try await open(0).open == yuan("151.77"))
    #expect(try await shop.violations() == [])

    let second = try await request(shop, order, 2)
    try await receive(shop, second.number)
    let graded = try await grade(shop, second.number, [(1, .b), (1, .c)])
    #expect(graded.state == .inspected)
    let two = try await credit(shop, second.number)
    // A(3) − A(1): the tax of the three pieces sums to what was invoiced.
    #expect(two.creditNotes.map(\.tax) == [yuan("51.97")])
    #expect(two.creditNotes.map(\.gross) == [yuan("451.77")])
    #expect(two.creditNotes.map(\.released) == [yuan("300.00")])
    #expect(two.customerReturn?.fee == yuan("45.18"))
    let settled = try await open(0)
    #expect(settled.state == .paid && settled.credited == settled.gross)
    // 300.00 less the second fee; the first one is due after it.
    #expect(try await open(1).open == yuan("196.95"))
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .delivered)
    #expect(try await shop.violations() == [])

    // The repaired one is as new.
    #expect(try await onHand(shop, "LAMP") == 1)
    let repaired = try await grade(shop, second.number, [(1, .a)])
    #expect(repaired.state == .credited && repaired.lines[0].gradeB == amount("0", "pcs"))
    #expect(try await onHand(shop, "LAMP") == 2)
    let books = try await balances(shop)
    #expect(books["6401.03"] == 80_00 && books["6301"] == -67_77 && books["1405"] == 160_00)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// A table that the workshop made for somebody, delivered and invoiced.
  private func sellTable(_ shop: Shop) async throws -> String {
    try await shop.stock("BOARD", 10, cost: "180")
    let order = try await shop.place([("TABLE", 1)], customer: "VIP").number
    let works = try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders
    let work = try #require(works.first).number
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
    _ = try await shop.production.completeWorkOrder(
      .init(number: work, good: pieces(1)), options: shop.command())
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    return order
  }

  @Test("what was made to measure stays unless it is defective, and then somebody else agrees")
  func madeToMeasure() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let order = try await sellTable(shop)
    let wish = await refusal { try await request(shop, order, 1) }
    #expect(violations(wish) == ["NOT_RETURNABLE lines[0].line_number"])
    #expect(wish?.code == .failedPrecondition)

    let asked = try await request(shop, order, 1, "DEFECT")
    #expect(asked.state == .requested && asked.approverRole == "SALES_MANAGER")
    #expect(asked.lines.map(\.responsible) == [.workshop])
    let early = await refusal { try await receive(shop, asked.number) }
    #expect(reason(early) == "RETURN_STATE_FORBIDS")
    let own = await refusal {
      try await shop.returns.approveReturn(
        .init(number: asked.number), options: shop.command(roles: "SALES_MANAGER"))
    }
    #expect(reason(own) == "REQUESTER_MAY_NOT_DECIDE" && own?.code == .permissionDenied)
    let nobody = await refusal {
      try await shop.returns.approveReturn(
        .init(number: asked.number), options: shop.command(by: "wang", roles: "SALES"))
    }
    #expect(reason(nobody) == "ROLE_MISSING")
    let rejected = try await shop.returns.rejectReturn(
      .init(number: asked.number, reason: "show us a picture"),
      options: shop.command(by: "wang", roles: "SALES_MANAGER"))
    #expect(rejected.customerReturn?.state == .rejected)

    // What was rejected may be asked for again, and what is called off, too.
    let again = try await request(shop, order, 1, "DEFECT")
    let off = try await shop.returns.cancelReturn(
      .init(number: again.number, reason: "keeps it"), options: shop.command())
    #expect(off.customerReturn?.state == .cancelled && off.customerReturn?.decision == "keeps it")
    let third = try await request(shop, order, 1, "DEFECT")
    let approved = try await shop.returns.approveReturn(
      .init(number: third.number), options: shop.command(by: "wang", roles: "SALES_MANAGER"))
    #expect(approved.customerReturn?.decidedBy == "wang")
    let more = await refusal { try await request(shop, order, 1, "DEFECT") }
    #expect(violations(more) == ["MORE_THAN_AVAILABLE lines[0].quantity"])
    try await receive(shop, third.number)
    let early2 = await refusal { try await credit(shop, third.number) }
    #expect(reason(early2) == "RETURN_STATE_FORBIDS")
    _ = try await grade(shop, third.number, [(1, .c)])
    let done = try await credit(shop, third.number)
    #expect(done.creditNotes.map(\.gross) == [yuan("3616.00")])
    let listed = try await shop.returns.listReturns(.init(orderNumber: order)).returns
    #expect(listed.map(\.state) == [.credited, .cancelled, .rejected])
    let waiting = try await shop.returns.listReturns(.init(state: .requested)).returns
    #expect(waiting.isEmpty)
    let shown = try await shop.returns.getReturn(.init(number: third.number)).customerReturn
    #expect(shown == done.customerReturn)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a command that comes twice is done once, and a rehearsal leaves nothing behind")
  func twice() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let order = try await sell(shop, [("CHAIR", 2)], paid: "1127.74")
    let asked = try await request(shop, order, 2)
    // One does not come, and may come another time.
    _ = try await shop.returns.receiveReturn(
      .init(number: asked.number, lines: [.init(lineNumber: 1, quantity: pieces(1))]),
      options: shop.command())
    _ = try await grade(shop, asked.number, [(1, .a)])
    let tried = try await shop.returns.creditReturn(
      .init(number: asked.number), options: shop.command(dryRun: true))
    #expect(
      try await shop.returns.getReturn(.init(number: asked.number)).customerReturn?.state
        == .inspected)
    let options = shop.command(key: "credit")
    let done = try await shop.returns.creditReturn(.init(number: asked.number), options: options)
    let replayed = try await shop.returns.creditReturn(
      .init(number: asked.number), options: options)
    #expect(replayed == done && tried == done)
    let terms = try await shop.returns.getReturnable(
      .init(orderNumber: order, reasonCode: "CHANGED_MIND"))
    #expect(terms.lines.map(\.returned) == [amount("1", "pcs")])
    #expect(terms.lines.map(\.returnable) == [amount("1", "pcs")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input is refused with the field at fault, and loses nothing")
  func badInput() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let order = try await shop.place(
      [("CHAIR", 2), ("INSTALL", 1)], customer: "VIP"
    ).number
    typealias Line = AftersalesV1.ReturnLineInput
    func refused(_ lines: [Line], _ number: String? = nil, note: String = "") async -> [String] {
      violations(
        await refusal {
          try await shop.returns.requestReturn(
            .init(orderNumber: number ?? order, lines: lines, note: note), options: shop.command())
        })
    }
    let good = Line(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")
    #expect(await refused([]) == ["OUT_OF_RANGE lines"])
    #expect(await refused([good], "SO-1") == ["UNKNOWN_ORDER order_number"])
    #expect(await refused([good], note: "a\u{7}") == ["CONTROL_CHARACTER note"])
    // Nothing is delivered yet.
    #expect(await refused([good]) == ["MORE_THAN_AVAILABLE lines[0].quantity"])
    try await shop.deliver(order)
    #expect(await refused([good, good]) == ["DUPLICATE_LINE lines[1].line_number"])
    #expect(
      await refused([.init(lineNumber: 9, quantity: pieces(1), reasonCode: "DEFECT")])
        == ["UNKNOWN_LINE lines[0].line_number"])
    #expect(
      await refused([.init(lineNumber: 2, quantity: pieces(1), reasonCode: "DEFECT")])
        == ["LINE_IS_SERVICE lines[0].line_number"])
    #expect(
      await refused([.init(lineNumber: 1, quantity: pieces(0), reasonCode: "DEFECT")])
        == ["QUANTITY_NOT_POSITIVE lines[0].quantity"])
    #expect(
      await refused([.init(lineNumber: 1, quantity: amount("1", "kg"), reasonCode: "DEFECT")])
        == ["WRONG_UNIT lines[0].quantity.unit_code"])
    #expect(
      await refused([.init(lineNumber: 1, quantity: pieces(1), reasonCode: "MOOD")])
        == ["UNKNOWN_REASON lines[0].reason_code"])
    #expect(
      await refused([.init(lineNumber: 1, quantity: pieces(1))])
        == ["REQUIRED lines[0].reason_code"])
    await shop.close()
  }

  @Test("what did not come, cannot be graded or was never charged is refused")
  func badSteps() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    try await shop.deliver(order)
    let asked = try await request(shop, order, 1)
    let none = await refusal { try await grade(shop, asked.number, [(1, .a)]) }
    #expect(reason(none) == "RETURN_STATE_FORBIDS")
    let nowhere = await refusal {
      try await shop.returns.receiveReturn(
        .init(number: asked.number, warehouseCode: "MOON"), options: shop.command())
    }
    #expect(violations(nowhere) == ["UNKNOWN_WAREHOUSE warehouse_code"])
    let tooMany = await refusal {
      try await shop.returns.receiveReturn(
        .init(number: asked.number, lines: [.init(lineNumber: 1, quantity: pieces(2))]),
        options: shop.command())
    }
    #expect(violations(tooMany) == ["MORE_THAN_AVAILABLE lines[0].quantity"])
    try await receive(shop, asked.number)
    let ungraded = await refusal { try await grade(shop, asked.number, [(1, .unspecified)]) }
    #expect(violations(ungraded) == ["REQUIRED lines[0].grade"])
    let elsewhere = await refusal {
      try await shop.returns.gradeReturn(
        .init(number: asked.number, lines: [.init(lineNumber: 2, quantity: pieces(1), grade: .a)]),
        options: shop.command())
    }
    #expect(violations(elsewhere) == ["UNKNOWN_LINE lines[0].line_number"])
    let nothing = await refusal { try await shop.returns.getReturn(.init(number: "RT-1")) }
    #expect(violations(nothing) == ["UNKNOWN_RETURN number"])
    let many = await refusal { try await grade(shop, asked.number, [(1, .b), (1, .b)]) }
    #expect(violations(many) == ["MORE_THAN_AVAILABLE lines[1].quantity"])
    _ = try await grade(shop, asked.number, [(1, .a)])
    let unbilled = await refusal { try await credit(shop, asked.number) }
    #expect(reason(unbilled) == "NOT_INVOICED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("reasons and policies are data; a policy holds for the orders of its time")
  func policies() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let before = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(before)
    let wrong = await refusal {
      try await shop.returns.setReturnPolicy(
        .init(
          rules: [
            .init(reasonCode: "MOOD", allowed: true),
            .init(sourcing: .service, allowed: true),
            .init(withinDays: -1, allowed: true, feeMicros: 1_000_001),
          ], reason: "x"), options: shop.command())
    }
    #expect(
      violations(wrong) == [
        "UNKNOWN_REASON rules[0].reason_code", "SERVICES_STAY rules[1].sourcing",
        "OUT_OF_RANGE rules[2].within_days", "OUT_OF_RANGE rules[2].fee_micros",
      ])
    let twice = await refusal {
      try await shop.returns.replaceReturnReasons(
        .init(reasons: [
          .init(code: "A", text: "a", responsible: .customer), .init(code: "A", text: "a"),
        ]), options: shop.command())
    }
    #expect(violations(twice) == ["REQUIRED reasons[1].responsible"])
    let same = await refusal {
      try await shop.returns.replaceReturnReasons(
        .init(reasons: [
          .init(code: "A", text: "a", responsible: .customer),
          .init(code: "A", text: "b", responsible: .seller),
        ]), options: shop.command())
    }
    #expect(violations(same) == ["DUPLICATE_REASON reasons[1].code"])
    let never = await refusal { try await shop.returns.getReturnPolicy(.init(version: 9)) }
    #expect(violations(never) == ["UNKNOWN_POLICY version"] && never?.code == .notFound)
    let reasons = try await shop.returns.listReturnReasons(.init()).reasons
    #expect(reasons.map(\.code).contains("CHANGED_MIND"))
    let replaced = try await shop.returns.replaceReturnReasons(
      .init(reasons: reasons + [.init(code: "MOOD", text: "Mood", responsible: .customer)]),
      options: shop.command())
    #expect(replaced.reasons.count == reasons.count + 1)
    shop.clock.advance(days: 1)
    let set = try await shop.returns.setReturnPolicy(
      .init(rules: [.init(reasonCode: "MOOD", allowed: false)], reason: "no moods"),
      options: shop.command())
    #expect(set.policy?.version == 2)
    #expect(try await shop.returns.getReturnPolicy(.init()).policy == set.policy)
    #expect(try await shop.returns.getReturnPolicy(.init(version: 1)).policy?.rules.count == 3)
    let after = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    try await shop.deliver(after)
    // The older order keeps its terms; of the newer one nothing comes back.
    let asked = try await request(shop, before, 1)
    #expect(asked.policyVersion == 1)
    let refused = await refusal { try await request(shop, after, 1) }
    #expect(violations(refused) == ["NOT_RETURNABLE lines[0].line_number"])
    shop.clock.advance(days: 7)
    let late = await refusal {
      try await shop.returns.getReturnable(.init(orderNumber: before, reasonCode: ""))
    }
    #expect(violations(late) == ["REQUIRED reason_code"])
    let terms = try await shop.returns.getReturnable(
      .init(orderNumber: before, reasonCode: "CHANGED_MIND"))
    #expect(terms.lines[0].rule == 0 && terms.lines[0].returnable == amount("0", "pcs"))
    await shop.close()
  }

  @Test("each unit may come back within the days from its own delivery")
  func unitsInTime() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let order = try await shop.place([("CHAIR", 3)], customer: "VIP").number
    try await shop.deliver(order)
    shop.clock.advance(days: 3)
    // The first comes back in its time: it takes nothing from the one that is still to come.
    _ = try await request(shop, order, 1)
    shop.clock.advance(days: 37)
    try await shop.stock("CHAIR", 1, cost: "200")
    try await shop.deliver(order)
    shop.clock.advance(days: 1)
    let terms = try await shop.returns.getReturnable(
      .init(orderNumber: order, reasonCode: "CHANGED_MIND"))
    #expect(terms.lines.map(\.returnable) == [amount("1", "pcs")])
    let both = await refusal { try await request(shop, order, 2) }
    #expect(violations(both) == ["NOT_RETURNABLE lines[0].line_number"])
    _ = try await request(shop, order, 1)
    let old = await refusal { try await request(shop, order, 1) }
    #expect(violations(old) == ["NOT_RETURNABLE lines[0].line_number"])
    // A defect may be told at any time, as shipped.
    #expect(try await request(shop, order, 1, "DEFECT").state == .requested)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is written down to nothing, and then sold as new, leaves no cent behind")
  func centsOfGradeB() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.returns.setReturnPolicy(
      .init(
        rules: [.init(allowed: true, writeDownMicros: 1_000_000)], reason: "grade B is worthless"),
      options: shop.command())
    // Three for 1.00 together.
    try await shop.stock("LAMP", 3, cost: "0.333333")
    let order = try await shop.place([("LAMP", 3)], customer: "VIP").number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    let before = try await balances(shop)
    let asked = try await request(shop, order, 3)
    try await receive(shop, asked.number)
    _ = try await grade(shop, asked.number, [(1, .a), (1, .b), (1, .a), (1, .a)])
    let after = try await balances(shop)
    // What the cost of sales is less by is on the shelves or written down.
    func change(_ account: String) -> Int64 { (after[account] ?? 0) - (before[account] ?? 0) }
    #expect(change("6401") == -100)
    #expect(change("1405") + change("6401.03") == 100)
    let levels = try await shop.inventory.getAvailability(.init(sku: "LAMP")).levels
    #expect(levels.first?.value?.minorUnits == change("1405"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
