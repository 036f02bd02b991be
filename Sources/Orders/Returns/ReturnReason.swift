import MasterData
package import Storage
package import Values

/// Whose doing it is that goods come back: who bears what it costs.
package enum Responsible: String, Hashable, Sendable, CaseIterable {
  /// It just does not want them any more. Whatever else it is, is a defect.
  case customer = "CUSTOMER"
  case seller = "SELLER"
  case workshop = "WORKSHOP"
  case carrier = "CARRIER"
  case supplier = "SUPPLIER"
}

/// Why goods come back: a row of a table that the company keeps.
package struct ReturnReason: Hashable, Sendable {
  package let code: String
  /// For people.
  package let text: String
  package let responsible: Responsible

  package init(code: String, text: String, responsible: Responsible) {
    self.code = code
    self.text = text
    self.responsible = responsible
  }

  var isDefect: Bool { responsible != .customer }
}

/// The reasons that can be given.
package enum ReturnReasons {
  /// In their order; never more than `ReasonList.limit`.
  package static func list(in snapshot: Snapshot) throws -> [ReturnReason] {
    try ReturnReasonTable.list(in: snapshot)
  }

  /// Refuses a code that is not there.
  static func require(
    _ code: String, field: String, in snapshot: Snapshot
  ) throws -> ReturnReason {
    guard let reason = try list(in: snapshot).first(where: { $0.code == code }) else {
      throw ReturnRejection.unknownReason(field: field, code: code).ifNamed(code)
    }
    return reason
  }
}

/// Replaces the reasons that can be given. What has come back keeps its reason and whose doing it
/// was.
package struct ReplaceReturnReasons: Sendable {
  package let reasons: [ReturnReason]

  package init(reasons: [ReturnReason]) { self.reasons = reasons }

  package func run(in tx: Transaction, at now: Moment) throws -> [ReturnReason] {
    try ReasonList.check(reasons.map { ($0.code, $0.text) }) {
      ReturnRejection.duplicateReason(field: $0, code: $1)
    }
    try ReturnReasonTable.replace(with: reasons, in: tx)
    tx.record(
      DomainEvent(
        "return-reasons.replaced", DocumentReference(.masterData, "return-reasons"),
        [Fact("reasons", reasons.count)]))
    return reasons
  }
}

/// All SQL of `return_reason`.
private enum ReturnReasonTable {
  static func list(in snapshot: Snapshot) throws -> [ReturnReason] {
    try snapshot.all("SELECT code, text, responsible FROM return_reason ORDER BY position") { row in
      ReturnReason(code: row.text(0), text: row.text(1), responsible: try row.value(2))
    }
  }

  static func replace(with reasons: [ReturnReason], in tx: Transaction) throws {
    try tx.execute("DELETE FROM return_reason")
    for (index, reason) in reasons.enumerated() {
      try tx.execute(
        "INSERT INTO return_reason (position, code, text, responsible) VALUES (?, ?, ?, ?)",
        index + 1, reason.code, reason.text, reason.responsible)
    }
  }
}

extension Responsible: Bindable {}
