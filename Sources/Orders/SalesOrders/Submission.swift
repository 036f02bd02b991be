import Inventory
import MasterData
import Storage
import Values

/// A complete order: everything it names was found, every line has its price and tax, and it is
/// known who must approve. What `SubmitOrder` and `PlaceOrder` decide before they write anything.
package struct Submission: Sendable {
  let customer: Customer
  let warehouse: Warehouse
  /// In the order of the draft.
  let products: [Product]
  let lines: [SalesOrderLine]
  let net: Money
  let tax: Money
  let gross: Money
  let depositRequired: Money
  let approval: Approval

  /// Refuses with every violation at once.
  static func of(_ draft: OrderDraft, on day: Day, in snapshot: Snapshot) throws -> Submission {
    var check = FieldCheck(FieldPath("order"))
    draft.checkShape(&check)
    // Thousands of lines would mean thousands of look-ups.
    if draft.lines.count > OrderDraft.lineLimit { try check.pass() }
    let customer = try Customers.find(code: draft.customerCode, in: snapshot)
    if customer == nil {
      check.refuse(
        MasterDataRejection.unknownCustomer(
          field: "order.customer_code", code: draft.customerCode
        ).ifNamed(draft.customerCode))
    }
    if customer?.isErased == true {
      check.refuse(
        MasterDataRejection.customerErased(
          field: "order.customer_code", code: draft.customerCode))
    }
    let warehouse = try Warehouses.find(code: draft.warehouseCode, in: snapshot)
    if warehouse == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(
          field: "order.warehouse_code", code: draft.warehouseCode
        ).ifNamed(draft.warehouseCode))
    }
    var pricing = LinePricing(customer: customer, day: day)
    for (index, line) in draft.lines.enumerated() {
      try pricing.add(line, at: index, to: &check, in: snapshot)
    }
    try check.pass()
    guard let customer, let warehouse else {
      preconditionFailure("a missing customer or warehouse has been refused")
    }
    return try Submission(
      customer: customer, warehouse: warehouse, products: pricing.products, lines: pricing.lines,
      in: snapshot)
  }

  private init(
    customer: Customer, warehouse: Warehouse, products: [Product], lines: [SalesOrderLine],
    in snapshot: Snapshot
  ) throws {
    self.customer = customer
    self.warehouse = warehouse
    self.products = products
    self.lines = lines
    let currency = customer.creditLimit.currency
    do throws(ArithmeticError) {
      net = try lines.map(\.net).sum(currency)
      tax = try lines.map(\.tax).sum(currency)
      gross = try net + tax
    } catch {
      throw OrdersRejection.tooLarge("order.lines", currency)
    }
    guard gross.minor <= FieldCheck.highestAmountMinor else {
      throw OrdersRejection.tooLarge("order.lines", currency)
    }
    // The deposit is what lets the workshop begin; nobody pays one for chairs on the shelf.
    depositRequired =
      lines.contains { $0.sourcing == .make }
      ? try gross.share(customer.terms.deposit) : .zero(currency)
    approval = try ApprovalRule.first(
      of: ApprovalRuleTable.list(in: snapshot), forClass: customer.customerClass, gross: gross)
  }
}

extension OrdersRejection {
  fileprivate static func tooLarge(_ field: String, _ currency: Currency) -> OrdersRejection {
    .amountTooLarge(
      field: field, limit: Money(minor: FieldCheck.highestAmountMinor, currency: currency))
  }
}

/// Prices the lines of one order one after another; what several lines share is looked up once.
private struct LinePricing {
  let customer: Customer?
  let day: Day
  private(set) var products: [Product] = []
  private(set) var lines: [SalesOrderLine] = []
  private var known: [String: Product] = [:]
  private var rates: [String: Rate] = [:]

  init(customer: Customer?, day: Day) {
    self.customer = customer
    self.day = day
  }

  /// Adds the line, or to `check` all that speaks against it.
  mutating func add(
    _ draft: OrderDraft.Line, at index: Int, to check: inout FieldCheck, in snapshot: Snapshot
  ) throws {
    guard let product = try product(draft.sku, in: snapshot) else {
      check.refuse(
        MasterDataRejection.unknownProduct(
          field: OrderDraft.path(line: index).field("sku"), sku: draft.sku
        ).ifNamed(draft.sku))
      return
    }
    guard let sourcing = Sourcing(product.kind) else {
      check.refuse(
        OrdersRejection.notForSale(
          field: OrderDraft.path(line: index).field("sku"), sku: draft.sku))
      return
    }
    guard draft.fits(product) else {
      var found = FieldCheck(OrderDraft.path(line: index))
      draft.quantity.check(&found, "quantity", of: product)
      for violation in found.violations { check.refuse(violation) }
      return
    }
    guard let customer else { return }
    guard
      let decision = try Prices.price(
        of: product, for: customer, quantity: draft.quantity.quantity, on: day, in: snapshot)
    else {
      check.refuse(
        OrdersRejection.noPrice(
          field: OrderDraft.path(line: index).field("sku"), sku: draft.sku,
          customer: customer.code, day: day))
      return
    }
    // Everything refused so far makes the amounts pointless, and a bad discount has none.
    guard check.violations.isEmpty else { return }
    let rate = try rate(of: product.taxClass, in: snapshot)
    do throws(ArithmeticError) {
      lines.append(
        try SalesOrderLine(
          draft, number: index + 1, product: product, sourcing: sourcing, price: decision,
          taxRate: rate))
      products.append(product)
    } catch {
      check.refuse(
        OrdersRejection.tooLarge(
          OrderDraft.path(line: index).field("quantity"), customer.creditLimit.currency))
    }
  }

  private mutating func product(_ sku: String, in snapshot: Snapshot) throws -> Product? {
    if let product = known[sku] { return product }
    let product = try Products.find(sku: sku, in: snapshot)
    known[sku] = product
    return product
  }

  private mutating func rate(of taxClass: String, in snapshot: Snapshot) throws -> Rate {
    if let rate = rates[taxClass] { return rate }
    let rate = try TaxRates.rate(of: taxClass, on: day, in: snapshot)
    rates[taxClass] = rate
    return rate
  }
}

extension SalesOrderLine {
  /// A priced line: net = price × quantity × (1 − discount) rounded once, tax = net × rate rounded
  /// once (tax excluded, per line: DOMAIN 5.8).
  fileprivate init(
    _ draft: OrderDraft.Line, number: Int, product: Product, sourcing: Sourcing,
    price: PriceDecision, taxRate: Rate
  ) throws(ArithmeticError) {
    let ordered = draft.quantity.quantity
    let net = try price.unitPrice.amount(for: ordered, discount: draft.discount)
    let tax = try net.share(taxRate)
    var explanation = price.explanation
    if draft.discount > .zero {
      explanation.add(
        "DISCOUNT", "Less \(draft.discount)", [Fact("discount", draft.discount)])
    }
    let netText = net.description
    let taxText = tax.description
    explanation.add(
      "AMOUNT", "\(ordered) \(product.unit): \(netText) and \(taxRate) tax \(taxText)",
      [Fact("net", netText), Fact("tax", taxText)])
    self.init(
      number: number, product: product.id, sku: product.sku, description: product.name,
      unit: product.unit, sourcing: sourcing, ordered: ordered,
      unitPrice: price.unitPrice, discount: draft.discount, net: net, taxRate: taxRate, tax: tax,
      note: draft.note, priceExplanation: explanation)
  }
}
