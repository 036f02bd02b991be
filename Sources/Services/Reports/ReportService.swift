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
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["aged receivables"])
    let today = clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try AgedReceivables.page(
        on: today, after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.customerCode] }
      return .init(
        rows: rows.map { row in
          .init(
            customerCode: row.customerCode, notDue: TypeV1.Money(row.notDue),
            days30: TypeV1.Money(row.days30), days60: TypeV1.Money(row.days60),
            days90: TypeV1.Money(row.days90), older: TypeV1.Money(row.older),
            total: TypeV1.Money(row.total))
        },
        nextPageToken: next)
    }
  }
}
