package import Values

/// What giving goods out refuses, in the order in which it is checked.
package enum AllocationRejection: Rejection, Hashable {
  case duplicateCriterion(field: String, criterion: AllocationCriterion)
  case unknownPolicy(field: String, version: Int64)
  /// More lines want it than one command can rank.
  case tooManyDemands(sku: String, limit: Int)
  /// It would do something else now.
  case previewOutdated(sku: String)
}

extension AllocationRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateCriterion: .invalid
    case .unknownPolicy: .notFound
    case .tooManyDemands, .previewOutdated: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateCriterion: "DUPLICATE_CRITERION"
    case .unknownPolicy: "UNKNOWN_POLICY"
    case .tooManyDemands: "TOO_MANY_DEMANDS"
    case .previewOutdated: "PREVIEW_OUTDATED"
    }
  }

  package var message: String {
    switch self {
    case .duplicateCriterion(_, let criterion): "\(criterion.rawValue) is named twice"
    case .unknownPolicy(_, let version): "There is no version \(version) of the policy"
    case .tooManyDemands(let sku, let limit):
      "More than \(limit) lines of orders want \(sku); so many cannot be ranked at once"
    case .previewOutdated(let sku):
      "Giving out \(sku) anew would do something else now than was shown"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateCriterion(let field, _), .unknownPolicy(let field, _): field
    case .tooManyDemands: nil
    case .previewOutdated: "preview"
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateCriterion(_, let criterion): [Fact("criterion", criterion.rawValue)]
    case .unknownPolicy(_, let version): [Fact("version", version)]
    case .tooManyDemands(let sku, let limit): [Fact("sku", sku), Fact("limit", limit)]
    case .previewOutdated(let sku): [Fact("sku", sku)]
    }
  }
}
