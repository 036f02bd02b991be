import Values

/// Where an order stands. DRAFT and SUBMITTED are steps that people take; from CONFIRMED on it
/// follows from the quantities of the lines (law 6), and what is stored is a cache that an
/// invariant checks.
package enum OrderState: String, Hashable, Sendable, CaseIterable {
  /// Being written: nothing is promised. Can transition to SUBMITTED, CONFIRMED (by PlaceOrder) or
  /// CANCELLED.
  case draft = "DRAFT"
  /// Complete and priced; waits for approval or confirmation. Back to DRAFT when it is rejected.
  case submitted = "SUBMITTED"
  /// Promised: stock is reserved, work orders and requisitions exist, credit is used.
  case confirmed = "CONFIRMED"
  /// Some goods have left.
  case partlyShipped = "PARTLY_SHIPPED"
  /// All goods that are not cancelled have left.
  case shipped = "SHIPPED"
  /// All goods have arrived.
  case delivered = "DELIVERED"
  /// Delivered, invoiced and paid. Open again when a payment was not honoured after all.
  case closed = "CLOSED"
  /// Nothing of it is left to deliver. Final.
  case cancelled = "CANCELLED"

  /// The life of an order as data. Cancelling the rest of a part-shipped order may complete it,
  /// hence the long jumps; what is lost on the way has not left, and what was not honoured is not
  /// paid, hence the steps back.
  package static let transitions: [OrderState: Set<OrderState>] = [
    .draft: [.submitted, .cancelled],
    .submitted: [.draft, .confirmed, .cancelled],
    .confirmed: [.partlyShipped, .shipped, .delivered, .closed, .cancelled],
    .partlyShipped: [.confirmed, .shipped, .delivered, .closed],
    .shipped: [.confirmed, .partlyShipped, .delivered],
    .delivered: [.closed],
    .closed: [.delivered],
    .cancelled: [],
  ]

  package func mayBecome(_ next: OrderState) -> Bool {
    Self.transitions[self, default: []].contains(next)
  }

  /// True from the confirmation until nothing can happen to the goods any more.
  package var isPromised: Bool {
    switch self {
    case .confirmed, .partlyShipped, .shipped, .delivered: true
    case .draft, .submitted, .closed, .cancelled: false
    }
  }

  /// Whether an order has come less far than in `other`: some of its goods were lost on the way, or
  /// its money was.
  func isBehind(_ other: OrderState) -> Bool {
    switch self {
    case .confirmed: other == .partlyShipped || other == .shipped
    case .partlyShipped: other == .shipped
    case .delivered: other == .closed
    case .draft, .submitted, .shipped, .closed, .cancelled: false
    }
  }

  /// Name of the event when an order gets here ("order.partly-shipped").
  var event: String {
    switch self {
    case .draft: "order.returned-to-draft"
    case .submitted: "order.submitted"
    case .confirmed: "order.confirmed"
    case .partlyShipped: "order.partly-shipped"
    case .shipped: "order.shipped"
    case .delivered: "order.delivered"
    case .closed: "order.closed"
    case .cancelled: "order.cancelled"
    }
  }

  /// What the quantities of `lines` make of an order that is now in this state. `isPaid` is only
  /// asked when everything is delivered and invoiced. Services do not hold up SHIPPED and
  /// DELIVERED, which speak of goods.
  func derived(
    from lines: [SalesOrderLine], isPaid: @autoclosure () throws -> Bool
  ) rethrows -> OrderState {
    let alive = lines.filter(\.isAlive)
    if alive.isEmpty, !lines.isEmpty { return .cancelled }
    if self == .draft || self == .submitted { return self }
    let goods = alive.filter { $0.sourcing != .service }
    let judged = goods.isEmpty ? alive : goods
    if judged.allSatisfy({ $0.undelivered == .zero }) {
      let isBilled = alive.allSatisfy { $0.undelivered == .zero && $0.invoiced == $0.delivered }
      return isBilled ? (try isPaid() ? .closed : .delivered) : .delivered
    }
    if judged.allSatisfy({ $0.open == .zero }) { return .shipped }
    return goods.contains { $0.shipped.isPositive } ? .partlyShipped : .confirmed
  }
}
