package import MasterData
package import Values

/// Where a purchase order stands: derived from its lines, the stored state is a cache of it (law
/// 6).
package enum PurchaseOrderState: String, Hashable, Sendable, CaseIterable {
  /// Nothing has come yet.
  case ordered = "ORDERED"
  /// Some has come, more is to come.
  case partlyReceived = "PARTLY_RECEIVED"
  /// Nothing more is to come.
  case received = "RECEIVED"
  /// Nothing more is to come, and all that came is billed.
  case billed = "BILLED"
  /// All was cancelled before anything came.
  case cancelled = "CANCELLED"
}

/// An order to a supplier.
package struct PurchaseOrder: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package internal(set) var id: ID<Line>
    /// Within the order, from 1.
    package let number: Int
    package let product: ID<Product>
    package let sku: String
    package let unit: String
    package let ordered: Quantity
    package internal(set) var cancelled: Quantity
    package internal(set) var received: Quantity
    package internal(set) var billed: Quantity
    /// Of one base unit, without tax.
    package let unitPrice: UnitPrice
    /// The requisition for which it was ordered.
    package let requisitionNumber: String?

    /// What is still to come.
    package var open: Quantity {
      Quantity(micros: ordered.micros - cancelled.micros - received.micros)
    }

    /// What came and is not billed.
    package var billable: Quantity { Quantity(micros: received.micros - billed.micros) }

    /// What the next `quantity` of this line cost after `before` of it: a difference of cumulative
    /// amounts, so that any sequence of part deliveries sums to price × quantity to the cent
    /// (DOMAIN 5.8).
    func value(of quantity: Quantity, after before: Quantity) throws -> Money {
      try unitPrice.amount(for: before + quantity) - unitPrice.amount(for: before)
    }
  }

  /// Grows with time; the key by which pages go on.
  package internal(set) var id: ID<PurchaseOrder>
  package let number: String
  package let supplier: ID<Supplier>
  package let supplierCode: String
  /// Receives the goods.
  package let warehouse: ID<Warehouse>
  package let warehouseCode: String
  package let currency: Currency
  package let orderedOn: Day
  package internal(set) var expectedOn: Day
  /// Counts the changes, from 1.
  package internal(set) var version: Int64
  /// In the order of their numbers.
  package internal(set) var lines: [Line]
  /// Day on which the supplier confirmed it; nil while it has not.
  package internal(set) var confirmedOn: Day?
  /// The supplier's own number of it; empty while nobody has said.
  package internal(set) var supplierReference = ""
  /// The line of a document whose customer gets the goods straight from the supplier; nil for goods
  /// that come to the warehouse.
  package internal(set) var direct: Origin?

  package var reference: DocumentReference { DocumentReference(.purchaseOrder, number) }

  package var state: PurchaseOrderState {
    if lines.allSatisfy({ $0.cancelled == $0.ordered }) { return .cancelled }
    let open = lines.contains { $0.open.isPositive }
    if lines.allSatisfy({ $0.received == .zero }), open { return .ordered }
    if open { return .partlyReceived }
    return lines.contains { $0.billable.isPositive } ? .received : .billed
  }

  /// Refuses what only goods that come to the warehouse can have done with them.
  func expectStocked(field: String) throws(PurchasingRejection) {
    guard let direct else { return }
    throw .dropShipped(field: field, order: number, customerOrder: direct.number)
  }

  /// Sum of price × ordered quantity, without tax; each line rounded once.
  package func net() throws -> Money {
    try lines.map { try $0.unitPrice.amount(for: $0.ordered) }.sum(currency)
  }
}
