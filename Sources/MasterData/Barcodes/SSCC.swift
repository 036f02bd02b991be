/// A Serial Shipping Container Code: the number of one carton or pallet. 18 digits: an extension
/// digit, the company's GS1 prefix, a serial number, and a check digit (GS1 General Specifications
/// 2.2.1 and 7.9).
package struct SSCC: Hashable, Sendable, CustomStringConvertible {
  /// 18 digits.
  package let description: String

  /// Digits of a prefix (GS1 General Specifications 1.3).
  package static let prefixLengths = 4...12

  /// Nil for what is none: another length, something else than digits, a wrong check digit.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count == 18, text.isDigits else { return nil }
    let digits = text.utf8.map { Int($0 - UInt8(ascii: "0")) }
    guard digits.last == GTIN.checkDigit(of: digits.dropLast()) else { return nil }
    description = String(text)
  }

  /// As scanners send it, or people read it: with (00), with 00 or without, and with the mark of a
  /// scanner or without. Nil for anything else, and for what says more than that.
  package init?(scanned text: String) {
    var rest = text[...]
    if let mark = ["]C1", "]d2", "]Q3", "]J1", "]e0"].first(where: { rest.hasPrefix($0) }) {
      rest = rest.dropFirst(mark.count)
      guard rest.utf8.count == 20 else { return nil }
    }
    if rest.hasPrefix("(00)") {
      rest = rest.dropFirst(4)
    } else if rest.utf8.count == 20 {
      guard rest.hasPrefix("00") else { return nil }
      rest = rest.dropFirst(2)
    }
    self.init(rest)
  }

  /// The one of a serial number of a company, counted from 0; the extension digit is the highest of
  /// its digits. Nil once there are no more of them.
  package init?(prefix: String, serial: Int64) {
    guard Self.isPrefix(prefix), serial >= 0 else { return nil }
    let digits = serial.description
    let room = 17 - prefix.utf8.count
    guard digits.utf8.count <= room else { return nil }
    let filled = String(repeating: "0", count: room - digits.utf8.count) + digits
    let text = filled.prefix(1) + prefix + filled.dropFirst()
    description =
      text + GTIN.checkDigit(of: text.utf8.map { Int($0 - UInt8(ascii: "0")) }).description
  }

  package static func isPrefix(_ text: String) -> Bool {
    prefixLengths.contains(text.utf8.count) && text.isDigits
  }

  /// "00…", as a barcode holds it.
  package var elementString: String { "00" + description }

  /// "(00)…", as people read it.
  package var forPeople: String { "(00)" + description }
}
