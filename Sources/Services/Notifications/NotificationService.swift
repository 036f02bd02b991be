internal import Identity
internal import MasterData
internal import Messages
internal import Notifications
internal import RPC
internal import Storage
internal import Values

/// joinery.notifications.v1: who is told what, and what became of it.
struct NotificationService: NotificationsV1.NotificationService {
  let commands: CommandLog
  let questions: Questions
  let settings: NoticeSettings
  let worker: NoticeWorker

  /// What somebody may have meant.
  private static let nearest: @Sendable ([String], String) -> String? = {
    NearestName.among($0, to: $1)
  }

  /// Where the log of events ends before the command that asks.
  private static func end(in tx: Transaction) throws -> Int64 {
    EventPosition(after: try CommandTable.head(in: tx).sequence).place
  }

  // MARK: Templates

  func setNoticeTemplate(
    _ request: NotificationsV1.SetNoticeTemplateRequest, context: CallContext
  ) async throws -> NotificationsV1.SetNoticeTemplateResponse {
    var reader = RequestReader()
    let template = NoticeTemplate(request.template ?? .init(), &reader)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try SetNoticeTemplate(template, by: command.caller.name)
        .run(in: tx, at: command.moment, nearest: Self.nearest)
      return .init(template: .init(stored))
    }
  }

  func listNoticeTemplates(
    _ request: NotificationsV1.ListNoticeTemplatesRequest, context: CallContext
  ) async throws -> NotificationsV1.ListNoticeTemplatesResponse {
    try await questions.ask(context) { snapshot in
      .init(
        templates: try NoticeTemplates.list(ofEvent: request.eventType, in: snapshot)
          .map { template in
            var message = NotificationsV1.NoticeTemplate(template)
            (message.body, message.placeholders) = ("", [])
            return message
          })
    }
  }

  func getNoticeTemplate(
    _ request: NotificationsV1.GetNoticeTemplateRequest, context: CallContext
  ) async throws -> NotificationsV1.GetNoticeTemplateResponse {
    var reader = RequestReader()
    let channel = reader.choice(
      NoticeChannel(request.channel), request.channel.rawValue, "channel")
    let audience = reader.choice(
      NoticeRule.Audience(request.audience), request.audience.rawValue, "audience",
      required: false)
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      let found = try NoticeTemplates.find(
        request.eventType, to: audience ?? .customer, by: channel ?? .email,
        locale: request.locale, in: snapshot)
      guard let found else {
        throw NotificationsRejection.noTemplate(
          field: "event_type", event: String(request.eventType.prefix(60)),
          channel: channel ?? .email, locale: String(request.locale.prefix(20))
        ).ifNamed(request.eventType)
      }
      return .init(template: .init(found))
    }
  }

  func previewNotice(
    _ request: NotificationsV1.PreviewNoticeRequest, context: CallContext
  ) async throws -> NotificationsV1.PreviewNoticeResponse {
    var reader = RequestReader()
    let given = NoticeTemplate(request.template ?? .init(), &reader)
    _ = reader.text(request.documentNumber, "document_number", 1...100)
    try FailureStatus.refusing { try reader.check() }
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let path = FieldPath("template")
      guard let kind = NoticeKind.of(given.eventType) else {
        throw NotificationsRejection.unknownEvent(
          field: path.field("event_type"), type: String(given.eventType.prefix(60)),
          nearest: Self.nearest(NoticeKind.all.map(\.type), given.eventType)
        ).ifNamed(given.eventType)
      }
      let stored = try NoticeTemplates.find(
        given.eventType, to: given.audience, by: given.channel, locale: given.locale, in: snapshot)
      guard let template = given.body.isEmpty ? stored : given else {
        throw NotificationsRejection.noTemplate(
          field: path.description, event: given.eventType, channel: given.channel,
          locale: given.locale)
      }
      let subject = try NoticeSubject.preview(
        kind, number: request.documentNumber, at: now, in: snapshot)
      let texts = try template.rendered(subject, path, nearest: Self.nearest)
      return .init(
        customerCode: subject.customerCode, subject: texts.subject, body: texts.body)
    }
  }

  // MARK: Who is told

  func setNoticeRule(
    _ request: NotificationsV1.SetNoticeRuleRequest, context: CallContext
  ) async throws -> NotificationsV1.SetNoticeRuleResponse {
    var reader = RequestReader()
    let rule = NoticeRule(request.rule ?? .init(), &reader)
    let hidden = FieldAccess.lacking(context).contains("personal.read")
    try FailureStatus.refusing {
      try reader.check()
      if hidden, rule.audience == .staff {
        throw MasterDataRejection.hidden(field: "rule.addresses")
      }
    }
    let channels = settings.channels
    defer { worker.noteWishes() }
    return try await commands.run(request, context) { tx, command in
      let stored = try SetNoticeRule(rule, channels: channels, since: try Self.end(in: tx))
        .run(in: tx, at: command.moment, nearest: Self.nearest)
      return .init(rule: .init(stored))
    }
  }

  func listNoticeRules(
    _ request: NotificationsV1.ListNoticeRulesRequest, context: CallContext
  ) async throws -> NotificationsV1.ListNoticeRulesResponse {
    try await questions.ask(context) { snapshot in
      .init(rules: try NoticeRules.list(in: snapshot).map { .init($0) })
    }
  }

  func setWebhook(
    _ request: NotificationsV1.SetWebhookRequest, context: CallContext
  ) async throws -> NotificationsV1.SetWebhookResponse {
    let webhook = Webhook(request.webhook ?? .init())
    let terms = settings.webhookTerms
    defer { worker.noteWishes() }
    return try await commands.run(request, context) { tx, command in
      let stored = try SetWebhook(webhook, terms: terms, since: try Self.end(in: tx))
        .run(in: tx, at: command.moment)
      return .init(webhook: .init(stored))
    }
  }

  func listWebhooks(
    _ request: NotificationsV1.ListWebhooksRequest, context: CallContext
  ) async throws -> NotificationsV1.ListWebhooksResponse {
    try await questions.ask(context) { snapshot in
      .init(webhooks: try Webhooks.list(in: snapshot).map { .init($0) })
    }
  }

  func testWebhook(
    _ request: NotificationsV1.TestWebhookRequest, context: CallContext
  ) async throws -> NotificationsV1.TestWebhookResponse {
    try await commands.run(request, context) { tx, command in
      try TestWebhook(code: request.code).run(in: tx, at: command.moment)
      return .init()
    }
  }

  func setNoticePreference(
    _ request: NotificationsV1.SetNoticePreferenceRequest, context: CallContext
  ) async throws -> NotificationsV1.SetNoticePreferenceResponse {
    let message = request.preference ?? .init()
    var reader = RequestReader()
    let channel = reader.choice(
      NoticeChannel(message.channel), message.channel.rawValue, "preference.channel",
      required: false)
    try FailureStatus.refusing { try reader.check() }
    let verb = SetNoticePreference(
      NoticePreference(
        customerCode: message.customerCode, locale: message.locale, channel: channel,
        quiet: message.quietHours.map { .init($0) }))
    return try await commands.run(request, context) { tx, command in
      .init(preference: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func getNoticePreference(
    _ request: NotificationsV1.GetNoticePreferenceRequest, context: CallContext
  ) async throws -> NotificationsV1.GetNoticePreferenceResponse {
    try await questions.ask(context) { snapshot in
      let customer = try Customers.require(
        code: request.customerCode, field: "customer_code", in: snapshot)
      return .init(preference: .init(try NoticePreferences.of(customer, in: snapshot)))
    }
  }

  // MARK: Notices

  func listNotices(
    _ request: NotificationsV1.ListNoticesRequest, context: CallContext
  ) async throws -> NotificationsV1.ListNoticesResponse {
    var reader = RequestReader()
    let state = reader.choice(
      NoticeState(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let filter = Notices.Filter(
      state: state, document: request.documentNumber, customerCode: request.customerCode,
      origin: request.origin)
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: [
        "notices", state?.rawValue ?? "", filter.document, filter.customerCode, filter.origin,
      ])
    let subjects = commands.subjects
    return try await questions.ask(context) { snapshot in
      let found = try Notices.list(
        filter, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(
        notices: try rows.map { notice in
          var message = try NotificationsV1.Notice(notice, subjects, in: snapshot)
          (message.address, message.subject, message.body) = ("", "", "")
          return message
        }, nextPageToken: next)
    }
  }

  func getNotice(
    _ request: NotificationsV1.GetNoticeRequest, context: CallContext
  ) async throws -> NotificationsV1.GetNoticeResponse {
    let subjects = commands.subjects
    return try await questions.ask(context) { snapshot in
      let notice = try Notices.require(ID(request.id), in: snapshot)
      return .init(notice: try .init(notice, subjects, in: snapshot))
    }
  }

  func retryNotice(
    _ request: NotificationsV1.RetryNoticeRequest, context: CallContext
  ) async throws -> NotificationsV1.RetryNoticeResponse {
    let verb = RetryNotice(ID(request.id), expectedVersion: request.expectedVersion)
    defer { worker.noteWork() }
    return try await commands.run(request, context) { tx, command in
      .init(notice: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func discardNotice(
    _ request: NotificationsV1.DiscardNoticeRequest, context: CallContext
  ) async throws -> NotificationsV1.DiscardNoticeResponse {
    let verb = DiscardNotice(
      ID(request.id), expectedVersion: request.expectedVersion, reason: request.reason)
    return try await commands.run(request, context) { tx, command in
      .init(notice: .init(try verb.run(in: tx, at: command.moment)))
    }
  }
}
