import Storage
import Values

/// How far an order has come, in the words that people use of it: where the goods stand that have
/// come the least far. It follows from facts that are stored for their own sake; nobody sets it.
package enum OrderStage: String, Hashable, Sendable, CaseIterable {
  case created = "CREATED"
  case inReview = "IN_REVIEW"
  /// Promised, and nothing of what has not left is in anybody's hands.
  case confirmed = "CONFIRMED"
  /// The workshop may begin, or has begun, with something for it.
  case inProduction = "IN_PRODUCTION"
  /// Everything that the workshop has of it waits for an inspection.
  case qualityCheck = "QUALITY_CHECK"
  /// Goods are set apart for a shipment that has not left.
  case picking = "PICKING"
  case shipped = "SHIPPED"
  /// Of each shipment that has not arrived its carrier says that it is on its way.
  case inDelivery = "IN_DELIVERY"
  case delivered = "DELIVERED"
  /// Final.
  case completed = "COMPLETED"
  /// Final.
  case cancelled = "CANCELLED"

  /// What is true of an order beside its state, as `view_order_stage_facts` tells it.
  package struct Facts: OptionSet, Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// A released work order, on whatever level, is not through.
    static let inProduction = Facts(rawValue: 1)
    /// As before, but its next step is an inspection.
    static let awaitsInspection = Facts(rawValue: 2)
    /// A shipment is prepared, picked or packed.
    static let inPicking = Facts(rawValue: 4)
    /// Some shipment has not arrived, and all such are reported as on their way.
    static let onItsWay = Facts(rawValue: 8)
  }

  /// Goods that are being made hold up those that are being packed: the customer has all of the
  /// order when the last of it comes.
  package init(_ state: OrderState, _ facts: Facts) {
    switch state {
    case .draft: self = .created
    case .submitted: self = .inReview
    case .confirmed, .partlyShipped:
      if facts.contains(.inProduction) {
        self = .inProduction
      } else if facts.contains(.awaitsInspection) {
        self = .qualityCheck
      } else {
        self = facts.contains(.inPicking) ? .picking : .confirmed
      }
    case .shipped: self = facts.contains(.onItsWay) ? .inDelivery : .shipped
    case .delivered: self = .delivered
    case .closed: self = .completed
    case .cancelled: self = .cancelled
    }
  }

  /// Nothing is left to do; of what is completed as long as its money stays.
  package var isFinal: Bool { self == .completed || self == .cancelled }

  /// The states of orders that may be in it; of one state alone where that says all.
  package var states: [OrderState] {
    switch self {
    case .created: [.draft]
    case .inReview: [.submitted]
    case .confirmed, .inProduction, .qualityCheck, .picking: [.confirmed, .partlyShipped]
    case .shipped, .inDelivery: [.shipped]
    case .delivered: [.delivered]
    case .completed: [.closed]
    case .cancelled: [.cancelled]
    }
  }

  /// The state says all.
  package var isState: Bool {
    switch self {
    case .created, .inReview, .delivered, .completed, .cancelled: true
    case .confirmed, .inProduction, .qualityCheck, .picking, .shipped, .inDelivery: false
    }
  }

  /// More than one stage is of the state: facts say which.
  static func asksFacts(_ state: OrderState) -> Bool {
    switch state {
    case .confirmed, .partlyShipped, .shipped: true
    case .draft, .submitted, .delivered, .closed, .cancelled: false
    }
  }

  /// The life of an order as data. In the hands of the house it goes to and fro: what is inspected
  /// is made again, what was packed is unpacked, of what has left a part the rest waits. The rest
  /// may also be cancelled, so that all that is left has come far at once. What is lost on the way
  /// begins anew, or is cancelled.
  package var next: Set<OrderStage> {
    switch self {
    case .created: [.inReview, .confirmed, .cancelled]
    case .inReview: [.created, .confirmed, .cancelled]
    case .confirmed, .inProduction, .qualityCheck, .picking, .shipped, .inDelivery:
      Set([
        .confirmed, .inProduction, .qualityCheck, .picking, .shipped, .inDelivery, .delivered,
        .completed, .cancelled,
      ]).subtracting([self])
    case .delivered: [.completed]
    case .completed: [.delivered]
    case .cancelled: []
    }
  }

  /// `next`, in the order of the stages.
  package var nextInOrder: [OrderStage] { Self.allCases.filter(next.contains) }

  /// For people: "in production".
  var words: String { rawValue.lowercased().replacing("_", with: " ") }
}

extension OrderStage: Bindable {}
