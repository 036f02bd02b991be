/// The one rounding rule of the books: to the nearest unit, halves away from zero (DOMAIN 5.0).
package enum Rounding {
  /// `numerator ÷ denominator` rounded half away from zero; `denominator` must be positive.
  package static func quotient(
    _ numerator: Int128, _ denominator: Int128
  ) throws(ArithmeticError) -> Int64 {
    precondition(denominator > 0, "a rounding denominator is a positive constant")
    let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    let away: Int128 = rest.magnitude * 2 >= denominator.magnitude ? (numerator < 0 ? -1 : 1) : 0
    guard let rounded = Int64(exactly: whole + away) else { throw .overflow }
    return rounded
  }
}
