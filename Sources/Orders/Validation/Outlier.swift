package import Values

/// What is far out of a customer's own history: above median + factor × spread, where the spread is
/// the median absolute deviation. Both bear up to half of the history being wrong, which mean and
/// standard deviation do not (Hampel 1974; Leys et al. 2013). Of an even number of values the lower
/// one in the middle counts.
package struct Outlier: Hashable, Sendable {
  package let factor: Rate
  /// Below so many values nothing is an outlier.
  package let minimumHistory: Int
  /// Of the median: whose history is always the same has no deviation at all.
  package let leastSpread: Rate

  package init(factor: Rate, minimumHistory: Int = 5, leastSpread: Rate = Rate(micros: 500_000)) {
    self.factor = factor
    self.minimumHistory = minimumHistory
    self.leastSpread = leastSpread
  }

  /// Values that count at most, the newest.
  package static let historyLimit = 50

  /// What a value is compared with.
  struct Habit: Hashable {
    let median: Int64
    /// Beyond it a value is an outlier; rounded down.
    let highest: Int64
    let count: Int
  }

  /// Of values that are not negative; nil where there are too few.
  func habit(of history: [Int64]) -> Habit? {
    guard history.count >= minimumHistory, let median = Self.median(history),
      let deviation = Self.median(history.map { abs($0 - median) })
    else { return nil }
    let one = Int128(Rate.one.micros)
    let spread = max(Int128(deviation) * one, Int128(median) * Int128(leastSpread.micros))
    let highest = Int128(median) + Int128(factor.micros) * spread / (one * one)
    return Habit(
      median: median, highest: Int64(clamping: highest), count: history.count)
  }

  private static func median(_ values: [Int64]) -> Int64? {
    values.isEmpty ? nil : values.sorted()[(values.count - 1) / 2]
  }
}
