import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("Codes of gift cards")
struct GiftCardCodeTests {
  @Test("a code is shown once, and stands nowhere")
  func secrecy() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 2, cost: "80")
    let request = FinanceV1.SellGiftCardRequest(amount: yuan("100"), method: .cash)
    let sold = try await shop.giftCards.sellGiftCard(request, options: shop.command(key: "sale"))
    let again = try await shop.giftCards.sellGiftCard(request, options: shop.command(key: "sale"))
    #expect(!sold.code.isEmpty && again.code.isEmpty && again.giftCard == sold.giftCard)
    let shown = try await shop.giftCards.sellGiftCard(
      request, options: shop.command(dryRun: true))
    #expect(shown.code.isEmpty)
    let order = try await shop.place([("LAMP", 1)]).number
    _ = try await shop.giftCards.redeemGiftCard(
      .init(code: sold.code, orderNumber: order, amount: yuan("40")), options: shop.command())
    _ = await refusal {
      try await shop.giftCards.redeemGiftCard(
        .init(code: "\(sold.code)x", orderNumber: order), options: shop.command())
    }
    _ = try await shop.giftCards.checkGiftCard(
      .init(code: sold.code), options: shop.command())
    let codes = [Array(sold.code.utf8), Array(sold.code.filter { $0 != "-" }.utf8)]
    let kept = try await shop.database.read { snapshot in
      try snapshot.all("SELECT request, reply, changes FROM command") { row in
        row.blob(0) + row.blob(1) + row.blob(2)
      }
        + snapshot.all("SELECT CAST(facts AS BLOB) FROM event") { $0.blob(0) }
    }
    #expect(kept.count > 20)
    for code in codes { #expect(!kept.contains { $0.contains(code) }) }
    await shop.close()
  }
}
