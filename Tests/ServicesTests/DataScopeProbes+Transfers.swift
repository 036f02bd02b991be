import Messages
import TestKit

private typealias Transfers = InventoryV1.TransferServiceMethods

/// How methods are asked that move goods between warehouses.
extension Probe {
  static let transfers: [Probe] = [
    Probe(Transfers.createTransferOrder) {
      InventoryV1.CreateTransferOrderRequest(
        fromWarehouseCode: $0.warehouse, toWarehouseCode: "EAST",
        lines: [.init(sku: "LAMP", quantity: pieces(1))])
    },
    Probe(Transfers.dispatchTransferOrder) {
      InventoryV1.DispatchTransferOrderRequest(
        number: $0.transfer, expectedOn: .init(year: 2099, month: 1, day: 1))
    },
    Probe(Transfers.receiveTransferOrder) {
      InventoryV1.ReceiveTransferOrderRequest(number: $0.transfer)
    },
    Probe(Transfers.cancelTransferOrder) {
      InventoryV1.CancelTransferOrderRequest(number: $0.transfer, reason: "no")
    },
    Probe(Transfers.getTransferOrder) {
      InventoryV1.GetTransferOrderRequest(number: $0.transfer)
    },
    Probe(Transfers.listTransferOrders, .lists) { _ in InventoryV1.ListTransferOrdersRequest() },
    Probe(Transfers.listTransferOrders) {
      InventoryV1.ListTransferOrdersRequest(warehouseCode: $0.warehouse)
    },
  ]
}
