import Formulas

/// One formula over a few values to try it with: `width` 600, `depth` 0.5, `soft` yes, `front` oak
/// of white, oak and lacquer, with a price, a board and, but for white, a gloss.
struct Trial {
  enum Result: Equatable {
    case number(String)
    case truth(Bool)
    case text(String)
    case fault(Fault.Kind, String)
  }

  var width = Number(600)
  var depth = Number("0.5") ?? Number(0)
  var soft = true
  var front = 1

  func callAsFunction(
    _ formula: String, as type: FormulaType = .number, before definitions: [String: String] = [:]
  ) throws -> Result {
    var compiler = FormulaCompiler()
    let inputs = Self.declare(in: &compiler)
    for (name, text) in definitions.sorted(by: { $0.key < $1.key }) {
      try compiler.define(name, text, field: name)
    }
    let output = try compiler.compile(formula, field: "formula", as: type)
    let program = compiler.program()
    var frame = program.frame()
    frame.set(inputs.width, width)
    frame.set(inputs.depth, depth)
    frame.set(inputs.soft, soft)
    frame.set(inputs.front, front)
    program.run(&frame, upTo: program.end)
    do throws(Fault) {
      switch type {
      case .number: return .number(try program.number(output, in: frame).description)
      case .truth: return .truth(try program.truth(output, in: frame))
      case .text: return .text(try program.text(output, in: frame))
      }
    } catch {
      return .fault(error.kind, "\(error.field) \(error.place)")
    }
  }

  static func declare(
    in compiler: inout FormulaCompiler
  ) -> (width: NumberInput, depth: NumberInput, soft: TruthInput, front: ChoiceInput) {
    let width = compiler.declareNumber("width")
    let depth = compiler.declareNumber("depth")
    let soft = compiler.declareTruth("soft")
    let front = compiler.declareChoice(
      "front", values: ["white", "oak", "lacquer"],
      attributes: [
        ("price", .number([Number(100), Number("420.5"), Number(380)])),
        ("board", .text(["MEL", "OAK", "MDF"])),
        ("gloss", .number([nil, Number(10), Number(90)])),
      ])
    return (width, depth, soft, front)
  }
}
