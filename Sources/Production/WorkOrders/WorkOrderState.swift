/// Where a work order stands.
package enum WorkOrderState: String, Hashable, Sendable, CaseIterable {
  /// Material is being reserved, made or bought.
  case planned = "PLANNED"
  /// The workshop may begin.
  case released = "RELEASED"
  /// Material was taken or time was reported.
  case inProgress = "IN_PROGRESS"
  /// All that was wanted came out or was scrapped. Late costs may still be reported.
  case completed = "COMPLETED"
  /// Its cost is settled.
  case closed = "CLOSED"
  /// Called off before anything was used.
  case cancelled = "CANCELLED"

  /// The life of a work order. A work order that is closed before all of it came out is short.
  package static let transitions: [WorkOrderState: Set<WorkOrderState>] = [
    .planned: [.released, .cancelled],
    .released: [.inProgress, .cancelled],
    .inProgress: [.completed, .closed],
    .completed: [.closed],
    .closed: [],
    .cancelled: [],
  ]

  package func canBecome(_ next: WorkOrderState) -> Bool {
    Self.transitions[self, default: []].contains(next)
  }

  /// Costs can be put into it.
  package var takesCost: Bool { [.released, .inProgress, .completed].contains(self) }

  /// Something is still to come out of it.
  package var yields: Bool { [.planned, .released, .inProgress].contains(self) }

  /// Nothing happens to it any more.
  package var isOver: Bool { self == .closed || self == .cancelled }
}

/// Why a work order may not be released yet.
package enum WorkOrderHold: String, Hashable, Sendable, CaseIterable {
  /// The customer's deposit has not come.
  case deposit = "DEPOSIT"
}
