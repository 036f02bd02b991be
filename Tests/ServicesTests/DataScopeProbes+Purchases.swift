import Messages
import RPC
import TestKit

extension Probe {
  private typealias Buying = PurchasingV1.PurchasingServiceMethods
  private typealias Direct = OrdersV1.DropShipServiceMethods
  private typealias Repairing = AftersalesV1.RepairServiceMethods
  private typealias Pieces = OrdersV1.ShowroomServiceMethods

  static let purchases: [Probe] = [
    Probe(Buying.listRequisitions, .lists) { _ in PurchasingV1.ListRequisitionsRequest() },
    Probe(Buying.listRequisitions, .lists) { _ in
      PurchasingV1.ListRequisitionsRequest(state: .ordered)
    },
    Probe(Buying.createPurchaseOrder) {
      PurchasingV1.CreatePurchaseOrderRequest(
        supplierCode: "WOOD", warehouseCode: $0.warehouse,
        lines: [.init(sku: "CHAIR", quantity: pieces(1))])
    },
    Probe(Buying.getPurchaseOrder) {
      PurchasingV1.GetPurchaseOrderRequest(number: $0.purchaseOrder)
    },
    Probe(Buying.listPurchaseOrders, .lists) { _ in PurchasingV1.ListPurchaseOrdersRequest() },
    Probe(Buying.listPurchaseOrders, .lists) { _ in
      PurchasingV1.ListPurchaseOrdersRequest(supplierCode: "WOOD")
    },
    Probe(Buying.reschedulePurchaseOrder) {
      PurchasingV1.ReschedulePurchaseOrderRequest(
        number: $0.purchaseOrder, expectedOn: .init(year: 2027, month: 1, day: 1))
    },
    Probe(Buying.confirmPurchaseOrder) {
      PurchasingV1.ConfirmPurchaseOrderRequest(number: $0.purchaseOrder)
    },
    Probe(Buying.cancelPurchaseOrder) {
      PurchasingV1.CancelPurchaseOrderRequest(number: $0.purchaseOrder, reason: "late")
    },
    Probe(Buying.receiveGoods) {
      PurchasingV1.ReceiveGoodsRequest(purchaseOrderNumber: $0.purchaseOrder)
    },
    Probe(Buying.enterSupplierBill) {
      PurchasingV1.EnterSupplierBillRequest(
        purchaseOrderNumber: $0.purchaseOrder, billNumber: "B-1")
    },
    Probe(Direct.dropShipLine) {
      OrdersV1.DropShipLineRequest(orderNumber: $0.order, lineNumber: 1, supplierCode: "WOOD")
    },
    Probe(Direct.shipDropShipment) {
      OrdersV1.ShipDropShipmentRequest(purchaseOrderNumber: $0.dropShipment, carrier: "SF")
    },
    Probe(Direct.cancelDropShipment) {
      OrdersV1.CancelDropShipmentRequest(purchaseOrderNumber: $0.dropShipment, reason: "no")
    },
    Probe(Direct.getDropShipment) {
      OrdersV1.GetDropShipmentRequest(purchaseOrderNumber: $0.dropShipment)
    },
    Probe(Direct.listDropShipments, .lists) { _ in OrdersV1.ListDropShipmentsRequest() },
    Probe(Direct.listDropShipments) { OrdersV1.ListDropShipmentsRequest(orderNumber: $0.order) },
    Probe(Pieces.showPiece) {
      OrdersV1.ShowPieceRequest(sku: "CHAIR", warehouseCode: $0.warehouse)
    },
    Probe(Pieces.describePiece) {
      OrdersV1.DescribePieceRequest(number: $0.piece, condition: "old")
    },
    Probe(Pieces.lendPiece) {
      OrdersV1.LendPieceRequest(
        number: $0.piece, customerCode: $0.customer,
        dueBackOn: .init(year: 2026, month: 12, day: 31))
    },
    Probe(Pieces.takePieceBack) { OrdersV1.TakePieceBackRequest(number: $0.piece) },
    Probe(Pieces.sellPiece) {
      OrdersV1.SellPieceRequest(
        number: $0.piece,
        order: .init(channel: .store, customerCode: $0.customer, shortageRule: .wait))
    },
    Probe(Pieces.reshelvePiece) { OrdersV1.ReshelvePieceRequest(number: $0.piece) },
    Probe(Pieces.getPiece) { OrdersV1.GetPieceRequest(number: $0.piece) },
    Probe(Pieces.listPieces, .lists) { _ in OrdersV1.ListPiecesRequest() },
    Probe(Repairing.createRepair) {
      AftersalesV1.CreateRepairRequest(
        orderNumber: $0.order, lineNumber: 1, lines: [.init(sku: "LAMP", quantity: pieces(1))],
        reasonCode: "DEFECT")
    },
    Probe(Repairing.listRepairs, .lists) { _ in AftersalesV1.ListRepairsRequest() },
    Probe(Repairing.listRepairs) { AftersalesV1.ListRepairsRequest(orderNumber: $0.order) },
  ]
}
