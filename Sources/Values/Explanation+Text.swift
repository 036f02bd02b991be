/// An explanation as text in a database column: a line a step, tabs between its parts. Tabs, line
/// breaks and backslashes inside a part are escaped, so that what goes in comes out, scalar for
/// scalar.
///
/// All of it works on bytes and never on characters: "\r\n" is one character, and so is a backslash
/// with a combining mark, and neither would meet its escape.
extension Explanation {
  static func storedText(of step: Step, isFirst: Bool) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    if !isFirst { bytes.append(lineBreak) }
    escape(step.rule, to: &bytes)
    append(step.text, to: &bytes)
    for fact in step.facts {
      append(fact.name, to: &bytes)
      append(fact.value, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package init(storedText: String) {
    var storedText = storedText
    var steps: [Step] = []
    storedText.withUTF8 { text in
      var start = 0
      while start < text.count {
        let end = text[start...].firstIndex(of: Self.lineBreak) ?? text.count
        if end > start { steps.append(Self.step(text, start, end)) }
        start = end + 1
      }
    }
    self.init(steps, storedText: storedText)
  }

  private static func step(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Step {
    var position = start
    func part() -> String {
      let start = min(position, end)
      var stop = start
      var isEscaped = false
      while stop < end, text[stop] != tab {
        if text[stop] == backslash { isEscaped = true }
        stop += 1
      }
      position = stop + 1
      let part = text.extracting(start..<stop)
      return isEscaped ? unescape(part) : String(decoding: part, as: UTF8.self)
    }
    let rule = part()
    let sentence = part()
    var facts: [Fact] = []
    while position <= end {
      let name = part()
      guard position <= end else { break }
      facts.append(Fact(name, part()))
    }
    return Step(rule, sentence, facts)
  }

  private static let tab = UInt8(ascii: "\t")
  private static let lineBreak = UInt8(ascii: "\n")
  private static let backslash = UInt8(ascii: "\\")

  private static func append(_ part: String, to bytes: inout [UInt8]) {
    bytes.append(tab)
    escape(part, to: &bytes)
  }

  private static func escape(_ part: String, to bytes: inout [UInt8]) {
    var part = part
    part.withUTF8 { text in
      guard text.contains(where: { $0 == tab || $0 == lineBreak || $0 == backslash }) else {
        bytes.append(contentsOf: text)
        return
      }
      for byte in text {
        switch byte {
        case backslash: bytes += [backslash, backslash]
        case tab: bytes += [backslash, UInt8(ascii: "t")]
        case lineBreak: bytes += [backslash, UInt8(ascii: "n")]
        default: bytes.append(byte)
        }
      }
    }
  }

  private static func unescape(_ part: UnsafeBufferPointer<UInt8>) -> String {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in part {
      if isEscaped {
        bytes.append(
          byte == UInt8(ascii: "t") ? tab : byte == UInt8(ascii: "n") ? lineBreak : byte)
        isEscaped = false
      } else if byte == backslash {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
