import MasterData
package import Values

/// A machine, bench or team whose time costs money.
package struct WorkCentre: Hashable, Sendable {
  package let id: ID<WorkCentre>
  /// Names the work centre for ever.
  package let code: String
  package var name: String
  /// What an hour of it costs. Work orders keep the rate of the day they were planned.
  package var hourlyRate: Money
  /// Goods are inspected here: steps here come before anything of their work order is good.
  package var inspects: Bool
  /// Counts the changes of the row, from 1.
  package var version: Int64
}

/// A work centre as a caller wants it to be.
package struct WorkCentreDraft: BatchRow {
  package var code: String
  package var name: String
  package var hourlyRate: Money?
  package var inspects: Bool
  /// The version that the caller read; nil or 0 asks for nothing.
  package var expectedVersion: Int64?
  package var malformed: [any Rejection]

  package init(
    code: String, name: String, hourlyRate: Money?, inspects: Bool = false,
    expectedVersion: Int64? = nil, malformed: [any Rejection] = []
  ) {
    self.code = code
    self.name = name
    self.hourlyRate = hourlyRate
    self.inspects = inspects
    self.expectedVersion = expectedVersion
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  /// A million of the major unit (of a currency with cents) for an hour.
  static let highestRate: Int64 = 100_000_000

  /// The work centre that this draft makes of `stored` (nil: of nothing).
  func workCentre(
    from stored: WorkCentre?, at path: FieldPath, base: Currency
  ) throws -> WorkCentre {
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.text(name, "name", required: true)
    let rate = check.required(hourlyRate, "hourly_rate")
    if let rate { check.amount(rate, "hourly_rate", base: base, highest: Self.highestRate) }
    check.version(expectedVersion, stored: stored?.version, code: code)
    try check.pass()
    return WorkCentre(
      id: stored?.id ?? ID(0), code: code, name: name, hourlyRate: rate ?? .zero(base),
      inspects: inspects, version: stored?.version ?? 1)
  }
}
