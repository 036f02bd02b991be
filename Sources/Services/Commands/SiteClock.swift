private import Foundation
internal import MasterData
package import Values
private import Synchronization

/// What time it is at the company's site. Wraps the injected clock so that moments never run
/// backwards, and knows the zone in which business days are counted.
package final class SiteClock: Sendable {
  private struct State {
    var zone: TimeZone
    var latest: Instant
  }

  private let now: @Sendable () -> Instant
  private let state: Mutex<State>

  /// Nil when `zone` is no IANA zone of this machine.
  package init?(zone: String, now: @escaping @Sendable () -> Instant) {
    guard let timeZone = TimeZone(identifier: zone) else { return nil }
    self.now = now
    state = Mutex(State(zone: timeZone, latest: Instant(microseconds: .min)))
  }

  /// The moment of a command: not before that of any earlier one, even when the machine's clock was
  /// set back.
  package func moment() -> Moment {
    let instant = now()
    return state.withLock { state in
      state.latest = max(state.latest, instant)
      let seconds = Double(state.latest.microseconds / 1_000_000)
      let offset = state.zone.secondsFromGMT(for: Foundation.Date(timeIntervalSince1970: seconds))
      let local = state.latest.adding(seconds: Int64(offset))
      return Moment(
        instant: state.latest, day: local.utcDay, secondsEast: Int64(offset))
    }
  }

  /// The day on which something happened at the company's site.
  func day(of instant: Instant) -> Day {
    state.withLock { state in
      let seconds = Double(instant.microseconds / 1_000_000)
      let offset = state.zone.secondsFromGMT(for: Foundation.Date(timeIntervalSince1970: seconds))
      return instant.adding(seconds: Int64(offset)).utcDay
    }
  }

  /// As `moment`, for whom the day is of no interest.
  func instant() -> Instant {
    let instant = now()
    return state.withLock { state in
      state.latest = max(state.latest, instant)
      return state.latest
    }
  }

  /// Whether this machine knows the IANA zone.
  static func knows(zone: String) -> Bool { TimeZone(identifier: zone) != nil }

  /// Counts days in the zone that the company has now.
  func follow(_ questions: Questions) async throws {
    let zone = try await questions.askForServer { try Companies.current(in: $0).timeZone }
    guard let timeZone = TimeZone(identifier: zone) else { return }
    state.withLock { $0.zone = timeZone }
  }
}
