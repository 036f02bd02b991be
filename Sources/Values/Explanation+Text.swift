/// An explanation as text in a database column: a line a step.
extension Explanation {
  package var storedText: String {
    if let textAsStored { return textAsStored }
    let steps = self.steps
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256 * steps.count)
    for (index, step) in steps.enumerated() {
      if index > 0 { bytes.append(StoredText.lineBreak) }
      StoredText.escape(step.rule, to: &bytes)
      Self.append(step.text, to: &bytes)
      for fact in step.facts {
        Self.append(fact.name, to: &bytes)
        Self.append(fact.value, to: &bytes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func steps(of storedText: String) -> [Step] {
    var storedText = storedText
    var steps: [Step] = []
    storedText.withUTF8 { text in
      var start = 0
      while start < text.count {
        let end = text[start...].firstIndex(of: StoredText.lineBreak) ?? text.count
        if end > start { steps.append(Self.step(text, start, end)) }
        start = end + 1
      }
    }
    return steps
  }

  private static func step(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Step {
    var position = start
    func part() -> String {
      let start = min(position, end)
      var stop = start
      var isEscaped = false
      while stop < end, text[stop] != StoredText.tab {
        if text[stop] == StoredText.backslash { isEscaped = true }
        stop += 1
      }
      position = stop + 1
      let part = text.extracting(start..<stop)
      return isEscaped ? StoredText.unescape(part) : String(decoding: part, as: UTF8.self)
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

  private static func append(_ part: String, to bytes: inout [UInt8]) {
    bytes.append(StoredText.tab)
    StoredText.escape(part, to: &bytes)
  }
}
