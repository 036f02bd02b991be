import Testing
import Values

@Suite("Instant")
struct InstantTests {
  @Test(
    "reads as RFC 3339 in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000001Z"),
      (-1, "1969-12-31T23:59:59.999999Z"), (1_795_234_500_000_000, "2026-11-21T04:15:00Z"),
      (1_795_234_500_120_000, "2026-11-21T04:15:00.120000Z"),
      (951_868_799_000_000, "2000-02-29T23:59:59Z"), (-86_400_000_000, "1969-12-31T00:00:00Z"),
    ] as [(Int64, String)])
  func text(microseconds: Int64, expected: String) {
    #expect(Instant(microseconds: microseconds).description == expected)
  }

  @Test(
    "is read with any offset, to the microsecond",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2026-11-21T04:15:00Z", 1_795_234_500_000_000),
      ("2026-11-21t12:15:00.5+08:00", 1_795_234_500_500_000),
      ("2026-11-20T23:15:00.1234569-05:00", 1_795_234_500_123_456),
      ("1969-12-31T23:59:59.999999Z", -1),
    ] as [(String, Int64)])
  func reading(text: String, expected: Int64) {
    #expect(Instant(text)?.microseconds == expected)
  }

  @Test(
    "anything else is no instant",
    arguments: [
      "", "2026-11-21", "2026-11-21T04:15:00", "2026-11-21 04:15:00Z", "2026-11-21T04:15Z",
      "2026-02-30T04:15:00Z", "2026-11-21T24:15:00Z", "2026-11-21T04:60:00Z",
      "2026-11-21T04:15:60Z", "2026-11-21T04:15:00.Z", "2026-11-21T04:15:00+0800",
      "2026-11-21T04:15:00+24:00", "2026-11-21T04:15:00Z ", "2026-11-21T0a:15:00Z",
      "2026-11-21T04:15:00.1x3Z",
    ])
  func notAnInstant(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test("has a text at both ends of 64 bits")
  func ends() {
    #expect(Instant(microseconds: .max).description.hasSuffix("T04:00:54.775807Z"))
    #expect(Instant(microseconds: .min).description.hasSuffix("T19:59:05.224192Z"))
  }

  @Test("falls on a day of UTC, before 1970 too")
  func day() {
    #expect(Instant(microseconds: -1).utcDay.description == "1969-12-31")
    #expect(Instant(microseconds: 86_399_999_999).utcDay.description == "1970-01-01")
    #expect(Instant(microseconds: 86_400_000_000).utcDay.description == "1970-01-02")
  }

  @Test("adds seconds and compares")
  func adding() {
    let instant = Instant(microseconds: 5)
    #expect(instant.adding(seconds: 60).microseconds == 60_000_005)
    #expect(instant.adding(seconds: -1) < instant)
  }
}
