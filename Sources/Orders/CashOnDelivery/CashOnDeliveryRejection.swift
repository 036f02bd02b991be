package import Values

/// What is refused of money at the door, in the order in which it is checked.
package enum CashOnDeliveryRejection: Rejection, Hashable {
  /// The shipment is not in the house any more.
  case left(field: String, shipment: String, state: ShipmentState)
  case otherCurrency(field: String, order: String, given: Currency, base: Currency)
  case notDelivered(field: String, shipment: String, state: ShipmentState)
  /// Nothing was to be paid at the door.
  case notArranged(field: String, shipment: String)
  case moreThanOwed(field: String, shipment: String, given: Money, open: Money)
  /// A carrier has collected it, and answers for it.
  case withCarrier(field: String, shipment: String)
  /// The same id, and something else than before.
  case rowDiffers(field: String, statement: String, row: String)
  case unknownRow(field: String, carrier: String, statement: String, row: String)
  /// A carrier was not to collect for it, or has not delivered it.
  case notCollected(field: String, shipment: String)
  case rowStateForbids(
    field: String, statement: String, row: String, state: Remittance.State, action: String)
  /// Somebody has asked to settle it, and nobody has decided.
  case proposed(
    field: String, statement: String, row: String, proposer: String,
    settlement: Remittance.Settlement)
  /// Nobody has asked to settle it.
  case notProposed(field: String, statement: String, row: String)
  /// Four eyes: who asked does not agree, nor who stands in for them.
  case proposerMayNotApprove(field: String, row: String, actor: String, proposer: String)
  /// What is missing or too much is not what it was when somebody asked.
  case differenceChanged(field: String, row: String, asked: Money, now: Money)
}

extension CashOnDeliveryRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownRow: .notFound
    case .rowDiffers: .alreadyExists
    case .proposerMayNotApprove: .denied
    case .left, .otherCurrency, .notDelivered, .notArranged, .moreThanOwed, .withCarrier,
      .notCollected, .rowStateForbids, .proposed, .notProposed, .differenceChanged:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .left: "COD_LEFT"
    case .otherCurrency: "COD_CURRENCY"
    case .notDelivered: "COD_NOT_DELIVERED"
    case .notArranged: "COD_NOT_ARRANGED"
    case .moreThanOwed: "COD_MORE_THAN_OWED"
    case .withCarrier: "COD_WITH_CARRIER"
    case .rowDiffers: "REMITTANCE_DIFFERS"
    case .unknownRow: "UNKNOWN_REMITTANCE"
    case .notCollected: "COD_NOT_BY_CARRIER"
    case .rowStateForbids: "REMITTANCE_STATE_FORBIDS"
    case .proposed: "REMITTANCE_PROPOSED"
    case .notProposed: "REMITTANCE_NOT_PROPOSED"
    case .proposerMayNotApprove: "PROPOSER_MAY_NOT_APPROVE"
    case .differenceChanged: "REMITTANCE_CHANGED"
    }
  }

  package var message: String {
    switch self {
    case .left(_, let shipment, let state):
      "\(shipment) is \(state.rawValue): it is too late to arrange that it is paid at the door"
    case .otherCurrency(_, let order, let given, let base):
      "\(order.isEmpty ? "The order" : order) is in \(given.code); "
        + "at the door only \(base.code) is collected"
    case .notDelivered(_, let shipment, let state):
      "\(shipment) is \(state.rawValue): nothing was collected for it at a door"
    case .notArranged(_, let shipment): "Nothing was to be paid at the door for \(shipment)"
    case .moreThanOwed(_, let shipment, let given, let open):
      "\(given) is more than the \(open) that is owed at the door for \(shipment)"
    case .withCarrier(_, let shipment):
      "A carrier collected it for \(shipment), and owes it whatever the customer gave"
    case .rowDiffers(_, let statement, let row):
      "Row \(row) of statement \(statement) was told before and said something else"
    case .unknownRow(_, let carrier, let statement, let row):
      "\(carrier)'s statement \(statement) has no row \(row)"
    case .notCollected(_, let shipment):
      "\(shipment) is not delivered, or its carrier was not to collect for it"
    case .rowStateForbids(_, let statement, let row, let state, let action):
      "Row \(row) of statement \(statement) is \(state.rawValue): cannot \(action)"
    case .proposed(_, let statement, let row, let proposer, let settlement):
      "\(proposer) has asked to \(settlement.words), row \(row) of statement \(statement): "
        + "somebody else must agree or decline first"
    case .notProposed(_, let statement, let row):
      "Nobody has asked to settle row \(row) of statement \(statement)"
    case .proposerMayNotApprove(_, let row, let actor, let proposer):
      actor == proposer
        ? "\(actor) asked to settle row \(row); somebody else must agree to it"
        : "\(actor) stands in for \(proposer), who asked to settle row \(row), and may not agree"
    case .differenceChanged(_, let row, let asked, let now):
      "\(asked) was asked for of row \(row), and it is \(now) now"
    }
  }

  package var field: String? {
    switch self {
    case .left(let field, _, _), .otherCurrency(let field, _, _, _),
      .notDelivered(let field, _, _), .notArranged(let field, _),
      .moreThanOwed(let field, _, _, _), .withCarrier(let field, _), .rowDiffers(let field, _, _),
      .unknownRow(let field, _, _, _), .notCollected(let field, _),
      .rowStateForbids(let field, _, _, _, _), .proposed(let field, _, _, _, _),
      .notProposed(let field, _, _), .proposerMayNotApprove(let field, _, _, _),
      .differenceChanged(let field, _, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .left(_, let shipment, let state), .notDelivered(_, let shipment, let state):
      [Fact("shipment", shipment), Fact("state", state.rawValue)]
    case .otherCurrency(_, let order, let given, let base):
      [Fact("order", order), Fact("given", given.code), Fact("base", base.code)]
    case .notArranged(_, let shipment), .withCarrier(_, let shipment),
      .notCollected(_, let shipment):
      [Fact("shipment", shipment)]
    case .moreThanOwed(_, let shipment, let given, let open):
      [Fact("shipment", shipment), Fact("given", given), Fact("open", open)]
    case .rowDiffers(_, let statement, let row), .notProposed(_, let statement, let row):
      [Fact("statement", statement), Fact("row", row)]
    case .unknownRow(_, let carrier, let statement, let row):
      [Fact("carrier", carrier), Fact("statement", statement), Fact("row", row)]
    case .rowStateForbids(_, let statement, let row, let state, _):
      [Fact("statement", statement), Fact("row", row), Fact("state", state.rawValue)]
    case .proposed(_, let statement, let row, let proposer, let settlement):
      [
        Fact("statement", statement), Fact("row", row), Fact("proposer", proposer),
        Fact("settlement", settlement.rawValue),
      ]
    case .proposerMayNotApprove(_, let row, let actor, let proposer):
      [Fact("row", row), Fact("actor", actor), Fact("proposer", proposer)]
    case .differenceChanged(_, let row, let asked, let now):
      [Fact("row", row), Fact("asked", asked), Fact("now", now)]
    }
  }
}
