import MasterData
import Testing
import Values

@Suite("Business hours")
struct BusinessHoursTests {
  /// 2026-03-02 is a Monday; the site is eight hours ahead of UTC.
  private static func moment(_ day: Int, _ hour: Int64, _ minute: Int64 = 0) throws -> Moment {
    let date = try #require(Day(year: 2026, month: 3, day: day))
    let local = Int64(date.daysSinceEpoch) * 86_400 + hour * 3_600 + minute * 60
    return Moment(
      instant: Instant(microseconds: (local - 28_800) * 1_000_000), day: date,
      secondsEast: 28_800)
  }

  private static let office = BusinessHours(
    week: Dictionary(uniqueKeysWithValues: (1...5).map { ($0, .init(opens: 540, closes: 1_080)) }),
    special: [
      // A holiday, and a Saturday that is worked for it.
      .init(
        day: Day(year: 2026, month: 3, day: 11) ?? Day(daysSinceEpoch: 0), opening: nil,
        name: "holiday"),
      .init(
        day: Day(year: 2026, month: 3, day: 14) ?? Day(daysSinceEpoch: 0),
        opening: .init(opens: 600, closes: 720), name: "worked"),
    ])

  @Test(
    "count what is worked, over nights, weekends and holidays",
    arguments: [
      // From day and hour, hours, to day and hour.
      (2, 9, 4, 2, 13), (2, 16, 4, 3, 11), (2, 7, 1, 2, 10), (2, 20, 1, 3, 10), (2, 9, 9, 2, 18),
      (2, 9, 10, 3, 10), (6, 17, 2, 9, 10), (7, 12, 9, 9, 18), (10, 17, 2, 12, 10),
      (13, 17, 3, 14, 12), (13, 17, 4, 16, 10),
    ] as [(Int, Int64, Int, Int, Int64)])
  func counted(day: Int, hour: Int64, hours: Int, toDay: Int, toHour: Int64) throws {
    let due = Self.office.instant(afterHours: hours, from: try Self.moment(day, hour))
    #expect(due == (try Self.moment(toDay, toHour)).instant)
  }

  @Test("a week of a single minute comes to an end")
  func scarce() throws {
    let hours = BusinessHours(week: [7: .init(opens: 0, closes: 60)], special: [])
    let due = hours.instant(afterHours: 3, from: try Self.moment(2, 9))
    #expect(due == (try Self.moment(22, 1)).instant)
  }

  @Test("weekdays", arguments: [(2, 1), (7, 6), (8, 7), (9, 1)])
  func weekday(day: Int, weekday: Int) throws {
    #expect(try #require(Day(year: 2026, month: 3, day: day)).weekday == weekday)
    #expect(Day(daysSinceEpoch: -1).weekday == 3)
  }
}

extension BusinessHoursTests {
  @Test(
    "what is worked until a deadline is what the deadline was reckoned from", arguments: 0..<200)
  func there(step: Int64) throws {
    let start = Instant(
      microseconds: (try Self.moment(2, 0)).instant.microseconds + step * 5_407_000_001)
    let amount = (step * 7_919) % 200 * 1_801_000_003
    let end = Self.office.instant(afterMicroseconds: amount, from: start, secondsEast: 28_800)
    #expect(
      Self.office.microseconds(from: start, to: end, secondsEast: 28_800) == amount)
    #expect(Self.office.microseconds(from: end, to: start, secondsEast: 28_800) == 0)
  }
}
