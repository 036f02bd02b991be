import Testing

@testable import RPC

/// Calls `body` with the text's bytes.
private func raw<R>(_ text: String, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
  try Array(text.utf8).withUnsafeBytes(body)
}

@Suite("grpc-timeout")
struct GRPCTimeoutTests {
  private static let second: UInt64 = 1_000_000_000

  @Test(
    "reads digits and unit",
    arguments: [
      ("1n", 1), ("1u", 1_000), ("1m", 1_000_000), ("1S", second), ("1M", 60 * second),
      ("1H", 3600 * second), ("99999999n", 99_999_999), ("99999999u", 99_999_999_000),
      ("99999999m", 99_999_999 * 1_000_000), ("99999999S", nil), ("99999999M", nil),
      ("99999999H", nil), ("0n", 0), ("00000001S", second),
    ] as [(String, UInt64?)])
  func valid(text: String, nanoseconds: UInt64?) throws {
    // 99999999 seconds are three years: kept; the longer ones stand for no timeout.
    let expected = text == "99999999S" ? 99_999_999 * GRPCTimeoutTests.second : nanoseconds
    #expect(try raw(text) { try GRPCTimeout.parse($0) } == expected)
  }

  @Test(
    "refuses what is no timeout",
    arguments: [
      "", "S", "1", "123456789S", "-1S", "+1S", " 1S", "1S ", "1.5S", "1s", "1h", "1 S", "٣S",
    ])
  func malformed(text: String) {
    #expect(throws: GRPCTimeout.Malformed.self) { try raw(text) { try GRPCTimeout.parse($0) } }
  }

  @Test(
    "writes the finest unit that fits into eight digits, never too short",
    arguments: [
      (.nanoseconds(1), "1n"), (.zero, "1n"), (.seconds(-5), "1n"),
      (.milliseconds(50), "50000000n"),
      (.seconds(1), "1000000u"), (.nanoseconds(100_000_001), "100001u"),
      (.seconds(3600), "3600000m"),
      (.seconds(86_400 * 365), "31536000S"), (.seconds(86_400 * 365 * 100), "52560000M"),
      (.seconds(Int64.max), "2562048H"),
    ] as [(Duration, String)])
  func format(timeout: Duration, text: String) {
    #expect(GRPCTimeout.format(timeout) == text)
  }
}

@Suite("grpc-message")
struct PercentEncodingTests {
  private static let table: [(String, String)] = [
    ("", ""), ("plain text", "plain text"), ("a%b\n\u{e9}", "a%25b%0A%C3%A9"), (" x ", "%20x%20"),
    ("\t\r\u{7f}", "%09%0D%7F"), ("~!#$&'", "~!#$&'"),
    ("板材短缺", "%E6%9D%BF%E6%9D%90%E7%9F%AD%E7%BC%BA"),
  ]

  @Test("encodes", arguments: table)
  func encode(text: String, wire: String) {
    #expect(String(decoding: PercentEncoding.encode(text), as: UTF8.self) == wire)
    #expect(raw(wire) { PercentEncoding.decode($0) } == text)
  }

  @Test(
    "decodes anything",
    arguments: [
      ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%e9%C3%A9", "\u{fffd}é"), ("100%", "100%"),
    ])
  func lenient(wire: String, text: String) {
    #expect(raw(wire) { PercentEncoding.decode($0) } == text)
  }
}

@Suite("Content type")
struct ContentTypeTests {
  @Test(
    "application/grpc with protobuf and nothing else",
    arguments: [
      ("application/grpc", true), ("application/grpc+proto", true), ("application/grpc;x=y", true),
      ("application/grpc+proto;x=y", true), ("application/grpcfoo", false),
      ("application/grpc-web", false), ("application/grpc+json", false),
      ("application/grpc+protobuf", false), ("application/json", false), ("", false),
    ])
  func table(value: String, isGRPC: Bool) {
    #expect(raw(value) { ContentType.isGRPC($0) } == isGRPC)
  }
}

@Suite("Base64")
struct Base64Tests {
  @Test("round trip of every length, written without padding")
  func roundTrip() {
    for count in 0...20 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 71 + 200) }
      let text = Base64.encode(bytes)
      #expect(!text.contains(UInt8(ascii: "=")) && text.count == Base64.encodedCount(count))
      #expect(Base64.decode(text) == bytes)
    }
  }

  @Test(
    "reads padded and unpadded text, refuses the rest",
    arguments: [
      ("AQI=", [1, 2]), ("AQI", [1, 2]), ("AQ==", [1]), ("AQ", [1]), ("", []), ("AwQF", [3, 4, 5]),
      ("%%%", nil), ("A", nil), ("A=", nil), ("AQI==", nil), ("AQ=I", nil), ("-_-_", nil),
    ] as [(String, [UInt8]?)])
  func decode(text: String, bytes: [UInt8]?) {
    #expect(Base64.decode(Array(text.utf8)) == bytes)
  }
}
