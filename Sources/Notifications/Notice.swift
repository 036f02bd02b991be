internal import MasterData
package import Storage
package import Values

/// Where a notice stands.
package enum NoticeState: String, Hashable, Sendable, CaseIterable {
  /// Waits to be sent, for the first time or again. Can become any other.
  case pending = "PENDING"
  /// The other side has taken it. Final.
  case sent = "SENT"
  /// Refused for good, or too often. PENDING again or DISCARDED when somebody says so.
  case dead = "DEAD"
  /// Was not to be sent. Final.
  case suppressed = "SUPPRESSED"
  /// Somebody has decided that it is not sent. PENDING again when somebody says so.
  case discarded = "DISCARDED"

  package static let transitions: [NoticeState: Set<NoticeState>] = [
    .pending: [.sent, .dead, .suppressed, .discarded],
    .sent: [],
    .dead: [.pending, .discarded],
    .suppressed: [],
    .discarded: [.pending],
  ]

  package func mayBecome(_ next: NoticeState) -> Bool {
    Self.transitions[self, default: []].contains(next)
  }
}

extension NoticeState: Bindable {}

/// What is told to one recipient about one event by one channel.
package struct Notice: Hashable, Sendable {
  package let id: ID<Notice>
  /// Of the event, in the log of events.
  package let place: Int64
  package let eventType: String
  /// On whose timeline it happened.
  package let root: DocumentReference
  package let channel: NoticeChannel
  /// "rule CODE" or "webhook CODE".
  package let origin: String
  /// Names the recipient among all of the channel; holds nothing about a person.
  package let recipient: String
  /// Whom the event concerns; empty for nobody.
  package let customerCode: String
  /// Empty where there is no text to choose a language for.
  package let locale: String
  package var state: NoticeState
  /// How often it was tried.
  package var attempts: Int
  package let createdAt: Instant
  /// When it is tried next, if it is pending.
  package var dueAt: Instant
  /// When it came to its last state; nil while it is pending.
  package var settledAt: Instant?
  /// Counts the changes, from 1.
  package var version: Int64

  /// Refuses `next` where it may not be.
  func expect(_ next: NoticeState, action: String) throws {
    guard !state.mayBecome(next) else { return }
    throw NotificationsRejection.noticeStateForbids(id: id.value, state: state, action: action)
  }
}

/// What a notice says; the log's keeper encrypts each about its customer.
package struct NoticeTexts: Hashable, Sendable {
  /// An e-mail address; of a webhook nothing, which its own row says.
  package var address: String
  package var subject: String
  package var body: String
  /// Why it was not sent so far, or not at all.
  package var lastError: String

  package init(
    address: String = "", subject: String = "", body: String = "", lastError: String = ""
  ) {
    self.address = address
    self.subject = subject
    self.body = body
    self.lastError = lastError
  }

  /// Each changed by itself.
  package func map(_ change: (String) throws -> String) rethrows -> NoticeTexts {
    NoticeTexts(
      address: try change(address), subject: try change(subject), body: try change(body),
      lastError: try change(lastError))
  }
}

/// A notice that is to be made.
package struct NoticeDraft: Hashable, Sendable {
  package let event: HappenedEvent
  package let channel: NoticeChannel
  package let origin: String
  package let recipient: String
  package let customerCode: String
  package let locale: String
  /// In the clear.
  package let texts: NoticeTexts
  /// Whether it is not to be sent; `texts.lastError` says why.
  package let isSuppressed: Bool
  /// When its recipient is not disturbed, and how often at most within an hour.
  var quiet: QuietHours?
  var hourlyLimit: Int?
}

/// An event of the log, as notices are made of it.
package struct HappenedEvent: Hashable, Sendable {
  /// In the log of events.
  package let place: Int64
  package let type: String
  package let subject: DocumentReference
  package let root: DocumentReference
  package let facts: [Fact]
  /// When it is told, at the company's site.
  package let moment: Moment

  var day: Day { moment.day }

  package init(
    place: Int64, type: String, subject: DocumentReference, root: DocumentReference,
    facts: [Fact], moment: Moment
  ) {
    self.place = place
    self.type = type
    self.subject = subject
    self.root = root
    self.facts = facts
    self.moment = moment
  }

  package func fact(_ name: String) -> String { facts.first { $0.name == name }?.value ?? "" }
}

/// Questions about notices.
package enum Notices {
  /// Which a list is to show.
  package struct Filter: Hashable, Sendable {
    package var state: NoticeState?
    /// Empty for any.
    package var document: String
    /// Empty for any.
    package var customerCode: String
    /// Empty for any.
    package var origin: String

    package init(
      state: NoticeState? = nil, document: String = "", customerCode: String = "",
      origin: String = ""
    ) {
      self.state = state
      self.document = document
      self.customerCode = customerCode
      self.origin = origin
    }
  }

  /// Those in scope, the newest first, from the one before `id` on (nil: from the newest).
  package static func list(
    _ filter: Filter = Filter(), before id: ID<Notice>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Notice] {
    let code = filter.customerCode
    let codes =
      code.isEmpty
      ? []
      : try Customers.find(code: code, in: snapshot).map {
        try Customers.codes(of: $0, in: snapshot)
      } ?? [code]
    return try NoticeTable.list(
      filter, codes: codes, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Refuses one that is unknown or out of scope.
  package static func require(_ id: ID<Notice>, in snapshot: Snapshot) throws -> Notice {
    guard let found = try NoticeTable.seen(id, in: snapshot) else {
      throw NotificationsRejection.unknownNotice(field: "id")
    }
    return found
  }

  /// As they are stored.
  package static func texts(of id: ID<Notice>, in snapshot: Snapshot) throws -> NoticeTexts {
    try NoticeTable.texts(of: id, in: snapshot)
  }

  /// Why a notice to a customer may not be sent any more, since it may have waited for long: what
  /// the customer has said meanwhile. Nil where it may.
  package static func objection(to notice: Notice, in snapshot: Snapshot) throws -> String? {
    guard notice.recipient.hasPrefix("customer "), let channel = notice.channel.consent,
      let customer = try Customers.find(code: notice.customerCode, in: snapshot),
      let rule = try NoticeRuleTable.find(
        String(notice.origin.dropFirst("rule ".count)), in: snapshot)
    else { return nil }
    let may = try Consents.mayContact(customer, by: channel, for: rule.purpose, in: snapshot)
    return may.isAllowed ? nil : may.explanation.steps.first?.rule ?? "NO_CONSENT"
  }

  /// How many wait to be sent, and how many are dead.
  package static func depth(in snapshot: Snapshot) throws -> (pending: Int, dead: Int) {
    (
      try NoticeTable.count(.pending, in: snapshot), try NoticeTable.count(.dead, in: snapshot)
    )
  }

  /// What may be sent now to one recipient or by one channel, the longest due first. Of one
  /// document only the oldest to a recipient: what happened first is told first.
  package static func due(
    lane: String, at now: Instant, limit: Int, in snapshot: Snapshot
  ) throws -> [Notice] {
    try NoticeTable.due(lane: lane, at: now, limit: limit, in: snapshot)
  }

  /// Where something waits: "EMAIL", and each webhook by itself, so that one that hangs holds up
  /// nobody else.
  package static func lanes(in snapshot: Snapshot) throws -> [String] {
    try NoticeTable.lanes(in: snapshot)
  }

  /// When the next that waits is due; nil when none does.
  package static func nextDue(in snapshot: Snapshot) throws -> Instant? {
    try NoticeTable.nextDue(in: snapshot)
  }

  /// What waits for a person who is erased is not sent.
  package static func suppressPending(
    about codes: [String], at now: Instant, in tx: Transaction
  ) throws {
    for code in codes { try NoticeTable.suppressPending(about: code, at: now, in: tx) }
  }
}
