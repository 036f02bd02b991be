/// How parts of a text are kept apart in a database column: a line a row, tabs between its parts.
/// Tabs, line breaks and backslashes inside a part are escaped, so that what goes in comes out,
/// scalar for scalar.
///
/// All of it works on bytes and never on characters: "\r\n" is one character, and so is a backslash
/// with a combining mark, and neither would meet its escape.
@usableFromInline
package enum StoredText {
  // Another module would ask for stored properties by a call at each byte.
  @inlinable package static var tab: UInt8 { UInt8(ascii: "\t") }
  @inlinable package static var lineBreak: UInt8 { UInt8(ascii: "\n") }
  @inlinable package static var backslash: UInt8 { UInt8(ascii: "\\") }

  static func escape(_ part: String, to bytes: inout [UInt8]) {
    var part = part
    part.withUTF8 { text in
      guard text.contains(where: { $0 == tab || $0 == lineBreak || $0 == backslash }) else {
        bytes.append(contentsOf: text)
        return
      }
      for byte in text {
        switch byte {
        case backslash: bytes += [backslash, backslash]
        case tab: bytes += [backslash, UInt8(ascii: "t")]
        case lineBreak: bytes += [backslash, UInt8(ascii: "n")]
        default: bytes.append(byte)
        }
      }
    }
  }

  static func unescape(_ part: some Sequence<UInt8>) -> String {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in part {
      if isEscaped {
        bytes.append(
          byte == UInt8(ascii: "t") ? tab : byte == UInt8(ascii: "n") ? lineBreak : byte)
        isEscaped = false
      } else if byte == backslash {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// One row of a list that is kept as text in a database column: what kind of row it is, and its
/// parts.
package struct StoredRow: Hashable, Sendable {
  package let tag: String
  package let parts: [String]

  package init(_ tag: String, _ parts: String...) {
    self.tag = tag
    self.parts = parts
  }

  private init(_ all: [String]) {
    tag = all.first ?? ""
    parts = Array(all.dropFirst())
  }

  package static func text(_ rows: [StoredRow]) -> String {
    var bytes: [UInt8] = []
    for (index, row) in rows.enumerated() {
      if index > 0 { bytes.append(StoredText.lineBreak) }
      StoredText.escape(row.tag, to: &bytes)
      for part in row.parts {
        bytes.append(StoredText.tab)
        StoredText.escape(part, to: &bytes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func rows(_ text: String) -> [StoredRow] {
    guard !text.isEmpty else { return [] }
    return text.utf8.split(separator: StoredText.lineBreak, omittingEmptySubsequences: false).map {
      StoredRow(
        $0.split(separator: StoredText.tab, omittingEmptySubsequences: false).map {
          StoredText.unescape($0)
        })
    }
  }

  /// A part that nobody but this program wrote: another text means that the store is damaged.
  package func text(_ index: Int) throws(DamagedRow) -> String {
    guard parts.indices.contains(index) else { throw DamagedRow(row: self) }
    return parts[index]
  }

  package func int64(_ index: Int) throws(DamagedRow) -> Int64 {
    guard let number = Int64(try text(index)) else { throw DamagedRow(row: self) }
    return number
  }

  package func int(_ index: Int) throws(DamagedRow) -> Int { Int(try int64(index)) }

  package func quantity(_ index: Int) throws(DamagedRow) -> Quantity {
    Quantity(micros: try int64(index))
  }

  package func rate(_ index: Int) throws(DamagedRow) -> Rate { Rate(micros: try int64(index)) }
}

/// A stored row does not say what its kind of row says.
package struct DamagedRow: Error, Hashable, Sendable, CustomStringConvertible {
  package let row: StoredRow

  package init(row: StoredRow) { self.row = row }

  package var description: String { "a stored row '\(row.tag)' is damaged" }
}
