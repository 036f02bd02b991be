/// Cuts a stream of bytes into JSON values that follow each other, with or without space or line
/// breaks between them. Looks at brackets and quotes only; what is wrong inside a value the parser
/// says.
package struct JSONSequence {
  private var value: [UInt8] = []
  private var depth = 0
  private var isInText = false
  private var isEscaped = false

  package init() {}

  /// The values that are complete with these bytes.
  package mutating func append(_ bytes: some Sequence<UInt8>) -> [String] {
    var complete: [String] = []
    for byte in bytes {
      if isInText {
        value.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
          if depth == 0 { take(&complete) }
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0 { take(&complete) }
        value.append(byte)
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        value.append(byte)
        depth -= 1
        if depth <= 0 { take(&complete) }
      case UInt8(ascii: "\""):
        if depth == 0 { take(&complete) }
        value.append(byte)
        isInText = true
      case 0x20, 0x09, 0x0A, 0x0D:
        // Space ends a number or a word.
        if depth == 0 { take(&complete) } else { value.append(byte) }
      default: value.append(byte)
      }
    }
    return complete
  }

  /// What is left at the end, complete or not; nil for nothing.
  package mutating func finish() -> String? {
    var rest: [String] = []
    take(&rest)
    return rest.first
  }

  private mutating func take(_ complete: inout [String]) {
    depth = 0
    guard !value.isEmpty else { return }
    complete.append(String(decoding: value, as: UTF8.self))
    value = []
  }
}
