import Finance
import Storage
import Values

/// What crediting a return comes to.
struct ReturnCredit {
  /// With tax.
  let credited: Money
  let fee: Money
  /// Of the money for the order, what is free again.
  let released: Money
  /// Of what is open of the order's invoices, what is not owed any more.
  let forgiven: Money

  /// If it were credited now: what has come, or is to come. What is not invoiced yet counts as the
  /// order has it, and frees nothing.
  static func expected(
    of found: CustomerReturn, _ order: SalesOrder, in snapshot: Snapshot
  ) throws -> ReturnCredit {
    let quantity: KeyPath<ReturnLine, Quantity> =
      found.receivedOn == nil ? \.requested : \.received
    guard let parts = try parts(of: found, quantity, in: snapshot) else {
      return try uninvoiced(found, order, quantity, in: snapshot)
    }
    let previews = try parts.map {
      try CreditNotes.preview($0.quantities, of: $0.invoice, in: snapshot)
    }
    let lines = previews.flatMap(\.lines)
    return ReturnCredit(
      credited: try lines.map { try $0.net + $0.tax }.sum(order.currency),
      fee: try fee(of: found, lines), released: try previews.map(\.released).sum(order.currency),
      forgiven: try previews.map(\.forgiven).sum(order.currency))
  }

  private static func uninvoiced(
    _ found: CustomerReturn, _ order: SalesOrder, _ quantity: KeyPath<ReturnLine, Quantity>,
    in snapshot: Snapshot
  ) throws -> ReturnCredit {
    let returned = try ReturnTable.claimed(of: order.id, in: snapshot)
    var (credited, fee) = (Money.zero(order.currency), Money.zero(order.currency))
    for line in found.lines where line[keyPath: quantity].isPositive {
      let until = returned[line.number]?.claimed ?? line[keyPath: quantity]
      let amount = try order.lines[line.number - 1]
        .amount(from: until - line[keyPath: quantity], upTo: until).gross()
      credited = try credited + amount
      fee = try fee + amount.share(line.fee)
    }
    return ReturnCredit(
      credited: credited, fee: fee, released: .zero(order.currency),
      forgiven: .zero(order.currency))
  }

  /// The parts of the invoices of its order that quantities of its lines were charged with, the
  /// oldest invoice first; nil where something was not.
  static func parts(
    of found: CustomerReturn, _ quantity: KeyPath<ReturnLine, Quantity>, in snapshot: Snapshot
  ) throws -> [(invoice: Invoice, quantities: [CreditedQuantity])]? {
    let invoices = try Invoices.ofOrder(
      DocumentReference(.salesOrder, found.orderNumber), in: snapshot)
    var parts: [ID<Invoice>: [CreditedQuantity]] = [:]
    for line in found.lines where line[keyPath: quantity].isPositive {
      guard
        let next = try CreditNotes.next(
          line[keyPath: quantity], ofLine: line.number, of: invoices, in: snapshot)
      else { return nil }
      for (invoice, part) in next { parts[invoice.id, default: []].append(part) }
    }
    return invoices.compactMap { invoice in parts[invoice.id].map { (invoice, $0) } }
  }

  /// By the rule of each line, of what is credited of it.
  static func fee(of found: CustomerReturn, _ credited: [CreditNoteLine]) throws -> Money {
    var fee = Money.zero(found.credited.currency)
    for line in found.lines where line.fee > .zero {
      var amount = Money.zero(fee.currency)
      for part in credited where part.orderLine == line.number {
        amount = try amount + part.net + part.tax
      }
      fee = try fee + amount.share(line.fee)
    }
    return fee
  }
}
