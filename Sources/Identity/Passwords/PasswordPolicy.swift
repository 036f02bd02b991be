/// What a password must be. Length is what counts; rules about its letters only make people write
/// "Password1!", so there are none (NIST SP 800-63B, 5.1.1.2).
package enum PasswordPolicy {
  package static let lengths = 12...200
  /// Different characters that it must have at least.
  static let fewestCharacters = 5

  /// What is wrong with a password that somebody with these names wants; the first is enough.
  package static func fault(
    in password: String, named names: [String], field: String
  ) -> IdentityRejection? {
    if password.count < lengths.lowerBound {
      return .passwordTooShort(field: field, least: lengths.lowerBound)
    }
    if password.count > lengths.upperBound {
      return .passwordTooLong(field: field, most: lengths.upperBound)
    }
    let lower = password.lowercased()
    if names.contains(where: { $0.count >= 3 && lower.contains($0.lowercased()) }) {
      return .passwordContainsName(field: field)
    }
    if Set(lower).count < fewestCharacters || isCommon(lower) {
      return .passwordCommon(field: field)
    }
    return nil
  }

  /// Whether it is one of those that are tried first: on the list as it stands, or a word of the
  /// list with digits and signs around it, written with digits for letters, or said twice.
  private static func isCommon(_ lower: String) -> Bool {
    if WorstPasswords.all.contains(lower) { return true }
    let core = trimmed(lower)
    return [String(core), String(core.map { Self.letters[$0] ?? $0 })].contains { word in
      let half = word.prefix(word.count / 2)
      return WorstPasswords.all.contains(word)
        || (half + half == word && WorstPasswords.all.contains(String(half)))
    }
  }

  private static func trimmed(_ text: String) -> Substring {
    var core = text[...]
    while let first = core.first, !first.isLetter { core.removeFirst() }
    while let last = core.last, !last.isLetter { core.removeLast() }
    return core
  }

  private static let letters: [Character: Character] = [
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i",
  ]
}
