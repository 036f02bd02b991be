internal import MasterData
internal import Messages
internal import Values

extension TypeV1.RowVerdict {
  init(_ verdict: RowVerdict) {
    let outcome: TypeV1.RowOutcome =
      switch verdict.outcome {
      case .created: .created
      case .updated: .updated
      case .unchanged: .unchanged
      case .removed: .removed
      case .refused: .refused
      }
    self.init(
      row: Int32(verdict.row), code: verdict.code, outcome: outcome,
      violations: verdict.violations.map { TypeV1.Violation($0) })
  }
}

extension TypeV1.Violation {
  init(_ rejection: any Rejection) {
    self.init(
      field: rejection.field ?? "", reason: rejection.reason,
      message: Echo.text(rejection.message),
      facts: rejection.facts.map { TypeV1.Fact(name: $0.name, value: Echo.text($0.value)) })
  }
}
