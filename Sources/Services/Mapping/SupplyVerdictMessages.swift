internal import Messages
internal import Purchasing
internal import Values

extension TypeV1.SupplyVerdict {
  init(_ verdict: SupplyVerdict) {
    self.init(
      document: TypeV1.DocumentReference(verdict.document), outcome: verdict.outcome.message,
      text: verdict.text, sunkCost: verdict.sunkCost.map { TypeV1.Money($0) },
      rework: verdict.rework.map { TypeV1.ReworkOutlook($0) })
  }
}

extension TypeV1.ReworkOutlook {
  init(_ rework: SupplyVerdict.Rework) {
    self.init(
      minutesBeforeMicros: rework.minutesBefore.micros,
      minutesAfterMicros: rework.minutesAfter.micros,
      costBefore: rework.costBefore.map { TypeV1.Money($0) },
      costAfter: rework.costAfter.map { TypeV1.Money($0) })
  }
}

extension SupplyVerdict.Outcome {
  var message: TypeV1.SupplyOutcome {
    switch self {
    case .cancelled: .cancelled
    case .reduced: .reduced
    case .keptAsStock: .keptAsStock
    case .tooLate: .tooLate
    case .planned: .planned
    case .rescheduled: .rescheduled
    case .scrapped: .scrapped
    case .reworked: .reworked
    }
  }
}
