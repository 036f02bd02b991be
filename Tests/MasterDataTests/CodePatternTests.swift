import Storage
import Testing
import Values

@testable import MasterData

@Suite("Patterns of codes, and what other systems call things")
struct CodePatternTests {
  @Test(
    "a series is fixed signs and then digits alone",
    arguments: [
      ("C-#####", "C-", 5), ("###", "", 3), ("C-1", nil, 0), ("C-##-#", nil, 0),
      ("@##", nil, 0), ("C?##", nil, 0), ("C-##*", nil, 0),
      ("###################", nil, 0),
    ] as [(String, String?, Int)])
  func series(pattern: String, prefix: String?, digits: Int) {
    let found = CodePattern(kind: .customer, pattern: pattern).series
    #expect(found?.prefix == prefix)
    #expect(found?.digits ?? 0 == digits)
  }

  @Test(
    "an example fits its pattern",
    arguments: ["C-#####", "@@-?", "SF-####*", "*", "plain", "a.b_c/d-9"])
  func examples(pattern: String) {
    let example = CodePattern(kind: .product, pattern: pattern).example
    #expect(TextPattern.fits(example, pattern), "\(example)")
  }

  @Test("the next code is behind the highest of as many digits, whatever else there is")
  func next() async throws {
    let books = try Books()
    let told = try await books.write { tx in
      _ = try SetCodePatterns(
        patterns: [
          CodePattern(kind: .supplier, pattern: "free*"),
          CodePattern(kind: .supplier, pattern: "S-##"),
        ], reason: "try", by: "x"
      ).run(in: tx, at: Books.now)
      var told = [try CodePatterns.next(.supplier, in: tx)]
      for code in ["S-03", "free-S-77", "S-08"] {
        let verdicts = try UpsertSuppliers([SupplierDraft(code: code, name: "S")])
          .run(in: tx, at: Books.now)
        #expect(verdicts[0].violations.isEmpty)
        told.append(try CodePatterns.next(.supplier, in: tx))
      }
      // As long as the others, among them by its signs, and no number.
      try tx.execute("UPDATE supplier SET code = 'S-8A' WHERE code = 'free-S-77'")
      told.append(try CodePatterns.next(.supplier, in: tx))
      told.append(try CodePatterns.next(.warehouse, in: tx))
      return told
    }
    #expect(told == ["S-01", "S-04", "S-04", "S-09", "S-09", nil])
  }

  @Test(
    "an external id is a system, a colon and a name without blanks",
    arguments: [
      ("CRM:0035g", "CRM"), ("A-1_B:x:y", "A-1_B"), ("CRM:客户", "CRM"), ("CRM:", nil), (":x", nil),
      ("crm:x", nil), ("CRM:a b", nil), ("CRM:a\tb", nil), ("CRM", nil), ("", nil),
      ("ABCDEFGHIJKLMNOPQRSTU:x", nil),
    ] as [(String, String?)])
  func externalIDs(text: String, system: String?) {
    #expect(ExternalID(text)?.system == system)
  }

  @Test("of one system the later write counts, of several at one time what was there")
  func writers() {
    func writer(_ at: Int64, _ system: String) -> Writer {
      Writer(at: Instant(microseconds: at), system: system)
    }
    #expect(writer(5, "CRM").stays(against: writer(4, "CRM")))
    #expect(!writer(5, "CRM").stays(against: writer(5, "CRM")))
    #expect(writer(5, "CRM").stays(against: writer(5, "ERP")))
    #expect(writer(5, "").stays(against: writer(5, "CRM")))
    #expect(!writer(5, "").stays(against: writer(6, "CRM")))
  }
}
