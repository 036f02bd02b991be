package import Values

/// What changing, holding and comparing orders refuses, in the order in which it is checked: the
/// shape of the change, which version it is about, what the state forbids and to whom, then what
/// the change comes to.
package enum ChangeRejection: Rejection, Hashable {
  /// Neither the order nor a line is to be otherwise.
  case nothingToChange(field: String)
  /// Two values that exclude each other.
  case contradiction(field: String, other: String)
  /// Charges are what the rest of the order makes of them.
  case chargeFollows(field: String, order: String, line: Int, charge: String)
  /// Cancelled, or taken out before.
  case lineIsGone(field: String, order: String, line: Int)
  case unknownVersion(field: String, order: String, version: Int64, newest: Int64)
  /// There was no such order at that time.
  case notYet(field: String, order: String, at: Instant, createdAt: Instant)
  case onHold(order: String, kind: OrderHoldKind, text: String, action: OrderAction)
  case alreadyOnHold(order: String, kind: OrderHoldKind)
  case notOnHold(order: String, kind: OrderHoldKind)
  /// Nobody may as far as the order has come.
  case changeForbidden(field: String, order: String, stage: ChangeStage, kind: ChangeKind)
  /// Only who has the role may as far as the order has come.
  case changeTakesRole(
    field: String, order: String, stage: ChangeStage, kind: ChangeKind, role: String)
  /// All of it is invoiced: an invoice that is written stays as it is.
  case invoiceWritten(field: String, order: String, invoice: String)
  /// Less than what has left or was cancelled.
  case belowDone(field: String, order: String, line: Int, done: Quantity)
  /// What has left was made as it was chosen.
  case lineLeft(field: String, order: String, line: Int, shipped: Quantity)
  /// The workshop has begun, and what is wanted beside is made beside.
  case workBegun(field: String, order: String, line: Int, workOrder: String)
  /// What was begun cannot become what is wanted now.
  case cannotRework(field: String, order: String, line: Int, ReworkObstacle)
  /// An order without lines is one that is cancelled.
  case nothingLeft(order: String)
  /// What it comes to must be agreed to by somebody else.
  case changeNeedsApproval(order: String, role: String)
  /// Something else than the version has changed since.
  case previewOutdated(order: String)
  case unknownRequest(field: String, order: String, request: Int)
  case noRequestOpen(order: String)
  /// Somebody must decide about what was asked first.
  case requestPending(order: String, request: Int, by: String)
  case requestStateForbids(
    order: String, request: Int, state: ChangeRequest.State, action: String)
  /// Only who asked may.
  case requestOfAnother(order: String, request: Int, by: String, actor: String)
}

extension ChangeRejection {
  package var kind: RejectionKind {
    switch self {
    case .nothingToChange, .contradiction: .invalid
    case .unknownVersion, .notYet, .unknownRequest: .notFound
    case .alreadyOnHold: .alreadyExists
    case .changeTakesRole, .changeNeedsApproval, .requestOfAnother: .denied
    case .chargeFollows, .lineIsGone, .onHold, .notOnHold, .changeForbidden, .invoiceWritten,
      .belowDone, .lineLeft,
      .workBegun, .cannotRework, .nothingLeft, .previewOutdated, .noRequestOpen, .requestPending,
      .requestStateForbids:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .nothingToChange: "NOTHING_TO_CHANGE"
    case .contradiction: "CONTRADICTION"
    case .chargeFollows: "CHARGE_FOLLOWS"
    case .lineIsGone: "LINE_IS_GONE"
    case .unknownVersion: "UNKNOWN_VERSION"
    case .notYet: "NOT_YET"
    case .onHold: "ORDER_ON_HOLD"
    case .alreadyOnHold: "ALREADY_ON_HOLD"
    case .notOnHold: "NOT_ON_HOLD"
    case .changeForbidden: "CHANGE_FORBIDDEN"
    case .changeTakesRole: "CHANGE_TAKES_ROLE"
    case .invoiceWritten: "INVOICE_WRITTEN"
    case .belowDone: "BELOW_DONE"
    case .lineLeft: "LINE_LEFT"
    case .workBegun: "WORK_BEGUN"
    case .cannotRework(_, _, _, let obstacle): "REWORK_\(obstacle.rawValue)"
    case .nothingLeft: "NOTHING_LEFT"
    case .changeNeedsApproval: "CHANGE_NEEDS_APPROVAL"
    case .previewOutdated: "PREVIEW_OUTDATED"
    case .unknownRequest: "UNKNOWN_CHANGE_REQUEST"
    case .noRequestOpen: "NO_CHANGE_REQUEST_OPEN"
    case .requestPending: "CHANGE_REQUEST_PENDING"
    case .requestStateForbids: "CHANGE_REQUEST_STATE_FORBIDS"
    case .requestOfAnother: "CHANGE_REQUEST_OF_ANOTHER"
    }
  }

  package var message: String {
    switch self {
    case .nothingToChange: "Nothing is said to be otherwise"
    case .contradiction(let field, let other): "\(field) and \(other) exclude each other"
    case .chargeFollows(_, let order, let line, let charge):
      "Line \(line) of \(order) is the charge \(charge), which follows from the rest"
    case .lineIsGone(_, let order, let line): "Nothing is left of line \(line) of \(order)"
    case .unknownVersion(_, let order, let version, let newest):
      "\(order) has had no version \(version); the newest is \(newest)"
    case .notYet(_, let order, let instant, let createdAt):
      "\(order) was created at \(createdAt): there was none at \(instant)"
    case .onHold(let order, let kind, let text, let action):
      "\(order) is held (\(kind.rawValue): \(text)): cannot \(action.words)"
    case .alreadyOnHold(let order, let kind): "\(order) has a hold \(kind.rawValue) already"
    case .notOnHold(let order, let kind): "\(order) has no hold \(kind.rawValue)"
    case .changeForbidden(_, let order, let stage, let kind):
      "\(order) is \(stage.words): cannot \(kind.words) any more"
    case .changeTakesRole(_, let order, let stage, let kind, let role):
      "\(order) is \(stage.words): to \(kind.words) takes the role \(role)"
    case .invoiceWritten(_, let order, let invoice):
      "\(order) is invoiced (\(invoice)): what the invoice says cannot be changed any more"
    case .belowDone(_, let order, let line, let done):
      "\(done) of line \(line) of \(order) have left or are cancelled already"
    case .lineLeft(_, let order, let line, let shipped):
      "\(shipped) of line \(line) of \(order) have left as they were chosen"
    case .workBegun(_, let order, let line, let workOrder):
      "\(workOrder) is making line \(line) of \(order): more of it is a line of its own"
    case .cannotRework(_, let order, let line, let obstacle):
      "Line \(line) of \(order) cannot be reworked: \(obstacle.words)"
    case .nothingLeft(let order): "Nothing would be left of \(order), which is to cancel it"
    case .changeNeedsApproval(let order, let role):
      "This change of \(order) takes the approval of \(role)"
    case .previewOutdated(let order):
      "The change of \(order) would do something else now than was shown"
    case .unknownRequest(_, let order, let request):
      "\(order) has no request \(request) to change it"
    case .noRequestOpen(let order): "Nobody has asked for a change of \(order) that is open"
    case .requestPending(let order, let request, let by):
      "\(by) has asked for change \(request) of \(order), and somebody must decide about it first"
    case .requestStateForbids(let order, let request, let state, let action):
      "Change \(request) of \(order) is \(state.words): cannot \(action) it"
    case .requestOfAnother(let order, let request, let by, _):
      "Change \(request) of \(order) was asked for by \(by)"
    }
  }

  package var field: String? {
    switch self {
    case .nothingToChange(let field), .contradiction(let field, _),
      .chargeFollows(let field, _, _, _), .lineIsGone(let field, _, _),
      .unknownVersion(let field, _, _, _), .notYet(let field, _, _, _),
      .changeForbidden(let field, _, _, _),
      .changeTakesRole(let field, _, _, _, _), .invoiceWritten(let field, _, _),
      .belowDone(let field, _, _, _), .lineLeft(let field, _, _, _), .workBegun(let field, _, _, _),
      .cannotRework(let field, _, _, _),
      .unknownRequest(let field, _, _):
      field
    case .previewOutdated: "preview"
    case .alreadyOnHold, .notOnHold: "kind"
    case .onHold, .nothingLeft, .changeNeedsApproval, .noRequestOpen, .requestPending,
      .requestStateForbids, .requestOfAnother:
      nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .nothingToChange, .contradiction: []
    case .chargeFollows(_, let order, let line, let charge):
      [Fact("order", order), Fact("line", line), Fact("charge", charge)]
    case .lineIsGone(_, let order, let line), .cannotRework(_, let order, let line, _):
      [Fact("order", order), Fact("line", line)]
    case .unknownVersion(_, let order, let version, let newest):
      [Fact("order", order), Fact("version", version), Fact("newest", newest)]
    case .notYet(_, let order, let instant, let createdAt):
      [Fact("order", order), Fact("at", instant), Fact("created_at", createdAt)]
    case .onHold(let order, let kind, _, let action):
      [Fact("order", order), Fact("hold", kind.rawValue), Fact("action", action.rawValue)]
    case .alreadyOnHold(let order, let kind), .notOnHold(let order, let kind):
      [Fact("order", order), Fact("hold", kind.rawValue)]
    case .changeForbidden(_, let order, let stage, let kind):
      [Fact("order", order), Fact("stage", stage.rawValue), Fact("change", kind.rawValue)]
    case .changeTakesRole(_, let order, let stage, let kind, let role):
      [
        Fact("order", order), Fact("stage", stage.rawValue), Fact("change", kind.rawValue),
        Fact("role", role),
      ]
    case .invoiceWritten(_, let order, let invoice):
      [Fact("order", order), Fact("invoice", invoice)]
    case .belowDone(_, let order, let line, let done):
      [Fact("order", order), Fact("line", line), Fact("done", done)]
    case .lineLeft(_, let order, let line, let shipped):
      [Fact("order", order), Fact("line", line), Fact("shipped", shipped)]
    case .workBegun(_, let order, let line, let workOrder):
      [Fact("order", order), Fact("line", line), Fact("work_order", workOrder)]
    case .nothingLeft(let order), .previewOutdated(let order), .noRequestOpen(let order):
      [Fact("order", order)]
    case .unknownRequest(_, let order, let request):
      [Fact("order", order), Fact("change_request", request)]
    case .requestPending(let order, let request, let by):
      [Fact("order", order), Fact("change_request", request), Fact("requested_by", by)]
    case .requestStateForbids(let order, let request, let state, let action):
      [
        Fact("order", order), Fact("change_request", request), Fact("state", state.rawValue),
        Fact("action", action),
      ]
    case .requestOfAnother(let order, let request, let by, let actor):
      [
        Fact("order", order), Fact("change_request", request), Fact("requested_by", by),
        Fact("actor", actor),
      ]
    case .changeNeedsApproval(let order, let role): [Fact("order", order), Fact("role", role)]
    }
  }
}
