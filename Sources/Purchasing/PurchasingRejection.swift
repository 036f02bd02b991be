package import Values

/// Everything that purchasing refuses, in the order in which it is checked: the shape of the
/// request first, then what it names, then the state it meets.
package enum PurchasingRejection: Rejection, Hashable {
  case tooManyLines(field: String, count: Int, limit: Int)
  case noLines(field: String)
  /// A line of the order is named twice.
  case duplicateLine(field: String, line: Int)
  /// Two lines of one order for the same requisition.
  case duplicateRequisition(field: String, number: String)
  case billedInFuture(field: String, given: Day, today: Day)
  case dueBeforeBilled(field: String, dueOn: Day, billedOn: Day)
  case unknownRequisition(field: String, number: String)
  case unknownPurchaseOrder(field: String, number: String)
  case unknownLine(field: String, order: String, line: Int)
  /// The supplier's delivery note was entered before.
  case duplicateDeliveryNote(field: String, supplier: String, note: String, receipt: String)
  /// The supplier's bill was entered before.
  case duplicateBillNumber(field: String, supplier: String, billNumber: String, bill: String)
  /// It is already ordered, or was cancelled.
  case requisitionNotOpen(field: String, number: String, state: RequisitionState)
  /// The line says another product or the order another warehouse than the requisition.
  case requisitionDiffers(field: String, number: String, asked: String, given: String)
  /// Less than the requisition needs: the rest would be forgotten.
  case belowRequisition(field: String, number: String, asked: Quantity, given: Quantity)
  /// Neither the line nor the supplier's list says what it costs.
  case noPrice(field: String, supplier: String, sku: String)
  /// It goes straight to the customer of a sales order.
  case dropShipped(field: String, order: String, customerOrder: String)
  case nothingToReceive(order: String)
  case nothingToBill(order: String)
  case nothingToCancel(order: String)
  /// More than is ordered and has not come.
  case overReceipt(field: String, order: String, line: Int, open: Quantity, given: Quantity)
  /// More than has come and was not billed.
  case overBilling(field: String, order: String, line: Int, billable: Quantity, given: Quantity)
}

extension PurchasingRejection {
  package var kind: RejectionKind {
    switch self {
    case .tooManyLines, .noLines, .duplicateLine, .duplicateRequisition, .billedInFuture,
      .dueBeforeBilled:
      .invalid
    case .unknownRequisition, .unknownPurchaseOrder, .unknownLine: .notFound
    case .duplicateDeliveryNote, .duplicateBillNumber: .alreadyExists
    case .requisitionNotOpen, .requisitionDiffers, .belowRequisition, .noPrice,
      .dropShipped, .nothingToReceive, .nothingToBill, .nothingToCancel, .overReceipt, .overBilling:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .tooManyLines: "TOO_MANY_LINES"
    case .noLines: "NO_LINES"
    case .duplicateLine: "DUPLICATE_LINE"
    case .duplicateRequisition: "DUPLICATE_REQUISITION"
    case .billedInFuture: "BILLED_IN_FUTURE"
    case .dueBeforeBilled: "DUE_BEFORE_BILLED"
    case .unknownRequisition: "UNKNOWN_REQUISITION"
    case .unknownPurchaseOrder: "UNKNOWN_PURCHASE_ORDER"
    case .unknownLine: "UNKNOWN_LINE"
    case .duplicateDeliveryNote: "DUPLICATE_DELIVERY_NOTE"
    case .duplicateBillNumber: "DUPLICATE_BILL_NUMBER"
    case .requisitionNotOpen: "REQUISITION_NOT_OPEN"
    case .requisitionDiffers: "REQUISITION_DIFFERS"
    case .belowRequisition: "BELOW_REQUISITION"
    case .noPrice: "NO_PURCHASE_PRICE"
    case .dropShipped: "DROP_SHIPPED"
    case .nothingToReceive: "NOTHING_TO_RECEIVE"
    case .nothingToBill: "NOTHING_TO_BILL"
    case .nothingToCancel: "NOTHING_TO_CANCEL"
    case .overReceipt: "OVER_RECEIPT"
    case .overBilling: "OVER_BILLING"
    }
  }

  package var message: String {
    switch self {
    case .tooManyLines(_, let count, let limit):
      "\(count) lines are more than the \(limit) that one document may have"
    case .noLines: "There is no line"
    case .duplicateLine(_, let line): "Line \(line) is named twice"
    case .duplicateRequisition(_, let number): "Requisition \(number) is named twice"
    case .billedInFuture(_, let given, let today):
      "The bill is dated \(given); today is \(today)"
    case .dueBeforeBilled(_, let dueOn, let billedOn):
      "The bill of \(billedOn) cannot be due on \(dueOn)"
    case .unknownRequisition(_, let number): "There is no requisition \(number)"
    case .unknownPurchaseOrder(_, let number): "There is no purchase order \(number)"
    case .unknownLine(_, let order, let line): "\(order) has no line \(line)"
    case .duplicateDeliveryNote(_, let supplier, let note, let receipt):
      "Delivery note \(note) of \(supplier) was entered as \(receipt)"
    case .duplicateBillNumber(_, let supplier, let billNumber, let bill):
      "Bill \(billNumber) of \(supplier) was entered as \(bill)"
    case .requisitionNotOpen(_, let number, let state):
      "\(number) is not open: it is \(state.rawValue.lowercased())"
    case .requisitionDiffers(_, let number, let asked, let given):
      "\(number) asks for \(asked), not for \(given)"
    case .belowRequisition(_, let number, let asked, let given):
      "\(number) asks for \(asked); \(given) are less"
    case .noPrice(_, let supplier, let sku): "\(supplier) has no price for \(sku)"
    case .dropShipped(_, let order, let customerOrder):
      "\(order) goes straight to the customer of \(customerOrder)"
    case .nothingToReceive(let order): "Nothing of \(order) is still to come"
    case .nothingToBill(let order): "Everything that came for \(order) is billed"
    case .nothingToCancel(let order): "\(order) has nothing left to cancel"
    case .overReceipt(_, let order, let line, let open, let given):
      "Line \(line) of \(order) waits for \(open), not for \(given)"
    case .overBilling(_, let order, let line, let billable, let given):
      "\(billable) of line \(line) of \(order) came and are not billed; \(given) are more"
    }
  }

  package var field: String? {
    switch self {
    case .tooManyLines(let field, _, _), .noLines(let field), .duplicateLine(let field, _),
      .duplicateRequisition(let field, _), .billedInFuture(let field, _, _),
      .dueBeforeBilled(let field, _, _), .unknownRequisition(let field, _),
      .unknownPurchaseOrder(let field, _), .unknownLine(let field, _, _),
      .duplicateDeliveryNote(let field, _, _, _), .duplicateBillNumber(let field, _, _, _),
      .requisitionNotOpen(let field, _, _), .requisitionDiffers(let field, _, _, _),
      .belowRequisition(let field, _, _, _), .noPrice(let field, _, _),
      .dropShipped(let field, _, _),
      .overReceipt(let field, _, _, _, _), .overBilling(let field, _, _, _, _):
      field
    case .nothingToReceive, .nothingToBill, .nothingToCancel: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .tooManyLines(_, let count, let limit): [Fact("count", count), Fact("limit", limit)]
    case .noLines: []
    case .duplicateLine(_, let line): [Fact("line", line)]
    case .billedInFuture(_, let given, let today): [Fact("given", given), Fact("today", today)]
    case .dueBeforeBilled(_, let dueOn, let billedOn):
      [Fact("due_on", dueOn), Fact("billed_on", billedOn)]
    case .duplicateRequisition(_, let number), .unknownRequisition(_, let number),
      .unknownPurchaseOrder(_, let number):
      [Fact("number", number)]
    case .unknownLine(_, let order, let line): [Fact("order", order), Fact("line", line)]
    case .duplicateDeliveryNote(_, let supplier, let note, let receipt):
      [Fact("supplier", supplier), Fact("delivery_note", note), Fact("receipt", receipt)]
    case .duplicateBillNumber(_, let supplier, let billNumber, let bill):
      [Fact("supplier", supplier), Fact("bill_number", billNumber), Fact("bill", bill)]
    case .requisitionNotOpen(_, let number, let state):
      [Fact("number", number), Fact("state", state.rawValue)]
    case .requisitionDiffers(_, let number, let asked, let given):
      [Fact("number", number), Fact("asked", asked), Fact("given", given)]
    case .belowRequisition(_, let number, let asked, let given):
      [Fact("number", number), Fact("asked", asked), Fact("given", given)]
    case .noPrice(_, let supplier, let sku): [Fact("supplier", supplier), Fact("sku", sku)]
    case .dropShipped(_, let order, let customerOrder):
      [Fact("order", order), Fact("customer_order", customerOrder)]
    case .nothingToReceive(let order), .nothingToBill(let order), .nothingToCancel(let order):
      [Fact("order", order)]
    case .overReceipt(_, let order, let line, let open, let given):
      [Fact("order", order), Fact("line", line), Fact("open", open), Fact("given", given)]
    case .overBilling(_, let order, let line, let billable, let given):
      [Fact("order", order), Fact("line", line), Fact("billable", billable), Fact("given", given)]
    }
  }
}
