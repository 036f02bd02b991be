package import Values

/// What is refused about gift cards, in the order in which it is checked.
package enum GiftCardRejection: Rejection, Hashable {
  /// Gift cards and points bring no money in.
  case notMoney(field: String, method: PaymentMethod)
  case unknownCard(field: String, number: String)
  case aboveHighestValue(field: String, given: Money, highest: Money)
  /// So many codes were wrong: the caller waits.
  case codesLocked(failures: Int, until: Instant)
  case unknownCode(field: String)
  case stateForbids(card: String, state: GiftCard.State, action: String)
  case expired(field: String, card: String, lastDay: Day)
  case notThatMuchOnIt(field: String, card: String, requested: Money, balance: Money)
  /// What is paid with a card or points is never more than what is to be paid.
  case moreThanOpen(field: String, document: DocumentReference, requested: Money, open: Money)
  case nothingOpen(document: DocumentReference)
}

extension GiftCardRejection {
  package var kind: RejectionKind {
    switch self {
    case .notMoney, .aboveHighestValue: .invalid
    case .unknownCard, .unknownCode: .notFound
    case .codesLocked, .stateForbids, .expired, .notThatMuchOnIt, .moreThanOpen, .nothingOpen:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .notMoney: "NOT_MONEY"
    case .unknownCard: "UNKNOWN_GIFT_CARD"
    case .aboveHighestValue: "GIFT_CARD_ABOVE_HIGHEST_VALUE"
    case .codesLocked: "GIFT_CARD_CODES_LOCKED"
    case .unknownCode: "UNKNOWN_GIFT_CARD_CODE"
    case .stateForbids: "GIFT_CARD_STATE_FORBIDS"
    case .expired: "GIFT_CARD_EXPIRED"
    case .notThatMuchOnIt: "NOT_THAT_MUCH_ON_GIFT_CARD"
    case .moreThanOpen: "MORE_THAN_OPEN"
    case .nothingOpen: "NOTHING_OPEN"
    }
  }

  package var message: String {
    switch self {
    case .notMoney(_, let method):
      method.isInstrument
        ? "\(method.rawValue) is no money before the bank has paid it"
        : "\(method.rawValue) brings no money in"
    case .unknownCard(_, let number): "There is no gift card \(number)"
    case .aboveHighestValue(_, let given, let highest):
      "\(given) is more than may be on a gift card, \(highest)"
    case .codesLocked(let failures, let until):
      "\(failures) codes of gift cards were wrong; wait until \(until)"
    case .unknownCode: "No gift card has this code"
    case .stateForbids(let card, let state, let action):
      "Gift card \(card) is \(state.rawValue): it cannot \(action)"
    case .expired(_, let card, let lastDay):
      "Gift card \(card) was good until \(lastDay)"
    case .notThatMuchOnIt(_, let card, let requested, let balance):
      "\(balance) is on gift card \(card); \(requested) was asked for"
    case .moreThanOpen(_, let document, let requested, let open):
      "\(open) is still to be paid for \(document); \(requested) was given"
    case .nothingOpen(let document): "Nothing is to be paid any more for \(document)"
    }
  }

  package var field: String? {
    switch self {
    case .notMoney(let field, _), .unknownCard(let field, _), .aboveHighestValue(let field, _, _),
      .unknownCode(let field), .expired(let field, _, _), .notThatMuchOnIt(let field, _, _, _),
      .moreThanOpen(let field, _, _, _):
      field
    case .codesLocked, .stateForbids, .nothingOpen: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .notMoney(_, let method): [Fact("method", method.rawValue)]
    case .unknownCard(_, let number): [Fact("number", number)]
    case .aboveHighestValue(_, let given, let highest):
      [Fact("given", given), Fact("highest", highest)]
    case .codesLocked(let failures, let until):
      [Fact("failures", failures), Fact("until", until)]
    case .unknownCode: []
    case .stateForbids(let card, let state, let action):
      [Fact("card", card), Fact("state", state.rawValue), Fact("action", action)]
    case .expired(_, let card, let lastDay): [Fact("card", card), Fact("last_day", lastDay)]
    case .notThatMuchOnIt(_, let card, let requested, let balance):
      [Fact("card", card), Fact("requested", requested), Fact("balance", balance)]
    case .moreThanOpen(_, let document, let requested, let open):
      [Fact("document", document), Fact("requested", requested), Fact("open", open)]
    case .nothingOpen(let document): [Fact("document", document)]
    }
  }
}
