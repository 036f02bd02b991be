/// Statements with the values bound to them, in the order in which they ran. Bytes of texts and
/// blobs lie in one buffer, so that replaying allocates nothing.
struct StatementScript {
  enum Value {
    case null
    case integer(Int64)
    case text(Range<Int>)
    case blob(Range<Int>)
  }

  struct Run {
    let statement: Int
    let values: Range<Int>
  }

  private(set) var statements: [String] = []
  private(set) var runs: [Run] = []
  private(set) var values: [Value] = []
  private(set) var bytes: [UInt8] = []
  let orders: Int
  private var indexes: [String: Int] = [:]

  init(orders: Int) { self.orders = orders }

  var statementsPerOrder: Int { (runs.count + orders / 2) / orders }

  /// The same for orders that only ever succeed: without a savepoint each.
  var withoutSavepoints: StatementScript {
    var script = self
    script.runs.removeAll { nesting(of: $0) != 0 }
    return script
  }

  /// The same without what is written down about it.
  func withoutWrites(to tables: Set<String>) -> StatementScript {
    var script = self
    script.runs.removeAll { run in
      let words = statements[run.statement].split(maxSplits: 3, whereSeparator: \.isWhitespace)
      return words.count > 2 && words[0] == "INSERT" && tables.contains(String(words[2]))
    }
    return script
  }

  /// How many savepoints the run opens, less those it closes.
  func nesting(of run: Run) -> Int {
    let sql = statements[run.statement]
    return sql.hasPrefix("SAVEPOINT") ? 1 : sql.hasPrefix("RELEASE") ? -1 : 0
  }

  /// Adds one execution. `expanded` is the statement as the engine writes it, with each `?`
  /// replaced by the value: the values are what stands there instead.
  mutating func append(_ sql: String, expanded: String) throws {
    let first = values.count
    let template = Array(sql.utf8)
    var position = 0
    var reader = LiteralReader(Array(expanded.utf8))
    while position < template.count {
      let byte = template[position]
      if byte == UInt8(ascii: "?") {
        values.append(try reader.literal(into: &bytes))
        position += 1
      } else {
        let end = byte == UInt8(ascii: "'") ? Self.endOfText(template, position) : position + 1
        try reader.skip(template[position..<end])
        position = end
      }
    }
    let statement = indexes[sql] ?? statements.count
    if statement == statements.count {
      indexes[sql] = statement
      statements.append(sql)
    }
    runs.append(Run(statement: statement, values: first..<values.count))
  }

  private static func endOfText(_ sql: [UInt8], _ start: Int) -> Int {
    (sql[(start + 1)...].firstIndex(of: UInt8(ascii: "'")) ?? sql.count - 1) + 1
  }
}

/// Reads literals as sqlite3_expanded_sql writes them.
private struct LiteralReader {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  mutating func skip(_ expected: ArraySlice<UInt8>) throws {
    let end = position + expected.count
    guard end <= text.count, text[position..<end].elementsEqual(expected) else {
      throw BenchFailure("cannot align \(String(decoding: text, as: UTF8.self))")
    }
    position = end
  }

  mutating func literal(into bytes: inout [UInt8]) throws -> StatementScript.Value {
    let start = bytes.count
    if take("NULL") { return .null }
    if take("zeroblob(0)") { return .blob(start..<start) }
    if take("x'") {
      while let high = nibble(position), let low = nibble(position + 1) {
        bytes.append(high << 4 | low)
        position += 2
      }
      position += 1
      return .blob(start..<bytes.count)
    }
    if take("'") {
      while position < text.count {
        let isQuote = text[position] == UInt8(ascii: "'")
        // A doubled quote is one; a single one ends the text.
        if isQuote, position + 1 >= text.count || text[position + 1] != text[position] { break }
        bytes.append(text[position])
        position += isQuote ? 2 : 1
      }
      position += 1
      return .text(start..<bytes.count)
    }
    let digits = text[position...].prefix { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
    guard let number = Int64(String(decoding: digits, as: UTF8.self)) else {
      throw BenchFailure("no literal in \(String(decoding: text, as: UTF8.self))")
    }
    position += digits.count
    return .integer(number)
  }

  private mutating func take(_ word: String) -> Bool {
    guard text[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private func nibble(_ index: Int) -> UInt8? {
    guard index < text.count else { return nil }
    return switch text[index] {
    case 48...57: text[index] - 48
    case 97...102: text[index] - 87
    case 65...70: text[index] - 55
    default: nil
    }
  }
}
