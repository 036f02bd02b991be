import Messages
import TestKit
import Testing

extension StageWalk {
  /// Everything that can be seen of stages is as the model says.
  func audit() async throws {
    for (number, order) in model.orders {
      let found = try await shop.stages.getOrderStages(.init(orderNumber: number))
      #expect(found.standing?.stage.name == "ORDER_STAGE_" + order.stage, "\(number)")
      #expect(found.visits.map(seen) == order.visits.map(wanted), "\(number)")
    }
    try await auditLists()
    try await auditReport()
  }

  private func seconds(_ time: GoogleProtobuf.Timestamp?) -> String {
    time.map { "\($0.seconds - 1_772_413_200)" } ?? "-"
  }

  private func seen(_ visit: OrdersV1.StageVisit) -> String {
    "\(visit.stage.name.dropFirst("ORDER_STAGE_".count)) \(seconds(visit.enterTime)) "
      + "\(visit.enteredBefore) \(seconds(visit.leaveTime)) due \(seconds(visit.dueTime)) "
      + "\(visit.overdue) still \(seconds(visit.stillTime)) "
      + "spent \(visit.spentSeconds) "
      + "\(seconds(visit.remindTime)) \(seconds(visit.escalateTime))"
  }

  private func wanted(_ visit: StageModel.Visit) -> String {
    func text(_ time: Int64?) -> String { time.map { "\($0)" } ?? "-" }
    return "\(visit.stage) \(visit.entered) \(visit.before) \(text(visit.leftAt)) "
      + "due \(text(visit.due)) \(visit.isOverdue(model.now)) "
      + "still \(text(visit.still)) spent \(visit.spent(model.now)) "
      + "\(text(visit.reminded)) \(text(visit.escalated))"
  }

  private var open: [(number: String, visit: StageModel.Visit)] {
    model.orders.compactMap { number, order in
      order.visits.last.flatMap { $0.leftAt == nil ? (number, $0) : nil }
    }
  }

  private func auditLists() async throws {
    let overdue = open.filter { $0.visit.isOverdue(model.now) }.map(\.number).sorted()
    let board = try await shop.shortages.listExceptions(
      .init(pageSize: 500, kinds: [.stageOverdue]))
    #expect(board.rows.map(\.orderNumber).sorted() == overdue)
    let listed = try await shop.stages.listStageClocks(.init(pageSize: 500, filter: .overdue))
    #expect(listed.clocks.map(\.orderNumber).sorted() == overdue)
    let running = try await shop.stages.listStageClocks(.init(pageSize: 500)).clocks
    #expect(
      running.map(\.orderNumber).sorted()
        == open.filter { $0.visit.due != nil }.map(\.number).sorted())
    let dues = running.map { $0.dueTime?.seconds ?? 0 }
    #expect(dues == dues.sorted())
    let still = try await shop.stages.listStageClocks(.init(pageSize: 500, filter: .still))
    #expect(
      still.clocks.map(\.orderNumber).sorted()
        == open.filter { $0.visit.still != nil }.map(\.number).sorted())
    for stage in StageModel.stages {
      let found = try await shop.orders.listOrders(
        .init(
          pageSize: 500,
          stage: OrdersV1.OrderStage.allCases.first { $0.name == "ORDER_STAGE_" + stage }
            ?? .unspecified))
      #expect(
        found.orders.map(\.number).sorted()
          == model.orders.filter { $0.value.stage == stage }.keys.sorted(), "\(stage)")
    }
  }

  /// By sorting all times of a stage.
  private func auditReport() async throws {
    let rows = try await shop.stages.getStageReport(.init()).rows
    let expected = StageModel.stages.compactMap { stage -> OrdersV1.StageReportRow? in
      let all = model.orders.values.flatMap(\.visits).filter { $0.stage == stage }
      let left = all.filter { $0.leftAt != nil && !$0.before }
      let spent = left.map { $0.spent(model.now) }.sorted()
      let present = all.filter { $0.leftAt == nil }
      guard !left.isEmpty || !present.isEmpty else { return nil }
      let count = Int64(spent.count)
      var row = OrdersV1.StageReportRow(left: count, present: Int64(present.count))
      row.stage =
        OrdersV1.OrderStage.allCases.first { $0.name == "ORDER_STAGE_" + stage } ?? .unspecified
      if count > 0 {
        row.averageSeconds = (2 * spent.reduce(0, +) + count) / (2 * count)
        // Without the tenth that took longest.
        row.p90Seconds = spent.dropLast(spent.count / 10).last ?? 0
        row.longestSeconds = spent.last ?? 0
        row.late = Int64(left.count { $0.isOverdue(model.now) })
      }
      row.overdue = Int64(present.count { $0.isOverdue(model.now) })
      return row
    }
    #expect(rows == expected)
  }
}
