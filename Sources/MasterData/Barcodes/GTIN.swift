/// A Global Trade Item Number: 8, 12, 13 or 14 digits of which the last checks the others (GS1
/// General Specifications 7.9). Numbers that differ in zeros in front only are the same number, so
/// all are kept with 14 digits.
package struct GTIN: Hashable, Sendable, CustomStringConvertible {
  /// What it is printed as, by the digits that it needs.
  package enum Kind: Hashable, Sendable, CaseIterable {
    case ean8, upcA, ean13, gtin14
  }

  /// Why a text is none.
  package enum Fault: Error, Hashable, CustomStringConvertible {
    /// The first character that is no digit, counted from 0.
    case notDigit(position: Int)
    case length(Int)
    case checkDigit(expected: Int)
    /// Zeros only.
    case zero

    package var description: String {
      switch self {
      case .notDigit(let position): "character \(position) is no digit"
      case .length(let count): "it has \(count) digits, not 8, 12, 13 or 14"
      case .checkDigit(let expected): "its last digit must be \(expected)"
      case .zero: "it is zeros only"
      }
    }
  }

  /// 14 digits.
  package let description: String

  package init(_ text: some StringProtocol) throws(Fault) {
    var digits: [Int] = []
    for (position, byte) in text.utf8.enumerated() {
      guard byte.isDigit else { throw .notDigit(position: position) }
      if digits.count < 15 { digits.append(Int(byte - UInt8(ascii: "0"))) }
    }
    guard [8, 12, 13, 14].contains(text.utf8.count) else { throw .length(text.utf8.count) }
    let expected = Self.checkDigit(of: digits.dropLast())
    guard digits.last == expected else { throw .checkDigit(expected: expected) }
    guard digits.contains(where: { $0 != 0 }) else { throw .zero }
    description = String(repeating: "0", count: 14 - digits.count) + String(text)
  }

  /// That was checked when it was stored.
  init(stored text: String) { description = text }

  /// From the right, digits count three times and once by turns; the check digit fills the sum up
  /// to the next ten.
  package static func checkDigit(of digits: some BidirectionalCollection<Int>) -> Int {
    let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
      sum + digit.element * (digit.offset.isMultiple(of: 2) ? 3 : 1)
    }
    return (10 - sum % 10) % 10
  }

  package var kind: Kind {
    switch description.prefix(while: { $0 == "0" }).count {
    case 0: .gtin14
    case 1: .ean13
    case 2...5: .upcA
    default: .ean8
    }
  }

  /// As it is printed, without the zeros in front.
  package var printed: String {
    switch kind {
    case .gtin14: description
    case .ean13: String(description.dropFirst())
    case .upcA: String(description.dropFirst(2))
    case .ean8: String(description.dropFirst(6))
    }
  }
}
