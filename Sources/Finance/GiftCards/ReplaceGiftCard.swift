import MasterData
package import Storage
package import Values

/// Blocks a card that was lost: nobody pays with it from now on.
package struct BlockGiftCard: Sendable {
  package let number: String
  package let reason: String

  package init(number: String, reason: String) {
    self.number = number
    self.reason = reason
  }

  package func run(in tx: Transaction, at now: Moment) throws -> GiftCard {
    var card = try GiftCard.toStop(number, reason, in: tx)
    guard card.state == .active else {
      throw GiftCardRejection.stateForbids(
        card: card.number, state: card.state, action: "be blocked")
    }
    card.state = .blocked
    card.reason = reason
    try GiftCardTable.update(card, in: tx)
    tx.record(DomainEvent("gift-card.blocked", card.reference, [Fact("reason", reason)]))
    return card
  }
}

/// Moves what is on a card to a new one with another code. Nothing is posted: as much is owed as
/// before.
package struct ReplaceGiftCard: Sendable {
  package let number: String
  package let reason: String
  /// Of the new code.
  package let digest: [UInt8]
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, digest: [UInt8], by actor: String) {
    self.number = number
    self.reason = reason
    self.digest = digest
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> GiftCard {
    var old = try GiftCard.toStop(number, reason, in: tx)
    guard old.state != .replaced else {
      throw GiftCardRejection.stateForbids(
        card: old.number, state: old.state, action: "be replaced")
    }
    let balance = old.balance
    old.state = .replaced
    old.reason = reason
    let card = GiftCard(
      id: ID(0), number: try DocumentNumbers.next(.giftCard, on: now.day, in: tx), state: .active,
      customer: old.customer, customerCode: old.customerCode, value: balance, balance: balance,
      issuedOn: now.day, issuedBy: actor, expiresOn: old.expiresOn, replaces: old.number,
      replacedBy: nil, reason: "")
    let id = try GiftCardTable.insert(
      card, digest: digest, method: nil, reference: nil, replaces: old.id, at: now, in: tx)
    if balance.minor > 0 {
      _ = try GiftCardTable.move(old.id, .movedOut, balance, at: now, in: tx)
      _ = try GiftCardTable.move(id, .movedIn, balance, at: now, in: tx)
    }
    try GiftCardTable.update(old, in: tx)
    tx.record(
      DomainEvent(
        "gift-card.replaced", old.reference,
        [
          Fact("by", card.number), Fact("amount", balance), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    return try GiftCardTable.fetch(id, in: tx)
  }
}

extension GiftCard {
  fileprivate static func toStop(
    _ number: String, _ reason: String, in tx: Transaction
  ) throws -> GiftCard {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    return try GiftCards.require(number: number, field: "number", in: tx)
  }
}

/// Books what is left on cards whose last day is over as income (IFRS 15, B46: breakage, which is
/// not estimated ahead here but booked when it is certain, and only when somebody says so).
package struct ExpireGiftCards: Sendable {
  package static let limit = 500

  package let reason: String
  /// Who asks.
  package let actor: String

  package init(reason: String, by actor: String) {
    self.reason = reason
    self.actor = actor
  }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (cards: Int, amount: Money, more: Bool) {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let found = try GiftCardTable.ended(before: now.day, limit: Self.limit + 1, in: tx)
    var total = Money.zero(try Companies.current(in: tx).baseCurrency)
    for card in found.prefix(Self.limit) {
      guard
        let move = try GiftCardTable.move(card.id, .expired, card.balance, at: now, in: tx)
      else { continue }
      try PostEntry(
        event: .giftCardExpired, origin: Origin(.giftCard, card.number), occurrence: move,
        text: "Gift card \(card.number) was good until \(card.expiresOn.map(\.description) ?? "")",
        postings: [
          Posting(
            debit: .giftCards, credit: .breakage, amount: card.balance, party: card.customerCode)
        ]
      ).run(in: tx, at: now)
      tx.record(
        DomainEvent(
          "gift-card.expired", card.reference,
          [Fact("amount", card.balance), Fact("actor", actor), Fact("reason", reason)]))
      total = try total + card.balance
    }
    return (min(found.count, Self.limit), total, found.count > Self.limit)
  }
}
