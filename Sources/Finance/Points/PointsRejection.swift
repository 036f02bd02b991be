package import Values

/// What is refused about points, in the order in which it is checked.
package enum PointsRejection: Rejection, Hashable {
  case unknownProgramme(field: String, version: Int64)
  case duplicateClass(field: String, customerClass: String)
  case noProgramme(day: Day)
  case belowMinimum(field: String, given: Int64, minimum: Int64)
  case notThatMany(field: String, customer: String, requested: Int64, available: Int64)
  /// So few points that they pay nothing.
  case worthNothing(field: String, points: Int64)
}

extension PointsRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownProgramme: .notFound
    case .duplicateClass, .worthNothing: .invalid
    case .noProgramme, .belowMinimum, .notThatMany: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownProgramme: "UNKNOWN_POINTS_PROGRAMME"
    case .duplicateClass: "DUPLICATE_CUSTOMER_CLASS"
    case .noProgramme: "NO_POINTS_PROGRAMME"
    case .belowMinimum: "BELOW_MINIMUM_POINTS"
    case .notThatMany: "NOT_THAT_MANY_POINTS"
    case .worthNothing: "POINTS_WORTH_NOTHING"
    }
  }

  package var message: String {
    switch self {
    case .unknownProgramme(_, let version):
      version == 0
        ? "There is no points programme" : "There is no points programme of version \(version)"
    case .duplicateClass(_, let customerClass): "Class \(customerClass) is given twice"
    case .noProgramme(let day): "There is no points programme on \(day)"
    case .belowMinimum(_, let given, let minimum):
      "\(given) points are fewer than must be used at once, \(minimum)"
    case .notThatMany(_, let customer, let requested, let available):
      "\(customer) has \(available) points to use; \(requested) were asked for"
    case .worthNothing(_, let points): "\(points) points pay nothing"
    }
  }

  package var field: String? {
    switch self {
    case .unknownProgramme(let field, _), .duplicateClass(let field, _),
      .belowMinimum(let field, _, _), .notThatMany(let field, _, _, _), .worthNothing(let field, _):
      field
    case .noProgramme: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownProgramme(_, let version): [Fact("version", version)]
    case .duplicateClass(_, let customerClass): [Fact("customer_class", customerClass)]
    case .noProgramme(let day): [Fact("day", day)]
    case .belowMinimum(_, let given, let minimum):
      [Fact("given", given), Fact("minimum", minimum)]
    case .notThatMany(_, let customer, let requested, let available):
      [
        Fact("customer", customer), Fact("requested", requested), Fact("available", available),
      ]
    case .worthNothing(_, let points): [Fact("points", points)]
    }
  }
}
