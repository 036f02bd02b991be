import Values

/// A price that a customer can have, and how far it goes before others.
struct PriceOffer: Hashable, Sendable {
  /// Whom its list is for; the narrower goes first.
  enum Scope: Int {
    case contract, customer, customerClass, everybody
  }

  let unitPrice: UnitPrice
  let listCode: String
  let scope: Scope
  let priority: Int64
  let minimumQuantity: Quantity
  let validFrom: Day
  let breaks: PriceBreaks
  let countsAcrossLines: Bool
  let isTaxIncluded: Bool

  /// The order that `PriceOffers` documents. No two offers are equal in it: list, minimum quantity
  /// and first day are the key of a product's price.
  func goesBefore(_ other: PriceOffer) -> Bool {
    if scope != other.scope { return scope.rawValue < other.scope.rawValue }
    if priority != other.priority { return priority > other.priority }
    if minimumQuantity != other.minimumQuantity { return minimumQuantity > other.minimumQuantity }
    if validFrom != other.validFrom { return validFrom > other.validFrom }
    return listCode < other.listCode
  }
}
