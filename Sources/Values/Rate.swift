/// A share such as a tax or discount rate, in millionths: 13 % is 130000.
package struct Rate: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let micros: Int64

  package init(micros: Int64) { self.micros = micros }

  package static let zero = Rate(micros: 0)
  package static let one = Rate(micros: 1_000_000)

  /// What is left after taking this share away (a 5 % discount leaves 95 %).
  /// A rate is checked where it enters; until then even an absurd one has an answer.
  package var complement: Rate {
    let (rest, overflow) = Self.one.micros.subtractingReportingOverflow(micros)
    return Rate(micros: overflow ? .max : rest)
  }

  package static func < (left: Rate, right: Rate) -> Bool { left.micros < right.micros }

  /// "13%".
  package var description: String { FixedPoint.text(micros, digits: 4) + "%" }
}
