import Production
package import Storage
import Values

/// How far an order has come, as far as changing it goes.
package enum ChangeStage: String, Hashable, Sendable, CaseIterable {
  case draft = "DRAFT"
  case submitted = "SUBMITTED"
  /// Promised, and nobody has touched anything for it.
  case confirmed = "CONFIRMED"
  /// The workshop has begun, or goods are set apart.
  case begun = "BEGUN"
  /// Something has left.
  case partlyShipped = "PARTLY_SHIPPED"
  /// Something is billed: what was billed stays what it was.
  case invoiced = "INVOICED"
  /// All goods have left, and something is still to be invoiced.
  case shipped = "SHIPPED"
  /// All has left and is invoiced, or nothing is left of it.
  case through = "THROUGH"

  package init(of order: SalesOrder, in snapshot: Snapshot) throws {
    switch order.state {
    case .draft: self = .draft
    case .submitted: self = .submitted
    case .shipped, .delivered: self = order.isWhollyInvoiced ? .through : .shipped
    case .closed, .cancelled: self = .through
    case .confirmed, .partlyShipped:
      if order.lines.contains(where: \.invoiced.isPositive) {
        self = .invoiced
      } else if order.lines.contains(where: \.shipped.isPositive) {
        self = .partlyShipped
      } else if try Self.isBegun(order, in: snapshot) {
        self = .begun
      } else {
        self = .confirmed
      }
    }
  }

  private static func isBegun(_ order: SalesOrder, in snapshot: Snapshot) throws -> Bool {
    try WorkOrders.ofOrigin(order.reference, in: snapshot).contains {
      !$0.state.canBecome(.cancelled) && $0.state != .cancelled
    } || Shipments.ofOrder(order, in: snapshot).contains(where: \.state.isOpen)
  }

  var words: String { rawValue.lowercased().replacing("_", with: " ") }
}

/// What can be changed about an order.
package enum ChangeKind: String, Hashable, Sendable, CaseIterable {
  case addLine = "ADD_LINE"
  case removeLine = "REMOVE_LINE"
  case raiseQuantity = "RAISE_QUANTITY"
  case lowerQuantity = "LOWER_QUANTITY"
  case discount = "DISCOUNT"
  case delivery = "DELIVERY"
  case day = "DAY"
  case prices = "PRICES"
  case gift = "GIFT"
  case packing = "PACKING"
  case invoice = "INVOICE"
  case deliveryRemarks = "DELIVERY_REMARKS"
  case configuration = "CONFIGURATION"

  var words: String {
    switch self {
    case .addLine: "add a line"
    case .removeLine: "take a line out"
    case .raiseQuantity: "order more of a line"
    case .lowerQuantity: "order less of a line"
    case .discount: "change a discount"
    case .delivery: "change the delivery"
    case .day: "change the day"
    case .prices: "price it anew"
    case .gift: "make it a gift, or no gift"
    case .packing: "change the packing"
    case .invoice: "ask for another invoice"
    case .deliveryRemarks: "change the remarks for the delivery"
    case .configuration: "choose otherwise what is made"
    }
  }
}

/// Who may change what as far as an order has come: stage × change × role. What is not in it,
/// nobody may. That a change costs more or gives more away is for the approval rules beside.
package enum ChangeMatrix {
  package enum Right: Hashable, Sendable {
    /// Whoever may change orders at all.
    case everybody
    case role(String)
  }

  private static let manager = Right.role("SALES_MANAGER")

  package static let rights: [ChangeStage: [ChangeKind: Right]] = [
    .draft: Dictionary(uniqueKeysWithValues: ChangeKind.allCases.map { ($0, .everybody) }),
    .submitted: Dictionary(uniqueKeysWithValues: ChangeKind.allCases.map { ($0, .everybody) }),
    .confirmed: [
      .addLine: .everybody, .removeLine: .everybody, .raiseQuantity: .everybody,
      .lowerQuantity: .everybody, .discount: .everybody, .delivery: .everybody,
      .day: .everybody, .prices: manager, .gift: .everybody, .packing: .everybody,
      .invoice: .everybody, .deliveryRemarks: .everybody, .configuration: .everybody,
    ],
    .begun: [
      .addLine: .everybody, .removeLine: manager, .raiseQuantity: .everybody,
      .lowerQuantity: manager, .discount: manager, .delivery: .everybody, .day: .everybody,
      .prices: manager, .gift: .everybody, .packing: .everybody, .invoice: .everybody,
      .deliveryRemarks: .everybody, .configuration: manager,
    ],
    .partlyShipped: [
      .addLine: .everybody, .removeLine: manager, .raiseQuantity: .everybody,
      .lowerQuantity: manager, .discount: manager, .delivery: manager, .day: .everybody,
      .gift: manager, .packing: manager, .invoice: .everybody, .deliveryRemarks: .everybody,
      .configuration: manager,
    ],
    // An invoice keeps what was asked for when it was issued; what comes is for the next one.
    .invoiced: [
      .day: .everybody, .gift: manager, .packing: manager, .invoice: manager,
      .deliveryRemarks: .everybody,
    ],
    // The goods are away: what is left to say is what the papers call the buyer.
    .shipped: [.invoice: .everybody],
    .through: [:],
  ]

  package static func right(_ kind: ChangeKind, at stage: ChangeStage) -> Right? {
    rights[stage]?[kind]
  }

  /// Nil when somebody with `roles` may; nil roles are those of all who can be asked.
  static func refusal(
    _ kind: ChangeKind, of order: SalesOrder, at stage: ChangeStage, roles: Set<String>?,
    field: String
  ) -> ChangeRejection? {
    switch right(kind, at: stage) {
    case .everybody: nil
    case .role(let role) where roles?.contains(role) ?? true: nil
    case .role(let role):
      .changeTakesRole(field: field, order: order.number, stage: stage, kind: kind, role: role)
    case nil: .changeForbidden(field: field, order: order.number, stage: stage, kind: kind)
    }
  }
}

extension SalesOrder {
  /// Something was invoiced, and nothing is left to be.
  var isWhollyInvoiced: Bool {
    let alive = lines.filter(\.isAlive)
    return alive.allSatisfy { $0.invoiced >= $0.wanted }
  }
}
