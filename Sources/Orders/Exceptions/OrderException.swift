import Purchasing
package import Storage
package import Values

/// Why somebody must look at something.
package enum OrderExceptionKind: String, Hashable, Sendable, CaseIterable {
  /// A line is there later than was promised, or than its customer wants it.
  case latePromise = "LATE_PROMISE"
  /// A line waits, and nobody can say when its goods come.
  case noSupply = "NO_SUPPLY"
  /// A line waits for goods that come in time.
  case shortLine = "SHORT_LINE"
  case onHold = "ON_HOLD"
  case approvalOverdue = "APPROVAL_OVERDUE"
  case cancellationPending = "CANCELLATION_PENDING"
  case refundPending = "REFUND_PENDING"
  /// Packed, and its dispatch failed, or nobody tried.
  case notDispatched = "NOT_DISPATCHED"
  case supplyOverdue = "SUPPLY_OVERDUE"
  case supplyNotOrdered = "SUPPLY_NOT_ORDERED"
  /// A change that somebody asked for waits, or is to be asked again.
  case changePending = "CHANGE_PENDING"
  /// On its way, and its carrier said last that something is wrong, or that nobody took it.
  case carrierTrouble = "CARRIER_TROUBLE"
  /// To bring goods of which some are there only after it, or nobody can say when. It is not moved
  /// by itself, nor given up: its day was agreed with the customer, and what is free is gone.
  case appointmentOvertaken = "APPOINTMENT_OVERTAKEN"
  /// An order is longer in its stage than the stage policy allows.
  case stageOverdue = "STAGE_OVERDUE"
  /// Delivered, and something that was to be paid at the door is neither collected nor paid.
  case codUncollected = "COD_UNCOLLECTED"
  /// A row of a carrier's statement of remittances that does not fit.
  case remittanceDiffers = "REMITTANCE_DIFFERS"
  /// A claim on a carrier that is not settled.
  case claimOpen = "CLAIM_OPEN"
  /// Given up as lost, and its carrier has seen it since.
  case lostSeen = "LOST_SEEN"
  /// On its way, and it should have arrived.
  case deliveryOverdue = "DELIVERY_OVERDUE"
  /// A picker has not found goods that are in the books, and nobody has looked into it.
  case shortPick = "SHORT_PICK"
}

/// Something that somebody must look at.
package struct OrderException: Hashable, Sendable {
  package let kind: OrderExceptionKind
  /// Nil for supply that is for no order.
  package let order: String?
  /// Nil for the whole of it.
  package let line: Int?
  /// What to look at, where that is not the order.
  package let document: DocumentReference?
  package let day: Day?
  package let text: String
  /// Since when, and by when it was to be done, where that is known to the moment.
  package internal(set) var since: Instant?
  package internal(set) var dueAt: Instant?
  /// Where a page that ends with it goes on.
  package let key: OrderExceptions.Key
}

/// The board of all that somebody must look at, over all orders in scope: kind by kind, each from
/// an index of its own that holds nothing else.
package enum OrderExceptions {
  /// Where a page ended.
  package struct Key: Hashable, Sendable {
    package let kind: OrderExceptionKind
    /// Of what is sorted by day or by moment; 0 elsewhere.
    package let day: Int64
    package let id: Int64

    package init(kind: OrderExceptionKind, day: Int64, id: Int64) {
      self.kind = kind
      self.day = day
      self.id = id
    }
  }

  /// Of these kinds, in the order in which the kinds are declared, from the one after `key` on
  /// (nil: from the first). Approvals may take so many days.
  package static func list(
    _ kinds: Set<OrderExceptionKind>, approvalDays: Int, after key: Key? = nil, limit: Int,
    at now: Moment, in snapshot: Snapshot
  ) throws -> [OrderException] {
    var found: [OrderException] = []
    var after = key
    let all = OrderExceptionKind.allCases
    let first = key.flatMap { all.firstIndex(of: $0.kind) } ?? 0
    for kind in all[first...] where kinds.contains(kind) && found.count < limit {
      if after?.kind != kind { after = nil }
      let board = ExceptionTable(
        kind: kind, afterDay: after?.day ?? .min, after: after?.id ?? 0,
        limit: limit - found.count, now: now)
      found += try board.rows(approvalDays: approvalDays, in: snapshot)
    }
    return found
  }
}
