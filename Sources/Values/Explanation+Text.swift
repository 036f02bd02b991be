/// An explanation as text in a database column: a line a step, tabs between its parts. Tabs, line breaks and
/// backslashes inside a part are escaped, so that what goes in comes out.
extension Explanation {
  package var storedText: String {
    steps.map { step in
      ([step.rule, step.text] + step.facts.flatMap { [$0.name, $0.value] })
        .map(Self.escape).joined(separator: "\t")
    }.joined(separator: "\n")
  }

  package init(storedText: String) {
    self.init(
      storedText.split(separator: "\n").map { line in
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.unescape)
        let facts = stride(from: 2, to: parts.count - 1, by: 2).map {
          Fact(parts[$0], parts[$0 + 1])
        }
        return Step(parts[0], parts.count > 1 ? parts[1] : "", facts)
      })
  }

  private static func escape(_ part: String) -> String {
    guard part.utf8.contains(where: { $0 == 9 || $0 == 10 || $0 == 92 }) else { return part }
    return part.reduce(into: "") { text, character in
      switch character {
      case "\\": text += "\\\\"
      case "\t": text += "\\t"
      case "\n": text += "\\n"
      default: text.append(character)
      }
    }
  }

  private static func unescape(_ part: Substring) -> String {
    guard part.utf8.contains(92) else { return String(part) }
    var text = ""
    var escaped = false
    for character in part {
      if escaped {
        text.append(character == "t" ? "\t" : character == "n" ? "\n" : character)
        escaped = false
      } else if character == "\\" {
        escaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}
