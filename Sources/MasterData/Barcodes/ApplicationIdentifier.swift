/// What the data behind an application identifier looks like: GS1 General Specifications 3.2
/// (format and data title), 7.8 (what needs no separator behind it) and 7.11 (characters); checked
/// identifier by identifier against the GS1 Barcode Syntax Dictionary of 2026.
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

  /// Which characters may follow the digits (figures 7.11-1 to 7.11-3).
  enum Alphabet: Hashable, Sendable {
    case set82, set39, set64
  }

  /// "01", "3103".
  let code: String
  let title: String
  /// So many digits come first; others than digits may follow them.
  let digits: Int
  /// How long the value can be.
  let lengths: ClosedRange<Int>
  /// Beyond the shortest it is longer by whole steps: further countries of three digits each.
  var step = 1
  var alphabet = Alphabet.set82
  let meaning: Meaning

  /// No separator is needed behind it, and its length is known from its first two digits.
  var hasKnownLength: Bool { Self.knownLengths.contains(String(code.prefix(2))) }

  func canBe(_ length: Int) -> Bool {
    lengths.contains(length) && (length - lengths.lowerBound) % step == 0
  }

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

  /// 310n to 369n: net and logistic measures, with up to five decimals; 390n to 395n: amounts. n
  /// says the decimals.
  private static func measure(_ code: String) -> ApplicationIdentifier? {
    guard code.utf8.count == 4, let decimals = code.utf8.last.map({ Int($0) - 48 }),
      (0...9).contains(decimals), let kind = Int(code.dropLast())
    else { return nil }
    func digits(
      _ title: String, _ lengths: ClosedRange<Int>, most: Int, _ meaning: Meaning = .decimal
    ) -> ApplicationIdentifier? {
      guard decimals <= most else { return nil }
      return ApplicationIdentifier(
        code: code, title: title, digits: lengths.upperBound, lengths: lengths, meaning: meaning)
    }
    if let title = measures[kind] { return digits(title, 6...6, most: 5) }
    switch kind {
    case 390: return digits("AMOUNT", 1...15, most: 9)
    case 391: return digits("AMOUNT", 4...18, most: 9, .amountWithCurrency)
    case 392: return digits("PRICE", 1...15, most: 9)
    case 393: return digits("PRICE", 4...18, most: 9, .amountWithCurrency)
    case 394: return digits("PRCNT OFF", 4...4, most: 3)
    case 395: return digits("PRICE/UoM", 6...6, most: 5)
    default: return nil
    }
  }

  private static let measures: [Int: String] = {
    let net = [
      "NET WEIGHT (kg)", "LENGTH (m)", "WIDTH (m)", "HEIGHT (m)", "AREA (m²)", "NET VOLUME (l)",
      "NET VOLUME (m³)",
    ]
    let sides = [
      "LENGTH (in)", "LENGTH (ft)", "LENGTH (yd)", "WIDTH (in)", "WIDTH (ft)", "WIDTH (yd)",
      "HEIGHT (in)", "HEIGHT (ft)", "HEIGHT (yd)",
    ]
    let logistic = [
      "GROSS WEIGHT (kg)", "LENGTH (m), log", "WIDTH (m), log", "HEIGHT (m), log",
      "AREA (m²), log", "VOLUME (l), log", "VOLUME (m³), log", "KG PER m²",
    ]
    let areas = [
      "AREA (in²)", "AREA (ft²)", "AREA (yd²)", "AREA (in²), log", "AREA (ft²), log",
      "AREA (yd²), log", "NET WEIGHT (tr oz)", "NET VOLUME (oz)",
    ]
    let volumes = [
      "NET VOLUME (qt (US))", "NET VOLUME (gal.)", "VOLUME (qt (US)), log",
      "VOLUME (gal (US)), log", "NET VOLUME (in³)", "NET VOLUME (ft³)", "NET VOLUME (yd³)",
      "VOLUME (in³), log", "VOLUME (ft³), log", "VOLUME (yd³), log",
    ]
    let blocks = [
      (310, net), (320, ["NET WEIGHT (lb)"] + sides), (330, logistic),
      (340, ["GROSS WEIGHT (lb)"] + sides.map { $0 + ", log" }), (350, areas), (360, volumes),
    ]
    var found: [Int: String] = [:]
    for (first, titles) in blocks {
      for (offset, title) in titles.enumerated() { found[first + offset] = title }
    }
    return found
  }()

  /// Whether a character may stand behind the digits.
  func allows(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "a")...UInt8(ascii: "z"): alphabet != .set39
    default:
      switch alphabet {
      case .set82: "!\"%&'()*+,-./:;<=>?_".utf8.contains(byte)
      case .set39: "#-/".utf8.contains(byte)
      case .set64: "-_=".utf8.contains(byte)
      }
    }
  }
}
