import Messages
import RPC
import TestKit
import Testing

@Suite("Catalogue and customers over RPC")
struct CatalogServiceTests {
  @Test("a product comes back as it was sent; an unknown one is NOT_FOUND with its field")
  func products() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let table = try await shop.catalog.getProduct(.init(sku: "TABLE")).product
    #expect(
      table
        == .init(
          sku: "TABLE", name: "定制橡木桌", nameEnglish: "Oak table", kind: .madeToOrder,
          unitCode: "pcs", taxClass: "STANDARD", version: 1))
    let unknown = await refusal { try await shop.catalog.getProduct(.init(sku: "NONE")) }
    #expect(unknown?.code == .notFound)
    let warehouses = try await shop.catalog.listWarehouses(.init()).warehouses
    #expect(warehouses.map(\.code) == ["EAST", "MAIN"])
    await shop.close()
  }

  @Test("a price says which list it comes from and why; no price is NOT_FOUND")
  func prices() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let price = try await shop.catalog.getPrice(
      .init(customerCode: "CREDIT", sku: "CHAIR", quantity: pieces(3)))
    #expect(price.unitPrice == yuanEach("499"))
    #expect(price.priceListCode == "RETAIL")
    #expect(price.explanation?.steps.isEmpty == false)
    let none = await refusal {
      try await shop.catalog.getPrice(.init(customerCode: "CREDIT", sku: "BOARD"))
    }
    #expect(none?.code == .notFound)
    let unit = await refusal {
      try await shop.catalog.getPrice(
        .init(customerCode: "CREDIT", sku: "CHAIR", quantity: amount("1", "kg")))
    }
    #expect(reason(unit) == "WRONG_UNIT")
    await shop.close()
  }

  @Test("a new tax rate holds from its first day on")
  func taxRates() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let verdicts = try await shop.catalog.upsertTaxRates(
      .init(taxRates: [
        .init(
          taxClass: "STANDARD", rateMicros: 100_000, validFrom: .init(year: 2026, month: 3, day: 3))
      ]), options: shop.command()
    ).verdicts
    #expect(verdicts.map(\.outcome) == [.created])
    #expect(try await shop.place([("CHAIR", 1)]).lines.first?.taxRateMicros == 130_000)
    shop.clock.advance(days: 1)
    #expect(try await shop.place([("CHAIR", 1)]).lines.first?.taxRateMicros == 100_000)
    await shop.close()
  }

  @Test("the company's zone decides what day it is; its currency is fixed once used")
  func company() async throws {
    let shop = try await Shop.open()
    let before = try await shop.catalog.getCompany(.init()).company
    #expect(before?.baseCurrencyCode == "CNY")
    #expect(before?.timeZone == "Asia/Shanghai")
    let unknown = await refusal {
      try await shop.catalog.configureCompany(
        .init(company: .init(timeZone: "Asia/Atlantis")), options: shop.command())
    }
    #expect(unknown?.code == .invalidArgument)
    let after = try await shop.catalog.configureCompany(
      .init(company: .init(name: "木艺", timeZone: "Pacific/Honolulu")), options: shop.command())
    #expect(after.company?.name == "木艺")
    try await shop.furnish()
    try await shop.stock("LAMP", 1, cost: "80")
    // 09:00 on 2 March in Shanghai is still 1 March in Honolulu.
    let order = try await shop.place([("LAMP", 1)])
    try await shop.deliver(order.number)
    let shipment = try await shop.orders.listShipments(.init(orderNumber: order.number))
    #expect(shipment.shipments.first?.deliveredOn == .init(year: 2026, month: 3, day: 1))
    let currency = await refusal {
      try await shop.catalog.configureCompany(
        .init(company: .init(baseCurrencyCode: "EUR")), options: shop.command())
    }
    #expect(currency?.code == .failedPrecondition)
    await shop.close()
  }
}
