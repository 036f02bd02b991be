import TestRandom
import Testing
import Values

@Suite("Explanation")
struct ExplanationTests {
  @Test("comes back from its text, scalar for scalar")
  func roundTrip() {
    var random = Seeded(19)
    let pieces = [
      "\\", "\n", "\r", "\t", "\r\n", "\\n", "\\t", "t", "n", "\u{301}", "\u{200D}", "价",
      "🪑", " ",
      "", "\u{0}", "\u{2028}", "é", "e\u{301}",
    ]
    func part() -> String {
      (0..<Int.random(in: 0...5, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined()
    }
    for _ in 0..<2_000 {
      let steps = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        let facts = (0..<Int.random(in: 0...3, using: &random)).map { _ in Fact(part(), part()) }
        return Explanation.Step(part(), part(), facts)
      }
      let explanation = Explanation(steps)
      let back = Explanation(storedText: explanation.storedText)
      // Compared by scalars: `==` of strings takes "é" and "e\u{301}" for the same.
      #expect(scalars(back) == scalars(explanation), "\(explanation.storedText.debugDescription)")
    }
  }

  @Test("is one line a step, with tabs between its parts")
  func text() {
    var explanation = Explanation()
    explanation.add(
      "LIST_PRICE", "List price of STORE", [Fact("price", "12.5 CNY"), Fact("list", 7)])
    explanation.add("DISCOUNT", "a\\b\tc\r\nd")
    #expect(
      explanation.storedText.unicodeScalars.elementsEqual(
        "LIST_PRICE\tList price of STORE\tprice\t12.5 CNY\tlist\t7\nDISCOUNT\ta\\\\b\\tc\r\\nd"
          .unicodeScalars))
  }

  @Test("of nothing is an empty text")
  func empty() {
    #expect(Explanation().storedText.isEmpty)
    #expect(Explanation(storedText: "").steps.isEmpty)
  }

  private func scalars(_ explanation: Explanation) -> [[[UInt32]]] {
    explanation.steps.map { step in
      ([step.rule, step.text] + step.facts.flatMap { [$0.name, $0.value] })
        .map { $0.unicodeScalars.map(\.value) }
    }
  }
}
