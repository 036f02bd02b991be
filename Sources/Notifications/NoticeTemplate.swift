package import MasterData
package import Storage
package import Values

/// How one kind of event is told to customers or to staff by one channel in one language.
package struct NoticeTemplate: Hashable, Sendable {
  package let eventType: String
  package let audience: NoticeRule.Audience
  package let channel: NoticeChannel
  package let locale: String
  /// Empty where the channel has none.
  package let subject: String
  package let body: String
  /// Counts what was written, from 1; 0 for what came with the program.
  package var version: Int64

  package init(
    eventType: String, audience: NoticeRule.Audience, channel: NoticeChannel, locale: String,
    subject: String, body: String, version: Int64 = 0
  ) {
    self.eventType = eventType
    self.audience = audience
    self.channel = channel
    self.locale = locale
    self.subject = subject
    self.body = body
    self.version = version
  }

  static let subjectLimit = 200
  static let bodyLimit = 10_000

  /// Everything that is wrong with what it says, and the two texts.
  package func read(
    _ path: FieldPath, nearest: (_ known: [String], _ given: String) -> String?
  ) throws -> (subject: TemplateText, body: TemplateText) {
    var check = FieldCheck(path)
    let kind = NoticeKind.of(eventType)
    if kind == nil {
      check.refuse(
        NotificationsRejection.unknownEvent(
          field: path.field("event_type"), type: String(eventType.prefix(60)),
          nearest: nearest(NoticeKind.all.map(\.type), eventType)
        ).ifNamed(eventType))
    }
    if let kind, !kind.hasCustomer, audience == .customer {
      check.refuse(
        NotificationsRejection.eventHasNoCustomer(
          field: path.field("audience"), event: kind.type))
    }
    if channel == .webhook {
      check.refuse(NotificationsRejection.webhookHasNoTemplate(field: path.field("channel")))
    }
    if !NoticeLocale.isWellFormed(locale) {
      check.refuse(
        NotificationsRejection.invalidLocale(field: path.field("locale")).ifNamed(locale))
    }
    if channel.hasSubject {
      check.text(subject, "subject", limit: Self.subjectLimit, required: true)
    } else if !subject.isEmpty {
      check.refuse(
        NotificationsRejection.subjectNotSent(field: path.field("subject"), channel: channel))
    }
    if body.allSatisfy(\.isWhitespace) {
      check.refuse(MasterDataRejection.missingValue(field: path.field("body")))
    }
    if body.unicodeScalars.count > Self.bodyLimit {
      check.refuse(
        MasterDataRejection.textTooLong(
          field: path.field("body"), length: body.unicodeScalars.count, limit: Self.bodyLimit))
    }
    if body.unicodeScalars.contains(where: Self.isForbidden) {
      check.refuse(MasterDataRejection.controlCharacter(field: path.field("body")))
    }
    guard let kind else {
      try check.pass()
      preconditionFailure("an unknown kind was not refused")
    }
    func text(_ text: String, _ field: String) -> TemplateText? {
      do {
        return try TemplateText(text, of: kind, field: path.field(field), nearest: nearest)
      } catch {
        check.refuse(error)
        return nil
      }
    }
    let read = (text(subject, "subject"), text(body, "body"))
    try check.pass()
    guard let subject = read.0, let body = read.1 else {
      preconditionFailure("a text that cannot be read was not refused")
    }
    return (subject, body)
  }

  /// In a text of several lines.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || scalar.value == 0x7F
  }
}

/// Questions about templates.
package enum NoticeTemplates {
  /// What is used now for a kind of event, by whom it speaks to, channel and language; what came
  /// with the program where nobody has written another one.
  package static func find(
    _ type: String, to audience: NoticeRule.Audience, by channel: NoticeChannel, locale: String,
    in snapshot: Snapshot
  ) throws -> NoticeTemplate? {
    for candidate in NoticeLocale.candidates(for: locale) {
      let found = try exact(type, to: audience, by: channel, locale: candidate, in: snapshot)
      if let found { return found }
    }
    return nil
  }

  /// In that very language.
  static func exact(
    _ type: String, to audience: NoticeRule.Audience, by channel: NoticeChannel, locale: String,
    in snapshot: Snapshot
  ) throws -> NoticeTemplate? {
    try NoticeTemplateTable.newest(type, audience, channel, locale, in: snapshot)
      ?? ShippedTemplates.all.first {
        $0.eventType == type && $0.audience == audience && $0.channel == channel
          && $0.locale == locale
      }
  }

  /// All, by event, audience, channel and locale; of one event alone where it is not empty.
  package static func list(ofEvent type: String, in snapshot: Snapshot) throws -> [NoticeTemplate] {
    func name(_ template: NoticeTemplate) -> [String] {
      [
        template.eventType, template.audience.rawValue, template.channel.rawValue,
        template.locale,
      ]
    }
    let written = try NoticeTemplateTable.newest(in: snapshot)
    let names = Set(written.map(name))
    let shipped = ShippedTemplates.all.filter { !names.contains(name($0)) }
    return (written + shipped).filter { type.isEmpty || $0.eventType == type }
      .sorted { name($0).lexicographicallyPrecedes(name($1)) }
  }
}

/// Writes a template anew.
package struct SetNoticeTemplate: Sendable {
  /// Its version is the one that the caller has seen; 0 for any.
  package let template: NoticeTemplate
  package let actor: String

  package init(_ template: NoticeTemplate, by actor: String) {
    self.template = template
    self.actor = actor
  }

  /// `nearest` finds what somebody may have meant.
  package func run(
    in tx: Transaction, at now: Moment,
    nearest: (_ known: [String], _ given: String) -> String?
  ) throws -> NoticeTemplate {
    let path = FieldPath("template")
    _ = try template.read(path, nearest: nearest)
    let stored = try NoticeTemplates.exact(
      template.eventType, to: template.audience, by: template.channel, locale: template.locale,
      in: tx)
    var check = FieldCheck(path)
    check.version(template.version, stored: stored?.version, code: template.eventType)
    try check.pass()
    if let stored, stored.version > 0, stored.subject == template.subject,
      stored.body == template.body
    {
      return stored
    }
    var written = template
    written.version = (stored?.version ?? 0) + 1
    try NoticeTemplateTable.insert(written, by: actor, at: now.instant, in: tx)
    tx.record(
      DomainEvent(
        "notice-template.set",
        DocumentReference(.masterData, "notice-template/\(written.eventType)"),
        [
          Fact("audience", written.audience.rawValue), Fact("channel", written.channel.rawValue),
          Fact("locale", written.locale), Fact("version", written.version),
        ]))
    return written
  }
}
