package import Values

/// What complaints and answers about deliveries refuse, in the order in which it is checked.
package enum ComplaintRejection: Rejection, Hashable {
  case duplicateSeverity(field: String, severity: ComplaintSeverity)
  case unknownComplaint(field: String, number: String)
  case stateForbids(number: String, state: ComplaintState, action: String)
  case paused(number: String, until: Instant)
  case notPaused(number: String)
  /// Of another customer, or of a kind that resolves nothing.
  case foreignDocument(field: String, number: String, document: String)
  /// Nobody can say how a delivery was that has not arrived.
  case notDelivered(field: String, shipment: String, state: ShipmentState)
  /// Once for each delivery.
  case alreadyAnswered(field: String, shipment: String)
  /// What must be done with a customer's complaints before it can be forgotten.
  case stillOpen(customer: String, count: Int64)
}

extension ComplaintRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateSeverity: .invalid
    case .unknownComplaint: .notFound
    case .alreadyAnswered: .alreadyExists
    case .stateForbids, .paused, .notPaused, .foreignDocument, .notDelivered, .stillOpen:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateSeverity: "DUPLICATE_SEVERITY"
    case .unknownComplaint: "UNKNOWN_COMPLAINT"
    case .stateForbids: "COMPLAINT_STATE_FORBIDS"
    case .paused: "COMPLAINT_PAUSED"
    case .notPaused: "COMPLAINT_NOT_PAUSED"
    case .foreignDocument: "FOREIGN_DOCUMENT"
    case .notDelivered: "NOT_DELIVERED"
    case .alreadyAnswered: "ALREADY_ANSWERED"
    case .stillOpen: "COMPLAINTS_OPEN"
    }
  }

  package var message: String {
    switch self {
    case .duplicateSeverity(_, let severity): "\(severity.rawValue) is named twice"
    case .unknownComplaint(_, let number): "There is no complaint \(number)"
    case .stateForbids(let number, let state, let action):
      "\(number) is \(state.rawValue): cannot \(action)"
    case .paused(let number, let until): "The clock of \(number) stands still until \(until)"
    case .notPaused(let number): "The clock of \(number) does not stand still"
    case .foreignDocument(_, let number, let document):
      "\(document) is nothing by which \(number) could be resolved"
    case .notDelivered(_, let shipment, let state):
      "\(shipment) is \(state.rawValue): it has not arrived"
    case .alreadyAnswered(_, let shipment): "The customer has answered about \(shipment) already"
    case .stillOpen(let customer, let count): "\(count) complaints of \(customer) are not resolved"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateSeverity(let field, _), .unknownComplaint(let field, _),
      .foreignDocument(let field, _, _), .notDelivered(let field, _, _),
      .alreadyAnswered(let field, _):
      field
    case .stateForbids, .paused, .notPaused, .stillOpen: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateSeverity(_, let severity): [Fact("severity", severity.rawValue)]
    case .unknownComplaint(_, let number): [Fact("number", number)]
    case .stateForbids(let number, let state, _):
      [Fact("complaint", number), Fact("state", state.rawValue)]
    case .paused(let number, let until): [Fact("complaint", number), Fact("until", until)]
    case .notPaused(let number): [Fact("complaint", number)]
    case .foreignDocument(_, let number, let document):
      [Fact("complaint", number), Fact("document", document)]
    case .notDelivered(_, let shipment, let state):
      [Fact("shipment", shipment), Fact("state", state.rawValue)]
    case .alreadyAnswered(_, let shipment): [Fact("shipment", shipment)]
    case .stillOpen(let customer, let count): [Fact("customer", customer), Fact("count", count)]
    }
  }
}
