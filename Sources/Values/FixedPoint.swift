/// Decimal text of integers that carry a fixed number of fraction digits: the one place where
/// "12.5" becomes 12500000 micros and back. Binary floating point never takes part.
package enum FixedPoint {
  /// Shortest plain decimal: `text(12_500_000, digits: 6)` is "12.5"; `minimumDigits` pads with
  /// zeros ("12.50").
  package static func text(_ value: Int64, digits: Int, minimumDigits: Int = 0) -> String {
    guard digits > 0 else { return String(value) }
    let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: powerOfTen(digits))
    var fraction = rest
    var places = digits
    while places > minimumDigits, fraction % 10 == 0 {
      fraction /= 10
      places -= 1
    }
    let sign = value < 0 ? 1 : 0
    let count = sign + length(of: whole) + (places > 0 ? places + 1 : 0)
    // Every price and amount of every order is told as text: no string is built from parts here.
    return String(unsafeUninitializedCapacity: count) { bytes in
      var end = count
      if places > 0 {
        end = write(fraction, places, to: bytes, before: end)
        end -= 1
        bytes[end] = UInt8(ascii: ".")
      }
      end = write(whole, end - sign, to: bytes, before: end)
      if sign > 0 { bytes[0] = UInt8(ascii: "-") }
      return count
    }
  }

  private static func length(of number: UInt64) -> Int {
    var length = 1
    var rest = number / 10
    while rest > 0 {
      length += 1
      rest /= 10
    }
    return length
  }

  /// Writes so many last digits of `number`; where they begin.
  private static func write(
    _ number: UInt64, _ digits: Int, to bytes: UnsafeMutableBufferPointer<UInt8>, before end: Int
  ) -> Int {
    var rest = number
    var index = end
    while index > end - digits {
      index -= 1
      bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    return index
  }

  /// Reads plain decimal text ("-12", "0.5", "12.50") exactly; nil for anything else: an exponent,
  /// a thousands separator, more fraction digits than `digits`, or a value beyond 64 bits.
  package static func parse(_ text: some StringProtocol, digits: Int) -> Int64? {
    var value: Int64 = 0
    var wholeDigits = 0
    var fractionDigits: Int?
    var bytes = Substring(text).utf8
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative { bytes.removeFirst() }
    // Grown with its sign from the start: the lowest value has no positive counterpart.
    let sign: Int64 = isNegative ? -1 : 1
    for byte in bytes {
      if byte == UInt8(ascii: "."), fractionDigits == nil, wholeDigits > 0 {
        fractionDigits = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      if let seen = fractionDigits { fractionDigits = seen + 1 } else { wholeDigits += 1 }
      guard append(sign * Int64(byte - UInt8(ascii: "0")), to: &value) else { return nil }
    }
    guard wholeDigits > 0, fractionDigits != 0, fractionDigits ?? 0 <= digits else { return nil }
    for _ in (fractionDigits ?? 0)..<digits {
      guard append(0, to: &value) else { return nil }
    }
    return value
  }

  private static func append(_ digit: Int64, to value: inout Int64) -> Bool {
    let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = shifted.addingReportingOverflow(digit)
    value = sum
    return !overflow && !carry
  }

  package static func powerOfTen(_ exponent: Int) -> UInt64 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
