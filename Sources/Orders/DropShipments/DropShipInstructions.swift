package import Purchasing
package import Storage
import Values

// What a customer asks for about goods that a supplier sends: the supplier wraps, packs and brings
// them.
extension DropShipments {
  /// Of a purchase order whose goods go to a customer, while something of it has still to leave;
  /// nil for nothing, and for one of our own.
  package static func instructions(
    for purchase: PurchaseOrder, in snapshot: Snapshot
  ) throws -> OrderInstructions? {
    guard let found = DropShipment(purchase), found.line.open.isPositive,
      let order = try SalesOrders.find(number: found.origin.number, in: snapshot),
      order.lines.indices.contains(found.origin.line - 1)
    else { return nil }
    return order.instructions(forLine: found.origin.line - 1)
  }
}

extension OrderInstructions {
  /// What of it a supplier is told, without anything that a person wrote: events are kept.
  var kindsForSupplier: String {
    [
      gift == nil ? nil : "gift", packing == nil ? nil : "packing",
      delivery == nil ? nil : "delivery",
    ].compactMap(\.self).joined(separator: ", ")
  }
}

extension SalesOrder {
  /// Tells whoever sends purchase orders that a supplier must know what is asked for otherwise now.
  func tellSuppliers(changedFrom before: SalesOrder, in tx: Transaction) throws {
    for index in lines.indices where lines[index].isDropShipped {
      guard before.lines.indices.contains(index) else { continue }
      let (old, new) = (before.instructions(forLine: index), instructions(forLine: index))
      guard old != new else { continue }
      for found in try DropShipments.open(of: lines[index], self, in: tx) {
        tx.record(
          DomainEvent(
            "purchase-order.instructions-changed",
            DocumentReference(.purchaseOrder, found.purchase.number), related: reference,
            [
              Fact("supplier", found.purchase.supplierCode), Fact("line", lines[index].number),
              Fact("instructions", new?.kindsForSupplier ?? ""),
            ]))
      }
    }
  }
}
