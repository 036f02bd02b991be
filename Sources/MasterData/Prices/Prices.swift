package import Storage
package import Values

/// What one unit costs, and why.
package struct PriceDecision: Hashable, Sendable {
  /// Of one base unit, without tax.
  package let unitPrice: UnitPrice
  /// The price list it comes from.
  package let listCode: String
  package let explanation: Explanation
}

/// Prices of products for customers.
package enum Prices {
  /// The price of one unit when `customer` buys `quantity` on `day`; nil when no list has one.
  ///
  /// A pure choice among the prices that hold on that day and from that quantity on, by these rules
  /// in turn: the customer's own list before lists of the customer's class before lists for
  /// everybody; the larger priority; the larger minimum quantity; the later first day; the list's
  /// code.
  package static func price(
    of product: Product, for customer: Customer, quantity: Quantity, on day: Day,
    in snapshot: Snapshot
  ) throws -> PriceDecision? {
    let offer = try PriceTable.offers(
      of: product.id, ownList: customer.priceList, customerClass: customer.customerClass,
      quantity: quantity, on: day, in: snapshot
    ).min { $0.goesBefore($1) }
    return offer.map {
      PriceDecision(
        unitPrice: $0.unitPrice, listCode: $0.listCode,
        explanation: explain($0, unit: product.unit, customer: customer))
    }
  }

  private static func explain(
    _ offer: PriceOffer, unit: String, customer: Customer
  ) -> Explanation {
    let (rule, whose) =
      switch offer.scope {
      case .customer: ("OWN_PRICE_LIST", "of \(customer.code)")
      case .customerClass: ("CLASS_PRICE_LIST", "for class \(customer.customerClass)")
      case .everybody: ("GENERAL_PRICE_LIST", "for everybody")
      }
    let price = offer.unitPrice.description
    let since = offer.validFrom.description
    var facts = [
      Fact("price_list", offer.listCode), Fact("unit_price", price), Fact("valid_from", since),
    ]
    if offer.minimumQuantity.isPositive {
      facts.append(Fact("minimum_quantity", offer.minimumQuantity))
    }
    let text =
      "Price list \(offer.listCode) \(whose): "
      + "\(price) per \(unit) since \(since)"
    return Explanation([.init(rule, text, facts)])
  }
}
