import Messages
import RPC
import TestKit
import TestRandom
import Testing

@Suite("Simulation: debts and complaints over months against a model")
struct DebtSimulationTests {
  @Test(
    "reminders, stops, promises and clocks are what the model says",
    arguments: SimulationTests.seeds)
  func debtsFollowModel(seed: UInt64) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 100_000, cost: "80")
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: ["A", "B"].map {
          .init(code: $0, name: $0, creditLimit: yuan("1000000"), terms: .init(netDays: 10))
        }), options: shop.command())
    _ = try await shop.dunning.setDunningPolicy(
      .init(
        levels: [
          .init(afterDays: 7, letter: .reminder),
          .init(afterDays: 21, letter: .demand, fee: yuan("20"), interestMicros: 60_000),
          .init(
            afterDays: 45, letter: .finalDemand, interestMicros: 60_000, blocksOrders: true),
        ], minimum: yuan("100"), sparesComplaints: true, reason: "simulated",
        claims: .init(fee: true, feeTaxRateMicros: 60_000, interest: true, netDays: 10)),
      options: shop.command())
    var terms = try await shop.complaints.listComplaintTerms(.init()).terms
    terms[1] = .init(
      severity: .normal, hours: 18, escalationRole: "SALES_MANAGER", businessHours: true)
    _ = try await shop.complaints.replaceComplaintTerms(
      .init(terms: terms), options: shop.command())
    var debtors = Debtors(shop: shop, seed: seed)
    for step in 1...120 {
      try await debtors.step()
      if step % 30 == 0 { #expect(try await shop.violations() == []) }
    }
    await shop.close()
  }
}

/// Customers who pay late or never, and complain.
private struct Debtors {
  let shop: Shop
  var random: Seeded
  var model = DebtModel()
  /// Minutes since the beginning of Monday, the 2nd of March 2026.
  var now = 540

  init(shop: Shop, seed: UInt64) {
    self.shop = shop
    random = Seeded(seed)
  }

  private var today: Int { now / 1_440 }

  private func date(_ day: Int) -> GoogleType.Date {
    // March has 31 days, and the first day is the 2nd.
    var (month, rest) = (3, day + 1)
    for length in [31, 30, 31, 30, 31, 31, 30, 31, 30] {
      if rest < length { break }
      rest -= length
      month += 1
    }
    return .init(year: 2026, month: Int32(month), day: Int32(rest + 1))
  }

  mutating func step() async throws {
    switch random.number(0...11) {
    case 0, 1: try await sell()
    case 2, 3: try await wait()
    case 4, 5: try await remind()
    case 6: try await random.chance(60) ? pay() : random.chance(60) ? payOnAccount() : waive()
    case 7: try await random.chance(30) ? payOut() : random.chance(50) ? stop() : promise()
    case 8: try await complain()
    case 9, 10: try await handle()
    default: try await look()
    }
  }

  private mutating func wait() async throws {
    let minutes =
      random.chance(50) ? Int(random.number(1...3_000)) : Int(random.number(1...9)) * 1_440
    now += minutes
    shop.clock.advance(seconds: Int64(minutes) * 60)
  }

  private mutating func sell() async throws {
    let customer = random.chance(50) ? "A" : "B"
    let placed = try await shop.orders.placeOrder(
      .init(order: shop.input([("LAMP", random.number(1...3))], customer: customer)),
      options: shop.command())
    let number = placed.order?.number ?? ""
    let isBlocked = model.isBlocked(customer, on: today)
    #expect(placed.holds.map(\.kind) == (isBlocked ? [.credit] : []), "\(number)")
    if isBlocked {
      _ = try await shop.orders.cancelOrder(
        .init(number: number, reason: .entryError), options: shop.command())
      return
    }
    try await shop.deliver(number)
    let invoiced = try await shop.orders.invoiceOrder(
      .init(number: number), options: shop.command())
    model.invoices.append(invoiced.invoiceNumber)
    let paid = min(model.free[customer, default: 0], invoiced.gross?.minorUnits ?? 0)
    model.free[customer, default: 0] -= paid
    let open = (invoiced.gross?.minorUnits ?? 0) - paid
    #expect(invoiced.open?.minorUnits == open, "\(number)")
    model.debts[invoiced.invoiceNumber] = .init(
      customer: customer, order: number, dueOn: today + 10, sequence: model.next(), open: open)
  }

  private mutating func remind() async throws {
    let before = model
    let expected = model.run(on: today)
    let shown = try await shop.dunning.runDunning(.init(), options: shop.command(dryRun: true))
    let options = shop.command()
    let done = try await shop.dunning.runDunning(.init(), options: options)
    #expect(done == shown)
    #expect(done.letters.map(\.customerCode) == expected.keys.sorted(), "day \(today)")
    for letter in done.letters {
      let lines = expected[letter.customerCode] ?? []
      #expect(letter.lines.map(\.invoiceNumber) == lines.map(\.invoice))
      #expect(letter.lines.map(\.level) == lines.map { Int32($0.level) })
      for line in letter.lines {
        let debt = before.debts[line.invoiceNumber]
        let open = debt?.open ?? 0
        let days = Int64(today - (debt?.dueOn ?? 0))
        #expect(line.open?.minorUnits == open)
        // Six per cent a year, rounded half up, from the second level on; each cent is booked once.
        let all = line.level >= 2 ? (2 * open * 6 * days + 36_500) / 73_000 : 0
        let interest = max(0, all - (debt?.booked ?? 0))
        #expect(line.interest?.minorUnits ?? 0 == interest, "\(line.invoiceNumber)")
        model.debts[line.invoiceNumber]?.booked += interest
      }
      let fee: Int64 = letter.level == 2 ? 2_120 : 0
      let interest = letter.lines.reduce(0) { $0 + ($1.interest?.minorUnits ?? 0) }
      #expect(letter.claims.reduce(0) { $0 + ($1.gross?.minorUnits ?? 0) } == fee + interest)
      guard fee + interest > 0 else { continue }
      model.claims[letter.number] = .init(
        customer: letter.customerCode, dueOn: today + 10, sequence: model.next(), fee: fee,
        interest: interest, open: fee + interest)
    }
    #expect(try await shop.dunning.runDunning(.init(), options: options) == done)
    #expect(try await shop.dunning.runDunning(.init(), options: shop.command()).letters.isEmpty)
  }

  private mutating func pick() -> String? {
    model.invoices.filter { (model.debts[$0]?.open ?? 0) > 0 }.randomElement(using: &random)
  }

  private mutating func pay() async throws {
    guard let number = pick(), let debt = model.debts[number] else { return }
    let cents = random.chance(60) ? debt.open : random.number(1...debt.open)
    let isCheque = random.chance(30)
    let paid = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: "CNY", minorUnits: cents), method: isCheque ? .cheque : .card,
        orderNumber: debt.order), options: shop.command()
    ).payment
    if random.chance(30) {
      // The bank takes it back: the debt is what it was.
      let back = try await shop.finance.dishonourPayment(
        .init(number: paid?.number ?? "", reason: "no funds"), options: shop.command())
      #expect(back.invoiceNumbers == [number] && back.orderNumbers == [debt.order])
      return
    }
    if isCheque, random.chance(70) {
      _ = try await shop.finance.clearPayment(
        .init(number: paid?.number ?? ""), options: shop.command())
    }
    model.debts[number]?.open -= cents
  }

  private mutating func payOnAccount() async throws {
    let customer = random.chance(50) ? "A" : "B"
    let open = model.open(customer)
    guard open > 0 else { return }
    let cents = random.chance(40) ? open : random.number(1...open)
    _ = try await shop.finance.receivePayment(
      .init(
        customerCode: customer, amount: .init(currencyCode: "CNY", minorUnits: cents),
        method: .card), options: shop.command())
    model.pay(customer, cents)
  }

  /// Somebody pays more than is owed, and has the rest back: not more than there is, not twice, and
  /// not by who asked for it.
  private mutating func payOut() async throws {
    let customer = random.chance(50) ? "A" : "B"
    let extra = random.number(1...50_000)
    _ = try await shop.finance.receivePayment(
      .init(
        customerCode: customer,
        amount: .init(currencyCode: "CNY", minorUnits: model.open(customer) + extra),
        method: .card), options: shop.command())
    model.pay(customer, model.open(customer) + extra)
    let free = model.free[customer, default: 0]
    func propose(_ cents: Int64) async throws -> FinanceV1.Payout {
      try await shop.finance.proposePayout(
        .init(
          customerCode: customer, amount: .init(currencyCode: "CNY", minorUnits: cents),
          reason: "too much"), options: shop.command()
      ).payout ?? .init()
    }
    let much = await refusal { try await propose(free + 1) }
    #expect(much?.code == .failedPrecondition)
    if random.chance(30) {
      let declined = try await propose(random.number(1...free))
      _ = try await shop.finance.declinePayout(
        .init(number: declined.number, reason: "it stays"), options: shop.command())
    }
    let first = random.number(1...free)
    var made = [try await propose(first)]
    let twice = await refusal { try await propose(free - first + 1) }
    #expect(twice?.code == .failedPrecondition)
    if free > first { made.append(try await propose(free - first)) }
    for payout in made.shuffled(using: &random) {
      let alone = await refusal {
        try await shop.finance.payPayout(
          .init(number: payout.number, method: .card), options: shop.command())
      }
      #expect(alone?.code == .permissionDenied)
      _ = try await shop.finance.payPayout(
        .init(number: payout.number, method: .card), options: shop.command(by: "cashier"))
    }
    model.free[customer] = 0
  }

  private mutating func waive() async throws {
    guard let letter = model.claims.keys.sorted().randomElement(using: &random) else { return }
    let kind: FinanceV1.DunningClaimKind =
      [.unspecified, .fee, .interest].randomElement(using: &random) ?? .fee
    let accepted = model.waive(letter, fee: kind != .interest, interest: kind != .fee)
    do {
      let done = try await shop.dunning.waiveDunningClaim(
        .init(letterNumber: letter, kind: kind, reason: "goodwill"), options: shop.command())
      #expect(accepted, "\(letter)")
      #expect(done.claims.map(\.open?.minorUnits) == [model.claims[letter]?.open], "\(letter)")
    } catch {
      #expect(!accepted, "\(letter): \(error)")
    }
  }

  private mutating func stop() async throws {
    guard let number = pick(), let debt = model.debts[number] else { return }
    let isAll = random.chance(20)
    let last = today + Int(random.number(0...15))
    let made = try await shop.dunning.stopDunning(
      .init(
        customerCode: isAll ? debt.customer : "", invoiceNumber: isAll ? "" : number,
        reason: .dispute, until: date(last)), options: shop.command())
    if random.chance(40) {
      _ = try await shop.dunning.liftDunningStop(
        .init(id: made.stop?.id ?? 0), options: shop.command())
    } else if isAll {
      model.stops[debt.customer, default: []].append(last)
    } else {
      model.debts[number]?.stops.append(last)
    }
  }

  private mutating func promise() async throws {
    guard let number = pick(), let debt = model.debts[number] else { return }
    let last = today + Int(random.number(0...15))
    let cents = random.number(1...debt.open)
    let accepted = debt.promises.count < 3
    do {
      _ = try await shop.dunning.notePaymentPromise(
        .init(
          invoiceNumber: number, amount: .init(currencyCode: "CNY", minorUnits: cents),
          promisedOn: date(last)), options: shop.command())
      #expect(accepted, "\(number)")
      model.debts[number]?.promises.append((last, cents, debt.open))
    } catch {
      #expect(!accepted, "\(number): \(error)")
    }
  }

  private mutating func complain() async throws {
    guard let number = model.invoices.randomElement(using: &random),
      let debt = model.debts[number], !debt.isDisputed
    else { return }
    let opened = try await shop.complaints.openComplaint(
      .init(orderNumber: debt.order, category: .quality, severity: .normal, text: "dark"),
      options: shop.command())
    let complaint = try #require(opened.complaint)
    let due = DebtModel.deadline(DebtModel.term, from: now)
    #expect(minutes(complaint.dueTime) == due)
    model.debts[number]?.isDisputed = true
    model.cases[complaint.number] = .init(invoice: number, due: due)
  }

  private func minutes(_ time: GoogleProtobuf.Timestamp?) -> Int {
    // The beginning of the first day in Shanghai.
    Int(((time?.seconds ?? 0) - (1_772_413_200 - 32_400)) / 60)
  }

  private mutating func handle() async throws {
    guard let number = model.cases.keys.sorted().randomElement(using: &random),
      var found = model.cases[number]
    else { return try await escalate() }
    let pause = found.pause.flatMap { $0.until > now ? $0 : nil }
    switch random.number(0...6) {
    case 0, 1:
      let last = today + Int(random.number(0...10))
      do {
        let done = try await shop.complaints.pauseComplaint(
          .init(number: number, reason: .parts, until: date(last)), options: shop.command())
        #expect(pause == nil, "\(number)")
        // What was late before the clock was stopped goes up first.
        if found.due <= now {
          found.level += 1
          found.due = DebtModel.deadline(DebtModel.term, from: now)
        }
        #expect(Int(done.complaint?.escalationLevel ?? -1) == found.level, "\(number)")
        let left = DebtModel.worked(from: now, to: found.due)
        let until = (last + 1) * 1_440
        found.pause = (left, until)
        found.due = DebtModel.deadline(left, from: until)
        #expect(
          minutes(done.complaint?.dueTime) == found.due,
          "\(number): \(left) minutes left at \(now), paused through day \(last)")
      } catch { #expect(pause != nil, "\(number): \(error)") }
    case 2:
      do {
        let done = try await shop.complaints.resumeComplaint(
          .init(number: number), options: shop.command())
        let held = try #require(pause)
        found.pause = nil
        found.due = DebtModel.deadline(held.left, from: now)
        #expect(minutes(done.complaint?.dueTime) == found.due, "\(number)")
      } catch { #expect(pause == nil, "\(number): \(error)") }
    case 3:
      _ = try await shop.complaints.resolveComplaint(
        .init(number: number, resolution: "brighter"), options: shop.command())
      model.debts[found.invoice]?.isDisputed = false
      model.cases[number] = nil
      return
    case 4:
      let done = try await shop.complaints.assignComplaint(
        .init(number: number, assignee: "wang"), options: shop.command())
      #expect(done.complaint?.assignee == "wang" && done.complaint?.state == .inProgress)
      #expect(minutes(done.complaint?.dueTime) == found.due, "\(number)")
    case 5:
      _ = try await shop.complaints.resolveComplaint(
        .init(number: number, resolution: "brighter"), options: shop.command())
      let done = try await shop.complaints.reopenComplaint(
        .init(number: number, reason: "dark again"), options: shop.command())
      found.pause = nil
      found.due = DebtModel.deadline(DebtModel.term, from: now)
      #expect(minutes(done.complaint?.dueTime) == found.due, "\(number)")
      #expect(Int(done.complaint?.escalationLevel ?? -1) == found.level, "\(number)")
    default: return try await escalate()
    }
    model.cases[number] = found
  }

  private mutating func escalate() async throws {
    let due = model.cases.filter { $0.value.due <= now }.keys.sorted()
    let done = try await shop.complaints.escalateComplaints(.init(), options: shop.command())
    #expect(done.complaints.map(\.number).sorted() == due)
    for number in due {
      model.cases[number]?.level += 1
      model.cases[number]?.due = DebtModel.deadline(DebtModel.term, from: now)
      // Nothing that stands still passes its deadline.
      #expect(model.cases[number]?.pause.map { $0.until <= now } ?? true, "\(number)")
    }
    for complaint in done.complaints {
      #expect(minutes(complaint.dueTime) == model.cases[complaint.number]?.due)
      #expect(Int(complaint.escalationLevel) == model.cases[complaint.number]?.level)
    }
  }

  /// What can be seen from outside is as the model says.
  private func look() async throws {
    for customer in ["A", "B"] {
      let found = try await shop.dunning.getCustomerDunning(.init(customerCode: customer))
      let late = model.debts.filter {
        $0.value.customer == customer && $0.value.open > 0 && $0.value.dueOn < today
      }
      #expect(Set(found.invoices.map(\.number)) == Set(late.keys))
      for invoice in found.invoices {
        let debt = try #require(late[invoice.number])
        #expect(Int(invoice.level) == debt.level && invoice.open?.minorUnits == debt.open)
        let isHeldBack = model.isHeldBack(debt, on: today)
        #expect((invoice.pause != .unspecified) == isHeldBack, "\(invoice.number)")
      }
      #expect(found.summary?.blocksOrders ?? false == model.isBlocked(customer, on: today))
      let open = late.values.reduce(0) { $0 + $1.open }
      #expect(found.summary?.overdue?.minorUnits ?? 0 == open)
      #expect(found.openClaims?.minorUnits ?? 0 == model.openClaims(customer))
    }
  }
}
