/// How a text is written: # is a digit, @ a letter A–Z or a–z, ? any character, * at the end
/// whatever follows; any other character is itself. No more: a pattern cannot take long.
package enum TextPattern {
  package static func fits(_ text: String, _ pattern: String) -> Bool {
    var rest = Substring(text)
    for symbol in pattern.dropLast(pattern.hasSuffix("*") ? 1 : 0) {
      guard let character = rest.popFirst(), fits(character, symbol) else { return false }
    }
    return rest.isEmpty || pattern.hasSuffix("*")
  }

  private static func fits(_ character: Character, _ symbol: Character) -> Bool {
    switch symbol {
    case "#": ("0"..."9").contains(character)
    case "@": ("A"..."Z").contains(character) || ("a"..."z").contains(character)
    case "?": true
    default: character == symbol
    }
  }

  /// A star anywhere but at the end would mean nothing.
  package static func isValid(_ pattern: String) -> Bool {
    (1...40).contains(pattern.count) && !pattern.dropLast().contains("*")
      && !pattern.contains("\n")
  }
}
