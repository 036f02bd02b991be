/// The kinds of numbered documents of the whole house. A lower area points up with one of these and
/// never with a type of the higher area (law 3).
package enum DocumentKind: String, Hashable, Sendable, CaseIterable {
  case salesOrder = "SALES_ORDER"
  case shipment = "SHIPMENT"
  case invoice = "INVOICE"
  case payment = "PAYMENT"
  case workOrder = "WORK_ORDER"
  case requisition = "REQUISITION"
  case purchaseOrder = "PURCHASE_ORDER"
  case goodsReceipt = "GOODS_RECEIPT"
  case supplierBill = "SUPPLIER_BILL"
  case stockAdjustment = "STOCK_ADJUSTMENT"
  case journalEntry = "JOURNAL_ENTRY"
  /// A choice that somebody is still making.
  case configuration = "CONFIGURATION"
  /// Master data named by its own code: product, customer, supplier, …
  case masterData = "MASTER_DATA"
  /// Somebody who may be let in, named by its own name.
  case principal = "PRINCIPAL"
  /// What we offer a customer.
  case quote = "QUOTE"
  /// What a customer has agreed to take over time.
  case blanketOrder = "BLANKET_ORDER"
  /// Goods that a customer gives back.
  case customerReturn = "CUSTOMER_RETURN"
  /// What a customer need not pay of an invoice.
  case creditNote = "CREDIT_NOTE"
  /// What a customer is not content with.
  case complaint = "COMPLAINT"
  /// Goods that come back for others that go out.
  case exchange = "EXCHANGE"
  /// A part of a crew's slot that is taken for an order.
  case appointment = "APPOINTMENT"
  /// A piece that stands in a showroom.
  case showroomPiece = "SHOWROOM_PIECE"
  /// Money that is owed in goods to whoever brings a code.
  case giftCard = "GIFT_CARD"
  /// What a customer may buy some day.
  case opportunity = "OPPORTUNITY"
  /// What a customer is told of its overdue invoices.
  case dunningLetter = "DUNNING_LETTER"
  /// Money on account that goes back to a customer.
  case payout = "PAYOUT"
  /// Goods that one of our warehouses asks another one for.
  case transferOrder = "TRANSFER_ORDER"

  /// Prefix of the number series: sales orders are SO-2026-000123.
  package var prefix: String {
    switch self {
    case .salesOrder: "SO"
    case .shipment: "SH"
    case .invoice: "IN"
    case .payment: "PY"
    case .workOrder: "WO"
    case .requisition: "RQ"
    case .purchaseOrder: "PO"
    case .goodsReceipt: "GR"
    case .supplierBill: "SB"
    case .stockAdjustment: "SA"
    case .journalEntry: "JE"
    case .configuration: "CF"
    case .masterData: "MD"
    case .principal: "PR"
    case .quote: "QU"
    case .blanketOrder: "BO"
    case .customerReturn: "RT"
    case .creditNote: "CN"
    case .complaint: "CP"
    case .exchange: "EX"
    case .appointment: "AP"
    case .showroomPiece: "SP"
    case .giftCard: "GC"
    case .opportunity: "OP"
    case .dunningLetter: "DL"
    case .payout: "PB"
    case .transferOrder: "TO"
    }
  }
}

/// One document by kind and number ("SO-2026-000123").
package struct DocumentReference: Hashable, Sendable, CustomStringConvertible {
  package let kind: DocumentKind
  package let number: String

  package init(_ kind: DocumentKind, _ number: String) {
    self.kind = kind
    self.number = number
  }

  package var description: String { number }
}

/// Where a demand, a movement or a posting comes from: a document and, where it matters, its line
/// (0: the whole).
package struct Origin: Hashable, Sendable, CustomStringConvertible {
  package let document: DocumentReference
  package let line: Int

  package init(_ kind: DocumentKind, _ number: String, line: Int = 0) {
    self.document = DocumentReference(kind, number)
    self.line = line
  }

  package var kind: DocumentKind { document.kind }
  package var number: String { document.number }

  package var description: String { line == 0 ? number : "\(number)/\(line)" }
}
