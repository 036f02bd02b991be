internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about what goes on the van.
struct LoadingService: OrdersV1.LoadingService {
  let commands: CommandLog
  let questions: Questions

  func loadCarton(
    _ request: OrdersV1.LoadCartonRequest, context: CallContext
  ) async throws -> OrdersV1.LoadCartonResponse {
    try await commands.run(request, context) { tx, command in
      let verb = LoadCarton(
        shipmentNumber: request.shipmentNumber, label: request.label, by: command.caller.name)
      return .init(loading: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func unloadCarton(
    _ request: OrdersV1.UnloadCartonRequest, context: CallContext
  ) async throws -> OrdersV1.UnloadCartonResponse {
    try await commands.run(request, context) { tx, command in
      let verb = LoadCarton(
        shipmentNumber: request.shipmentNumber, label: request.label, isOff: true,
        by: command.caller.name)
      return .init(loading: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func getLoading(
    _ request: OrdersV1.GetLoadingRequest, context: CallContext
  ) async throws -> OrdersV1.GetLoadingResponse {
    try await questions.ask(context) { snapshot in
      let shipment = try Shipments.require(
        number: request.shipmentNumber, field: "shipment_number", in: snapshot)
      return .init(loading: .init(try Loading(of: shipment, in: snapshot)))
    }
  }

  func getLabels(
    _ request: OrdersV1.GetLabelsRequest, context: CallContext
  ) async throws -> OrdersV1.GetLabelsResponse {
    try await questions.ask(context) { snapshot in
      let shipment = try Shipments.require(
        number: request.shipmentNumber, field: "shipment_number", in: snapshot)
      return .init(try ShipmentLabels(of: shipment, in: snapshot))
    }
  }

  func numberCartons(
    _ request: OrdersV1.NumberCartonsRequest, context: CallContext
  ) async throws -> OrdersV1.NumberCartonsResponse {
    try await commands.run(request, context) { tx, command in
      let verb = NumberCartons(shipmentNumber: request.shipmentNumber)
      let numbered = try verb.run(in: tx, at: command.moment)
      return .init(
        cartons: Int32(numbered.count), firstSscc: numbered.first?.sscc.description ?? "",
        lastSscc: numbered.last?.sscc.description ?? "")
    }
  }

  func findCarton(
    _ request: OrdersV1.FindCartonRequest, context: CallContext
  ) async throws -> OrdersV1.FindCartonResponse {
    try await questions.ask(context) { snapshot in
      let (carton, shipment) = try NumberedCartons.require(
        scanned: request.text, field: "text", in: snapshot)
      return .init(
        sscc: carton.sscc.description, shipmentNumber: shipment.number,
        orderNumber: shipment.orderNumber, state: shipment.state.message,
        carton: Int32(carton.position), label: carton.carton?.description ?? "",
        loaded: try carton.carton.map { try Loading.has($0, of: shipment, in: snapshot) }
          ?? false)
    }
  }

  func setShippingSets(
    _ request: OrdersV1.SetShippingSetsRequest, context: CallContext
  ) async throws -> OrdersV1.SetShippingSetsResponse {
    try await commands.run(request, context) { tx, command in
      let verb = SetShippingSets(
        orderNumber: request.orderNumber,
        sets: request.sets.map {
          ShippingSet(code: $0.code, lines: $0.lineNumbers.map { Int($0) }.sorted())
        }, by: command.caller.name)
      return .init(sets: try verb.run(in: tx, at: command.moment).map { .init($0) })
    }
  }

  func listShippingSets(
    _ request: OrdersV1.ListShippingSetsRequest, context: CallContext
  ) async throws -> OrdersV1.ListShippingSetsResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      return .init(sets: try ShippingSetStatus.of(order, in: snapshot).map { .init($0) })
    }
  }
}

extension OrdersV1.Loading {
  fileprivate init(_ loading: Loading) {
    self.init(
      shipmentNumber: loading.shipmentNumber, loaded: loading.loaded, cartons: loading.cartons,
      missing: loading.missing.map(\.description), complete: loading.isComplete,
      instructions: .init(loading.instructions))
  }
}

extension OrdersV1.GetLabelsResponse {
  fileprivate init(_ labels: ShipmentLabels) {
    let shipment = labels.shipment
    self.init(
      shipmentNumber: shipment.number, orderNumber: shipment.orderNumber,
      address: labels.delivery?.address.map { OrdersV1.DeliveryAddress($0) },
      carrier: labels.carrier, waybill: shipment.trackingNumber,
      instructions: .init(shipment.instructions),
      labels: labels.labels.map { .init($0, of: labels) },
      unlistedLineNumbers: labels.unlisted.map { Int32($0) })
  }
}

extension OrdersV1.ShipmentLabel {
  fileprivate init(_ label: ShipmentLabels.Label, of labels: ShipmentLabels) {
    self.init(
      sscc: label.sscc?.description ?? "", ssccText: label.sscc?.forPeople ?? "",
      ssccData: label.sscc?.elementString ?? "", carton: Int32(label.position),
      of: labels.count)
    guard let goods = label.goods else { return }
    orderLineNumber = Int32(goods.orderLine)
    sku = goods.sku
    unit = goods.unit
    unitCarton = Int32(goods.carton.number)
    unitCartons = Int32(goods.of)
    weightGrams = goods.carton.weightGrams
    contents = goods.carton.contents
    fragile = goods.carton.isFragile
    packing = goods.packing?.message ?? .unspecified
    self.label = goods.label(of: labels.shipment).description
  }
}

extension OrdersV1.ShippingSet {
  fileprivate init(_ status: ShippingSetStatus) {
    self.init(
      code: status.set.code, lineNumbers: status.set.lines.map { Int32($0) },
      ready: status.waiting.isEmpty, waitingLineNumbers: status.waiting.map { Int32($0) })
  }
}
