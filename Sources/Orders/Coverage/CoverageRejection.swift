package import Values

/// What is refused because nobody goes there, in the order in which it is checked.
package enum CoverageRejection: Rejection, Hashable {
  case unknownVersion(field: String, version: Int64)
  case duplicateRow(field: String, zone: String, carrier: String)
  case zoneNotServed(field: String, zone: String, day: Day, pickUps: [String])
  case carrierNotServing(field: String, carrier: String, zone: String, others: [String])
}

extension CoverageRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownVersion: .notFound
    case .duplicateRow: .invalid
    case .zoneNotServed, .carrierNotServing: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownVersion: "UNKNOWN_COVERAGE"
    case .duplicateRow: "DUPLICATE_COVERAGE"
    case .zoneNotServed: "ZONE_NOT_SERVED"
    case .carrierNotServing: "CARRIER_NOT_SERVING"
    }
  }

  package var message: String {
    switch self {
    case .unknownVersion(_, let version): "There is no coverage of version \(version)"
    case .duplicateRow(_, let zone, let carrier): "\(carrier) is given twice for zone \(zone)"
    case .zoneNotServed(_, let zone, let day, let pickUps):
      "No carrier serves zone \(zone) on \(day)"
        + (pickUps.isEmpty
          ? "" : "; it can be fetched from \(pickUps.joined(separator: ", "))")
    case .carrierNotServing(_, let carrier, let zone, let others):
      "\(carrier) does not serve zone \(zone)"
        + (others.isEmpty ? "" : "; others do: \(others.joined(separator: ", "))")
    }
  }

  package var field: String? {
    switch self {
    case .unknownVersion(let field, _), .duplicateRow(let field, _, _),
      .zoneNotServed(let field, _, _, _), .carrierNotServing(let field, _, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownVersion(_, let version): [Fact("version", version)]
    case .duplicateRow(_, let zone, let carrier): [Fact("zone", zone), Fact("carrier", carrier)]
    case .zoneNotServed(_, let zone, let day, let pickUps):
      [
        Fact("zone", zone), Fact("day", day), Fact("pick_up", pickUps.joined(separator: ", ")),
      ]
    case .carrierNotServing(_, let carrier, let zone, let others):
      [
        Fact("carrier", carrier), Fact("zone", zone),
        Fact("carriers", others.joined(separator: ", ")),
      ]
    }
  }
}
