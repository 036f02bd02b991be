import Messages

/// How codes must be written, and which there are. It shares nothing with the product: a code is
/// held against a pattern from its end, sign by sign.
struct CodeModel {
  struct Kind: Hashable {
    let kind: CatalogV1.CodeKind
    let classCode: String
  }

  var patterns: [Kind: [String]] = [:]
  /// By the class that they were made with.
  var codes: [CatalogV1.CodeKind: [String: String]] = [:]

  /// Of its class where that has any; none where any code will do.
  func patterns(of kind: Kind) -> [String] {
    patterns[kind] ?? patterns[Kind(kind: kind.kind, classCode: "")] ?? []
  }

  func isTaken(_ code: String, _ kind: Kind) -> Bool { codes[kind.kind]?[code] != nil }

  func accepts(_ code: String, _ kind: Kind) -> Bool {
    let all = patterns(of: kind)
    return all.isEmpty || all.contains { Self.fits(Array(code), Array($0)) }
  }

  private static func fits(_ code: [Character], _ pattern: [Character]) -> Bool {
    guard let symbol = pattern.last else { return code.isEmpty }
    let shorter = Array(pattern.dropLast())
    if symbol == "*" {
      return (shorter.count...max(shorter.count, code.count)).contains { count in
        count <= code.count && fits(Array(code.prefix(count)), shorter)
      }
    }
    guard let sign = code.last else { return false }
    let isFit =
      switch symbol {
      case "#": sign.isASCII && sign.isNumber
      case "@": sign.isASCII && sign.isLetter
      case "?": true
      default: sign == symbol
      }
    return isFit && fits(Array(code.dropLast()), shorter)
  }

  /// After the highest code of the first pattern that ends in nothing but digits; empty where there
  /// is none, or no number is left.
  func next(_ kind: Kind) -> String {
    for pattern in patterns(of: kind) {
      let digits = pattern.reversed().prefix { $0 == "#" }.count
      let head = pattern.dropLast(digits)
      guard digits > 0, !head.contains(where: { "#@?*".contains($0) }) else { continue }
      let numbers = (codes[kind.kind] ?? [:]).keys.compactMap { code -> Int? in
        guard code.count == pattern.count, code.hasPrefix(head) else { return nil }
        return Int(code.dropFirst(head.count))
      }
      let number = "\((numbers.max() ?? 0) + 1)"
      guard number.count <= digits else { return "" }
      return head + String(repeating: "0", count: digits - number.count) + number
    }
    return ""
  }
}
