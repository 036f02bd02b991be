import Finance
package import MasterData
package import Storage
package import Values

/// Something that is open, as those who remind of it see it.
struct OpenInvoice: Hashable, Sendable {
  let id: ID<OpenInvoice>
  let number: String
  let customerCode: String
  let orderNumber: String
  let dueOn: Day
  /// In its own currency.
  let open: Money
  let baseOpen: Money
  /// Reminded of; 0 for none.
  let level: Int
  let letterNumber: String
  let blocksOrders: Bool
  let stoppedUntil: Day?
  /// Of the newest promise.
  let promisedOn: Day?
  let hasComplaint: Bool

  func daysOverdue(on day: Day) -> Int { Self.days(from: dueOn, to: day) }

  static func days(from first: Day, to last: Day) -> Int {
    Int(last.daysSinceEpoch) - Int(first.daysSinceEpoch)
  }

  /// Why nobody is reminded of it on a day; nil where somebody is.
  func pause(by policy: DunningPolicy?, on day: Day) -> DunnedInvoice.Pause? {
    if let stoppedUntil, stoppedUntil >= day { return .stopped }
    if let promisedOn, promisedOn >= day { return .promised }
    if hasComplaint, policy?.sparesComplaints == true { return .complaint }
    if let policy, baseOpen.minor < policy.minimum.minor { return .small }
    return nil
  }
}

/// An overdue invoice, and how far its customer was reminded of it.
package struct DunnedInvoice: Hashable, Sendable {
  /// Why nobody is reminded of it now.
  package enum Pause: Hashable, Sendable { case stopped, promised, complaint, small }

  package let number: String
  package let orderNumber: String
  package let dueOn: Day
  package let daysOverdue: Int
  package let open: Money
  package let level: Int
  package let letterNumber: String
  /// Nil where there is none.
  package let nextLevel: Int?
  package let nextOn: Day?
  package let pause: Pause?

  init(_ invoice: OpenInvoice, by policy: DunningPolicy?, on day: Day) {
    number = invoice.number
    orderNumber = invoice.orderNumber
    dueOn = invoice.dueOn
    daysOverdue = invoice.daysOverdue(on: day)
    self.open = invoice.open
    level = invoice.level
    letterNumber = invoice.letterNumber
    pause = invoice.pause(by: policy, on: day)
    let reached = policy?.level(daysOverdue: daysOverdue) ?? 0
    let next = max(invoice.level + 1, reached)
    let levels = policy?.levels ?? []
    nextLevel = next <= levels.count ? next : nil
    nextOn = next <= levels.count ? dueOn.adding(days: levels[next - 1].afterDays) : nil
  }
}

/// A customer's overdue invoices in a few figures.
package struct DunningSummary: Hashable, Sendable {
  package let customerCode: String
  package private(set) var invoices: Int64 = 0
  package private(set) var overdue: Money
  package private(set) var oldestDueOn: Day
  package private(set) var level = 0
  package private(set) var blocksOrders = false
  package private(set) var heldBack: Int64 = 0

  /// Nil for none at all; they are of one customer.
  init?(
    _ invoices: [OpenInvoice], by policy: DunningPolicy?, on day: Day
  ) throws(ArithmeticError) {
    guard let first = invoices.first else { return nil }
    customerCode = first.customerCode
    overdue = .zero(first.baseOpen.currency)
    oldestDueOn = first.dueOn
    for invoice in invoices {
      let pause = invoice.pause(by: policy, on: day)
      self.invoices += 1
      overdue = try overdue + invoice.baseOpen
      oldestDueOn = min(oldestDueOn, invoice.dueOn)
      level = max(level, invoice.level)
      blocksOrders = blocksOrders || invoice.blocks(pause)
      if let pause, pause != .small { heldBack += 1 }
    }
  }
}

extension OpenInvoice {
  /// What is disputed, promised or complained about holds nothing else up; what is left of an
  /// invoice that is nearly paid neither.
  func blocks(_ pause: DunnedInvoice.Pause?) -> Bool { blocksOrders && pause == nil }
}

/// Questions about who is reminded of what.
package enum Dunning {
  /// Of one customer.
  package struct Overview: Hashable, Sendable {
    /// Nil where nothing is overdue.
    package let summary: DunningSummary?
    /// The longest overdue first, at most 500.
    package let invoices: [DunnedInvoice]
    /// Those that last, the newest first.
    package let stops: [DunningStop]
    /// The newest first.
    package let promises: [PaymentPromise]
    /// What of booked fees and interest is open, in the base currency.
    package let openClaims: Money
  }

  package static func overview(
    of customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> Overview {
    let policy = try DunningPolicies.inForce(on: day, in: snapshot)
    let invoices = try DunningTable.overdue(
      of: customer.id, on: day, limit: RunDunning.invoices, in: snapshot)
    return Overview(
      summary: try DunningSummary(invoices, by: policy, on: day),
      invoices: invoices.map { DunnedInvoice($0, by: policy, on: day) },
      stops: try DunningStopTable.current(of: customer, on: day, limit: 100, in: snapshot),
      promises: try PaymentPromiseTable.list(of: customer, on: day, limit: 100, in: snapshot),
      openClaims: Money(
        minor: try DunningTable.openClaims(of: customer.id, in: snapshot),
        currency: customer.baseCurrency))
  }

  /// In a few figures; nil where nothing is overdue.
  package static func summary(
    of customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> DunningSummary? {
    try DunningSummary(
      DunningTable.overdue(of: customer.id, on: day, limit: RunDunning.invoices, in: snapshot),
      by: DunningPolicies.inForce(on: day, in: snapshot), on: day)
  }

  /// Customers in scope with something overdue, reminded of `level` at least, by code, from the one
  /// after `code` on.
  package static func list(
    level: Int, on day: Day, after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [DunningSummary] {
    let policy = try DunningPolicies.inForce(on: day, in: snapshot)
    return try DunningTable.customers(
      level: level, on: day, after: code ?? "", limit: limit, in: snapshot
    ).compactMap { customer in
      try DunningSummary(
        DunningTable.overdue(of: customer, on: day, limit: RunDunning.invoices, in: snapshot),
        by: policy, on: day)
    }
  }
}

extension Finding {
  /// That a customer was reminded of something so often that it gets no more on terms; nil where it
  /// was not, or pays ahead.
  static func debt(
    of customer: Customer, in snapshot: Snapshot, at now: Moment
  ) throws -> Finding? {
    guard customer.terms.netDays > 0, customer.terms.deposit < .one else { return nil }
    let policy = try DunningPolicies.inForce(on: now.day, in: snapshot)
    let debt = try DunningTable.blocking(of: customer.id, on: now.day, in: snapshot).first {
      $0.blocks($0.pause(by: policy, on: now.day))
    }
    guard let debt else { return nil }
    return Finding(
      cause: "DUNNING_LEVEL", policy: nil, hold: .credit, field: "order.customer_code",
      text: """
        \(debt.number) was due on \(debt.dueOn), and \(debt.open) of it is not paid after reminder \
        \(debt.level)
        """,
      facts: [
        Fact("invoice", debt.number), Fact("due_on", debt.dueOn), Fact("open", debt.open),
        Fact("level", debt.level), Fact("letter", debt.letterNumber),
      ])
  }
}
