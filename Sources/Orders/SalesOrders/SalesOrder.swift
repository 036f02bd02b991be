package import Inventory
package import MasterData
package import Values

/// A customer's order: what was asked for, what was promised, and how far it is fulfilled.
package struct SalesOrder: Hashable, Sendable {
  package var id: ID<SalesOrder>
  /// "SO-2026-000123".
  package let number: String
  /// Counts the changes, from 1.
  package var version: Int64 = 1
  package var state: OrderState
  package let channel: Channel
  /// The caller's own number, unique within the channel.
  package let externalID: String?
  package internal(set) var customerCode: String
  /// The customer's name when the order was submitted; empty in a draft.
  package var customerName: String = ""
  /// Empty in a draft that names none.
  package internal(set) var warehouseCode: String
  package let currency: Currency
  /// Day on which the customer wants the goods; nil for as soon as possible.
  package internal(set) var requestedOn: Day?
  package let shortage: ShortageRule
  package let note: String
  /// On the whole order, as the caller asked for it.
  package internal(set) var discount: OrderDiscount?
  package let couponCodes: [String]
  package internal(set) var delivery: Delivery?
  /// Where parts of its lines go that go elsewhere; none in a draft.
  package internal(set) var places: [Delivery] = []
  /// What the customer asks for beside the goods; nil for nothing.
  package internal(set) var instructions: OrderInstructions?
  /// Who collects at the door what its shipments are worth, unless something else is arranged for
  /// one; nil where they are paid otherwise.
  package internal(set) var cashOnDelivery: CashOnDelivery.Collector?
  /// On what terms it is delivered across a border; nil where nobody has said.
  package internal(set) var tradeTerms: TradeTerms?
  /// The blanket order that it calls off from; nil for none.
  package let blanketNumber: String?
  package let createdBy: String
  package let createdAt: Instant
  /// The day of `createdAt` at the company's site.
  package let createdOn: Day
  /// Days from invoice to due date, as agreed when the order was submitted; 0: goods are paid
  /// before they leave.
  package var netDays: Int = 0
  /// How it is taxed and rounded, fixed when it is submitted.
  package var policy: TaxPolicy = .standard
  /// Of the day of its prices, fixed when it is submitted; nil in a draft, and where its currency
  /// is that of the books.
  package var rate: ExchangeRate?
  /// By what it was priced, fixed when it is submitted, as `PricingBasis` writes it: only a change
  /// of the order looks into it. Nil in a draft, and where nobody kept it.
  package internal(set) var storedBasis: String?
  /// Sums of the lines as ordered: cancelling a part does not change them.
  package var net: Money
  package var tax: Money
  package var gross: Money
  /// What must be paid before the workshop starts.
  package var depositRequired: Money
  package var approval: Approval = .none
  package var lines: [SalesOrderLine]

  /// What adjustments take away from all lines.
  package var reduction: Money {
    Money(minor: lines.reduce(0) { $0 + $1.reduction.minor }, currency: currency)
  }

  /// In which its limits, rules and costs are counted.
  package var baseCurrency: Currency { rate?.base ?? currency }

  /// An amount of the order in the base currency, at its rate.
  package func base(of amount: Money) throws(ArithmeticError) -> Money {
    try rate?.base(of: amount) ?? amount
  }

  package func baseGross() throws(ArithmeticError) -> Money { try base(of: gross) }

  package var reference: DocumentReference { DocumentReference(.salesOrder, number) }

  /// Goods leave only when they are paid, so that no credit is at risk.
  package var isPrepaid: Bool { netDays == 0 }

  func origin(of line: SalesOrderLine) -> Origin {
    Origin(.salesOrder, number, line: line.number)
  }

  /// With tax, of everything that is neither cancelled nor invoiced yet.
  func openToInvoice() throws(ArithmeticError) -> Money {
    var total = Money.zero(currency)
    for line in lines {
      total = try total + line.amount(from: line.invoiced, upTo: line.wanted).gross()
    }
    return total
  }

  /// With tax, of what has left and is not invoiced.
  func shippedToInvoice() throws(ArithmeticError) -> Money {
    var total = Money.zero(currency)
    // What was invoiced and then lost on the way has not left.
    for line in lines where line.shipped > line.invoiced {
      total = try total + line.amount(from: line.invoiced, upTo: line.shipped).gross()
    }
    return total
  }

  /// With tax, of everything that is not cancelled.
  func wantedGross() throws(ArithmeticError) -> Money {
    var total = Money.zero(currency)
    for line in lines { total = try total + line.amount(upTo: line.wanted).gross() }
    return total
  }

  /// Refuses an order that somebody else has changed since the caller read it.
  func expect(version expected: Int64?) throws {
    try OrdersRejection.checkVersion(of: number, expected: expected, stored: version)
  }

  /// Refuses `action` in any other state.
  func expect(_ action: String, in states: Set<OrderState>) throws {
    guard !states.contains(state) else { return }
    throw OrdersRejection.orderStateForbids(order: number, state: state, action: action)
  }

  /// Index in `lines`, by line number.
  func index(ofLine number: Int, field: @autoclosure () -> String) throws -> Int {
    // Lines are numbered from 1 without gaps and kept in that order.
    guard lines.indices.contains(number - 1) else {
      throw OrdersRejection.unknownLine(field: field(), order: self.number, line: number)
    }
    return number - 1
  }
}

/// Who must approve an order, or has.
package struct Approval: Hashable, Sendable {
  /// The first that must decide, or the last that has; nil when nobody needs to.
  package var requiredRole: String?
  /// The last who did; nil while pending or when nobody needed to.
  package var decidedBy: String?
  /// The rules that asked for it, or that waived it.
  package var explanation: Explanation
  /// What is asked for an order that is not written yet; nil when nothing is, and once it is.
  var demand: ApprovalDemand?
  /// Of the present round.
  package var steps: [ApprovalStep] = []
  /// Who submitted or changed the order when the round began.
  var askedBy: String?

  package var isPending: Bool { requiredRole != nil && decidedBy == nil }

  /// Not looked at yet.
  static let none = Approval(requiredRole: nil, decidedBy: nil, explanation: Explanation())
}
