package import Values

/// Where a return stands. REQUESTED and APPROVED are steps that people take; RECEIVED and INSPECTED
/// follow from the quantities of the lines.
package enum ReturnState: String, Hashable, Sendable, CaseIterable {
  /// Somebody must agree to it.
  case requested = "REQUESTED"
  /// The goods may be sent.
  case approved = "APPROVED"
  /// Final.
  case rejected = "REJECTED"
  /// Called off before anything came. Final.
  case cancelled = "CANCELLED"
  /// Goods are in quarantine.
  case received = "RECEIVED"
  /// All of them were looked at.
  case inspected = "INSPECTED"
  /// The customer has its credit note. Final for the money.
  case credited = "CREDITED"

  /// The life of a return as data.
  package static let transitions: [ReturnState: Set<ReturnState>] = [
    .requested: [.approved, .rejected, .cancelled],
    .approved: [.received, .cancelled],
    .rejected: [],
    .cancelled: [],
    .received: [.inspected],
    .inspected: [.credited],
    .credited: [],
  ]

  /// Something of it is still to be done.
  package var isOpen: Bool { !Self.transitions[self, default: []].isEmpty }

  /// What one does to get here, for a refusal: "cannot receive".
  var action: String {
    switch self {
    case .requested: "request"
    case .approved: "approve"
    case .rejected: "reject"
    case .cancelled: "cancel"
    case .received: "receive"
    case .inspected: "grade"
    case .credited: "credit"
    }
  }
}

/// What an inspection finds.
package enum ReturnGrade: String, Hashable, Sendable, CaseIterable {
  /// As new: back to the shelves.
  case asNew = "A"
  /// Stays in quarantine until it is repaired and graded again.
  case repair = "B"
  /// Beyond repair: scrapped.
  case scrap = "C"
}

/// A line of an order that comes back. Always gradeA + gradeB + gradeC ≤ received ≤ requested.
package struct ReturnLine: Hashable, Sendable {
  /// Of the order.
  package let number: Int
  package let sku: String
  package let description: String
  package let unit: String
  package let reasonCode: String
  package let responsible: Responsible
  /// Position of the rule that decided.
  package let rule: Int
  package let fee: Rate
  package let requested: Quantity
  package internal(set) var received: Quantity = .zero
  package internal(set) var gradeA: Quantity = .zero
  package internal(set) var gradeB: Quantity = .zero
  package internal(set) var gradeC: Quantity = .zero
  /// What the received goods cost when they left.
  package internal(set) var cost: Money
  /// What of it was scrapped.
  package internal(set) var scrapped: Money
  /// By how much goods were written down, and what of that is for goods that are in quarantine yet.
  package internal(set) var writtenDown: Money
  var writtenDownHere: Money
  /// What the goods cost when they left the customer that are not in quarantine any more.
  var goneCost: Money

  /// Nobody has said yet what it is good for.
  package var ungraded: Quantity {
    Quantity(micros: received.micros - gradeA.micros - gradeB.micros - gradeC.micros)
  }

  /// Left quarantine.
  var gone: Quantity { Quantity(micros: gradeA.micros + gradeC.micros) }

  /// Says that `quantity` is as new or beyond repair, taking first what was never graded; returns
  /// what the goods are worth that leave quarantine for it. The caller has checked that there is so
  /// much. What a unit cost is fixed when it is first graded, so that what was written down of it
  /// is never more than it cost, to the cent.
  mutating func grade(_ quantity: Quantity, asNew: Bool) throws -> Money {
    let graded = try gone + gradeB
    let fresh = Quantity(micros: min(quantity.micros, ungraded.micros))
    let repaired = Quantity(micros: quantity.micros - fresh.micros)
    var leaving =
      try cost.allocated(graded + fresh, of: received) - cost.allocated(graded, of: received)
    var lost = Money.zero(cost.currency)
    if repaired.isPositive {
      let here = try cost.allocated(graded, of: received) - goneCost
      leaving = try leaving + here.allocated(repaired, of: gradeB)
      lost = try writtenDownHere.allocated(repaired, of: gradeB)
    }
    gradeB = try gradeB - repaired
    if asNew { gradeA = try gradeA + quantity } else { gradeC = try gradeC + quantity }
    goneCost = try goneCost + leaving
    writtenDownHere = try writtenDownHere - lost
    // Below it only where a part was graded before this was told apart.
    let left = Money(minor: max(0, leaving.minor - lost.minor), currency: cost.currency)
    if !asNew { scrapped = try scrapped + left }
    return left
  }

  /// Says that `quantity` is to be repaired; returns what it cost, and by how much it is written
  /// down for that.
  mutating func gradeForRepair(
    _ quantity: Quantity, writeDown: Rate
  ) throws -> (cost: Money, loss: Money) {
    let before = try gone + gradeB
    gradeB = try gradeB + quantity
    let worth =
      try cost.allocated(before + quantity, of: received)
      - cost.allocated(before, of: received)
    let loss = try worth.share(writeDown)
    writtenDown = try writtenDown + loss
    writtenDownHere = try writtenDownHere + loss
    return (worth, loss)
  }
}

/// Goods of one order that come back together.
package struct CustomerReturn: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<CustomerReturn>
  /// "RT-2026-000007".
  package let number: String
  /// Counts the changes, from 1.
  package internal(set) var version: Int64
  package internal(set) var state: ReturnState
  package let order: ID<SalesOrder>
  package let orderNumber: String
  package let customerCode: String
  /// What the customer says.
  package let note: String
  package let policyVersion: Int64
  package let explanation: Explanation
  /// Nil when nobody needed to agree.
  package let approverRole: String?
  package let requestedBy: String
  package let requestedAt: Instant
  package internal(set) var decidedBy: String?
  /// Why it was rejected or called off.
  package internal(set) var decision: String
  /// In whose quarantine the goods are; nil before they came.
  package internal(set) var warehouseCode: String?
  package internal(set) var receivedOn: Day?
  package internal(set) var creditedBy: String?
  /// What its credit notes come to, with tax.
  package internal(set) var credited: Money
  package internal(set) var fee: Money
  package internal(set) var feeInvoice: String?
  package internal(set) var lines: [ReturnLine]

  package var reference: DocumentReference { DocumentReference(.customerReturn, number) }

  func origin(of line: ReturnLine) -> Origin {
    Origin(.customerReturn, number, line: line.number)
  }

  /// Goes to `next`, or refuses.
  mutating func advance(to next: ReturnState) throws(ReturnRejection) {
    guard ReturnState.transitions[state, default: []].contains(next) else {
      throw .stateForbids(number: number, state: state, action: next.action)
    }
    state = next
  }

  /// What the quantities make of it.
  var derived: ReturnState {
    guard state == .received || state == .inspected else { return state }
    return lines.allSatisfy { $0.ungraded == .zero } ? .inspected : .received
  }

  /// Index in `lines`, by the number of the order's line.
  func index(ofLine line: Int, field: @autoclosure () -> String) throws(ReturnRejection) -> Int {
    guard let index = lines.firstIndex(where: { $0.number == line }) else {
      throw .unknownLine(field: field(), number: number, line: line)
    }
    return index
  }
}
