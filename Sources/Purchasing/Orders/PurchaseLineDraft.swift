package import Inventory
import MasterData
import Storage
package import Values

/// A line of an order to a supplier as a caller wants it to be: for a requisition, or on its own.
package struct PurchaseLineDraft: Hashable, Sendable {
  /// Gives product and quantity; empty to order on its own.
  package let requisitionNumber: String
  /// May be empty when there is a requisition.
  package let sku: String
  /// Nil: what the requisition asks for.
  package let quantity: GivenQuantity?
  /// Of one base unit, without tax; nil: what the supplier's list says.
  package let unitPrice: UnitPrice?

  package init(
    requisitionNumber: String = "", sku: String = "", quantity: GivenQuantity? = nil,
    unitPrice: UnitPrice? = nil
  ) {
    self.requisitionNumber = requisitionNumber
    self.sku = sku
    self.quantity = quantity
    self.unitPrice = unitPrice
  }
}

/// A line with everything it names.
struct ResolvedPurchaseLine {
  let product: Product
  let requisition: Requisition?
  let quantity: Quantity
  let unitPrice: UnitPrice
  let leadDays: Int
}

/// Finds what the lines of an order name and notes everything that is wrong with each.
struct PurchaseLineReading {
  let supplier: Supplier?
  let warehouse: Warehouse?
  let base: Currency
  private(set) var violations: [any Rejection] = []
  private var requisitions: Set<String> = []

  init(supplier: Supplier?, warehouse: Warehouse?, base: Currency) {
    self.supplier = supplier
    self.warehouse = warehouse
    self.base = base
  }

  /// Nil when the line cannot be ordered as it is; the violations say why.
  mutating func read(
    _ draft: PurchaseLineDraft, at path: FieldPath, in snapshot: Snapshot
  ) throws -> ResolvedPurchaseLine? {
    var check = FieldCheck(path)
    let requisition = try requisition(of: draft, &check, in: snapshot)
    let product = try product(of: draft, requisition, &check, in: snapshot)
    let quantity = quantity(of: draft, product, requisition, &check)
    let listed = try product.flatMap { product in
      try supplier.flatMap {
        try SupplierPriceTable.find($0.id, product: product.id, in: snapshot)
      }
    }
    let unitPrice = unitPrice(of: draft, listed, product, &check)
    if let quantity, let unitPrice {
      _ = check.value(of: quantity, at: unitPrice, "unit_price")
    }
    violations += check.violations
    guard check.violations.isEmpty, let product, let quantity, let unitPrice else { return nil }
    return ResolvedPurchaseLine(
      product: product, requisition: requisition, quantity: quantity, unitPrice: unitPrice,
      leadDays: listed?.leadDays ?? supplier?.leadDays ?? 0)
  }

  private mutating func requisition(
    of draft: PurchaseLineDraft, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws -> Requisition? {
    guard !draft.requisitionNumber.isEmpty else { return nil }
    let field = check.path.field("requisition_number")
    let number = String(draft.requisitionNumber.prefix(60))
    guard let requisition = try RequisitionTable.find(draft.requisitionNumber, in: snapshot) else {
      check.refuse(PurchasingRejection.unknownRequisition(field: field, number: number))
      return nil
    }
    if !requisitions.insert(number).inserted {
      check.refuse(PurchasingRejection.duplicateRequisition(field: field, number: number))
    }
    if requisition.state != .open {
      check.refuse(
        PurchasingRejection.requisitionNotOpen(
          field: field, number: number, state: requisition.state))
    }
    if let warehouse, warehouse.id != requisition.warehouse {
      check.refuse(
        PurchasingRejection.requisitionDiffers(
          field: field, number: number, asked: requisition.warehouseCode, given: warehouse.code))
    }
    return requisition
  }

  private func product(
    of draft: PurchaseLineDraft, _ requisition: Requisition?, _ check: inout FieldCheck,
    in snapshot: Snapshot
  ) throws -> Product? {
    if let requisition {
      if !draft.sku.isEmpty, draft.sku != requisition.sku {
        check.refuse(
          PurchasingRejection.requisitionDiffers(
            field: check.path.field("sku"), number: requisition.number, asked: requisition.sku,
            given: String(draft.sku.prefix(60))))
      }
      return try Products.fetch(requisition.product, in: snapshot)
    }
    // An unknown requisition is fault enough.
    guard !draft.sku.isEmpty || draft.requisitionNumber.isEmpty else { return nil }
    guard let product = try Products.find(sku: draft.sku, in: snapshot) else {
      check.refuse(
        MasterDataRejection.unknownProduct(
          field: check.path.field("sku"), sku: String(draft.sku.prefix(60))
        ).ifNamed(draft.sku))
      return nil
    }
    if !product.isStocked {
      check.refuse(
        InventoryRejection.serviceHasNoStock(field: check.path.field("sku"), sku: product.sku))
    }
    return product
  }

  private func quantity(
    of draft: PurchaseLineDraft, _ product: Product?, _ requisition: Requisition?,
    _ check: inout FieldCheck
  ) -> Quantity? {
    guard let given = draft.quantity else {
      guard let requisition else {
        if draft.requisitionNumber.isEmpty {
          check.refuse(MasterDataRejection.missingValue(field: check.path.field("quantity")))
        }
        return nil
      }
      return requisition.quantity
    }
    let quantity = given.read(&check, "quantity", of: product)
    if let requisition, let quantity, quantity < requisition.quantity {
      check.refuse(
        PurchasingRejection.belowRequisition(
          field: check.path.field("quantity"), number: requisition.number,
          asked: requisition.quantity, given: quantity))
    }
    return quantity
  }

  private func unitPrice(
    of draft: PurchaseLineDraft, _ listed: SupplierPrice?, _ product: Product?,
    _ check: inout FieldCheck
  ) -> UnitPrice? {
    if let given = draft.unitPrice {
      check.unitPrice(given, "unit_price", base: base)
      return given
    }
    if listed == nil, let supplier, let product {
      check.refuse(
        PurchasingRejection.noPrice(
          field: check.path.field("unit_price"), supplier: supplier.code, sku: product.sku))
    }
    return listed?.unitPrice
  }
}
