package import Storage
package import Values

/// Why an order is held.
package enum OrderHoldKind: String, Hashable, Sendable, CaseIterable {
  case credit = "CREDIT"
  case price = "PRICE"
  case address = "ADDRESS"
  case fraud = "FRAUD"
  case material = "MATERIAL"
  case customer = "CUSTOMER"
  /// It may be one that is there already.
  case duplicate = "DUPLICATE"
  /// It is far out of what the customer orders otherwise.
  case outlier = "OUTLIER"
  /// Something that it should say is missing or malformed.
  case data = "DATA"
  /// Somebody should know.
  case warning = "WARNING"

  /// What cannot be done while it lasts. Cancelling and taking money always can.
  package var blocked: Set<OrderAction> {
    switch self {
    case .credit: [.confirm, .startWork, .ship, .dispatch]
    case .price: [.confirm, .invoice]
    case .address: [.dispatch]
    case .fraud:
      [
        .submit, .approve, .confirm, .change, .requestChange, .approveChange, .startWork, .ship,
        .dispatch, .completeService, .invoice,
      ]
    case .material: [.confirm, .startWork]
    case .customer: [.confirm, .startWork, .ship, .dispatch, .completeService]
    case .duplicate, .outlier:
      [.confirm, .startWork, .ship, .dispatch, .completeService, .invoice]
    case .data: [.confirm, .startWork, .ship, .dispatch]
    case .warning: []
    }
  }
}

/// A hold of an order that lasts.
package struct OrderHold: Hashable, Sendable {
  package let kind: OrderHoldKind
  package let reason: String
  package let setBy: String
  package let setAt: Instant
  /// What validation found; empty where somebody set it.
  package var explanation = Explanation()

  /// Who sets those for which there are rules.
  static let validation = "validation"
}

/// Questions about holds.
package enum OrderHolds {
  /// Those that last, the oldest first.
  package static func list(of order: SalesOrder, in snapshot: Snapshot) throws -> [OrderHold] {
    try OrderHoldTable.list(of: order.id, in: snapshot)
  }
}
