package import Values

/// What is refused about codes and their patterns, in the order in which it is checked.
package enum CodeRejection: Rejection, Hashable {
  /// Empty, too long, a star before the end, or signs that codes cannot have.
  case invalidPattern(field: String)
  case duplicatePattern(field: String, pattern: String)
  /// Only customers and products have classes.
  case noClasses(field: String)
  case unknownPatterns(field: String, version: Int64)
  /// A new code that fits none of the patterns for it.
  case outsidePattern(field: String, code: String, patterns: [String], example: String)
}

extension CodeRejection {
  package var kind: RejectionKind {
    switch self {
    case .invalidPattern, .duplicatePattern, .noClasses, .outsidePattern: .invalid
    case .unknownPatterns: .notFound
    }
  }

  package var reason: String {
    switch self {
    case .invalidPattern: "INVALID_PATTERN"
    case .duplicatePattern: "DUPLICATE_PATTERN"
    case .noClasses: "NO_CLASSES"
    case .unknownPatterns: "UNKNOWN_PATTERNS"
    case .outsidePattern: "CODE_OUTSIDE_PATTERN"
    }
  }

  package var message: String {
    switch self {
    case .invalidPattern:
      "A pattern is 1 to 40 signs: # for a digit, @ for a letter, ? for any sign, * at the end for "
        + "whatever follows, and signs of codes for themselves"
    case .duplicatePattern(_, let pattern): "The pattern \(pattern) is there twice"
    case .noClasses: "Only customers and products have classes"
    case .unknownPatterns(_, let version): "There is no version \(version) of the patterns"
    case .outsidePattern(_, let code, let patterns, let example):
      "'\(code)' is not written as \(patterns.joined(separator: " or ")), such as \(example)"
    }
  }

  package var field: String? {
    switch self {
    case .invalidPattern(let field), .duplicatePattern(let field, _), .noClasses(let field),
      .unknownPatterns(let field, _), .outsidePattern(let field, _, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .invalidPattern, .noClasses: []
    case .duplicatePattern(_, let pattern): [Fact("pattern", pattern)]
    case .unknownPatterns(_, let version): [Fact("version", version)]
    case .outsidePattern(_, let code, let patterns, let example):
      [Fact("code", code)] + patterns.map { Fact("pattern", $0) } + [Fact("example", example)]
    }
  }
}
