internal import Logging
internal import Notifications
internal import RPC
internal import Senders
internal import Storage
internal import Values
private import Synchronization

/// Tells people and programs what happened, beside everything else that a server does: one task
/// makes notices of the log of events, another sends what is due. It is woken by commits and by
/// itself, and sleeps where nobody wants to be told of anything.
///
/// A try is written down when it is over. A server that dies in between tries again, with the same
/// id, so that a notice goes out at least once and a receiver can tell.
final class NoticeWorker: Sendable {
  private struct State {
    var inFlight: Set<ID<Notice>> = []
    var statistics = NoticeStatistics()
  }

  /// Notices on their way at the same time by one channel, or to one program.
  private static let width = 4
  /// How long nothing more is tried of a notice that the store would not take.
  private static let distrust: Duration = .seconds(60)
  /// How long notices are collected while commands come one after the other.
  private static let pause: Duration = .milliseconds(50)

  private let questions: Questions
  private let clock: SiteClock
  private let subjects: SubjectSeal
  private let settings: NoticeSettings
  private let chance: @Sendable (_ count: Int) -> [UInt8]
  private let deriver: NoticeDeriver
  private let state = Mutex(State())
  /// Rings when somebody wants to be told of something else than before.
  private let wishes = Bell()
  /// Rings when something may be due.
  private let work = Bell()

  init(
    questions: Questions, clock: SiteClock, subjects: SubjectSeal, settings: NoticeSettings,
    chance: @escaping @Sendable (_ count: Int) -> [UInt8]
  ) {
    self.questions = questions
    self.clock = clock
    self.subjects = subjects
    self.settings = settings
    self.chance = chance
    deriver = NoticeDeriver(questions: questions, clock: clock, subjects: subjects)
  }

  var statistics: NoticeStatistics { state.withLock { $0.statistics } }

  /// Rules or webhooks have changed.
  func noteWishes() { wishes.ring() }

  /// A notice is to be sent sooner than it was.
  func noteWork() { work.ring() }

  /// Until the task is cancelled. A failure is told once and tried again.
  func run(log: @escaping @Sendable () -> Logger) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await UnendingWork.keep(log, "notices not made") { try await self.follow() }
      }
      group.addTask {
        await UnendingWork.keep(log, "notices not sent") { try await self.deliver() }
      }
    }
  }

  /// Makes and sends everything that is due, once; for tests.
  func settle() async throws {
    while try await deriver.step().step == .more {}
    while true {
      let due = try await due()
      if due.isEmpty { break }
      for notice in due where await !send(notice) {
        throw StorageError(.failed, "what came of a notice could not be written down")
      }
    }
    try await count()
  }

  // MARK: Making

  private func follow() async throws {
    let commits = questions.database.commits
    while true {
      let rings = commits.rings
      let wished = wishes.rings
      let (step, made) = try await deriver.step()
      if made > 0 { work.ring() }
      switch step {
      case .nothingWanted: try await wishes.wait(beyond: wished)
      case .caughtUp:
        try await commits.wait(beyond: rings)
        try await Task.sleep(for: Self.pause)
      case .more: break
      }
    }
  }

  // MARK: Sending

  private func deliver() async throws {
    try await withThrowingDiscardingTaskGroup { group in
      while true {
        let rings = work.rings
        for notice in try await due() {
          let isNew = state.withLock { $0.inFlight.insert(notice.id).inserted }
          guard isNew else { continue }
          group.addTask {
            // What could not be written down would go out again and again.
            if await !self.send(notice) { try? await Task.sleep(for: Self.distrust) }
            self.state.withLock { _ = $0.inFlight.remove(notice.id) }
            self.work.ring()
          }
        }
        try await count()
        try await wait(beyond: rings)
      }
    }
  }

  /// What may go out now beside what is on its way.
  private func due() async throws -> [Notice] {
    let inFlight = state.withLock { $0.inFlight }
    let now = clock.instant()
    return try await questions.askForServer { snapshot in
      try Notices.lanes(in: snapshot).flatMap { lane in
        let found = try Notices.due(lane: lane, at: now, limit: Self.width, in: snapshot)
        return found.filter { !inFlight.contains($0.id) }
      }
    }
  }

  private func count() async throws {
    let depth = try await questions.askForServer { try Notices.depth(in: $0) }
    state.withLock {
      $0.statistics.pending = depth.pending
      $0.statistics.deadLetters = depth.dead
    }
  }

  /// Until the bell rings, or the next is due. What is due and does not go, waits for another one.
  private func wait(beyond rings: UInt64) async throws {
    guard let next = try await questions.askForServer({ try Notices.nextDue(in: $0) }) else {
      return try await work.wait(beyond: rings)
    }
    let microseconds = next.microseconds - clock.instant().microseconds
    let pause = Duration.microseconds(min(max(microseconds, 1_000_000), 60_000_000))
    try await withThrowingTaskGroup(of: Void.self) { [work] group in
      group.addTask { try await work.wait(beyond: rings) }
      group.addTask { try await Task.sleep(for: pause) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// One try, and what came of it; false where that could not be written down. What was sent is
  /// written down also while the server stops.
  private func send(_ notice: Notice) async -> Bool {
    let outcome = await attempt(notice)
    if outcome != .sent, Task.isCancelled { return true }
    let verb = RecordAttempt(notice.id, outcome, chance: random())
    let writing = Task { [questions, subjects, clock] in
      try await questions.database.write { tx in
        try verb.run(in: tx, at: clock.instant()) { text, customer in
          try subjects.sealed(text, aboutCustomer: customer, in: tx)
        }
      }
    }
    do {
      guard let state = try await writing.value else { return true }
      self.state.withLock {
        switch state {
        case .sent: $0.statistics.sent += 1
        case .pending: $0.statistics.failed += 1
        case .dead: $0.statistics.dead += 1
        case .suppressed, .discarded: break
        }
      }
      return true
    } catch { return false }
  }

  private func attempt(_ notice: Notice) async -> NoticeOutcome {
    do {
      let outcome: DeliveryOutcome
      if notice.channel == .webhook {
        outcome = try await post(notice)
      } else {
        let objection = try await questions.askForServer {
          try Notices.objection(to: notice, in: $0)
        }
        if let objection { return .unwanted(objection) }
        outcome = try await mail(notice)
      }
      return switch outcome {
      case .delivered: .sent
      case .failed(let reason): .failed(reason)
      case .refused(let reason): .refused(reason)
      }
    } catch {
      return .failed("not tried: \(error)")
    }
  }

  private func mail(_ notice: Notice) async throws -> DeliveryOutcome {
    guard let sender = settings.sender(for: notice.channel) else {
      return .failed("this server has no sender for \(notice.channel.rawValue)")
    }
    let texts = try await questions.askForServer { [subjects] snapshot in
      try Notices.texts(of: notice.id, in: snapshot).map {
        try subjects.opened($0, about: notice.customerCode, in: snapshot)
      }
    }
    return await sender.send(
      OutgoingNotice(
        id: "\(EventPosition(place: notice.place).eventID).\(notice.id.value)",
        address: texts.address, subject: texts.subject, body: texts.body,
        createdAt: notice.createdAt.microseconds / 1_000_000))
  }

  private func post(_ notice: Notice) async throws -> DeliveryOutcome {
    guard let poster = settings.poster else {
      return .failed("this server sends nothing to programs")
    }
    let found = try await questions.askForServer { snapshot in
      (
        webhook: try Webhooks.find(notice.webhookCode, in: snapshot),
        body: try WebhookPayload.text(place: notice.place, in: snapshot)
      )
    }
    guard let webhook = found.webhook, webhook.isActive else {
      return .failed("the webhook is not active")
    }
    guard let body = found.body, let url = WebhookURL(webhook.url) else {
      return .refused("there is nothing to send, or nowhere")
    }
    guard let keys = settings.webhookKeys[webhook.keyName], !keys.isEmpty else {
      return .failed("the server's configuration has no webhook-key \(webhook.keyName)")
    }
    return await poster.send(
      WebhookRequest(
        isSecure: url.isSecure, host: url.host, port: url.port, path: url.path,
        id: EventPosition(place: notice.place).eventID,
        seconds: clock.instant().microseconds / 1_000_000, body: Array(body.utf8), keys: keys))
  }

  private func random() -> Int64 {
    chance(4).reduce(0) { $0 << 8 | Int64($1) }
  }
}

extension Notice {
  /// Of a notice to a program.
  var webhookCode: String { String(origin.dropFirst("webhook ".count)) }
}
