import Finance
import Inventory
import MasterData
import Storage
import Values

extension SalesOrder {
  /// Writes the lines of `numbers`, brings the state in line with their quantities, counts the
  /// version up, and says so when the state changed.
  mutating func save(
    lines numbers: some Sequence<Int>, _ facts: [Fact] = [], in tx: Transaction
  ) throws {
    for number in numbers {
      lines[number - 1].followSchedules()
      try SalesOrderLineTable.progress(lines[number - 1], of: id, in: tx)
    }
    try settle(facts, counting: true, in: tx)
  }

  /// Brings the state in line with quantities and payments, and says so when it changed.
  /// `counting`: something else of the order changed, so that the version counts up in any case.
  mutating func settle(
    _ facts: [Fact] = [], counting: Bool = false, in tx: Transaction
  ) throws {
    let next = try state.derived(
      from: lines, isPaid: try Receivables.open(of: reference, currency, in: tx).minor == 0)
    guard next != state || counting else { return }
    try SalesOrderTable.update(state: next, of: id, in: tx)
    version += 1
    guard next != state else { return }
    precondition(state.mayBecome(next), "\(number) cannot go from \(state) to \(next)")
    let before = state
    state = next
    // What it had come to before is not told again.
    guard !next.isBehind(before) else {
      return tx.record(
        DomainEvent("order.reopened", reference, [Fact("state", next.rawValue)] + facts))
    }
    record(next, facts, in: tx)
  }

  /// What the order exposes us to from now on: what is neither cancelled nor invoiced, less the
  /// money received for it that no invoice has used yet. Never less than nothing, so that a deposit
  /// makes no room for other orders.
  /// `enforcingLimit` refuses more of it than the customer's limit allows.
  func updateExposure(
    of customer: Customer, enforcingLimit: Bool = false, in tx: Transaction, at now: Moment
  ) throws {
    guard !isPrepaid else { return }
    let unapplied = try Payments.unapplied(earmark: reference, currency, in: tx)
    let amount = try base(of: openToInvoice() - unapplied)
    try SetExposure(
      customer: customer, document: reference, amount: amount,
      shipped: try base(of: shippedToInvoice()), wanted: try wantedParts(of: amount),
      enforceLimit: enforcingLimit
    ).run(in: tx, at: now)
  }

  /// The same after something of it has left.
  func updateExposureOfShipped(in tx: Transaction, at now: Moment) throws {
    guard state.isPromised, !isPrepaid, lines.contains(where: { $0.shipped > $0.invoiced })
    else { return }
    try updateExposure(of: try customer(in: tx), in: tx, at: now)
  }

  /// What must still come in before everything that is not cancelled is paid; never negative.
  func outstanding(in snapshot: Snapshot) throws -> Money {
    let invoiced = try Receivables.open(of: reference, currency, in: snapshot)
    let unapplied = try Payments.unapplied(earmark: reference, currency, in: snapshot)
    let rest = try openToInvoice() + invoiced - unapplied
    return rest.minor > 0 ? rest : .zero(currency)
  }

  /// Money received for it that what is left of it does not need.
  func unneeded(in snapshot: Snapshot) throws -> Money {
    let rest = try Payments.unapplied(earmark: reference, currency, in: snapshot) - openToInvoice()
    return rest.minor > 0 ? rest : .zero(currency)
  }

  /// Fills `reserved` of the lines with what Inventory holds for them.
  mutating func loadReserved(in snapshot: Snapshot) throws {
    guard state == .confirmed || state == .partlyShipped else { return }
    for held in try Reservations.held(by: reference, in: snapshot) {
      let index = held.line - 1
      guard lines.indices.contains(index) else { continue }
      lines[index].reserved = held.quantity
    }
  }
}
