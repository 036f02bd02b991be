import Messages
import TestKit

private typealias Cards = FinanceV1.GiftCardServiceMethods
private typealias Loyalty = FinanceV1.PointsServiceMethods

/// How methods are asked that are about gift cards and points.
extension Probe {
  static let vouchers: [Probe] = [
    Probe(Cards.sellGiftCard) {
      FinanceV1.SellGiftCardRequest(
        amount: yuan("1.00"), method: .cash, customerCode: $0.customer)
    },
    // The code comes first: `DataScopeTests.cards` has one.
    Probe(Cards.redeemGiftCard, .blind) {
      FinanceV1.RedeemGiftCardRequest(code: "none", orderNumber: $0.order)
    },
    Probe(Cards.blockGiftCard) {
      FinanceV1.BlockGiftCardRequest(number: $0.card, reason: "lost")
    },
    Probe(Cards.replaceGiftCard, .blind) {
      FinanceV1.ReplaceGiftCardRequest(number: $0.card, reason: "lost")
    },
    Probe(Cards.getGiftCard) { FinanceV1.GetGiftCardRequest(number: $0.card) },
    Probe(Cards.listGiftCards, .lists) { _ in FinanceV1.ListGiftCardsRequest() },
    Probe(Cards.listGiftCards) { FinanceV1.ListGiftCardsRequest(customerCode: $0.customer) },
    Probe(Loyalty.redeemPoints) {
      FinanceV1.RedeemPointsRequest(orderNumber: $0.order, points: 1)
    },
    Probe(Loyalty.getPoints) { FinanceV1.GetPointsRequest(customerCode: $0.customer) },
    Probe(Loyalty.listPointsEntries) {
      FinanceV1.ListPointsEntriesRequest(customerCode: $0.customer)
    },
  ]
}
