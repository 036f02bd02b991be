internal import Messages
internal import Values

extension TypeV1.Explanation {
  init(_ explanation: Explanation) {
    self.init(
      steps: explanation.steps.map {
        TypeV1.Explanation.Step(rule: $0.rule, text: $0.text, facts: $0.facts.map(TypeV1.Fact.init))
      })
  }
}

extension Encoded where Message == TypeV1.Explanation {
  /// One that is passed on as the store has it is encoded from its text, without being built.
  init(_ explanation: Explanation) {
    if let bytes = explanation.textAsStored.flatMap(StoredExplanation.encoding(of:)) {
      self.init(bytes: bytes)
    } else {
      self.init(TypeV1.Explanation(explanation))
    }
  }
}

/// The encoding of `TypeV1.Explanation` from the text that the store has of one: `steps` (1) with
/// `rule` (1), `text` (2) and `facts` (3), and those with `name` (1) and `value` (2); what is empty
/// is left out, as proto3 has it.
private struct StoredExplanation {
  /// Nil for a text with escapes, which is rare.
  static func encoding(of text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { text in
      var separators = 0
      var escapes = 0
      for byte in text {
        if byte == StoredText.tab || byte == StoredText.lineBreak { separators += 1 }
        if byte == StoredText.backslash { escapes += 1 }
      }
      guard escapes == 0 else { return nil }
      // A part has a key and a length, two of them those of a fact and the first those of a step
      // around them: at most five bytes, of which its separator has one already. Lengths of more
      // than 127 have more bytes themselves.
      let most = text.count + text.count / 32 + 4 * (separators + 1) + 8
      return [UInt8](unsafeUninitializedCapacity: most) { bytes, count in
        var encoding = StoredExplanation(text: text, bytes: bytes)
        encoding.write()
        count = encoding.count
      }
    }
  }

  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private var count = 0

  private init(
    text: UnsafeBufferPointer<UInt8>, bytes: UnsafeMutableBufferPointer<UInt8>
  ) {
    self.text = text
    self.bytes = bytes
  }

  private mutating func write() {
    while position < text.count {
      if text[position] == StoredText.lineBreak {
        position += 1
        continue
      }
      let step = begin(1)
      part(1)
      if toNextPart() { part(2) }
      while toNextPart() {
        let fact = begin(3)
        part(1)
        guard toNextPart() else {
          // A name without a value is no fact.
          count = fact - 1
          break
        }
        part(2)
        end(fact)
      }
      end(step)
      position += 1
    }
  }

  /// Moves on to the next part of the row; false where there is none.
  private mutating func toNextPart() -> Bool {
    guard position < text.count, text[position] == StoredText.tab else { return false }
    position += 1
    return true
  }

  /// Writes the part here, and stands on what ends it.
  private mutating func part(_ field: UInt8) {
    let start = begin(field)
    var length = 0
    while position + length < text.count {
      let byte = text[position + length]
      if byte == StoredText.tab || byte == StoredText.lineBreak { break }
      bytes[count + length] = byte
      length += 1
    }
    position += length
    count += length
    if count == start + 1 { count = start - 1 } else { end(start) }
  }

  /// Writes a field's key and leaves a byte for its length; returns the place of that.
  private mutating func begin(_ field: UInt8) -> Int {
    bytes[count] = field << 3 | 2
    count += 2
    return count - 1
  }

  private mutating func end(_ start: Int) {
    var length = count - start - 1
    guard length > 127 else { return bytes[start] = UInt8(length) }
    var more = 1
    while length >> (7 * (more + 1)) > 0 { more += 1 }
    let whole = UnsafeMutableRawBufferPointer(bytes)
    UnsafeMutableRawBufferPointer(rebasing: whole[(start + 1 + more)...])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: whole[start + 1..<start + 1 + length]))
    for place in start..<start + more {
      bytes[place] = UInt8(truncatingIfNeeded: length) | 0x80
      length >>= 7
    }
    bytes[start + more] = UInt8(length)
    count += more
  }
}
