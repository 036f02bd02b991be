package import MasterData
package import Storage
package import Values

/// Sells a gift card: the money that comes in is owed to whoever brings the code.
package struct SellGiftCard: Sendable {
  package let amount: Money
  package let method: PaymentMethod?
  /// The gateway's or bank's id of the payment; empty for none.
  package let externalReference: String
  /// Who buys it; empty where nobody said.
  package let customerCode: String
  /// Of the code.
  package let digest: [UInt8]
  /// Who asks.
  package let actor: String

  package init(
    amount: Money, method: PaymentMethod?, externalReference: String = "",
    customerCode: String = "", digest: [UInt8], by actor: String
  ) {
    self.amount = amount
    self.method = method
    self.externalReference = externalReference
    self.customerCode = customerCode
    self.digest = digest
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> GiftCard {
    let policy = try GiftCardPolicies.current(in: tx)
    let reference = externalReference.isEmpty ? nil : externalReference
    let method = try check(policy, reference, in: tx)
    let buyer =
      customerCode.isEmpty
      ? nil : try Customers.require(code: customerCode, field: "customer_code", in: tx)
    let card = GiftCard(
      id: ID(0), number: try DocumentNumbers.next(.giftCard, on: now.day, in: tx), state: .active,
      customer: buyer?.id, customerCode: buyer?.code, value: amount, balance: amount,
      issuedOn: now.day, issuedBy: actor, expiresOn: policy.lastDay(from: now.day), replaces: nil,
      replacedBy: nil, reason: "")
    let id = try GiftCardTable.insert(
      card, digest: digest, method: method, reference: reference, at: now, in: tx)
    _ = try GiftCardTable.move(id, .sold, amount, at: now, in: tx)
    try PostEntry(
      event: .giftCardSold, origin: Origin(.giftCard, card.number),
      text: "Gift card \(card.number) sold",
      postings: [Posting(debit: .bank, credit: .giftCards, amount: amount, party: buyer?.code)]
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "gift-card.sold", card.reference,
        [
          Fact("amount", amount), Fact("method", method.rawValue),
          Fact("customer", buyer?.code ?? ""),
          Fact("expires_on", card.expiresOn.map(\.description) ?? ""),
        ]))
    return try GiftCardTable.fetch(id, in: tx)
  }

  private func check(
    _ policy: GiftCardPolicy, _ reference: String?, in tx: Transaction
  ) throws -> PaymentMethod {
    var check = FieldCheck(.request)
    let base = try Companies.current(in: tx).baseCurrency
    if amount.minor <= 0 {
      check.refuse(FinanceRejection.amountNotPositive(field: "amount", given: amount))
      check.currency(amount.currency, "amount", base: base)
    } else {
      check.amount(amount, "amount", base: base)
      if let highest = policy.highestValue, amount.currency == highest.currency,
        amount.minor > highest.minor
      {
        check.refuse(
          GiftCardRejection.aboveHighestValue(field: "amount", given: amount, highest: highest))
      }
    }
    let method = check.required(method, "method")
    if let method { check.money(method, "method") }
    if let reference { check.text(reference, "external_reference", limit: 100) }
    try check.pass()
    guard let method else { throw MasterDataRejection.missingValue(field: "method") }
    if let reference {
      let other =
        try GiftCardTable.number(of: method, reference: reference, in: tx)
        ?? PaymentTable.number(of: method, reference: reference, in: tx)
      if let other {
        throw FinanceRejection.duplicateExternalReference(
          field: "external_reference", method: method, reference: reference, payment: other)
      }
    }
    return method
  }
}

extension FieldCheck {
  /// Refuses what brings no money in and takes none out.
  package mutating func money(
    _ method: PaymentMethod, _ name: String, orInstrument: Bool = false
  ) {
    guard !method.isMoney || (method.isInstrument && !orInstrument) else { return }
    refuse(GiftCardRejection.notMoney(field: path.field(name), method: method))
  }
}
