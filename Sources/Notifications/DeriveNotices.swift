package import MasterData
package import Storage
package import Values

/// Who wants to be told of what, as it stands: what the log of events is followed for.
package struct NoticeInterest: Sendable {
  private let rules: [(rule: NoticeRule, since: Int64)]
  private let webhooks: [(webhook: Webhook, since: Int64)]

  package init(in snapshot: Snapshot) throws {
    rules = try NoticeRuleTable.active(in: snapshot)
    webhooks = try WebhookTable.active(in: snapshot)
  }

  /// Nobody wants to be told of anything.
  package var isEmpty: Bool { rules.isEmpty && webhooks.isEmpty }

  /// The place in the log before which nobody wants to be told.
  package var start: Int64 { (rules.map(\.since) + webhooks.map(\.since)).min() ?? .max }

  /// What is to be told about an event, rendered; nothing is written.
  package func drafts(of event: HappenedEvent, in snapshot: Snapshot) throws -> [NoticeDraft] {
    try people(event, in: snapshot) + programs(event, in: snapshot)
  }

  private func people(_ event: HappenedEvent, in snapshot: Snapshot) throws -> [NoticeDraft] {
    let wanted = rules.filter { $0.since < event.place && $0.rule.eventType == event.type }
    guard !wanted.isEmpty, let kind = NoticeKind.of(event.type),
      let subject = try NoticeSubject.of(event, kind, in: snapshot)
    else { return [] }
    return try wanted.flatMap { rule, _ in
      switch rule.audience {
      case .customer:
        kind.hasCustomer ? [try customer(rule, event, subject, in: snapshot)] : []
      case .staff: try staff(rule, event, subject, in: snapshot)
      }
    }
  }

  /// A customer hears of an event once by a channel, whatever rules say so.
  private func customer(
    _ rule: NoticeRule, _ event: HappenedEvent, _ subject: NoticeSubject, in snapshot: Snapshot
  ) throws -> NoticeDraft {
    let customer = try Customers.fetch(code: subject.customerCode, in: snapshot)
    let preference = try NoticePreferences.of(customer, in: snapshot)
    let locale = preference.locale.isEmpty ? rule.locale : preference.locale
    func draft(_ texts: NoticeTexts, _ locale: String, suppressed: Bool) -> NoticeDraft {
      NoticeDraft(
        event: event, channel: rule.channel, origin: rule.origin,
        recipient: "customer \(customer.code)", customerCode: customer.code, locale: locale,
        texts: texts, isSuppressed: suppressed, quiet: preference.quiet ?? rule.quiet,
        hourlyLimit: rule.hourlyLimit)
    }
    func suppressed(_ why: String) -> NoticeDraft {
      draft(NoticeTexts(lastError: why), locale, suppressed: true)
    }
    guard let channel = rule.channel.consent else { return suppressed("NO_ADDRESS") }
    let may = try Consents.mayContact(customer, by: channel, for: rule.purpose, in: snapshot)
    guard may.isAllowed else {
      return suppressed(may.explanation.steps.first?.rule ?? "NO_CONSENT")
    }
    if let only = preference.channel, only != rule.channel {
      return suppressed("PREFERS_\(only.rawValue)")
    }
    guard let address = try address(rule, of: customer, in: snapshot) else {
      return suppressed("NO_ADDRESS")
    }
    guard
      let (texts, used) = try texts(rule, locale, subject, to: address, in: snapshot)
    else { return suppressed("NO_TEMPLATE") }
    return draft(texts, used, suppressed: false)
  }

  /// Of the role that fits first, then who is there for anything, then the others; whom the
  /// customer prefers before who is there as well.
  private func address(
    _ rule: NoticeRule, of customer: Customer, in snapshot: Snapshot
  ) throws -> String? {
    let contacts = try Contacts.list(of: customer, in: snapshot)
    let role = NoticeKind.of(rule.eventType)?.contactRole ?? .general
    let sorted =
      contacts.filter { $0.role == role }
      + contacts.filter { $0.role != role && $0.role == .general }
      + contacts.filter { $0.role != role && $0.role != .general }
    let addresses: [String] =
      switch rule.channel {
      case .email: sorted.map(\.email).filter(Mailbox.isWellFormed)
      case .sms: (sorted.map(\.phone) + [customer.phone]).filter { !$0.isEmpty }
      // Nobody has said where customers are found there.
      case .wechat, .webhook: []
      }
    return addresses.first
  }

  private func staff(
    _ rule: NoticeRule, _ event: HappenedEvent, _ subject: NoticeSubject, in snapshot: Snapshot
  ) throws -> [NoticeDraft] {
    guard try isFor(rule, event, subject, in: snapshot) else { return [] }
    return try rule.addresses.compactMap { address in
      guard
        let (texts, locale) = try texts(rule, rule.locale, subject, to: address, in: snapshot)
      else { return nil }
      return NoticeDraft(
        event: event, channel: rule.channel, origin: rule.origin,
        recipient: "mailbox \(address.lowercased())", customerCode: subject.customerCode,
        locale: locale, texts: texts, isSuppressed: false, quiet: rule.quiet,
        hourlyLimit: rule.hourlyLimit)
    }
  }

  /// Whether the role and the store that a rule asks for have to do with an event.
  private func isFor(
    _ rule: NoticeRule, _ event: HappenedEvent, _ subject: NoticeSubject, in snapshot: Snapshot
  ) throws -> Bool {
    let roles = ["role", "approver_role", "escalation_role"].map(event.fact)
    guard rule.role.isEmpty || roles.contains(rule.role) else { return false }
    guard !rule.storeCode.isEmpty else { return true }
    return try Customers.find(code: subject.customerCode, in: snapshot)?.storeCode
      == rule.storeCode
  }

  /// With the language that it is in.
  private func texts(
    _ rule: NoticeRule, _ locale: String, _ subject: NoticeSubject, to address: String,
    in snapshot: Snapshot
  ) throws -> (NoticeTexts, locale: String)? {
    guard
      let template = try NoticeTemplates.find(
        rule.eventType, to: rule.audience, by: rule.channel, locale: locale, in: snapshot)
    else { return nil }
    let rendered = try template.rendered(subject)
    return (
      NoticeTexts(address: address, subject: rendered.subject, body: rendered.body),
      template.locale
    )
  }

  private func programs(
    _ event: HappenedEvent, in snapshot: Snapshot
  ) throws -> [NoticeDraft] {
    webhooks.filter { $0.since < event.place && $0.webhook.wants(event) }.map { webhook, _ in
      NoticeDraft(
        event: event, channel: .webhook, origin: webhook.origin, recipient: webhook.origin,
        customerCode: "", locale: "", texts: NoticeTexts(), isSuppressed: false)
    }
  }
}

extension NoticeTemplate {
  /// What is sent of a document. Whatever a value holds, the subject stays one line.
  package func rendered(
    _ subject: NoticeSubject, _ path: FieldPath = FieldPath("template"),
    nearest: (_ known: [String], _ given: String) -> String? = { _, _ in nil }
  ) throws -> (subject: String, body: String) {
    let texts = try read(path, nearest: nearest)
    let values = subject.values(in: locale)
    let line = texts.subject.rendered(values)
      .split(whereSeparator: \.isNewline).joined(separator: " ")
    return (line, texts.body.rendered(values))
  }
}

/// Makes notices of what has happened, and notes how far the log of events has been told: both or
/// neither, so that nothing is told twice or never.
package struct WriteNotices: Sendable {
  package let drafts: [NoticeDraft]
  /// From where the events were read, and up to where.
  package let from: Int64
  package let through: Int64

  package init(_ drafts: [NoticeDraft], from: Int64, through: Int64) {
    self.drafts = drafts
    self.from = from
    self.through = through
  }

  /// How many are new. `seal` encrypts what is said about a customer.
  package func run(
    in tx: Transaction, at now: Moment, seal: (_ text: String, _ customer: String) throws -> String
  ) throws -> Int {
    // Somebody else has come further; what is there is not made again.
    guard try NoticeFeedTable.place(in: tx) <= from else { return 0 }
    var count = 0
    for draft in drafts {
      let sealed = try draft.texts.map { try seal($0, draft.customerCode) }
      if try NoticeTable.insert(draft, sealed: sealed, at: now, in: tx) { count += 1 }
    }
    try NoticeFeedTable.advance(to: through, in: tx)
    return count
  }
}

/// How far the log of events has been told.
package enum NoticeFeed {
  package static func place(in snapshot: Snapshot) throws -> Int64 {
    try NoticeFeedTable.place(in: snapshot)
  }
}
