package import Inventory
package import MasterData
package import Storage
package import Values

/// Agrees with a customer on quantities of products. The price of each is the one of today for the
/// whole quantity, in the currency in which the customer buys.
package struct CreateBlanket: Sendable {
  package struct Line: Hashable, Sendable {
    package let sku: String
    package let quantity: GivenQuantity

    package init(sku: String, quantity: GivenQuantity) {
      self.sku = sku
      self.quantity = quantity
    }
  }

  package let customerCode: String
  package let lines: [Line]
  /// Nil for today.
  package let validFrom: Day?
  package let validUntil: Day
  /// By which its prices are looked up; nil for those of no channel.
  package let channel: Channel?
  package let note: String
  /// Who asks.
  package let actor: String

  package init(
    customerCode: String, lines: [Line], validFrom: Day? = nil, validUntil: Day,
    channel: Channel? = nil, note: String = "", by actor: String
  ) {
    self.customerCode = customerCode
    self.lines = lines
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.channel = channel
    self.note = note
    self.actor = actor
  }

  static let lineLimit = 500
  /// Five years.
  static let longestDays = 1_830

  package func run(in tx: Transaction, at now: Moment) throws -> Blanket {
    var check = FieldCheck(.request)
    let first = validFrom ?? now.day
    check.range(lines.count, "lines", 1...Self.lineLimit)
    check.range(first, "valid_from", now.day...now.day.adding(days: Self.longestDays))
    check.range(validUntil, "valid_until", first...first.adding(days: Self.longestDays))
    check.text(note, "note", limit: 2_000)
    let customer = try Customers.seen(code: customerCode, in: tx)
    if customer == nil {
      check.refuse(
        MasterDataRejection.unknownCustomer(field: "customer_code", code: customerCode)
          .ifNamed(customerCode))
    } else if customer?.isErased == true {
      check.refuse(
        MasterDataRejection.customerErased(field: "customer_code", code: customerCode))
    }
    try check.pass()
    guard let customer else { preconditionFailure("a missing customer has been refused") }
    // Prices may be converted, and orders will be: without a rate nothing can be agreed.
    _ = try ExchangeRates.rate(
      of: customer.currency, base: customer.baseCurrency, on: now.day, field: "customer_code",
      in: tx)
    var agreed: [BlanketLine] = []
    var known: Set<String> = []
    for (index, line) in lines.enumerated() {
      var found = FieldCheck(FieldPath("lines", row: index))
      if !known.insert(line.sku).inserted {
        found.refuse(
          BlanketRejection.duplicateProduct(field: found.path.field("sku"), sku: line.sku))
      }
      if let line = try agree(on: line, index, for: customer, on: now.day, &found, in: tx) {
        agreed.append(line)
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    var blanket = Blanket(
      id: ID(0), number: try DocumentNumbers.next(.blanketOrder, on: now.day, in: tx),
      customerCode: customer.code, customerName: customer.name, validFrom: first,
      validUntil: validUntil, note: note, createdBy: actor, createdAt: now.instant, lines: agreed)
    blanket.id = try BlanketTable.insert(blanket, in: tx)
    tx.record(
      DomainEvent(
        "blanket.created", blanket.reference,
        [
          Fact("actor", actor), Fact("customer", customer.code), Fact("lines", agreed.count),
          Fact("valid_from", first), Fact("valid_until", validUntil),
        ]))
    return blanket
  }

  /// The line with its price; nil when something speaks against it, which is added to `check`.
  private func agree(
    on line: Line, _ index: Int, for customer: Customer, on day: Day, _ check: inout FieldCheck,
    in snapshot: Snapshot
  ) throws -> BlanketLine? {
    let sku = check.path.field("sku")
    guard let product = try Products.find(sku: line.sku, in: snapshot) else {
      check.refuse(MasterDataRejection.unknownProduct(field: sku, sku: line.sku).ifNamed(line.sku))
      return nil
    }
    let quantity = line.quantity.read(&check, "quantity", of: product)
    if Sourcing(product.kind) == nil {
      check.refuse(OrdersRejection.notForSale(field: sku, sku: line.sku))
    } else if product.kind == .madeToOrder, try Models.exist(for: product, in: snapshot) {
      check.refuse(BlanketRejection.configurable(field: sku, sku: line.sku))
    }
    if let refusal = try product.lifecycleRefusal(on: day, field: sku, in: snapshot) {
      check.refuse(refusal)
    }
    guard check.violations.isEmpty, let quantity else { return nil }
    guard
      let price = try Prices.price(
        of: product, for: customer, by: channel, quantity: quantity, as: customer.currency,
        on: day, in: snapshot)
    else {
      check.refuse(
        OrdersRejection.noPrice(
          field: sku, sku: line.sku, customer: customer.code, currency: customer.currency, day: day)
      )
      return nil
    }
    return BlanketLine(
      number: index + 1, product: product.id, sku: product.sku, description: product.name,
      unit: product.unit, agreed: quantity, unitPrice: price.unitPrice,
      isTaxIncluded: price.isTaxIncluded, priceExplanation: price.explanation)
  }
}

/// Ends a blanket order early. What is called off goes on.
package struct CloseBlanket: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, reason: String, by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Blanket {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var blanket = try Blankets.require(number: number, in: tx)
    try OrdersRejection.checkVersion(
      of: number, expected: expectedVersion, stored: blanket.version)
    guard blanket.closeReason == nil else { throw BlanketRejection.closed(blanket: number) }
    try BlanketTable.close(blanket.id, reason: reason, in: tx)
    blanket.closeReason = reason
    blanket.version += 1
    tx.record(
      DomainEvent(
        "blanket.closed", blanket.reference, [Fact("actor", actor), Fact("reason", reason)]))
    return blanket
  }
}
