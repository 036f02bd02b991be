internal import MasterData
package import Storage
package import Values

/// What came of trying to send a notice.
package enum NoticeOutcome: Hashable, Sendable {
  case sent
  /// It may go better later; `reason` is what was said.
  case failed(String)
  /// It will never go.
  case refused(String)
  /// It may not go any more, and was not tried; with the rule that says so.
  case unwanted(String)
}

/// When what failed is tried again.
package enum NoticePatience {
  /// Tries before a notice is dead: about a day and a half.
  package static let attempts = 12
  private static let first: Int64 = 30
  private static let longest: Int64 = 6 * 3600

  /// Seconds until the next try after `attempts` of them: four times as long each time, up to six
  /// hours, less up to a fifth by `chance` of 0…999, so that what failed together does not return
  /// together.
  package static func delay(after attempts: Int, chance: Int64) -> Int64 {
    var delay = first
    for _ in 1..<max(attempts, 1) where delay < longest { delay *= 4 }
    delay = min(delay, longest)
    return delay - delay * (chance % 1000) / 5000
  }
}

/// Writes down what came of a try.
package struct RecordAttempt: Sendable {
  package let id: ID<Notice>
  package let outcome: NoticeOutcome
  /// 0…999, for the time of the next try.
  package let chance: Int64

  package init(_ id: ID<Notice>, _ outcome: NoticeOutcome, chance: Int64) {
    self.id = id
    self.outcome = outcome
    self.chance = chance
  }

  /// `seal` encrypts what is said about a customer. Nothing is done where somebody has decided
  /// otherwise meanwhile, unless the notice was sent.
  package func run(
    in tx: Transaction, at now: Instant, seal: (_ text: String, _ customer: String) throws -> String
  ) throws -> NoticeState? {
    guard var notice = try NoticeTable.find(id, in: tx) else { return nil }
    guard notice.state == .pending || outcome == .sent else { return nil }
    notice.version += 1
    var error = ""
    switch outcome {
    case .unwanted: break
    case .sent, .failed, .refused: notice.attempts += 1
    }
    switch outcome {
    case .sent: notice.state = .sent
    case .unwanted(let rule):
      notice.state = .suppressed
      error = rule
    case .refused(let reason):
      notice.state = .dead
      error = reason
    case .failed(let reason):
      error = reason
      if notice.attempts >= NoticePatience.attempts {
        notice.state = .dead
      } else {
        notice.dueAt = now.adding(
          seconds: NoticePatience.delay(after: notice.attempts, chance: chance))
      }
    }
    notice.settledAt = notice.state == .pending ? nil : now
    try NoticeTable.update(notice, error: try seal(error, notice.customerCode), in: tx)
    return notice.state
  }
}

/// Has a notice that is dead or discarded sent after all, or one that is pending at once.
package struct RetryNotice: Sendable {
  package let id: ID<Notice>
  /// Nil or 0 for any.
  package let expectedVersion: Int64

  package init(_ id: ID<Notice>, expectedVersion: Int64) {
    self.id = id
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Notice {
    var notice = try Notices.require(id, in: tx)
    try notice.expect(version: expectedVersion)
    if notice.state != .pending { try notice.expect(.pending, action: "retried") }
    if notice.channel != .webhook {
      let texts = try NoticeTable.texts(of: id, in: tx)
      guard !texts.address.isEmpty, !texts.body.isEmpty else {
        throw NotificationsRejection.nothingToSend(id: id.value)
      }
    }
    notice.state = .pending
    notice.attempts = 0
    notice.dueAt = now.instant
    notice.settledAt = nil
    try notice.save("notice.retried", [], in: tx)
    return notice
  }
}

/// Decides that a notice is not sent.
package struct DiscardNotice: Sendable {
  package let id: ID<Notice>
  /// Nil or 0 for any.
  package let expectedVersion: Int64
  package let reason: String

  package init(_ id: ID<Notice>, expectedVersion: Int64, reason: String) {
    self.id = id
    self.expectedVersion = expectedVersion
    self.reason = reason
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Notice {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var notice = try Notices.require(id, in: tx)
    try notice.expect(version: expectedVersion)
    try notice.expect(.discarded, action: "discarded")
    notice.state = .discarded
    notice.settledAt = now.instant
    try notice.save("notice.discarded", [Fact("reason", reason)], in: tx)
    return notice
  }
}

extension Notice {
  fileprivate func expect(version expected: Int64) throws {
    var check = FieldCheck(.request)
    check.version(expected, stored: version, code: "notice \(id.value)", "expected_version")
    try check.pass()
  }

  fileprivate mutating func save(_ event: String, _ facts: [Fact], in tx: Transaction) throws {
    version += 1
    try NoticeTable.update(self, error: nil, in: tx)
    tx.record(
      DomainEvent(
        event, DocumentReference(.masterData, "notice/\(id.value)"), related: root, facts))
  }
}
