import Messages
import RPC
@testable import Services
import TestKit
import TestRandom
import Testing
import Values

@Suite("Explanations as messages")
struct ExplanationMessagesTests {
  @Test("an explanation, stored or not, is encoded byte for byte as its message would be")
  func passedOn() throws {
    var random = Seeded(23)
    // Lengths around those at which a length takes another byte, and what the store escapes.
    let pieces = [
      "", "a", "价", "12.5 CNY", " ", "\t", "\n", "\\", String(repeating: "x", count: 126),
      String(repeating: "衣", count: 43), String(repeating: "y", count: 16_380),
    ]
    var plain = 0
    for _ in 0..<2_000 {
      let escapes = Int.random(in: 0..<4, using: &random) == 0
      func part() -> String {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in
          let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
          return escapes ? piece : piece.filter { !"\t\n\\".contains($0) }
        }.joined()
      }
      let explanation = Explanation(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
          let facts = (0..<Int.random(in: 0...3, using: &random)).map { _ in Fact(part(), part()) }
          return Explanation.Step("R" + part(), part(), facts)
        })
      let stored = Explanation(storedText: explanation.storedText)
      let message = TypeV1.Explanation(
        steps: explanation.steps.map {
          .init(
            rule: $0.rule, text: $0.text,
            facts: $0.facts.map { .init(name: $0.name, value: $0.value) })
        })
      let built = PricingV1.PricedLine(explanation: .init(message))
      for told in [explanation, stored] {
        let passed = PricingV1.PricedLine(explanation: .init(told))
        #expect(passed.encoded() == built.encoded(), "\(explanation)")
        #expect(passed == built)
      }
      if !stored.storedText.contains("\\") { plain += 1 }
    }
    #expect(plain > 500)
  }
}
