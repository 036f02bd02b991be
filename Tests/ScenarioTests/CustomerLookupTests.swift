import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a customer is found though the till mistyped it")
struct CustomerLookupTests {
  private func found(
    _ shop: Shop, _ prefix: String
  ) async throws -> (codes: [String], isSimilar: Bool) {
    let page = try await shop.customers.listCustomers(.init(prefix: prefix))
    #expect(!page.similar || page.nextPageToken.isEmpty)
    return (page.customers.map(\.code), page.similar)
  }

  @Test("what begins with it goes before what is like it, and what is like nothing is nothing")
  func lookup() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let exact = try await found(shop, "zhangwei")
    #expect(exact.codes == ["CREDIT"] && !exact.isSimilar)
    let meant = try await found(shop, "zhagnwei")
    #expect(meant.codes == ["CREDIT"] && meant.isSimilar)
    let name = try await found(shop, "wangfeng")
    #expect(name.codes == ["VIP"] && name.isSimilar)
    let nobody = try await found(shop, "qqqqqq")
    #expect(nobody.codes == [] && !nobody.isSimilar)
    // One call more says all there is to say at the counter.
    let told = try await shop.customers.getCustomer(.init(code: meant.codes[0]))
    #expect(told.customer?.terms?.netDays == 30)
    #expect(told.credit?.limit == yuan("50000"))
    await shop.close()
  }
}
