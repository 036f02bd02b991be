import TestRandom
import Testing
import Values

@Suite("Day")
struct DayTests {
  @Test("counts as a calendar does that is turned leaf by leaf, over more than 400 years")
  func bruteForce() {
    var (year, month, day) = (1599, 1, 1)
    var number = Day(year: 1599, month: 1, day: 1)?.daysSinceEpoch ?? 0
    var wrong: [String] = []
    while year < 2002 {
      let counted = Day(daysSinceEpoch: number)
      if (counted.year, counted.month, counted.day) != (year, month, day)
        || Day(year: year, month: month, day: day) != counted
      {
        wrong.append("\(year)-\(month)-\(day) is \(counted)")
      }
      number += 1
      day += 1
      if day > length(of: month, in: year) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test("repeats itself every 400 years, to both ends of the calendar")
  func cycles() throws {
    var random = Seeded(13)
    for _ in 0..<5_000 {
      let year = Int.random(in: 1...9599, using: &random)
      let month = Int.random(in: 1...12, using: &random)
      let day = Int.random(in: 1...length(of: month, in: year), using: &random)
      let date = try #require(Day(year: year, month: month, day: day))
      #expect(Day(year: year + 400, month: month, day: day) == date.adding(days: 146_097))
    }
  }

  @Test(
    "knows these",
    arguments: [
      ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017),
      ("2026-11-21", 20_778), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
    ] as [(String, Int32)])
  func known(text: String, number: Int32) {
    #expect(Day(text)?.daysSinceEpoch == number)
    #expect(Day(daysSinceEpoch: number).description == text)
  }

  @Test(
    "refuses what is no date",
    arguments: [
      "", "2026", "2026-11", "2026-11-21-", "2026-13-01", "2026-00-10", "2026-04-31", "2026-02-29",
      "1900-02-29", "2100-02-29", "2026-11-00", "2026-11-32", "0000-01-01", "26-11-21",
      "2026-1-1", "2026/11/21", "20261121", "+026-11-21", " 2026-11-21", "2026-11-21 ",
      "２０２６-11-21", "2026-11-2١", "-001-01-01", "10000-01-01",
    ])
  func refused(text: String) {
    #expect(Day(text) == nil)
  }

  @Test("leap years are those of the Gregorian calendar")
  func leapYears() {
    for year in 1...2_400 {
      #expect((Day(year: year, month: 2, day: 29) != nil) == (length(of: 2, in: year) == 29))
    }
  }

  @Test("adds days, and stops at the ends of the calendar")
  func adding() {
    let day = Day(daysSinceEpoch: 20_778)
    #expect(day.adding(days: 30).description == "2026-12-21")
    #expect(day.adding(days: -326).description == "2025-12-30")
    #expect(day.adding(days: .max).description == "9999-12-31")
    #expect(day.adding(days: .min).description == "0001-01-01")
    #expect(day < day.adding(days: 1))
  }

  private func length(of month: Int, in year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
