package import Values

/// What pre-orders refuse beyond the order itself, in the order in which it is checked.
package enum PreorderRejection: Rejection, Hashable {
  /// What is made for its customer waits for nobody, and a service for nothing.
  case notStocked(field: String, sku: String)
  case limitBelowTaken(field: String, sku: String, limit: Quantity, taken: Quantity)
  /// Who pre-orders waits.
  case mayNotRefuse(field: String)
  case noPreorder(field: String, order: String)
  case noPresale(field: String, sku: String)
  case notOpen(field: String, sku: String, opensOn: Day, closesOn: Day, today: Day)
  case soldOut(field: String, sku: String, requested: Quantity, left: Quantity)
  case customerLimit(
    field: String, sku: String, customer: String, requested: Quantity, left: Quantity)
  /// A plain order of what is not there before its day.
  case presaleOnly(field: String, sku: String, releasesOn: Day)
  case depositMissing(order: String, deposit: Money, received: Money)
  case notReleased(field: String, order: String, line: Int, releasesOn: Day)
}

extension PreorderRejection {
  package var kind: RejectionKind {
    switch self {
    case .mayNotRefuse: .invalid
    case .noPreorder: .notFound
    case .notStocked, .limitBelowTaken, .noPresale, .notOpen, .soldOut, .customerLimit,
      .presaleOnly, .depositMissing, .notReleased:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .notStocked: "NOT_STOCKED"
    case .limitBelowTaken: "LIMIT_BELOW_TAKEN"
    case .mayNotRefuse: "PREORDERS_WAIT"
    case .noPreorder: "NO_PREORDER"
    case .noPresale: "NO_PRESALE"
    case .notOpen: "PRESALE_NOT_OPEN"
    case .soldOut: "PRESALE_SOLD_OUT"
    case .customerLimit: "PRESALE_CUSTOMER_LIMIT"
    case .presaleOnly: "PREORDER_ONLY"
    case .depositMissing: "DEPOSIT_MISSING"
    case .notReleased: "NOT_RELEASED"
    }
  }

  package var message: String {
    switch self {
    case .notStocked(_, let sku): "\(sku) is not kept in stock, and nobody can queue for it"
    case .limitBelowTaken(_, let sku, let limit, let taken):
      "\(taken) of \(sku) are pre-ordered already, which is more than \(limit)"
    case .mayNotRefuse: "A pre-order waits for its goods"
    case .noPreorder(_, let order): "\(order) is no pre-order"
    case .noPresale(_, let sku): "\(sku) is not sold before it is there"
    case .notOpen(_, let sku, let opensOn, let closesOn, let today):
      "\(sku) can be pre-ordered from \(opensOn) to \(closesOn), not on \(today)"
    case .soldOut(_, let sku, let requested, let left):
      "Of \(sku) \(left) can still be pre-ordered; \(requested) were asked for"
    case .customerLimit(_, let sku, let customer, let requested, let left):
      "\(customer) may pre-order \(left) of \(sku); \(requested) were asked for"
    case .presaleOnly(_, let sku, let releasesOn):
      "\(sku) can only be pre-ordered before \(releasesOn)"
    case .depositMissing(let order, let deposit, let received):
      "The deposit of \(deposit) for \(order) is not here: \(received) was received"
    case .notReleased(_, let order, let line, let releasesOn):
      "Line \(line) of \(order) does not leave before \(releasesOn)"
    }
  }

  package var field: String? {
    switch self {
    case .notStocked(let field, _), .limitBelowTaken(let field, _, _, _),
      .mayNotRefuse(let field), .noPreorder(let field, _), .noPresale(let field, _),
      .notOpen(let field, _, _, _, _), .soldOut(let field, _, _, _),
      .customerLimit(let field, _, _, _, _), .presaleOnly(let field, _, _),
      .notReleased(let field, _, _, _):
      field
    case .depositMissing: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .mayNotRefuse: []
    case .notStocked(_, let sku), .noPresale(_, let sku): [Fact("sku", sku)]
    case .limitBelowTaken(_, let sku, let limit, let taken):
      [Fact("sku", sku), Fact("limit", limit), Fact("taken", taken)]
    case .noPreorder(_, let order): [Fact("order", order)]
    case .notOpen(_, let sku, let opensOn, let closesOn, _):
      [Fact("sku", sku), Fact("opens_on", opensOn), Fact("closes_on", closesOn)]
    case .soldOut(_, let sku, let requested, let left):
      [Fact("sku", sku), Fact("requested", requested), Fact("left", left)]
    case .customerLimit(_, let sku, let customer, let requested, let left):
      [
        Fact("sku", sku), Fact("customer", customer), Fact("requested", requested),
        Fact("left", left),
      ]
    case .presaleOnly(_, let sku, let releasesOn):
      [Fact("sku", sku), Fact("releases_on", releasesOn)]
    case .depositMissing(let order, let deposit, let received):
      [Fact("order", order), Fact("deposit_required", deposit), Fact("received", received)]
    case .notReleased(_, let order, let line, let releasesOn):
      [Fact("order", order), Fact("line", line), Fact("releases_on", releasesOn)]
    }
  }
}
