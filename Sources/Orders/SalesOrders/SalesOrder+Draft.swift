import Inventory
import MasterData
import Values

extension SalesOrder {
  /// A new order as the caller wrote it: nothing looked up, nothing priced. Its id is given by the
  /// table.
  init(draft: OrderDraft, number: String, currency: Currency, by actor: String, at now: Moment) {
    let nothing = Money.zero(currency)
    self.init(
      id: ID(0), number: number, state: .draft, channel: draft.channel,
      externalID: draft.externalID.isEmpty ? nil : draft.externalID,
      customerCode: draft.customerCode, warehouseCode: draft.warehouseCode, currency: currency,
      requestedOn: draft.requestedOn, shortage: draft.shortage, note: draft.note,
      discount: draft.discount, couponCodes: draft.couponCodes, delivery: draft.delivery,
      instructions: draft.instructions, cashOnDelivery: draft.cashOnDelivery,
      blanketNumber: draft.blanketNumber.isEmpty ? nil : draft.blanketNumber, createdBy: actor,
      createdAt: now.instant, createdOn: now.day,
      net: nothing, tax: nothing,
      gross: nothing, depositRequired: nothing, lines: [])
    lines = draft.lines.enumerated().map { index, line in
      SalesOrderLine(
        number: index + 1, product: nil, sku: line.sku, description: "", unit: line.quantity.unit,
        sourcing: nil, ordered: line.quantity.quantity, schedules: line.schedules,
        unitPrice: UnitPrice(micros: 0, currency: currency),
        discount: line.discount, net: nothing, taxRate: .zero, tax: nothing, note: line.note,
        instructions: line.instructions, priceExplanation: Explanation(), choice: line.choice)
    }
  }

  /// The order as it was written, to be submitted again: without its charges, which follow anew.
  var draft: OrderDraft {
    var draft = OrderDraft(
      channel: channel, externalID: externalID ?? "", customerCode: customerCode,
      warehouseCode: warehouseCode,
      lines: lines.filter(\.charge.isEmpty).map { line in
        var draft = OrderDraft.Line(
          sku: line.sku, quantity: line.asked ?? GivenQuantity(line.ordered, unit: line.unit),
          discount: line.discount, note: line.note)
        draft.choice = line.choice
        draft.instructions = line.instructions
        draft.schedules = line.schedules
        return draft
      },
      requestedOn: requestedOn, shortage: shortage, note: note, discount: discount,
      couponCodes: couponCodes, delivery: delivery, blanketNumber: blanketNumber ?? "",
      currency: currency, instructions: instructions, cashOnDelivery: cashOnDelivery)
    draft.places = places
    return draft
  }

  /// Takes over what submitting decided.
  mutating func take(_ submission: Submission) {
    let priced = submission.priced
    state = .submitted
    // A draft may have named it as it was called before it was merged.
    customerCode = priced.customer.code
    customerName = priced.customer.name
    warehouseCode = submission.warehouse.code
    netDays = priced.customer.terms.netDays
    policy = priced.policy
    rate = priced.rate
    storedBasis = priced.basis.storedText
    lines = priced.lines
    delivery = priced.delivery
    places = priced.places
    net = priced.net
    tax = priced.tax
    gross = priced.gross
    depositRequired = priced.depositRequired
    approval = priced.approval
  }

  /// The refusal of an order whose channel already knows its external id.
  func externalIDTaken(by order: String) -> OrdersRejection {
    .externalIDTaken(
      field: "order.external_id", channel: channel, externalID: externalID ?? "", order: order)
  }
}
