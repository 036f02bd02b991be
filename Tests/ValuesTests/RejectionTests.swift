import Testing
import Values

@Suite("Rejections")
struct RejectionTests {
  struct Refusal: Rejection, Hashable {
    let reason: String
    var kind: RejectionKind { .invalid }
    var message: String { "no: \(reason)" }
  }

  @Test("nothing found is nothing thrown")
  func none() throws {
    try Rejections.check([])
  }

  @Test("one alone is thrown as itself")
  func one() {
    #expect(throws: Refusal(reason: "A")) { try Rejections.check([Refusal(reason: "A")]) }
  }

  @Test("several are thrown together, in order")
  func several() throws {
    let thrown = #expect(throws: Rejections.self) {
      try Rejections.check([Refusal(reason: "B"), Refusal(reason: "A")])
    }
    #expect(try #require(thrown).all.map(\.reason) == ["B", "A"])
  }

  @Test("names no field and no values unless it has some")
  func defaults() {
    #expect(Refusal(reason: "A").field == nil)
    #expect(Refusal(reason: "A").facts.isEmpty)
  }
}

@Suite("Documents")
struct DocumentTests {
  @Test("every kind has a number series of its own")
  func prefixes() {
    let prefixes = DocumentKind.allCases.map(\.prefix)
    #expect(Set(prefixes).count == prefixes.count)
    #expect(prefixes.allSatisfy { $0.count == 2 })
  }

  @Test("an origin reads as the document, with its line where it has one")
  func origin() {
    #expect(Origin(.salesOrder, "SO-1").description == "SO-1")
    #expect(Origin(.salesOrder, "SO-1", line: 2).description == "SO-1/2")
    #expect(Origin(.workOrder, "WO-1").document == DocumentReference(.workOrder, "WO-1"))
  }

  @Test("a violation reads as rule, sentence and facts")
  func violation() {
    let violation = InvariantViolation("area.rule", "It is wrong", [Fact("a", 1), Fact("b", "x")])
    #expect(violation.description == "area.rule: It is wrong a=1 b=x")
  }
}
