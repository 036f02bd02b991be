internal import MasterData
package import Storage
package import Values

/// A program that is told of events by signed HTTP requests.
package struct Webhook: Hashable, Sendable {
  package let code: String
  package let url: String
  /// Types ("order.confirmed") and nouns ("order.*").
  package let events: [String]
  /// Of the server's configuration.
  package let keyName: String
  package let isActive: Bool
  package var version: Int64

  package init(
    code: String, url: String, events: [String], keyName: String, isActive: Bool, version: Int64
  ) {
    self.code = code
    self.url = url
    self.events = events
    self.keyName = keyName
    self.isActive = isActive
    self.version = version
  }

  package static let testType = "webhook.tested"

  package var origin: String { "webhook \(code)" }
  package var reference: DocumentReference { DocumentReference(.masterData, "webhook/\(code)") }

  /// Of one webhook.
  static let eventLimit = 50
  /// More than a company has programs.
  static let limit = 100

  /// Whether it is told of an event.
  func wants(_ event: HappenedEvent) -> Bool {
    if event.type == Self.testType { return event.subject == reference }
    return events.contains { filter in
      filter.hasSuffix(".*") ? event.type.hasPrefix(filter.dropLast()) : filter == event.type
    }
  }

  /// "order.confirmed", or "order.*".
  static func isFilter(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= 100 else { return false }
    func isWord(_ part: Substring) -> Bool {
      !part.isEmpty
        && part.utf8.allSatisfy {
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
        }
    }
    return isWord(parts[0]) && (parts[1] == "*" || isWord(parts[1]))
  }
}

/// What the server's configuration says about webhooks.
package struct WebhookTerms: Hashable, Sendable {
  /// Names of keys.
  package let keys: Set<String>
  /// Whether cleartext may go to some network.
  package let allowsPlain: Bool

  package init(keys: Set<String>, allowsPlain: Bool) {
    self.keys = keys
    self.allowsPlain = allowsPlain
  }
}

/// Questions about webhooks.
package enum Webhooks {
  /// By code.
  package static func list(in snapshot: Snapshot) throws -> [Webhook] {
    try WebhookTable.list(in: snapshot)
  }

  package static func find(_ code: String, in snapshot: Snapshot) throws -> Webhook? {
    try WebhookTable.find(code, in: snapshot)
  }
}

/// Adds a webhook or changes it; from then on it is told.
package struct SetWebhook: Sendable {
  /// Its version is the one that the caller has seen; 0 for any.
  package let webhook: Webhook
  package let terms: WebhookTerms
  /// Where the log of events ends: nothing before it is told.
  package let since: Int64

  package init(_ webhook: Webhook, terms: WebhookTerms, since: Int64) {
    self.webhook = webhook
    self.terms = terms
    self.since = since
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Webhook {
    let path = FieldPath("webhook")
    let stored = try WebhookTable.find(webhook.code, in: tx)
    var check = FieldCheck(path)
    check.code(webhook.code, "code")
    checkURL(path, &check)
    check.range(webhook.events.count, "events", 1...Webhook.eventLimit)
    for (index, filter) in webhook.events.prefix(Webhook.eventLimit).enumerated()
    where !Webhook.isFilter(filter) {
      check.refuse(
        NotificationsRejection.invalidEventFilter(
          field: path.field("events[\(index)]"), given: String(filter.prefix(60))))
    }
    if !terms.keys.contains(webhook.keyName) {
      check.refuse(
        NotificationsRejection.keyNotConfigured(
          field: path.field("key_name"), name: String(webhook.keyName.prefix(60))
        ).ifNamed(webhook.keyName))
    }
    check.version(webhook.version, stored: stored?.version, code: webhook.code)
    if stored == nil, try WebhookTable.count(in: tx) >= Webhook.limit {
      check.refuse(CustomerRejection.tooMany(field: "webhook", limit: Webhook.limit))
    }
    try check.pass()
    var written = webhook
    written.version = stored?.version ?? 0
    if written == stored { return written }
    written.version += 1
    try WebhookTable.upsert(written, since: stored?.isActive == true ? nil : since, in: tx)
    tx.record(
      DomainEvent(
        "webhook.set", webhook.reference,
        [Fact("events", webhook.events.joined(separator: " ")), Fact("active", webhook.isActive)]))
    return written
  }

  private func checkURL(_ path: FieldPath, _ check: inout FieldCheck) {
    if webhook.url.isEmpty {
      return check.refuse(MasterDataRejection.missingValue(field: path.field("url")))
    }
    guard let url = WebhookURL(webhook.url) else {
      return check.refuse(NotificationsRejection.invalidURL(field: path.field("url")))
    }
    if !url.isSecure, !terms.allowsPlain {
      check.refuse(NotificationsRejection.plainURL(field: path.field("url")))
    }
  }
}

/// Has an event sent to one webhook, whatever its filter.
package struct TestWebhook: Sendable {
  package let code: String

  package init(code: String) { self.code = code }

  package func run(in tx: Transaction, at now: Moment) throws {
    guard let webhook = try WebhookTable.find(code, in: tx) else {
      throw NotificationsRejection.unknownWebhook(field: "code", code: String(code.prefix(60)))
        .ifNamed(code)
    }
    guard webhook.isActive else { throw NotificationsRejection.webhookInactive(code: code) }
    tx.record(DomainEvent(Webhook.testType, webhook.reference, [Fact("url", webhook.url)]))
  }
}

/// Where a webhook's requests go: "https://erp.example.com:8443/hooks?from=joinery".
package struct WebhookURL: Hashable, Sendable {
  package let isSecure: Bool
  /// A name, or an address without brackets.
  package let host: String
  package let port: Int
  /// With the query; never empty.
  package let path: String

  /// Nil for what is no http or https URL, has a user, a password or a fragment, or anything but
  /// printable ASCII.
  package init?(_ text: String) {
    guard text.utf8.count <= 500, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return nil
    }
    let isSecure = text.lowercased().hasPrefix("https://")
    guard isSecure || text.lowercased().hasPrefix("http://") else { return nil }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    let tail = rest[authority.endIndex...]
    guard !authority.contains("@"), !text.contains("#"), !text.contains("\\") else { return nil }
    var host = authority
    var port = isSecure ? 443 : 80
    let end = authority.lastIndex(of: "]")
    if let colon = authority.lastIndex(of: ":"), end.map({ $0 < colon }) ?? true {
      guard let given = UInt16(authority[authority.index(after: colon)...]), given > 0 else {
        return nil
      }
      host = authority[..<colon]
      port = Int(given)
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else {
      guard host.utf8.allSatisfy(Self.isNameByte) else { return nil }
    }
    guard !host.isEmpty else { return nil }
    self.isSecure = isSecure
    self.host = String(host)
    self.port = port
    path = tail.hasPrefix("/") ? String(tail) : "/" + tail
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
