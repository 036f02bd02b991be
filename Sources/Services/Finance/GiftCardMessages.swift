internal import Finance
internal import Messages
internal import Values

// Gift cards and points as messages.

extension FinanceV1.GiftCard {
  init(_ card: GiftCard, _ moves: [GiftCardMove] = []) {
    self.init(
      number: card.number, state: card.state.message, customerCode: card.customerCode ?? "",
      value: .init(card.value), balance: .init(card.balance),
      expiresOn: card.expiresOn.map { .init($0) }, issuedOn: .init(card.issuedOn),
      issuedBy: card.issuedBy, replacesNumber: card.replaces ?? "",
      replacedByNumber: card.replacedBy ?? "", reason: card.reason,
      moves: moves.map { move in
        .init(
          kind: move.kind.message, amount: .init(move.amount),
          paymentNumber: move.paymentNumber ?? "", orderNumber: move.order?.number ?? "",
          movedOn: .init(move.movedOn))
      })
  }
}

extension FinanceV1.GiftCardPolicy {
  init(_ policy: GiftCardPolicy) {
    self.init(
      version: policy.version, validMonths: Int32(policy.validMonths),
      highestValue: policy.highestValue.map { .init($0) }, reason: policy.reason,
      madeBy: policy.madeBy, madeAt: policy.madeAt.map { .init($0) })
  }
}

extension GiftCard.State {
  init?(_ message: FinanceV1.GiftCardState) {
    switch message {
    case .active: self = .active
    case .blocked: self = .blocked
    case .replaced: self = .replaced
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: FinanceV1.GiftCardState {
    switch self {
    case .active: .active
    case .blocked: .blocked
    case .replaced: .replaced
    }
  }
}

extension GiftCardMoveKind {
  var message: FinanceV1.GiftCardMoveKind {
    switch self {
    case .sold: .sold
    case .redeemed: .redeemed
    case .returned: .returned
    case .movedOut: .movedOut
    case .movedIn: .movedIn
    case .expired: .expired
    }
  }
}

extension FinanceV1.PointsProgramme {
  init(_ programme: PointsProgramme) {
    self.init(
      version: programme.version, validFrom: .init(programme.validFrom),
      moment: programme.moment == .delivery ? .delivery : .invoice,
      rates: programme.rates.map {
        .init(customerClass: $0.customerClass, pointsMicros: $0.micros)
      }, redemptionValue: .init(programme.value), fairValue: .init(programme.fairValue),
      minimumPoints: programme.minimum, validMonths: Int32(programme.validMonths),
      reason: programme.reason, madeBy: programme.madeBy, madeAt: .init(programme.madeAt))
  }
}

extension FinanceV1.PointsGrant {
  init(_ grant: PointsGrant) {
    self.init(
      orderNumber: grant.orderNumber ?? "", points: grant.remaining,
      grantedOn: .init(grant.grantedOn), expiresOn: grant.expiresOn.map { .init($0) })
  }
}

extension FinanceV1.PointsEntry {
  init(_ entry: PointsEntry) {
    self.init(
      kind: entry.kind.message, points: entry.points, orderNumber: entry.orderNumber ?? "",
      paymentNumber: entry.paymentNumber ?? "", enteredOn: .init(entry.enteredOn))
  }
}

extension PointsEntryKind {
  var message: FinanceV1.PointsEntryKind {
    switch self {
    case .earned: .earned
    case .takenBack: .takenBack
    case .redeemed: .redeemed
    case .returned: .returned
    case .expired: .expired
    case .offset: .offset
    }
  }
}

extension PointsMoment {
  init?(_ message: FinanceV1.PointsMoment) {
    switch message {
    case .delivery: self = .delivery
    case .invoice: self = .invoice
    case .unspecified, .unrecognized: return nil
    }
  }
}
