/// Finds what somebody may have meant: the known name that needs the fewest edits.
package enum NearestName {
  /// Nil when nothing is near: more than a third of the letters would have to change.
  package static func among(_ names: some Sequence<String>, to name: String) -> String? {
    let wanted = letters(name)
    var best: (name: String, distance: Int)?
    for candidate in names {
      let distance = distance(wanted, letters(candidate))
      let limit = max(1, max(wanted.count, candidate.utf8.count) / 3)
      guard distance <= limit else { continue }
      if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// Case and underscores are not what a misspelling is about.
  private static func letters(_ name: String) -> [UInt8] {
    Array(name.lowercased().utf8.prefix(100).filter { $0 != UInt8(ascii: "_") })
  }

  /// How many letters must be changed, added, dropped or swapped with their neighbour (optimal
  /// string alignment).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      for (j, b) in right.enumerated() {
        var cost = min(last[j] + (a == b ? 0 : 1), row[j] + 1, last[j + 1] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
  }
}
