internal import Notifications
internal import Storage
internal import Values
private import Synchronization

/// Makes notices of the committed events: reads the log behind the place up to which it has been
/// told, and writes what is to be told and the new place in one transaction. So there is one notice
/// for each event, recipient and channel, however often a server dies, and an order pays nothing
/// for it.
final class NoticeDeriver: Sendable {
  /// What one look at the log came to.
  enum Step: Hashable, Sendable {
    /// Nobody wants to be told of anything: nothing was read.
    case nothingWanted
    /// Everything committed has been told.
    case caughtUp
    /// There may be more.
    case more
  }

  /// Events of one look.
  private static let width = 200
  /// Commands that may be looked at again after a restart; the place is written that often where
  /// there was nothing to tell.
  private static let forgetful: Int64 = 10_000

  private let questions: Questions
  private let clock: SiteClock
  private let subjects: SubjectSeal
  /// Up to where it has looked in this process: where there was nothing to tell, that is not
  /// written down each time.
  private let seen = Mutex<Int64>(0)

  init(questions: Questions, clock: SiteClock, subjects: SubjectSeal) {
    self.questions = questions
    self.clock = clock
    self.subjects = subjects
  }

  private struct Look: Sendable {
    let drafts: [NoticeDraft]
    let stored: Int64
    let from: Int64
    let through: Int64
    let isWhole: Bool
  }

  /// Looks once. `made` is how many notices are new.
  func step() async throws -> (step: Step, made: Int) {
    let seen = seen.withLock { $0 }
    guard let look = try await look(from: seen) else { return (.nothingWanted, 0) }
    var made = 0
    let isFar =
      EventPosition(place: look.through).sequence - EventPosition(place: look.stored).sequence
      >= Self.forgetful
    if !look.drafts.isEmpty || isFar {
      let verb = WriteNotices(look.drafts, from: look.from, through: look.through)
      made = try await FailureStatus.translating { [subjects, clock] in
        try await questions.database.write { tx in
          try verb.run(in: tx, at: clock.moment()) { text, customer in
            try subjects.sealed(text, aboutCustomer: customer, in: tx)
          }
        }
      }
    }
    self.seen.withLock { $0 = max($0, look.through) }
    return (look.isWhole ? .caughtUp : .more, made)
  }

  private func look(from seen: Int64) async throws -> Look? {
    let now = clock.moment()
    return try await questions.askForServer { snapshot in
      let interest = try NoticeInterest(in: snapshot)
      guard !interest.isEmpty else { return nil }
      let stored = try NoticeFeed.place(in: snapshot)
      let from = max(stored, seen, interest.start)
      let found = try EventTable.events(
        after: EventPosition(place: from), limit: Self.width, in: snapshot)
      let drafts = try found.flatMap {
        try interest.drafts(of: HappenedEvent($0, at: now), in: snapshot)
      }
      let through = found.last.map {
        EventPosition(sequence: $0.sequence, ordinal: Int64($0.ordinal)).place
      }
      return Look(
        drafts: drafts, stored: stored, from: from, through: through ?? from,
        isWhole: found.count < Self.width)
    }
  }
}

extension HappenedEvent {
  init(_ committed: CommittedEvent, at now: Moment) {
    self.init(
      place: EventPosition(sequence: committed.sequence, ordinal: Int64(committed.ordinal)).place,
      type: committed.event.type, subject: committed.event.subject, root: committed.event.root,
      facts: committed.event.factList, moment: now)
  }
}
