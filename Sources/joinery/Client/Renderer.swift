internal import Messages
internal import RPC
internal import Values

/// Shows any message: as JSON for scripts, or as labelled values and tables for people. Knows no
/// message by name: what it shows follows from the descriptors.
struct Renderer {
  let format: OutputFormat

  func show(_ message: some WireMessage) throws {
    try show(message.encoded(), as: type(of: message).fullName)
  }

  func show(_ bytes: [UInt8], as message: String) throws {
    switch format {
    case .json:
      Terminal.standardOutput(
        try JSONMapping(printsDefaults: true).json(bytes, as: message, pretty: true))
    case .table:
      let lines = Self.lines(try JSONMapping().value(bytes, as: message))
      Terminal.standardOutput(lines.isEmpty ? "nothing" : lines.joined(separator: "\n"))
    }
  }

  /// The message for people, line by line.
  static func lines(_ value: JSONValue) -> [String] {
    guard case .object(let members) = value else { return [text(value, in: "")] }
    // An answer that is nothing but one thing is shown as that thing.
    if members.count == 1, case .object = members[0].value { return lines(members[0].value) }
    var labelled: [(String, String)] = []
    var sections: [[String]] = []
    var footer: [String] = []
    for member in members {
      switch member.value {
      case .object(let inner) where !isFlat(member.value) || inner.count > 2:
        sections.append([label(member.name)] + lines(member.value).map { "  " + $0 })
      case .array(let elements)
      where elements.contains { if case .object = $0 { true } else { false } }:
        sections.append(
          (sections.isEmpty && labelled.isEmpty ? [] : [label(member.name)]) + table(elements))
      default:
        let text = text(member.value, in: member.name)
        if member.name == "nextPageToken" {
          footer.append("more with --page-token \(text)")
        } else if !text.isEmpty {
          labelled.append((label(member.name), text))
        }
      }
    }
    let width = labelled.map { AlignedColumns.width($0.0) }.max() ?? 0
    let head = labelled.map { AlignedColumns.padded($0.0, width) + "  " + $0.1 }
    return Array(([head] + sections + [footer]).filter { !$0.isEmpty }.joined(separator: [""]))
  }

  private static func table(_ rows: [JSONValue]) -> [String] {
    var columns: [String] = []
    var parts: [(name: String, rows: [JSONValue])] = []
    let cells = rows.map { row -> [String: String] in
      guard case .object(let members) = row else { return [:] }
      var cells: [String: String] = [:]
      for member in members {
        // What has lists of its own is a page, not a cell; the row's own command shows it.
        if hasList(member.value) { continue }
        if let wide = wideRows(of: member, after: members.first) {
          let index = parts.firstIndex { $0.name == member.name }
          if let index { parts[index].rows += wide } else { parts.append((member.name, wide)) }
          continue
        }
        let text = text(member.value, in: member.name)
        guard !text.isEmpty else { continue }
        cells[member.name] = text
        if !columns.contains(member.name) { columns.append(member.name) }
      }
      return cells
    }
    let lines = AlignedColumns.lines(
      header: columns.map(label), rows: cells.map { row in columns.map { row[$0] ?? "" } })
    return lines + parts.flatMap { ["", label($0.name)] + table($0.rows) }
  }

  /// Rows of a table of their own below, each after what its row begins with: what is more than
  /// fits into a cell.
  private static func wideRows(
    of member: JSONValue.Member, after key: JSONValue.Member?
  ) -> [JSONValue]? {
    let elements: [JSONValue]
    switch member.value {
    case .array(let several): elements = several
    case .object: elements = [member.value]
    default: return nil
    }
    guard let key, key.name != member.name else { return nil }
    var isWide = false
    let rows = elements.compactMap { element -> JSONValue? in
      guard case .object(let inner) = element else { return nil }
      isWide = isWide || inner.count > 3
      return .object([key] + inner.filter { $0.name != key.name })
    }
    return isWide ? rows : nil
  }

  /// An object with a list somewhere in it.
  private static func hasList(_ value: JSONValue) -> Bool {
    guard case .object(let members) = value else { return false }
    return members.contains { member in
      if case .array = member.value { true } else { hasList(member.value) }
    }
  }

  /// No list inside, so that it can be told in one line.
  private static func isFlat(_ value: JSONValue) -> Bool {
    guard case .object(let members) = value else { return true }
    return members.allSatisfy { member in
      switch member.value {
      case .object, .array: false
      default: true
      }
    }
  }

  /// A value in one line; `name` is its field, whose ending may tell the unit.
  private static func text(_ value: JSONValue, in name: String) -> String {
    switch value {
    case .null: ""
    case .bool(let flag): flag ? "yes" : "no"
    case .number(let number): amount(number, in: name)
    case .text(let text): enumNames[text] ?? amount(text, in: name)
    case .array(let elements):
      elements.map { text($0, in: name) }.filter { !$0.isEmpty }.joined(separator: ", ")
    case .object(let members):
      members.map { text($0.value, in: $0.name) }.filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  /// How fields end that count minutes after midnight.
  private static let minuteOfDay = "Minute"

  /// Millionths as people say them: "13%" of a rate, "42.5" of minutes, points, days, and of values
  /// that may be any of these; "09:30" of a time of the day.
  private static func amount(_ text: String, in name: String) -> String {
    if name.hasSuffix(minuteOfDay), let minute = Int(text) {
      return ClockTime.text(minute)
    }
    guard name.hasSuffix("Micros"), let micros = Int64(text) else { return text }
    let isNumber = [
      "minutesMicros", "MinutesMicros", "minutesBeforeMicros", "minutesAfterMicros",
      "pointsMicros", "DaysMicros", "valueMicros",
    ].contains { name.hasSuffix($0) }
    return isNumber
      ? FixedPoint.text(micros, digits: 6) : FixedPoint.text(micros, digits: 4) + "%"
  }

  /// "orderLineNumber" is "order line number", "beginsMinute" is "begins".
  private static func label(_ name: String) -> String {
    var label = ""
    let unit = ["Micros", minuteOfDay].first { name.hasSuffix($0) } ?? ""
    for character in name.dropLast(unit.count) {
      if character.isUppercase { label += " " }
      label += character.lowercased()
    }
    return label
  }

  /// The name of an enum's value for people.
  static func word(_ name: String) -> String { enumNames[name] ?? name }

  /// "ORDER_STATE_PARTLY_SHIPPED" is "partly shipped" for people.
  private static let enumNames: [String: String] = {
    var names: [String: String] = [:]
    for enumeration in DescriptorPool.joinery.files.flatMap(\.enums) {
      guard let first = enumeration.values.first?.name, first.hasSuffix("UNSPECIFIED") else {
        continue
      }
      let prefix = first.count - "UNSPECIFIED".count
      for value in enumeration.values {
        names[value.name] = value.name.dropFirst(prefix).lowercased().replacing("_", with: " ")
      }
    }
    return names
  }()
}
