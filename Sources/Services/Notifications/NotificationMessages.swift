internal import MasterData
internal import Messages
internal import Notifications
internal import Storage
internal import Values

// Messages to values and values to messages.

extension NoticeChannel {
  /// Nil for a channel that is not given or not known.
  init?(_ message: NotificationsV1.NoticeChannel) {
    switch message {
    case .email: self = .email
    case .webhook: self = .webhook
    case .sms: self = .sms
    case .wechat: self = .wechat
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: NotificationsV1.NoticeChannel {
    switch self {
    case .email: .email
    case .webhook: .webhook
    case .sms: .sms
    case .wechat: .wechat
    }
  }
}

extension NoticeState {
  /// Nil for a state that is not given or not known.
  init?(_ message: NotificationsV1.NoticeState) {
    switch message {
    case .pending: self = .pending
    case .sent: self = .sent
    case .dead: self = .dead
    case .suppressed: self = .suppressed
    case .discarded: self = .discarded
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: NotificationsV1.NoticeState {
    switch self {
    case .pending: .pending
    case .sent: .sent
    case .dead: .dead
    case .suppressed: .suppressed
    case .discarded: .discarded
    }
  }
}

extension NoticeTemplate {
  init(_ message: NotificationsV1.NoticeTemplate, _ reader: inout RequestReader) {
    let channel = reader.choice(
      NoticeChannel(message.channel), message.channel.rawValue, "template.channel")
    let audience = reader.choice(
      NoticeRule.Audience(message.audience), message.audience.rawValue, "template.audience",
      required: false)
    self.init(
      eventType: message.eventType, audience: audience ?? .customer, channel: channel ?? .email,
      locale: message.locale, subject: message.subject, body: message.body, version: message.version
    )
  }
}

extension NotificationsV1.NoticeTemplate {
  init(_ template: NoticeTemplate) {
    let kind = NoticeKind.of(template.eventType)
    self.init(
      eventType: template.eventType, channel: template.channel.message, locale: template.locale,
      subject: template.subject, body: template.body, version: template.version,
      placeholders: kind.map { $0.placeholders + $0.linePlaceholders } ?? [],
      audience: template.audience.message)
  }
}

extension NoticeRule.Audience {
  /// Nil for one that is not given or not known.
  init?(_ message: NotificationsV1.NoticeAudience) {
    switch message {
    case .customer: self = .customer
    case .staff: self = .staff
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: NotificationsV1.NoticeAudience {
    switch self {
    case .customer: .customer
    case .staff: .staff
    }
  }
}

extension NoticeRule {
  init(_ message: NotificationsV1.NoticeRule, _ reader: inout RequestReader) {
    let channel = reader.choice(
      NoticeChannel(message.channel), message.channel.rawValue, "rule.channel")
    let purpose: Consent.Purpose? =
      switch message.purpose {
      case .order: .order
      case .marketing: .marketing
      case .survey: .survey
      case .unspecified, .unrecognized: nil
      }
    self.init(
      code: message.code, eventType: message.eventType, channel: channel ?? .email,
      audience: reader.choice(
        Audience(message.audience), message.audience.rawValue, "rule.audience") ?? .customer,
      purpose: reader.choice(purpose, message.purpose.rawValue, "rule.purpose", required: false)
        ?? .order, locale: message.locale, addresses: message.addresses, isActive: message.active,
      version: message.version)
    role = message.role
    storeCode = message.storeCode
    quiet = message.quietHours.map { .init($0) }
    hourlyLimit = message.hourlyLimit == 0 ? nil : Int(message.hourlyLimit)
  }
}

extension NotificationsV1.NoticeRule {
  init(_ rule: NoticeRule) {
    let purpose: NotificationsV1.NoticePurpose =
      switch rule.purpose {
      case .order: .order
      case .marketing: .marketing
      case .survey: .survey
      case .profiling: .unspecified
      }
    self.init(
      code: rule.code, eventType: rule.eventType, channel: rule.channel.message,
      audience: rule.audience.message, purpose: purpose, locale: rule.locale,
      addresses: rule.addresses,
      active: rule.isActive, version: rule.version, role: rule.role, storeCode: rule.storeCode,
      quietHours: rule.quiet?.message, hourlyLimit: Int32(rule.hourlyLimit ?? 0))
  }
}

extension Webhook {
  init(_ message: NotificationsV1.Webhook) {
    self.init(
      code: message.code, url: message.url, events: message.events, keyName: message.keyName,
      isActive: message.active, version: message.version)
  }
}

extension NotificationsV1.Webhook {
  init(_ webhook: Webhook) {
    self.init(
      code: webhook.code, url: webhook.url, events: webhook.events, keyName: webhook.keyName,
      active: webhook.isActive, version: webhook.version)
  }
}

extension QuietHours {
  init(_ message: NotificationsV1.QuietHours) {
    self.init(from: Int(message.fromMinute), until: Int(message.untilMinute))
  }

  fileprivate var message: NotificationsV1.QuietHours {
    .init(fromMinute: Int32(from), untilMinute: Int32(until))
  }
}

extension NotificationsV1.NoticePreference {
  init(_ preference: NoticePreference) {
    self.init(
      customerCode: preference.customerCode, locale: preference.locale,
      channel: preference.channel?.message ?? .unspecified,
      quietHours: preference.quiet?.message)
  }
}

extension NotificationsV1.Notice {
  /// Without its texts.
  init(_ notice: Notice) {
    self.init(
      id: notice.id.value, eventId: EventPosition(place: notice.place).eventID,
      eventType: notice.eventType, document: .init(notice.root), channel: notice.channel.message,
      origin: notice.origin, customerCode: notice.customerCode, locale: notice.locale,
      state: notice.state.message, attempts: Int32(clamping: notice.attempts),
      createdTime: .init(notice.createdAt),
      dueTime: notice.state == .pending ? .init(notice.dueAt) : nil,
      settledTime: notice.settledAt.map { .init($0) }, version: notice.version)
  }

  /// With its texts: those for people as they were written, of a program's what is sent.
  init(_ notice: Notice, _ subjects: SubjectSeal, in snapshot: Snapshot) throws {
    self.init(notice)
    let texts = try Notices.texts(of: notice.id, in: snapshot).map {
      try subjects.opened($0, about: notice.customerCode, in: snapshot)
    }
    lastError = texts.lastError
    guard notice.channel == .webhook else {
      (address, subject, body) = (texts.address, texts.subject, texts.body)
      return
    }
    address = try Webhooks.find(notice.webhookCode, in: snapshot)?.url ?? ""
    body = try WebhookPayload.text(place: notice.place, in: snapshot) ?? ""
  }
}
