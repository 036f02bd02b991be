import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// Brings what is promised for an order in line with what a change makes of it: less of a line
/// gives up what is held and calls off what is to come, each supply with a verdict; more of it, and
/// what is new, is reserved, made or bought. What is given up goes first, so that what is new can
/// have it.
struct ChangePromise {
  /// As it was.
  let before: SalesOrder
  let promise: Promise
  /// Where the request names a line, by its number.
  let fields: [Int: FieldPath]
  /// What is asked for, by the numbers of lines: what becomes of work that has begun for a line and
  /// that it does not want any more, among others. Where nothing is said it is kept.
  var wishes: [Int: OrderChange.Line] = [:]

  func run(
    _ order: inout SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    let known = Set(try supply(of: order, in: tx).map(\.document))
    var verdicts: [SupplyVerdict] = []
    var wanted: [(line: Int, quantity: Quantity)] = []
    for line in order.lines where line.sourcing != .service {
      let index = line.number - 1
      let old = before.lines.indices.contains(index) ? before.lines[index].open : .zero
      let isRechosen = isRechosen(line)
      if let wish = wishes[line.number], wish.begunWork == .reworked {
        verdicts += try rework(line, of: order, wish.rework, in: tx, at: now)
        continue
      }
      guard line.open != old || isRechosen else { continue }
      if line.isDropShipped {
        guard line.open < old else {
          throw DropShipRejection.cannotRaise(
            field: (fields[line.number] ?? FieldPath("change")).field("quantity"),
            order: order.number, line: line.number)
        }
        verdicts += try order.callOffDropShipments(of: line, in: tx, at: now)
        continue
      }
      if line.open > .zero, try order.isOfPiece(line, in: tx) {
        throw ShowroomRejection.onePiece(
          field: (fields[line.number] ?? FieldPath("change")).field("quantity"),
          order: order.number, line: line.number)
      }
      if line.open < old || isRechosen { verdicts += try callOffShipments(of: order, line, in: tx) }
      if line.open == .zero {
        verdicts += try withdraw(line, of: order, in: tx, at: now)
      } else if line.sourcing == .make, old.isPositive,
        try isRechosen || !isBegun(line, of: order, in: tx)
      {
        // Nobody has touched it, or not for what is wanted now: it is planned anew as a whole.
        verdicts += try withdraw(line, of: order, in: tx, at: now)
        wanted.append((line.number, line.open))
      } else if line.open < old {
        verdicts += try lower(line, by: old - line.open, of: order, in: tx, at: now)
      } else {
        wanted.append((line.number, try line.open - old))
      }
    }
    for (number, quantity) in wanted {
      try raise(number, by: quantity, of: order, in: tx, at: now)
    }
    verdicts += try reschedule(order, in: tx)
    verdicts += try supply(of: order, in: tx).filter { !known.contains($0.document) }
    try order.loadReserved(in: tx)
    return verdicts
  }

  /// Other goods than before are to be made.
  func isRechosen(_ line: SalesOrderLine) -> Bool {
    before.lines.indices.contains(line.number - 1)
      && before.lines[line.number - 1].configuration != line.configuration
  }

  private func withdraw(
    _ line: SalesOrderLine, of order: SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    if let verdict = try order.withdrawPiece(of: line, in: tx, at: now) { return [verdict] }
    let origin = order.origin(of: line)
    let released = try Reservations.of(origin, in: tx)
    try ReleaseReservation(origin: origin).run(in: tx, at: now)
    return try CancelSupplyFor(
      origin: origin, released: released, begun: wishes[line.number]?.begunWork ?? .keptAsStock
    ).run(in: tx, at: now)
  }

  /// What waits goes first, then what is held.
  private func lower(
    _ line: SalesOrderLine, by part: Quantity, of order: SalesOrder, in tx: Transaction,
    at now: Moment
  ) throws -> [SupplyVerdict] {
    let product = try line.requireProduct(in: tx)
    let origin = order.origin(of: line)
    try ReleaseReservation(origin: origin, product: product, quantity: part).run(in: tx, at: now)
    let waiting = try Reservations.find(origin, product: product, in: tx)?.waiting ?? .zero
    var verdicts = try ReduceRequisitions(origin: origin, waiting: waiting).run(in: tx)
    var spare = Quantity(micros: -waiting.micros)
    for work in try workOrders(of: line, order, in: tx) where work.state.yields {
      spare = try spare + work.open
      guard spare.isPositive else { continue }
      let extra = min(spare, work.open)
      let spent = try work.costs.incurred().allocated(extra, of: work.quantity)
      verdicts.append(
        SupplyVerdict(
          work.reference, .keptAsStock,
          text: "\(work.number) has begun; \(extra) \(work.unit) of it go to stock",
          sunkCost: spent.minor > 0 ? spent : nil))
    }
    return verdicts
  }

  private func raise(
    _ number: Int, by quantity: Quantity, of order: SalesOrder, in tx: Transaction,
    at now: Moment
  ) throws {
    let line = order.lines[number - 1]
    let path = fields[number] ?? FieldPath("change")
    if line.sourcing == .make, let work = try workOrders(of: line, order, in: tx).last {
      throw ChangeRejection.workBegun(
        field: path.field("quantity"), order: order.number, line: number, workOrder: work.number)
    }
    _ = try promise.promise(
      quantity, of: line, line.requireProduct(in: tx), of: order, path, in: tx, at: now)
  }

  /// The work orders that the line waits for, or waited for.
  func workOrders(
    of line: SalesOrderLine, _ order: SalesOrder, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try WorkOrders.ofOrigin(order.reference, in: snapshot).filter {
      $0.origin?.line == line.number && $0.isPegged
    }
  }

  private func isBegun(
    _ line: SalesOrderLine, of order: SalesOrder, in snapshot: Snapshot
  ) throws -> Bool {
    try workOrders(of: line, order, in: snapshot).contains { !$0.state.canBecome(.cancelled) }
  }

  /// Shipments that hold goods of which there are to be less cannot leave any more.
  private func callOffShipments(
    of order: SalesOrder, _ line: SalesOrderLine, in tx: Transaction
  ) throws -> [SupplyVerdict] {
    try Shipments.ofOrder(order, in: tx).filter { shipment in
      shipment.state.isOpen && shipment.lines.contains { $0.orderLine == line.number }
    }.map { shipment in
      var shipment = shipment
      try shipment.cancel(in: tx)
      return SupplyVerdict(
        shipment.reference, .cancelled,
        text: "\(shipment.number) had not left and is called off; its goods stay reserved as wanted"
      )
    }
  }

  private func reschedule(_ order: SalesOrder, in tx: Transaction) throws -> [SupplyVerdict] {
    if (order.lines + before.lines).contains(where: { !$0.schedules.isEmpty }) {
      return try order.rescheduleSupply(before: before, in: tx)
    }
    guard order.requestedOn != before.requestedOn else { return [] }
    let day = order.requestedOn?.description ?? "as soon as possible"
    let works = try RescheduleWork(root: order.reference, dueOn: order.requestedOn).run(in: tx)
    return try works.map {
      SupplyVerdict(
        DocumentReference(.workOrder, $0), .rescheduled, text: "\($0) is due \(day)")
    } + RescheduleRequisitions(document: order.reference, neededOn: order.requestedOn).run(in: tx)
  }

  /// What is planned for the order now, as it would be told if it were new.
  private func supply(of order: SalesOrder, in snapshot: Snapshot) throws -> [SupplyVerdict] {
    let works = try WorkOrders.ofOrigin(order.reference, in: snapshot)
    let requisitions =
      try Requisitions.of(Origin(.salesOrder, order.number), in: snapshot)
      + works.flatMap { try Requisitions.of(Origin(.workOrder, $0.number), in: snapshot) }
    return works.map {
      SupplyVerdict(
        $0.reference, .planned, text: "\($0.number) makes \($0.quantity) \($0.unit) \($0.sku)")
    }
      + requisitions.map {
        SupplyVerdict(
          $0.reference, .planned, text: "\($0.number) asks for \($0.quantity) \($0.unit) \($0.sku)")
      }
  }
}
