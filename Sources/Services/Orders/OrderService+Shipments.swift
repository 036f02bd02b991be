internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

// The way of goods to the customer.
extension ScheduleQuantity {
  init(_ message: OrdersV1.ScheduleQuantity) {
    self.init(
      line: Int(message.lineNumber), schedule: Int(message.scheduleNumber),
      quantity: message.quantity.map { GivenQuantity($0) })
  }
}

extension OrderService {
  func prepareShipment(
    _ request: OrdersV1.PrepareShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.PrepareShipmentResponse {
    var reader = RequestReader()
    let dueBy = reader.day(request.dueBy, "due_by")
    if dueBy != nil, !request.lines.isEmpty || !request.schedules.isEmpty {
      reader.refuse(.notBoth("due_by", and: request.lines.isEmpty ? "schedules" : "lines"))
    }
    try FailureStatus.refusing { try reader.check() }
    let verb = PrepareShipment(
      orderNumber: request.orderNumber, lines: request.lines.map { LineQuantity($0) },
      schedules: request.schedules.map { ScheduleQuantity($0) }, dueBy: dueBy,
      place: request.addressId == 0 ? .any : .address(ID(request.addressId)))
    return try await commands.run(request, context) { tx, command in
      .init(shipment: OrdersV1.Shipment(try verb.run(in: tx, at: command.moment)))
    }
  }

  func pickShipment(
    _ request: OrdersV1.PickShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.PickShipmentResponse {
    var reader = RequestReader()
    let short = request.shortLines.enumerated().map { row, line in
      FoundQuantity(
        line: Int(line.lineNumber), found: GivenQuantity(line.found),
        cause: reader.choice(
          ShortPick.Cause(line.cause), line.cause.rawValue, "short_lines[\(row)].cause")
          ?? .notFound)
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let verb = PickShipment(number: request.number, short: short, by: command.caller.name)
      let done = try verb.run(in: tx, at: command.moment)
      return .init(
        shipment: OrdersV1.Shipment(done.shipment), shortPicks: done.short.map { .init($0) })
    }
  }

  func packShipment(
    _ request: OrdersV1.PackShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.PackShipmentResponse {
    try await commands.run(request, context) { tx, command in
      let verb = PackShipment(
        number: request.number, cartons: Int(request.cartons), by: command.caller.name)
      return .init(shipment: OrdersV1.Shipment(try verb.run(in: tx, at: command.moment)))
    }
  }

  func dispatchShipment(
    _ request: OrdersV1.DispatchShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.DispatchShipmentResponse {
    try await commands.run(request, context) { tx, command in
      let verb = DispatchShipment(
        number: request.number, carrier: request.carrier,
        trackingNumber: request.trackingNumber, by: command.caller.name)
      return .init(shipment: OrdersV1.Shipment(try verb.run(in: tx, at: command.moment)))
    }
  }

  func deliverShipment(
    _ request: OrdersV1.DeliverShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.DeliverShipmentResponse {
    let verb = DeliverShipment(number: request.number, receivedBy: request.receivedBy)
    return try await commands.run(request, context) { tx, command in
      .init(shipment: OrdersV1.Shipment(try verb.run(in: tx, at: command.moment)))
    }
  }

  func cancelShipment(
    _ request: OrdersV1.CancelShipmentRequest, context: CallContext
  ) async throws -> OrdersV1.CancelShipmentResponse {
    let verb = CancelShipment(number: request.number)
    return try await commands.run(request, context) { tx, command in
      .init(shipment: OrdersV1.Shipment(try verb.run(in: tx, at: command.moment)))
    }
  }

  func completeService(
    _ request: OrdersV1.CompleteServiceRequest, context: CallContext
  ) async throws -> OrdersV1.CompleteServiceResponse {
    let verb = CompleteService(
      orderNumber: request.orderNumber, lines: request.lines.map { LineQuantity($0) })
    return try await commands.run(request, context) { tx, command in
      .init(order: OrdersV1.Order(try verb.run(in: tx, at: command.moment)))
    }
  }

  func listShipments(
    _ request: OrdersV1.ListShipmentsRequest, context: CallContext
  ) async throws -> OrdersV1.ListShipmentsResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      let shipments = try Shipments.ofOrder(order, in: snapshot)
      return .init(shipments: shipments.map { OrdersV1.Shipment($0) })
    }
  }

  func listShipmentCartons(
    _ request: OrdersV1.ListShipmentCartonsRequest, context: CallContext
  ) async throws -> OrdersV1.ListShipmentCartonsResponse {
    try await questions.ask(context) { snapshot in
      let shipment = try Shipments.require(
        number: request.shipmentNumber, field: "shipment_number", in: snapshot)
      return .init(try ShipmentCartons(of: shipment, in: snapshot), of: shipment)
    }
  }
}

extension OrdersV1.ListShipmentCartonsResponse {
  init(_ cartons: ShipmentCartons, of shipment: Shipment) {
    self.init(
      cartons: cartons.labels.map { label in
        .init(
          orderLineNumber: Int32(label.orderLine), sku: label.sku, unit: label.unit,
          carton: Int32(label.carton.number), of: Int32(label.of),
          weightGrams: label.carton.weightGrams, lengthMm: label.carton.length,
          widthMm: label.carton.width, heightMm: label.carton.height,
          contents: label.carton.contents, label: label.label(of: shipment).description,
          packing: label.packing?.message ?? .unspecified)
      }, cartonsInAll: cartons.count, weightGrams: cartons.weightGrams,
      unlistedLineNumbers: cartons.unlisted.map { Int32($0) })
  }
}
