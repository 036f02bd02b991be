import Orders
import Testing

@Suite("Order and shipment states")
struct OrderStateTests {
  @Test(
    "an order goes only where the table says",
    arguments: [
      (OrderState.draft, [OrderState.submitted, .cancelled]),
      (.submitted, [.draft, .confirmed, .cancelled]),
      (.confirmed, [.partlyShipped, .shipped, .delivered, .closed, .cancelled]),
      (.partlyShipped, [.confirmed, .shipped, .delivered, .closed]),
      (.shipped, [.confirmed, .partlyShipped, .delivered]),
      (.delivered, [.closed]), (.closed, [.delivered]), (.cancelled, []),
    ] as [(OrderState, [OrderState])])
  func orderTransitions(state: OrderState, next: [OrderState]) {
    #expect(
      OrderState.allCases.filter { state.mayBecome($0) }
        == OrderState.allCases.filter(next.contains))
  }

  @Test(
    "a shipment goes only where the table says",
    arguments: [
      (ShipmentState.prepared, [ShipmentState.picked, .cancelled]),
      (.picked, [.packed, .cancelled]), (.packed, [.dispatched, .cancelled]),
      (.dispatched, [.delivered, .lost]), (.delivered, []), (.cancelled, []),
      (.lost, []),
    ] as [(ShipmentState, [ShipmentState])])
  func shipmentTransitions(state: ShipmentState, next: [ShipmentState]) {
    #expect(ShipmentState.allCases.filter { state.mayBecome($0) } == next)
  }

  @Test("every state has its row in the table")
  func tablesAreComplete() {
    #expect(Set(OrderState.transitions.keys) == Set(OrderState.allCases))
    #expect(Set(ShipmentState.transitions.keys) == Set(ShipmentState.allCases))
  }

  @Test("goods can be called off as long as they are in the house")
  func openShipments() {
    #expect(ShipmentState.allCases.filter(\.isOpen) == [.prepared, .picked, .packed])
  }
}
