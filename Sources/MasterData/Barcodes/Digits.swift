extension UInt8 {
  /// One of 0 to 9 in ASCII, and no digit of another script.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension StringProtocol {
  /// Nothing but 0 to 9.
  var isDigits: Bool { utf8.allSatisfy(\.isDigit) }
}
