internal import MasterData
internal import Messages
internal import Orders
internal import Purchasing
internal import RPC
internal import Storage
internal import Values

/// joinery.purchasing.v1: messages to the verbs and questions of Purchasing, and of MasterData for
/// suppliers.
struct PurchasingService: PurchasingV1.PurchasingService {
  let commands: CommandLog
  let questions: Questions

  func upsertSuppliers(
    _ request: PurchasingV1.UpsertSuppliersRequest, context: CallContext
  ) async throws -> PurchasingV1.UpsertSuppliersResponse {
    var reader = RequestReader()
    let fields: Set<SupplierDraft.Field>? = reader.fields(request.updateMask, "update_mask")
    try FailureStatus.refusing { try reader.check() }
    let verb = UpsertSuppliers(request.suppliers.map { SupplierDraft($0) }, fields: fields)
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listSuppliers(
    _ request: PurchasingV1.ListSuppliersRequest, context: CallContext
  ) async throws -> PurchasingV1.ListSuppliersResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["suppliers"])
    return try await questions.ask(context) { snapshot in
      let found = try Suppliers.list(after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.code] }
      return .init(suppliers: rows.map { PurchasingV1.Supplier($0) }, nextPageToken: next)
    }
  }

  func upsertSupplierPrices(
    _ request: PurchasingV1.UpsertSupplierPricesRequest, context: CallContext
  ) async throws -> PurchasingV1.UpsertSupplierPricesResponse {
    let verb = UpsertSupplierPrices(
      request.prices.enumerated().map { SupplierPriceDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listRequisitions(
    _ request: PurchasingV1.ListRequisitionsRequest, context: CallContext
  ) async throws -> PurchasingV1.ListRequisitionsResponse {
    var reader = RequestReader()
    let state = reader.choice(
      RequisitionState(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["requisitions", state?.rawValue ?? ""])
    return try await questions.ask(context) { snapshot in
      let found = try Requisitions.list(
        state, after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(
        requisitions: rows.map { PurchasingV1.Requisition($0) }, nextPageToken: next)
    }
  }

  func createPurchaseOrder(
    _ request: PurchasingV1.CreatePurchaseOrderRequest, context: CallContext
  ) async throws -> PurchasingV1.CreatePurchaseOrderResponse {
    var reader = RequestReader()
    let verb = CreatePurchaseOrder(
      supplierCode: request.supplierCode, warehouseCode: request.warehouseCode,
      lines: request.lines.enumerated().map { index, line in
        PurchaseLineDraft(line, &reader, field: "lines[\(index)]")
      },
      expectedOn: reader.day(request.expectedOn, "expected_on"))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.places).run(in: tx, at: command.moment)
      return .init(purchaseOrder: try PurchasingV1.PurchaseOrder(order))
    }
  }

  func getPurchaseOrder(
    _ request: PurchasingV1.GetPurchaseOrderRequest, context: CallContext
  ) async throws -> PurchasingV1.GetPurchaseOrderResponse {
    try await questions.ask(context) { snapshot in
      let order = try PurchaseOrders.require(
        number: request.number, field: "number", in: snapshot)
      var message = try PurchasingV1.PurchaseOrder(order)
      message.instructions = try DropShipments.instructions(for: order, in: snapshot).flatMap {
        .init($0)
      }
      return .init(purchaseOrder: message)
    }
  }

  func listPurchaseOrders(
    _ request: PurchasingV1.ListPurchaseOrdersRequest, context: CallContext
  ) async throws -> PurchasingV1.ListPurchaseOrdersResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["purchase orders", request.supplierCode])
    return try await questions.ask(context) { snapshot in
      let before = page.row(0).map { ID<PurchaseOrder>($0) }
      let found: [PurchaseOrder]
      if request.supplierCode.isEmpty {
        found = try PurchaseOrders.list(before: before, limit: page.limit, in: snapshot)
      } else {
        let supplier = try Suppliers.require(
          code: request.supplierCode, field: "supplier_code", in: snapshot)
        found = try PurchaseOrders.list(
          from: supplier, before: before, limit: page.limit, in: snapshot)
      }
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(
        purchaseOrders: try rows.map { try PurchasingV1.PurchaseOrder($0) }, nextPageToken: next)
    }
  }

  func reschedulePurchaseOrder(
    _ request: PurchasingV1.ReschedulePurchaseOrderRequest, context: CallContext
  ) async throws -> PurchasingV1.ReschedulePurchaseOrderResponse {
    var reader = RequestReader()
    let verb = ReschedulePurchaseOrder(
      number: request.number, expectedOn: reader.requiredDay(request.expectedOn, "expected_on"),
      reason: request.reason)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.places).run(in: tx, at: command.moment)
      return .init(purchaseOrder: try PurchasingV1.PurchaseOrder(order))
    }
  }

  func confirmPurchaseOrder(
    _ request: PurchasingV1.ConfirmPurchaseOrderRequest, context: CallContext
  ) async throws -> PurchasingV1.ConfirmPurchaseOrderResponse {
    var reader = RequestReader()
    let verb = ConfirmPurchaseOrder(
      number: request.number, supplierReference: request.supplierReference,
      expectedOn: reader.day(request.expectedOn, "expected_on"))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.places).run(in: tx, at: command.moment)
      return .init(purchaseOrder: try PurchasingV1.PurchaseOrder(order))
    }
  }

  func cancelPurchaseOrder(
    _ request: PurchasingV1.CancelPurchaseOrderRequest, context: CallContext
  ) async throws -> PurchasingV1.CancelPurchaseOrderResponse {
    let verb = CancelPurchaseOrder(number: request.number, reason: request.reason)
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.places).run(in: tx, at: command.moment)
      return .init(purchaseOrder: try PurchasingV1.PurchaseOrder(order))
    }
  }

  func receiveGoods(
    _ request: PurchasingV1.ReceiveGoodsRequest, context: CallContext
  ) async throws -> PurchasingV1.ReceiveGoodsResponse {
    let verb = ReceiveGoods(
      purchaseOrderNumber: request.purchaseOrderNumber,
      lines: request.lines.map { PurchaseLineQuantity($0) }, deliveryNote: request.deliveryNote)
    return try await commands.run(request, context) { tx, command in
      let receipt = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: receipt.order.places).run(in: tx, at: command.moment)
      return .init(
        receiptNumber: receipt.number,
        purchaseOrder: try PurchasingV1.PurchaseOrder(receipt.order))
    }
  }

  func enterSupplierBill(
    _ request: PurchasingV1.EnterSupplierBillRequest, context: CallContext
  ) async throws -> PurchasingV1.EnterSupplierBillResponse {
    var reader = RequestReader()
    let verb = EnterSupplierBill(
      purchaseOrderNumber: request.purchaseOrderNumber, billNumber: request.billNumber,
      billedOn: reader.day(request.billedOn, "billed_on"),
      dueOn: reader.day(request.dueOn, "due_on"),
      lines: request.lines.enumerated().map { index, line in
        BillLineDraft(line, &reader, field: "lines[\(index)]")
      },
      tax: reader.money(request.tax, "tax"))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let bill = try verb.run(in: tx, at: command.moment)
      return .init(
        number: bill.number, gross: TypeV1.Money(bill.gross),
        priceVariance: TypeV1.Money(bill.priceVariance),
        purchaseOrder: try PurchasingV1.PurchaseOrder(bill.order))
    }
  }
}

extension PurchaseOrder {
  /// What it brings, and where: whoever waits there may be promised another day.
  fileprivate var places: [SupplyPlace] { lines.map { SupplyPlace($0.product, warehouseCode) } }
}
