import Messages
import TestKit
import Testing

extension Workload {
  /// Where orders stand is kept from the first one on.
  static func keepStages(_ shop: Shop) async throws {
    _ = try await shop.stages.setStagePolicy(
      .init(
        terms: [
          .init(stage: .inReview, hours: 2, businessHours: true, remindBeforeHours: 1),
          .init(stage: .confirmed, customerClass: "VIP", hours: 1),
          .init(stage: .delivered, hours: 3),
        ], stillOnHold: [.customer, .outlier], reason: "all are kept"), options: shop.command())
  }

  /// What is told once is not told again.
  func sweepStages() async throws {
    _ = try await shop.stages.sweepStages(.init(), options: shop.command())
    let again = try await shop.stages.sweepStages(.init(), options: shop.command())
    #expect(again == .init())
  }

  /// Each order is where its work orders and shipments are, and is kept there.
  func auditStages() async throws {
    for (number, order) in model.orders {
      let found = try await shop.stages.getOrderStages(.init(orderNumber: number))
      let expected = try await stage(number, order)
      #expect(found.standing?.stage == expected, "\(number) \(order)")
      let isThrough = expected == .completed || expected == .cancelled
      #expect((found.visits.last?.leaveTime != nil) == isThrough, "\(number)")
      #expect(isThrough || found.visits.last?.stage == expected, "\(number)")
    }
  }

  private func stage(
    _ number: String, _ order: ShopModel.Order
  ) async throws -> OrdersV1.OrderStage {
    switch order.state {
    case "CANCELLED": return .cancelled
    case "SUBMITTED": return .inReview
    case "CLOSED": return .completed
    case "DELIVERED": return .delivered
    default: break
    }
    let works = try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders
    let isMade = works.contains { work in
      guard work.state == .released || work.state == .inProgress,
        work.origin?.number == number
      else { return false }
      return order.lines[Int(work.originLineNumber) - 1].making > 0
    }
    if isMade { return .inProduction }
    let shipments = try await shop.orders.listShipments(.init(orderNumber: number)).shipments
    let isPicked = shipments.contains {
      [.prepared, .picked, .packed].contains($0.state)
    }
    return isPicked ? .picking : .confirmed
  }
}
