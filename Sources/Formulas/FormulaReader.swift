/// Reads one formula by recursive descent and writes its steps as it goes: there is no tree.
///
///     formula     = "if" formula "then" formula "else" formula | either
///     either      = both { "or" both }
///     both        = negation { "and" negation }
///     negation    = "not" negation | comparison
///     comparison  = sum [ ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) sum | [ "not" ] "in" list ]
///     list        = "(" sum { "," sum } ")"
///     sum         = product { ( "+" | "-" ) product }
///     product     = signed { ( "*" | "/" ) signed }
///     signed      = "-" signed | primary
///     primary     = number | text | "true" | "false" | name [ "." name ]
///                 | function "(" formula { "," formula } ")" | "(" formula ")"
struct FormulaReader {
  typealias Operand = FormulaCompiler.Operand

  private let tokens: [Token]
  private let text: String
  private var position = 0
  private var depth = 0

  init(_ tokens: [Token], text: String) {
    self.tokens = tokens
    self.text = text
  }

  mutating func read(
    as type: FormulaType?, into compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    if next.kind == .end { throw fault("the formula is empty", at: next) }
    let start = next
    let operand = try formula(&compiler)
    guard next.kind == .end else { throw fault("\(next.shown) is not expected here", at: next) }
    if let type { try require(type, operand, at: start) }
    return operand
  }

  // MARK: Words

  private var next: Token { tokens[position] }

  private mutating func take() -> Token {
    defer { if position < tokens.count - 1 { position += 1 } }
    return tokens[position]
  }

  private mutating func take(_ keyword: Token.Keyword) -> Bool {
    guard next.kind == .keyword(keyword) else { return false }
    position += 1
    return true
  }

  private mutating func take(_ symbol: Token.Symbol) -> Bool {
    guard next.kind == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private func expected(_ what: String) -> FormulaError {
    fault("expected \(what) instead of \(next.shown)", at: next)
  }

  private func fault(_ problem: String, at token: Token) -> FormulaError {
    FormulaError(problem, at: token.offset, in: text)
  }

  private func require(
    _ type: FormulaType, _ operand: Operand, at token: Token
  ) throws(FormulaError) {
    guard operand.type != type else { return }
    throw fault("expected \(type.shown), and this is \(operand.type.shown)", at: token)
  }

  // MARK: Grammar

  private mutating func formula(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    try enter()
    defer { depth -= 1 }
    let start = next
    guard take(.if) else { return try either(&compiler) }
    let condition = try typed(.truth, &compiler)
    guard take(.then) else { throw expected("'then'") }
    let first = try formula(&compiler)
    guard take(.else) else { throw expected("'else'") }
    let other = next
    let second = try formula(&compiler)
    try require(first.type, second, at: other)
    return try emit(.choose, condition, first, second, type: first.type, at: start, &compiler)
  }

  private mutating func enter() throws(FormulaError) {
    guard depth < FormulaLimits.depth else {
      throw fault("more than \(FormulaLimits.depth) levels within each other", at: next)
    }
    depth += 1
  }

  private mutating func typed(
    _ type: FormulaType, _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let start = next
    let operand = try formula(&compiler)
    try require(type, operand, at: start)
    return operand
  }

  private mutating func either(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let start = next
    var left = try both(&compiler)
    while next.kind == .keyword(.or) {
      let word = take()
      try require(.truth, left, at: start)
      let other = next
      let right = try both(&compiler)
      try require(.truth, right, at: other)
      left = try emit(.or, left, right, type: .truth, at: word, &compiler)
    }
    return left
  }

  private mutating func both(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let start = next
    var left = try negation(&compiler)
    while next.kind == .keyword(.and) {
      let word = take()
      try require(.truth, left, at: start)
      let other = next
      let right = try negation(&compiler)
      try require(.truth, right, at: other)
      left = try emit(.and, left, right, type: .truth, at: word, &compiler)
    }
    return left
  }

  private mutating func negation(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let word = next
    guard take(.not) else { return try comparison(&compiler) }
    try enter()
    defer { depth -= 1 }
    let start = next
    let operand = try negation(&compiler)
    try require(.truth, operand, at: start)
    return try emit(.not, operand, operand, type: .truth, at: word, &compiler)
  }

  private mutating func comparison(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let start = next
    let left = try sum(&compiler)
    if next.kind == .keyword(.in) { return try membership(of: left, &compiler) }
    if next.kind == .keyword(.not), tokens[position + 1].kind == .keyword(.in) {
      let word = take()
      let found = try membership(of: left, &compiler)
      return try emit(.not, found, found, type: .truth, at: word, &compiler)
    }
    guard case .symbol(let symbol) = next.kind, let comparison = Self.comparisons[symbol] else {
      return left
    }
    let word = take()
    let other = next
    let right = try sum(&compiler)
    if comparison.isOrder { try require(.number, left, at: start) }
    try require(left.type, right, at: other)
    try checkTexts(left, right, at: other, compiler)
    let (first, second) = comparison.isTurned ? (right, left) : (left, right)
    return try emit(comparison.operation, first, second, type: .truth, at: word, &compiler)
  }

  private static let comparisons:
    [Token.Symbol: (operation: Program.Operation, isOrder: Bool, isTurned: Bool)] = [
      .equal: (.equal, false, false), .notEqual: (.notEqual, false, false),
      .less: (.less, true, false), .lessOrEqual: (.lessOrEqual, true, false),
      .greater: (.less, true, true), .greaterOrEqual: (.lessOrEqual, true, true),
    ]

  /// "in" and its list: equal to one of them.
  private mutating func membership(
    of left: Operand, _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let word = take()
    guard take(.open) else { throw expected("'('") }
    var found: Operand?
    repeat {
      let start = next
      let right = try sum(&compiler)
      try require(left.type, right, at: start)
      try checkTexts(left, right, at: start, compiler)
      let same = try emit(.equal, left, right, type: .truth, at: word, &compiler)
      found =
        if let found { try emit(.or, found, same, type: .truth, at: word, &compiler) } else { same }
    } while take(.comma)
    guard take(.close), let found else { throw expected("',' or ')'") }
    return found
  }

  /// Texts that can never be the same are a slip of the pen.
  private func checkTexts(
    _ left: Operand, _ right: Operand, at token: Token, _ compiler: FormulaCompiler
  ) throws(FormulaError) {
    guard left.type == .text, left.texts.isDisjoint(with: right.texts) else { return }
    let possible = left.texts.sorted().prefix(8).map { compiler.texts[$0] }
    let more = left.texts.count > 8 ? ", …" : ""
    throw fault(
      "\(token.shown) is none of \(possible.joined(separator: ", "))\(more)", at: token)
  }

  private mutating func sum(_ compiler: inout FormulaCompiler) throws(FormulaError) -> Operand {
    let start = next
    var left = try product(&compiler)
    while next.kind == .symbol(.plus) || next.kind == .symbol(.minus) {
      let word = take()
      try require(.number, left, at: start)
      let other = next
      let right = try product(&compiler)
      try require(.number, right, at: other)
      left = try emit(
        word.kind == .symbol(.plus) ? .add : .subtract, left, right, type: .number, at: word,
        &compiler)
    }
    return left
  }

  private mutating func product(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let start = next
    var left = try signed(&compiler)
    while next.kind == .symbol(.times) || next.kind == .symbol(.over) {
      let word = take()
      try require(.number, left, at: start)
      let other = next
      let right = try signed(&compiler)
      try require(.number, right, at: other)
      left = try emit(
        word.kind == .symbol(.times) ? .multiply : .divide, left, right, type: .number, at: word,
        &compiler)
    }
    return left
  }

  private mutating func signed(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let word = next
    guard take(.minus) else { return try primary(&compiler) }
    try enter()
    defer { depth -= 1 }
    let start = next
    let operand = try signed(&compiler)
    try require(.number, operand, at: start)
    return try emit(.negate, operand, operand, type: .number, at: word, &compiler)
  }

  private mutating func primary(
    _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    let token = next
    switch token.kind {
    case .number(let number):
      _ = take()
      return Operand(register: compiler.constant(number.word), type: .number)
    case .text(let text):
      _ = take()
      let number = compiler.number(of: text)
      return Operand(
        register: compiler.constant(Int128(number)), type: .text, texts: [number])
    case .keyword(.true), .keyword(.false):
      _ = take()
      return Operand(
        register: compiler.constant(token.kind == .keyword(.true) ? 1 : 0), type: .truth)
    case .name(let name):
      _ = take()
      return try named(name, token, &compiler)
    case .symbol(.open):
      _ = take()
      let inner = try formula(&compiler)
      guard take(.close) else { throw expected("')'") }
      return inner
    default: throw expected("a value")
    }
  }

  private mutating func named(
    _ name: String, _ token: Token, _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    if let function = FormulaFunction(rawValue: name) {
      return try call(function, token, &compiler)
    }
    guard let operand = compiler.names[name] else {
      throw fault("there is nothing of the name \(token.shown) up to here", at: token)
    }
    guard take(.dot) else { return operand }
    let word = take()
    guard case .name(let attribute) = word.kind else {
      throw fault("expected the name of an attribute instead of \(word.shown)", at: word)
    }
    guard let column = operand.columns[attribute] else {
      throw fault("\(token.shown) has no attribute \(word.shown)", at: word)
    }
    if let gap = column.gap {
      throw fault("the value '\(gap)' of \(token.shown) has no attribute \(word.shown)", at: word)
    }
    guard
      let register = compiler.emit(
        .attribute, operand.register - 1, column.start, 0, at: token.offset)
    else { throw tooLong(at: token) }
    return Operand(
      register: register, type: column.type, texts: column.texts, inputs: operand.inputs)
  }

  private mutating func call(
    _ function: FormulaFunction, _ token: Token, _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    guard take(.open) else { throw expected("'(' behind \(token.shown)") }
    var arguments: [Operand] = []
    repeat { arguments.append(try typed(.number, &compiler)) } while take(.comma)
    guard take(.close) else { throw expected("',' or ')'") }
    guard function.arguments.contains(arguments.count) else {
      let (least, most) = (function.arguments.lowerBound, function.arguments.upperBound)
      throw fault(
        "\(token.shown) takes \(least == most ? "\(least)" : "\(least) to \(most)") values, "
          + "not \(arguments.count)", at: token)
    }
    var result = arguments[0]
    switch function {
    case .abs:
      return try emit(.absolute, result, result, type: .number, at: token, &compiler)
    case .min, .max:
      for argument in arguments.dropFirst() {
        result = try emit(
          function == .min ? .least : .greatest, result, argument, type: .number, at: token,
          &compiler)
      }
      return result
    case .round, .floor, .ceil:
      let operation: Program.Operation =
        function == .round ? .round : function == .floor ? .floor : .ceiling
      let step =
        arguments.count == 2
        ? arguments[1] : Operand(register: compiler.constant(Number.one), type: .number)
      return try emit(operation, result, step, type: .number, at: token, &compiler)
    }
  }

  // MARK: Steps

  private func emit(
    _ operation: Program.Operation, _ first: Operand, _ second: Operand, _ third: Operand? = nil,
    type: FormulaType, at token: Token, _ compiler: inout FormulaCompiler
  ) throws(FormulaError) -> Operand {
    guard
      let register = compiler.emit(
        operation, first.register, second.register, third?.register ?? 0, at: token.offset)
    else { throw tooLong(at: token) }
    return Operand(
      register: register, type: type,
      texts: type == .text ? second.texts.union(third?.texts ?? []) : [],
      inputs: first.inputs | second.inputs | (third?.inputs ?? 0))
  }

  private func tooLong(at token: Token) -> FormulaError {
    fault("the formulas take more than \(FormulaLimits.steps) steps together", at: token)
  }
}
