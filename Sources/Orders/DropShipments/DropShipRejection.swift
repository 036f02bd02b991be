package import Values

/// What is refused about lines that suppliers bring straight to customers, in the order in which it
/// is checked.
package enum DropShipRejection: Rejection, Hashable {
  case unknownDropShipment(field: String, number: String)
  /// It is made for its customer, or moves nothing.
  case notFromStock(field: String, order: String, line: Int)
  case alreadyDropShipped(field: String, order: String, line: Int)
  case nothingOpen(field: String, order: String, line: Int)
  case beingShipped(field: String, order: String, line: Int, shipment: String)
  /// Its parts go to several places, and the supplier is told of one.
  case severalPlaces(field: String, order: String, line: Int)
  /// Nobody is named, and nobody is preferred.
  case noSupplier(field: String, sku: String)
  /// The supplier was asked for less.
  case cannotRaise(field: String, order: String, line: Int)
}

extension DropShipRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownDropShipment: .notFound
    case .notFromStock, .alreadyDropShipped, .nothingOpen, .beingShipped, .severalPlaces,
      .noSupplier, .cannotRaise:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownDropShipment: "UNKNOWN_DROP_SHIPMENT"
    case .notFromStock: "NOT_FROM_STOCK"
    case .alreadyDropShipped: "ALREADY_DROP_SHIPPED"
    case .nothingOpen: "NOTHING_OPEN"
    case .beingShipped: "BEING_SHIPPED"
    case .severalPlaces: "SEVERAL_PLACES"
    case .noSupplier: "NO_SUPPLIER"
    case .cannotRaise: "DROP_SHIPPED_LINE"
    }
  }

  package var message: String {
    switch self {
    case .unknownDropShipment(_, let number):
      "There is no purchase order \(number) that goes straight to a customer"
    case .notFromStock(_, let order, let line):
      "Line \(line) of \(order) is not of goods from stock"
    case .alreadyDropShipped(_, let order, let line):
      "Line \(line) of \(order) comes from a supplier already"
    case .nothingOpen(_, let order, let line): "Nothing of line \(line) of \(order) is open"
    case .beingShipped(_, let order, let line, let shipment):
      "Goods of line \(line) of \(order) are in \(shipment), which has not left"
    case .severalPlaces(_, let order, let line):
      "Parts of line \(line) of \(order) go elsewhere than the order: no supplier brings them"
    case .noSupplier(_, let sku): "No supplier is preferred for \(sku)"
    case .cannotRaise(_, let order, let line):
      "Line \(line) of \(order) comes straight from a supplier: more of it is a line of its own"
    }
  }

  package var field: String? {
    switch self {
    case .unknownDropShipment(let field, _), .notFromStock(let field, _, _),
      .alreadyDropShipped(let field, _, _), .nothingOpen(let field, _, _),
      .beingShipped(let field, _, _, _), .severalPlaces(let field, _, _), .noSupplier(let field, _),
      .cannotRaise(let field, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownDropShipment(_, let number): [Fact("number", number)]
    case .notFromStock(_, let order, let line), .alreadyDropShipped(_, let order, let line),
      .nothingOpen(_, let order, let line), .severalPlaces(_, let order, let line),
      .cannotRaise(_, let order, let line):
      [Fact("order", order), Fact("line", line)]
    case .beingShipped(_, let order, let line, let shipment):
      [Fact("order", order), Fact("line", line), Fact("shipment", shipment)]
    case .noSupplier(_, let sku): [Fact("sku", sku)]
    }
  }
}
