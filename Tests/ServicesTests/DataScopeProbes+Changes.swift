import Messages
import RPC

extension Probe {
  private typealias Changes = OrdersV1.ChangeServiceMethods

  static let changeRequests: [Probe] = [
    Probe(Changes.requestOrderChange) {
      OrdersV1.RequestOrderChangeRequest(
        orderNumber: $0.order, change: .init(asSoonAsPossible: true), reason: "now")
    },
    Probe(Changes.resubmitChangeRequest) {
      OrdersV1.ResubmitChangeRequestRequest(orderNumber: $0.order)
    },
    Probe(Changes.approveChangeRequest) {
      OrdersV1.ApproveChangeRequestRequest(orderNumber: $0.order)
    },
    Probe(Changes.rejectChangeRequest) {
      OrdersV1.RejectChangeRequestRequest(orderNumber: $0.order, reason: "no")
    },
    Probe(Changes.returnChangeRequest) {
      OrdersV1.ReturnChangeRequestRequest(orderNumber: $0.order, reason: "no")
    },
    Probe(Changes.withdrawChangeRequest) {
      OrdersV1.WithdrawChangeRequestRequest(orderNumber: $0.order)
    },
    Probe(Changes.getChangeRequest) {
      OrdersV1.GetChangeRequestRequest(orderNumber: $0.order)
    },
    Probe(Changes.listChangeRequests) {
      OrdersV1.ListChangeRequestsRequest(orderNumber: $0.order)
    },
    Probe(OrdersV1.IntakeServiceMethods.editOrders) {
      OrdersV1.EditOrdersRequest(
        mode: .bestEffort, source: "file",
        edits: [
          .init(
            row: 1, number: $0.order, expectedVersion: 1,
            change: .init(asSoonAsPossible: true), reason: "now")
        ])
    },
    Probe(Changes.listChangeRequests, .lists) { _ in OrdersV1.ListChangeRequestsRequest() },
  ]
}
