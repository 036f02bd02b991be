import MasterData
import TestRandom
import Testing
import Values

@Suite("Barcodes of the GS1")
struct ElementStringTests {
  private let today = Books.day
  private static let gs = "\u{1D}"

  private func read(_ text: String) throws -> [String] {
    try ElementString(text, today: today).elements.map { "\($0.identifier)=\($0.value)" }
  }

  private func fault(_ text: String) -> String {
    do {
      return "\(try read(text))"
    } catch let fault as ElementString.Fault {
      return "\(fault.position): \(fault.why)"
    } catch { return "\(error)" }
  }

  @Test(
    "numbers are told by their last digit, with or without zeros in front",
    arguments: [
      ("4006381333931", GTIN.Kind.ean13), ("036000291452", .upcA), ("73513537", .ean8),
      ("06901234567892", .ean13), ("00036000291452", .upcA), ("16901234567899", .gtin14),
    ])
  func numbers(text: String, kind: GTIN.Kind) throws {
    let gtin = try GTIN(text)
    #expect(gtin.kind == kind)
    #expect(gtin.description.count == 14)
    #expect(try GTIN(gtin.printed) == gtin)
    #expect(gtin.description.hasSuffix(text))
  }

  @Test(
    "what is no number says why",
    arguments: [
      ("4006381333932", GTIN.Fault.checkDigit(expected: 1)), ("40063813339", .length(11)),
      ("", .length(0)), ("400638133393X", .notDigit(position: 12)), ("00000000", .zero),
      ("４００６３８１３３３９３１", .notDigit(position: 0)),
      (String(repeating: "1", count: 100_000), .length(100_000)),
    ])
  func noNumbers(text: String, fault: GTIN.Fault) {
    #expect(throws: fault) { try GTIN(text) }
  }

  @Test("any other last digit is refused, and any two neighbours that differ by another than 5")
  func checkDigits() throws {
    var random = Seeded(1)
    for _ in 0..<500 {
      let count = [7, 11, 12, 13].randomElement(using: &random) ?? 12
      var digits = (0..<count).map { _ in Int.random(in: 0...9, using: &random) }
      digits[0] = 1
      digits.append(GTIN.checkDigit(of: digits))
      let text = digits.map(String.init).joined()
      #expect((try? GTIN(text)) != nil, "\(text)")
      var wrong = digits
      let place = Int.random(in: 0...count, using: &random)
      wrong[place] = (wrong[place] + Int.random(in: 1...9, using: &random)) % 10
      #expect((try? GTIN(wrong.map(String.init).joined())) == nil, "\(text) \(wrong)")
    }
  }

  @Test("what scanners send and what people read are the same")
  func forms() throws {
    let scanned =
      "]C10106901234567892" + "10L7-A" + Self.gs + "17271231" + "21S(1)9" + Self.gs + "3722"
    let printed = "(01)06901234567892(10)L7-A(17)271231(21)S(1)9(37)22"
    let expected = ["01=6901234567892", "10=L7-A", "17=2027-12-31", "21=S(1)9", "37=22"]
    #expect(try read(scanned) == expected)
    #expect(try read(printed) == expected)
    #expect(try read(Self.gs + scanned.dropFirst(3)) == expected)
    // What has a known length needs no separator, and may have one.
    #expect(
      try read("11260102" + Self.gs + "0106901234567892") == ["11=2026-01-02", "01=6901234567892"])
  }

  @Test("measures, counts, amounts and days mean what they say")
  func values() throws {
    #expect(try read("(01)06901234567892(3103)001250") == ["01=6901234567892", "3103=1.25"])
    #expect(
      try read("(3115)123456(3150)000007(3164)000001") == [
        "3115=1.23456", "3150=7", "3164=0.0001",
      ])
    #expect(
      try read("(3926)1299999(3943)0125(3955)123456") == [
        "3926=1.299999", "3943=0.125", "3955=1.23456",
      ])
    #expect(try read("(3922)12999(30)00000012") == ["3922=129.99", "30=12"])
    #expect(try read("(3932)15612999") == ["3932=129.99"])
    // The last of the month; the year nearest to now.
    #expect(
      try read("(15)280200(17)761231(11)770101") == [
        "15=2028-02-29", "17=2076-12-31", "11=1977-01-01",
      ])
    #expect(try read("(240)ABC(241)X/1(90)own") == ["240=ABC", "241=X/1", "90=own"])
  }

  @Test(
    "what cannot be read says where and why",
    arguments: [
      ("", "0: there is nothing"), ("]C1", "3: there is nothing"),
      ("]A0123", "0: no barcode of the GS1 begins so"),
      ("(01)06901234567893", "0: 01: its last digit must be 2"),
      ("(01)0690123456789", "4: 01 has 14 characters, not 13"),
      ("(17)271331", "0: 17 is no day: 271331"), ("(17)270230", "0: 17 is no day: 270230"),
      ("(17)27123A", "9: 17 has a digit here"), ("(10)", "4: 10 has 1 to 20 characters, not 0"),
      ("(10)ä", "4: no character of the GS1"),
      ("(05)1", "0: no application identifier that is known in brackets"),
      ("(10)A(10)B", "5: 10 is there twice"),
      ("0569", "0: no application identifier that is known"),
      (
        "10" + String(repeating: "A", count: 21),
        "22: 10 is longer than 20, or its separator is missing"
      ),
      ("10A\u{1D}", "4: nothing follows the separator"),
      ("10A\u{1D}\u{1D}", "4: no application identifier that is known"),
      ("(3108)123456", "0: no application identifier that is known in brackets"),
      ("(3106)123456", "0: no application identifier that is known in brackets"),
      ("(3176)123456", "0: no application identifier that is known in brackets"),
      ("(3944)0125", "0: no application identifier that is known in brackets"),
      ("(3956)123456", "0: no application identifier that is known in brackets"),
      ("(423)15627", "5: 423 has 3 to 15 characters in steps of 3, not 5"),
      ("(8008)271231120", "6: 8008 has 8 to 12 characters in steps of 2, not 9"),
      ("(8010)ABC#a", "10: no character of the GS1"), ("(10)A#", "5: no character of the GS1"),
      ("(03)0690123456789", "4: 03 has 14 characters, not 13"),
      ("(4307)CHN", "6: 4307 has 2 characters, not 3"),
      (
        "(253)1234567890123" + String(repeating: "A", count: 18),
        "5: 253 has 13 to 30 characters, not 31"
      ),
    ])
  func faults(text: String, expected: String) {
    // Positions behind a fault of meaning are those of its value.
    let found = fault(text)
    #expect(found.drop { $0 != ":" } == expected.drop { $0 != ":" }, "\(found)")
  }

  /// The shortest and the longest value of each kind of format in GS1 General Specifications 3.2.
  @Test(
    "values are as long as the specification says",
    arguments: [
      ("00", 18, 18), ("03", 14, 14), ("235", 1, 28), ("242", 1, 6), ("254", 1, 20),
      ("255", 13, 25), ("3100", 6, 6), ("3695", 6, 6), ("3909", 1, 15), ("3919", 4, 18),
      ("3943", 4, 4), ("402", 17, 17), ("410", 13, 13), ("420", 1, 20), ("421", 4, 12),
      ("423", 3, 15), ("427", 1, 3), ("4302", 1, 70), ("4309", 20, 20), ("4324", 10, 10),
      ("4330", 6, 7), ("7004", 1, 4), ("7007", 6, 12), ("7011", 6, 10), ("7030", 4, 30),
      ("7040", 4, 4), ("710", 1, 20), ("7230", 3, 30), ("7256", 1, 90), ("8001", 14, 14),
      ("8003", 14, 30), ("8005", 6, 6), ("8006", 18, 18), ("8008", 8, 12), ("8011", 1, 12),
      ("8020", 1, 25), ("8026", 18, 18), ("8042", 32, 32), ("8043", 18, 20), ("8111", 4, 4),
      ("8200", 1, 70), ("90", 1, 30), ("99", 1, 90),
    ])
  func lengths(code: String, least: Int, most: Int) {
    for (length, isRight) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
      let found = fault("(\(code))" + String(repeating: "1", count: length))
      #expect(!found.contains(", not ") == isRight, "\(code) \(length): \(found)")
      #expect(!found.contains("known"), "\(code): \(found)")
    }
  }

  @Test("whatever is put together is taken apart again, scanned and printed", arguments: 1...40)
  func roundTrip(seed: UInt64) throws {
    var random = Seeded(seed)
    let signs = Array("ABCxyz019!%&*+,-./:;<=>?_'\"")
    func text(_ most: Int) -> String {
      String(
        (0..<Int.random(in: 1...most, using: &random)).map { _ in
          signs.randomElement(using: &random) ?? "A"
        })
    }
    for _ in 0..<50 {
      var parts: [(String, String, Bool)] = [
        ("01", "06901234567892", true), ("10", text(20), false), ("21", text(20), false),
        ("240", text(30), false), ("11", "260229".dropLast(2) + "28", true),
        ("3102", "\(Int.random(in: 100_000...999_999, using: &random))", true),
        ("37", "\(Int.random(in: 1...99_999_999, using: &random))", false), ("99", text(90), false),
      ]
      parts.shuffle(using: &random)
      parts = Array(parts.prefix(Int.random(in: 1...parts.count, using: &random)))
      var scanned = ""
      for (index, part) in parts.enumerated() {
        scanned += part.0 + part.1
        if !part.2, index + 1 < parts.count { scanned += Self.gs }
      }
      let printed = parts.map { "(\($0.0))\($0.1)" }.joined()
      for form in [scanned, printed] {
        let found = try ElementString(form, today: today).elements
        #expect(found.map(\.identifier) == parts.map(\.0), "\(form)")
        #expect(found.map(\.text) == parts.map(\.1), "\(form)")
      }
    }
  }

  @Test("any characters are read or refused with a place inside them", arguments: 1...40)
  func anything(seed: UInt64) {
    var random = Seeded(seed)
    let bits = [
      "(", ")", "01", "10", "17", "310", "392", "06901234567892", Self.gs, "]C1", "]d2", "A", "9",
      "271231", "é", "橡", "\0", " ", "(10)", "(21)", "37",
    ]
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 0...12, using: &random))
        .compactMap { _ in bits.randomElement(using: &random) }.joined()
      do {
        let found = try ElementString(text, today: today)
        #expect(!found.elements.isEmpty)
      } catch {
        #expect((0...text.utf8.count).contains(error.position), "\(text)")
      }
    }
  }

  @Test("nothing is too long to be refused")
  func long() {
    #expect(fault(String(repeating: "(", count: 100_000)).contains("longer than 500"))
  }
}
