/// Splitting an amount so that the parts sum to it exactly.
package enum Allocation {
  /// Largest remainder: each part is its exact share rounded down, and the units left over go to
  /// the largest remainders, ties to the earlier part. Weights must not be negative. (Hamilton's
  /// method.)
  package static func largestRemainder(
    _ total: Int64, weights: [Int64]
  ) throws(ArithmeticError) -> [Int64] {
    let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
    guard sum > 0 else { throw .noWeight }
    let sign: Int128 = total < 0 ? -1 : 1
    let magnitude = Int128(total.magnitude)
    var parts: [Int128] = []
    var remainders: [(index: Int, rest: Int128)] = []
    for (index, weight) in weights.enumerated() {
      precondition(weight >= 0, "a weight is a share of something")
      let (whole, rest) = (magnitude * Int128(weight)).quotientAndRemainder(dividingBy: sum)
      parts.append(whole)
      remainders.append((index, rest))
    }
    let left = magnitude - parts.reduce(0, +)
    remainders.sort { $0.rest == $1.rest ? $0.index < $1.index : $0.rest > $1.rest }
    for entry in remainders.prefix(Int(left)) { parts[entry.index] += 1 }
    // No part is greater than the total, which fits.
    return parts.map { Int64($0 * sign) }
  }

  /// The same in two steps: first over the groups of weights that share a key, by their sums, then
  /// over each group's own. So the parts of every group are what it would get alone.
  package static func largestRemainder<Key: Hashable>(
    _ total: Int64, weights: [Int64], groups: [Key]
  ) throws(ArithmeticError) -> [Int64] {
    precondition(weights.count == groups.count, "each weight belongs to a group")
    // As nearly always: all at one tax rate.
    guard let first = groups.first, groups.contains(where: { $0 != first }) else {
      return try largestRemainder(total, weights: weights)
    }
    var keys: [Key] = []
    var members: [Key: [Int]] = [:]
    for (index, key) in groups.enumerated() {
      if members[key] == nil { keys.append(key) }
      members[key, default: []].append(index)
    }
    var sums: [Int64] = []
    for key in keys {
      var sum: Int64 = 0
      for index in members[key, default: []] {
        let (next, overflow) = sum.addingReportingOverflow(weights[index])
        guard !overflow else { throw .overflow }
        sum = next
      }
      sums.append(sum)
    }
    var parts = [Int64](repeating: 0, count: weights.count)
    let shares = try largestRemainder(total, weights: sums)
    for (key, share) in zip(keys, shares) where share != 0 {
      let own = members[key, default: []]
      let split = try largestRemainder(share, weights: own.map { weights[$0] })
      for (index, part) in zip(own, split) { parts[index] = part }
    }
    return parts
  }
}
