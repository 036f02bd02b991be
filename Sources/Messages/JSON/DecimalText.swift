/// Decimal text ↔ scaled integers, exactly.
enum DecimalText {
  /// `text` times 10^digits; nil unless it is a JSON number (with or without exponent) and that is
  /// a whole number.
  static func scaled(_ text: String, digits: Int) -> Int128? {
    var bytes = text.utf8[...]
    let negative = bytes.first == UInt8(ascii: "-")
    if negative { bytes.removeFirst() }
    var mantissa: Int128 = 0
    var exponent = digits
    guard let whole = takeDigits(&bytes, into: &mantissa), whole > 0 else { return nil }
    if bytes.first == UInt8(ascii: ".") {
      bytes.removeFirst()
      guard let fraction = takeDigits(&bytes, into: &mantissa), fraction > 0 else { return nil }
      exponent -= fraction
    }
    if let letter = bytes.first, letter | 0x20 == UInt8(ascii: "e") {
      bytes.removeFirst()
      // Int() reads a sign and digits and nothing else; longer exponents are of no use.
      guard bytes.count <= 4, let power = Int(String(Substring(bytes))) else { return nil }
      exponent += power
      bytes = bytes.suffix(0)
    }
    guard bytes.isEmpty else { return nil }
    if mantissa == 0 { return 0 }
    while exponent < 0 {
      guard mantissa % 10 == 0 else { return nil }
      mantissa /= 10
      exponent += 1
    }
    while exponent > 0 {
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      mantissa = product
      exponent -= 1
    }
    return negative ? -mantissa : mantissa
  }

  static func int64(_ text: String, digits: Int) -> Int64? {
    scaled(text, digits: digits).flatMap { Int64(exactly: $0) }
  }

  /// Plain decimal: 12500000 with 6 digits is "12.5"; `minimumDigits` pads with zeros.
  static func text(_ value: some SignedInteger, digits: Int, minimumDigits: Int = 0) -> String {
    var text = String(value.magnitude)
    text = String(repeating: "0", count: max(0, digits + 1 - text.utf8.count)) + text
    let whole = text.dropLast(digits)
    var fraction = text.suffix(digits)
    while fraction.utf8.count > minimumDigits, fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// The number of digits taken; nil when the number grows too large.
  private static func takeDigits(
    _ bytes: inout Substring.UTF8View, into mantissa: inout Int128
  ) -> Int? {
    var count = 0
    while let byte = bytes.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
      let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int128(byte - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      mantissa = sum
      bytes.removeFirst()
      count += 1
    }
    return count
  }
}
