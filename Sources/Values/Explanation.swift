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

  /// Most that are read from the store are only passed on: they stay text until somebody looks.
  private enum Content {
    case steps([Step])
    case stored(String)
  }

  private var content: Content

  package init(_ steps: [Step] = []) { content = .steps(steps) }

  /// Of the text that a database column holds.
  package init(storedText: String) { content = .stored(storedText) }

  package var steps: [Step] {
    switch content {
    case .steps(let steps): steps
    case .stored(let text): Self.steps(of: text)
    }
  }

  /// Its text, where it was read from the store and has not been added to since.
  package var textAsStored: String? {
    if case .stored(let text) = content { text } else { nil }
  }

  package var isEmpty: Bool {
    switch content {
    case .steps(let steps): steps.isEmpty
    case .stored(let text): text.isEmpty
    }
  }

  package mutating func add(_ rule: String, _ text: String, _ facts: [Fact] = []) {
    add(Step(rule, text, facts))
  }

  package mutating func add(_ step: Step) { change { $0.append(step) } }

  /// That so many will be added.
  package mutating func reserveSteps(_ count: Int) {
    change { $0.reserveCapacity($0.count + count) }
  }

  private mutating func change(_ body: (inout [Step]) -> Void) {
    var steps = self.steps
    // Theirs alone again, so that they grow in place.
    content = .steps([])
    body(&steps)
    content = .steps(steps)
  }

  package static func == (one: Explanation, other: Explanation) -> Bool {
    if let text = one.textAsStored, text == other.textAsStored { return true }
    return one.steps == other.steps
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(steps) }
}
