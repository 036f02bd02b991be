import Foundation
import Messages
import RPC
import Services
import TestKit
import Testing

@testable import Storage

@Suite("Scenario: what has left and is not invoiced is told of the credit in use")
struct ShippedExposureTests {
  /// Of orders, of that what has left, and of invoices.
  private func used(_ shop: Shop, _ customer: String) async throws -> [Int64?] {
    let use = try await shop.customers.getCustomer(.init(code: customer)).credit
    return [use?.orders, use?.shipped, use?.invoices].map { $0?.minorUnits }
  }

  private func bring(_ shop: Shop, _ order: String, _ count: Int64) async throws {
    let shipment = try await shop.orders.prepareShipment(
      .init(orderNumber: order, lines: [.init(lineNumber: 1, quantity: pieces(count))]),
      options: shop.command())
    try await shop.deliver(shipment: shipment.shipment?.number ?? "")
  }

  @Test("it grows when goods leave and ends with the invoice; money is for what is here first")
  func life() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    let order = try await shop.place([("CHAIR", 4)], customer: "VIP").number
    #expect(try await used(shop, "VIP") == [225_548, 0, 0])
    try await bring(shop, order, 3)
    #expect(try await used(shop, "VIP") == [225_548, 169_161, 0])
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("500"), method: .card, orderNumber: order), options: shop.command())
    #expect(try await used(shop, "VIP") == [175_548, 169_161, 0])
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("500"), method: .card, orderNumber: order), options: shop.command())
    #expect(try await used(shop, "VIP") == [125_548, 125_548, 0])
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(try await used(shop, "VIP") == [56_387, 0, 69_161])
    _ = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish), options: shop.command())
    #expect(try await used(shop, "VIP") == [0, 0, 69_161])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func abroad(_ shop: Shop, _ code: String, _ rate: Int64, _ price: Int64) async throws {
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: code, micros: rate, units: code == "JPY" ? 100 : 1),
          validFrom: .init(year: 2026, month: 3, day: 2), source: "PBoC")
      ]), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "IN-\(code)", name: code, creditLimit: yuan("100000"), terms: .init(netDays: 30),
          currencyCode: code)
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "L-\(code)", name: code, currencyCode: code)]),
      options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "L-\(code)", sku: "CHAIR",
          unitPrice: .init(currencyCode: code, micros: price),
          validFrom: .init(year: 2026, month: 1, day: 1))
      ]), options: shop.command())
  }

  private func stored(_ database: Database) throws -> [String] {
    try database.writeBlocking { tx in
      try tx.all(
        """
        SELECT document_kind || ' ' || document_number || ' ' || shipped_minor
        FROM credit_exposure WHERE document_kind = 'SALES_ORDER'
        UNION ALL
        SELECT 'TOTAL ' || customer_id || ' ' || shipped_minor FROM credit_total
        ORDER BY 1
        """
      ) { $0.text(0) }
    }
  }

  @Test("a database from before is filled with just what the orders say, in any currency")
  func migrated() async throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("joinery-shipped-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let configuration = Database.Configuration(path: directory.path + "/shop.db")
    let shop = try await Shop.open(configuration)
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    try await abroad(shop, "USD", 7_123_457, 70_330_000)
    try await abroad(shop, "JPY", 4_711_111, 9_001_000_000)
    for customer in ["VIP", "IN-USD", "IN-JPY"] {
      for count: Int64 in [2, 5, 6] {
        let order = try await shop.place([("CHAIR", 7)], customer: customer).number
        try await bring(shop, order, count)
        if count == 5 {
          _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
          try await bring(shop, order, 1)
        }
      }
    }
    #expect(try await used(shop, "IN-JPY")[1] ?? 0 > 0)
    #expect(try await shop.violations() == [])
    await shop.close()

    let fill = try #require(
      Schema.migrations.first {
        $0.id.hasPrefix("orders-") && $0.id.hasSuffix("-shipped-exposure")
      })
    let now = TestClock().now
    let before = try Database.open(configuration, migrations: Schema.migrations, now: now)
    let wanted = try stored(before)
    #expect(wanted.count == 12 && !wanted.contains { $0.hasSuffix(" 0") }, "\(wanted)")
    try before.writeBlocking { tx in
      try tx.execute("UPDATE credit_exposure SET shipped_minor = 0")
      try tx.execute("UPDATE credit_total SET shipped_minor = 0")
    }
    before.close()
    let again = Schema.migrations + [Migration("again-0001-shipped-exposure", fill.sql)]
    let after = try Database.open(configuration, migrations: again, now: now)
    #expect(try stored(after) == wanted)
    after.close()
  }
}
