package import Values

/// What is refused about notices, in the order in which it is checked.
package enum NotificationsRejection: Rejection, Hashable {
  /// No event that people are told of.
  case unknownEvent(field: String, type: String, nearest: String?)
  /// Not "en" or "zh-CN".
  case invalidLocale(field: String)
  /// Requests to programs have a fixed form.
  case webhookHasNoTemplate(field: String)
  /// Whoever is told of a customer's orders is that customer.
  case forStaffAlone(field: String)
  /// No role is to do something because of it.
  case eventHasNoRole(field: String, event: String)
  /// It is about no customer's document.
  case eventHasNoCustomer(field: String, event: String)
  /// Nothing would ever be sent.
  case quietAllDay(field: String)
  /// Only e-mails have one.
  case subjectNotSent(field: String, channel: NoticeChannel)
  /// A mark is not closed, closes what is not open, or has no name.
  case malformedTemplate(field: String, near: String)
  /// The event has no such value.
  case unknownPlaceholder(field: String, event: String, name: String, nearest: String?)
  /// Neither a type nor all of a noun.
  case invalidEventFilter(field: String, given: String)
  case invalidURL(field: String)
  /// Cleartext goes to networks only that the configuration names.
  case plainURL(field: String)
  /// Not an e-mail address that a server would take.
  case invalidMailbox(field: String)
  case unknownNotice(field: String)
  case unknownWebhook(field: String, code: String)
  /// Nothing is written for it, in any language.
  case noTemplate(field: String, event: String, channel: NoticeChannel, locale: String)
  /// The server is not configured to send so.
  case channelWithoutSender(field: String, channel: NoticeChannel)
  /// The server's configuration has no key of the name.
  case keyNotConfigured(field: String, name: String)
  case webhookInactive(code: String)
  case noticeStateForbids(id: Int64, state: NoticeState, action: String)
  /// What it said is erased, or was never known.
  case nothingToSend(id: Int64)
}

extension NotificationsRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownEvent, .invalidLocale, .webhookHasNoTemplate, .forStaffAlone,
      .eventHasNoRole, .eventHasNoCustomer, .quietAllDay, .subjectNotSent, .malformedTemplate,
      .unknownPlaceholder, .invalidEventFilter, .invalidURL, .plainURL, .invalidMailbox:
      .invalid
    case .unknownNotice, .unknownWebhook, .noTemplate: .notFound
    case .channelWithoutSender, .keyNotConfigured, .webhookInactive, .noticeStateForbids,
      .nothingToSend:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownEvent: "UNKNOWN_EVENT"
    case .invalidLocale: "INVALID_LOCALE"
    case .webhookHasNoTemplate: "WEBHOOK_HAS_NO_TEMPLATE"
    case .forStaffAlone: "FOR_STAFF_ALONE"
    case .eventHasNoRole: "EVENT_HAS_NO_ROLE"
    case .eventHasNoCustomer: "EVENT_HAS_NO_CUSTOMER"
    case .quietAllDay: "QUIET_ALL_DAY"
    case .subjectNotSent: "SUBJECT_NOT_SENT"
    case .malformedTemplate: "MALFORMED_TEMPLATE"
    case .unknownPlaceholder: "UNKNOWN_PLACEHOLDER"
    case .invalidEventFilter: "INVALID_EVENT_FILTER"
    case .invalidURL: "INVALID_URL"
    case .plainURL: "PLAIN_URL"
    case .invalidMailbox: "INVALID_EMAIL"
    case .unknownNotice: "UNKNOWN_NOTICE"
    case .unknownWebhook: "UNKNOWN_WEBHOOK"
    case .noTemplate: "NO_TEMPLATE"
    case .channelWithoutSender: "CHANNEL_WITHOUT_SENDER"
    case .keyNotConfigured: "KEY_NOT_CONFIGURED"
    case .webhookInactive: "WEBHOOK_INACTIVE"
    case .noticeStateForbids: "NOTICE_STATE_FORBIDS"
    case .nothingToSend: "NOTHING_TO_SEND"
    }
  }

  package var message: String {
    switch self {
    case .unknownEvent(_, let type, let nearest):
      "There are no notices of an event \(type)" + Self.hint(nearest)
    case .invalidLocale:
      "A locale is two or three small letters, and two capitals of a country: en, zh-CN"
    case .forStaffAlone: "Roles and stores say which mailboxes of the house are told"
    case .eventHasNoRole(_, let event): "\(event) is for no role"
    case .eventHasNoCustomer(_, let event): "\(event) is about no customer: staff are told of it"
    case .quietAllDay: "Quiet hours end at another time than they begin"
    case .webhookHasNoTemplate: "What webhooks are sent has a fixed form and no template"
    case .subjectNotSent(_, let channel): "\(channel.rawValue) sends no subject"
    case .malformedTemplate(_, let near):
      "A mark is {{name}}, {{#name}} or {{/name}}, and each {{#name}} has its end: see \(near)"
    case .unknownPlaceholder(_, let event, let name, let nearest):
      "\(event) has no value \(name)" + Self.hint(nearest)
    case .invalidEventFilter(_, let given):
      "\(given) is neither a type (order.confirmed) nor all of a noun (order.*)"
    case .invalidURL: "A webhook's URL is https://host/path without user, password and fragment"
    case .plainURL:
      "http:// is for networks only that the server's setting webhook-allow names"
    case .invalidMailbox: "An e-mail address is a name, @ and a domain, without blanks"
    case .unknownNotice: "There is no such notice"
    case .unknownWebhook(_, let code): "There is no webhook \(code)"
    case .noTemplate(_, let event, let channel, let locale):
      "There is no template of \(event) for \(channel.rawValue), neither in \(locale) nor in a "
        + "language instead of it"
    case .channelWithoutSender(_, let channel):
      "This server has no sender for \(channel.rawValue): its configuration names none"
    case .keyNotConfigured(_, let name):
      "The server's configuration has no webhook-key \(name)"
    case .webhookInactive(let code): "Webhook \(code) is not active"
    case .noticeStateForbids(let id, let state, let action):
      "Notice \(id) is \(state.rawValue): it cannot be \(action)"
    case .nothingToSend(let id): "Notice \(id) has no text or address to be sent with"
    }
  }

  private static func hint(_ nearest: String?) -> String {
    nearest.map { "; did you mean \($0)?" } ?? ""
  }

  package var field: String? {
    switch self {
    case .unknownEvent(let field, _, _), .invalidLocale(let field),
      .webhookHasNoTemplate(let field), .forStaffAlone(let field), .eventHasNoRole(let field, _),
      .eventHasNoCustomer(let field, _),
      .quietAllDay(let field), .subjectNotSent(let field, _),
      .malformedTemplate(let field, _), .unknownPlaceholder(let field, _, _, _),
      .invalidEventFilter(let field, _), .invalidURL(let field), .plainURL(let field),
      .invalidMailbox(let field), .unknownNotice(let field), .unknownWebhook(let field, _),
      .noTemplate(let field, _, _, _), .channelWithoutSender(let field, _),
      .keyNotConfigured(let field, _):
      field
    case .webhookInactive, .noticeStateForbids, .nothingToSend: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .eventHasNoRole(_, let event), .eventHasNoCustomer(_, let event): [Fact("event", event)]
    case .invalidLocale, .webhookHasNoTemplate, .forStaffAlone, .quietAllDay, .invalidURL,
      .plainURL, .invalidMailbox,
      .unknownNotice:
      []
    case .unknownEvent(_, let type, let nearest):
      [Fact("event", type)] + Self.nearest(nearest)
    case .subjectNotSent(_, let channel), .channelWithoutSender(_, let channel):
      [Fact("channel", channel.rawValue)]
    case .malformedTemplate(_, let near): [Fact("near", near)]
    case .unknownPlaceholder(_, let event, let name, let nearest):
      [Fact("event", event), Fact("name", name)] + Self.nearest(nearest)
    case .invalidEventFilter(_, let given): [Fact("given", given)]
    case .nothingToSend(let id): [Fact("id", id)]
    case .unknownWebhook(_, let code), .webhookInactive(let code): [Fact("code", code)]
    case .noTemplate(_, let event, let channel, let locale):
      [Fact("event", event), Fact("channel", channel.rawValue), Fact("locale", locale)]
    case .keyNotConfigured(_, let name): [Fact("name", name)]
    case .noticeStateForbids(let id, let state, let action):
      [Fact("id", id), Fact("state", state.rawValue), Fact("action", action)]
    }
  }

  private static func nearest(_ name: String?) -> [Fact] {
    name.map { [Fact("nearest", $0)] } ?? []
  }
}
