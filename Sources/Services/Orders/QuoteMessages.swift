internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Quotes: messages to drafts and nouns to messages.

extension QuoteDraft {
  init(
    _ variants: [OrdersV1.QuoteVariantInput], _ validUntil: GoogleType.Date?, note: String
  ) throws {
    var reader = RequestReader()
    let day = reader.day(validUntil, "valid_until")
    try FailureStatus.refusing { try reader.check() }
    self.init(
      variants: try variants.enumerated().map { index, variant in
        Variant(
          title: variant.title,
          order: try OrderDraft(variant.order, in: "variants[\(index)]"))
      }, validUntil: day, note: note)
  }
}

extension QuoteState {
  /// Nil for a state that is not given or not known.
  init?(_ message: OrdersV1.QuoteState) {
    switch message {
    case .open: self = .open
    case .expired: self = .expired
    case .won: self = .won
    case .lost: self = .lost
    case .lapsed: self = .lapsed
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.QuoteState {
    switch self {
    case .open: .open
    case .expired: .expired
    case .won: .won
    case .lost: .lost
    case .lapsed: .lapsed
    }
  }
}

extension OrdersV1.Quote {
  /// As it stands on a day.
  init(_ offered: OfferedQuote, _ day: Day) {
    let quote = offered.quote
    self.init(
      number: quote.number, state: quote.state(on: day).message, version: quote.version,
      customerCode: quote.customerCode, customerName: quote.customerName,
      gross: TypeV1.Money(quote.gross), revisions: Int32(quote.revisions),
      revision: OrdersV1.QuoteRevision(offered.revision),
      wonVariantNumber: Int32(quote.wonVariant ?? 0), orderNumber: quote.orderNumber ?? "",
      reasonCode: quote.reasonCode, comment: quote.comment, createdBy: quote.createdBy,
      createTime: GoogleProtobuf.Timestamp(quote.createdAt),
      decidedOn: quote.decidedOn.map { GoogleType.Date($0) },
      opportunityNumber: quote.opportunityNumber ?? "")
  }
}

extension OrdersV1.QuoteRevision {
  /// `orders`: with what the variants would become.
  init(_ revision: QuoteRevision, orders: Bool = true) {
    self.init(
      revision: Int32(revision.revision), validUntil: GoogleType.Date(revision.validUntil),
      note: revision.note, createdBy: revision.createdBy,
      createTime: GoogleProtobuf.Timestamp(revision.createdAt),
      variants: revision.variants.map {
        .init(
          variantNumber: Int32($0.number), title: $0.title, gross: TypeV1.Money($0.order.gross),
          order: orders ? OrdersV1.Order($0.order) : nil)
      })
  }
}

extension OrdersV1.QuoteSummary {
  /// As it stands on a day.
  init(_ quote: Quote, _ day: Day) {
    self.init(
      number: quote.number, state: quote.state(on: day).message,
      customerCode: quote.customerCode, customerName: quote.customerName,
      gross: TypeV1.Money(quote.gross), revisions: Int32(quote.revisions),
      validUntil: GoogleType.Date(quote.validUntil), orderNumber: quote.orderNumber ?? "",
      createdBy: quote.createdBy, createTime: GoogleProtobuf.Timestamp(quote.createdAt),
      opportunityNumber: quote.opportunityNumber ?? "")
  }
}

extension QuoteReason {
  init(_ message: OrdersV1.QuoteReason, _ reader: inout RequestReader, field: String) {
    let outcome: QuoteState? =
      switch message.outcome {
      case .won: .won
      case .lost: .lost
      case .unspecified, .unrecognized: nil
      }
    self.init(
      code: message.code, text: message.text,
      outcome: reader.choice(outcome, message.outcome.rawValue, field + ".outcome") ?? .lost)
  }
}

extension OrdersV1.QuoteReason {
  init(_ reason: QuoteReason) {
    self.init(
      code: reason.code, text: reason.text, outcome: reason.outcome == .won ? .won : .lost)
  }
}
