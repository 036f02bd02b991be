/// An explanation as text in a database column: a line a step, tabs between its parts. Tabs, line
/// breaks and backslashes inside a part are escaped, so that what goes in comes out, scalar for
/// scalar.
///
/// All of it works on unicode scalars and never on characters: "\r\n" is one character, and so is a
/// backslash with a combining mark, and neither would meet its escape.
extension Explanation {
  package var storedText: String {
    steps.map { step in
      ([step.rule, step.text] + step.facts.flatMap { [$0.name, $0.value] })
        .map(Self.escape).joined(separator: "\t")
    }.joined(separator: "\n")
  }

  package init(storedText: String) {
    self.init(
      storedText.unicodeScalars.split(separator: "\n").map { line in
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.unescape)
        let facts = stride(from: 2, to: parts.count - 1, by: 2).map {
          Fact(parts[$0], parts[$0 + 1])
        }
        return Step(parts[0], parts.count > 1 ? parts[1] : "", facts)
      })
  }

  private static func escape(_ part: String) -> String {
    guard part.utf8.contains(where: { $0 == 9 || $0 == 10 || $0 == 92 }) else { return part }
    var text = String.UnicodeScalarView()
    for scalar in part.unicodeScalars {
      switch scalar {
      case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
      case "\t": text.append(contentsOf: "\\t".unicodeScalars)
      case "\n": text.append(contentsOf: "\\n".unicodeScalars)
      default: text.append(scalar)
      }
    }
    return String(text)
  }

  private static func unescape(_ part: Substring.UnicodeScalarView) -> String {
    var text = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in part {
      if isEscaped {
        text.append(scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
