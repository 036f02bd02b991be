import Messages
import RPC
import TestKit
import Testing

@Suite("Two customers who are the same one")
struct MergedCustomerTests {
  @Test("the duplicate's orders, invoices, payments and credit are the other's, all at once")
  func merge() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "210")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "TWIN", name: "张伟(旧)", phone: "13911112222", creditLimit: yuan("50000"),
          terms: .init(netDays: 30))
      ]), options: shop.command())
    let kept = try await shop.place([("CHAIR", 1)])
    let sold = try await shop.place([("CHAIR", 2)], customer: "TWIN")
    try await shop.deliver(sold.number)
    let invoiced = try await shop.orders.invoiceOrder(
      .init(number: sold.number), options: shop.command())
    let paid = try await shop.finance.receivePayment(
      .init(customerCode: "TWIN", amount: yuan("100.00"), method: .cash),
      options: shop.command())
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 1)], customer: "TWIN")), options: shop.command())
    let before = try await shop.customers.getCustomer(.init(code: "CREDIT")).credit
    let merge = CustomersV1.MergeCustomersRequest(duplicateCode: "TWIN", intoCode: "CREDIT")
    // Rehearsed first: nothing of it stays.
    let rehearsed = try await shop.customers.mergeCustomers(
      merge, options: shop.command(dryRun: true))
    #expect(rehearsed.orders == 2)
    #expect(try await shop.customers.getCustomer(.init(code: "TWIN")).customer?.code == "TWIN")

    let merged = try await shop.customers.mergeCustomers(merge, options: shop.command())
    #expect(merged == rehearsed)
    #expect(merged.customer?.code == "CREDIT" && merged.customer?.name == "张伟")
    #expect(merged.invoices == 1 && merged.payments == 1)
    for number in [kept.number, sold.number, draft.order?.number ?? ""] {
      let order = try await shop.orders.getOrder(.init(number: number)).order
      #expect(order?.customerCode == "CREDIT", "\(number)")
    }
    let invoice = try await shop.finance.getInvoice(.init(number: invoiced.invoiceNumber)).invoice
    #expect(invoice?.customerCode == "CREDIT")
    let payment = try await shop.finance.getPayment(.init(number: paid.payment?.number ?? ""))
    #expect(payment.payment?.customerCode == "CREDIT")
    let after = try await shop.customers.getCustomer(.init(code: "CREDIT")).credit
    #expect(after?.invoices == invoice?.open)
    #expect(after?.orders == before?.orders)
    #expect(try await shop.violations() == [])
    try await names(shop, draft.order?.number ?? "")
    await shop.close()
  }

  @Test("people, places, tags, consents and temporary limits go along; what was preferred stays so")
  func details() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "210")
    for code in ["VIP", "CREDIT"] {
      let contact = try await shop.customers.setContact(
        .init(customerCode: code, contact: .init(role: .site, name: "of \(code)", preferred: true)),
        options: shop.command()
      ).contact
      _ = try await shop.customers.setAddress(
        .init(
          customerCode: code,
          address: .init(
            label: "of \(code)", regionCode: "330106", street: "x", contactId: contact?.id ?? 0,
            defaultForDelivery: true, defaultForInvoice: code == "VIP")),
        options: shop.command())
      _ = try await shop.customers.tagCustomer(
        .init(customerCode: code, add: ["both", code]), options: shop.command())
      _ = try await shop.customers.recordConsent(
        .init(
          customerCode: code,
          consent: .init(
            channel: .sms, purpose: .marketing, given: code == "VIP", source: code,
            textVersion: "v1")), options: shop.command())
      let grant = try await shop.customers.grantCredit(
        .init(
          customerCode: code, amount: yuan("1000"),
          validUntil: .init(year: 2026, month: 3, day: 9), reason: "fair"),
        options: shop.command()
      ).grant
      _ = try await shop.customers.decideCredit(
        .init(id: grant?.id ?? 0, approve: true), options: shop.command(by: "wang.fang"))
    }
    var order = shop.input([("CHAIR", 1)], customer: "VIP")
    let places = try await shop.customers.getCustomer(.init(code: "VIP")).addresses
    order.delivery = .init(addressId: try #require(places.first?.id))
    let placed = try #require(
      try await shop.orders.placeOrder(.init(order: order), options: shop.command()).order)
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "VIP", intoCode: "CREDIT"), options: shop.command())
    let told = try await shop.customers.getCustomer(.init(code: "VIP"))
    #expect(told.customer?.code == "CREDIT")
    #expect(told.contacts.map(\.name) == ["of CREDIT", "of VIP"])
    #expect(told.contacts.map(\.preferred) == [true, false])
    #expect(told.addresses.map(\.label) == ["of CREDIT", "of VIP"])
    #expect(told.addresses.map(\.defaultForDelivery) == [true, false])
    #expect(told.addresses.map(\.defaultForInvoice) == [false, true])
    #expect(told.addresses.map(\.contactId) == told.contacts.map(\.id))
    #expect(told.tags == ["both", "credit", "vip"])
    #expect(told.credit?.temporary == yuan("2000.00"))
    let said = try await shop.customers.listConsents(.init(customerCode: "CREDIT")).consents
    #expect(said.map(\.source) == ["CREDIT", "VIP"])
    // The order goes on going there, and others can.
    let again = try await shop.orders.placeOrder(
      .init(
        order: .init(
          channel: .phone, customerCode: "CREDIT", warehouseCode: "MAIN",
          lines: [.init(sku: "CHAIR", quantity: pieces(1))], shortageRule: .wait,
          delivery: .init(addressId: placed.delivery?.addressId ?? 0))),
      options: shop.command()
    ).order
    #expect(again?.delivery == placed.delivery)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("nobody gets more credit by it, and how the duplicate wants to be told is not lost")
  func limits() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(code: "TOP", name: "上", groupLimit: yuan("900000")),
        .init(code: "A", name: "甲", parentCode: "TOP", groupLimit: yuan("500000")),
        .init(code: "BELOW", name: "下", parentCode: "A"),
        .init(code: "B", name: "乙"),
      ]), options: shop.command())
    _ = try await shop.notifications.setNoticePreference(
      .init(
        preference: .init(
          customerCode: "A", locale: "en", quietHours: .init(fromMinute: 1_320, untilMinute: 420))),
      options: shop.command())
    let merged = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "A", intoCode: "B"), options: shop.command()
    ).customer
    #expect(merged?.groupLimit == yuan("500000"))
    #expect(merged?.parentCode == "TOP")
    let kept = try await shop.notifications.getNoticePreference(.init(customerCode: "B")).preference
    #expect(kept?.locale == "en" && kept?.quietHours != nil)
    #expect(
      try await shop.customers.getCustomer(.init(code: "BELOW")).customer?.parentCode == "B")
    // Who is erased is nobody that anything could be given to, or taken from.
    _ = try await shop.customers.eraseCustomer(
      .init(code: "CASH", reason: "asked"), options: shop.command())
    for (duplicate, into) in [("VIP", "CASH"), ("CASH", "VIP")] {
      let refused = await refusal {
        try await shop.customers.mergeCustomers(
          .init(duplicateCode: duplicate, intoCode: into), options: shop.command())
      }
      #expect(reason(refused) == "CUSTOMER_ERASED")
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// The old code goes on naming the one that is left.
  private func names(_ shop: Shop, _ draft: String) async throws {
    #expect(try await shop.customers.getCustomer(.init(code: "TWIN")).customer?.code == "CREDIT")
    let found = try await shop.customers.listCustomers(.init(prefix: "twi")).customers.map(\.code)
    #expect(found == ["CREDIT"])
    #expect(
      try await shop.customers.listCustomers(.init()).customers.map(\.code).contains("TWIN")
        == false)
    let again = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: "TWIN", name: "New")]), options: shop.command())
    #expect(again.verdicts[0].violations.map(\.reason) == ["CODE_TAKEN"])
    // A till that knows no better sells to the old code.
    let sold = try await shop.place([("CHAIR", 1)], customer: "TWIN")
    #expect(sold.customerCode == "CREDIT")
    let submitted = try await shop.orders.submitOrder(
      .init(number: draft), options: shop.command())
    #expect(submitted.order?.customerCode == "CREDIT")
    // It is still found by its old code after it was changed.
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "CREDIT", name: "张大伟", creditLimit: yuan("50000"), terms: .init(netDays: 30))
      ]), options: shop.command())
    let renamed = try await shop.customers.listCustomers(.init(prefix: "TWIN")).customers
    #expect(renamed.map(\.name) == ["张大伟"])
    for (duplicate, into, expected) in [
      ("NONE", "CREDIT", "UNKNOWN_CUSTOMER"), ("CASH", "NONE", "UNKNOWN_CUSTOMER"),
      ("CASH", "CASH", "MERGES_ITSELF"), ("TWIN", "CREDIT", "MERGES_ITSELF"),
      ("", "CREDIT", "REQUIRED"),
    ] {
      let refused = await refusal {
        try await shop.customers.mergeCustomers(
          .init(duplicateCode: duplicate, intoCode: into), options: shop.command())
      }
      #expect(reason(refused) == expected)
    }
    // Merged again, all names go along.
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "CREDIT", intoCode: "VIP"), options: shop.command())
    #expect(try await shop.customers.getCustomer(.init(code: "TWIN")).customer?.code == "VIP")
    #expect(try await shop.violations() == [])
  }
}
