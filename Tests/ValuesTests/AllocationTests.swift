import TestRandom
import Testing
import Values

@Suite("Allocation")
struct AllocationTests {
  @Test(
    "gives what is left over to the largest remainders, ties to the earlier part",
    arguments: [
      (100, [1, 1, 1], [34, 33, 33]), (-100, [1, 1, 1], [-34, -33, -33]), (0, [1, 2], [0, 0]),
      (1_533, [5_555, 1_111], [1_278, 255]), (10, [0, 1, 0], [0, 10, 0]),
      (1, [1, 2, 3], [0, 0, 1]),
      (7, [5], [7]), (.max, [1], [.max]), (.min, [1], [.min]),
    ] as [(Int64, [Int64], [Int64])])
  func vectors(total: Int64, weights: [Int64], expected: [Int64]) throws {
    #expect(try Allocation.largestRemainder(total, weights: weights) == expected)
  }

  @Test("goes to groups first, and to the members of each as if it were alone")
  func groups() throws {
    // 10 over 7 and 5 is 6 and 4; 6 over 3, 3, 1 is 3, 2, 1 and 4 over 5 is 4.
    #expect(
      try Allocation.largestRemainder(10, weights: [3, 5, 3, 1], groups: ["a", "b", "a", "a"])
        == [3, 4, 2, 1])
    #expect(
      try Allocation.largestRemainder(10, weights: [3, 0, 7], groups: ["a", "b", "b"])
        == [3, 0, 7])
    #expect(throws: ArithmeticError.noWeight) {
      try Allocation.largestRemainder(1, weights: [0, 0], groups: ["a", "b"])
    }
  }

  @Test("has no share of nothing", arguments: [[], [0], [0, 0]] as [[Int64]])
  func nothing(weights: [Int64]) {
    #expect(throws: ArithmeticError.noWeight) {
      try Allocation.largestRemainder(1, weights: weights)
    }
  }

  @Test("parts sum to the total, and none is a whole unit off its exact share")
  func sums() throws {
    var random = Seeded(2)
    for _ in 0..<500 {
      let total = Int64.random(in: -1_000_000...1_000_000, using: &random)
      let weights = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        Int64.random(in: 0...10_000, using: &random)
      }
      let sum = weights.reduce(0, +)
      guard sum > 0 else { continue }
      let parts = try Allocation.largestRemainder(total, weights: weights)
      #expect(parts.reduce(0, +) == total)
      for (part, weight) in zip(parts, weights) {
        #expect(abs(part * sum - total * weight) < sum)
      }
    }
  }
}
