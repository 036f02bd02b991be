import Formulas
import TestRandom
import Testing

/// Formulas that nobody wrote: whatever comes, loading it ends with a program or a place, and
/// running the program ends with a value or a fault.
@Suite("Formulas, at random")
struct FormulaPropertyTests {
  private static let words = [
    "1", "0", "0.5", "600", "1000000000000", "0.000000000001", "width", "depth", "soft", "front",
    "front.price", "front.board", "front.gloss", "'oak'", "'MEL'", "\"white\"", "true", "false",
    "if", "then", "else", "and", "or", "not", "in", "+", "-", "*", "/", "(", ")", ",", ".", "=",
    "!=", "<", "<=", ">", ">=", "min", "max", "abs", "round", "floor", "ceil", "\n", "é", "$",
  ]

  @Test("any row of words is loaded or refused with a place inside it", arguments: 1...40)
  func words(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<200 {
      let count = Int.random(in: 0...30, using: &random)
      let words = (0..<count).compactMap { _ in Self.words.randomElement(using: &random) }
      check(words.joined(separator: Bool.random(using: &random) ? " " : ""), &random)
    }
  }

  @Test("any bytes are, too", arguments: 1...20)
  func bytes(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<200 {
      let count = Int.random(in: 0...60, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      check(String(decoding: bytes, as: UTF8.self), &random)
    }
  }

  private func check(_ text: String, _ random: inout Seeded) {
    for type in [FormulaType.number, .truth, .text] {
      do {
        _ = try trial(&random)(text, as: type)
      } catch let error as FormulaError {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect((1...max(1, lines.count)).contains(error.line), "\(text)")
        #expect((1...text.unicodeScalars.count + 1).contains(error.column), "\(text)")
      } catch { Issue.record("\(error): \(text)") }
    }
  }

  private func trial(_ random: inout Seeded) -> Trial {
    let numbers = ["0", "-1", "600", "0.000000000001", "1000000000000", "-1000000000000", "33.3"]
    return Trial(
      width: number(numbers.randomElement(using: &random)),
      depth: number(numbers.randomElement(using: &random)), soft: Bool.random(using: &random),
      front: Int.random(in: 0...2, using: &random))
  }

  private func number(_ text: String?) -> Number { text.flatMap { Number($0) } ?? Number(0) }

  @Test("a formula that is well formed is loaded, and keeps the laws of numbers", arguments: 1...40)
  func laws(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<50 {
      let (a, b) = (numeric(3, &random), numeric(3, &random))
      let trial = trial(&random)
      let (x, y) = (try trial("\(a)"), try trial("\(b)"))
      guard case .number = x, case .number = y else { continue }
      for (left, right) in [
        ("(\(a)) + (\(b))", "(\(b)) + (\(a))"), ("(\(a)) * (\(b))", "(\(b)) * (\(a))"),
        ("min(\(a), \(b)) + max(\(a), \(b))", "(\(a)) + (\(b))"),
        ("-(-(\(a)))", "\(a)"), ("abs(\(a))", "max(\(a), -(\(a)))"),
        ("floor(\(a))", "-ceil(-(\(a)))"), ("round(\(a))", "-round(-(\(a)))"),
      ] {
        #expect(outcome(try trial(left)) == outcome(try trial(right)), "\(left) | \(right)")
      }
      for (left, right) in [
        ("(\(a)) < (\(b))", "not ((\(a)) >= (\(b)))"),
        ("(\(a)) = (\(b))", "(\(a)) <= (\(b)) and (\(b)) <= (\(a))"),
        ("(\(a)) in (1, \(b))", "(\(a)) = 1 or (\(a)) = (\(b))"),
      ] {
        #expect(try trial(left, as: .truth) == trial(right, as: .truth), "\(left) | \(right)")
      }
    }
  }

  /// Faults without their places, which differ.
  private func outcome(_ result: Trial.Result) -> Trial.Result {
    if case .fault(let kind, _) = result { .fault(kind, "") } else { result }
  }

  private func numeric(_ depth: Int, _ random: inout Seeded) -> String {
    guard depth > 0 else {
      return ["1", "0.25", "600", "7", "0", "width", "depth", "front.price"]
        .randomElement(using: &random) ?? "1"
    }
    let (a, b) = (numeric(depth - 1, &random), numeric(depth - 1, &random))
    switch Int.random(in: 0...8, using: &random) {
    case 0: return "(\(a) + \(b))"
    case 1: return "(\(a) - \(b))"
    case 2: return "(\(a) * \(b))"
    case 3: return "(\(a) / \(b))"
    case 4: return "min(\(a), \(b))"
    case 5: return "round(\(a), 0.25)"
    case 6: return "(if soft then \(a) else \(b))"
    case 7: return "(if \(a) <= \(b) then \(a) else \(b))"
    default: return a
    }
  }
}
