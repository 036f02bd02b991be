/// Where a call belongs in a trace of calls between services, as its caller says by `traceparent`
/// (W3C Trace Context, 3.2).
public struct TraceParent: Hashable, Sendable {
  /// 32 lower-case hexadecimal digits, not all 0.
  public let traceID: String
  /// The caller's own step: 16 lower-case hexadecimal digits, not all 0.
  public let parentID: String
  /// Whether the caller records the trace.
  public let isSampled: Bool

  /// Reads `00-TRACE-PARENT-FLAGS`; of later versions what version 00 has. Nil for anything else,
  /// which the standard wants ignored.
  public init?(_ text: String) {
    let bytes = Array(text.utf8.prefix(56))
    guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == UInt8(ascii: "-") }),
      let version = TraceParent.hex(bytes[0..<2]), version != "ff",
      bytes.count == 55 || version != "00" && bytes[55] == UInt8(ascii: "-"),
      let trace = TraceParent.hex(bytes[3..<35]), trace.contains(where: { $0 != "0" }),
      let parent = TraceParent.hex(bytes[36..<52]), parent.contains(where: { $0 != "0" }),
      let flags = TraceParent.hex(bytes[53..<55]), let bits = UInt8(flags, radix: 16)
    else { return nil }
    traceID = trace
    parentID = parent
    isSampled = bits & 1 == 1
  }

  private static func hex(_ digits: ArraySlice<UInt8>) -> String? {
    let isHex = digits.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    return isHex ? String(decoding: digits, as: UTF8.self) : nil
  }
}

/// What a call is called in logs.
enum RequestID {
  static let field = "x-request-id"

  /// What the caller chose, if it may stand in a log: 1 to 64 letters, digits, dots, hyphens and
  /// underlines.
  static func given(_ metadata: Metadata) -> String? {
    guard let text = metadata[field], (1...64).contains(text.utf8.count) else { return nil }
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isPlain ? text : nil
  }

  /// 16 hexadecimal digits.
  static func fresh() -> String {
    let text = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
