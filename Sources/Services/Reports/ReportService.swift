internal import Finance
internal import MasterData
internal import Messages
internal import RPC
internal import Reports
internal import Storage
internal import Values

/// joinery.reports.v1: questions across areas.
struct ReportService: ReportsV1.ReportService {
  let questions: Questions
  let clock: SiteClock

  func verify(
    _ request: ReportsV1.VerifyRequest, context: CallContext
  ) async throws -> ReportsV1.VerifyResponse {
    let found = try await questions.ask(context) { try Verification(of: $0) }
    return .init(
      violations: found.violations.map { violation in
        .init(
          rule: violation.rule, text: violation.text,
          facts: violation.facts.map { TypeV1.Fact($0) })
      },
      auditEntries: found.auditEntries, chainHead: found.chainHead)
  }

  func getAgedReceivables(
    _ request: ReportsV1.GetAgedReceivablesRequest, context: CallContext
  ) async throws -> ReportsV1.GetAgedReceivablesResponse {
    var reader = RequestReader()
    let asOf = reader.day(request.asOf, "as_of")
    let today = clock.moment().day
    if let asOf, asOf > today {
      reader.refuse(.outOfRange("as_of", allowed: "a day up to \(today)"))
    }
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["aged receivables", asOf?.description ?? ""])
    return try await questions.ask(context) { snapshot in
      if let asOf, asOf < today {
        let found = try AgedReceivables.page(
          asOf: asOf, after: page.after?[0], limit: page.size, in: snapshot)
        return .init(
          rows: found.rows.map { .init($0) },
          nextPageToken: page.token(after: found.last.map { [$0] }))
      }
      let found = try AgedReceivables.page(
        on: today, after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.customerCode] }
      return .init(rows: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

extension ReportsV1.AgedReceivable {
  fileprivate init(_ row: AgedReceivable) {
    self.init(
      customerCode: row.customerCode, notDue: TypeV1.Money(row.notDue),
      days30: TypeV1.Money(row.days30), days60: TypeV1.Money(row.days60),
      days90: TypeV1.Money(row.days90), older: TypeV1.Money(row.older),
      total: TypeV1.Money(row.total))
  }
}
