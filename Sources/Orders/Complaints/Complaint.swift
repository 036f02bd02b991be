import MasterData
package import Storage
package import Values

/// What a complaint is about.
package enum ComplaintCategory: String, Hashable, Sendable, CaseIterable {
  case quality = "QUALITY"
  case damage = "DAMAGE"
  case missingParts = "MISSING_PARTS"
  case delay = "DELAY"
  case service = "SERVICE"
  case billing = "BILLING"
  case other = "OTHER"
}

/// By which way a customer complained.
package enum ComplaintChannel: String, Hashable, Sendable, CaseIterable {
  case phone = "PHONE"
  case store = "STORE"
  case wechat = "WECHAT"
  case email = "EMAIL"
  case web = "WEB"
  case marketplace = "MARKETPLACE"
  case crew = "CREW"
}

/// How bad it is, the least first.
package enum ComplaintSeverity: String, Hashable, Sendable, CaseIterable {
  case low = "LOW"
  case normal = "NORMAL"
  case high = "HIGH"
  case critical = "CRITICAL"
}

/// Where a complaint stands.
package enum ComplaintState: String, Hashable, Sendable, CaseIterable {
  /// Nobody works on it.
  case open = "OPEN"
  case inProgress = "IN_PROGRESS"
  /// It has ended, and may be opened again.
  case resolved = "RESOLVED"
}

/// By when complaints of a severity are to be resolved: a row of a table that the company keeps.
package struct ComplaintTerm: Hashable, Sendable {
  package let severity: ComplaintSeverity
  /// After they were opened, or escalated.
  package let hours: Int
  /// That is to look after those that pass it.
  package let escalationRole: String
  /// The hours are those that the company works; otherwise all count.
  package let inBusinessHours: Bool

  package init(
    severity: ComplaintSeverity, hours: Int, escalationRole: String, inBusinessHours: Bool = false
  ) {
    self.severity = severity
    self.hours = hours
    self.escalationRole = escalationRole
    self.inBusinessHours = inBusinessHours
  }
}

/// What a customer is not content with about an order or a line of it.
package struct Complaint: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Complaint>
  /// "CP-2026-000012".
  package let number: String
  /// Counts the changes, from 1.
  package internal(set) var version: Int64
  package internal(set) var state: ComplaintState
  package let order: ID<SalesOrder>
  package let orderNumber: String
  package let customerCode: String
  /// 0 for the whole.
  package let line: Int
  /// Of the line; empty for the whole.
  package let sku: String
  package let category: ComplaintCategory
  package let severity: ComplaintSeverity
  /// What the customer says.
  package let text: String
  /// Empty for nobody.
  package internal(set) var assignee: String
  package let openedBy: String
  package let openedAt: Instant
  package internal(set) var dueAt: Instant
  /// Deadlines that have passed.
  package internal(set) var level: Int
  /// Empty before the first escalation.
  package internal(set) var escalationRole: String
  package internal(set) var resolution: String
  /// By which it was resolved.
  package internal(set) var document: DocumentReference?
  package internal(set) var resolvedAt: Instant?
  /// Its clock counts the hours that the company works.
  package internal(set) var inBusinessHours = false
  /// Until when its clock stands still, or stood the last time; nil where somebody let it go on.
  package internal(set) var pausedUntil: Instant?
  /// Nil where nobody said.
  package internal(set) var channel: ComplaintChannel?

  package var reference: DocumentReference { DocumentReference(.complaint, number) }

  /// Says what happened to it, on the order's timeline, too.
  func record(_ event: String, _ facts: [Fact], in tx: Transaction) {
    tx.record(
      DomainEvent(
        event, reference, related: DocumentReference(.salesOrder, orderNumber), facts))
  }

  mutating func save(in tx: Transaction) throws {
    try ComplaintTable.update(self, in: tx)
    version += 1
  }

  /// Refuses what has ended, or what has not.
  func expect(resolved: Bool, to action: String) throws(ComplaintRejection) {
    guard (state == .resolved) != resolved else { return }
    throw .stateForbids(number: number, state: state, action: action)
  }
}

/// Questions about complaints.
package enum Complaints {
  /// The complaint that a field of a request names; refuses an unknown one, and one about an order
  /// out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> Complaint {
    guard let found = try ComplaintTable.find(number, in: snapshot) else {
      throw ComplaintRejection.unknownComplaint(field: field(), number: number).ifNamed(number)
    }
    return found
  }

  /// Nil when there is none about an order in scope.
  static func find(number: String, in snapshot: Snapshot) throws -> Complaint? {
    try ComplaintTable.find(number, in: snapshot)
  }

  /// About orders in scope, the newest first, from the one before `id` on.
  package static func list(
    order: SalesOrder? = nil, state: ComplaintState? = nil, category: ComplaintCategory? = nil,
    before id: ID<Complaint>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Complaint] {
    let id = id ?? ID(.max)
    if let order {
      return try ComplaintTable.ofOrder(
        order.id, state, category, before: id, limit: limit, in: snapshot)
    }
    if let state {
      return try ComplaintTable.inState(
        state, category, before: id, limit: limit, in: snapshot)
    }
    return try ComplaintTable.all(category, before: id, limit: limit, in: snapshot)
  }

  /// About one customer's orders in scope, the newest first; all, or what is not resolved.
  package static func of(
    customer: String, openOnly: Bool = false, before id: ID<Complaint>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Complaint] {
    try ComplaintTable.ofCustomer(
      customer, openOnly: openOnly, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// By when complaints are to be resolved, the least severe first.
  package static func terms(in snapshot: Snapshot) throws -> [ComplaintTerm] {
    try ComplaintTable.terms(in: snapshot)
  }

  static func term(
    _ severity: ComplaintSeverity, in snapshot: Snapshot
  ) throws -> ComplaintTerm {
    guard let term = try terms(in: snapshot).first(where: { $0.severity == severity }) else {
      throw MissingRow("complaint_term", 0)
    }
    return term
  }
}
