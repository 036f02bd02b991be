/// What the data behind an application identifier looks like: GS1 General Specifications 3.2
/// (format and data title), 7.8 (what needs no separator behind it) and 7.11 (characters).
struct ApplicationIdentifier: Hashable, Sendable {
  /// What the value means, where that is more than its text.
  enum Meaning: Hashable, Sendable {
    case text
    case gtin
    /// YYMMDD; day 00 is the last of the month.
    case day
    case count
    /// The last digit of the identifier says how many of its digits are decimals.
    case decimal
    /// As `decimal`, behind the three digits of a currency (ISO 4217).
    case amountWithCurrency
  }

  /// "01", "3103".
  let code: String
  let title: String
  /// So many digits come first; others than digits may follow them.
  let digits: Int
  /// How long the value can be.
  let lengths: ClosedRange<Int>
  let meaning: Meaning

  /// No separator is needed behind it, and its length is known from its first two digits.
  var hasKnownLength: Bool { Self.knownLengths.contains(String(code.prefix(2))) }

  /// GS1 General Specifications, figure 7.8.5-2.
  private static let knownLengths: Set<String> = [
    "00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20",
    "31", "32", "33", "34", "35", "36", "41",
  ]

  /// The identifier at the start of `text`; nil when it begins with none that is known.
  static func find(at text: Substring.UTF8View) -> ApplicationIdentifier? {
    for length in 2...4 {
      guard let code = String(text.prefix(length)), code.utf8.count == length else { return nil }
      if let found = fixed[code] ?? measure(code) { return found }
    }
    return nil
  }

  /// 310n to 369n: net and logistic measures; 390n to 395n: amounts. n says the decimals.
  private static func measure(_ code: String) -> ApplicationIdentifier? {
    guard code.utf8.count == 4, let decimals = code.utf8.last.map({ Int($0) - 48 }),
      let kind = Int(code.dropLast())
    else { return nil }
    func digits(_ title: String, _ lengths: ClosedRange<Int>, _ meaning: Meaning = .decimal)
      -> ApplicationIdentifier?
    {
      ApplicationIdentifier(
        code: code, title: title, digits: lengths.upperBound, lengths: lengths, meaning: meaning)
    }
    if (310...316).contains(kind) || (320...337).contains(kind) || (340...357).contains(kind)
      || (360...369).contains(kind)
    {
      return decimals <= 6 ? digits(measures[kind] ?? "MEASURE", 6...6) : nil
    }
    switch kind {
    case 390: return digits("AMOUNT", 1...15)
    case 391: return digits("AMOUNT", 4...18, .amountWithCurrency)
    case 392: return digits("PRICE", 1...15)
    case 393: return digits("PRICE", 4...18, .amountWithCurrency)
    case 394: return decimals <= 4 ? digits("PRCNT OFF", 4...4) : nil
    case 395: return decimals <= 6 ? digits("PRICE/UoM", 6...6) : nil
    default: return nil
    }
  }

  private static let measures = [
    310: "NET WEIGHT (kg)", 311: "LENGTH (m)", 312: "WIDTH (m)", 313: "HEIGHT (m)",
    314: "AREA (m²)", 315: "NET VOLUME (l)", 316: "NET VOLUME (m³)",
  ]

  private static let fixed: [String: ApplicationIdentifier] = {
    /// `digits` nil: digits only.
    func row(
      _ code: String, _ title: String, _ lengths: ClosedRange<Int>, digits: Int? = nil,
      _ meaning: Meaning = .text
    ) -> (String, ApplicationIdentifier) {
      (
        code,
        ApplicationIdentifier(
          code: code, title: title, digits: digits ?? lengths.upperBound, lengths: lengths,
          meaning: meaning)
      )
    }
    var rows = [
      row("00", "SSCC", 18...18), row("01", "GTIN", 14...14, .gtin),
      row("02", "CONTENT", 14...14, .gtin), row("10", "BATCH/LOT", 1...20, digits: 0),
      row("11", "PROD DATE", 6...6, .day), row("12", "DUE DATE", 6...6, .day),
      row("13", "PACK DATE", 6...6, .day), row("15", "BEST BEFORE", 6...6, .day),
      row("16", "SELL BY", 6...6, .day), row("17", "USE BY", 6...6, .day),
      row("20", "VARIANT", 2...2), row("21", "SERIAL", 1...20, digits: 0),
      row("22", "CPV", 1...20, digits: 0), row("235", "TPX", 1...28, digits: 0),
      row("240", "ADDITIONAL ID", 1...30, digits: 0),
      row("241", "CUST. PART No.", 1...30, digits: 0),
      row("242", "MTO VARIANT", 1...6), row("243", "PCN", 1...20, digits: 0),
      row("250", "SECONDARY SERIAL", 1...30, digits: 0),
      row("251", "REF. TO SOURCE", 1...30, digits: 0), row("253", "GDTI", 13...30, digits: 13),
      row("254", "GLN EXTENSION COMPONENT", 1...20, digits: 0), row("255", "GCN", 13...25),
      row("30", "VAR. COUNT", 1...8, .count), row("37", "COUNT", 1...8, .count),
      row("400", "ORDER NUMBER", 1...30, digits: 0), row("401", "GINC", 1...30, digits: 0),
      row("402", "GSIN", 17...17), row("403", "ROUTE", 1...30, digits: 0),
      row("410", "SHIP TO LOC", 13...13), row("411", "BILL TO", 13...13),
      row("412", "PURCHASE FROM", 13...13), row("413", "SHIP FOR LOC", 13...13),
      row("414", "LOC No.", 13...13), row("415", "PAY TO", 13...13),
      row("416", "PROD/SERV LOC", 13...13), row("417", "PARTY", 13...13),
      row("420", "SHIP TO POST", 1...20, digits: 0), row("421", "SHIP TO POST", 4...12, digits: 3),
      row("422", "ORIGIN", 3...3), row("423", "COUNTRY - INITIAL PROCESS", 3...15),
      row("424", "COUNTRY - PROCESS", 3...3), row("425", "COUNTRY - DISASSEMBLY", 3...15),
      row("426", "COUNTRY - FULL PROCESS", 3...3),
      row("427", "ORIGIN SUBDIVISION", 1...3, digits: 0), row("7001", "NSN", 13...13),
      row("7003", "EXPIRY TIME", 10...10), row("8003", "GRAI", 14...30, digits: 14),
      row("8004", "GIAI", 1...30, digits: 0), row("8005", "PRICE PER UNIT", 6...6),
      row("8006", "ITIP", 18...18), row("8008", "PROD TIME", 8...12),
      row("8020", "REF No.", 1...25, digits: 0), row("90", "INTERNAL", 1...30, digits: 0),
    ]
    for code in 91...99 { rows.append(row("\(code)", "INTERNAL", 1...90, digits: 0)) }
    return Dictionary(uniqueKeysWithValues: rows)
  }()

  /// GS1 AI encodable character set 82 (figure 7.11-1).
  static func allows(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: "!\"%&'()*+,-./:;<=>?_".utf8.contains(byte)
    }
  }
}
