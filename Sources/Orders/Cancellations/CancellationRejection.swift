package import Values

/// What cancelling refuses beyond the order itself, in the order in which it is checked.
package enum CancellationRejection: Rejection, Hashable {
  case duplicateReason(field: String, code: String)
  case minimumAboveMaximum(field: String, minimum: Money, maximum: Money)
  case unknownReason(field: String, code: String)
  case unknownPolicy(field: String, version: Int64)
  /// A rule of the policy of the order says so.
  case notAllowed(order: String, lines: [Int], rule: Int, policy: Int64, text: String)
  /// Somebody must decide about what was asked first.
  case requestPending(order: String, by: String)
  case noRequestPending(order: String)
  case noRefundProposed(order: String)
  /// What is left of the order needs all of its money.
  case nothingToRefund(order: String)
  /// Four eyes: whoever cancelled, asked for it or gave credit, and who stands in for them.
  case makerMayNotDecide(order: String, actor: String, maker: String)
  /// What is left of the order needs the money meanwhile.
  case refundNotCovered(order: String, proposed: Money, unneeded: Money)
  /// Something else than the version has changed since.
  case previewOutdated(order: String)
}

extension CancellationRejection {
  package var kind: RejectionKind {
    switch self {
    case .duplicateReason, .minimumAboveMaximum: .invalid
    case .unknownReason, .unknownPolicy: .notFound
    case .makerMayNotDecide: .denied
    case .requestPending, .noRequestPending, .noRefundProposed, .nothingToRefund,
      .refundNotCovered, .previewOutdated, .notAllowed:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .duplicateReason: "DUPLICATE_REASON"
    case .minimumAboveMaximum: "MINIMUM_ABOVE_MAXIMUM"
    case .unknownReason: "UNKNOWN_REASON"
    case .unknownPolicy: "UNKNOWN_POLICY"
    case .notAllowed: "CANCELLATION_NOT_ALLOWED"
    case .requestPending: "CANCELLATION_PENDING"
    case .noRequestPending: "NO_CANCELLATION_PENDING"
    case .noRefundProposed: "NO_REFUND_PROPOSED"
    case .nothingToRefund: "NOTHING_TO_REFUND"
    case .makerMayNotDecide: "MAKER_MAY_NOT_DECIDE"
    case .refundNotCovered: "REFUND_NOT_COVERED"
    case .previewOutdated: "PREVIEW_OUTDATED"
    }
  }

  package var message: String {
    switch self {
    case .duplicateReason(_, let code): "\(code) is named twice"
    case .minimumAboveMaximum(_, let minimum, let maximum):
      "A fee cannot be at least \(minimum) and at most \(maximum)"
    case .unknownReason(_, let code): "There is no reason \(code) to cancel an order"
    case .unknownPolicy(_, let version): "There is no version \(version) of the policy"
    case .notAllowed(let order, let lines, let rule, _, let text):
      "Rule \(rule) (\(text)) of \(order) for line "
        + lines.map(\.description).joined(separator: ", ")
    case .requestPending(let order, let by):
      "\(by) has asked to cancel of \(order), and somebody must decide about that first"
    case .noRequestPending(let order): "Nobody has asked to cancel anything of \(order)"
    case .noRefundProposed(let order): "No refund is proposed for \(order)"
    case .nothingToRefund(let order): "\(order) needs all the money that it has"
    case .makerMayNotDecide(let order, let actor, let maker):
      actor == maker
        ? "\(actor) cancels or credits \(order); somebody else must decide about it"
        : "\(actor) stands in for \(maker), who cancels or credits \(order), and may not decide"
    case .refundNotCovered(let order, let proposed, let unneeded):
      "\(proposed) was to go back for \(order), but only \(unneeded) is not needed any more"
    case .previewOutdated(let order):
      "Cancelling of \(order) would do something else now than was shown"
    }
  }

  package var field: String? {
    switch self {
    case .duplicateReason(let field, _), .minimumAboveMaximum(let field, _, _),
      .unknownReason(let field, _), .unknownPolicy(let field, _):
      field
    case .previewOutdated: "preview"
    case .requestPending, .noRequestPending, .noRefundProposed, .nothingToRefund,
      .makerMayNotDecide, .refundNotCovered, .notAllowed:
      nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .duplicateReason(_, let code), .unknownReason(_, let code): [Fact("code", code)]
    case .minimumAboveMaximum(_, let minimum, let maximum):
      [Fact("minimum", minimum), Fact("maximum", maximum)]
    case .unknownPolicy(_, let version): [Fact("version", version)]
    case .notAllowed(let order, let lines, let rule, let policy, _):
      [
        Fact("order", order), Fact("lines", lines.map(\.description).joined(separator: ", ")),
        Fact("rule", rule), Fact("policy", policy),
      ]
    case .requestPending(let order, let by): [Fact("order", order), Fact("requested_by", by)]
    case .noRequestPending(let order), .noRefundProposed(let order), .nothingToRefund(let order),
      .previewOutdated(let order):
      [Fact("order", order)]
    case .makerMayNotDecide(let order, let actor, let maker):
      [Fact("order", order), Fact("actor", actor), Fact("maker", maker)]
    case .refundNotCovered(let order, let proposed, let unneeded):
      [Fact("order", order), Fact("proposed", proposed), Fact("unneeded", unneeded)]
    }
  }
}

extension CancellationRejection {
  /// Refuses one of `makers`, and who stands in for one.
  static func checkFourEyes(
    on order: String, madeBy makers: Set<String>, decidedBy actor: String,
    standingInFor: Set<String>
  ) throws(CancellationRejection) {
    for maker in makers.sorted() where maker == actor || standingInFor.contains(maker) {
      throw .makerMayNotDecide(order: order, actor: actor, maker: maker)
    }
  }
}
