package import Values

/// What claims on carriers refuse beyond the shipment itself, in the order in which it is checked.
package enum CarrierClaimRejection: Rejection, Hashable {
  case unknownClaim(field: String, claim: String)
  case stateForbids(field: String, claim: String, state: CarrierClaim.State, action: String)
  case moreThanClaimed(field: String, claim: String, given: Money, claimed: Money)
  /// A piece that stood in a showroom cannot be brought a second time.
  case pieceLost(field: String, shipment: String, order: String)
  /// Nothing can be promised in its place until somebody has agreed.
  case pieceNeedsApproval(field: String, shipment: String, role: String)
  case notLost(field: String, shipment: String, state: ShipmentState)
  /// The customer has got others in the place of what was lost, or wants none any more.
  case notOpen(field: String, shipment: String, line: Int, open: Quantity, quantity: Quantity)
}

extension CarrierClaimRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownClaim: .notFound
    case .stateForbids, .moreThanClaimed, .pieceLost, .pieceNeedsApproval, .notLost, .notOpen:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownClaim: "UNKNOWN_CLAIM"
    case .stateForbids: "CLAIM_STATE_FORBIDS"
    case .moreThanClaimed: "MORE_THAN_CLAIMED"
    case .pieceLost: "PIECE_LOST"
    case .pieceNeedsApproval: "PIECE_NEEDS_APPROVAL"
    case .notLost: "NOT_LOST"
    case .notOpen: "NOT_OPEN_ANY_MORE"
    }
  }

  package var message: String {
    switch self {
    case .unknownClaim(_, let claim): "There is no claim \(claim)"
    case .stateForbids(_, let claim, let state, let action):
      "\(claim) is \(state.rawValue): cannot \(action) it"
    case .moreThanClaimed(_, let claim, let given, let claimed):
      "\(given) is more than the \(claimed) that \(claim) is about"
    case .pieceLost(_, let shipment, let order):
      "\(shipment) of \(order) has a piece of a showroom, of which there is no other"
    case .pieceNeedsApproval(_, let shipment, let role):
      "\(shipment) has a piece of a showroom: only who needs no leave of \(role) cancels it"
    case .notLost(_, let shipment, let state):
      state == .lost
        ? "The goods of \(shipment) have come back already"
        : "\(shipment) is \(state.rawValue), and was not given up as lost"
    case .notOpen(_, let shipment, let line, let open, let quantity):
      "\(shipment) has \(quantity) of line \(line), of which \(open) are still to be brought"
    }
  }

  package var field: String? {
    switch self {
    case .unknownClaim(let field, _), .stateForbids(let field, _, _, _),
      .moreThanClaimed(let field, _, _, _), .pieceLost(let field, _, _),
      .pieceNeedsApproval(let field, _, _), .notLost(let field, _, _),
      .notOpen(let field, _, _, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownClaim(_, let claim): [Fact("claim", claim)]
    case .stateForbids(_, let claim, let state, _):
      [Fact("claim", claim), Fact("state", state.rawValue)]
    case .moreThanClaimed(_, let claim, let given, let claimed):
      [Fact("claim", claim), Fact("given", given), Fact("claimed", claimed)]
    case .pieceLost(_, let shipment, let order):
      [Fact("shipment", shipment), Fact("order", order)]
    case .pieceNeedsApproval(_, let shipment, let role):
      [Fact("shipment", shipment), Fact("role", role)]
    case .notLost(_, let shipment, let state):
      [Fact("shipment", shipment), Fact("state", state.rawValue)]
    case .notOpen(_, let shipment, let line, let open, let quantity):
      [
        Fact("shipment", shipment), Fact("line", line), Fact("open", open),
        Fact("quantity", quantity),
      ]
    }
  }
}
