import Finance
import Storage
import Testing
import Values

/// One business event and what it does to the accounts.
struct Template: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let balances: [String]
  let entry: @Sendable () throws -> PostEntry?

  static let bill = Origin(.supplierBill, "SB-1")
  static let order = Origin(.workOrder, "WO-1")

  static func billed(_ received: Int64, _ billed: Int64, tax: Int64) throws -> PostEntry? {
    try .supplierBilled(
      bill, supplier: "MILL", received: cny(received), billed: cny(billed), tax: cny(tax),
      text: "Bill")
  }

  static func compensated(_ event: PostingEvent) -> PostEntry {
    .compensation(
      event, Origin(.salesOrder, "SO-1"), occurrence: 1, amount: cny(9), owed: cny(9),
      customer: "ANNA")
  }

  static let all = [
    Template(
      testDescription: "bill at the price of the receipt",
      balances: ["payable -113.00", "goodsReceivedNotInvoiced 100.00", "inputVAT 13.00"]
    ) { try billed(100, 100, tax: 13) },
    Template(
      testDescription: "bill above the price of the receipt",
      balances: ["payable -110.00", "goodsReceivedNotInvoiced 100.00", "priceVariance 10.00"]
    ) { try billed(100, 110, tax: 0) },
    Template(
      testDescription: "bill below the price of the receipt",
      balances: [
        "payable -101.00", "goodsReceivedNotInvoiced 100.00", "inputVAT 11.00",
        "priceVariance -10.00",
      ]
    ) { try billed(100, 90, tax: 11) },
    Template(
      testDescription: "bill of nothing for goods of a value",
      balances: ["goodsReceivedNotInvoiced 100.00", "priceVariance -100.00"]
    ) { try billed(100, 0, tax: 0) },
    Template(testDescription: "bill of nothing for nothing", balances: []) {
      try billed(0, 0, tax: 0)
    },
    Template(
      testDescription: "labour", balances: ["workInProgress 40.00", "labourAbsorbed -40.00"]
    ) { .labourAbsorbed(order, occurrence: 1, amount: cny(40), text: "Sanding") },
    Template(
      testDescription: "more went into a work order than came out",
      balances: ["workInProgress -7.00", "productionVariance 7.00"]
    ) { try .productionSettled(order, residual: cny(7), text: "Closed") },
    Template(
      testDescription: "less went into a work order than came out",
      balances: ["workInProgress 7.00", "productionVariance -7.00"]
    ) { try .productionSettled(order, residual: cny(-7), text: "Closed") },
    Template(
      testDescription: "compensation owed",
      balances: ["otherPayable -9.00", "compensationExpense 9.00"]
    ) { compensated(.compensationOwed) },
    Template(
      testDescription: "compensation paid", balances: ["bank -9.00", "otherPayable 9.00"]
    ) { compensated(.compensationPaid) },
    Template(
      testDescription: "compensation withdrawn",
      balances: ["otherPayable 9.00", "compensationExpense -9.00"]
    ) { compensated(.compensationWithdrawn) },
    Template(
      testDescription: "goods delivered",
      balances: ["goodsDispatched -55.00", "costOfSales 55.00"]
    ) {
      .stockMoved(
        .goodsDelivered, Origin(.shipment, "SH-1", line: 1), move: 9, debit: .costOfSales,
        credit: .goodsDispatched, value: cny(55), text: "Delivered")
    },
  ]
}

@Suite("Posting templates")
struct PostingTemplatesTests {
  @Test("debit and credit the accounts of the event", arguments: Template.all)
  func posts(_ template: Template) async throws {
    let books = try await Books()
    try await books.write { tx in _ = try template.entry()?.run(in: tx, at: Books.now) }
    #expect(try await books.balances() == template.balances)
    #expect(try await books.violations() == [])
  }
}
