import MasterData
import Testing

@Suite("Numbers of cartons")
struct SSCCTests {
  /// From the GS1 General Specifications: the example of the check digit (7.9.1).
  @Test("the check digit of the specification's example")
  func example() {
    #expect(SSCC("376104250021234569") != nil)
    for digit in "012345678" { #expect(SSCC("37610425002123456\(digit)") == nil) }
    #expect(SSCC("37610425002123456") == nil && SSCC("37610425002123456٩") == nil)
  }

  @Test("the extension digit is the highest of the serial number's, and numbers end")
  func serials() {
    #expect(SSCC(prefix: "7610425", serial: 3_002_123_456)?.description == "376104250021234569")
    #expect(SSCC(prefix: "7610425", serial: 9_999_999_999) != nil)
    #expect(SSCC(prefix: "7610425", serial: 10_000_000_000) == nil)
    #expect(SSCC(prefix: "123456789012", serial: 99_999) != nil)
    #expect(SSCC(prefix: "123456789012", serial: 100_000) == nil)
    #expect(SSCC(prefix: "123", serial: 0) == nil && SSCC(prefix: "7610425", serial: -1) == nil)
    var seen: Set<SSCC> = []
    for serial in 0..<2_000 as Range<Int64> {
      guard let sscc = SSCC(prefix: "761042", serial: serial * 4_999_999) else {
        Issue.record("serial \(serial) has no number")
        continue
      }
      #expect(seen.insert(sscc).inserted && SSCC(sscc.description) == sscc)
    }
  }

  @Test("as scanners send it and people read it, and nothing that says more")
  func scanned() {
    let number = "376104250021234569"
    for text in [number, "00" + number, "(00)" + number, "]C100" + number, "]d200" + number] {
      #expect(SSCC(scanned: text)?.description == number, "\(text)")
    }
    for text in ["", "]C1" + number, "01" + number, "(00)" + number + "(10)A", "00" + number + "0"]
    {
      #expect(SSCC(scanned: text) == nil, "\(text)")
    }
  }
}
