package import MasterData
package import Values

/// Money that is owed in goods to whoever brings a code (PRC: 单用途预付卡). What is on it is a
/// contract liability until goods are invoiced against it (IFRS 15, B44; ASBE 14, article 39); tax
/// arises with the invoice.
package struct GiftCard: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Can transition to any other state.
    case active = "ACTIVE"
    /// It was lost. Can transition to `replaced`.
    case blocked = "BLOCKED"
    /// Another has taken its place.
    case replaced = "REPLACED"
  }

  package let id: ID<GiftCard>
  /// "GC-2026-000009": public, and no code.
  package let number: String
  package internal(set) var state: State
  /// Who bought it; nil where nobody said.
  package let customer: ID<Customer>?
  package let customerCode: String?
  package let value: Money
  package internal(set) var balance: Money
  package let issuedOn: Day
  package let issuedBy: String
  /// The last day on which it pays; nil for ever.
  package internal(set) var expiresOn: Day?
  /// Numbers of the cards before and after it.
  package let replaces: String?
  package let replacedBy: String?
  package internal(set) var reason: String

  package var reference: DocumentReference { DocumentReference(.giftCard, number) }

  /// What it can pay on a day.
  package func available(on day: Day) -> Money {
    let pays = state == .active && expiresOn.map { day <= $0 } ?? true
    return pays ? balance : .zero(balance.currency)
  }
}

/// What may happen to a card.
package enum GiftCardMoveKind: String, Hashable, Sendable, CaseIterable {
  case sold = "SOLD"
  case redeemed = "REDEEMED"
  case returned = "RETURNED"
  case movedOut = "MOVED_OUT"
  case movedIn = "MOVED_IN"
  case expired = "EXPIRED"

  /// Whether it makes what is on the card more.
  var isIn: Bool { self == .sold || self == .returned || self == .movedIn }
}

/// Something that happened to a card.
package struct GiftCardMove: Hashable, Sendable {
  package let kind: GiftCardMoveKind
  package let amount: Money
  package let paymentNumber: String?
  package let order: DocumentReference?
  package let movedOn: Day
}
