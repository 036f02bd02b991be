package import Values

/// What is refused because nobody has said what it costs to bring goods somewhere.
package enum ChargeRejection: Rejection, Hashable {
  /// The charge goes by the zone, and none of its rules is for this one; empty for no zone.
  case hasNoZone(field: String, charge: String, zone: String, zones: [String])
}

extension ChargeRejection {
  package var kind: RejectionKind { .precondition }

  package var reason: String { "CHARGE_HAS_NO_ZONE" }

  package var message: String {
    switch self {
    case .hasNoZone(_, let charge, let zone, let zones):
      "\(charge) goes by the delivery zone, and nothing is said of "
        + (zone.isEmpty ? "goods that go to none" : zone)
        + "; there are \(zones.joined(separator: ", "))"
    }
  }

  package var field: String? {
    switch self {
    case .hasNoZone(let field, _, _, _): field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .hasNoZone(_, let charge, let zone, let zones):
      [
        Fact("charge", charge), Fact("zone", zone),
        Fact("zones", zones.joined(separator: ", ")),
      ]
    }
  }
}
