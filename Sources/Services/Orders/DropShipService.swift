internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import Purchasing
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about what suppliers bring straight to
/// customers.
struct DropShipService: OrdersV1.DropShipService {
  let commands: CommandLog
  let questions: Questions

  func dropShipLine(
    _ request: OrdersV1.DropShipLineRequest, context: CallContext
  ) async throws -> OrdersV1.DropShipLineResponse {
    var reader = RequestReader()
    let verb = DropShipLine(
      orderNumber: request.orderNumber, line: Int(request.lineNumber),
      supplierCode: request.supplierCode,
      unitPrice: reader.unitPrice(request.unitPrice, "unit_price"),
      expectedOn: reader.day(request.expectedOn, "expected_on"),
      expectedVersion: request.expectedVersion)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      return .init(
        dropShipment: .init(
          done.shipment, shipments: [],
          try DropShipments.instructions(for: done.shipment.purchase, in: tx)),
        verdicts: done.verdicts.map { TypeV1.SupplyVerdict($0) })
    }
  }

  func shipDropShipment(
    _ request: OrdersV1.ShipDropShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.ShipDropShipmentResponse {
    let verb = ShipDropShipment(
      purchaseOrderNumber: request.purchaseOrderNumber,
      quantity: request.quantity.map { GivenQuantity($0) }, carrier: request.carrier,
      trackingNumber: request.trackingNumber, deliveryNote: request.deliveryNote)
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      return .init(
        dropShipment: .init(
          done.dropShipment,
          shipments: try DropShipments.shipments(of: done.dropShipment, in: tx),
          try DropShipments.instructions(for: done.dropShipment.purchase, in: tx)),
        shipmentNumber: done.shipment.number, receiptNumber: done.receiptNumber)
    }
  }

  func cancelDropShipment(
    _ request: OrdersV1.CancelDropShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.CancelDropShipmentResponse {
    let verb = CancelDropShipment(
      purchaseOrderNumber: request.purchaseOrderNumber, reason: request.reason)
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      return .init(
        dropShipment: .init(
          done.shipment, shipments: try DropShipments.shipments(of: done.shipment, in: tx)),
        verdicts: done.verdicts.map { TypeV1.SupplyVerdict($0) })
    }
  }

  func getDropShipment(
    _ request: OrdersV1.GetDropShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.GetDropShipmentResponse {
    try await questions.ask(context) { snapshot in
      let found = try DropShipments.require(
        purchase: request.purchaseOrderNumber, in: snapshot)
      return .init(
        dropShipment: .init(
          found, shipments: try DropShipments.shipments(of: found, in: snapshot),
          try DropShipments.instructions(for: found.purchase, in: snapshot)))
    }
  }

  func listDropShipments(
    _ request: OrdersV1.ListDropShipmentsRequest, context: CallContext
  ) async throws -> OrdersV1.ListDropShipmentsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["drop shipments", request.orderNumber])
    return try await questions.ask(context) { snapshot in
      let order =
        request.orderNumber.isEmpty
        ? nil
        : try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
      let found = try DropShipments.list(
        order: order?.number, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.purchase.id.value)"] }
      return .init(
        dropShipments: rows.map { .init($0, shipments: []) }, nextPageToken: next)
    }
  }
}

extension OrdersV1.DropShipment {
  fileprivate init(
    _ found: DropShipment, shipments: [String], _ instructions: OrderInstructions? = nil
  ) {
    let (purchase, line) = (found.purchase, found.line)
    self.init(
      purchaseOrderNumber: purchase.number, orderNumber: found.origin.number,
      lineNumber: Int32(found.origin.line), sku: line.sku, supplierCode: purchase.supplierCode,
      state: found.state.message, ordered: TypeV1.Quantity(line.ordered, line.unit),
      cancelled: TypeV1.Quantity(line.cancelled, line.unit),
      shipped: TypeV1.Quantity(line.received, line.unit),
      expectedOn: GoogleType.Date(purchase.expectedOn),
      confirmedOn: purchase.confirmedOn.map { GoogleType.Date($0) },
      supplierReference: purchase.supplierReference, shipmentNumbers: shipments,
      instructions: instructions.flatMap { .init($0) })
  }
}

extension DropShipmentState {
  fileprivate var message: OrdersV1.DropShipmentState {
    switch self {
    case .ordered: .ordered
    case .confirmed: .confirmed
    case .partlyShipped: .partlyShipped
    case .shipped: .shipped
    case .cancelled: .cancelled
    }
  }
}
