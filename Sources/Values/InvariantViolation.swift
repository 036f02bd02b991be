/// Something `joinery verify` found that must never be: the name of the broken rule and the rows
/// that break it.
package struct InvariantViolation: Hashable, Sendable, CustomStringConvertible {
  /// Stable name ("inventory.balance-is-sum-of-moves").
  package let rule: String
  package let text: String
  package let facts: [Fact]

  package init(_ rule: String, _ text: String, _ facts: [Fact] = []) {
    self.rule = rule
    self.text = text
    self.facts = facts
  }

  package var description: String {
    ([rule + ": " + text] + facts.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
  }
}
