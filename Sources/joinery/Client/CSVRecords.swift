/// Records of a text with commas (RFC 4180): fields may stand in quotes, with line breaks and
/// doubled quotes inside. Takes bytes as they come and keeps no more than the record that is open.
struct CSVRecords {
  struct Record {
    /// Of its first byte, from 1.
    let line: Int
    let fields: [String]
  }

  private var fields: [String] = []
  private var field: [UInt8] = []
  private var line = 1
  private var firstLine = 1
  private var isQuoted = false
  /// A quote inside quotes: the end of them, or one of two.
  private var mayEnd = false

  /// What a record may come to: more is no record but a quote without its end.
  private static let longestRecord = 1 << 20

  /// The records that are complete with these bytes; empty lines are none.
  mutating func append(_ bytes: some Sequence<UInt8>) throws -> [Record] {
    var complete: [Record] = []
    for byte in bytes {
      if mayEnd {
        mayEnd = false
        if byte == UInt8(ascii: "\"") {
          field.append(byte)
          continue
        }
        isQuoted = false
      }
      switch byte {
      case UInt8(ascii: "\"") where isQuoted: mayEnd = true
      case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
      case UInt8(ascii: ",") where !isQuoted: endField()
      case UInt8(ascii: "\r") where !isQuoted: break
      case UInt8(ascii: "\n") where !isQuoted:
        line += 1
        if let record = endRecord() { complete.append(record) }
      default:
        if byte == UInt8(ascii: "\n") { line += 1 }
        field.append(byte)
        guard field.count < Self.longestRecord else {
          throw Failure("line \(firstLine): the record is too long, or its quotes have no end")
        }
      }
    }
    return complete
  }

  /// The last record, where the text does not end with a line break.
  mutating func finish() throws -> Record? {
    guard !isQuoted || mayEnd else { throw Failure("line \(firstLine): quotes without an end") }
    return endRecord()
  }

  private mutating func endField() {
    var text = String(decoding: field, as: UTF8.self)
    // Spreadsheets begin their files with a mark.
    if fields.isEmpty, firstLine == 1, text.hasPrefix("\u{FEFF}") { text.removeFirst() }
    fields.append(text)
    field.removeAll(keepingCapacity: true)
    (isQuoted, mayEnd) = (false, false)
  }

  private mutating func endRecord() -> Record? {
    endField()
    defer { (fields, firstLine) = ([], line) }
    return fields == [""] ? nil : Record(line: firstLine, fields: fields)
  }
}
