package import Values

/// What a barcode of the GS1 says: elements, each an application identifier with its value. Read
/// from what scanners send (FNC1 as GS, U+001D, with or without a symbology identifier in front),
/// or from what people read below the bars: "(01)06901234567892(10)L7". Source: GS1 General
/// Specifications, sections 3 and 7.8.
package struct ElementString: Hashable, Sendable {
  package struct Element: Hashable, Sendable {
    /// "01", "3103".
    package let identifier: String
    /// The data title of the specification: "GTIN".
    package let title: String
    /// As it was scanned.
    package let text: String
    package let value: Value
  }

  package enum Value: Hashable, Sendable {
    case text(String)
    case gtin(GTIN)
    case day(Day)
    case count(Int64)
    /// Of the unit that the identifier stands for.
    case measure(Quantity)
  }

  /// What cannot be read, and from which character on, counted from 0.
  package struct Fault: Error, Hashable {
    package let position: Int
    package let why: String
  }

  /// At least one, each identifier once.
  package let elements: [Element]

  /// The longest that any carrier holds with room to spare.
  package static let longest = 500
  private static let separator = UInt8(0x1D)

  /// `today` says which century a year of two digits is of (section 7.12).
  package init(_ text: String, today: Day) throws(Fault) {
    var reader = Reader(text: text, today: today)
    elements = try reader.read()
  }

  package func first(_ identifiers: String...) -> Element? {
    for identifier in identifiers {
      if let found = elements.first(where: { $0.identifier == identifier }) { return found }
    }
    return nil
  }

  /// The value of 310n and the like, whichever n.
  package func measure(_ kind: String) -> Quantity? {
    for element in elements where element.identifier.dropLast() == kind {
      if case .measure(let quantity) = element.value { return quantity }
    }
    return nil
  }

  /// Whether a text is meant as elements: it is not digits only, or has the mark of a scanner.
  package static func looksLikeOne(_ text: String) -> Bool {
    !text.isDigits || ![8, 12, 13, 14].contains(text.utf8.count)
  }

  private struct Reader {
    let bytes: Substring.UTF8View
    let today: Day
    var position = 0
    var found: [Element] = []

    init(text: String, today: Day) {
      bytes = Substring(text).utf8
      self.today = today
    }

    private var rest: Substring.UTF8View { bytes.dropFirst(position) }

    private func fault(_ why: String, at place: Int? = nil) -> Fault {
      Fault(position: place ?? position, why: why)
    }

    mutating func read() throws(Fault) -> [Element] {
      guard bytes.count <= ElementString.longest else {
        throw fault("it is longer than \(ElementString.longest) characters", at: longest)
      }
      // ]C1 GS1-128, ]e0 GS1 DataBar, ]d2 GS1 DataMatrix, ]Q3 GS1 QR, ]J1 GS1 DotCode.
      if rest.first == UInt8(ascii: "]") {
        guard let mark = String(rest.prefix(3)), ["]C1", "]e0", "]d2", "]Q3", "]J1"].contains(mark)
        else { throw fault("no barcode of the GS1 begins so") }
        position = 3
      }
      if rest.first == ElementString.separator { position += 1 }
      guard let first = rest.first else { throw fault("there is nothing") }
      if first == UInt8(ascii: "(") { try readForPeople() } else { try readFromScanner() }
      return found
    }

    private var longest: Int { ElementString.longest }

    private mutating func readFromScanner() throws(Fault) {
      while !rest.isEmpty {
        guard let identifier = ApplicationIdentifier.find(at: rest) else {
          throw fault("no application identifier that is known")
        }
        let start = position
        position += identifier.code.utf8.count
        let most = identifier.lengths.upperBound
        let end = rest.prefix(most + 1).firstIndex(of: ElementString.separator)
        let value = end.map { rest[..<$0] } ?? rest.prefix(most)
        try add(identifier, value, at: start)
        if rest.first == ElementString.separator {
          position += 1
          guard !rest.isEmpty else { throw fault("nothing follows the separator") }
        } else if !rest.isEmpty, !identifier.hasKnownLength {
          throw fault("\(identifier.code) is longer than \(most), or its separator is missing")
        }
      }
    }

    private mutating func readForPeople() throws(Fault) {
      while !rest.isEmpty {
        let start = position
        guard let identifier = bracketed(at: position) else {
          throw fault("no application identifier that is known in brackets")
        }
        position += identifier.code.utf8.count + 2
        var end = position
        while end < bytes.count, bracketed(at: end) == nil { end += 1 }
        try add(identifier, bytes.dropFirst(position).prefix(end - position), at: start)
      }
    }

    /// A value may have brackets of its own; only those around an identifier begin an element.
    private func bracketed(at place: Int) -> ApplicationIdentifier? {
      let rest = bytes.dropFirst(place)
      guard rest.first == UInt8(ascii: "("),
        let identifier = ApplicationIdentifier.find(at: rest.dropFirst()),
        rest.dropFirst(1 + identifier.code.utf8.count).first == UInt8(ascii: ")")
      else { return nil }
      return identifier
    }

    /// Moves behind the value.
    private mutating func add(
      _ identifier: ApplicationIdentifier, _ value: Substring.UTF8View, at start: Int
    ) throws(Fault) {
      let code = identifier.code
      guard identifier.canBe(value.count) else {
        let (least, most) = (identifier.lengths.lowerBound, identifier.lengths.upperBound)
        throw fault(
          least == most
            ? "\(code) has \(most) characters, not \(value.count)"
            : "\(code) has \(least) to \(most) characters"
              + "\(identifier.step > 1 ? " in steps of \(identifier.step)" : ""), "
              + "not \(value.count)")
      }
      for (offset, byte) in value.enumerated() {
        guard offset < identifier.digits ? byte.isDigit : identifier.allows(byte) else {
          throw fault(
            offset < identifier.digits ? "\(code) has a digit here" : "no character of the GS1",
            at: position + offset)
        }
      }
      guard !found.contains(where: { $0.identifier == code }), let text = String(value) else {
        throw fault("\(code) is there twice", at: start)
      }
      found.append(
        Element(
          identifier: code, title: identifier.title, text: text,
          value: try read(text, as: identifier)))
      position += value.count
    }

    private func read(
      _ text: String, as identifier: ApplicationIdentifier
    ) throws(Fault) -> Value {
      switch identifier.meaning {
      case .text: return .text(text)
      case .gtin:
        do { return .gtin(try GTIN(text)) } catch { throw fault("\(identifier.code): \(error)") }
      case .day:
        guard let day = day(text) else { throw fault("\(identifier.code) is no day: \(text)") }
        return .day(day)
      case .count: return .count(Int64(text) ?? 0)
      case .decimal: return decimal(text, identifier).map { .measure($0) } ?? .text(text)
      case .amountWithCurrency:
        return decimal(String(text.dropFirst(3)), identifier).map { .measure($0) } ?? .text(text)
      }
    }

    /// Exact up to millionths and what fits; nil beyond, where the text says it all.
    private func decimal(_ text: String, _ identifier: ApplicationIdentifier) -> Quantity? {
      guard let number = Int64(text), let decimals = identifier.code.last?.wholeNumberValue,
        decimals <= 6
      else { return nil }
      var (micros, overflow) = (number, false)
      for _ in decimals..<6 where !overflow {
        (micros, overflow) = micros.multipliedReportingOverflow(by: 10)
      }
      return overflow ? nil : Quantity(micros: micros)
    }

    private func day(_ text: String) -> Day? {
      let parts = stride(from: 0, to: 6, by: 2).compactMap {
        Int(text.dropFirst($0).prefix(2))
      }
      guard parts.count == 3 else { return nil }
      let year = Self.year(parts[0], now: today.year)
      guard parts[2] == 0 else { return Day(year: year, month: parts[1], day: parts[2]) }
      let next = parts[1] == 12 ? (year + 1, 1) : (year, parts[1] + 1)
      guard (1...12).contains(parts[1]) else { return nil }
      return Day(year: next.0, month: next.1, day: 1)?.adding(days: -1)
    }

    /// At most 50 years ahead of `now`, at most 49 behind (section 7.12).
    static func year(_ twoDigits: Int, now: Int) -> Int {
      let year = now - now % 100 + twoDigits
      let ahead = twoDigits - now % 100
      return ahead >= 51 ? year - 100 : ahead <= -50 ? year + 100 : year
    }
  }
}
