package import Storage
package import Values

/// Says whether work for a document may be begun, on all levels, that of work orders still to come
/// included. What has begun goes on.
package struct StopWork: Sendable {
  package let root: DocumentReference
  package let isStopped: Bool

  package init(for root: DocumentReference, isStopped: Bool) {
    self.root = root
    self.isStopped = isStopped
  }

  package func run(in tx: Transaction) throws {
    if isStopped {
      try StoppedWorkTable.insert(root, in: tx)
    } else {
      try StoppedWorkTable.remove(root, in: tx)
    }
  }

  /// Numbers of the documents of a kind for which nothing may be begun.
  package static func all(of kind: DocumentKind, in snapshot: Snapshot) throws -> [String] {
    try StoppedWorkTable.numbers(of: kind, in: snapshot)
  }
}

/// Wants what is still to come of the work orders of a document on another day.
package struct RescheduleWork: Sendable {
  package let root: DocumentReference
  /// Of this one alone; nil for all of them.
  package let only: String?
  /// Nil: as soon as possible.
  package let dueOn: Day?

  package init(root: DocumentReference, only: String? = nil, dueOn: Day?) {
    self.root = root
    self.only = only
    self.dueOn = dueOn
  }

  /// Numbers of the work orders that are due on another day now.
  package func run(in tx: Transaction) throws -> [String] {
    let numbers = try WorkOrderTable.reschedule(root, only: only, to: dueOn, in: tx).sorted()
    for number in numbers {
      tx.record(
        DomainEvent(
          "work-order.rescheduled", DocumentReference(.workOrder, number), related: root,
          [Fact("due_on", dueOn?.description ?? "as soon as possible")]))
    }
    return numbers
  }
}
