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
}
