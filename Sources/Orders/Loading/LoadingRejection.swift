package import Values

/// What the dock refuses, in the order in which it is checked.
package enum LoadingRejection: Rejection, Hashable {
  case notALabel(field: String, given: String)
  case wrongShipment(field: String, label: String, shipment: String)
  case unknownCarton(field: String, label: String)
  /// Nobody has said in what cartons its goods come.
  case uncountedCarton(field: String, label: String)
  case alreadyLoaded(field: String, label: String)
  case notLoaded(field: String, label: String)
  case cartonsMissing(shipment: String, count: Int64, first: String)
  case duplicateSet(field: String, code: String)
  /// Something of it has left, or is set apart.
  case setStarted(field: String, code: String, line: Int)
  case setIncomplete(field: String, order: String, code: String, line: Int)
  case noPrefix(field: String)
  /// All numbers under it are given.
  case prefixUsedUp(prefix: String)
}

extension LoadingRejection {
  package var kind: RejectionKind {
    switch self {
    case .notALabel, .duplicateSet: .invalid
    case .unknownCarton: .notFound
    case .alreadyLoaded: .alreadyExists
    case .wrongShipment, .uncountedCarton, .notLoaded, .cartonsMissing, .setStarted,
      .setIncomplete, .noPrefix, .prefixUsedUp:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .notALabel: "NOT_A_LABEL"
    case .wrongShipment: "WRONG_SHIPMENT"
    case .unknownCarton: "UNKNOWN_CARTON"
    case .uncountedCarton: "UNCOUNTED_CARTON"
    case .alreadyLoaded: "ALREADY_LOADED"
    case .notLoaded: "NOT_LOADED"
    case .cartonsMissing: "CARTONS_MISSING"
    case .duplicateSet: "DUPLICATE_SET"
    case .setStarted: "SET_STARTED"
    case .setIncomplete: "SET_INCOMPLETE"
    case .noPrefix: "NO_GS1_PREFIX"
    case .prefixUsedUp: "GS1_PREFIX_USED_UP"
    }
  }

  package var message: String {
    switch self {
    case .notALabel(_, let given): "\(given) is no label of a carton"
    case .wrongShipment(_, let label, let shipment): "\(label) is no carton of \(shipment)"
    case .unknownCarton(_, let label): "There is no carton \(label)"
    case .uncountedCarton(_, let label):
      "\(label) holds goods of which nobody has said the cartons: it is not counted at the dock"
    case .alreadyLoaded(_, let label): "\(label) is on the van"
    case .notLoaded(_, let label): "\(label) is not on the van"
    case .cartonsMissing(let shipment, let count, let first):
      "\(count) cartons of \(shipment) are not on the van: \(first) is the first"
    case .duplicateSet(_, let code): "Set \(code) is given twice"
    case .setStarted(_, let code, let line):
      "Line \(line) of set \(code) is set apart or has left"
    case .setIncomplete(_, let order, let code, let line):
      "Set \(code) of \(order) leaves whole, and line \(line) of it does not"
    case .noPrefix: "The company has no prefix of the GS1 under which cartons are numbered"
    case .prefixUsedUp(let prefix): "All numbers under the prefix \(prefix) are given"
    }
  }

  package var field: String? {
    switch self {
    case .notALabel(let field, _), .wrongShipment(let field, _, _), .unknownCarton(let field, _),
      .uncountedCarton(let field, _), .alreadyLoaded(let field, _), .notLoaded(let field, _),
      .duplicateSet(let field, _), .noPrefix(let field),
      .setStarted(let field, _, _), .setIncomplete(let field, _, _, _):
      field
    case .cartonsMissing, .prefixUsedUp: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .notALabel(_, let given): [Fact("given", given)]
    case .wrongShipment(_, let label, let shipment):
      [Fact("label", label), Fact("shipment", shipment)]
    case .unknownCarton(_, let label), .uncountedCarton(_, let label),
      .alreadyLoaded(_, let label), .notLoaded(_, let label):
      [Fact("label", label)]
    case .cartonsMissing(let shipment, let count, let first):
      [Fact("shipment", shipment), Fact("missing", count), Fact("first", first)]
    case .duplicateSet(_, let code): [Fact("set", code)]
    case .setStarted(_, let code, let line): [Fact("set", code), Fact("line", line)]
    case .setIncomplete(_, let order, let code, let line):
      [Fact("order", order), Fact("set", code), Fact("line", line)]
    case .noPrefix: []
    case .prefixUsedUp(let prefix): [Fact("prefix", prefix)]
    }
  }
}
