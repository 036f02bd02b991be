package import Values

/// What returns refuse beyond the order itself, in the order in which it is checked.
package enum ReturnRejection: Rejection, Hashable {
  case duplicateReason(field: String, code: String)
  /// Only goods come back.
  case servicesStay(field: String)
  case unknownReason(field: String, code: String)
  case unknownPolicy(field: String, version: Int64)
  case unknownReturn(field: String, number: String)
  case unknownExchange(field: String, number: String)
  /// The return has no such line.
  case unknownLine(field: String, number: String, line: Int)
  /// The policy of the order forbids it, or says nothing about it.
  case notReturnable(field: String, order: String, line: Int, why: String)
  /// Nothing of the line has left, so that nothing can be made again for it.
  case notLeft(field: String, order: String, line: Int)
  /// All that has left of the line has come back, or is to.
  case cameBack(field: String, order: String, line: Int)
  /// No delivery had a piece with that serial number.
  case unknownSerial(field: String, serial: String)
  /// No return, remake, repair or complaint has that number.
  case unknownDefect(field: String, document: String)
  /// The customer just does not want it.
  case noDefect(field: String, document: String)
  case stateForbids(number: String, state: ReturnState, action: String)
  /// Four eyes: whoever asked for it, and who stands in for them.
  case requesterMayNotDecide(number: String, actor: String, requester: String)
  case roleMissing(number: String, role: String)
  /// What was never charged cannot be credited.
  case notInvoiced(number: String, order: String, Int)
  /// What must be done with a customer's returns before it can be forgotten.
  case stillOpen(customer: String, count: Int64)
}

extension ReturnRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateReason, .servicesStay: .invalid
    case .unknownReason, .unknownPolicy, .unknownReturn, .unknownExchange, .unknownLine,
      .unknownDefect, .unknownSerial:
      .notFound
    case .requesterMayNotDecide, .roleMissing: .denied
    case .notReturnable, .notLeft, .cameBack, .noDefect, .stateForbids, .notInvoiced, .stillOpen:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateReason: "DUPLICATE_REASON"
    case .servicesStay: "SERVICES_STAY"
    case .unknownReason: "UNKNOWN_REASON"
    case .unknownPolicy: "UNKNOWN_POLICY"
    case .unknownReturn: "UNKNOWN_RETURN"
    case .unknownExchange: "UNKNOWN_EXCHANGE"
    case .unknownLine: "UNKNOWN_LINE"
    case .notReturnable: "NOT_RETURNABLE"
    case .notLeft: "NOT_LEFT"
    case .cameBack: "ALL_CAME_BACK"
    case .unknownSerial: "UNKNOWN_SERIAL"
    case .unknownDefect: "UNKNOWN_DEFECT"
    case .noDefect: "NO_DEFECT"
    case .stateForbids: "RETURN_STATE_FORBIDS"
    case .requesterMayNotDecide: "REQUESTER_MAY_NOT_DECIDE"
    case .roleMissing: "ROLE_MISSING"
    case .notInvoiced: "NOT_INVOICED"
    case .stillOpen: "RETURNS_OPEN"
    }
  }

  package var message: String {
    switch self {
    case .duplicateReason(_, let code): "\(code) is named twice"
    case .servicesStay: "A service cannot be given back"
    case .unknownReason(_, let code): "There is no reason \(code) to give goods back"
    case .unknownPolicy(_, let version): "There is no version \(version) of the policy"
    case .unknownReturn(_, let number): "There is no return \(number)"
    case .unknownExchange(_, let number): "There is no exchange \(number)"
    case .unknownLine(_, let number, let line): "Return \(number) has no line \(line)"
    case .notReturnable(_, let order, let line, let why):
      "Line \(line) of \(order) cannot be given back: \(why)"
    case .notLeft(_, let order, let line): "Nothing of line \(line) of \(order) has left yet"
    case .cameBack(_, let order, let line):
      "All that has left of line \(line) of \(order) has come back, or is to"
    case .unknownSerial(_, let serial): "No delivery had a piece with the number \(serial)"
    case .unknownDefect(_, let document):
      "There is no return, remake, repair or complaint \(document)"
    case .noDefect(_, let document): "\(document) is for what its customer wished, no defect"
    case .stateForbids(let number, let state, let action):
      "\(number) is \(state.rawValue): cannot \(action)"
    case .requesterMayNotDecide(let number, let actor, let requester):
      actor == requester
        ? "\(actor) asked for \(number); somebody else must decide about it"
        : "\(actor) stands in for \(requester), who asked for \(number), and may not decide"
    case .roleMissing(let number, let role): "\(number) is decided by the role \(role)"
    case .notInvoiced(let number, let order, let line):
      "What \(number) gives back of line \(line) of \(order) is not invoiced yet"
    case .stillOpen(let customer, let count):
      "\(count) returns of \(customer) are not at their end"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateReason(let field, _), .servicesStay(let field), .unknownReason(let field, _),
      .unknownPolicy(let field, _), .unknownReturn(let field, _), .unknownExchange(let field, _),
      .unknownLine(let field, _, _), .notReturnable(let field, _, _, _), .notLeft(let field, _, _),
      .cameBack(let field, _, _), .unknownSerial(let field, _), .unknownDefect(let field, _),
      .noDefect(let field, _):
      field
    case .stateForbids, .requesterMayNotDecide, .roleMissing, .notInvoiced, .stillOpen: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateReason(_, let code), .unknownReason(_, let code): [Fact("code", code)]
    case .servicesStay: []
    case .unknownPolicy(_, let version): [Fact("version", version)]
    case .unknownReturn(_, let number), .unknownExchange(_, let number): [Fact("number", number)]
    case .unknownLine(_, let number, let line): [Fact("return", number), Fact("line", line)]
    case .notReturnable(_, let order, let line, let why):
      [Fact("order", order), Fact("line", line), Fact("why", why)]
    case .notLeft(_, let order, let line), .cameBack(_, let order, let line):
      [Fact("order", order), Fact("line", line)]
    case .unknownSerial(_, let serial): [Fact("serial", serial)]
    case .unknownDefect(_, let document), .noDefect(_, let document): [Fact("document", document)]
    case .stateForbids(let number, let state, _):
      [Fact("return", number), Fact("state", state.rawValue)]
    case .requesterMayNotDecide(let number, let actor, let requester):
      [Fact("return", number), Fact("actor", actor), Fact("requester", requester)]
    case .roleMissing(let number, let role): [Fact("return", number), Fact("role", role)]
    case .notInvoiced(let number, let order, let line):
      [Fact("return", number), Fact("order", order), Fact("line", line)]
    case .stillOpen(let customer, let count):
      [Fact("customer", customer), Fact("returns", count)]
    }
  }
}
