/// Why a decision came out as it did (price, approval, sourcing, promise): the rules in the order
/// they were applied, each with the values it saw. Staff read it to the customer.
package struct Explanation: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    /// Stable code of the rule ("LIST_PRICE").
    package let rule: String
    /// One sentence for people.
    package let text: String
    package let facts: [Fact]

    package init(_ rule: String, _ text: String, _ facts: [Fact] = []) {
      self.rule = rule
      self.text = text
      self.facts = facts
    }
  }

  package private(set) var steps: [Step]

  package init(_ steps: [Step] = []) { self.steps = steps }

  package mutating func add(_ rule: String, _ text: String, _ facts: [Fact] = []) {
    add(Step(rule, text, facts))
  }

  /// That so many will be added.
  package mutating func reserveSteps(_ count: Int) { steps.reserveCapacity(steps.count + count) }

  package mutating func add(_ step: Step) { steps.append(step) }
}
