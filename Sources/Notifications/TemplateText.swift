/// The text of a template: plain text, `{{order.number}}` for a value, `{{#lines}} … {{/lines}}`
/// once for each line, and `{{#order.requested_on}} … {{/order.requested_on}}` only where there is
/// the value. A section's mark that stands alone on its line takes the line with it.
package struct TemplateText: Hashable, Sendable {
  indirect enum Part: Hashable, Sendable {
    case text(String)
    case value(String)
    case section(String, [Part])
  }

  let parts: [Part]

  static let lines = "lines"
  /// Sections inside each other.
  private static let deepest = 4

  /// Reads the text for a kind of event. `nearest` finds what somebody may have meant.
  package init(
    _ text: String, of kind: NoticeKind, field: String,
    nearest: (_ known: [String], _ given: String) -> String?
  ) throws(NotificationsRejection) {
    var reader = Reader(
      marks: try Self.marks(of: text, field), kind: kind, field: field)
    parts = try reader.parts(of: nil, inLines: false, depth: 0, nearest: nearest)
  }

  /// Whatever `values` has for its placeholders; nothing for what it has not.
  package func rendered(_ values: NoticeValues) -> String {
    var result = ""
    Self.render(parts, values.values, values.lines, &result)
    return result
  }

  private static func render(
    _ parts: [Part], _ values: [String: String], _ lines: [[String: String]],
    _ result: inout String
  ) {
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .value(let name): result += values[name] ?? ""
      case .section(Self.lines, let inner):
        for line in lines {
          render(inner, values.merging(line) { $1 }, [], &result)
        }
      case .section(let name, let inner):
        if values[name]?.isEmpty == false { render(inner, values, lines, &result) }
      }
    }
  }

  // MARK: Reading

  private enum Mark {
    case text(String)
    case value(String)
    case open(String)
    case close(String)
  }

  private static func marks(
    of text: String, _ field: String
  ) throws(NotificationsRejection) -> [Mark] {
    var marks: [Mark] = []
    var rest = text[...]
    while let start = rest.firstRange(of: "{{") {
      marks.append(.text(String(rest[..<start.lowerBound])))
      let behind = rest[start.upperBound...]
      guard let end = behind.firstRange(of: "}}") else {
        throw .malformedTemplate(field: field, near: String(rest[start.lowerBound...].prefix(40)))
      }
      var name = behind[..<end.lowerBound].drop { $0 == " " }
      while name.last == " " { name.removeLast() }
      let sign = name.first
      if sign == "#" || sign == "/" { name.removeFirst() }
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte) else {
        throw .malformedTemplate(field: field, near: String(rest[start.lowerBound...].prefix(40)))
      }
      let whole = String(name)
      marks.append(sign == "#" ? .open(whole) : sign == "/" ? .close(whole) : .value(whole))
      rest = behind[end.upperBound...]
    }
    marks.append(.text(String(rest)))
    return withoutLines(ofSections: marks)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// A section's mark alone on its line leaves no empty line. Texts and other marks take turns.
  private static func withoutLines(ofSections marks: [Mark]) -> [Mark] {
    var marks = marks
    var taken: Set<Int> = []
    for index in marks.indices.dropFirst().dropLast() {
      switch marks[index] {
      case .open, .close: break
      case .text, .value: continue
      }
      guard case .text(let before) = marks[index - 1], case .text(let after) = marks[index + 1]
      else { continue }
      let blanks = before.reversed().prefix { $0 == " " }.count
      let start = before.dropLast(blanks)
      let isAtStart = start.isEmpty ? index == 1 : start.last?.isNewline == true
      let rest = after.drop { $0 == " " }
      let isAtEnd = rest.isEmpty ? index == marks.count - 2 : rest.first?.isNewline == true
      // Behind a mark that took its line away a new one begins.
      let follows = start.isEmpty && taken.contains(index - 2)
      guard isAtStart || follows, isAtEnd else { continue }
      taken.insert(index)
      marks[index - 1] = .text(String(start))
      marks[index + 1] = .text(String(rest.dropFirst()))
    }
    return marks
  }

  private struct Reader {
    let marks: [Mark]
    let kind: NoticeKind
    let field: String
    var index = 0

    init(marks: [Mark], kind: NoticeKind, field: String) {
      self.marks = marks
      self.kind = kind
      self.field = field
    }

    /// Up to the end of the section, or of the text.
    mutating func parts(
      of section: String?, inLines: Bool, depth: Int,
      nearest: (_ known: [String], _ given: String) -> String?
    ) throws(NotificationsRejection) -> [Part] {
      guard depth <= TemplateText.deepest else {
        throw .malformedTemplate(field: field, near: "{{#\(section ?? "")}}")
      }
      var parts: [Part] = []
      while index < marks.count {
        defer { index += 1 }
        switch marks[index] {
        case .text(let text): if !text.isEmpty { parts.append(.text(text)) }
        case .value(let name):
          try check(name, known(inLines), nearest)
          parts.append(.value(name))
        case .open(let name):
          let sections = known(inLines) + (inLines ? [] : [TemplateText.lines])
          try check(name, sections, nearest)
          index += 1
          let inner = try self.parts(
            of: name, inLines: inLines || name == TemplateText.lines, depth: depth + 1,
            nearest: nearest)
          parts.append(.section(name, inner))
          // The loop steps over the mark of its end.
          index -= 1
        case .close(let name):
          guard name == section else {
            throw .malformedTemplate(field: field, near: "{{/\(name)}}")
          }
          return parts
        }
      }
      guard section == nil else {
        throw .malformedTemplate(field: field, near: "{{#\(section ?? "")}}")
      }
      return parts
    }

    private func known(_ inLines: Bool) -> [String] {
      inLines ? kind.placeholders + kind.linePlaceholders : kind.placeholders
    }

    private func check(
      _ name: String, _ known: [String],
      _ nearest: (_ known: [String], _ given: String) -> String?
    ) throws(NotificationsRejection) {
      guard !known.contains(name) else { return }
      throw .unknownPlaceholder(
        field: field, event: kind.type, name: String(name.prefix(60)),
        nearest: nearest(known, name))
    }
  }
}

/// What a template's placeholders stand for.
package struct NoticeValues: Hashable, Sendable {
  package var values: [String: String] = [:]
  package var lines: [[String: String]] = []

  package init() {}
}
