package import Values

/// What is refused about showroom pieces, in the order in which it is checked.
package enum ShowroomRejection: Rejection, Hashable {
  case orderOfMore(field: String, piece: String)
  case unknownPiece(field: String, number: String)
  /// It is not stocked, or not counted in pieces.
  case notAPiece(field: String, sku: String)
  case stateForbids(piece: String, state: PieceState, action: String)
  case lentToAnother(field: String, piece: String)
  case needsApproval(piece: String, role: String)
  /// A rule or a hold would stop its order.
  case notConfirmed(piece: String)
  /// The line is for this piece and no other.
  case onePiece(field: String, order: String, line: Int)
  /// Before a customer can be forgotten.
  case stillLent(customer: String, count: Int64)
}

extension ShowroomRejection {
  package var kind: RejectionKind {
    switch self {
    case .orderOfMore: .invalid
    case .unknownPiece: .notFound
    case .notAPiece, .stateForbids, .lentToAnother, .needsApproval, .notConfirmed, .onePiece,
      .stillLent:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .orderOfMore: "ORDER_OF_MORE"
    case .unknownPiece: "UNKNOWN_PIECE"
    case .notAPiece: "NOT_A_PIECE"
    case .stateForbids: "PIECE_STATE_FORBIDS"
    case .lentToAnother: "LENT_TO_ANOTHER"
    case .needsApproval: "NEEDS_APPROVAL"
    case .notConfirmed: "PIECE_ORDER_STOPPED"
    case .onePiece: "ONE_PIECE"
    case .stillLent: "PIECES_LENT"
    }
  }

  package var message: String {
    switch self {
    case .orderOfMore(_, let piece):
      "The order of \(piece) has no other lines, no blanket order and no other warehouse"
    case .unknownPiece(_, let number): "There is no showroom piece \(number)"
    case .notAPiece(_, let sku): "\(sku) is not kept in stock by the piece"
    case .stateForbids(let piece, let state, let action):
      "\(piece) is \(state.rawValue): cannot \(action) it"
    case .lentToAnother(_, let piece): "\(piece) is with another customer"
    case .needsApproval(let piece, let role): "Only \(role) can sell \(piece) at its discount"
    case .notConfirmed(let piece):
      "An order of \(piece) would be stopped, and the piece be nobody's"
    case .onePiece(_, let order, let line):
      "Line \(line) of \(order) is for one showroom piece: it can only be taken out"
    case .stillLent(let customer, let count): "\(customer) has \(count) showroom pieces"
    }
  }

  package var field: String? {
    switch self {
    case .orderOfMore(let field, _), .unknownPiece(let field, _), .notAPiece(let field, _),
      .lentToAnother(let field, _), .onePiece(let field, _, _):
      field
    case .stateForbids, .needsApproval, .notConfirmed, .stillLent: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .orderOfMore(_, let piece), .lentToAnother(_, let piece), .notConfirmed(let piece):
      [Fact("piece", piece)]
    case .unknownPiece(_, let number): [Fact("number", number)]
    case .notAPiece(_, let sku): [Fact("sku", sku)]
    case .stateForbids(let piece, let state, _):
      [Fact("piece", piece), Fact("state", state.rawValue)]
    case .needsApproval(let piece, let role): [Fact("piece", piece), Fact("role", role)]
    case .onePiece(_, let order, let line): [Fact("order", order), Fact("line", line)]
    case .stillLent(let customer, let count): [Fact("customer", customer), Fact("count", count)]
    }
  }
}
