/// A JSON value. Numbers keep their text, so that none loses digits; objects keep their order.
package enum JSONValue: Equatable {
  /// One member of an object.
  package struct Member: Equatable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  case null
  case bool(Bool)
  case number(String)
  case text(String)
  case array([JSONValue])
  case object([Member])

  /// For messages: what the value is, in a few words.
  var kindText: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let text): text
    case .text(let text): "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\""
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension JSONValue {
  /// Reads one value; nothing may follow it.
  package init(parsing text: String) throws(JSONMappingError) {
    self = try JSONParser.parse(text)
  }

  /// The first member of that name, when it is an object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The value as JSON text, over several lines with two spaces a level if `pretty`.
  package func text(pretty: Bool) -> String {
    var text = ""
    write(to: &text, pretty ? "\n" : nil)
    return text
  }

  /// `lineBreak` is a line feed and the indentation, nil for a single line.
  private func write(to text: inout String, _ lineBreak: String?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let number): text += number
    case .text(let string): Self.write(string, to: &text)
    case .array(let elements):
      Self.write(elements, in: ("[", "]"), to: &text, lineBreak) { element, text, lineBreak in
        element.write(to: &text, lineBreak)
      }
    case .object(let members):
      Self.write(members, in: ("{", "}"), to: &text, lineBreak) { member, text, lineBreak in
        Self.write(member.name, to: &text)
        text += lineBreak == nil ? ":" : ": "
        member.value.write(to: &text, lineBreak)
      }
    }
  }

  private static func write<T>(
    _ elements: [T], in brackets: (String, String), to text: inout String, _ lineBreak: String?,
    _ writeElement: (T, inout String, String?) -> Void
  ) {
    text += brackets.0
    let inner = lineBreak.map { $0 + "  " }
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      text += inner ?? ""
      writeElement(element, &text, inner)
    }
    if !elements.isEmpty { text += lineBreak ?? "" }
    text += brackets.1
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
