/// What a refusal repeats of a request: a line at most, and nothing that steers a terminal or log.
enum Echo {
  static func text(_ given: String, longest: Int = 160) -> String {
    let scalars = given.unicodeScalars
    let isLong = scalars.count > longest
    guard isLong || scalars.contains(where: isControl) else { return given }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: scalars.prefix(longest).map { isControl($0) ? "\u{FFFD}" : $0 })
    return String(kept) + (isLong ? "…" : "")
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }
}
