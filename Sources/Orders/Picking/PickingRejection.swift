package import Values

/// What picking refuses, in the order in which it is checked.
package enum PickingRejection: Rejection, Hashable {
  /// The line is not in the shipment.
  case notInShipment(field: String, shipment: String, line: Int)
  /// As much was found as was asked for.
  case notShort(field: String, shipment: String, line: Int, asked: Quantity, found: Quantity)
  case unknownShortPick(field: String, shipment: String, line: Int)
  /// Somebody has looked into it.
  case shortPickClosed(field: String, shipment: String, line: Int, by: String)
  case unknownWave(field: String, warehouse: String, wave: Int64)
}

extension PickingRejection {
  package var kind: RejectionKind {
    switch self {
    case .notShort: .invalid
    case .notInShipment, .unknownShortPick, .unknownWave: .notFound
    case .shortPickClosed: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .notInShipment: "NOT_IN_SHIPMENT"
    case .notShort: "NOT_SHORT"
    case .unknownShortPick: "UNKNOWN_SHORT_PICK"
    case .shortPickClosed: "SHORT_PICK_CLOSED"
    case .unknownWave: "UNKNOWN_WAVE"
    }
  }

  package var message: String {
    switch self {
    case .notInShipment(_, let shipment, let line): "\(shipment) has nothing of line \(line)"
    case .notShort(_, let shipment, let line, let asked, let found):
      "\(found) is not less than the \(asked) of line \(line) in \(shipment)"
    case .unknownShortPick(_, let shipment, let line):
      "Nothing of line \(line) was missing for \(shipment)"
    case .shortPickClosed(_, let shipment, let line, let actor):
      "\(actor) has looked into what was missing of line \(line) for \(shipment)"
    case .unknownWave(_, let warehouse, let wave): "\(warehouse) has no wave \(wave)"
    }
  }

  package var field: String? {
    switch self {
    case .notInShipment(let field, _, _), .notShort(let field, _, _, _, _),
      .unknownShortPick(let field, _, _), .shortPickClosed(let field, _, _, _),
      .unknownWave(let field, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .notInShipment(_, let shipment, let line), .unknownShortPick(_, let shipment, let line):
      [Fact("shipment", shipment), Fact("line", line)]
    case .notShort(_, let shipment, let line, let asked, let found):
      [
        Fact("shipment", shipment), Fact("line", line), Fact("asked", asked),
        Fact("found", found),
      ]
    case .shortPickClosed(_, let shipment, let line, let actor):
      [Fact("shipment", shipment), Fact("line", line), Fact("actor", actor)]
    case .unknownWave(_, let warehouse, let wave):
      [Fact("warehouse", warehouse), Fact("wave", wave)]
    }
  }
}
