private import Foundation

/// Chinese text as it is typed on a keyboard of Latin letters.
package enum Pinyin {
  /// What finds 张伟: "zhangwei" and "zw". A surname that is read in another way than the character
  /// usually is counts in both (单: dan and shan). Empty for text without Chinese characters.
  package static func terms(_ text: String) -> Set<String> {
    Set(
      words(of: text).flatMap { words in
        [words.joined(), String(words.compactMap(\.first))]
      }.filter { !$0.isEmpty })
  }

  /// The same without initials: "zhangwei" of 张为, which sounds like 张伟. Empty for text of which
  /// not every character is Chinese.
  package static func readings(_ text: String) -> Set<String> {
    guard text.unicodeScalars.allSatisfy(isHan) else { return [] }
    return Set(words(of: text).map { $0.joined() }.filter { !$0.isEmpty })
  }

  /// The syllables of each reading; none for text without Chinese characters.
  private static func words(of text: String) -> [[String]] {
    guard text.unicodeScalars.contains(where: isHan) else { return [] }
    let words = syllables(text)
    guard let first = words.first else { return [] }
    guard let character = text.first, let surname = surnames[character], surname != first else {
      return [words]
    }
    return [words, [surname] + words.dropFirst()]
  }

  /// In lower case, without tones and all that is neither letter nor digit.
  private static func syllables(_ text: String) -> [String] {
    let latin = text.applyingTransform(.mandarinToLatin, reverse: false)?
      .applyingTransform(.stripDiacritics, reverse: false)
    return (latin ?? "").lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private static func isHan(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: true
    default: false
    }
  }

  /// Characters that as a surname are read in another way (现代汉语词典).
  private static let surnames: [Character: String] = [
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao",
    "盖": "ge", "任": "ren", "华": "hua", "宁": "ning", "覃": "qin", "黑": "he", "秘": "bi",
    "缪": "miao", "折": "she", "员": "yun", "尉": "yu", "种": "chong", "翟": "zhai", "召": "shao",
    "那": "na", "乐": "yue", "瞿": "qu", "燕": "yan", "葛": "ge", "令": "ling", "过": "guo",
  ]
}
