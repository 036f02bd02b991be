/// What a formula is about.
package enum FormulaType: String, Hashable, Sendable {
  case number
  case truth
  case text

  var shown: String {
    switch self {
    case .number: "a number"
    case .truth: "yes or no"
    case .text: "a text"
    }
  }
}

/// A value that is set before each run.
package struct NumberInput: Hashable, Sendable { let register: UInt16 }

/// A value that is set before each run.
package struct TruthInput: Hashable, Sendable { let register: UInt16 }

/// One of several values that is set before each run: its index in one register, its text in the
/// next.
package struct ChoiceInput: Hashable, Sendable {
  let register: UInt16
  let texts: [Int128]
}

/// What each value of a choice says about itself, in the order of the values; nil where a value
/// does not say it.
package enum AttributeColumn: Hashable, Sendable {
  case number([Number?])
  case text([String?])
}

/// A compiled formula: where its result stands after a run.
package struct Output: Hashable, Sendable {
  let register: UInt16
  package let type: FormulaType
  /// Every text that it can come to; empty for another type.
  package let texts: Set<String>
  /// The inputs that it depends on, by the order in which they were declared.
  package let inputs: Set<Int>
}

/// What a formula may cost. All of it is found when it is loaded.
package enum FormulaLimits {
  /// Bytes of one formula.
  package static let bytes = 4_000
  /// Parentheses, conditions and signs within each other.
  package static let depth = 40
  /// Steps of all formulas of a program together.
  package static let steps = 10_000
  /// Inputs of a program.
  package static let inputs = 128
}
