internal import Inventory
internal import MasterData
internal import Messages
internal import Production
internal import Values

// Work centres, bills of material and work orders: messages to drafts and nouns to messages.

extension WorkCentreDraft {
  init(_ message: ProductionV1.WorkCentre, row: Int) {
    var reader = RequestReader(row: "work_centres[\(row)]")
    self.init(
      code: message.code, name: message.name,
      hourlyRate: reader.money(message.hourlyRate, "hourly_rate"),
      inspects: message.inspects)
    malformed = reader.found
  }
}

extension BillDraft {
  init(_ message: ProductionV1.BillOfMaterial) {
    self.init(
      sku: message.sku,
      components: message.components.map { component in
        Component(
          sku: component.sku, quantity: GivenQuantity(component.quantity),
          scrap: Rate(micros: component.scrapMicros))
      },
      operations: message.operations.map { operation in
        Operation(
          sequence: Int(operation.sequence), name: operation.name,
          workCentreCode: operation.workCentreCode,
          setupMinutes: Quantity(micros: operation.setupMinutesMicros),
          unitMinutes: Quantity(micros: operation.unitMinutesMicros))
      },
      expectedVersion: message.version)
  }
}

extension ProductionV1.BillOfMaterial {
  init(_ bill: BillOfMaterial) {
    self.init(
      sku: bill.sku,
      components: bill.components.map { component in
        .init(
          sku: component.sku, quantity: TypeV1.Quantity(component.quantity, component.unit),
          scrapMicros: component.scrap.micros)
      },
      operations: bill.operations.map { operation in
        .init(
          sequence: Int32(operation.sequence), name: operation.name,
          workCentreCode: operation.workCentreCode,
          setupMinutesMicros: operation.setupMinutes.micros,
          unitMinutesMicros: operation.unitMinutes.micros)
      },
      version: bill.version)
  }
}

extension WorkOrderState {
  init?(_ message: ProductionV1.WorkOrderState) {
    switch message {
    case .planned: self = .planned
    case .released: self = .released
    case .inProgress: self = .inProgress
    case .completed: self = .completed
    case .closed: self = .closed
    case .cancelled: self = .cancelled
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: ProductionV1.WorkOrderState {
    switch self {
    case .planned: .planned
    case .released: .released
    case .inProgress: .inProgress
    case .completed: .completed
    case .closed: .closed
    case .cancelled: .cancelled
    }
  }
}

extension ProductionV1.WorkOrder {
  init(_ order: WorkOrder) throws {
    self.init(
      number: order.number, state: order.state.message, sku: order.sku,
      quantity: TypeV1.Quantity(order.quantity, order.unit),
      good: TypeV1.Quantity(order.good, order.unit),
      scrapped: TypeV1.Quantity(order.scrapped, order.unit), warehouseCode: order.warehouseCode,
      origin: order.origin.map { TypeV1.DocumentReference($0.document) },
      originLineNumber: Int32(order.origin?.line ?? 0),
      dueOn: order.dueOn.map { GoogleType.Date($0) }, hold: order.hold?.rawValue ?? "",
      components: order.components.map { component in
        .init(
          sku: component.sku, required: TypeV1.Quantity(component.required, component.unit),
          reserved: TypeV1.Quantity(component.held, component.unit),
          issued: TypeV1.Quantity(component.issued, component.unit),
          spoiled: component.spoiled.isPositive
            ? TypeV1.Quantity(component.spoiled, component.unit) : nil)
      },
      operations: order.operations.map { operation in
        .init(
          sequence: Int32(operation.sequence), name: operation.name,
          workCentreCode: operation.workCentreCode,
          plannedMinutesMicros: operation.plannedMinutes.micros,
          reportedMinutesMicros: operation.reportedMinutes.micros, done: operation.isDone,
          inspects: operation.isInspection, rework: Int32(operation.rework),
          dropped: operation.isDropped)
      },
      materialCost: TypeV1.Money(order.costs.material),
      labourCost: TypeV1.Money(order.costs.labour),
      settledCost: TypeV1.Money(try order.costs.settled()),
      replacementNumber: order.replacement ?? "")
  }
}
