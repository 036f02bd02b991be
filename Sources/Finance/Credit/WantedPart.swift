package import Values

/// What of a document's exposure is wanted on a day, in minor units.
package struct WantedPart: Hashable, Sendable {
  package let day: Day
  package let minor: Int64

  package init(day: Day, minor: Int64) {
    self.day = day
    self.minor = minor
  }
}

extension [WantedPart] {
  /// What of it is wanted later than a day.
  package func minor(after day: Day) -> Int64 {
    reduce(0) { $1.day > day ? $0 + $1.minor : $0 }
  }

  /// Nil for none.
  var storedText: String? {
    isEmpty ? nil : StoredRow.text(map { StoredRow("\($0.day.daysSinceEpoch)", "\($0.minor)") })
  }

  init(storedText: String) throws {
    self = try StoredRow.rows(storedText).map { stored in
      guard let day = Int32(stored.tag) else { throw DamagedRow(row: stored) }
      return WantedPart(day: Day(daysSinceEpoch: day), minor: try stored.int64(0))
    }
  }
}

/// What a document exposes us to, in minor units.
struct DocumentExposure: Hashable {
  var whole: Int64 = 0
  /// What of it has left.
  var shipped: Int64 = 0
  /// What of it is wanted on some day, in the order of the days; the rest counts at any time.
  var wanted: [WantedPart] = []
  /// When limits were asked for it last; nil where nobody knows.
  var checkedOn: Day?
}
