/// A date of the proleptic Gregorian calendar, years 1 to 9999.
struct CivilDate: Equatable {
  let year: Int
  let month: Int
  let day: Int

  /// Nil unless the three make a real date.
  init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.days(inMonth: month, of: year)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads "2026-11-21" and nothing else.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]),
      let day = digits(bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  var text: String { padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": the year is counted from March,
  // so that the leap day comes last.

  var daysSinceEpoch: Int {
    let marchYear = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
    return marchYear * 365 + leapDays + dayOfYear - 719_468
  }

  /// For days of the years 1 to 9999.
  init?(daysSinceEpoch: Int) {
    let shifted = daysSinceEpoch + 719_468
    guard shifted >= 0, shifted < 3_652_426 else { return nil }
    let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    self.init(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }
}

/// Times as RFC 3339 writes them: "2026-11-21T09:30:00.25Z".
enum RFC3339 {
  /// Seconds since 1970 and nanoseconds; nil for anything that is no such time.
  static func parse(_ text: String) -> (seconds: Int64, nanos: Int64)? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, let date = CivilDate(text.prefix(10)),
      bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), let hour = digits(bytes[11..<13]), hour < 24,
      let minute = digits(bytes[14..<16]), minute < 60, let second = digits(bytes[17..<19]),
      second < 60
    else { return nil }
    var rest = bytes[19...]
    var nanos = 0
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard (1...9).contains(fraction.count), let value = digits(fraction) else { return nil }
      nanos = (fraction.count..<9).reduce(value) { value, _ in value * 10 }
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard let offset = offset(Array(rest)) else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second - offset
    guard CivilDate(daysSinceEpoch: floored(seconds, 86_400).quotient) != nil else { return nil }
    return (Int64(seconds), Int64(nanos))
  }

  /// With no fraction or one of 3, 6 or 9 digits; nil outside the years 1 to 9999.
  static func text(seconds: Int64, nanos: Int64) -> String? {
    let (days, second) = floored(Int(seconds), 86_400)
    guard (0..<1_000_000_000).contains(nanos), let date = CivilDate(daysSinceEpoch: days) else {
      return nil
    }
    var text = date.text + "T" + padded(second / 3_600, 2)
    text += ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
    if nanos != 0 {
      var fraction = padded(Int(nanos), 9)
      while fraction.hasSuffix("000") { fraction.removeLast(3) }
      text += "." + fraction
    }
    return text + "Z"
  }

  /// Seconds east of UTC of "Z" or "+08:00".
  private static func offset(_ bytes: [UInt8]) -> Int? {
    if bytes.count == 1, bytes[0] | 0x20 == UInt8(ascii: "z") { return 0 }
    guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hour = digits(bytes[1..<3]),
      let minute = digits(bytes[4..<6]), hour < 24, minute < 60
    else { return nil }
    switch bytes[0] {
    case UInt8(ascii: "+"): return hour * 3_600 + minute * 60
    case UInt8(ascii: "-"): return -(hour * 3_600 + minute * 60)
    default: return nil
    }
  }

  private static func floored(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// The number of a run of ASCII digits; nil when there is anything else.
private func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
  guard bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
  return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
}

private func padded(_ value: Int, _ width: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
