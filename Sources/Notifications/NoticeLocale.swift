/// Languages by their codes: "en", "zh-CN".
package enum NoticeLocale {
  /// What is written for everybody; the last that is tried for a language without templates.
  package static let shipped = ["en", "zh-CN"]

  /// Two or three small letters, and possibly two capitals of a country.
  package static func isWellFormed(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (2...3).contains(parts[0].utf8.count),
      parts[0].utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
    else { return false }
    return parts.count == 1
      || parts[1].utf8.count == 2
        && parts[1].utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  /// What is tried one after the other for a wanted language: itself, the language without its
  /// country or with the country that is written for, and what is shipped.
  package static func candidates(for wanted: String) -> [String] {
    let language = String(wanted.prefix { $0 != "-" })
    let kin = shipped.filter { $0 == language || $0.hasPrefix(language + "-") }
    var found: [String] = []
    for locale in [wanted, language] + kin + shipped where !locale.isEmpty {
      if !found.contains(locale) { found.append(locale) }
    }
    return found
  }
}
