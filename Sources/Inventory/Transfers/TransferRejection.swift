package import Values

/// Everything that orders between warehouses refuse beside what stock does.
package enum TransferRejection: Rejection, Hashable {
  case tooManyLines(field: String, count: Int, limit: Int)
  /// A line of the order is named twice.
  case duplicateLine(field: String, line: Int)
  /// Two lines of one order ask for the same product.
  case duplicateProduct(field: String, sku: String)
  case inThePast(field: String, given: Day)
  case unknownTransferOrder(field: String, number: String)
  case unknownLine(field: String, order: String, line: Int)
  /// Less lies on the shelf for the line than is to leave.
  case notHeld(field: String, order: String, line: Int, held: Quantity, given: Quantity)
  /// Less is on the way than is said to have come or been lost.
  case notUnderWay(field: String, order: String, line: Int, underWay: Quantity, given: Quantity)
  case nothingToDispatch(order: String)
  case nothingToReceive(order: String)
  case nothingToCancel(order: String)
}

extension TransferRejection {
  package var kind: RejectionKind {
    switch self {
    case .tooManyLines, .duplicateLine, .duplicateProduct, .inThePast: .invalid
    case .unknownTransferOrder, .unknownLine: .notFound
    case .notHeld, .notUnderWay, .nothingToDispatch, .nothingToReceive, .nothingToCancel:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .tooManyLines: "TOO_MANY_LINES"
    case .duplicateLine: "DUPLICATE_LINE"
    case .duplicateProduct: "DUPLICATE_PRODUCT"
    case .inThePast: "IN_THE_PAST"
    case .unknownTransferOrder: "UNKNOWN_TRANSFER_ORDER"
    case .unknownLine: "UNKNOWN_LINE"
    case .notHeld: "NOT_HELD"
    case .notUnderWay: "NOT_UNDER_WAY"
    case .nothingToDispatch: "NOTHING_TO_DISPATCH"
    case .nothingToReceive: "NOTHING_TO_RECEIVE"
    case .nothingToCancel: "NOTHING_TO_CANCEL"
    }
  }

  package var message: String {
    switch self {
    case .tooManyLines(_, let count, let limit): "\(count) lines; at most \(limit) are taken"
    case .duplicateLine(_, let line): "Line \(line) is named twice"
    case .duplicateProduct(_, let sku): "\(sku) is on two lines"
    case .inThePast(_, let given): "\(given) is over"
    case .unknownTransferOrder(_, let number): "There is no transfer order \(number)"
    case .unknownLine(_, let order, let line): "\(order) has no line \(line)"
    case .notHeld(_, let order, let line, let held, let given):
      "\(given) of \(order)/\(line) were to leave; \(held) lie on the shelf for it"
    case .notUnderWay(_, let order, let line, let underWay, let given):
      "\(given) of \(order)/\(line) were to come; \(underWay) are on the way"
    case .nothingToDispatch(let order): "Nothing lies on the shelf for \(order)"
    case .nothingToReceive(let order): "Nothing of \(order) is on the way"
    case .nothingToCancel(let order): "Nothing of \(order) is still to leave"
    }
  }

  package var field: String? {
    switch self {
    case .tooManyLines(let field, _, _), .duplicateLine(let field, _),
      .duplicateProduct(let field, _), .inThePast(let field, _),
      .unknownTransferOrder(let field, _), .unknownLine(let field, _, _),
      .notHeld(let field, _, _, _, _), .notUnderWay(let field, _, _, _, _):
      field
    case .nothingToDispatch, .nothingToReceive, .nothingToCancel: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .tooManyLines(_, let count, let limit): [Fact("count", count), Fact("limit", limit)]
    case .duplicateLine(_, let line): [Fact("line", line)]
    case .duplicateProduct(_, let sku): [Fact("sku", sku)]
    case .inThePast(_, let given): [Fact("given", given)]
    case .unknownTransferOrder(_, let number): [Fact("number", number)]
    case .unknownLine(_, let order, let line): [Fact("order", order), Fact("line", line)]
    case .notHeld(_, let order, let line, let held, let given):
      [Fact("order", order), Fact("line", line), Fact("held", held), Fact("given", given)]
    case .notUnderWay(_, let order, let line, let underWay, let given):
      [Fact("order", order), Fact("line", line), Fact("under_way", underWay), Fact("given", given)]
    case .nothingToDispatch(let order), .nothingToReceive(let order), .nothingToCancel(let order):
      [Fact("order", order)]
    }
  }
}
