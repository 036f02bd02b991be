internal import MasterData
internal import Messages
internal import Values

/// Reads the values of a request and remembers everything that is wrong with their shape, so that
/// one answer names it all. What it returns after a complaint is a placeholder: call `check` before
/// using any of it.
struct RequestReader {
  /// What is wrong so far.
  private(set) var found: [any Rejection] = []
  private let prefix: String

  init() { prefix = "" }

  /// Fields are named below this row: "prices[3]".
  init(row: String) { prefix = row + "." }

  mutating func refuse(_ rejection: RequestRejection) { found.append(rejection) }

  private mutating func refuseMissing(_ field: String) {
    found.append(MasterDataRejection.missingValue(field: prefix + field))
  }

  func check() throws { try Rejections.check(found) }

  mutating func text(_ value: String, _ field: String, _ allowed: ClosedRange<Int>) -> String {
    if value.isEmpty, allowed.lowerBound > 0 {
      refuseMissing(field)
    } else if !allowed.contains(value.count) {
      refuse(
        .outOfRange(
          prefix + field, allowed: "\(allowed.lowerBound) to \(allowed.upperBound) characters"))
    }
    return value
  }

  /// A value of a closed list. `number` is what came: 0 for none, and any other without a `value`
  /// is one that this server does not know.
  mutating func choice<Value>(
    _ value: Value?, _ number: Int32, _ field: String, required: Bool = true
  ) -> Value? {
    if value == nil, number != 0 {
      refuse(.unknownValue(prefix + field))
    } else if value == nil, required {
      refuseMissing(field)
    }
    return value
  }

  /// The fields that an update mask names; nil for all of them, where it names none.
  mutating func fields<Field: RawRepresentable & Hashable>(
    _ mask: [String], _ field: String
  ) -> Set<Field>? where Field.RawValue == String {
    for (index, name) in mask.enumerated() where Field(rawValue: name) == nil {
      refuse(.unknownValue(prefix + "\(field)[\(index)]"))
    }
    return mask.isEmpty ? nil : Set(mask.compactMap { Field(rawValue: $0) })
  }

  /// A text that may be absent.
  func optional(_ value: String) -> String? { value.isEmpty ? nil : value }

  mutating func count(_ value: Int, _ field: String, _ allowed: ClosedRange<Int>) -> Int {
    if !allowed.contains(value) {
      refuse(.outOfRange(prefix + field, allowed: "\(allowed.lowerBound) to \(allowed.upperBound)"))
    }
    return value
  }

  mutating func currency(_ code: String, _ field: String) -> Currency {
    guard let currency = Currency(code) else {
      found.append(
        MasterDataRejection.unknownCurrency(
          field: prefix + field, given: String(code.prefix(60))))
      return .cny
    }
    return currency
  }

  mutating func money(_ value: TypeV1.Money?, _ field: String) -> Money? {
    guard let value else { return nil }
    return Money(
      minor: value.minorUnits, currency: currency(value.currencyCode, field + ".currency_code"))
  }

  mutating func requiredMoney(_ value: TypeV1.Money?, _ field: String) -> Money {
    if value == nil { refuseMissing(field) }
    return money(value, field) ?? Money.zero(.cny)
  }

  mutating func unitPrice(_ value: TypeV1.UnitPrice?, _ field: String) -> UnitPrice? {
    guard let value else { return nil }
    return UnitPrice(
      micros: value.micros, currency: currency(value.currencyCode, field + ".currency_code"))
  }

  func quantity(_ value: TypeV1.Quantity?) -> Quantity? {
    value.map { Quantity(micros: $0.micros) }
  }

  mutating func day(_ value: GoogleType.Date?, _ field: String) -> Day? {
    guard let value else { return nil }
    let day = Day(year: Int(value.year), month: Int(value.month), day: Int(value.day))
    if day == nil { refuse(.notADate(prefix + field)) }
    return day
  }

  mutating func requiredDay(_ value: GoogleType.Date?, _ field: String) -> Day {
    if value == nil { refuseMissing(field) }
    return day(value, field) ?? Day(daysSinceEpoch: 0)
  }

  /// A point in time, of the years 1 to 9999.
  mutating func instant(_ value: GoogleProtobuf.Timestamp?, _ field: String) -> Instant? {
    guard let value else { return nil }
    guard (-62_135_596_800...253_402_300_799).contains(value.seconds),
      (0...999_999_999).contains(value.nanos)
    else {
      refuse(.outOfRange(prefix + field, allowed: "a time of the years 1 to 9999"))
      return nil
    }
    return Instant(microseconds: value.seconds * 1_000_000 + Int64(value.nanos / 1_000))
  }

  mutating func requiredInstant(
    _ value: GoogleProtobuf.Timestamp?, _ field: String
  ) -> Instant {
    if value == nil { refuseMissing(field) }
    return instant(value, field) ?? Instant(microseconds: 0)
  }

  /// A span of time; `allowed` has whole seconds.
  mutating func duration(
    _ value: GoogleProtobuf.Duration?, _ field: String, _ allowed: ClosedRange<Duration>,
    ifAbsent: Duration
  ) -> Duration {
    guard let value else { return ifAbsent }
    let duration = Duration.seconds(value.seconds) + .nanoseconds(value.nanos)
    if !allowed.contains(duration) {
      let (least, most) = (allowed.lowerBound.components, allowed.upperBound.components)
      refuse(
        .outOfRange(prefix + field, allowed: "\(least.seconds) to \(most.seconds) seconds"))
    }
    return duration
  }

  /// Rows on a page: 1–500, 50 when not given.
  mutating func pageSize(_ size: Int32, ifAbsent: Int = 50) -> Int {
    size == 0 ? ifAbsent : count(Int(size), "page_size", 1...500)
  }
}
