internal import Messages
internal import Values

extension Encoded where Message == TypeV1.Explanation {
  /// Answers are full of reasons: they are encoded as they are here, and the message is not built.
  init(_ explanation: Explanation) {
    self.init(
      bytes: explanation.textAsStored.flatMap(ExplanationEncoder.encoding(of:))
        ?? ExplanationEncoder.encoding(of: explanation.steps))
  }
}

/// Writes the encoding of `TypeV1.Explanation`: `steps` (1) with `rule` (1), `text` (2) and `facts`
/// (3), and those with `name` (1) and `value` (2); what is empty is left out, as proto3 has it.
private struct ExplanationEncoder {
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private var count = 0

  private init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

  static func encoding(of steps: [Explanation.Step]) -> [UInt8] {
    // A key and a length of at most five bytes before each text, each step and each fact.
    var most = 0
    for step in steps {
      most += step.rule.utf8.count + step.text.utf8.count + 3 * 6
      for fact in step.facts { most += fact.name.utf8.count + fact.value.utf8.count + 3 * 6 }
    }
    return [UInt8](unsafeUninitializedCapacity: most) { bytes, count in
      var encoder = ExplanationEncoder(bytes)
      for step in steps {
        let start = encoder.begin(1)
        encoder.add(step.rule, as: 1)
        encoder.add(step.text, as: 2)
        for fact in step.facts {
          let start = encoder.begin(3)
          encoder.add(fact.name, as: 1)
          encoder.add(fact.value, as: 2)
          encoder.end(start)
        }
        encoder.end(start)
      }
      count = encoder.count
    }
  }

  /// Of the text that the store has of one; nil where it has escapes, which is rare.
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
        var encoder = ExplanationEncoder(bytes)
        encoder.add(stored: text)
        count = encoder.count
      }
    }
  }

  private mutating func add(stored text: UnsafeBufferPointer<UInt8>) {
    var position = 0
    /// Moves on to the next part of the row; false where there is none.
    func toNextPart() -> Bool {
      guard position < text.count, text[position] == StoredText.tab else { return false }
      position += 1
      return true
    }
    while position < text.count {
      if text[position] == StoredText.lineBreak {
        position += 1
        continue
      }
      let step = begin(1)
      add(partAt: &position, of: text, as: 1)
      if toNextPart() { add(partAt: &position, of: text, as: 2) }
      while toNextPart() {
        let fact = begin(3)
        add(partAt: &position, of: text, as: 1)
        guard toNextPart() else {
          // A name without a value is no fact.
          count = fact - 1
          break
        }
        add(partAt: &position, of: text, as: 2)
        end(fact)
      }
      end(step)
      position += 1
    }
  }

  /// Writes the part that begins there, and stands on what ends it.
  private mutating func add(
    partAt position: inout Int, of text: UnsafeBufferPointer<UInt8>, as field: UInt8
  ) {
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
    if length == 0 { count = start - 1 } else { end(start) }
  }

  private mutating func add(_ text: String, as field: UInt8) {
    guard !text.isEmpty else { return }
    let start = begin(field)
    let rest = UnsafeMutableBufferPointer(rebasing: bytes[count...])
    count += rest.initialize(fromContentsOf: text.utf8)
    end(start)
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
