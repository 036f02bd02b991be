package import Finance
package import MasterData
package import Values

/// Somewhere goods can be. Every movement goes from one location to another, so that goods never
/// appear or vanish: what a supplier sold us lies at SUPPLIER with a minus (DOMAIN 5.10).
package struct Location: Hashable, Sendable {
  package let id: ID<Location>
  /// "MAIN/STOCK" or "MAIN/QUARANTINE" in a warehouse, the name of the kind elsewhere.
  package let code: String
  package let kind: LocationKind
  /// Nil outside our own warehouses.
  package let warehouse: ID<Warehouse>?
  /// Nil outside our own warehouses.
  package let warehouseCode: String?
}

package enum LocationKind: String, Hashable, Sendable, CaseIterable {
  /// The shelves of a warehouse: what can be promised and picked.
  case stock = "STOCK"
  /// What has come back and is looked at: of a warehouse, and promised to nobody.
  case quarantine = "QUARANTINE"
  /// Pieces that are shown: of a warehouse, and promised to nobody.
  case showroom = "SHOWROOM"
  /// Pieces that customers have as samples: of a warehouse, ours, and promised to nobody.
  case lent = "LENT"
  /// On the way to a warehouse from another one: of the one that receives it, and promised to
  /// nobody.
  case transfer = "TRANSFER"
  /// Where purchased goods come from.
  case supplier = "SUPPLIER"
  /// Where the goods come from that the owners brought in: opening stock.
  case opening = "OPENING"
  /// On the way to a customer who does not own them yet (goods dispatched).
  case transit = "TRANSIT"
  case customer = "CUSTOMER"
  /// The workshop: material goes in, products come out.
  case production = "PRODUCTION"
  /// Differences between the books and a count.
  case loss = "LOSS"
  case scrap = "SCRAP"

  /// Places of our own, where there is never less than nothing. The others are the far ends of
  /// movements.
  package var isGuarded: Bool {
    switch self {
    case .stock, .quarantine, .showroom, .lent, .transfer, .transit: true
    case .supplier, .opening, .customer, .production, .loss, .scrap: false
    }
  }

  /// The account that carries what goods of that product kind are worth while they are here.
  package func account(of product: ProductKind) -> Account {
    switch self {
    case .stock, .quarantine, .showroom, .lent, .transfer:
      product == .rawMaterial ? .rawMaterial : .finishedGoods
    case .supplier: .goodsReceivedNotInvoiced
    case .opening: .capital
    case .transit: .goodsDispatched
    case .customer: .costOfSales
    case .production: .workInProgress
    case .loss: .inventoryDifference
    case .scrap: .scrapLoss
    }
  }
}
