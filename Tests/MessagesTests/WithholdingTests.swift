import Messages
import RPC
import Testing

@Suite("What a reader may not know is taken out of messages")
struct WithholdingTests {
  private func kept<M: WireMessage>(
    _ message: M, lacking: Set<String>, facts: [String: String] = [:]
  ) throws -> (M, Set<String>) {
    let withholding = try #require(
      Withholding(from: M.fullName, lacking: lacking, facts: facts))
    let (bytes, missing) = try withholding.apply(to: message.encoded())
    return (try M(wire: bytes), missing)
  }

  private let customer = CustomersV1.Customer(
    code: "C-1", name: "张伟", phone: "139", address: "Road 1",
    creditLimit: .init(currencyCode: "CNY", minorUnits: 200),
    terms: .init(netDays: 30), version: 7)

  @Test("fields of the permissions that are lacking, at any depth, and nothing else")
  func fields() throws {
    let page = CustomersV1.ListCustomersResponse(
      customers: [customer, .init(code: "C-2", name: "B")], nextPageToken: "next")
    let (personal, missing) = try kept(page, lacking: ["personal.read", "cost.read"])
    var bare = customer
    bare.phone = ""
    bare.address = ""
    #expect(personal.customers == [bare, page.customers[1]])
    #expect(personal.nextPageToken == "next")
    #expect(missing == ["personal.read"])
    let (credit, missingCredit) = try kept(
      CustomersV1.GetCustomerResponse(
        customer: customer, credit: .init(limit: customer.creditLimit)),
      lacking: ["credit.read"])
    #expect(credit.customer?.creditLimit == nil && credit.customer?.phone == "139")
    #expect(credit.credit == CustomersV1.CreditUse())
    #expect(missingCredit == ["credit.read"])
  }

  @Test("nothing is missing where there was nothing to withhold, and the bytes are the same")
  func nothingThere() throws {
    let plain = CustomersV1.Customer(code: "C-2", name: "B")
    let (same, missing) = try kept(plain, lacking: ["personal.read", "credit.read"])
    #expect(same == plain && missing.isEmpty)
    #expect(Withholding(from: CustomersV1.Customer.fullName, lacking: ["cost.read"]) == nil)
    #expect(Withholding(from: "joinery.orders.v1.GetOrderRequest", lacking: ["cost.read"]) == nil)
  }

  @Test("facts by their names, wherever they stand; the name stays")
  func facts() throws {
    let explanation = TypeV1.Explanation(
      steps: [
        .init(
          rule: "CREDIT", text: "too much",
          facts: [.init(name: "credit_limit", value: "200"), .init(name: "line", value: "1")])
      ])
    let (kept, missing) = try kept(
      explanation, lacking: ["credit.read"],
      facts: ["credit_limit": "credit.read", "line": "cost.read"])
    #expect(
      kept.steps[0].facts == [.init(name: "credit_limit"), .init(name: "line", value: "1")])
    #expect(missing == ["credit.read"])
  }

  @Test("what is no encoding of the message is refused, not passed on")
  func malformed() throws {
    let withholding = try #require(
      Withholding(from: CustomersV1.GetCustomerResponse.fullName, lacking: ["credit.read"]))
    // Field 1 is a message; here it is a number, and a length that is too long.
    for bytes: [UInt8] in [[0x08, 1], [0x0A, 5, 1], [0x0A]] {
      #expect(throws: WireError.malformed) { try withholding.apply(to: bytes) }
    }
  }

  @Test("every field of an answer that speaks of cost, credit or people says who is told it")
  func declared() {
    let telling = /cost|margin|credit|exposure|phone|address|e_?mail|birth|hourly/
    // Not what they seem.
    let harmless: Set = [
      // What a carrier's remittance was credited with; who reads the books reads it.
      "joinery.orders.v1.Remittance.credited",
      // Ledger accounts have debits and credits; who reads the books reads them.
      "joinery.orders.v1.ValidationRule.credit",
      "joinery.finance.v1.JournalLine.credit_account",
      "joinery.finance.v1.JournalLine.credit_account_name",
      "joinery.finance.v1.AccountBalance.credits",
      "joinery.finance.v1.AccountBalance.base_credits",
      "joinery.finance.v1.GetTrialBalanceResponse.credits",
      // The use of credit as a whole: its parts declare themselves.
      "joinery.customers.v1.GetCustomerResponse.credit",
      "joinery.customers.v1.GetCustomerOverviewResponse.credit",
      // Wholes whose parts declare themselves, too, and a number that tells nothing by itself.
      "joinery.customers.v1.GetCustomerResponse.addresses",
      "joinery.customers.v1.GetCustomerResponse.credit_grants",
      "joinery.customers.v1.GetCustomerOverviewResponse.addresses",
      "joinery.customers.v1.GetCustomerOverviewResponse.credit_grants",
      "joinery.customers.v1.ExportCustomerResponse.address",
      "joinery.customers.v1.ExportCustomerResponse.credit_grant",
      "joinery.customers.v1.SetAddressResponse.address",
      "joinery.customers.v1.ExportCustomerResponse.delivery_address",
      "joinery.orders.v1.GetDeliveryAddressResponse.address",
      "joinery.orders.v1.GetLabelsResponse.address",
      "joinery.orders.v1.GetCustomsDocumentResponse.address",
      "joinery.orders.v1.Delivery.address_id", "joinery.orders.v1.DeliveryPlace.address",
      "joinery.orders.v1.LineSchedule.address_id", "joinery.orders.v1.ScheduleInput.address_id",
      "joinery.orders.v1.Appointment.address_id", "joinery.orders.v1.Shipment.address_id",
      "joinery.customers.v1.ExternalId.address_id",
      // What a customer need not pay any more: no less public than its invoice.
      "joinery.finance.v1.Invoice.credited", "joinery.finance.v1.ConsolidatedInvoice.credited",
      "joinery.finance.v1.WaiveDunningClaimResponse.credit_note_numbers",
      "joinery.finance.v1.GetCreditNoteResponse.credit_note",
      "joinery.aftersales.v1.CustomerReturn.credit_note_numbers",
      "joinery.aftersales.v1.CustomerReturn.credited",
      "joinery.aftersales.v1.CreditReturnResponse.credit_notes",
      "joinery.aftersales.v1.Exchange.credited",
      // From which margin down somebody must approve: a rule, and nothing that an order earns.
      "joinery.orders.v1.ApprovalRule.margin_below_micros",
      "joinery.pricing.v1.PriceRule.target_margin_micros",
      "joinery.pricing.v1.PriceRule.floor_margin_micros",
      // Up to which limit one person alone may give credit: a rule, and nobody's credit.
      "joinery.catalog.v1.Company.credit_limit_alone",
      // How often somebody is told within an hour, and nobody's wage.
      "joinery.notifications.v1.NoticeRule.hourly_limit",
      "joinery.automation.v1.Rule.hourly_limit",
    ]
    var seen: Set<String> = []
    var missing: [String] = []
    func visit(_ type: String) {
      guard seen.insert(type).inserted else { return }
      for field in DescriptorPool.joinery.message(type)?.fields ?? [] {
        let name = "\(type).\(field.name)"
        if field.name.contains(telling), field.readPermission.isEmpty, !harmless.contains(name) {
          missing.append(name)
        }
        if field.kind == .message { visit(field.typeName) }
      }
    }
    for method in DescriptorPool.joinery.services.flatMap(\.methods) { visit(method.output) }
    #expect(missing.isEmpty, "\(missing.sorted())")
    #expect(
      DescriptorPool.joinery.readPermissions == ["cost.read", "credit.read", "personal.read"])
  }
}
