import Storage
import Values

/// All SQL of `time_report`. There is no update and no delete.
enum TimeReportTable {
  /// The id of the report, by which the journal tells it from the others.
  static func insert(
    _ minutes: Quantity, cost: Money, of order: ID<WorkOrder>, sequence: Int, at now: Moment,
    in tx: Transaction
  ) throws -> ID<ReportOperation> {
    try tx.insert(
      """
      INSERT INTO time_report (work_order_id, sequence, minutes, cost_minor, reported_at)
      VALUES (?, ?, ?, ?, ?)
      """, order, sequence, minutes, cost.minor, now.instant)
  }
}
