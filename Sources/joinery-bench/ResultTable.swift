/// The figures with their bars, and the machine they were measured on.
struct ResultTable {
  enum Bar {
    case atLeast(Double)
    case atMost(Double)

    func holds(_ value: Double) -> Bool {
      switch self {
      case .atLeast(let bound): value >= bound
      case .atMost(let bound): value <= bound
      }
    }
  }

  private var rows: [[String]] = []
  private var notes: [[String]] = []

  mutating func add(_ name: String, _ value: Double, _ bar: Bar, digits: Int = 2) {
    let (sign, bound) =
      switch bar {
      case .atLeast(let bound): ("≥", bound)
      case .atMost(let bound): ("≤", bound)
      }
    rows.append([
      name, Self.text(value, digits),
      "\(sign) \(Self.text(bound, bound < 1 ? 2 : bound < 10 ? 1 : 0))",
      bar.holds(value) ? "yes" : "NO",
    ])
  }

  /// A figure without a bar, from which a ratio comes.
  mutating func note(_ name: String, _ text: String) { notes.append([name, text]) }

  var text: String {
    let header = [["Measured", "Value", "Bar", "Holds"]]
    return """
      \(Self.layOut(header + rows))

      \(Self.layOut(notes))

      \(Machine.description)
      """
  }

  static func text(_ value: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((value * scale).rounded())
    guard digits > 0 else { return "\(scaled)" }
    let fraction = "\(scaled % Int(scale))"
    let zeros = String(repeating: "0", count: max(0, digits - fraction.count))
    return "\(scaled / Int(scale)).\(zeros)\(fraction)"
  }

  private static func layOut(_ rows: [[String]]) -> String {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
