/// The value of `grpc-timeout`: one to eight digits and a unit.
enum GRPCTimeout {
  /// Not a timeout; answered INTERNAL.
  struct Malformed: Error, Equatable {}

  /// A timeout beyond this is as good as none: a hundred years.
  private static let infinity: UInt64 = 100 * 365 * 86_400 * 1_000_000_000

  /// Nanoseconds; nil for a timeout so long that it means none.
  static func parse(_ text: UnsafeRawBufferPointer) throws(Malformed) -> UInt64? {
    guard text.count >= 2, text.count <= 9, let last = text.last, let unit = nanoseconds(last)
    else { throw Malformed() }
    var amount: UInt64 = 0
    for digit in text.dropLast() {
      guard digit >= 0x30, digit <= 0x39 else { throw Malformed() }
      amount = amount * 10 + UInt64(digit - 0x30)
    }
    let (product, overflow) = amount.multipliedReportingOverflow(by: unit)
    return overflow || product >= infinity ? nil : product
  }

  /// The shortest text that is at least `timeout` long; a timeout that is over becomes one
  /// nanosecond, since the specification wants a positive value.
  static func format(_ timeout: Duration) -> String {
    var amount = max(timeout.saturatingNanoseconds, 1)
    for (unit, next) in [("n", 1000), ("u", 1000), ("m", 1000), ("S", 60), ("M", 60)]
      as [(String, Int64)]
    {
      if amount <= 99_999_999 { return "\(amount)\(unit)" }
      amount = amount / next + (amount % next == 0 ? 0 : 1)
    }
    return "\(amount)H"
  }

  private static func nanoseconds(_ unit: UInt8) -> UInt64? {
    switch unit {
    case UInt8(ascii: "n"): 1
    case UInt8(ascii: "u"): 1_000
    case UInt8(ascii: "m"): 1_000_000
    case UInt8(ascii: "S"): 1_000_000_000
    case UInt8(ascii: "M"): 60 * 1_000_000_000
    case UInt8(ascii: "H"): 3600 * 1_000_000_000
    default: nil
    }
  }
}
