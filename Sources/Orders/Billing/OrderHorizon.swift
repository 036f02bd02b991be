import Finance
import MasterData
import Storage
import Values

// How far ahead orders count in credit: what of an order is wanted when, and whether what leaves of
// it was ever counted.

extension SalesOrder {
  /// What of its exposure is wanted on which days, in their order; the rest, what has left and what
  /// a supplier sends included, counts at any time. Money received for it is for what is wanted
  /// last first.
  func wantedParts(of exposure: Money) throws -> [WantedPart] {
    guard exposure.minor > 0, hasWantedDays else { return [] }
    if let requestedOn, lines.allSatisfy(\.isWantedAsOrder) {
      return [WantedPart(day: requestedOn, minor: exposure.minor)]
    }
    var byDay: [Day?: Money] = [:]
    for line in lines {
      for (day, part) in try line.openParts(wantedOn: requestedOn) {
        byDay[day] = try byDay[day, default: .zero(currency)] + part
      }
    }
    var sum = try shippedToInvoice() + (byDay.removeValue(forKey: nil) ?? .zero(currency))
    var counted = min(exposure.minor, try base(of: sum).minor)
    var parts: [WantedPart] = []
    for (day, part) in byDay.compactMap({ day, part in day.map { ($0, part) } })
      .sorted(by: { $0.0 < $1.0 })
    {
      sum = try sum + part
      let next = min(exposure.minor, try base(of: sum).minor)
      if next > counted { parts.append(WantedPart(day: day, minor: next - counted)) }
      counted = next
    }
    return parts
  }

  /// Something of it may be wanted later than the rest.
  var hasWantedDays: Bool {
    requestedOn != nil || lines.contains { !$0.schedules.isEmpty }
  }

  /// What it comes to, without what of it does not count yet.
  func countedGross(for customer: Customer, on day: Day, in snapshot: Snapshot) throws -> Money {
    let gross = try baseGross()
    guard let horizon = try CreditHorizons.lastDay(for: customer, on: day, in: snapshot)
    else { return gross }
    let beyond = try wantedParts(of: gross).minor(after: horizon)
    return Money(minor: gross.minor - beyond, currency: gross.currency)
  }

  /// By how much more counts once goods have left that are wanted later than orders count.
  func leavingEarly(
    _ leaving: [LeavingPart], for customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> Money {
    guard let horizon = try CreditHorizons.lastDay(for: customer, on: day, in: snapshot),
      hasWantedDays
    else { return .zero(baseCurrency) }
    let unapplied = try Payments.unapplied(earmark: reference, currency, in: snapshot)
    let exposure = try base(of: openToInvoice() - unapplied)
    let before = try wantedParts(of: exposure).minor(after: horizon)
    let after = try having(left: leaving).wantedParts(of: exposure).minor(after: horizon)
    return Money(minor: before - after, currency: exposure.currency)
  }

  /// Refuses goods that did not count since limits were asked for them, because they were wanted
  /// later than orders counted, where they would pass a limit now.
  func expectCredit(
    for leaving: [LeavingPart], on day: Day, in snapshot: Snapshot
  ) throws {
    if let refusal = try creditRefusal(of: leaving, on: day, in: snapshot) { throw refusal }
  }

  /// The same as an answer.
  func creditRefusal(
    of leaving: [LeavingPart], on day: Day, in snapshot: Snapshot
  ) throws -> FinanceRejection? {
    guard !isPrepaid, hasWantedDays else { return nil }
    let customer = try customer(in: snapshot)
    guard
      let exposure = try Receivables.unchecked(
        reference, of: customer, on: day, in: snapshot)
    else { return nil }
    return try ReleaseCredit(
      customer: customer, document: reference,
      wanted: try having(left: leaving).wantedParts(of: exposure)
    ).refusal(on: day, in: snapshot)
  }

  /// What a supplier is asked to send counts from then on, whenever it is wanted.
  func countSupplier(in tx: Transaction, at now: Moment) throws {
    guard state.isPromised, hasWantedDays else { return }
    try updateExposure(of: try customer(in: tx), in: tx, at: now)
  }

  /// As it is once these goods have left.
  private func having(left leaving: [LeavingPart]) -> SalesOrder {
    var order = self
    for part in leaving {
      var line = order.lines[part.line - 1]
      line.shipped = Quantity(micros: line.shipped.micros + part.quantity.micros)
      if let schedule = part.schedule { line.ship(part.quantity, ofSchedule: schedule) }
      line.followSchedules()
      order.lines[part.line - 1] = line
    }
    return order
  }
}

/// Goods that leave.
struct LeavingPart: Hashable {
  /// Number of the order's line.
  let line: Int
  let quantity: Quantity
  /// Number of the part of the line; nil for what is wanted first.
  var schedule: Int?
}

extension Shipment {
  var leaving: [LeavingPart] { lines.map(\.leaving) }
}

extension ShipmentLine {
  var leaving: LeavingPart {
    LeavingPart(line: orderLine, quantity: quantity, schedule: schedule)
  }
}

extension SalesOrderLine {
  /// All that is to be invoiced of it is wanted on the day of the order.
  fileprivate var isWantedAsOrder: Bool {
    schedules.isEmpty && !isDropShipped && shipped <= invoiced
  }

  /// What is neither cancelled nor gone nor invoiced, with tax, by the days on which it is wanted;
  /// nil for any.
  fileprivate func openParts(wantedOn day: Day?) throws -> [(day: Day?, amount: Money)] {
    var parts: [(quantity: Quantity, day: Day?)] = [(open, isDropShipped ? nil : day)]
    if !isDropShipped, !schedules.isEmpty {
      parts = schedules.map { ($0.open, $0.requestedOn) }
    }
    var from = shipped
    var found: [(day: Day?, amount: Money)] = []
    for part in parts {
      let upTo = Quantity(micros: from.micros + part.quantity.micros)
      let amounts = try amount(from: max(from, invoiced), upTo: max(upTo, invoiced))
      found.append((part.day, try amounts.gross()))
      from = upTo
    }
    return found
  }
}
