package import MasterData
package import Storage
package import Values

/// Pays for a document with a gift card: what was owed on the card is owed for the document, as if
/// money had come in. How much may be paid is the caller's to know.
package struct RedeemGiftCard: Sendable {
  package let card: GiftCard
  package let customer: Customer
  package let document: DocumentReference
  /// Greater than 0.
  package let amount: Money

  package init(
    _ card: GiftCard, of customer: Customer, for document: DocumentReference, amount: Money
  ) {
    self.card = card
    self.customer = customer
    self.document = document
    self.amount = amount
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payment {
    guard card.state == .active else {
      throw GiftCardRejection.stateForbids(card: card.number, state: card.state, action: "pay")
    }
    if let last = card.expiresOn, last < now.day {
      throw GiftCardRejection.expired(field: "code", card: card.number, lastDay: last)
    }
    let payment = try ReceivePayment(
      customer: customer, amount: amount, method: .giftCard, earmark: document, receivedOn: now.day
    ).store(as: .giftCard, reference: nil, at: now, in: tx)
    guard
      try GiftCardTable.move(card.id, .redeemed, amount, of: payment.id, at: now, in: tx) != nil
    else {
      throw GiftCardRejection.notThatMuchOnIt(
        field: "amount", card: card.number, requested: amount, balance: card.balance)
    }
    try PostEntry(
      event: .giftCardRedeemed, origin: Origin(.payment, payment.number),
      text: "Gift card \(card.number) paid \(payment.number)",
      postings: [
        Posting(debit: .giftCards, credit: .customerDeposits, amount: amount, party: customer.code)
      ]
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "gift-card.redeemed", card.reference, related: document,
        [Fact("amount", amount), Fact("payment", payment.number)]))
    return try payment.payOpenInvoices(of: customer, in: tx, at: now)
  }
}

extension GiftCard {
  /// Puts a part of a payment that was made with a card, and that no invoice has used, on the card
  /// again, or on the one that has taken its place. One whose last day is over is good for as long
  /// as a new one.
  static func takeBack(
    _ amount: Money, of payment: Payment, in tx: Transaction, at now: Moment
  ) throws -> GiftCard {
    guard let source = try GiftCardTable.source(of: payment.id, in: tx) else {
      throw MissingRow("gift_card_move", payment.id.value)
    }
    var card = source.card
    _ = try GiftCardTable.move(card.id, .returned, amount, of: source.payment, at: now, in: tx)
    if let last = card.expiresOn, last < now.day {
      card.expiresOn = try GiftCardPolicies.current(in: tx).lastDay(from: now.day)
      try GiftCardTable.update(card, in: tx)
    }
    tx.record(
      DomainEvent(
        "gift-card.credited", card.reference, related: payment.earmark,
        [Fact("amount", amount), Fact("payment", payment.number)]))
    return card
  }
}
