/// The messages that are written as text in JSON: our values and the standard times. Each is
/// understood as an object, too, since a value that has no text, such as a date without a day, is
/// written as one.
enum TextForm: String {
  case money = "joinery.type.v1.Money"
  case unitPrice = "joinery.type.v1.UnitPrice"
  case quantity = "joinery.type.v1.Quantity"
  case exchangeRate = "joinery.type.v1.ExchangeRate"
  case date = "google.type.Date"
  case timestamp = "google.protobuf.Timestamp"
  case duration = "google.protobuf.Duration"
  case fieldMask = "google.protobuf.FieldMask"

  /// Nil for any other message.
  init?(_ fullName: String) { self.init(rawValue: fullName) }

  /// What to write, for error messages.
  var expected: String {
    switch self {
    case .money: "an amount such as \"1299.00 CNY\""
    case .unitPrice: "a price such as \"12.5 CNY\""
    case .quantity: "a quantity such as \"3 pcs\" or \"2.5 m2\""
    case .exchangeRate: "a rate such as \"7.12 CNY/USD\" or \"4.7325 CNY/100 JPY\""
    case .date: "a date such as \"2026-11-21\""
    case .timestamp: "a time such as \"2026-11-21T09:30:00Z\""
    case .duration: "a duration such as \"1.5s\""
    case .fieldMask: "field names separated by commas, such as \"name,creditLimit\""
    }
  }

  // MARK: Text → bytes

  func bytes(_ text: String, at path: String) throws(JSONMappingError) -> [UInt8] {
    guard let bytes = bytes(text) else {
      throw JSONMappingError(path, "expected \(expected), found \"\(text.prefix(60))\"")
    }
    return bytes
  }

  private func bytes(_ text: String) -> [UInt8]? {
    var writer = WireWriter()
    switch self {
    case .money, .unitPrice:
      let parts = text.split(separator: " ")
      guard parts.count == 2, Self.isCurrency(String(parts[1])) else { return nil }
      let digits = self == .money ? CurrencyDigits.of(String(parts[1])) : 6
      guard let amount = DecimalText.int64(String(parts[0]), digits: digits) else { return nil }
      writer.bytes(1, Array(parts[1].utf8))
      writer.nonZero(2, amount)
    case .quantity:
      let parts = text.split(separator: " ", maxSplits: 1)
      guard let first = parts.first, let micros = DecimalText.int64(String(first), digits: 6) else {
        return nil
      }
      writer.nonZero(1, micros)
      if parts.count == 2 { writer.bytes(2, Array(parts[1].utf8)) }
    case .exchangeRate:
      // "4.7325 CNY/100 JPY"
      let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        .map { $0.split(separator: " ") }
      guard sides.count == 2, sides[0].count == 2, (1...2).contains(sides[1].count),
        let micros = DecimalText.int64(String(sides[0][0]), digits: 6),
        let currency = sides[1].last, Self.isCurrency(String(currency)),
        Self.isCurrency(String(sides[0][1]))
      else { return nil }
      writer.bytes(1, Array(currency.utf8))
      writer.bytes(2, Array(sides[0][1].utf8))
      writer.nonZero(3, micros)
      guard let units = sides[1].count == 1 ? 1 : Int32(String(sides[1][0])), units > 0 else {
        return nil
      }
      writer.nonZero(4, Int64(units))
    case .date:
      guard let date = CivilDate(text) else { return nil }
      writer.nonZero(1, Int64(date.year))
      writer.nonZero(2, Int64(date.month))
      writer.nonZero(3, Int64(date.day))
    case .timestamp:
      guard let (seconds, nanos) = RFC3339.parse(text) else { return nil }
      writer.nonZero(1, seconds)
      writer.nonZero(2, nanos)
    case .duration:
      guard text.last == "s", let nanos = DecimalText.scaled(String(text.dropLast()), digits: 9),
        nanos.magnitude <= 315_576_000_000_000_000_000
      else { return nil }
      writer.nonZero(1, Int64(nanos / 1_000_000_000))
      writer.nonZero(2, Int64(nanos % 1_000_000_000))
    case .fieldMask:
      for path in text.split(separator: ",") { writer.bytes(1, Array(Self.snake(path).utf8)) }
    }
    return writer.bytes
  }

  // MARK: Bytes → text

  /// Nil when the value has no text form; it is then written as an object.
  func string(_ fields: [Int: [WireReader.Value]]) -> String? {
    func int64(_ number: Int) -> Int64 {
      guard case .varint(let value)? = fields[number]?.last else { return 0 }
      return Int64(bitPattern: value)
    }
    func text(_ number: Int) -> String { fields[number]?.last?.text ?? "" }
    switch self {
    case .money:
      guard Self.isCurrency(text(1)) else { return nil }
      let digits = CurrencyDigits.of(text(1))
      return DecimalText.text(int64(2), digits: digits, minimumDigits: digits) + " " + text(1)
    case .unitPrice:
      guard Self.isCurrency(text(1)) else { return nil }
      return DecimalText.text(int64(2), digits: 6) + " " + text(1)
    case .quantity:
      let amount = DecimalText.text(int64(1), digits: 6)
      return text(2).isEmpty ? amount : amount + " " + text(2)
    case .exchangeRate:
      let units = int64(4)
      guard Self.isCurrency(text(1)), Self.isCurrency(text(2)), units > 0 else { return nil }
      return DecimalText.text(int64(3), digits: 6) + " \(text(2))/"
        + (units == 1 ? "" : "\(units) ") + text(1)
    case .date:
      return CivilDate(year: Int(int64(1)), month: Int(int64(2)), day: Int(int64(3)))?.text
    case .timestamp: return RFC3339.text(seconds: int64(1), nanos: int64(2))
    case .duration:
      let (seconds, nanos) = (int64(1), int64(2))
      guard seconds.magnitude <= 315_576_000_000, nanos.magnitude < 1_000_000_000 else {
        return nil
      }
      let total = Int128(seconds) * 1_000_000_000 + Int128(nanos)
      return DecimalText.text(total, digits: 9) + "s"
    case .fieldMask:
      let paths = (fields[1] ?? []).map(\.text)
      let names = paths.map(Self.camel)
      // "," is a path to protobuf, but not in this list.
      let areSame = zip(paths, names).allSatisfy { path, name in
        !name.isEmpty && !name.contains { $0 == "," || $0 == " " } && Self.snake(name[...]) == path
      }
      return areSame ? names.joined(separator: ",") : nil
    }
  }

  private static func isCurrency(_ code: String) -> Bool {
    code.utf8.count == 3 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  }

  private static func snake(_ path: Substring) -> String {
    path.reduce(into: "") { text, character in
      if character.isUppercase { text += "_" }
      if character != " " { text += character.lowercased() }
    }
  }

  private static func camel(_ path: String) -> String {
    var raises = false
    return path.reduce(into: "") { text, character in
      if character == "_" {
        raises = true
      } else {
        text += raises ? character.uppercased() : String(character)
        raises = false
      }
    }
  }
}

extension WireWriter {
  fileprivate mutating func nonZero(_ field: Int, _ value: Int64) {
    if value != 0 { scalar(field, .varint(UInt64(bitPattern: value))) }
  }
}

/// How many decimals a currency's minor unit stands for (ISO 4217).
enum CurrencyDigits {
  static func of(_ code: String) -> Int {
    switch code {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
      "VND", "VUV", "XAF", "XOF", "XPF":
      0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
    default: 2
    }
  }
}
