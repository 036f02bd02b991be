import Formulas
package import Values

/// A version of a model, ready to be asked: its formulas are one program, compiled once. Never
/// changes.
package struct ConfigurableModel: Sendable {
  package let draft: ModelDraft
  package let version: Int64
  /// Of its prices.
  package let currency: Currency
  let parameters: [ModelParameter]
  let program: Program
  /// What must run to know whether the constraints hold.
  let constraintsEnd: Program.Mark
  let constraints: [Constraint]
  let prices: [PricePart]
  let panels: [Panel]
  let materials: [Material]
  let operations: [Operation]
  let cartons: [Carton]
  let weight: Measure?
  let volume: Measure?
  let leadDays: Measure
  /// Every product that a choice can ask for, with the field that can.
  package let products: [Mention]
  /// Every work centre, likewise.
  package let workCentres: [Mention]

  package var sku: String { draft.sku }

  /// Steps that it takes to evaluate a choice.
  package var steps: Int { program.count }

  /// A code that a formula can come to.
  package struct Mention: Hashable, Sendable {
    package let code: String
    package let field: String
    /// The unit in which the formula counts it; nil for any.
    package let unit: String?
  }

  struct Constraint: Sendable {
    let code: String
    let reason: String
    let output: Output
  }

  /// A number with its bounds; what is beyond them is no answer.
  struct Measure: Sendable {
    let output: Output
    let field: String
    let least: Int64
    let most: Int64
    var isWhole = false
  }

  struct PricePart: Sendable {
    let code: String
    let label: String
    let when: Output?
    let amount: Measure
  }

  struct Panel: Sendable {
    let name: String
    let when: Output?
    let count: Measure
    let length: Measure
    let width: Measure
    let board: Output
    let waste: Measure
    let edgeBand: Output?
    let longEdges: Measure
    let shortEdges: Measure
    let edgeWaste: Measure
  }

  struct Material: Sendable {
    let when: Output?
    let sku: Output
    let quantity: Measure
    let waste: Measure
  }

  struct Operation: Sendable {
    let sequence: Int
    let name: String
    let when: Output?
    let workCentre: Output
    let setupMinutes: Measure
    let unitMinutes: Measure
  }

  struct Carton: Sendable {
    let name: String
    let when: Output?
    let count: Measure
    let length: Measure
    let width: Measure
    let height: Measure
    let weight: Measure?
  }
}

/// A parameter of a compiled model. Its values stand in a row, counted from 0: the steps of a
/// dimension, the values of a choice, no and yes. A choice of all of them is a point of `Int`s.
struct ModelParameter: Sendable {
  enum Kind: Sendable {
    case dimension(NumberInput, unit: String, lowest: Number, step: Number)
    case choice(ChoiceInput, [String])
    case flag(TruthInput)
  }

  let name: String
  let kind: Kind
  /// How many values it has.
  let count: Int
  /// Where its default stands.
  let standard: Int

  func set(_ position: Int, in frame: inout Frame) {
    switch kind {
    case .dimension(let input, _, let lowest, let step):
      // Within the highest value, which is a number.
      frame.set(input, lowest.moved(by: position, step: step) ?? lowest)
    case .choice(let input, _): frame.set(input, position)
    case .flag(let input): frame.set(input, position == 1)
    }
  }

  func setting(_ position: Int) -> Configuration.Setting {
    let value =
      switch kind {
      case .dimension(_, _, let lowest, let step):
        (lowest.moved(by: position, step: step) ?? lowest).description
      case .choice(_, let values): values[position]
      case .flag: position == 1 ? "yes" : "no"
      }
    return Configuration.Setting(name: name, value: value)
  }

  /// What a given text means.
  enum Reading {
    /// A value that it has.
    case at(Int)
    /// A value that it does not take; those that it does, the nearest first, or the initial one.
    case beside([Int], rule: String, reason: String)
    /// Nothing of its kind.
    case unreadable(expected: String)
  }

  func read(_ text: String) -> Reading {
    switch kind {
    case .dimension(_, let unit, let lowest, let step):
      return read(text, unit: unit, lowest: lowest, step: step)
    case .choice(_, let values):
      if let index = values.firstIndex(of: text) { return .at(index) }
      return .beside(
        [standard] + values.indices.filter { $0 != standard }, rule: "CHOICE",
        reason: "\(name) is one of \(Self.list(values))")
    case .flag:
      switch text {
      case "yes", "true": return .at(1)
      case "no", "false": return .at(0)
      default: return .unreadable(expected: "yes or no")
      }
    }
  }

  private func read(_ text: String, unit: String, lowest: Number, step: Number) -> Reading {
    let digits = text.hasSuffix(" " + unit) ? text.dropLast(unit.count + 1) : text[...]
    guard let number = Number(digits), let place = number.steps(from: lowest, step: step) else {
      return .unreadable(expected: "a number of \(unit)")
    }
    let last = count - 1
    let (from, to) = (setting(0).value, setting(last).value)
    if number < lowest || place.count > last || (place.count == last && !place.isExact) {
      return .beside(
        [number < lowest ? 0 : last], rule: "RANGE",
        reason: "\(name) is \(from) to \(to) \(unit)")
    }
    if place.isExact { return .at(place.count) }
    let below = lowest.moved(by: place.count, step: step) ?? lowest
    let above = lowest.moved(by: place.count + 1, step: step) ?? lowest
    return .beside(
      number.isNearer(to: below, than: above)
        ? [place.count, place.count + 1] : [place.count + 1, place.count],
      rule: "STEP", reason: "\(name) goes from \(from) to \(to) \(unit) in steps of \(step)")
  }

  private static func list(_ values: [String]) -> String {
    values.prefix(20).joined(separator: ", ") + (values.count > 20 ? ", …" : "")
  }
}
