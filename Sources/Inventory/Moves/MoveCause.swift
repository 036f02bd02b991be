import Finance

/// Why goods move. Each cause posts under one event of the journal.
package enum MoveCause: String, Hashable, Sendable, CaseIterable {
  /// From a supplier, by a purchase order.
  case goodsReceipt = "GOODS_RECEIPT"
  /// Brought in without a purchase order: opening stock.
  case openingStock = "OPENING_STOCK"
  /// A count found more or less than the books.
  case adjustment = "ADJUSTMENT"
  /// From one warehouse to another.
  case transfer = "TRANSFER"
  /// What was on the way to a warehouse and did not come.
  case transferLoss = "TRANSFER_LOSS"
  /// To the workshop.
  case materialIssue = "MATERIAL_ISSUE"
  /// Back from the workshop.
  case materialReturn = "MATERIAL_RETURN"
  /// What the workshop made.
  case productionOutput = "PRODUCTION_OUTPUT"
  /// What the workshop spoiled.
  case scrap = "SCRAP"
  /// Out of the house, to a customer.
  case shipment = "SHIPMENT"
  /// The customer has it.
  case delivery = "DELIVERY"
  /// Its carrier has lost it.
  case transitLoss = "TRANSIT_LOSS"
  /// What was lost has turned up.
  case transitFound = "TRANSIT_FOUND"

  /// Back from a customer, into quarantine.
  case customerReturn = "CUSTOMER_RETURN"
  /// As good as new: from quarantine to the shelves.
  case restock = "RESTOCK"
  /// What came back and is beyond repair.
  case returnScrap = "RETURN_SCRAP"
  /// Worth less than it cost: out with its cost, and back with what it is worth.
  case writeDown = "WRITE_DOWN"

  var event: PostingEvent {
    switch self {
    case .goodsReceipt: .goodsReceived
    case .openingStock: .stockOpened
    case .adjustment, .transferLoss: .stockAdjusted
    case .transfer, .restock: .stockMoved
    case .materialIssue: .materialIssued
    case .materialReturn: .materialReturned
    case .productionOutput: .outputReceived
    case .scrap: .outputScrapped
    case .shipment: .goodsDispatched
    case .delivery: .goodsDelivered
    case .transitLoss: .goodsLost
    case .transitFound: .goodsFound
    case .customerReturn: .goodsReturned
    case .returnScrap, .writeDown: .returnScrapped
    }
  }
}
