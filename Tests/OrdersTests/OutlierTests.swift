import MasterData
import Testing
import Values

@testable import Orders

@Suite("What is far out of a customer's own history")
struct OutlierTests {
  private static let plain = Outlier(
    factor: Rate(micros: 5_000_000), minimumHistory: 3, leastSpread: .zero)

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var outlier = plain
    let history: [Int64]
    let median: Int64?
    var highest: Int64 = 0
  }

  static let cases = [
    Case(testDescription: "too short", history: [1, 1], median: nil),
    Case(testDescription: "deviations 2 1 0 1 2", history: [1, 2, 3, 4, 5], median: 3, highest: 8),
    Case(testDescription: "in any order", history: [5, 1, 3, 2, 4], median: 3, highest: 8),
    Case(testDescription: "the lower middle", history: [1, 2, 3, 4], median: 2, highest: 7),
    Case(
      testDescription: "a wild value changes little", history: [1, 2, 3, 4, 1_000_000], median: 3,
      highest: 8),
    Case(testDescription: "always the same", history: [4, 4, 4], median: 4, highest: 4),
    Case(
      testDescription: "always the same, with the least spread",
      outlier: Outlier(factor: Rate(micros: 5_000_000), minimumHistory: 3),
      history: [4, 4, 4], median: 4, highest: 14),
    Case(
      testDescription: "the largest there are",
      outlier: Outlier(factor: Rate(micros: 1_000_000_000), minimumHistory: 3),
      history: [.max, .max, .max], median: .max, highest: .max),
  ]

  @Test("median and the most that is usual", arguments: cases)
  func habits(_ given: Case) {
    let habit = given.outlier.habit(of: given.history)
    #expect(habit?.median == given.median)
    if given.median != nil {
      #expect(habit?.highest == given.highest)
      #expect(habit?.count == given.history.count)
    }
  }

  @Test(
    "patterns",
    arguments: [
      ("13800001111", "1##########", true), ("1380000111", "1##########", false),
      ("138000011112", "1##########", false), ("W-12", "@-##", true), ("3-12", "@-##", false),
      ("W-12-anything", "@-##*", true), ("W-1", "@-##*", false), ("", "*", true),
      ("浙A1", "?@#", true), ("١٢", "##", false), ("a", "", false),
    ])
  func patterns(_ text: String, _ pattern: String, _ fits: Bool) {
    #expect(TextPattern.fits(text, pattern) == fits)
  }

  @Test(
    "a star stands at the end only",
    arguments: [("*", true), ("a*", true), ("*a", false), ("", false), ("a\nb", false)])
  func valid(_ pattern: String, _ isValid: Bool) {
    #expect(TextPattern.isValid(pattern) == isValid)
  }
}
