/// An exact decimal of a formula: a whole number of billionths of a thousandth (10⁻¹²), of at most
/// a million million either way. What goes in (lengths, prices, shares) has six fraction digits at
/// most, so the product of two of them is exact; only what is longer is rounded, to the nearest,
/// halves away from zero.
package struct Number: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// In units of 10⁻¹².
  let word: Int128

  static let digits = 12
  static let one: Int128 = 1_000_000_000_000
  /// A million million: with twelve digits behind the point, what a product needs fits in 128 bits.
  static let bound: Int128 = one * one

  init(word: Int128) { self.word = word }

  package init(_ whole: Int32) { word = Int128(whole) * Self.one }

  /// Millionths, as quantities, prices and rates count; nil beyond the bound.
  package init?(micros: Int64) {
    let word = Int128(micros) * (Self.one / 1_000_000)
    guard word.magnitude <= Self.bound.magnitude else { return nil }
    self.word = word
  }

  /// Plain decimal text ("-12", "0.5") of at most twelve fraction digits; nil for anything else.
  package init?(_ text: some StringProtocol) {
    var value: Int128 = 0
    var wholeDigits = 0
    var fractionDigits: Int?
    var bytes = Substring(text).utf8
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes.removeFirst() }
    guard bytes.count <= 40 else { return nil }
    for byte in bytes {
      if byte == UInt8(ascii: "."), fractionDigits == nil, wholeDigits > 0 {
        fractionDigits = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      if let seen = fractionDigits { fractionDigits = seen + 1 } else { wholeDigits += 1 }
      // At the bound with all fraction digits this is still far below the end of 128 bits.
      value = value * 10 + Int128(byte - UInt8(ascii: "0"))
      guard value <= Self.bound else { return nil }
    }
    guard wholeDigits > 0, fractionDigits != 0, fractionDigits ?? 0 <= Self.digits else {
      return nil
    }
    for _ in (fractionDigits ?? 0)..<Self.digits { value *= 10 }
    guard value <= Self.bound else { return nil }
    word = isNegative ? -value : value
  }

  /// Millionths, rounded to the nearest, halves away from zero; nil beyond 64 bits.
  package var micros: Int64? {
    let scale = Self.one / 1_000_000
    let (whole, rest) = word.quotientAndRemainder(dividingBy: scale)
    let away: Int128 = rest.magnitude * 2 >= scale.magnitude ? (word < 0 ? -1 : 1) : 0
    return Int64(exactly: whole + away)
  }

  /// The whole number that it is; nil for any other.
  package var whole: Int? {
    let (whole, rest) = word.quotientAndRemainder(dividingBy: Self.one)
    return rest == 0 ? Int(exactly: whole) : nil
  }

  /// The number so many `step`s from here; nil beyond the bound.
  package func moved(by count: Int, step: Number) -> Number? {
    let (distance, overflow) = step.word.multipliedReportingOverflow(by: Int128(count))
    let (sum, carry) = word.addingReportingOverflow(distance)
    guard !overflow, !carry, sum.magnitude <= Self.bound.magnitude else { return nil }
    return Number(word: sum)
  }

  /// How many whole `step`s lie between `origin` and this number, and whether nothing is left
  /// over; `step` must be positive. Both are bounded, so the count fits unless the step is tiny.
  package func steps(from origin: Number, step: Number) -> (count: Int, isExact: Bool)? {
    precondition(step.word > 0, "a step is positive")
    let (count, rest) = (word - origin.word).quotientAndRemainder(dividingBy: step.word)
    return Int(exactly: count).map { ($0, rest == 0) }
  }

  /// Which of two others is nearer; the first of two that are equally far.
  package func isNearer(to first: Number, than second: Number) -> Bool {
    (word - first.word).magnitude <= (word - second.word).magnitude
  }

  package static func < (left: Number, right: Number) -> Bool { left.word < right.word }

  /// "-12.5": the shortest plain decimal.
  package var description: String {
    let (whole, rest) = word.magnitude.quotientAndRemainder(dividingBy: Self.one.magnitude)
    let sign = word < 0 ? "-" : ""
    guard rest > 0 else { return "\(sign)\(whole)" }
    var fraction = String(rest)
    fraction = String(repeating: "0", count: Self.digits - fraction.utf8.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }
}
