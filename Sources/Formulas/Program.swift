/// Formulas as one flat list of steps: no jumps and no loops, so that a run takes as many steps as
/// the list has, whatever the values. Each step writes one register of its own.
///
/// What has no answer (a division by zero) is a value, too: it goes on through whatever is computed
/// from it, and an `if` that does not choose it is not touched by it.
package struct Program: Sendable {
  /// Constants in their places, everything else 0.
  let registers: [Int128]
  let steps: [Step]
  /// The cells of all attributes, one column after the other.
  let cells: [Int128]
  let texts: [String]
  /// Of each step: the formula that it is part of, and where in it.
  let origins: [Origin]
  let formulas: [Formula]

  struct Step: Sendable {
    let operation: Operation
    let target: UInt16
    let first: UInt16
    let second: UInt16
    let third: UInt16
  }

  enum Operation: UInt8, Sendable {
    case add, subtract, multiply, divide, negate, absolute, least, greatest
    case round, floor, ceiling
    case equal, notEqual, less, lessOrEqual
    case and, or, not
    /// `first` decides between `second` and `third`.
    case choose
    /// The cell so far behind `second` as `first` says.
    case attribute
  }

  struct Origin: Sendable {
    let formula: Int32
    let offset: Int32
  }

  struct Formula: Sendable {
    let field: String
    let text: String
  }

  /// So far the steps of what was compiled until then.
  package struct Mark: Hashable, Sendable {
    let steps: Int
  }

  /// Everything.
  package var end: Mark { Mark(steps: steps.count) }

  /// Steps of a complete run.
  package var count: Int { steps.count }

  /// Where the values of one run stand. Made once and used again: a run allocates nothing.
  package func frame() -> Frame { Frame(registers: registers) }
}

/// The registers of a run.
package struct Frame: Sendable {
  var registers: [Int128]

  package mutating func set(_ input: NumberInput, _ value: Number) {
    registers[Int(input.register)] = value.word
  }

  package mutating func set(_ input: TruthInput, _ value: Bool) {
    registers[Int(input.register)] = value ? 1 : 0
  }

  /// `index` is that of the value among those that were declared.
  package mutating func set(_ input: ChoiceInput, _ index: Int) {
    registers[Int(input.register)] = Int128(index)
    registers[Int(input.register) + 1] = input.texts[index]
  }
}

/// A run has no answer for this output; the fault says why, and which formula brought it up.
package struct Fault: Error, Hashable, Sendable {
  package enum Kind: UInt8, Sendable {
    case dividedByZero = 1
    case tooLarge
    case stepNotPositive
  }

  package let kind: Kind
  /// The name that the formula was compiled under.
  package let field: String
  package let place: Place

  /// What happened, as the end of a sentence.
  package var problem: String {
    switch kind {
    case .dividedByZero: "divides by zero"
    case .tooLarge: "comes to more than \(Number(word: Number.bound))"
    case .stepNotPositive: "rounds to a step that is not positive"
    }
  }

  // Below every number: the step that failed, and how.

  static func word(_ kind: Kind, step: Int) -> Int128 {
    Int128.min + (Int128(step) << 8 | Int128(kind.rawValue))
  }

  static func isFault(_ word: Int128) -> Bool { word < -Number.bound }
}

extension Program {
  /// Computes everything up to `mark` from the inputs in `frame`.
  package func run(_ frame: inout Frame, upTo mark: Mark) {
    precondition(frame.registers.count == registers.count, "the frame of another program")
    frame.registers.withUnsafeMutableBufferPointer { registers in
      steps.withUnsafeBufferPointer { steps in
        cells.withUnsafeBufferPointer { cells in
          for index in 0..<mark.steps {
            let step = steps[index]
            registers[Int(step.target)] = Self.value(step, index, registers, cells)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func value(
    _ step: Step, _ index: Int, _ registers: UnsafeMutableBufferPointer<Int128>,
    _ cells: UnsafeBufferPointer<Int128>
  ) -> Int128 {
    let first = registers[Int(step.first)]
    if Fault.isFault(first) { return first }
    switch step.operation {
    case .negate: return -first
    case .absolute: return first < 0 ? -first : first
    case .not: return 1 - first
    case .and: return first == 0 ? 0 : registers[Int(step.second)]
    case .or: return first != 0 ? 1 : registers[Int(step.second)]
    case .choose: return registers[Int(first != 0 ? step.second : step.third)]
    case .attribute: return cells[Int(step.second) + Int(truncatingIfNeeded: first)]
    default: break
    }
    let second = registers[Int(step.second)]
    if Fault.isFault(second) { return second }
    switch step.operation {
    case .add: return bounded(first + second, index)
    case .subtract: return bounded(first - second, index)
    case .multiply: return product(first, second, index)
    case .divide:
      if second == 0 { return Fault.word(.dividedByZero, step: index) }
      return rounded(first * Number.one, by: second, index)
    case .least: return min(first, second)
    case .greatest: return max(first, second)
    case .round, .floor, .ceiling: return stepped(step.operation, first, second, index)
    case .equal: return first == second ? 1 : 0
    case .notEqual: return first != second ? 1 : 0
    case .less: return first < second ? 1 : 0
    case .lessOrEqual: return first <= second ? 1 : 0
    case .negate, .absolute, .not, .and, .or, .choose, .attribute: return first
    }
  }

  private static func bounded(_ word: Int128, _ step: Int) -> Int128 {
    word > Number.bound || word < -Number.bound ? Fault.word(.tooLarge, step: step) : word
  }

  private static func product(_ first: Int128, _ second: Int128, _ step: Int) -> Int128 {
    let (product, overflow) = first.multipliedReportingOverflow(by: second)
    // What overflows is beyond the bound: below it, a product has 10³⁶ and 128 bits hold 10³⁸.
    if overflow { return Fault.word(.tooLarge, step: step) }
    return rounded(product, by: Number.one, step)
  }

  /// `dividend ÷ divisor` to the nearest, halves away from zero.
  private static func rounded(_ dividend: Int128, by divisor: Int128, _ step: Int) -> Int128 {
    let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
    if rest == 0 { return bounded(whole, step) }
    let isNegative = (dividend < 0) != (divisor < 0)
    let away: Int128 = rest.magnitude * 2 >= divisor.magnitude ? (isNegative ? -1 : 1) : 0
    return bounded(whole + away, step)
  }

  private static func stepped(
    _ operation: Operation, _ value: Int128, _ by: Int128, _ step: Int
  ) -> Int128 {
    if by <= 0 { return Fault.word(.stepNotPositive, step: step) }
    let (count, rest) = value.quotientAndRemainder(dividingBy: by)
    let away: Int128 =
      switch operation {
      case .floor: rest < 0 ? -1 : 0
      case .ceiling: rest > 0 ? 1 : 0
      default: rest.magnitude * 2 >= by.magnitude ? (value < 0 ? -1 : 1) : 0
      }
    return bounded((count + away) * by, step)
  }
}

extension Program {
  package func number(_ output: Output, in frame: Frame) throws(Fault) -> Number {
    Number(word: try word(output, in: frame))
  }

  package func truth(_ output: Output, in frame: Frame) throws(Fault) -> Bool {
    try word(output, in: frame) != 0
  }

  package func text(_ output: Output, in frame: Frame) throws(Fault) -> String {
    texts[Int(truncatingIfNeeded: try word(output, in: frame))]
  }

  private func word(_ output: Output, in frame: Frame) throws(Fault) -> Int128 {
    let word = frame.registers[Int(output.register)]
    guard Fault.isFault(word) else { return word }
    let code = Int(truncatingIfNeeded: word - Int128.min)
    let origin = origins[code >> 8]
    let formula = formulas[Int(origin.formula)]
    throw Fault(
      kind: Fault.Kind(rawValue: UInt8(code & 0xFF)) ?? .tooLarge, field: formula.field,
      place: Place(Int(origin.offset), in: formula.text))
  }
}
