import Values

/// Of which days the orders of a class of customers count, on a day.
struct CreditReach {
  /// All there ever were, in the order in which they come into force.
  let horizons: [CreditHorizon]
  let customerClass: String
  let day: Day
  /// What did not count on some day since limits were asked for it does not count: others may have
  /// its room.
  let onlyChecked: Bool

  /// Nothing is left out.
  var isAll: Bool { horizons.allSatisfy { $0.rules.isEmpty } }

  /// The last day that counts today; nil where all do.
  var lastDay: Day? {
    horizons.last { $0.validFrom <= day }?.lastDay(for: customerClass, on: day)
  }

  /// What of a document does not count.
  func uncounted(_ exposure: DocumentExposure) -> Int64 {
    let last = onlyChecked ? leastDay(since: exposure.checkedOn) : lastDay
    return last.map(exposure.wanted.minor(after:)) ?? 0
  }

  func counted(_ exposure: DocumentExposure) -> Int64 { exposure.whole - uncounted(exposure) }

  /// The last day that counted on every day since one, nil for ever.
  private func leastDay(since checkedOn: Day?) -> Day? {
    var least: Day?
    for (index, horizon) in horizons.enumerated() {
      // With one version in force days that count only move on. The next may have come during its
      // first day.
      let first = max(horizon.validFrom, checkedOn ?? horizon.validFrom)
      let end = index + 1 < horizons.count ? min(horizons[index + 1].validFrom, day) : day
      guard first <= end,
        let last = horizon.lastDay(for: customerClass, on: first)
      else { continue }
      least = min(least ?? last, last)
    }
    return least
  }
}
