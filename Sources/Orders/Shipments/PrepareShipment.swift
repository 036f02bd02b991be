package import Inventory
package import MasterData
package import Storage
package import Values

/// What is to leave, or to be cancelled, of a schedule under a line.
package struct ScheduleQuantity: Hashable, Sendable {
  package let line: Int
  package let schedule: Int
  /// Nil for all of it that can.
  package let quantity: GivenQuantity?

  package init(line: Int, schedule: Int, quantity: GivenQuantity? = nil) {
    self.line = line
    self.schedule = schedule
    self.quantity = quantity
  }
}

/// Sets reserved goods of an order apart for a shipment, so that no other shipment takes them.
package struct PrepareShipment: Sendable {
  /// Where it goes.
  package enum Place: Hashable, Sendable {
    /// Where what is named goes, or else the first place to which something can leave, beginning
    /// with the order's own.
    case any
    /// Where the order goes.
    case home
    case address(ID<Address>)
  }

  package let orderNumber: String
  package let lines: [LineQuantity]
  package let schedules: [ScheduleQuantity]
  /// Where nothing is named: of scheduled lines what is wanted by then; nil for today.
  package let dueBy: Day?
  package let place: Place

  /// Where nothing is named: all that is reserved, due and not in another shipment. Of a line that
  /// goes to several places one part.
  package init(
    orderNumber: String, lines: [LineQuantity] = [], schedules: [ScheduleQuantity] = [],
    dueBy: Day? = nil, place: Place = .any
  ) {
    self.orderNumber = orderNumber
    self.lines = lines
    self.schedules = schedules
    self.dueBy = dueBy
    self.place = place
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(.ship, in: tx)
    let chosen = try choose(
      of: order, without: order.unreleased(on: now.day, in: tx), on: now.day, in: tx)
    try order.expectCredit(for: chosen.map(\.leaving), on: now.day, in: tx)
    let place = order.place(of: chosen)
    let number = try DocumentNumbers.next(.shipment, on: now.day, in: tx)
    var shipment = Shipment(
      id: try ShipmentTable.insert(number: number, of: order, to: place, in: tx), number: number,
      order: order.id, orderNumber: order.number, state: .prepared, lines: chosen, cartons: 0,
      carrier: "", trackingNumber: "", dispatchedOn: nil, deliveredOn: nil, receivedBy: "",
      addressID: place)
    shipment.instructions = order.instructions?.ofGoods
    for line in chosen {
      try ShipmentLineTable.insert(line, of: shipment.id, order: order, in: tx)
    }
    shipment.record([shipment.contents], in: tx)
    if let collector = order.cashOnDelivery {
      try shipment.arrangeCash(collector, in: order.currency, in: tx)
    }
    return shipment
  }

  /// Of lines that may not leave yet, none is taken by itself, and one that is named is refused.
  func choose(
    of order: SalesOrder, without unreleased: [Int: Day], on today: Day, in snapshot: Snapshot
  ) throws -> [ShipmentLine] {
    let there = try order.shippable(in: snapshot)
    let isNamed = !lines.isEmpty || !schedules.isEmpty
    let requested =
      isNamed
      ? try named(of: order, there, in: snapshot)
      : try all(of: order, there, without: unreleased, by: dueBy ?? today, in: snapshot)
    for request in requested {
      guard let day = unreleased[request.line], let field = request.field else { continue }
      throw PreorderRejection.notReleased(
        field: field.field("line_number"), order: order.number, line: request.line,
        releasesOn: day)
    }
    try order.checkSets(
      Dictionary(uniqueKeysWithValues: requested.map { ($0.line, $0.quantity) }),
      field: isNamed ? "lines" : "order_number", in: snapshot)
    return try requested.map { request in
      let line = order.lines[request.line - 1]
      guard let product = line.product else { throw MissingRow("product", 0) }
      return ShipmentLine(
        orderLine: line.number, product: product, sku: line.sku, unit: line.unit,
        quantity: request.quantity, schedule: request.schedule, instructions: line.instructions)
    }
  }

  private struct Request {
    let line: Int
    let quantity: Quantity
    var schedule: Int?
    /// Where the request names it; nil where it does not.
    var field: FieldPath?
  }

  /// Whatever can leave and is due.
  private func all(
    of order: SalesOrder, _ there: [Int: Quantity], without unreleased: [Int: Day], by day: Day,
    in snapshot: Snapshot
  ) throws -> [Request] {
    let released = there.filter { unreleased[$0.key] == nil }
    var isDue = false
    for place in try order.placesInTurn(from: place, field: "address_id") {
      let due = try order.due(released, to: place, by: day, in: snapshot)
      let leaving = try order.withoutBrokenSets(due.mapValues(\.quantity), in: snapshot)
      guard leaving.isEmpty else {
        return leaving.sorted { $0.key < $1.key }.map {
          Request(line: $0.key, quantity: $0.value, schedule: due[$0.key]?.schedule)
        }
      }
      isDue = isDue || !due.isEmpty
    }
    if !isDue, let later = order.notDue(released, by: day) { throw later }
    throw try order.setThatWaits(in: snapshot) ?? order.nothingToShip(unreleased)
  }

  private func named(
    of order: SalesOrder, _ there: [Int: Quantity], in snapshot: Snapshot
  ) throws -> [Request] {
    try order.check(
      lines, available: { there[$0.number, default: .zero] },
      refusal: { line, field in
        line.sourcing == .service
          ? .lineIsService(field: field, order: order.number, line: line.number) : nil
      }, in: snapshot)
    for (row, request) in lines.enumerated()
    where order.lines[request.line - 1].schedules.hasPlaces {
      throw ScheduleRejection.partNotNamed(
        field: FieldPath("lines", row: row).field("line_number"), order: order.number,
        line: request.line)
    }
    let taken = Set(lines.map(\.line))
    let parts = try scheduled(of: order, there, besides: taken, in: snapshot)
    let whole = lines.enumerated().map { row, request in
      Request(
        line: request.line, quantity: request.quantity.quantity,
        field: FieldPath("lines", row: row))
    }
    let requests = (whole + parts).sorted { $0.line < $1.line }
    try checkPlaces(of: requests, of: order)
    return requests
  }

  /// Refuses goods for several places, or for another one than is asked for.
  private func checkPlaces(of requests: [Request], of order: SalesOrder) throws {
    // Nil for any, and a nil in it for where the order goes.
    var place: ID<Address>?? = nil
    if self.place != .any {
      place = try order.placesInTurn(from: self.place, field: "address_id").first
    }
    for request in requests {
      let own = order.lines[request.line - 1].place(ofSchedule: request.schedule)
      if let wanted = place, wanted != own {
        throw ScheduleRejection.placesMixed(
          field: request.field?.field("line_number") ?? "lines", order: order.number,
          line: request.line)
      }
      place = .some(own)
    }
  }

  /// What is named by its schedule.
  private func scheduled(
    of order: SalesOrder, _ there: [Int: Quantity], besides lines: Set<Int>, in snapshot: Snapshot
  ) throws -> [Request] {
    var violations: [any Rejection] = []
    var seen = lines
    var requests: [Request] = []
    for (row, request) in schedules.enumerated() {
      var check = FieldCheck(FieldPath("schedules", row: row))
      let path = check.path
      let field = path.field("line_number")
      if !order.lines.indices.contains(request.line - 1) {
        check.refuse(
          OrdersRejection.unknownLine(field: field, order: order.number, line: request.line))
      } else if !seen.insert(request.line).inserted {
        check.refuse(OrdersRejection.duplicateLine(field: field, line: request.line))
      } else if let quantity = try quantity(request, of: order, there, &check, in: snapshot) {
        requests.append(
          Request(
            line: request.line, quantity: quantity, schedule: request.schedule, field: path))
      }
      violations += check.violations
    }
    try Rejections.check(violations)
    return requests
  }

  /// How much is to leave; nil where something is wrong with it, which is noted.
  private func quantity(
    _ request: ScheduleQuantity, of order: SalesOrder, _ there: [Int: Quantity],
    _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> Quantity? {
    let line = order.lines[request.line - 1]
    guard let schedule = line.schedules.first(where: { $0.number == request.schedule }) else {
      check.refuse(
        ScheduleRejection.unknownSchedule(
          field: check.path.field("schedule_number"), order: order.number, line: line.number,
          schedule: request.schedule))
      return nil
    }
    let apart = try ShipmentLineTable.setApart(
      ofSchedule: schedule.number, line: line.number, of: order.id, in: snapshot)
    let rest = max(.zero, try schedule.open - apart)
    let available = min(rest, there[line.number, default: .zero])
    let wanted: Quantity?
    if let given = request.quantity {
      wanted = given.read(&check, "quantity", of: try line.requireProduct(in: snapshot))
    } else {
      wanted = available.isPositive ? available : rest
    }
    guard let wanted else { return nil }
    guard wanted.isPositive, wanted <= available else {
      check.refuse(
        OrdersRejection.moreThanAvailable(
          field: check.path.field("quantity"), line: line.number, requested: wanted,
          available: available))
      return nil
    }
    return wanted
  }
}

extension SalesOrderLine {
  /// To which address a part of it goes; nil for where the order goes.
  fileprivate func place(ofSchedule number: Int?) -> ID<Address>? {
    schedules.first { $0.number == number }?.addressID
  }

  /// The part to leave next for a place by a day, and how much of it is there.
  fileprivate func part(
    to place: ID<Address>?, by day: Day, _ there: Quantity, of order: ID<SalesOrder>,
    in snapshot: Snapshot
  ) throws -> (quantity: Quantity, schedule: Int?)? {
    let shares = schedules.shares(of: reserved)
    for part in schedules where part.addressID == place && part.requestedOn <= day {
      guard let share = shares[part.number] else { continue }
      let apart = try ShipmentLineTable.setApart(
        ofSchedule: part.number, line: number, of: order, in: snapshot)
      let rest = min(Quantity(micros: share.micros - apart.micros), there)
      if rest.isPositive { return (rest, part.number) }
    }
    return nil
  }
}

extension SalesOrder {
  /// Where the goods of a shipment go; nil for where the order goes.
  fileprivate func place(of chosen: [ShipmentLine]) -> ID<Address>? {
    chosen.lazy.compactMap { lines[$0.orderLine - 1].place(ofSchedule: $0.schedule) }.first
  }

  /// Its own first, which is nil; or the one that is asked for alone.
  fileprivate func placesInTurn(
    from place: PrepareShipment.Place, field: String
  ) throws(ScheduleRejection) -> [ID<Address>?] {
    switch place {
    case .any: return [nil] + places.map(\.addressID)
    case .home: return [nil]
    case .address(delivery?.addressID): return [nil]
    case .address(let address):
      guard places.contains(where: { $0.addressID == address }) else {
        throw .unknownPlace(field: field, order: number, address: address.value)
      }
      return [address]
    }
  }

  /// Of what could leave, what is wanted at a place by a day.
  fileprivate func due(
    _ shippable: [Int: Quantity], to place: ID<Address>?, by day: Day, in snapshot: Snapshot
  ) throws -> [Int: (quantity: Quantity, schedule: Int?)] {
    let going = shippable.filter { place == nil && !lines[$0.key - 1].schedules.hasPlaces }
    var found = try due(going, by: day, in: snapshot).mapValues {
      (quantity: $0, schedule: Int?.none)
    }
    for line in lines where line.schedules.hasPlaces {
      guard let there = shippable[line.number] else { continue }
      found[line.number] = try line.part(to: place, by: day, there, of: id, in: snapshot)
    }
    return found
  }

  /// Of what could leave, what is wanted by a day; what is not scheduled is wanted at any time.
  func due(
    _ shippable: [Int: Quantity], by day: Day, in snapshot: Snapshot
  ) throws -> [Int: Quantity] {
    let scheduled = lines.filter { !$0.schedules.isEmpty && shippable[$0.number] != nil }
    guard !scheduled.isEmpty else { return shippable }
    let apart = try ShipmentLineTable.setApart(of: id, in: snapshot)
    var due = shippable
    for line in scheduled {
      let wanted = line.schedules.reduce(-apart[line.number, default: .zero].micros) {
        $1.requestedOn <= day ? $0 + $1.open.micros : $0
      }
      due[line.number] =
        wanted > 0
        ? min(Quantity(micros: wanted), shippable[line.number, default: .zero]) : nil
    }
    return due
  }

  /// Why nothing of what could leave is taken by itself: the first day on which something of it is
  /// wanted; nil where days are not the reason.
  func notDue(_ shippable: [Int: Quantity], by day: Day) -> ScheduleRejection? {
    lines.filter { shippable[$0.number] != nil }.compactMap { line in
      line.schedules.first { $0.open.isPositive && $0.requestedOn > day }.map {
        (line: line.number, day: $0.requestedOn)
      }
    }.min { $0.day < $1.day }.map {
      .notDue(field: "due_by", order: number, line: $0.line, requestedOn: $0.day)
    }
  }
}
