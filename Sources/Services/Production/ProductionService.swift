internal import Inventory
internal import Messages
internal import Orders
internal import Production
internal import RPC
internal import Storage
internal import Values

/// joinery.production.v1: messages to the verbs and questions of Production.
struct ProductionService: ProductionV1.ProductionService {
  let commands: CommandLog
  let questions: Questions

  func upsertWorkCentres(
    _ request: ProductionV1.UpsertWorkCentresRequest, context: CallContext
  ) async throws -> ProductionV1.UpsertWorkCentresResponse {
    let verb = UpsertWorkCentres(
      request.workCentres.enumerated().map { WorkCentreDraft($1, row: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func upsertBillsOfMaterial(
    _ request: ProductionV1.UpsertBillsOfMaterialRequest, context: CallContext
  ) async throws -> ProductionV1.UpsertBillsOfMaterialResponse {
    let verb = UpsertBillsOfMaterial(request.bills.map { BillDraft($0) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func getBillOfMaterial(
    _ request: ProductionV1.GetBillOfMaterialRequest, context: CallContext
  ) async throws -> ProductionV1.GetBillOfMaterialResponse {
    try await questions.ask(context) { snapshot in
      let bill = try BillsOfMaterial.require(sku: request.sku, field: "sku", in: snapshot)
      return .init(bill: ProductionV1.BillOfMaterial(bill))
    }
  }

  func planWorkOrder(
    _ request: ProductionV1.PlanWorkOrderRequest, context: CallContext
  ) async throws -> ProductionV1.PlanWorkOrderResponse {
    var reader = RequestReader()
    let verb = PlanForStock(
      sku: request.sku, quantity: GivenQuantity(request.quantity),
      warehouseCode: request.warehouseCode, dueOn: reader.day(request.dueOn, "due_on"))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: SupplyPlace.of(order, in: tx)).run(in: tx, at: command.moment)
      return .init(workOrder: try ProductionV1.WorkOrder(order))
    }
  }

  func releaseWorkOrder(
    _ request: ProductionV1.ReleaseWorkOrderRequest, context: CallContext
  ) async throws -> ProductionV1.ReleaseWorkOrderResponse {
    let verb = ReleaseWorkOrder(
      number: request.number, overrideReason: request.overrideReason)
    return try await commands.run(request, context) { tx, command in
      .init(workOrder: try ProductionV1.WorkOrder(verb.run(in: tx, at: command.moment)))
    }
  }

  func issueMaterials(
    _ request: ProductionV1.IssueMaterialsRequest, context: CallContext
  ) async throws -> ProductionV1.IssueMaterialsResponse {
    let verb = IssueMaterials(
      number: request.number,
      components: request.components.map {
        .init(sku: $0.sku, quantity: GivenQuantity($0.quantity))
      })
    return try await commands.run(request, context) { tx, command in
      .init(workOrder: try ProductionV1.WorkOrder(verb.run(in: tx, at: command.moment)))
    }
  }

  func reportOperation(
    _ request: ProductionV1.ReportOperationRequest, context: CallContext
  ) async throws -> ProductionV1.ReportOperationResponse {
    let verb = ReportOperation(
      number: request.number, sequence: Int(request.sequence),
      minutes: Quantity(micros: request.minutesMicros), isDone: request.done)
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: SupplyPlace.of(order, in: tx)).run(in: tx, at: command.moment)
      return .init(workOrder: try ProductionV1.WorkOrder(order))
    }
  }

  func completeWorkOrder(
    _ request: ProductionV1.CompleteWorkOrderRequest, context: CallContext
  ) async throws -> ProductionV1.CompleteWorkOrderResponse {
    let verb = CompleteWorkOrder(
      number: request.number, good: request.good.map { GivenQuantity($0) },
      scrapped: request.scrapped.map { GivenQuantity($0) })
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: SupplyPlace.of(order, in: tx)).run(in: tx, at: command.moment)
      return .init(workOrder: try ProductionV1.WorkOrder(order))
    }
  }

  func closeWorkOrder(
    _ request: ProductionV1.CloseWorkOrderRequest, context: CallContext
  ) async throws -> ProductionV1.CloseWorkOrderResponse {
    let verb = CloseWorkOrder(number: request.number)
    return try await commands.run(request, context) { tx, command in
      let ended = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: SupplyPlace.of(ended.workOrder, in: tx))
        .run(in: tx, at: command.moment)
      return .init(
        workOrder: try ProductionV1.WorkOrder(ended.workOrder),
        verdicts: ended.verdicts.map { TypeV1.SupplyVerdict($0) })
    }
  }

  func cancelWorkOrder(
    _ request: ProductionV1.CancelWorkOrderRequest, context: CallContext
  ) async throws -> ProductionV1.CancelWorkOrderResponse {
    let verb = CancelWorkOrder(number: request.number)
    return try await commands.run(request, context) { tx, command in
      let ended = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: SupplyPlace.of(ended.workOrder, in: tx))
        .run(in: tx, at: command.moment)
      return .init(
        workOrder: try ProductionV1.WorkOrder(ended.workOrder),
        verdicts: ended.verdicts.map { TypeV1.SupplyVerdict($0) })
    }
  }

  func getWorkOrder(
    _ request: ProductionV1.GetWorkOrderRequest, context: CallContext
  ) async throws -> ProductionV1.GetWorkOrderResponse {
    try await questions.ask(context) { snapshot in
      let order = try WorkOrders.require(number: request.number, in: snapshot)
      return .init(
        workOrder: try ProductionV1.WorkOrder(order),
        configuration: try WorkOrders.configuration(of: order, in: snapshot).map {
          try .init($0, in: snapshot)
        })
    }
  }

  func listWorkOrders(
    _ request: ProductionV1.ListWorkOrdersRequest, context: CallContext
  ) async throws -> ProductionV1.ListWorkOrdersResponse {
    var reader = RequestReader()
    let state = reader.choice(
      WorkOrderState(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["work orders", state?.rawValue ?? "", request.orderNumber])
    let root =
      request.orderNumber.isEmpty
      ? nil : DocumentReference(.salesOrder, request.orderNumber)
    return try await questions.ask(context) { snapshot in
      let found = try WorkOrders.list(
        state, root: root, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(
        workOrders: try rows.map { try ProductionV1.WorkOrder($0) }, nextPageToken: next)
    }
  }
}
