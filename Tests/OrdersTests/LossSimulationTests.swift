import Finance
import Inventory
import MasterData
import Orders
import Storage
import TestRandom
import Testing
import Values

/// Random shipments that are lost, seen again, given up, found and brought again, as people and a
/// carrier say it in any order. A model of its own, which knows neither tables nor moves, says what
/// must have become of the goods, the order, the claims and the books after each step.
@Suite("Random losses")
struct LossSimulationTests {
  @Test(
    "leave goods, orders, claims and books as they must be",
    arguments: 1...10 as ClosedRange<UInt64>)
  func keepModel(seed: UInt64) throws {
    var random = Seeded(seed)
    let shop = try Shop()
    for sku in ["CHAIR", "LAMP"] { try shop.stock(sku, 100) }
    let draft = OrderDraft.of(
      seed % 2 == 0 ? "ANNA" : "BIGCO", [("CHAIR", 6), ("LAMP", 5)],
      cashOnDelivery: seed % 2 == 0 ? .carrier : nil)
    var model = LossModel(order: try shop.place(draft).number, isPaidAtDoor: seed % 2 == 0)
    for step in 1...150 {
      let told = try model.step(in: shop, at: Shop.at(day: step), using: &random)
      try model.check(shop, "seed \(seed), step \(step): \(told)")
      guard step % 5 == 0 else { continue }
      let violations = try shop.violations(at: Shop.at(day: step))
      try #require(violations.isEmpty, "seed \(seed), step \(step): \(told) broke \(violations)")
    }
  }

  /// A workload that is always refused would prove nothing.
  @Test("get shipments and claims into every state that they can have")
  func reachEveryState() throws {
    var (shipments, claims): (Set<ShipmentState>, Set<CarrierClaim.State>) = ([], [])
    for seed in 1...12 as ClosedRange<UInt64> {
      var random = Seeded(seed)
      let shop = try Shop()
      for sku in ["CHAIR", "LAMP"] { try shop.stock(sku, 100) }
      var model = LossModel(
        order: try shop.place(OrderDraft.of("BIGCO", [("CHAIR", 6), ("LAMP", 5)])).number,
        isPaidAtDoor: false)
      for step in 1...150 {
        _ = try model.step(in: shop, at: Shop.at(day: step), using: &random)
        for one in model.shipments.values {
          shipments.insert(one.state)
          if let claim = one.claim { claims.insert(claim) }
        }
      }
    }
    #expect(shipments == [.prepared, .dispatched, .delivered, .lost])
    #expect(claims == Set(CarrierClaim.State.allCases))
  }
}

/// What must have become of one order.
struct LossModel {
  struct Told {
    let status: CarrierStatus
    let trouble: CarrierTrouble?
    let at: Int
  }

  struct Sent {
    var state: ShipmentState
    let quantities: [Int: Int64]
    var told: [Told] = []
    var claim: CarrierClaim.State?
    /// The carrier knows of the claim and has not paid, and the goods are there.
    var hasTurnedUp = false
    var isRecovered = false

    var pieces: Int64 { quantities.values.reduce(0, +) }

    /// By when it happened, and a delivery before all else.
    var last: Told? {
      told.first { $0.status == .delivered } ?? told.max { $0.at < $1.at }
    }

    mutating func claimLost() {
      switch claim {
      case nil, .withdrawn, .paidBack: claim = .open
      case .owedBack: claim = .paid
      default: hasTurnedUp = false
      }
    }

    mutating func claimFound() {
      switch claim {
      case .open: claim = .withdrawn
      case .paid: claim = .owedBack
      case .filed, .accepted, .rejected: hasTurnedUp = true
      default: break
      }
    }

    mutating func settle(_ next: CarrierClaim.State) {
      claim = next == .paid && hasTurnedUp ? .owedBack : next
      if next == .paid || next == .withdrawn { hasTurnedUp = false }
    }
  }

  let order: String
  let isPaidAtDoor: Bool
  private(set) var shipments: [String: Sent] = [:]
  private(set) var cancelled: [Int: Int64] = [:]
  private let ordered: [Int: Int64] = [1: 6, 2: 5]
  private var events = 0

  init(order: String, isPaidAtDoor: Bool) {
    self.order = order
    self.isPaidAtDoor = isPaidAtDoor
  }

  private func count(_ line: Int, in states: Set<ShipmentState>) -> Int64 {
    shipments.values.filter { states.contains($0.state) }
      .reduce(0) { $0 + $1.quantities[line, default: 0] }
  }

  private func claimed(_ states: Set<CarrierClaim.State>) -> [Sent] {
    shipments.values.filter { $0.claim.map(states.contains) ?? false }
  }

  /// Neither cancelled nor in a shipment that is not lost.
  private func free(_ line: Int) -> Int64 {
    ordered[line, default: 0] - cancelled[line, default: 0]
      - count(line, in: [.prepared, .dispatched, .delivered])
  }

  /// Neither cancelled nor gone.
  private func open(_ line: Int) -> Int64 {
    free(line) + count(line, in: [.prepared])
  }

  /// One thing that somebody does. What the model says cannot be done is refused.
  mutating func step(
    in shop: Shop, at now: Moment, using random: inout Seeded
  ) throws -> String {
    let numbers = shipments.keys.sorted()
    guard let number = numbers.randomElement(using: &random),
      Int.random(in: 0..<5, using: &random) > 0
    else { return try prepare(in: shop, at: now, using: &random) }
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1: return try leave(number, in: shop, at: now)
    case 2: return try arrive(number, in: shop, at: now)
    case 3, 4: return try hear(number, in: shop, at: now, using: &random)
    case 5, 6: return try lose(number, cancels: false, in: shop, at: now)
    case 7:
      return Int.random(in: 0..<4, using: &random) == 0
        ? try lose(number, cancels: true, in: shop, at: now)
        : try find(number, goesOn: Bool.random(using: &random), in: shop, at: now)
    case 8: return try find(number, goesOn: true, in: shop, at: now)
    default: return try claim(number, in: shop, at: now, using: &random)
    }
  }

  private mutating func prepare(
    in shop: Shop, at now: Moment, using random: inout Seeded
  ) throws -> String {
    var quantities: [Int: Int64] = [:]
    for line in [1, 2] where free(line) > 0 && Bool.random(using: &random) {
      quantities[line] = .random(in: 1...min(3, free(line)), using: &random)
    }
    guard !quantities.isEmpty else { return "nothing to prepare" }
    let (order, lines) = (
      order,
      quantities.sorted { $0.key < $1.key }.map { LineQuantity(line: $0, quantity: units($1)) }
    )
    let made = try shop.write { tx in
      let made = try PrepareShipment(orderNumber: order, lines: lines).run(in: tx, at: now)
      _ = try PickShipment(number: made.number).run(in: tx, at: now)
      return try PackShipment(number: made.number, cartons: 1).run(in: tx, at: now)
    }
    shipments[made.number] = Sent(state: .prepared, quantities: quantities)
    return "prepare \(made.number) \(quantities)"
  }

  private mutating func leave(_ number: String, in shop: Shop, at now: Moment) throws -> String {
    let told = "dispatch \(number)"
    guard shipments[number]?.state == .prepared else {
      return told
        + (try refused(shop) {
          try DispatchShipment(number: number, carrier: "SF").run(in: $0, at: now)
        })
    }
    _ = try shop.write { try DispatchShipment(number: number, carrier: "SF").run(in: $0, at: now) }
    shipments[number]?.state = .dispatched
    return told
  }

  private mutating func arrive(_ number: String, in shop: Shop, at now: Moment) throws -> String {
    let told = "deliver \(number)"
    guard shipments[number]?.state == .dispatched else {
      return told + (try refused(shop) { try DeliverShipment(number: number).run(in: $0, at: now) })
    }
    _ = try shop.write { try DeliverShipment(number: number).run(in: $0, at: now) }
    hasArrived(number)
    return told
  }

  private mutating func hasArrived(_ number: String) {
    shipments[number]?.state = .delivered
    shipments[number]?.claimFound()
  }

  /// The carrier tells something that happened at some time, which may be long ago.
  private mutating func hear(
    _ number: String, in shop: Shop, at now: Moment, using random: inout Seeded
  ) throws -> String {
    guard var sent = shipments[number], sent.state != .prepared else { return "nothing to tell" }
    let choice = Int.random(in: 0..<6, using: &random)
    let status: CarrierStatus = choice < 3 ? .exception : choice < 5 ? .inTransit : .delivered
    let trouble: CarrierTrouble? = choice == 0 ? nil : choice < 3 ? .lost : nil
    events += 1
    // No two at the same time.
    let at = Int.random(in: 0..<50, using: &random) * 1_000 + events
    let before = sent.last
    let told = Told(status: status, trouble: trouble, at: at)
    let event = CarrierEvent(
      carrier: "SF", eventID: "E\(events)", trackingNumber: "", shipmentNumber: number,
      status: status, trouble: trouble, occurredAt: Shop.now.instant.adding(seconds: Int64(at)),
      place: "", text: "")
    let results = try shop.write {
      try TakeCarrierEvents(carrier: "SF", events: [ToldEvent(event, occurredOn: now.day)])
        .run(in: $0, at: now)
    }
    if case .refused(let why) = results.first?.outcome { Issue.record("\(why)") }
    sent.told.append(told)
    let isNews =
      before.map { $0.status != .delivered && (status == .delivered || at > $0.at) } ?? true
    let isDecisive =
      (trouble == .lost || status != .exception)
      && sent.told.dropLast().allSatisfy {
        ($0.trouble != .lost && $0.status == .exception) || ($0.status != .delivered && $0.at < at)
      }
    if isDecisive, sent.state == .dispatched {
      if trouble == .lost { sent.claimLost() }
      if status == .inTransit { sent.claimFound() }
    }
    shipments[number] = sent
    if isNews, status == .delivered, sent.state == .dispatched { hasArrived(number) }
    return "hear \(number) \(told)"
  }

  private mutating func lose(
    _ number: String, cancels: Bool, in shop: Shop, at now: Moment
  ) throws -> String {
    let told = "lose \(number) \(cancels)"
    let verb = ReportLoss(
      shipmentNumber: number, cancels ? .cancel(reason: "NOT_AVAILABLE") : .redeliver, by: "boss")
    guard let sent = shipments[number], sent.state == .dispatched else {
      return told + (try refused(shop) { try verb.run(in: $0, at: now).shipment })
    }
    let done = try shop.write { try verb.run(in: $0, at: now) }
    #expect(done.cancellation?.missingRoles.isEmpty ?? true)
    shipments[number]?.state = .lost
    shipments[number]?.claimLost()
    guard cancels else { return told }
    for (line, count) in sent.quantities { cancelled[line, default: 0] += count }
    // What was set apart of a line of which less is wanted is put back.
    for (other, one) in shipments
    where one.state == .prepared
      && one.quantities.keys.contains(where: { sent.quantities[$0] != nil })
    {
      shipments[other] = nil
    }
    return told
  }

  private mutating func find(
    _ number: String, goesOn: Bool, in shop: Shop, at now: Moment
  ) throws -> String {
    let told = "find \(number) \(goesOn)"
    let verb = ReportFound(
      shipmentNumber: number, goesOn ? .goOn : .comeBack, by: "boss", day: { _ in now.day })
    guard let sent = shipments[number], sent.state == .lost, !sent.isRecovered,
      !goesOn || sent.quantities.allSatisfy({ open($0) >= $1 })
    else { return told + (try refused(shop) { try verb.run(in: $0, at: now).shipment }) }
    _ = try shop.write { try verb.run(in: $0, at: now) }
    shipments[number]?.claimFound()
    guard goesOn else {
      shipments[number]?.isRecovered = true
      return told
    }
    for (other, one) in shipments
    where one.state == .prepared
      && one.quantities.keys.contains(where: { sent.quantities[$0] != nil })
    {
      shipments[other] = nil
    }
    shipments[number]?.state = .dispatched
    if sent.last?.status == .delivered { hasArrived(number) }
    return told
  }

  /// Mostly a step that fits, of what is claimed.
  private mutating func claim(
    _ some: String, in shop: Shop, at now: Moment, using random: inout Seeded
  ) throws -> String {
    let allowed: [CarrierClaim.State: [CarrierClaim.State]] = [
      .open: [.filed, .withdrawn], .filed: [.accepted, .rejected, .withdrawn],
      .accepted: [.paid, .withdrawn], .rejected: [.filed, .withdrawn], .withdrawn: [.open],
      .paid: [.owedBack], .owedBack: [.paidBack, .waived], .paidBack: [.open],
    ]
    let claimed = shipments.filter { $0.value.claim != nil }.keys.sorted()
    let number = claimed.randomElement(using: &random) ?? some
    let claim = shipments[number]?.claim
    let fitting = claim.flatMap { allowed[$0] } ?? []
    let choices =
      Int.random(in: 0..<4, using: &random) == 0 ? CarrierClaim.State.allCases : fitting
    let next = choices.randomElement(using: &random) ?? .filed
    let told = "claim \(number) \(next)"
    let verb = AdvanceClaim(number: "\(number)/LOST", to: next, reason: "so it is", by: "boss")
    guard fitting.contains(next) else {
      return told + (try refused(shop) { try verb.run(in: $0, at: now) })
    }
    _ = try shop.write { try verb.run(in: $0, at: now) }
    shipments[number]?.settle(next)
    return told
  }

  private func refused<R: Sendable>(
    _ shop: Shop, _ body: @escaping @Sendable (Transaction) throws -> R
  ) throws -> String {
    #expect(try !shop.refusals(body).isEmpty)
    return " (refused)"
  }

  /// All of it cost 50.00 apiece.
  func check(_ shop: Shop, _ step: String) throws {
    let found = try shop.order(order)
    for line in [1, 2] {
      let sold = found.lines[line - 1]
      #expect(sold.shipped == units(count(line, in: [.dispatched, .delivered])), "\(step)")
      #expect(sold.delivered == units(count(line, in: [.delivered])), "\(step)")
      #expect(sold.cancelled == units(cancelled[line, default: 0]), "\(step)")
      let sku = line == 1 ? "CHAIR" : "LAMP"
      let back = shipments.values.filter(\.isRecovered)
        .reduce(0) { $0 + $1.quantities[line, default: 0] }
      let promised = found.state.isPromised ? open(line) : 0
      let gone = count(line, in: [.dispatched, .delivered, .lost])
      #expect(try shop.free(sku) == units(100 - gone + back - promised), "\(step)")
    }
    let lost = shipments.values.filter { $0.state == .lost && !$0.isRecovered }
    let away = shipments.values.filter { $0.state == .dispatched }
    try shop.read { snapshot in
      for (account, worth, sent) in [
        (Account.scrapLoss, 50, lost), (.goodsDispatched, 50, away),
        (.carrierClaims, 50, claimed([.accepted])),
        (.compensationIncome, -50, claimed([.accepted, .paid, .waived])),
        (.carrierClaimsPayable, -50, claimed([.owedBack])),
        (.bank, 50, claimed([.paid, .owedBack, .waived])),
      ] {
        let pieces = sent.reduce(0) { $0 + $1.pieces }
        let told: Comment = "\(account) after \(step)"
        #expect(try Ledger.balance(of: account, in: snapshot) == cny(Int64(worth) * pieces), told)
      }
      for (number, sent) in shipments where sent.state != .prepared {
        let shown = try Shipments.require(number: number, in: snapshot)
        #expect(shown.state == sent.state, "\(step)")
        #expect(shown.carrierStatus == sent.last?.status, "\(step)")
        #expect(
          ((shown.cashOnDelivery?.due) != nil) == (isPaidAtDoor && sent.state != .lost), "\(step)")
      }
      let claims = try CarrierClaims.list(CarrierClaims.Filter(), limit: 500, in: snapshot)
      #expect(
        Dictionary(uniqueKeysWithValues: claims.map { ($0.shipmentNumber, $0.state) })
          == shipments.compactMapValues(\.claim), "\(step)")
      #expect(
        Set(claims.filter { $0.turnedUpOn != nil }.map(\.shipmentNumber))
          == Set(shipments.filter(\.value.hasTurnedUp).keys), "\(step)")
    }
  }
}
