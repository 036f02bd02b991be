import Finance
import MasterData
import Storage
import Values

extension SalesOrder {
  /// Brings the points of its customer in line with what is delivered or invoiced of it, is not
  /// given back, and was not paid with points. Nothing where there was no programme when it was
  /// created; that is known without asking the store.
  func settlePoints(in tx: Transaction, at now: Moment) throws {
    guard let programme = try PointsProgrammes.inForce(on: createdOn, in: tx),
      currency == programme.value.currency
    else { return }
    let base = try earning(by: programme.moment, in: tx)
    let gross = try base.gross - Payments.held(.points, for: reference, in: tx)
    // What was paid with points takes its part of the tax along.
    let net =
      base.gross.minor > 0 && gross.minor > 0
      ? Money(
        minor: try Rounding.quotient(
          Int128(base.net.minor) * Int128(gross.minor), Int128(base.gross.minor)),
        currency: currency)
      : .zero(currency)
    try SettlePoints(
      of: try customer(in: tx), for: reference, by: programme, gross: gross, net: net
    ).run(in: tx, at: now)
  }

  private func earning(
    by moment: PointsMoment, in snapshot: Snapshot
  ) throws -> (gross: Money, net: Money) {
    let charged = try Invoices.charged(for: reference, currency, in: snapshot)
    guard moment == .delivery else {
      return (
        try charged.gross - charged.creditedGross, try charged.net - charged.creditedNet
      )
    }
    var (gross, net) = (Money.zero(currency), Money.zero(currency))
    for line in lines {
      let amount = try line.amount(upTo: line.delivered)
      gross = try gross + amount.gross()
      net = try net + amount.net
    }
    return (try gross - charged.creditedGross, try net - charged.creditedNet)
  }
}
