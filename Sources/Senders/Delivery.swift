/// What is sent to one recipient.
package struct OutgoingNotice: Hashable, Sendable {
  /// Stable: the same for every try, so that a receiver can tell what it has seen.
  package let id: String
  /// An e-mail address, a phone number, ….
  package let address: String
  /// Empty where the channel has none.
  package let subject: String
  package let body: String
  /// Seconds since 1970 when it was made.
  package let createdAt: Int64

  package init(id: String, address: String, subject: String, body: String, createdAt: Int64) {
    self.id = id
    self.address = address
    self.subject = subject
    self.body = body
    self.createdAt = createdAt
  }
}

/// What came of trying.
package enum DeliveryOutcome: Hashable, Sendable {
  /// The other side has taken it.
  case delivered
  /// It may go better later; with what was said.
  case failed(String)
  /// It will never go, however often it is tried.
  case refused(String)
}

/// Sends notices by one channel: a mail server, a gateway for text messages, WeChat. A channel
/// exists for a server only if its configuration gives it one of these.
package protocol NoticeSender: Sendable {
  /// Tries once, within a minute.
  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome
}

/// Ends a try that takes too long.
enum Patience {
  static func limited<Result: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let result = first else {
        throw SenderFailure("no answer within \(limit.components.seconds) s")
      }
      return result
    }
  }
}

/// Why a try failed, in words for whoever looks after the server.
struct SenderFailure: Error, CustomStringConvertible {
  let description: String
  /// Whether it would fail again, however often it is tried.
  let isFinal: Bool

  init(_ description: String, isFinal: Bool = false) {
    self.description = description
    self.isFinal = isFinal
  }

  /// What the other side says is for a log and a table: short, one line, printable.
  static func quoted(_ text: String) -> String {
    let kept = text.unicodeScalars.prefix(300).map {
      $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0)
    }
    return String(kept)
  }
}
