import Finance
import Production
package import Storage
package import Values

/// What can be done with an order: in which states, and what else speaks against it. The commands
/// refuse by this table, and who asks what is possible is answered by it.
package enum OrderAction: String, Hashable, Sendable, CaseIterable {
  case submit = "SUBMIT"
  case approve = "APPROVE"
  case reject = "REJECT"
  case confirm = "CONFIRM"
  case change = "CHANGE"
  case cancel = "CANCEL"
  /// Its work orders go to the workshop.
  case startWork = "START_WORK"
  /// Goods are set apart for a shipment.
  case ship = "SHIP"
  /// Goods leave.
  case dispatch = "DISPATCH"
  case completeService = "COMPLETE_SERVICE"
  case invoice = "INVOICE"
  case receivePayment = "RECEIVE_PAYMENT"
  /// Others are asked for a change.
  case requestChange = "REQUEST_CHANGE"
  case approveChange = "APPROVE_CHANGE"

  var states: Set<OrderState> {
    switch self {
    case .submit: [.draft]
    case .approve, .reject, .confirm: [.submitted]
    case .change: [.draft, .submitted, .confirmed, .partlyShipped, .shipped, .delivered]
    case .cancel: [.draft, .submitted, .confirmed, .partlyShipped, .shipped, .delivered]
    case .startWork, .ship, .dispatch, .requestChange, .approveChange:
      [.confirmed, .partlyShipped]
    case .completeService, .invoice: [.confirmed, .partlyShipped, .shipped, .delivered]
    case .receivePayment:
      [.submitted, .confirmed, .partlyShipped, .shipped, .delivered, .cancelled]
    }
  }

  /// For a refusal: "cannot ship".
  var words: String {
    switch self {
    case .completeService: "complete a service of it"
    case .startWork: "begin work for it"
    case .receivePayment: "receive money for it"
    case .requestChange: "ask for a change of it"
    case .approveChange: "approve a change of it"
    case .submit, .approve, .reject, .confirm, .change, .cancel, .ship, .dispatch, .invoice:
      rawValue.lowercased()
    }
  }
}

extension SalesOrder {
  /// Refuses an action with all that speaks against it.
  func expect(_ action: OrderAction, in snapshot: Snapshot) throws {
    try Rejections.check(obstacles(to: action, in: snapshot))
  }

  /// What speaks against an action whoever takes it: the state alone, or else the holds and what
  /// must come before.
  func obstacles(to action: OrderAction, in snapshot: Snapshot) throws -> [any Rejection] {
    guard action.states.contains(state) else {
      return [OrdersRejection.orderStateForbids(order: number, state: state, action: action.words)]
    }
    var found: [any Rejection] = try OrderHoldTable.list(of: id, in: snapshot)
      .filter { $0.kind.blocked.contains(action) }
      .map {
        ChangeRejection.onHold(order: number, kind: $0.kind, text: $0.reason, action: action)
      }
    switch action {
    // What cancelling cost may still be owed.
    case .receivePayment
    where try state == .cancelled
      && Receivables.open(of: reference, currency, in: snapshot).minor == 0:
      found.append(
        OrdersRejection.orderStateForbids(order: number, state: state, action: action.words))
    case .invoice where isInvoicedTogether:
      found.append(OrdersRejection.invoicedTogether(order: number))
    case .approve where !approval.isPending:
      found.append(OrdersRejection.noApprovalPending(order: number))
    case .confirm:
      if let role = approval.requiredRole, approval.isPending {
        found.append(OrdersRejection.approvalPending(order: number, role: role))
      }
      if let missing = try missingDeposit(in: snapshot) { found.append(missing) }
    case .requestChange:
      if let open = try ChangeRequestTable.open(of: id, in: snapshot), open.state == .pending {
        found.append(open.refusingAnother())
      }
    default: break
    }
    return found
  }

  /// What speaks against doing all of an action that is left today, by somebody with these roles.
  package func obstacles(
    toAllOf action: OrderAction, by actor: String, roles: Set<String>, standingInFor: Set<String>,
    on today: Day, in snapshot: Snapshot
  ) throws -> [any Rejection] {
    var found = try obstacles(to: action, in: snapshot)
    guard found.isEmpty else { return found }
    switch action {
    case .approve, .reject:
      do {
        let decider = Decider(actor, roles: roles, standingInFor: standingInFor)
        _ =
          action == .approve
          ? try decidable(by: decider, in: snapshot) : try refusable(by: decider, in: snapshot)
      } catch let refusal as any Rejection { found.append(refusal) }
    case .approveChange:
      do {
        let request = try ChangeRequests.open(0, of: self, in: snapshot)
        try request.expect("approve", in: [.pending])
        let decider = Decider(actor, roles: roles, standingInFor: standingInFor)
        _ = try request.decidable(by: decider, of: self, in: snapshot)
      } catch let refusal as any Rejection { found.append(refusal) }
    case .ship:
      do {
        let chosen = try PrepareShipment(orderNumber: number).choose(
          of: self, without: unreleased(on: today, in: snapshot), on: today, in: snapshot)
        try expectCredit(for: chosen.map(\.leaving), on: today, in: snapshot)
      } catch let refusal as any Rejection { found.append(refusal) }
    case .dispatch:
      // One that may leave is enough.
      let refusals = try Shipments.ofOrder(self, in: snapshot).filter(\.state.isOpen).map {
        try creditRefusal(of: $0.leaving, on: today, in: snapshot)
      }
      if let first = refusals.first, let refusal = first, refusals.allSatisfy({ $0 != nil }) {
        found.append(refusal)
      }
    case .cancel where lines.allSatisfy({ $0.open == .zero }):
      found.append(OrdersRejection.nothingToCancel(order: number))
    case .completeService where openServices.isEmpty:
      found.append(OrdersRejection.nothingToComplete(order: number))
    case .invoice where uninvoiced.isEmpty:
      found.append(OrdersRejection.nothingToInvoice(order: number))
    default: break
    }
    return found
  }

  /// What is delivered and not invoiced.
  var uninvoiced: [SalesOrderLine] { lines.filter(\.uninvoiced.isPositive) }

  var openServices: [SalesOrderLine] {
    lines.filter { $0.sourcing == .service && $0.undelivered.isPositive }
  }

  /// What is reserved and not set apart yet, by line; lines with nothing are left out.
  func shippable(in snapshot: Snapshot) throws -> [Int: Quantity] {
    let setApart = try ShipmentLineTable.setApart(of: id, in: snapshot)
    var found: [Int: Quantity] = [:]
    for line in lines {
      // A stocktake may have taken goods from a reservation after they were set apart.
      let rest = line.reserved.micros - setApart[line.number, default: .zero].micros
      if rest > 0 { found[line.number] = Quantity(micros: rest) }
    }
    return found
  }
}
