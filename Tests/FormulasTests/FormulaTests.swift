import Formulas
import Testing

@Suite("Formulas")
struct FormulaTests {
  @Test(
    "numbers are exact decimals; only what is longer than twelve digits is rounded",
    arguments: [
      ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("10 - 4 - 3", "3"), ("2 * -3", "-6"),
      ("--3", "3"), ("0.1 + 0.2", "0.3"), ("1 / 3", "0.333333333333"),
      ("2 / 3", "0.666666666667"), ("-2 / 3", "-0.666666666667"), ("2 / -3", "-0.666666666667"),
      ("0.000001 * 0.000001", "0.000000000001"), ("0.0000005 * 0.000001", "0.000000000001"),
      ("-0.0000005 * 0.000001", "-0.000000000001"), ("0.0000004 * 0.000001", "0"),
      ("999999 * 999999", "999998000001"),
      ("1000000000000 - 0.000000000001", "999999999999.999999999999"),
      ("width / 1000 * 98.5", "59.1"), ("min(3, 1, 2)", "1"), ("max(3, 1, 2)", "3"),
      ("abs(-2.5)", "2.5"), ("abs(2.5)", "2.5"), ("round(2.5)", "3"), ("round(-2.5)", "-3"),
      ("round(2.4)", "2"), ("floor(-2.1)", "-3"), ("ceil(-2.9)", "-2"), ("floor(2.9)", "2"),
      ("ceil(2.1)", "3"), ("round(127, 50)", "150"), ("floor(127, 50)", "100"),
      ("ceil(101, 50)", "150"), ("round(1.005, 0.01)", "1.01"), ("ceil(100, 50)", "100"),
      ("if soft then 1 else 2", "1"), ("if not soft then 1 else if width > 500 then 2 else 3", "2"),
      ("front.price", "420.5"), ("front.price * 2", "841"), ("1 + (if soft then 1 else 2)", "2"),
    ])
  func numbers(formula: String, result: String) throws {
    #expect(try Trial()(formula) == .number(result))
  }

  @Test(
    "comparisons, memberships and their combinations are yes or no",
    arguments: [
      ("width = 600", true), ("width != 600", false), ("width < 600", false),
      ("width <= 600", true), ("width > 599.999999", true), ("width >= 600.000001", false),
      ("front = 'oak'", true), ("'white' = front", false), ("front != \"oak\"", false),
      ("front in ('white', 'oak')", true), ("front not in ('white', 'oak')", false),
      ("width in (300, 600, 900)", true), ("soft = true", true), ("soft != (width > 1)", false),
      ("not soft or width > 1 and false", false), ("(not soft or width > 1) and true", true),
      ("front.board = 'OAK'", true), ("not not soft", true),
      ("front.board in ('MDF', 'MEL')", false),
    ])
  func truths(formula: String, result: Bool) throws {
    #expect(try Trial()(formula, as: .truth) == .truth(result))
  }

  @Test("texts come from quotes, choices and their attributes")
  func texts() throws {
    #expect(try Trial()("front.board", as: .text) == .text("OAK"))
    #expect(try Trial(front: 2)("front", as: .text) == .text("lacquer"))
    #expect(try Trial()("if soft then 'A' else front.board", as: .text) == .text("A"))
    var compiler = FormulaCompiler()
    _ = Trial.declare(in: &compiler)
    let output = try compiler.compile(
      "if soft then 'A' else if width > 1 then front.board else front", field: "", as: .text)
    #expect(output.texts == ["A", "MEL", "OAK", "MDF", "white", "oak", "lacquer"])
    #expect(output.inputs == [0, 2, 3])
  }

  @Test("a definition stands for its formula, and says what it depends on")
  func definitions() throws {
    let definitions = ["a": "width - 2 * 18", "b": "a / 2"]
    #expect(try Trial()("b + a", before: definitions) == .number("846"))
    var compiler = FormulaCompiler()
    _ = Trial.declare(in: &compiler)
    try compiler.define("a", "width + depth", field: "a")
    #expect(try compiler.compile("a > 1", field: "", as: .truth).inputs == [0, 1])
  }

  @Test(
    "what has no answer says which formula and where; who does not use it is not touched by it",
    arguments: [
      ("width / (depth - 0.5)", Trial.Result.fault(.dividedByZero, "formula line 1, column 7")),
      ("1 +\n  1000000 * 1000001", .fault(.tooLarge, "formula line 2, column 11")),
      ("-1000000 * 1000001", .fault(.tooLarge, "formula line 1, column 10")),
      ("1000000000000 + 1", .fault(.tooLarge, "formula line 1, column 15")),
      ("999999999999 * 999999999999", .fault(.tooLarge, "formula line 1, column 14")),
      ("0.000000000001 / 1000000000000", .number("0")),
      ("1000000 / 0.0000001", .fault(.tooLarge, "formula line 1, column 9")),
      ("round(1, depth - 1)", .fault(.stepNotPositive, "formula line 1, column 1")),
      ("if depth = 0.5 then 7 else 1 / 0", .number("7")),
      ("if depth = 0.5 or 1 / 0 > 1 then 7 else 8", .number("7")),
      ("if depth != 0.5 and 1 / 0 > 1 then 7 else 8", .number("8")),
      (
        "if 1 / 0 > 1 or depth = 0.5 then 7 else 8",
        .fault(.dividedByZero, "formula line 1, column 6")
      ),
    ])
  func faults(formula: String, result: Trial.Result) throws {
    #expect(try Trial()(formula) == result)
  }

  @Test(
    "what is no formula is refused with its place",
    arguments: [
      ("", "line 1, column 1: the formula is empty"),
      ("1 +", "line 1, column 4: expected a value instead of the end"),
      ("1 2", "line 1, column 3: 2 is not expected here"),
      ("widht * 2", "line 1, column 1: there is nothing of the name 'widht' up to here"),
      ("1 +\n  front", "line 2, column 3: expected a number, and this is a text"),
      ("'é' + 1", "line 1, column 1: expected a number, and this is a text"),
      ("'é' = front", "line 1, column 7: 'front' is none of é"),
      ("front = 'oka'", "line 1, column 9: 'oka' is none of white, oak, lacquer"),
      ("front in ('oak', 'teak')", "line 1, column 18: 'teak' is none of white, oak, lacquer"),
      ("front.colour = 1", "line 1, column 7: 'front' has no attribute 'colour'"),
      (
        "front.gloss > 1", "line 1, column 7: the value 'white' of 'front' has no attribute 'gloss'"
      ),
      ("width.price > 1", "line 1, column 7: 'width' has no attribute 'price'"),
      ("if width then 1 else 2", "line 1, column 4: expected yes or no, and this is a number"),
      ("if soft then 1 else 'a'", "line 1, column 21: expected a number, and this is a text"),
      ("if soft then 1", "line 1, column 15: expected 'else' instead of the end"),
      ("1 < 2 < 3", "line 1, column 7: '<' is not expected here"),
      ("'a' < 'b'", "line 1, column 1: expected a number, and this is a text"),
      ("soft and 1", "line 1, column 10: expected yes or no, and this is a number"),
      ("min(1)", "line 1, column 1: 'min' takes 2 to 20 values, not 1"),
      ("min 1", "line 1, column 5: expected '(' behind 'min' instead of 1"),
      ("'abc", "line 1, column 1: this text has no end"),
      ("1.2.3", "line 1, column 4: '.' is not expected here"),
      ("12ab", "line 1, column 3: a number does not go on with a letter"),
      ("1 & 2", "line 1, column 3: this character means nothing here"),
      (
        "0.1234567890123",
        "line 1, column 1: a number has at most 12 digits behind the point and is at most "
          + "1000000000000"
      ),
      ("(1", "line 1, column 3: expected ')' instead of the end"),
      ("front.1 = 1", "line 1, column 7: expected the name of an attribute instead of 1"),
    ])
  func refusals(formula: String, problem: String) throws {
    #expect(throws: FormulaError.self) { try Trial()(formula, as: .truth) }
    do { _ = try Trial()(formula, as: .truth) } catch let error as FormulaError {
      #expect(error.description == problem)
    }
  }

  @Test("a formula is what was asked for, to its very end")
  func kinds() {
    #expect(throws: FormulaError.self) { try Trial()("1 > 0") }
    #expect(throws: FormulaError.self) { try Trial()("width", as: .text) }
    #expect(throws: FormulaError.self) { try Trial()("front", as: .truth) }
  }

  @Test("length, depth and number of steps are bounded")
  func bounds() throws {
    let nested = { String(repeating: "(", count: $0) + "1" + String(repeating: ")", count: $0) }
    #expect(try Trial()(nested(FormulaLimits.depth - 1)) == .number("1"))
    for (text, problem) in [
      (nested(FormulaLimits.depth), "more than 40 levels within each other"),
      (String(repeating: "-", count: 3_000) + "1", "more than 40 levels within each other"),
      (String(repeating: "not ", count: 900) + "true", "more than 40 levels within each other"),
      (String(repeating: " ", count: FormulaLimits.bytes) + "1", "more than 4000 bytes"),
    ] {
      do {
        _ = try Trial()(text)
        Issue.record("not refused: \(problem)")
      } catch let error as FormulaError { #expect(error.problem == problem) }
    }
    var compiler = FormulaCompiler()
    let long = "1" + String(repeating: "+1", count: 1_000)
    #expect(throws: FormulaError.self) {
      for number in 0..<11 { _ = try compiler.compile(long, field: "\(number)", as: .number) }
    }
  }

  @Test("names are small letters, digits and _, and no words of the language")
  func names() {
    for name in ["a", "width", "w_2", String(repeating: "x", count: 40)] {
      #expect(FormulaCompiler.isName(name), "\(name)")
    }
    for name in [
      "", "Width", "2w", "_w", "a-b", "if", "min", "é", String(repeating: "x", count: 41),
    ] {
      #expect(!FormulaCompiler.isName(name), "\(name)")
    }
  }

  @Test("numbers read and write plain decimals")
  func decimals() {
    for text in ["0", "-1", "12.5", "0.000000000001", "1000000000000", "-999999999999.5"] {
      #expect(Number(text)?.description == text)
    }
    for text in [
      "", "-", ".5", "5.", "1e3", "1,5", "+1", "0.1234567890123", "1000000000000.1", " 1",
      "1000000000001", String(repeating: "9", count: 60),
    ] {
      #expect(Number(text) == nil, "\(text)")
    }
    #expect(Number("0.0000005")?.micros == 1)
    #expect(Number("-0.0000005")?.micros == -1)
    #expect(Number("0.0000004")?.micros == 0)
    #expect(Number(micros: .max) == nil)
    #expect(Number(micros: 1_500_000)?.description == "1.5")
  }
}
