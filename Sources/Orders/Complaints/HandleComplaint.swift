import Finance
import MasterData
package import Storage
package import Values

/// Opens a complaint about an order or a line of it, to be resolved by when its severity says.
package struct OpenComplaint: Sendable {
  package let orderNumber: String
  /// 0 for the whole.
  package let line: Int
  package let category: ComplaintCategory
  package let severity: ComplaintSeverity
  /// Nil where nobody says.
  package let channel: ComplaintChannel?
  /// What the customer says.
  package let text: String
  /// Who asks.
  package let actor: String

  package init(
    orderNumber: String, line: Int = 0, category: ComplaintCategory, severity: ComplaintSeverity,
    channel: ComplaintChannel? = nil, text: String, by actor: String
  ) {
    self.orderNumber = orderNumber
    self.line = line
    self.category = category
    self.severity = severity
    self.channel = channel
    self.text = text
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Complaint {
    var check = FieldCheck(.request)
    check.text(text, "text", limit: 2_000, required: true)
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    if line != 0 { _ = try order.index(ofLine: line, field: "line_number") }
    let term = try Complaints.term(severity, in: tx)
    let clock = try TermClock(inBusinessHours: term.inBusinessHours, in: tx)
    var found = Complaint(
      id: ID(0), number: try DocumentNumbers.next(.complaint, on: now.day, in: tx), version: 1,
      state: .open, order: order.id, orderNumber: order.number, customerCode: order.customerCode,
      line: line, sku: line == 0 ? "" : order.lines[line - 1].sku, category: category,
      severity: severity, text: text, assignee: "", openedBy: actor, openedAt: now.instant,
      dueAt: clock.deadline(of: term, now), level: 0, escalationRole: "", resolution: "",
      document: nil, resolvedAt: nil)
    found.inBusinessHours = term.inBusinessHours
    found.channel = channel
    try ComplaintTable.insert(found, in: tx)
    // What the customer says stands in the complaint, which can forget it; an event cannot.
    found.record(
      "complaint.opened",
      [
        Fact("category", category.rawValue), Fact("severity", severity.rawValue),
        Fact("line", line == 0 ? "" : "\(line)"), Fact("channel", channel?.rawValue ?? ""),
        Fact("due_at", found.dueAt),
        Fact("actor", actor),
      ], in: tx)
    return try Complaints.require(number: found.number, in: tx)
  }
}

/// Gives a complaint to somebody, who works on it from now on.
package struct AssignComplaint: Sendable {
  package let number: String
  /// Name of a principal; empty for who asks.
  package let assignee: String
  /// Who asks.
  package let actor: String

  package init(number: String, assignee: String = "", by actor: String) {
    self.number = number
    self.assignee = assignee
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Complaint {
    var check = FieldCheck(.request)
    check.text(assignee, "assignee", limit: 100)
    try check.pass()
    var found = try Complaints.require(number: number, in: tx)
    try found.expect(resolved: false, to: "assign")
    found.assignee = assignee.isEmpty ? actor : assignee
    found.state = .inProgress
    try found.save(in: tx)
    found.record(
      "complaint.assigned", [Fact("assignee", found.assignee), Fact("actor", actor)], in: tx)
    return found
  }
}

/// Says how a complaint ended, and by which document of its order.
package struct ResolveComplaint: Sendable {
  package let number: String
  package let resolution: String
  /// Of a return, exchange, credit note, order, shipment or invoice; empty for none.
  package let documentNumber: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, resolution: String, documentNumber: String = "", by actor: String
  ) {
    self.number = number
    self.resolution = resolution
    self.documentNumber = documentNumber
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Complaint {
    var check = FieldCheck(.request)
    check.text(resolution, "resolution", limit: 2_000, required: true)
    try check.pass()
    var found = try Complaints.require(number: number, in: tx)
    try found.expect(resolved: false, to: "resolve")
    found.document = try document(of: found, in: tx)
    _ = try found.resume(by: actor, in: tx, at: now)
    found.resolution = resolution
    found.state = .resolved
    found.resolvedAt = now.instant
    try found.save(in: tx)
    found.record(
      "complaint.resolved",
      [Fact("document", found.document?.number ?? ""), Fact("actor", actor)], in: tx)
    return found
  }

  /// It must be about the same customer as the complaint.
  private func document(
    of found: Complaint, in snapshot: Snapshot
  ) throws -> DocumentReference? {
    guard !documentNumber.isEmpty else { return nil }
    let field = "document_number"
    let prefix = documentNumber.prefix { $0 != "-" }
    let kind = DocumentKind.allCases.first { $0.prefix == prefix }
    let customer: String?
    switch kind {
    case .customerReturn:
      customer = try Returns.require(number: documentNumber, field: field, in: snapshot)
        .customerCode
    case .exchange:
      let exchange = try Exchanges.require(number: documentNumber, field: field, in: snapshot)
      customer = try SalesOrders.require(number: exchange.originNumber, in: snapshot)
        .customerCode
    case .creditNote:
      customer = try CreditNotes.require(number: documentNumber, field: field, in: snapshot)
        .customerCode
    case .salesOrder:
      customer = try SalesOrders.require(number: documentNumber, field: field, in: snapshot)
        .customerCode
    case .invoice:
      customer = try Invoices.require(number: documentNumber, field: field, in: snapshot)
        .customerCode
    case .shipment:
      let shipment = try Shipments.require(number: documentNumber, field: field, in: snapshot)
      customer = try SalesOrders.require(number: shipment.orderNumber, in: snapshot).customerCode
    default: customer = nil
    }
    guard let kind, customer == found.customerCode else {
      throw ComplaintRejection.foreignDocument(
        field: field, number: found.number, document: String(documentNumber.prefix(60)))
    }
    return DocumentReference(kind, documentNumber)
  }
}

/// Opens a resolved complaint again, with a new deadline.
package struct ReopenComplaint: Sendable {
  package let number: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, by actor: String) {
    self.number = number
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Complaint {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var found = try Complaints.require(number: number, in: tx)
    try found.expect(resolved: true, to: "reopen")
    let term = try Complaints.term(found.severity, in: tx)
    found.state = found.assignee.isEmpty ? .open : .inProgress
    found.inBusinessHours = term.inBusinessHours
    found.dueAt = try TermClock(found, in: tx).deadline(of: term, now)
    found.resolvedAt = nil
    found.document = nil
    try found.save(in: tx)
    found.record("complaint.reopened", [Fact("actor", actor), Fact("reason", reason)], in: tx)
    return found
  }
}

/// Raises the level of every complaint in scope whose deadline has passed, and gives it a new one:
/// so once for each deadline, whenever and however often it runs.
package struct EscalateComplaints: Sendable {
  package init() {}

  /// In one go; whoever gets as many asks again.
  package static let limit = 500

  package func run(in tx: Transaction, at now: Moment) throws -> [Complaint] {
    var escalated: [Complaint] = []
    for var found in try ComplaintTable.overdue(at: now.instant, limit: Self.limit, in: tx) {
      try found.escalate(in: tx, at: now)
      try found.save(in: tx)
      escalated.append(found)
    }
    return escalated
  }
}

extension Complaint {
  /// Its deadline has passed: it goes up, and gets a new one. It is still to be saved.
  mutating func escalate(in tx: Transaction, at now: Moment) throws {
    let term = try Complaints.term(severity, in: tx)
    let missed = dueAt
    level += 1
    escalationRole = term.escalationRole
    inBusinessHours = term.inBusinessHours
    dueAt = try TermClock(self, in: tx).deadline(of: term, now)
    record(
      "complaint.escalated",
      [
        Fact("level", level), Fact("role", escalationRole), Fact("missed", missed),
        Fact("due_at", dueAt), Fact("assignee", assignee),
      ], in: tx)
  }
}

/// Replaces by when complaints are to be resolved. Complaints keep the deadline that they have.
package struct ReplaceComplaintTerms: Sendable {
  package let terms: [ComplaintTerm]

  package init(terms: [ComplaintTerm]) { self.terms = terms }

  package func run(in tx: Transaction, at now: Moment) throws -> [ComplaintTerm] {
    var check = FieldCheck(.request)
    let all = ComplaintSeverity.allCases.count
    check.range(terms.count, "terms", all...all)
    try check.pass()
    var seen: Set<ComplaintSeverity> = []
    for (index, term) in terms.enumerated() {
      var found = FieldCheck(FieldPath("terms", row: index))
      found.range(term.hours, "hours", 1...8_760)
      found.code(term.escalationRole, "escalation_role")
      if !seen.insert(term.severity).inserted {
        found.refuse(
          ComplaintRejection.duplicateSeverity(
            field: found.path.field("severity"), severity: term.severity))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    try ComplaintTable.replace(with: terms, in: tx)
    tx.record(
      DomainEvent(
        "complaint-terms.replaced", DocumentReference(.masterData, "complaint-terms"),
        terms.map {
          Fact(
            $0.severity.rawValue.lowercased(),
            "\($0.hours) \($0.inBusinessHours ? "business h" : "h")")
        }))
    return try Complaints.terms(in: tx)
  }
}
