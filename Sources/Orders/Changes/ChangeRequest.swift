import MasterData
package import Storage
package import Values

/// A change of an order that others must agree to before it is made. The order is as it was until
/// the last of them has; then it is changed just as it was shown, or not at all.
package struct ChangeRequest: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Somebody must decide about it. Can become any other.
    case pending = "PENDING"
    /// It is to be written otherwise. Can become PENDING, WITHDRAWN or EXPIRED.
    case returned = "RETURNED"
    /// It would do something else by now than was shown. Can become PENDING, WITHDRAWN or EXPIRED.
    case stale = "STALE"
    /// Final, and so are the others.
    case applied = "APPLIED"
    case rejected = "REJECTED"
    case withdrawn = "WITHDRAWN"
    /// Nobody decided in time.
    case expired = "EXPIRED"

    package static let open: Set<State> = [.pending, .returned, .stale]

    var words: String { rawValue.lowercased() }
  }

  package internal(set) var id: ID<ChangeRequest>
  package let order: ID<SalesOrder>
  package let orderNumber: String
  /// Counts the requests of the order, from 1.
  package let number: Int
  /// Counts what happened to it.
  package internal(set) var version: Int64
  package internal(set) var state: State
  package let requestedBy: String
  package let requestedAt: Instant
  /// That whoever asked had when asking last.
  var roles: Set<String>
  package internal(set) var reason: String
  /// Nil for never, and once it has ended.
  package internal(set) var expiresAt: Instant?
  /// Of the order's approval; nil where nobody had to agree.
  var round: Int?
  /// Empty in lists.
  package internal(set) var change: OrderChange
  /// In lists without differences and verdicts.
  package internal(set) var impact: ChangeImpact
  package internal(set) var decidedBy: String?
  package internal(set) var decidedAt: Instant?
  /// Why it was rejected, returned or withdrawn, or in what it is out of date.
  package internal(set) var comment: String
  /// The version of the order that it made.
  package internal(set) var appliedVersion: Int64?
  /// Of the present round; empty in lists.
  package internal(set) var steps: [ApprovalStep] = []
  /// Of the first step that is open; nil where nobody need decide.
  package internal(set) var pendingRole: String?

  var reference: DocumentReference { DocumentReference(.salesOrder, orderNumber) }

  func expect(version expected: Int64?) throws {
    try OrdersRejection.checkVersion(
      of: "\(orderNumber) change \(number)", expected: expected, stored: version)
  }

  /// Refuses an action in any other state.
  func expect(_ action: String, in states: Set<State>) throws {
    guard !states.contains(state) else { return }
    throw ChangeRejection.requestStateForbids(
      order: orderNumber, request: number, state: state, action: action)
  }

  /// Tells what became of it.
  func record(_ what: String, _ facts: [Fact], in tx: Transaction) {
    tx.record(
      DomainEvent(
        "order.change-\(what)", reference, [Fact("change_request", number)] + facts))
  }
}

// MARK: - Trying it

extension ChangeRequest {
  enum Outcome {
    case done(ChangedOrder)
    /// It would do something else than was shown, with what.
    case contradicted(String)
  }

  /// Does what it asks for, as if its steps, of which those that are open now are taken as given,
  /// had been approved; with `isKept` for good. What contradicts what was shown does nothing.
  func attempt(
    _ steps: [ApprovalStep], isKept: Bool, in tx: Transaction, at now: Moment
  ) throws -> Outcome {
    let slack = try ChangePolicies.current(in: tx).slackDays
    let work = {
      let done = try verb(agreed: steps, isPreview: !isKept).run(in: tx, at: now)
      if let text = impact.contradiction(by: done.impact, slackDays: slack) {
        throw Contradiction(text: text)
      }
      return done
    }
    do {
      return .done(isKept ? try tx.attempt(work) : try tx.rehearse(work))
    } catch let found as Contradiction {
      return .contradicted(found.text)
    } catch let refused as Rejections {
      return .contradicted(refused.all[0].message)
    } catch let refused as any Rejection {
      return .contradicted(refused.message)
    }
  }

  private struct Contradiction: Error { let text: String }

  private func verb(agreed: [ApprovalStep], isPreview: Bool) -> ChangeOrder {
    ChangeOrder(
      number: orderNumber, expectedVersion: impact.baseVersion, change, reason: reason,
      by: requestedBy, roles: roles, isPreview: isPreview, agreed: agreed)
  }
}

extension ChangeImpact {
  /// In what something else is said now; nil for nothing that matters. That it is ready sooner, or
  /// later by no more than so many days, does not.
  fileprivate func contradiction(by later: ChangeImpact, slackDays: Int) -> String? {
    guard effect == later.effect else {
      return gross == later.gross
        ? "It would do something else now than was shown"
        : "It would cost \(later.gross) more now instead of \(gross)"
    }
    guard let readyAfter else { return nil }
    guard let day = later.readyAfter else {
      return "It was to be ready on \(readyAfter), and nobody can say when now"
    }
    return day > readyAfter.adding(days: slackDays)
      ? "It would be ready on \(day) now instead of \(readyAfter)" : nil
  }
}

/// Questions about requests.
package enum ChangeRequests {
  package struct Filter: Hashable, Sendable {
    /// Nil for all.
    package var order: ID<SalesOrder>?
    /// Nil for those that are open, or with an order for all.
    package var state: ChangeRequest.State?
    /// Nil for anybody.
    package var requestedBy: String?

    package init(
      order: ID<SalesOrder>? = nil, state: ChangeRequest.State? = nil, requestedBy: String? = nil
    ) {
      self.order = order
      self.state = state
      self.requestedBy = requestedBy
    }
  }

  /// Of orders in scope, without what they ask for, the oldest first, from the one after `id` on.
  package static func list(
    _ filter: Filter, after id: ID<ChangeRequest>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [ChangeRequest] {
    try ChangeRequestTable.list(filter, after: id ?? ID(0), limit: limit, in: snapshot)
  }

  /// One of an order, or the newest for 0.
  package static func require(
    _ number: Int, of order: SalesOrder, in snapshot: Snapshot
  ) throws -> ChangeRequest {
    guard let found = try ChangeRequestTable.find(number, of: order.id, in: snapshot) else {
      throw ChangeRejection.unknownRequest(field: "number", order: order.number, request: number)
    }
    return found
  }

  /// The one of an order that waits, or else the newest that is open, as in lists.
  package static func open(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> ChangeRequest? {
    try ChangeRequestTable.open(of: order.id, in: snapshot)
  }
}
