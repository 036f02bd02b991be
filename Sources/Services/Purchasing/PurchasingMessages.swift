internal import Inventory
internal import MasterData
internal import Messages
internal import Purchasing
internal import Values

// Suppliers, requisitions and purchase orders: messages to drafts and nouns to messages.

extension SupplierDraft {
  init(_ message: PurchasingV1.Supplier) {
    self.init(
      code: message.code, name: message.name, leadDays: Int(message.leadDays),
      expectedVersion: message.version)
  }
}

extension PurchasingV1.Supplier {
  init(_ supplier: Supplier) {
    self.init(
      code: supplier.code, name: supplier.name, leadDays: Int32(supplier.leadDays),
      version: supplier.version)
  }
}

extension SupplierPriceDraft {
  init(_ message: PurchasingV1.SupplierPrice, row: Int) {
    var reader = RequestReader(row: "prices[\(row)]")
    self.init(
      supplierCode: message.supplierCode, sku: message.sku,
      unitPrice: reader.unitPrice(message.unitPrice, "unit_price"),
      leadDays: Int(message.leadDays), isPreferred: message.preferred)
    malformed = reader.found
  }
}

extension RequisitionState {
  init?(_ message: PurchasingV1.RequisitionState) {
    switch message {
    case .open: self = .open
    case .ordered: self = .ordered
    case .cancelled: self = .cancelled
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: PurchasingV1.RequisitionState {
    switch self {
    case .open: .open
    case .ordered: .ordered
    case .cancelled: .cancelled
    }
  }
}

extension PurchasingV1.Requisition {
  init(_ requisition: Requisition) {
    self.init(
      number: requisition.number, state: requisition.state.message, sku: requisition.sku,
      quantity: TypeV1.Quantity(requisition.quantity, requisition.unit),
      warehouseCode: requisition.warehouseCode,
      neededOn: requisition.neededOn.map { GoogleType.Date($0) },
      origin: TypeV1.DocumentReference(requisition.origin.document),
      preferredSupplierCode: requisition.preferredSupplierCode ?? "",
      purchaseOrderNumber: requisition.purchaseOrderNumber ?? "")
  }
}

extension PurchaseLineDraft {
  init(_ message: PurchasingV1.PurchaseLineInput, _ reader: inout RequestReader, field: String) {
    self.init(
      requisitionNumber: message.requisitionNumber, sku: message.sku,
      quantity: message.quantity.map { GivenQuantity($0) },
      unitPrice: reader.unitPrice(message.unitPrice, field + ".unit_price"))
  }
}

extension BillLineDraft {
  init(_ message: PurchasingV1.BillLineInput, _ reader: inout RequestReader, field: String) {
    self.init(
      lineNumber: Int(message.lineNumber), quantity: GivenQuantity(message.quantity),
      unitPrice: reader.unitPrice(message.unitPrice, field + ".unit_price"))
  }
}

extension PurchaseLineQuantity {
  init(_ message: PurchasingV1.PurchaseLineQuantity) {
    self.init(
      lineNumber: Int(message.lineNumber), quantity: GivenQuantity(message.quantity))
  }
}

extension PurchaseOrderState {
  var message: PurchasingV1.PurchaseOrderState {
    switch self {
    case .ordered: .ordered
    case .partlyReceived: .partlyReceived
    case .received: .received
    case .billed: .billed
    case .cancelled: .cancelled
    }
  }
}

extension PurchasingV1.PurchaseOrder {
  init(_ order: PurchaseOrder) throws {
    self.init(
      number: order.number, state: order.state.message, supplierCode: order.supplierCode,
      warehouseCode: order.warehouseCode,
      lines: order.lines.map { line in
        .init(
          lineNumber: Int32(line.number), sku: line.sku,
          ordered: TypeV1.Quantity(line.ordered, line.unit),
          cancelled: TypeV1.Quantity(line.cancelled, line.unit),
          received: TypeV1.Quantity(line.received, line.unit),
          billed: TypeV1.Quantity(line.billed, line.unit),
          unitPrice: TypeV1.UnitPrice(line.unitPrice),
          requisitionNumber: line.requisitionNumber ?? "")
      },
      net: TypeV1.Money(try order.net()), expectedOn: GoogleType.Date(order.expectedOn),
      version: order.version, confirmedOn: order.confirmedOn.map { GoogleType.Date($0) },
      supplierReference: order.supplierReference,
      dropShippedFor: order.direct.map { TypeV1.DocumentReference($0.document) })
  }
}
