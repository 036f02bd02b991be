internal import MasterData
internal import Messages
internal import Values

// Values as messages of joinery.type.v1 and google.type.

extension TypeV1.Money {
  init(_ money: Money) {
    self.init(currencyCode: money.currency.code, minorUnits: money.minor)
  }
}

extension TypeV1.UnitPrice {
  init(_ price: UnitPrice) {
    self.init(currencyCode: price.currency.code, micros: price.micros)
  }
}

extension TypeV1.ExchangeRate {
  init(_ rate: ExchangeRate) {
    self.init(
      currencyCode: rate.currency.code, baseCurrencyCode: rate.base.code, micros: rate.micros,
      units: Int32(rate.units))
  }
}

extension TypeV1.Money {
  /// What an amount is worth in the base currency; nil where its document is in that.
  init?(base money: Money, by rate: ExchangeRate?) {
    guard rate != nil else { return nil }
    self.init(money)
  }

  /// Nil where nothing was gained or lost.
  init?(gain money: Money) {
    guard money.minor != 0 else { return nil }
    self.init(money)
  }
}

extension TypeV1.Quantity {
  init(_ quantity: Quantity, _ unit: String) {
    self.init(micros: quantity.micros, unitCode: unit)
  }
}

extension GoogleType.Date {
  init(_ day: Day) {
    self.init(year: Int32(day.year), month: Int32(day.month), day: Int32(day.day))
  }
}

extension GoogleProtobuf.Timestamp {
  init(_ instant: Instant) {
    let (seconds, rest) = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    // The fraction of a protobuf timestamp counts forward, also before 1970.
    self.init(
      seconds: rest < 0 ? seconds - 1 : seconds,
      nanos: Int32(rest < 0 ? rest + 1_000_000 : rest) * 1000)
  }
}

extension TypeV1.Fact {
  init(_ fact: Fact) { self.init(name: fact.name, value: fact.value) }
}

extension TypeV1.DocumentReference {
  init(_ document: DocumentReference) {
    self.init(kind: TypeV1.DocumentKind(document.kind), number: document.number)
  }
}

extension TypeV1.DocumentKind {
  init(_ kind: DocumentKind) {
    self =
      switch kind {
      case .salesOrder: .salesOrder
      case .shipment: .shipment
      case .invoice: .invoice
      case .payment: .payment
      case .workOrder: .workOrder
      case .requisition: .requisition
      case .purchaseOrder: .purchaseOrder
      case .goodsReceipt: .goodsReceipt
      case .supplierBill: .supplierBill
      case .stockAdjustment: .stockAdjustment
      case .journalEntry: .journalEntry
      case .configuration: .configuration
      case .masterData: .masterData
      case .principal: .principal
      case .quote: .quote
      case .blanketOrder: .blanketOrder
      case .customerReturn: .customerReturn
      case .creditNote: .creditNote
      case .complaint: .complaint
      case .exchange: .exchange
      case .appointment: .appointment
      case .showroomPiece: .showroomPiece
      case .giftCard: .giftCard
      case .opportunity: .opportunity
      case .dunningLetter: .dunningLetter
      case .payout: .payout
      case .transferOrder: .transferOrder
      }
  }
}

extension EventsV1.Event {
  init(_ committed: CommittedEvent) {
    let event = committed.event
    self.init(
      commitSequence: committed.sequence, ordinal: Int32(committed.ordinal),
      time: GoogleProtobuf.Timestamp(committed.at), type: event.type,
      subject: TypeV1.DocumentReference(event.subject),
      related: event.root == event.subject ? nil : TypeV1.DocumentReference(event.root),
      actor: committed.actor, facts: event.factList.map(TypeV1.Fact.init))
  }
}
