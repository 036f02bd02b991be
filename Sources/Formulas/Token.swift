/// A word of a formula.
struct Token: Hashable {
  enum Kind: Hashable {
    case number(Number)
    case text(String)
    case name(String)
    case keyword(Keyword)
    case symbol(Symbol)
    case end
  }

  enum Keyword: String, CaseIterable {
    case `if`, then, `else`, and, or, not, `in`, `true`, `false`
  }

  enum Symbol: String {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case open = "("
    case close = ")"
    case comma = ","
    case dot = "."
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  let kind: Kind
  /// Where it begins, in bytes.
  let offset: Int

  /// As it is called in a complaint.
  var shown: String {
    switch kind {
    case .number(let number): "\(number)"
    case .text(let text): "'\(text.prefix(40))'"
    case .name(let name): "'\(name.prefix(40))'"
    case .keyword(let word): "'\(word.rawValue)'"
    case .symbol(let symbol): "'\(symbol.rawValue)'"
    case .end: "the end"
    }
  }
}

/// Cuts a formula into words. Blanks and line breaks separate, and nothing else is left out.
struct Lexer {
  private let text: String
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  /// All words; the last one is the end.
  static func tokens(of text: String) throws(FormulaError) -> [Token] {
    var lexer = Lexer(text)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private mutating func next() throws(FormulaError) -> Token {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    let start = position
    guard position < bytes.count else { return Token(kind: .end, offset: start) }
    let byte = bytes[position]
    if Self.isDigit(byte) { return Token(kind: .number(try number()), offset: start) }
    if Self.isLetter(byte) { return Token(kind: word(), offset: start) }
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
      return Token(kind: .text(try quoted(byte)), offset: start)
    }
    return Token(kind: .symbol(try symbol()), offset: start)
  }

  private mutating func number() throws(FormulaError) -> Number {
    let start = position
    while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "."),
      Self.isDigit(bytes[position + 1])
    {
      position += 1
      while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    }
    if position < bytes.count, Self.isLetter(bytes[position]) {
      throw FormulaError("a number does not go on with a letter", at: position, in: text)
    }
    guard let number = Number(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw FormulaError(
        "a number has at most \(Number.digits) digits behind the point and is at most "
          + "\(Number(word: Number.bound))", at: start, in: text)
    }
    return number
  }

  private mutating func word() -> Token.Kind {
    let start = position
    while position < bytes.count, Self.isLetter(bytes[position]) || Self.isDigit(bytes[position]) {
      position += 1
    }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    return Token.Keyword(rawValue: word).map { .keyword($0) } ?? .name(word)
  }

  private mutating func quoted(_ mark: UInt8) throws(FormulaError) -> String {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != mark, bytes[position] != 0x0A {
      position += 1
    }
    guard position < bytes.count, bytes[position] == mark else {
      throw FormulaError("this text has no end", at: start, in: text)
    }
    position += 1
    return String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self)
  }

  private mutating func symbol() throws(FormulaError) -> Token.Symbol {
    for length in [2, 1] where position + length <= bytes.count {
      let text = String(decoding: bytes[position..<(position + length)], as: UTF8.self)
      guard let symbol = Token.Symbol(rawValue: text) else { continue }
      position += length
      return symbol
    }
    throw FormulaError("this character means nothing here", at: position, in: text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
