package import Values

/// Collects what is wrong with one row or request, so that all of it is reported at once. Every
/// check names the field; of several faults in one field, or in a part of it, only the first
/// counts.
package struct FieldCheck {
  package let path: FieldPath
  package private(set) var violations: [any Rejection]

  /// `malformed` are faults that whoever read the request has already found.
  package init(_ path: FieldPath, malformed: [any Rejection] = []) {
    self.path = path
    violations = malformed
  }

  package mutating func refuse(_ rejection: some Rejection) {
    if let field = rejection.field, hasFault(in: field) { return }
    violations.append(rejection)
  }

  /// A code that its owner chose: 1–40 of A–Z a–z 0–9 . _ - /.
  package mutating func code(_ text: String, _ name: String) {
    let fits = (1...40).contains(text.utf8.count)
    guard !fits || !text.utf8.allSatisfy(Self.isCodeByte) else { return }
    refuse(
      text.isEmpty
        ? MasterDataRejection.missingValue(field: path.field(name))
        : .invalidCode(field: path.field(name), given: String(text.prefix(60))))
  }

  /// One line of text for people. A `required` one must have something else than blanks.
  package mutating func text(
    _ text: String, _ name: String, limit: Int = 200, required: Bool = false
  ) {
    if required, text.allSatisfy(\.isWhitespace) {
      return refuse(MasterDataRejection.missingValue(field: path.field(name)))
    }
    let length = text.utf8.count <= limit ? 0 : text.unicodeScalars.count
    if length > limit {
      refuse(
        MasterDataRejection.textTooLong(field: path.field(name), length: length, limit: limit))
    }
    if text.unicodeScalars.contains(where: Self.isControl) {
      refuse(MasterDataRejection.controlCharacter(field: path.field(name)))
    }
  }

  package mutating func range<Value: Comparable & CustomStringConvertible>(
    _ value: Value, _ name: String, _ range: ClosedRange<Value>
  ) {
    guard !range.contains(value) else { return }
    refuse(
      MasterDataRejection.outOfRange(
        field: path.field(name), given: value.description, lowest: range.lowerBound.description,
        highest: range.upperBound.description))
  }

  /// Ten million million of the major unit: the most that one document may come to. The ledger
  /// still holds thousands of them.
  package static let highestAmountMinor: Int64 = 1_000_000_000_000_000
  /// A thousand million of the major unit for one piece.
  package static let highestUnitPriceMicros: Int64 = 1_000_000_000_000_000

  /// An amount in the currency of the books, from 0 to `highest` of its minor unit.
  package mutating func amount(
    _ given: Money, _ name: String, base: Currency, highest: Int64 = highestAmountMinor
  ) {
    currency(given.currency, name, base: base)
    guard !(0...highest).contains(given.minor) else { return }
    refuse(
      MasterDataRejection.outOfRange(
        field: path.field(name), given: given.description, lowest: "0",
        highest: Money(minor: highest, currency: given.currency).description))
  }

  /// A price or cost of one unit: 0 or more, in the currency of the books.
  package mutating func unitPrice(_ given: UnitPrice, _ name: String, base: Currency) {
    currency(given.currency, name, base: base)
    guard !(0...Self.highestUnitPriceMicros).contains(given.micros) else { return }
    refuse(
      MasterDataRejection.outOfRange(
        field: path.field(name), given: given.description, lowest: "0",
        highest: UnitPrice(micros: Self.highestUnitPriceMicros, currency: given.currency)
          .description))
  }

  package mutating func currency(_ given: Currency, _ name: String, base: Currency) {
    guard given != base else { return }
    refuse(
      MasterDataRejection.currencyNotAccepted(field: path.field(name), given: given, base: base))
  }

  /// `expected` nil or 0 asks for nothing; `stored` nil means that there is no such row.
  package mutating func version(
    _ expected: Int64?, stored: Int64?, code: String, _ name: String = "version"
  ) {
    guard let expected, expected != 0, expected != stored ?? 0 else { return }
    refuse(
      MasterDataRejection.versionConflict(
        field: path.field(name), code: code, expected: expected, stored: stored ?? 0))
  }

  /// The value, or a note that it is missing.
  package mutating func required<Value>(_ value: Value?, _ name: String) -> Value? {
    if value == nil { refuse(MasterDataRejection.missingValue(field: path.field(name))) }
    return value
  }

  /// Throws what was found, all at once.
  package func pass() throws { try Rejections.check(violations) }

  private func hasFault(in field: String) -> Bool {
    violations.contains { violation in
      violation.field.map { $0 == field || $0.hasPrefix(field + ".") } ?? false
    }
  }

  static func isCodeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      // "-", ".", "/" and the digits stand in a row.
      UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
