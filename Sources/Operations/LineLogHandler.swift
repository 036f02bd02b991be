package import Logging

/// One line for each event: for people `TIME level message key=value …`, or a JSON object for
/// programs. Text that came from a caller cannot make lines of its own or steer a terminal.
package struct LineLogHandler: LogHandler {
  package enum Format: String, CaseIterable, Sendable { case text, json }

  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  private let format: Format
  private let sink: LogSink
  private let now: @Sendable () -> String

  /// `now` is the time as it is to stand in the log.
  package init(
    _ format: Format, level: Logger.Level, to sink: LogSink, now: @escaping @Sendable () -> String
  ) {
    self.format = format
    self.logLevel = level
    self.sink = sink
    self.now = now
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let fields = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
    let pairs = fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
    sink.write(line(event.level, event.message.description, pairs)) { [self] lost in
      line(.warning, "lines of the log were lost", [("count", "\(lost)")])
    }
  }

  private func line(
    _ level: Logger.Level, _ message: String, _ fields: [(key: String, value: String)]
  ) -> String {
    switch format {
    case .text:
      let pairs = fields.map { " \($0.key)=\(Self.word($0.value))" }.joined()
      return "\(now()) \(level) \(Self.plain(message))\(pairs)"
    case .json:
      let pairs = [("time", now()), ("level", "\(level)"), ("message", message)] + fields
      return "{" + pairs.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",")
        + "}"
    }
  }

  /// Without control characters.
  private static func plain(_ text: String) -> String {
    let isControl = { (scalar: Unicode.Scalar) in
      scalar.properties.generalCategory == .control
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: text.unicodeScalars.map { isControl($0) ? " " : $0 })
    return String(kept)
  }

  /// As it is where it is one word, otherwise in quotation marks.
  private static func word(_ text: String) -> String {
    let isWord =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0 != " " && $0 != "\"" && $0 != "=" && $0 != "\\"
          && $0.properties.generalCategory != .control
      }
    return isWord ? text : quoted(text)
  }

  /// A JSON string (RFC 8259, 7).
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.properties.generalCategory == .control:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
