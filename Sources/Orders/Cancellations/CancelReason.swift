import MasterData
package import Storage
package import Values

/// Whose doing a cancellation is: it decides about fees and earnest money.
package enum CancelFault: String, Hashable, Sendable, CaseIterable {
  /// Fees are due and earnest money is forfeited.
  case customer = "CUSTOMER"
  /// Ours: nothing is charged, and earnest money is owed twice.
  case seller = "SELLER"
  /// Nothing is charged, and all money goes back.
  case nobody = "NOBODY"
}

/// Why orders are cancelled: a row of a table that the company keeps.
package struct CancelReason: Hashable, Sendable {
  package let code: String
  /// For people.
  package let text: String
  package let fault: CancelFault

  package init(code: String, text: String, fault: CancelFault) {
    self.code = code
    self.text = text
    self.fault = fault
  }
}

/// The reasons that can be given.
package enum CancelReasons {
  /// In their order; never more than `ReasonList.limit`.
  package static func list(in snapshot: Snapshot) throws -> [CancelReason] {
    try CancelReasonTable.list(in: snapshot)
  }

  /// Refuses a code that is not there.
  static func require(
    _ code: String, field: String = "reason_code", in snapshot: Snapshot
  ) throws -> CancelReason {
    guard let reason = try list(in: snapshot).first(where: { $0.code == code }) else {
      throw CancellationRejection.unknownReason(field: field, code: code).ifNamed(code)
    }
    return reason
  }
}

/// Replaces the reasons that can be given. What is cancelled keeps its reason and whose doing it
/// was.
package struct ReplaceCancelReasons: Sendable {
  package let reasons: [CancelReason]

  package init(reasons: [CancelReason]) { self.reasons = reasons }

  package func run(in tx: Transaction, at now: Moment) throws -> [CancelReason] {
    try ReasonList.check(reasons.map { ($0.code, $0.text) }) {
      CancellationRejection.duplicateReason(field: $0, code: $1)
    }
    try CancelReasonTable.replace(with: reasons, in: tx)
    tx.record(
      DomainEvent(
        "cancel-reasons.replaced", DocumentReference(.masterData, "cancel-reasons"),
        [Fact("reasons", reasons.count)]))
    return reasons
  }
}

/// All SQL of `cancel_reason`.
private enum CancelReasonTable {
  static func list(in snapshot: Snapshot) throws -> [CancelReason] {
    try snapshot.all("SELECT code, text, fault FROM cancel_reason ORDER BY position") { row in
      CancelReason(code: row.text(0), text: row.text(1), fault: try row.value(2))
    }
  }

  static func replace(with reasons: [CancelReason], in tx: Transaction) throws {
    try tx.execute("DELETE FROM cancel_reason")
    for (index, reason) in reasons.enumerated() {
      try tx.execute(
        "INSERT INTO cancel_reason (position, code, text, fault) VALUES (?, ?, ?, ?)", index + 1,
        reason.code, reason.text, reason.fault)
    }
  }
}

extension CancelFault: Bindable {}
