package import MasterData
package import Storage
package import Values

/// Who is told of an event by a channel.
package struct NoticeRule: Hashable, Sendable {
  package enum Audience: String, Hashable, Sendable, CaseIterable {
    /// Whom the event concerns, at one of its contacts.
    case customer = "CUSTOMER"
    /// Mailboxes of the house.
    case staff = "STAFF"
  }

  package let code: String
  package let eventType: String
  package let channel: NoticeChannel
  package let audience: Audience
  package let purpose: Consent.Purpose
  package let locale: String
  /// Of staff alone.
  package let addresses: [String]
  package let isActive: Bool
  package var version: Int64
  /// Of staff: only of what this role is to do something about; empty for all.
  package var role = ""
  /// Of staff: only of documents whose customer is at home in this store; empty for all.
  package var storeCode = ""
  /// When nothing is sent, unless the customer says otherwise.
  package var quiet: QuietHours?
  /// To one recipient by the channel within an hour; nil for no limit.
  package var hourlyLimit: Int?

  package init(
    code: String, eventType: String, channel: NoticeChannel, audience: Audience,
    purpose: Consent.Purpose, locale: String, addresses: [String], isActive: Bool, version: Int64
  ) {
    self.code = code
    self.eventType = eventType
    self.channel = channel
    self.audience = audience
    self.purpose = purpose
    self.locale = locale
    self.addresses = addresses
    self.isActive = isActive
    self.version = version
  }

  package var origin: String { "rule \(code)" }

  /// Of one rule.
  static let addressLimit = 20
  /// More than a company tells apart.
  static let limit = 200
}

extension NoticeRule.Audience: Bindable {}

/// Questions about rules.
package enum NoticeRules {
  /// By code.
  package static func list(in snapshot: Snapshot) throws -> [NoticeRule] {
    try NoticeRuleTable.list(in: snapshot)
  }
}

/// Adds a rule or changes it; from then on it holds for what happens.
package struct SetNoticeRule: Sendable {
  /// Its version is the one that the caller has seen; 0 for any.
  package let rule: NoticeRule
  /// Channels that the server can send by.
  package let channels: Set<NoticeChannel>
  /// Where the log of events ends: nothing before it is told.
  package let since: Int64

  package init(_ rule: NoticeRule, channels: Set<NoticeChannel>, since: Int64) {
    self.rule = rule
    self.channels = channels
    self.since = since
  }

  /// `nearest` finds what somebody may have meant.
  package func run(
    in tx: Transaction, at now: Moment,
    nearest: (_ known: [String], _ given: String) -> String?
  ) throws -> NoticeRule {
    let path = FieldPath("rule")
    let stored = try NoticeRuleTable.find(rule.code, in: tx)
    var check = FieldCheck(path)
    check.code(rule.code, "code")
    checkEvent(path, nearest, &check)
    if rule.channel == .webhook {
      check.refuse(NotificationsRejection.webhookHasNoTemplate(field: path.field("channel")))
    } else if rule.isActive, !channels.contains(rule.channel) {
      check.refuse(
        NotificationsRejection.channelWithoutSender(
          field: path.field("channel"), channel: rule.channel))
    }
    if !NoticeLocale.isWellFormed(rule.locale) {
      check.refuse(
        NotificationsRejection.invalidLocale(field: path.field("locale")).ifNamed(rule.locale))
    }
    checkAddresses(path, &check)
    checkAudience(path, &check)
    check.version(rule.version, stored: stored?.version, code: rule.code)
    if stored == nil, try NoticeRuleTable.count(in: tx) >= NoticeRule.limit {
      check.refuse(CustomerRejection.tooMany(field: "rule", limit: NoticeRule.limit))
    }
    try check.pass()
    guard
      try NoticeTemplates.find(
        rule.eventType, to: rule.audience, by: rule.channel, locale: rule.locale, in: tx) != nil
    else {
      throw NotificationsRejection.noTemplate(
        field: path.field("event_type"), event: rule.eventType, channel: rule.channel,
        locale: rule.locale)
    }
    var written = rule
    written.version = stored?.version ?? 0
    if written == stored { return written }
    written.version += 1
    // What another rule was for, or one that did not hold, begins anew.
    let goesOn = stored.map { $0.isActive && $0.eventType == rule.eventType } ?? false
    try NoticeRuleTable.upsert(written, since: goesOn ? nil : since, in: tx)
    tx.record(
      DomainEvent(
        "notice-rule.set", DocumentReference(.masterData, "notice-rule/\(rule.code)"),
        [
          Fact("event", rule.eventType), Fact("channel", rule.channel.rawValue),
          Fact("audience", rule.audience.rawValue), Fact("active", rule.isActive),
        ]))
    return written
  }

  private func checkAudience(_ path: FieldPath, _ check: inout FieldCheck) {
    for (code, name) in [(rule.role, "role"), (rule.storeCode, "store_code")] where !code.isEmpty {
      check.code(code, name)
      if rule.audience != .staff {
        check.refuse(NotificationsRejection.forStaffAlone(field: path.field(name)))
      }
    }
    if !rule.role.isEmpty, let kind = NoticeKind.of(rule.eventType), !kind.hasRole {
      check.refuse(
        NotificationsRejection.eventHasNoRole(field: path.field("role"), event: kind.type))
    }
    if let kind = NoticeKind.of(rule.eventType), !kind.hasCustomer {
      for (name, isGiven) in [
        ("audience", rule.audience == .customer), ("store_code", !rule.storeCode.isEmpty),
      ] where isGiven {
        check.refuse(
          NotificationsRejection.eventHasNoCustomer(field: path.field(name), event: kind.type))
      }
    }
    rule.quiet?.check(&check)
    if let limit = rule.hourlyLimit { check.range(limit, "hourly_limit", 1...1_000) }
  }

  private func checkEvent(
    _ path: FieldPath, _ nearest: (_ known: [String], _ given: String) -> String?,
    _ check: inout FieldCheck
  ) {
    guard NoticeKind.of(rule.eventType) == nil else { return }
    check.refuse(
      NotificationsRejection.unknownEvent(
        field: path.field("event_type"), type: String(rule.eventType.prefix(60)),
        nearest: nearest(NoticeKind.all.map(\.type), rule.eventType)
      ).ifNamed(rule.eventType))
  }

  private func checkAddresses(_ path: FieldPath, _ check: inout FieldCheck) {
    let wanted = rule.audience == .staff ? 1...NoticeRule.addressLimit : 0...0
    check.range(rule.addresses.count, "addresses", wanted)
    for (index, address) in rule.addresses.prefix(NoticeRule.addressLimit).enumerated()
    where !Mailbox.isWellFormed(address) {
      check.refuse(
        NotificationsRejection.invalidMailbox(field: path.field("addresses[\(index)]")))
    }
  }
}

/// E-mail addresses.
package enum Mailbox {
  /// A name, @ and a domain, without blanks, controls, and what would end an address on the wire.
  package static func isWellFormed(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
      && parts[0].utf8.count <= 64
      && text.unicodeScalars.allSatisfy {
        !$0.properties.isWhitespace && $0.properties.generalCategory != .control
          && !"<>\"(),;:\\[]".unicodeScalars.contains($0)
      }
  }
}
