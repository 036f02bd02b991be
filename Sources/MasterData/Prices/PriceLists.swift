package import Storage
package import Values

/// Questions about price lists and what stands on them.
package enum PriceLists {
  package static func find(code: String, in snapshot: Snapshot) throws -> PriceList? {
    try PriceListTable.find(code, in: snapshot)
  }

  /// The list that a field of a request names; refuses an unknown one.
  package static func require(
    code: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> PriceList {
    guard let list = try PriceListTable.find(code, in: snapshot) else {
      throw MasterDataRejection.unknownPriceList(field: field(), code: code).ifNamed(code)
    }
    return list
  }

  /// A price of a list, and the product that it is for.
  package struct Entry: Hashable, Sendable {
    package let sku: String
    package let price: Price
  }

  /// The unit prices that hold on a day, by sku and minimum quantity, from the entry after `last`
  /// on (nil: from the first).
  package static func entries(
    of list: PriceList, on day: Day, after last: Entry? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Entry] {
    try PriceTable.entries(
      of: list.id, on: day, after: last?.sku ?? "", last?.price.minimumQuantity, limit: limit,
      in: snapshot)
  }

  /// The unit price that holds on a day for a product from a minimum quantity on; nil where nothing
  /// does.
  package static func price(
    of product: ID<Product>, in list: ID<PriceList>, from minimum: Quantity, on day: Day,
    in snapshot: Snapshot
  ) throws -> Price? {
    try PriceTable.price(of: product, in: list, from: minimum, on: day, in: snapshot)
  }
}
