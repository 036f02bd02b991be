import MasterData
package import Storage
package import Values

/// A rule of the Incoterms 2020.
package enum Incoterm: String, Hashable, Sendable, CaseIterable {
  case exw = "EXW"
  case fca = "FCA"
  case cpt = "CPT"
  case cip = "CIP"
  case dap = "DAP"
  case dpu = "DPU"
  case ddp = "DDP"
  case fas = "FAS"
  case fob = "FOB"
  case cfr = "CFR"
  case cif = "CIF"

  /// By sea and inland waterway, and for nothing else.
  var isForShipsOnly: Bool {
    switch self {
    case .fas, .fob, .cfr, .cif: true
    case .exw, .fca, .cpt, .cip, .dap, .dpu, .ddp: false
    }
  }
}

/// What was agreed about goods that cross a border.
package struct TradeTerms: Hashable, Sendable {
  package let incoterm: Incoterm
  /// Empty once the customer was erased.
  package let place: String

  package init(incoterm: Incoterm, place: String) {
    self.incoterm = incoterm
    self.place = place
  }
}

/// Says on what terms an order is delivered.
package struct SetTradeTerms: Sendable {
  package let orderNumber: String
  /// Nil takes back what was said.
  package let terms: TradeTerms?
  /// Who asks.
  package let actor: String

  package init(orderNumber: String, terms: TradeTerms?, by actor: String) {
    self.orderNumber = orderNumber
    self.terms = terms
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var check = FieldCheck(.request)
    if let terms { check.text(terms.place, "terms.named_place", limit: 100, required: true) }
    try check.pass()
    var order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(
      "say the trade terms of", in: Set(OrderState.allCases).subtracting([.cancelled]))
    guard order.tradeTerms != terms else { return order }
    if let gone = order.lines.first(where: \.shipped.isPositive) {
      throw CustomsRejection.termsFixed(
        field: "order_number", order: order.number, line: gone.number)
    }
    try SalesOrderTable.set(tradeTerms: terms, of: order.id, in: tx)
    order.tradeTerms = terms
    // The place may be where somebody lives: the order alone has it.
    tx.record(
      DomainEvent(
        "order.trade-terms-set", order.reference,
        [Fact("incoterm", terms?.incoterm.rawValue ?? ""), Fact("actor", actor)]))
    return order
  }
}

extension Incoterm: Bindable {}
