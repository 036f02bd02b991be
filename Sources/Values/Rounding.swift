/// The one rounding rule of the books: to the nearest unit, halves away from zero unless a document
/// has agreed otherwise (DOMAIN 5.0).
package enum Rounding {
  /// What becomes of an exact half.
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Away from zero: 0.5 is 1, −0.5 is −1.
    case halfAway = "HALF_AWAY"
    /// To the even neighbour: 0.5 is 0, 1.5 is 2.
    case halfEven = "HALF_EVEN"
  }

  /// `numerator ÷ denominator` rounded to a whole number; `denominator` must be positive.
  package static func quotient(
    _ numerator: Int128, _ denominator: Int128, _ mode: Mode = .halfAway
  ) throws(ArithmeticError) -> Int64 {
    precondition(denominator > 0, "a rounding denominator is a positive constant")
    let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    let twice = rest.magnitude * 2
    let isAway =
      twice == denominator.magnitude
      ? mode == .halfAway || !whole.isMultiple(of: 2) : twice > denominator.magnitude
    let away: Int128 = isAway ? (numerator < 0 ? -1 : 1) : 0
    guard let rounded = Int64(exactly: whole + away) else { throw .overflow }
    return rounded
  }
}
