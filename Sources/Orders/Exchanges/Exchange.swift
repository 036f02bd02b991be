import Finance
import MasterData
package import Storage
package import Values

/// Where an exchange stands: it follows from its return.
package enum ExchangeState: Hashable, Sendable {
  /// The goods are to come back, or are not credited yet.
  case open
  case settled
  /// They do not come back; the new order goes on by itself.
  case ended

  init(_ state: ReturnState) {
    switch state {
    case .requested, .approved, .received, .inspected: self = .open
    case .credited: self = .settled
    case .rejected, .cancelled: self = .ended
    }
  }
}

/// Goods of an order that come back, and an order of those that the customer gets instead. Each has
/// its own taxes and goes its own way; this ties them together where money is settled (DOMAIN 5.7).
package struct Exchange: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Exchange>
  /// "EX-2026-000004".
  package let number: String
  package let originNumber: String
  package let returnNumber: String
  package let returnState: ReturnState
  package let orderNumber: String
  package let orderState: OrderState
  /// Of the money for the first order, what pays the new one.
  package let carried: Money
  package let requestedBy: String
  package let requestedAt: Instant

  package var reference: DocumentReference { DocumentReference(.exchange, number) }
  package var state: ExchangeState { ExchangeState(returnState) }
}

/// What an exchange comes to in money: what was done, or would be if the goods were credited now.
package struct ExchangeBalance: Hashable, Sendable {
  /// With tax, for what comes back.
  package let credited: Money
  /// For taking it back.
  package let fee: Money
  /// With tax, what is wanted of the new goods.
  package let ordered: Money
  /// Of the new order, once the return is credited.
  package let toPay: Money
  /// For both orders, once the return is credited.
  package let toRefund: Money

  /// Below zero the customer gets it.
  package func difference() throws -> Money { try ordered + fee - credited }
}

/// Questions about exchanges.
package enum Exchanges {
  /// The one that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> Exchange {
    guard let exchange = try ExchangeTable.find(number, in: snapshot) else {
      throw ReturnRejection.unknownExchange(field: field(), number: number).ifNamed(number)
    }
    return exchange
  }

  /// Of orders in scope, the newest first, from the one before `id` on; of one order on either
  /// side.
  package static func list(
    order: SalesOrder? = nil, before id: ID<Exchange>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Exchange] {
    guard let order else {
      return try ExchangeTable.list(before: id ?? ID(.max), limit: limit, in: snapshot)
    }
    return try ExchangeTable.of(order.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  package static func balance(
    of exchange: Exchange, in snapshot: Snapshot
  ) throws -> ExchangeBalance {
    guard let origin = try SalesOrders.find(number: exchange.originNumber, in: snapshot),
      let order = try SalesOrders.find(number: exchange.orderNumber, in: snapshot),
      let found = try ReturnTable.unscoped(exchange.returnNumber, in: snapshot)
    else { throw MissingRow("exchange", exchange.id.value) }
    let outstanding = try order.takesMoney ? order.outstanding(in: snapshot) : .zero(order.currency)
    guard exchange.state == .open else {
      let refunds = try [origin, order].map {
        try OrderRefundTable.proposed(of: $0.id, in: snapshot)?.total() ?? .zero(order.currency)
      }
      return ExchangeBalance(
        credited: found.credited, fee: found.fee, ordered: try order.wantedGross(),
        toPay: outstanding, toRefund: try refunds.sum(order.currency))
    }
    let credit = try ReturnCredit.expected(of: found, origin, in: snapshot)
    let spare = try origin.spare(after: credit, in: snapshot)
    let carried = min(spare, outstanding.minor)
    func money(_ minor: Int64) -> Money { Money(minor: minor, currency: order.currency) }
    return ExchangeBalance(
      credited: credit.credited, fee: credit.fee, ordered: try order.wantedGross(),
      toPay: money(outstanding.minor - carried), toRefund: money(spare - carried))
  }
}

extension SalesOrder {
  /// Its state allows that money is received for it.
  var takesMoney: Bool { OrderAction.receivePayment.states.contains(state) }

  /// Money received for it that it will not need, once a return of it is credited: the fee and what
  /// else is open of its invoices are paid first.
  fileprivate func spare(after credit: ReturnCredit, in snapshot: Snapshot) throws -> Int64 {
    let money = try Payments.unapplied(earmark: reference, currency, in: snapshot) + credit.released
    let open = try Receivables.open(of: reference, currency, in: snapshot) - credit.forgiven
    let needed = try credit.fee + open + openToInvoice()
    return max(0, money.minor - needed.minor)
  }
}
