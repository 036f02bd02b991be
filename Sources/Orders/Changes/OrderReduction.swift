import Finance
import Inventory
import MasterData
import Storage
import Values

/// What a change takes out of what was promised: less of a line, or all of it. It costs what
/// cancelling it would, by the same terms, and its money goes the same ways.
struct OrderReduction {
  let terms: CancellationTerms
  let money: CancellationMoney
  /// Lines of which less is ordered; what is taken out as a whole is cancelled.
  private let lowered: Set<Int>

  /// By the terms of an order as it was before the change. Charges follow from the rest, and do not
  /// count.
  static func terms(
    from before: SalesOrder, to order: SalesOrder, for reason: CancelReason,
    in snapshot: Snapshot, at now: Moment
  ) throws -> CancellationTerms? {
    let parts = before.lines.filter(\.charge.isEmpty).compactMap { line -> LineQuantity? in
      let gone = Quantity(micros: line.wanted.micros - order.lines[line.number - 1].wanted.micros)
      guard gone.isPositive else { return nil }
      return LineQuantity(line: line.number, quantity: GivenQuantity(gone, unit: line.unit))
    }
    guard !parts.isEmpty else { return nil }
    return try CancellationTerms(of: before, cancelling: parts, for: reason, in: snapshot, at: now)
  }

  /// Settles the money, before what is left of the order is written.
  init(
    _ terms: CancellationTerms, from before: SalesOrder, to order: SalesOrder, in tx: Transaction,
    at now: Moment
  ) throws {
    self.terms = terms
    money = try SettleCancellation(order: before, terms: terms, rest: order).run(in: tx, at: now)
    lowered = Set(terms.lines.map(\.number).filter { order.lines[$0 - 1].isAlive })
  }

  /// Writes down what became of it. Returns the id of the cancellation.
  func insert(
    sunkCost: Money, reason: String, by actor: String, approvedBy: String?, of order: SalesOrder,
    in tx: Transaction, at now: Moment
  ) throws -> Int64 {
    try CancellationTable.insert(
      terms, money, sunkCost: sunkCost, comment: reason, by: actor, approvedBy: approvedBy,
      of: order, lowered: lowered, at: now, in: tx)
  }
}

extension CancelReason {
  /// Of what a change takes out, where none is given: the customer's wish.
  static let change = CancelReason(
    code: CancellationTable.change, text: "Changed", fault: .customer)
  /// The customer takes something else for what is not there.
  static let substitute = CancelReason(
    code: "SUBSTITUTE", text: "Something else is taken instead", fault: .nobody)
}

extension SalesOrder {
  /// Brings the proposed refund in line with what a change leaves of the need for money.
  func proposeRefund(
    compensation: Money, cancellation: Int64, by actor: String, in tx: Transaction, at now: Moment
  ) throws {
    guard state != .draft else { return }
    try OrderRefund.propose(
      for: self, amount: try unneeded(in: tx), compensation: compensation,
      cancellation: cancellation, by: actor, in: tx, at: now)
  }
}
