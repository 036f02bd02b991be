import Messages
import RPC
import TestKit
import TestRandom
import Testing

/// Drives a shop with random commands, valid and not, and holds every answer against the model.
struct Workload {
  let shop: Shop
  let post: MoodyPost
  var random: Seeded
  var model = ShopModel()
  var approvals = ApprovalModel()
  var appointments = AppointmentModel()
  var rewards = RewardModel()
  /// Changes of orders that somebody has asked for, by the order.
  var asked: [String: AskedChange] = [:]
  /// Orders that were changed because all had agreed, as often as they were.
  var applied: [String] = []
  var foreign = ForeignModel()
  var abroad = MarketplaceModel()
  var codes = CodeModel()
  /// Zones that carriers go to; nil as long as nobody has said.
  var covered: Set<String>?
  /// The return of what was refused at the door, and what it is of.
  var refused: (number: String, line: Int, count: Int64)?
  private var placed = 0
  /// Orders that an import has brought, to be sent again.
  var imported: [(row: OrdersV1.ImportRow, number: String)] = []
  /// What is offered and not taken yet.
  var offers: [(number: String, order: ShopModel.Order, refusesShortage: Bool)] = []
  /// What customers may buy some day, by number.
  var talks: [String: Talk] = [:]
  /// Customers that other systems write, too, by code.
  var shared: [String: SharedCustomer] = [:]
  /// What the caller's saved searches are for, by name.
  var views: [String: String] = [:]
  /// Orders for what was not there yet.
  var preordered: [String] = []
  /// What customers ask for beside the goods, by their orders.
  var wishes: [String: OrdersV1.OrderInstructions] = [:]
  /// A row that was carried out, and the version that it made.
  var edited: (row: OrdersV1.OrderEdit, version: Int64)?
  var opinions = OpinionModel()
  /// What was made again or repaired, by its order.
  var gifts: [String: Gift] = [:]
  /// A command to send again: the same key must give the same answer.
  var repeatLast: (() async throws -> Void)?

  init(shop: Shop, post: MoodyPost, seed: UInt64) {
    self.shop = shop
    self.post = post
    random = Seeded(seed)
  }

  mutating func step() async throws {
    switch random.number(0...99) {
    case 0..<8: try await receive()
    case 8: try await offerAbroad()
    case 10..<13: try await approveSome()
    case 13..<28: try await place()
    case 28, 29: try await trade()
    case 30..<34: try await appoint()
    case 34: try await arrangeShipping()
    case 35..<38: try await quote()
    case 38, 39: try await talk()
    case 40..<49: try await make()
    case 49..<52: try await dropShip()
    case 52..<54: try await cancel()
    case 54..<56: try await chooseAboutShortage()
    case 56..<60: try await change()
    case 60..<62: try await askSome()
    case 62..<64: try await showroom()
    case 64..<72: try await ship()
    case 72..<81: try await invoice()
    case 81..<88: try await pay()
    case 88..<90: try await pleaseMember()
    case 90: try await random.chance(60) ? lose() : nonsense()
    case 91: try await random.chance(60) ? preorder() : callOff()
    case 92: try await random.chance(60) ? giveBack() : random.chance(60) ? repair() : makeAgain()
    case 93: try await exchange()
    case 94: try await importSome()
    case 95: try await editSome()
    case 96..<98: try await giveOut()
    case 9: try await random.chance(50) ? sync() : askOpinion()
    case 98: try await random.chance(50) ? search() : name()
    default: try await repeatLast?()
    }
  }

  /// Everything that can be seen from outside is as the model says.
  mutating func audit() async throws {
    for sku in ShopModel.prices.keys.sorted() {
      let levels = try await shop.inventory.getAvailability(.init(sku: sku)).levels
      #expect(levels.first?.onHand.map { $0.micros / 1_000_000 } ?? 0 == model.onHand[sku])
      #expect(levels.first?.reserved.map { $0.micros / 1_000_000 } ?? 0 == model.held(sku))
    }
    for (number, expected) in model.orders {
      let order = try #require(try await shop.orders.getOrder(.init(number: number)).order)
      #expect(order.state.name == "ORDER_STATE_" + expected.state, "\(number)")
      let seen = order.lines.map { line in
        [line.cancelled, line.reserved, line.shipped, line.invoiced].map {
          ($0?.micros ?? 0) / 1_000_000
        }
      }
      let wanted = expected.lines.map { [$0.cancelled, $0.held, $0.shipped, $0.invoiced] }
      #expect(seen == wanted, "\(number)")
    }
    for (number, order) in model.orders {
      for (index, line) in order.lines.enumerated() where line.making > 0 {
        let open = try await workOrder(number, line: index).map {
          ($0.quantity?.micros ?? 0) - ($0.good?.micros ?? 0) - ($0.scrapped?.micros ?? 0)
        }
        #expect(open == line.making * 1_000_000, "\(number) line \(index + 1)")
      }
    }
    for (number, order) in model.orders {
      let told = try await shop.promises.getPromises(.init(orderNumber: number)).lines
      let open = order.lines.enumerated().filter { order.isConfirmed && $1.open > 0 }
      #expect(told.map { Int($0.lineNumber) } == open.map { $0.offset + 1 }, "\(number)")
      for (promise, line) in zip(told, open.map(\.element)) {
        #expect(promise.held?.micros == line.held * 1_000_000, "\(number)")
        // Nobody sells chairs and lamps to us: no one can say. The workshop always knows a day.
        #expect((promise.readyOn != nil) == (line.waiting == 0 || line.isMade), "\(number)")
      }
    }
    for customer in ShopModel.limits.keys {
      let credit = try await shop.customers.getCustomer(.init(code: customer)).credit
      let used = (credit?.orders?.minorUnits ?? 0) + (credit?.invoices?.minorUnits ?? 0)
      #expect(used == model.exposure(customer), "\(customer)")
      #expect(credit?.shipped?.minorUnits == model.shipped(customer), "\(customer)")
    }
    try await auditPieces()
    try await auditNotices()
    try await auditAppointments()
    try await auditRewards()
    try await auditMarketplace()
    try await auditWishes()
    try await auditTalks()
    try await auditShared()
    try await auditStages()
    try await auditOpinions()
    #expect(try await shop.violations() == [])
  }

  private mutating func receive() async throws {
    let sku = pickSku()
    let count = random.number(1...12)
    try await shop.stock(sku, count, cost: "\(random.number(20...300)).\(random.number(10...99))")
    model.receive(sku, count)
  }

  /// Two parts that are due: what is due leaves as all of it would.
  private mutating func parts(of count: Int64) -> [OrdersV1.ScheduleInput] {
    let first = random.number(1...(count - 1))
    return [(first, 1), (count - first, 2)].map { count, day in
      .init(requestedOn: .init(year: 2026, month: 1, day: day), quantity: pieces(count))
    }
  }

  private mutating func place() async throws {
    let customer = random.chance(60) ? "VIP" : "TIGHT"
    let lines = (0..<random.number(1...3)).map { _ in
      random.chance(15)
        ? (sku: "TABLE", count: random.number(1...3))
        : (sku: pickSku(), count: random.number(1...6))
    }
    let refuses = random.chance(30)
    placed += 1
    var input = shop.input(
      lines, customer: customer, channel: .web, shortage: refuses ? .refuse : .wait,
      externalID: "web-\(placed)")
    let percent = random.chance(40) ? random.number(1...20) : 0
    input.discountMicros = percent * 10_000
    // However much is said in whichever unit, the model counts pieces.
    for index in input.lines.indices where input.lines[index].sku == "CHAIR" && random.chance(30) {
      let halves = (input.lines[index].quantity?.micros ?? 0) / 2
      input.lines[index].quantity = .init(micros: halves, unitCode: "couple")
    }
    for index in lines.indices where lines[index].sku == "LAMP" && lines[index].count % 3 == 0 {
      input.lines[index].quantity = .init(
        micros: lines[index].count / 3 * 1_000_000, unitCode: "trio")
    }
    for index in lines.indices where lines[index].count > 1 && random.chance(20) {
      input.lines[index].schedules = parts(of: lines[index].count)
    }
    let isBrought = random.chance(60)
    let zone = isBrought ? ["", "Z1", "Z2"].randomElement(using: &random) ?? "" : ""
    if isBrought { input.delivery = .init(zoneCode: zone) }
    input.instructions = random.chance(25) ? someWishes() : nil
    guard reaches(zone) else { return await refuseOutOfReach(input) }
    let request = OrdersV1.PlaceOrderRequest(order: input)
    var order = model.draft(customer, lines, percent: percent)
    (order.isBrought, order.zone) = (isBrought, zone)
    order.refusesShortage = refuses
    order.hasParts = input.lines.contains { !$0.schedules.isEmpty }
    let priced = try await shop.pricing.priceOrder(.init(order: input))
    #expect(priced.gross?.minorUnits == order.gross)
    let options = shop.command()
    let accepted = model.mayConfirm(order, refuseShortage: refuses)
    do {
      let reply = try await shop.orders.placeOrder(request, options: options)
      #expect(accepted, "accepted \(lines) for \(customer)")
      let number = reply.order?.number ?? ""
      #expect(reply.order?.gross?.minorUnits == order.gross)
      model.add(number, order, confirmed: true)
      wishes[number] = told(input.instructions)
      repeatLast = { [shop] in
        let again = try await shop.orders.placeOrder(request, options: options)
        #expect(again == reply)
      }
    } catch {
      #expect(!accepted, "refused \(lines) for \(customer): \(error)")
      #expect(error.code == .failedPrecondition)
      repeatLast = { [shop] in
        let again = await refusal {
          try await shop.orders.placeOrder(request, options: options)
        }
        #expect(again?.message == error.message)
      }
    }
  }

  /// Takes material for a made line if there is none yet, and brings something out, or stops.
  private mutating func make() async throws {
    let waiting = model.orders.keys.sorted().flatMap { number in
      (model.orders[number]?.lines ?? []).enumerated().filter { $1.making > 0 }.map {
        (number: number, line: $0, making: $1.making)
      }
    }
    guard let pick = waiting.randomElement(using: &random) else { return }
    let order = try #require(try await workOrder(pick.number, line: pick.line))
    if order.state == .planned {
      _ = try await shop.production.releaseWorkOrder(
        .init(number: order.number), options: shop.command())
      _ = try await shop.production.issueMaterials(
        .init(number: order.number), options: shop.command())
    }
    if random.chance(25) {
      _ = try await shop.production.closeWorkOrder(
        .init(number: order.number), options: shop.command())
      model.make(pick.number, line: pick.line, good: 0, scrapped: 0, last: true)
      return
    }
    let good = random.number(0...pick.making)
    let scrapped = good < pick.making ? random.number(good == 0 ? 1...1 : 0...1) : 0
    _ = try await shop.production.completeWorkOrder(
      .init(number: order.number, good: pieces(good), scrapped: pieces(scrapped)),
      options: shop.command())
    model.make(pick.number, line: pick.line, good: good, scrapped: scrapped, last: false)
  }

  /// The one work order that still brings goods for a line.
  private func workOrder(_ number: String, line: Int) async throws -> ProductionV1.WorkOrder? {
    let all = try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders
    let atWork = all.filter {
      $0.originLineNumber == line + 1 && $0.origin?.number == number
        && [.planned, .released, .inProgress].contains($0.state)
    }
    #expect(atWork.count == 1, "\(number) line \(line + 1)")
    return atWork.first
  }

  private mutating func cancel() async throws {
    guard let number = pickOrder() else { return }
    let open = model.orders[number]?.lines.contains { $0.wanted > $0.shipped } ?? false
    let earnest = open && random.chance(50) ? try await secure(number) : 0
    let request = OrdersV1.CancelOrderRequest(number: number, reason: .customerWish)
    do {
      let done = try await shop.orders.cancelOrder(request, options: shop.command())
      #expect(open, "cancelled \(number)")
      let (fee, forfeited, refund) = model.cancel(number, earnest: earnest)
      follow(number)
      try await takeInRedirected()
      #expect(done.impact?.fee?.minorUnits == fee, "\(number)")
      #expect(done.impact?.forfeited?.minorUnits == forfeited, "\(number)")
      #expect(done.impact?.refund?.minorUnits == refund, "\(number)")
      guard refund > 0 else { return }
      _ = try await shop.cancellations.payRefund(
        .init(orderNumber: number, method: .card), options: shop.command(by: "cashier"))
    } catch {
      #expect(!open, "cancel \(number): \(error)")
    }
  }

  /// Pays earnest money for an order of which nothing has left; returns how much.
  private mutating func secure(_ number: String) async throws -> Int64 {
    guard let order = model.orders[number], order.uninvoiced > 0, order.isConfirmed,
      order.lines.allSatisfy({ $0.shipped == 0 }),
      // What ordering less has cost would be paid of it first.
      order.unpaid == 0
    else { return 0 }
    let cents = random.number(1...order.uninvoiced)
    _ = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: "CNY", minorUnits: cents), method: .card,
        orderNumber: number, kind: .earnest), options: shop.command())
    return cents
  }

  /// Another count of a line, none of it, or a new line; previewed first, which must be the same.
  private mutating func change() async throws {
    guard let number = pickOrder(), let order = model.orders[number], order.isConfirmed,
      order.deposit == 0, !order.isRepair,
      !order.lines.contains(where: \.isPiece)
    else { return }
    let stocked = order.lines.indices.filter { !order.lines[$0].isMade }
    var counts: [Int: Int64] = [:]
    if let index = stocked.randomElement(using: &random), random.chance(80) {
      counts[index] = random.chance(20) ? 0 : random.number(1...8)
    }
    let added =
      counts.isEmpty || random.chance(30) ? [(sku: pickSku(), count: random.number(1...4))] : []
    let changed = model.changed(order, counts, adding: added)
    let fee = model.fee(from: order, to: changed)
    // A change of nothing is one as well when all goods have left.
    let isSame = added.isEmpty && counts.allSatisfy { order.lines[$0].ordered == $1 }
    let accepted =
      model.mayChange(order, to: changed, counts, adding: added, fee: fee)
      || isSame && order.state == "DELIVERED"
    var request = OrdersV1.ChangeOrderRequest(
      number: number,
      change: .init(
        lines: counts.map { index, count in
          count == 0
            ? .init(lineNumber: Int32(index + 1), remove: true)
            : .init(lineNumber: Int32(index + 1), quantity: pieces(count))
        },
        addedLines: added.map { .init(sku: $0.sku, quantity: pieces($0.count)) }),
      reason: "another wish")
    let roles = "SALES_MANAGER"
    let options = shop.command(roles: roles)
    do {
      let shown = try await shop.orders.changeOrder(
        request, options: shop.command(roles: roles, dryRun: true))
      request.preview = shown.preview
      let done = try await shop.orders.changeOrder(request, options: options)
      #expect(accepted, "\(number): \(counts) \(added) of \(order)")
      #expect(done == shown)
      #expect(
        done.impact?.grossChange?.minorUnits == changed.gross - order.gross,
        "\(number)")
      #expect(done.impact?.fee?.minorUnits == fee, "\(number)")
      model.replace(number, by: changed, fee: fee)
      follow(number)
      try await takeInRedirected()
      repeatLast = { [shop] in
        let again = try await shop.orders.changeOrder(request, options: options)
        #expect(again == done)
      }
    } catch {
      #expect(!accepted, "\(number): \(counts) \(added): \(error)")
    }
  }

  private mutating func ship() async throws {
    guard let number = pickOrder() else { return }
    guard let order = model.orders[number], !order.leaving.isEmpty else {
      let error = await refusal {
        try await shop.orders.prepareShipment(
          .init(orderNumber: number), options: shop.command())
      }
      #expect(error?.code == .failedPrecondition)
      return
    }
    guard reaches(order.zone) else { return try await failToLeave(number) }
    try await bringHome(number, order)
    model.ship(number)
    bring(number)
    try await settleRefusal(number)
  }

  private mutating func invoice() async throws {
    guard let number = pickOrder() else { return }
    let due = model.orders[number]?.lines.contains { $0.shipped > $0.invoiced } ?? false
    if isInvoicedTogether(number) { return try await invoiceTogether(number) }
    do {
      let reply = try await shop.orders.invoiceOrder(
        .init(number: number), options: shop.command())
      #expect(due)
      #expect(reply.gross?.minorUnits == model.invoice(number), "\(number)")
      let issued = try await shop.finance.getInvoice(.init(number: reply.invoiceNumber)).invoice
      #expect(issued?.requirement == wishes[number]?.invoice, "\(number)")
    } catch {
      #expect(!due, "\(number): \(error)")
    }
  }

  private mutating func pay() async throws {
    guard let number = model.orders.filter({ $0.value.unpaid > 0 }).keys.sorted().first,
      let unpaid = model.orders[number]?.unpaid
    else { return }
    let cents = random.chance(50) ? unpaid : random.number(1...unpaid)
    let amount = TypeV1.Money(currencyCode: "CNY", minorUnits: cents)
    _ = try await shop.finance.receivePayment(
      .init(amount: amount, method: .card, orderNumber: number), options: shop.command())
    model.pay(number, cents)
  }

  private mutating func lose() async throws {
    let sku = pickSku()
    guard model.free(sku) > 0 else { return }
    let count = random.number(1...model.free(sku))
    _ = try await shop.inventory.adjustStock(
      .init(
        sku: sku, warehouseCode: "MAIN", correction: .difference(pieces(-count)),
        reason: "broken"), options: shop.command())
    model.lose(sku, count)
  }

  /// Commands that can never work change nothing.
  private mutating func nonsense() async throws {
    let unknown = await refusal {
      try await shop.orders.cancelOrder(
        .init(number: "SO-1999-000001", reason: .price), options: shop.command())
    }
    #expect(unknown?.code == .notFound)
    let empty = await refusal {
      try await shop.orders.placeOrder(
        .init(order: shop.input([], customer: "VIP")), options: shop.command())
    }
    #expect(empty?.code == .invalidArgument)
  }

  mutating func pickSku() -> String { random.chance(50) ? "CHAIR" : "LAMP" }

  mutating func pickOrder() -> String? {
    model.orders.keys.sorted().randomElement(using: &random)
  }
}
