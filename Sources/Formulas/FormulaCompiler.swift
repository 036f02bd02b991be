/// Makes formulas into one program. Names are declared before they are used, so no formula can
/// depend on itself; every formula is checked as it comes, and what is wrong is told with its
/// place.
package struct FormulaCompiler {
  /// What a name or a part of a formula stands for.
  struct Operand {
    let register: UInt16
    let type: FormulaType
    /// Every text that it can be, by number.
    var texts: Set<Int> = []
    /// Bit for bit the inputs that it depends on.
    var inputs: UInt128 = 0
    /// The attributes of a choice.
    var columns: [String: Column] = [:]
  }

  struct Column {
    let type: FormulaType
    let start: UInt16
    let texts: Set<Int>
    /// The first value that has no such attribute.
    let gap: String?
  }

  private(set) var names: [String: Operand] = [:]
  private(set) var texts: [String] = []
  private var registers: [Int128] = []
  private var steps: [Program.Step] = []
  private var cells: [Int128] = []
  private var origins: [Program.Origin] = []
  private var formulas: [Program.Formula] = []
  private var constants: [Int128: UInt16] = [:]
  private var textNumbers: [String: Int] = [:]
  private var inputCount = 0

  package init() {}

  /// Whether `name` can be declared: small letters, digits and `_`, a letter first, at most 40 of
  /// them, and no word of the language.
  package static func isName(_ name: String) -> Bool {
    guard (1...40).contains(name.utf8.count), let first = name.utf8.first,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
    else { return false }
    return Token.Keyword(rawValue: name) == nil && FormulaFunction(rawValue: name) == nil
      && name.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }

  package func isDeclared(_ name: String) -> Bool { names[name] != nil }

  // MARK: Inputs. Their names are new and fit, and there are no more than the limit.

  package mutating func declareNumber(_ name: String) -> NumberInput {
    NumberInput(register: declareInput(name, .number))
  }

  package mutating func declareTruth(_ name: String) -> TruthInput {
    TruthInput(register: declareInput(name, .truth))
  }

  /// `values` are not empty, and each attribute has a cell for each of them.
  package mutating func declareChoice(
    _ name: String, values: [String], attributes: [(name: String, column: AttributeColumn)]
  ) -> ChoiceInput {
    let index = register(0)
    let numbers = values.map { number(of: $0) }
    let text = register(Int128(numbers[0]))
    precondition(text == index + 1, "a choice has two registers in a row")
    var operand = Operand(register: text, type: .text, texts: Set(numbers), inputs: nextInput())
    for attribute in attributes {
      operand.columns[attribute.name] = column(attribute.column, of: values)
    }
    names[name] = operand
    return ChoiceInput(register: index, texts: numbers.map { Int128($0) })
  }

  private mutating func declareInput(_ name: String, _ type: FormulaType) -> UInt16 {
    let place = register(0)
    names[name] = Operand(register: place, type: type, inputs: nextInput())
    return place
  }

  private mutating func nextInput() -> UInt128 {
    precondition(inputCount < FormulaLimits.inputs, "the caller keeps to the limit of inputs")
    defer { inputCount += 1 }
    return UInt128(1) << UInt128(inputCount)
  }

  private mutating func column(_ column: AttributeColumn, of values: [String]) -> Column {
    let start = UInt16(cells.count)
    switch column {
    case .number(let numbers):
      cells += numbers.map { $0?.word ?? 0 }
      return Column(
        type: .number, start: start, texts: [],
        gap: numbers.firstIndex(of: nil).map { values[$0] })
    case .text(let given):
      let numbers = given.map { $0.map { number(of: $0) } }
      cells += numbers.map { Int128($0 ?? 0) }
      return Column(
        type: .text, start: start, texts: Set(numbers.compactMap { $0 }),
        gap: given.firstIndex(of: nil).map { values[$0] })
    }
  }

  /// Cells of all attributes so far; at most as many as registers.
  package var cellCount: Int { cells.count }

  // MARK: Formulas

  /// Compiles a formula that later ones can name.
  package mutating func define(
    _ name: String, _ text: String, field: String
  ) throws(FormulaError) {
    names[name] = try operand(text, field: field, as: nil)
  }

  /// Compiles a formula whose result is read after a run. `field` is what a fault calls it.
  package mutating func compile(
    _ text: String, field: String, as type: FormulaType
  ) throws(FormulaError) -> Output {
    let operand = try operand(text, field: field, as: type)
    return Output(
      register: operand.register, type: operand.type, texts: Set(operand.texts.map { texts[$0] }),
      inputs: Set((0..<inputCount).filter { operand.inputs >> UInt128($0) & 1 == 1 }))
  }

  private mutating func operand(
    _ text: String, field: String, as type: FormulaType?
  ) throws(FormulaError) -> Operand {
    guard text.utf8.count <= FormulaLimits.bytes else {
      throw FormulaError("more than \(FormulaLimits.bytes) bytes", at: 0, in: text)
    }
    var reader = FormulaReader(try Lexer.tokens(of: text), text: text)
    formulas.append(Program.Formula(field: field, text: text))
    return try reader.read(as: type, into: &self)
  }

  package var mark: Program.Mark { Program.Mark(steps: steps.count) }

  package func program() -> Program {
    Program(
      registers: registers, steps: steps, cells: cells, texts: texts,
      origins: origins, formulas: formulas)
  }

  // MARK: What the reader asks for

  private mutating func register(_ value: Int128) -> UInt16 {
    registers.append(value)
    return UInt16(registers.count - 1)
  }

  /// The number under which a text goes.
  mutating func number(of text: String) -> Int {
    if let number = textNumbers[text] { return number }
    texts.append(text)
    textNumbers[text] = texts.count - 1
    return texts.count - 1
  }

  mutating func constant(_ word: Int128) -> UInt16 {
    if let known = constants[word] { return known }
    let place = register(word)
    constants[word] = place
    return place
  }

  /// Adds a step; its register. Nil when there is no room for more.
  mutating func emit(
    _ operation: Program.Operation, _ first: UInt16, _ second: UInt16, _ third: UInt16,
    at offset: Int
  ) -> UInt16? {
    guard steps.count < FormulaLimits.steps else { return nil }
    let target = register(0)
    steps.append(
      Program.Step(
        operation: operation, target: target, first: first, second: second, third: third))
    origins.append(
      Program.Origin(formula: Int32(formulas.count - 1), offset: Int32(offset)))
    return target
  }
}

/// What can be called in a formula.
enum FormulaFunction: String, CaseIterable {
  case min, max, abs, round, floor, ceil

  /// How many arguments it takes.
  var arguments: ClosedRange<Int> {
    switch self {
    case .min, .max: 2...20
    case .abs: 1...1
    case .round, .floor, .ceil: 1...2
    }
  }
}
