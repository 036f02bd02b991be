/// Columns of text that line up on a terminal, Chinese characters included, which take two places
/// each.
enum AlignedColumns {
  static func lines(header: [String], rows: [[String]]) -> [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { width($0[column]) }.max() ?? 0
    }
    let numeric = header.indices.map { column in
      rows.allSatisfy {
        $0[column].isEmpty || $0[column].first?.isNumber == true || $0[column].hasPrefix("-")
      }
    }
    return ([header] + rows).map { row in
      let cells = row.indices.map { column in
        padded(row[column], widths[column], toTheRight: numeric[column])
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }

  static func padded(_ text: String, _ width: Int, toTheRight: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - self.width(text)))
    return toTheRight ? blanks + text : text + blanks
  }

  /// Places on the terminal: East Asian wide characters take two (Unicode Standard Annex 11), marks
  /// none.
  static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { width, scalar in
      switch scalar.value {
      case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: width
      case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x20000...0x3FFFD:
        width + 2
      default: width + 1
      }
    }
  }
}
