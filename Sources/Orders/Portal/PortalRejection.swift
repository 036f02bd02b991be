package import Values

/// What links to orders refuse, in the order in which it is checked.
package enum PortalRejection: Rejection, Hashable {
  /// Unknown, expired or revoked: strangers are not told which.
  case linkRefused
  case unknownLink(field: String, order: String, link: String)
  case tooManyLinks(field: String, order: String, limit: Int)
}

extension PortalRejection {
  package var kind: RejectionKind {
    switch self {
    case .linkRefused: .unauthenticated
    case .unknownLink: .notFound
    case .tooManyLinks: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .linkRefused: "LINK_REFUSED"
    case .unknownLink: "UNKNOWN_LINK"
    case .tooManyLinks: "TOO_MANY_LINKS"
    }
  }

  package var message: String {
    switch self {
    case .linkRefused: "The link opens nothing, or nothing any more"
    case .unknownLink(_, let order, let link): "There is no link \(link) to \(order)"
    case .tooManyLinks(_, let order, let limit): "\(limit) links to \(order) are open"
    }
  }

  package var field: String? {
    switch self {
    case .linkRefused: nil
    case .unknownLink(let field, _, _), .tooManyLinks(let field, _, _): field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .linkRefused: []
    case .unknownLink(_, let order, let link): [Fact("order", order), Fact("link", link)]
    case .tooManyLinks(_, let order, let limit): [Fact("order", order), Fact("limit", limit)]
    }
  }
}
