import MasterData
import Storage
import Values

/// One of the places to which an order goes, with what is to come there: a van stops there, and a
/// crew puts together what was brought.
struct Stop {
  let order: SalesOrder
  /// The customer's address; nil for where the order goes.
  let addressID: ID<Address>?
  let place: Delivery
  /// Of lines that go to several places: what has left for here and has not arrived.
  private let underway: [Int: Quantity]

  /// Nil where nothing of it goes there, or any more, and where it is fetched.
  init?(of order: SalesOrder, at address: ID<Address>?, in snapshot: Snapshot) throws {
    guard
      let place = address == nil
        ? order.delivery : order.places.first(where: { $0.addressID == address })
    else { return nil }
    self.order = order
    self.place = place
    addressID = address
    underway =
      order.hasPlaces
      ? try ShipmentLineTable.underway(of: order.id, to: address, in: snapshot) : [:]
  }

  /// The parts of a line that go here.
  func parts(of line: SalesOrderLine) -> [LineSchedule] {
    line.schedules.hasPlaces
      ? line.schedules.filter { $0.addressID == addressID } : line.schedules
  }

  /// Of a line, what is still to come here.
  func undelivered(of line: SalesOrderLine) -> Quantity {
    guard line.schedules.hasPlaces else { return addressID == nil ? line.undelivered : .zero }
    // Each is at most what the line is for: no overflow.
    let open = parts(of: line).reduce(0) { $0 + $1.open.micros }
    return Quantity(micros: open + underway[line.number, default: .zero].micros)
  }

  /// Of a line, what is here or is still to come.
  private func wanted(of line: SalesOrderLine) -> Quantity {
    guard line.schedules.hasPlaces else { return addressID == nil ? line.wanted : .zero }
    return Quantity(
      micros: parts(of: line).reduce(0) { $0 + $1.ordered.micros - $1.cancelled.micros })
  }

  /// A line of goods of which something is still to come here; nil for none.
  var firstToCome: SalesOrderLine? {
    order.lines.first { $0.sourcing != .service && undelivered(of: $0).isPositive }
  }

  /// Something is still to come with our own van.
  var hasLoads: Bool {
    order.lines.contains { $0.isBroughtByUs && undelivered(of: $0).isPositive }
  }

  /// Of everything here that is not cancelled.
  func assemblyMinutes(in snapshot: Snapshot) throws -> Int64 {
    var minutes: Int64 = 0
    for line in order.lines where line.sourcing != .service {
      let wanted = wanted(of: line)
      guard wanted.isPositive, let time = try AssemblyTimes.find(sku: line.sku, in: snapshot)
      else { continue }
      let (sum, overflow) = minutes.addingReportingOverflow(
        try time.minutes(of: wanted, line.configuration))
      if overflow { throw ArithmeticError.overflow }
      minutes = sum
    }
    return minutes
  }
}

extension SalesOrder {
  /// The place that a caller names by an address: nil where it is the order's own.
  func stop(named address: ID<Address>?) -> ID<Address>? {
    address == delivery?.addressID ? nil : address
  }
}

/// What is to come to a stop of a line, together.
struct VanLoad {
  let line: SalesOrderLine
  let quantity: Quantity
  /// The day from which it can be brought; nil where nobody can say.
  let from: Day?
  /// Before which it may not leave, whatever is there; nil for no such day.
  let releasesOn: Day?
  /// It comes with whatever van comes when it is wanted and there; the van does not wait for it.
  let isLater: Bool
  /// Cubic centimetres; nil where nobody has measured it.
  let volume: Int64?
}

extension Stop {
  /// What our own van is to bring here. The parts of a scheduled line come when they are wanted and
  /// there, and so does the rest of a line of which the customer takes what is there now.
  func loads(on today: Day, in snapshot: Snapshot) throws -> [VanLoad] {
    let promises = Dictionary(
      try OrderPromises.of(order, on: today, in: snapshot).map { ($0.line, $0) },
      uniquingKeysWith: { $1 })
    let releases = try order.unreleased(on: today, in: snapshot)
    let inParts = try ShortageChoiceTable.partShipped(of: order.id, in: snapshot)
    var loads: [VanLoad] = []
    for line in order.lines where line.isBroughtByUs {
      var left = undelivered(of: line)
      guard left.isPositive else { continue }
      let product = try line.requireProduct(in: snapshot)
      let each = line.volumeCubicCentimetres(of: product)
      func load(_ quantity: Quantity, from day: Day?, isLater: Bool) throws {
        guard quantity.isPositive else { return }
        left = Quantity(micros: left.micros - quantity.micros)
        loads.append(
          VanLoad(
            line: line, quantity: quantity,
            from: day.map { max($0, releases[line.number] ?? today) },
            releasesOn: releases[line.number], isLater: isLater,
            volume: try each.map { try quantity.times($0) }))
      }
      let promise = promises[line.number]
      for part in parts(of: line) {
        let ready = promise?.schedules.first { $0.number == part.number }?.readyOn
        try load(part.open, from: ready.map { max($0, part.requestedOn) }, isLater: true)
      }
      if line.schedules.isEmpty, let promise, promise.waits {
        let isInParts = inParts.contains(line.number)
        let waiting = isInParts ? try promise.open - promise.held : left
        try load(waiting, from: promise.readyOn, isLater: isInParts)
      }
      try load(left, from: today, isLater: false)
    }
    return loads
  }
}

extension SalesOrderLine {
  /// Goods that are still to come to the customer.
  var isBrought: Bool { sourcing != .service && undelivered.isPositive }

  /// Those of them that come with our own van, not with a supplier's.
  var isBroughtByUs: Bool { isBrought && !isDropShipped }
}
