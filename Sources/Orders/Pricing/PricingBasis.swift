import MasterData
import Values

/// By what an order was priced beside price lists and exchange rates, fixed with its prices: a
/// change of it is priced by the same, whatever has become of rules, customer and products since.
package struct PricingBasis: Hashable, Sendable {
  /// What a unit of a product weighed, and took of room.
  struct Measure: Hashable, Sendable {
    let product: ID<Product>
    let weightGrams: Int64?
    let volumeCubicCentimetres: Int64?
  }

  /// Of the rules of charges and promotions.
  let edition: Int64
  let customerClass: String
  /// Share of the order that is due before the workshop starts.
  let deposit: Rate
  /// Of its goods, where a charge could have gone by it.
  let measures: [Measure]

  /// As one text for a row.
  var storedText: String {
    StoredRow.text(
      [StoredRow("basis", String(edition), customerClass, String(deposit.micros))]
        + measures.map {
          StoredRow(
            "measure", String($0.product.value), $0.weightGrams.map(String.init) ?? "",
            $0.volumeCubicCentimetres.map(String.init) ?? "")
        })
  }

  init(edition: Int64, customerClass: String, deposit: Rate, measures: [Measure]) {
    self.edition = edition
    self.customerClass = customerClass
    self.deposit = deposit
    self.measures = measures
  }

  init(storedText: String) throws {
    let rows = StoredRow.rows(storedText)
    guard let first = rows.first else {
      throw DamagedRow(row: StoredRow("basis"))
    }
    edition = try first.int64(0)
    customerClass = try first.text(1)
    deposit = try first.rate(2)
    measures = try rows.dropFirst().map {
      Measure(
        product: ID(try $0.int64(0)), weightGrams: Int64(try $0.text(1)),
        volumeCubicCentimetres: Int64(try $0.text(2)))
    }
  }
}

/// Prices that were agreed, for an order that is changed: what the change leaves as it was costs
/// what it did.
struct AgreedPrices {
  let order: SalesOrder
  /// For each line of the draft the number of the line that it was; nil for one that is added.
  let numbers: [Int?]
  /// By what they were agreed; nil where nobody kept it.
  let basis: PricingBasis?

  init(of order: SalesOrder, _ numbers: [Int?]) throws {
    self.order = order
    self.numbers = numbers
    basis = try order.storedBasis.map { try PricingBasis(storedText: $0) }
  }

  /// The line that a line of the draft was.
  func line(at index: Int) -> SalesOrderLine? {
    guard numbers.indices.contains(index), let number = numbers[index] else { return nil }
    return order.lines[number - 1]
  }

  /// What a line of the draft cost, where that still holds: nothing of it is otherwise, and neither
  /// is how much there is of the product on all lines, or on those before it, which its price may
  /// have gone by.
  func price(
    at index: Int, _ quantity: Quantity, after earlier: Quantity, total: Quantity, _ discount: Rate
  ) throws -> (decision: PriceDecision, base: Money)? {
    guard let line = line(at: index), line.ordered == quantity, line.discount == discount
    else { return nil }
    let same = order.lines.filter {
      $0.product == line.product && $0.isAlive && $0.charge.isEmpty
    }
    guard try same.map(\.ordered).sum() == total,
      try same.filter({ $0.number < line.number }).map(\.ordered).sum() == earlier
    else { return nil }
    let amount = try order.policy.isIncluded ? line.net + line.tax : line.net
    return (
      line.agreedDecision(isTaxIncluded: order.policy.isIncluded), try amount + line.reduction
    )
  }

  /// What a product weighed when the order was priced; nil where nobody asked.
  func measure(of product: ID<Product>) -> PricingBasis.Measure? {
    basis?.measures.first { $0.product == product }
  }

  /// At which rate a charge was taxed; nil for one that the order had not.
  func taxRate(ofCharge charge: String, sku: String) -> Rate? {
    order.lines.first { $0.charge == charge && $0.sku == sku && $0.isAlive }?.taxRate
  }
}

extension SalesOrderLine {
  private static let laterRules: Set<String> = [
    "DISCOUNT", Adjustment.Kind.orderDiscount.rawValue, Adjustment.Kind.promotion.rawValue,
    "AMOUNT",
  ]
  private static let negotiatedRules: Set<String> = ["CONTRACT_PRICE_LIST", "OWN_PRICE_LIST"]

  /// Its price as it was decided, without what followed from it.
  fileprivate func agreedDecision(isTaxIncluded: Bool) -> PriceDecision {
    let steps = priceExplanation.steps.prefix { !Self.laterRules.contains($0.rule) }
    return PriceDecision(
      agreed: unitPrice, isTaxIncluded: isTaxIncluded,
      isNegotiated: steps.contains { Self.negotiatedRules.contains($0.rule) },
      explanation: Explanation(Array(steps)))
  }
}
