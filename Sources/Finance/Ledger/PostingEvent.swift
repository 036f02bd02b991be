/// The business events that post, one template each (DOMAIN 5.13). With its origin an event is
/// unique in the journal, so that nothing is posted twice.
package enum PostingEvent: String, Hashable, Sendable, CaseIterable {
  /// Bank, bills receivable for a cheque, or carriers' receivable where a carrier has collected it
  /// / customer deposits.
  case paymentReceived = "PAYMENT_RECEIVED"
  /// Bank and collection fees / carriers' receivable, and what is owed to carriers.
  case collectionRemitted = "COLLECTION_REMITTED"
  /// Owed to carriers / carriers' receivable or bank; credit losses / carriers' receivable.
  case remittanceSettled = "REMITTANCE_SETTLED"
  /// Carriers' claims / compensation income.
  case carrierClaimAccepted = "CARRIER_CLAIM_ACCEPTED"
  /// Bank / carriers' claims.
  case carrierClaimPaid = "CARRIER_CLAIM_PAID"
  /// Compensation income / carriers' claims.
  case carrierClaimWithdrawn = "CARRIER_CLAIM_WITHDRAWN"
  /// Compensation income / claims payable to carriers: what they have paid for has turned up.
  case carrierClaimOwedBack = "CARRIER_CLAIM_OWED_BACK"
  /// Claims payable to carriers / bank.
  case carrierClaimPaidBack = "CARRIER_CLAIM_PAID_BACK"
  /// Claims payable to carriers / compensation income: the carrier waives it, or the goods are lost
  /// once more.
  case carrierClaimKept = "CARRIER_CLAIM_KEPT"
  /// Customer deposits / receivable.
  case paymentApplied = "PAYMENT_APPLIED"
  /// Customer deposits / compensation income.
  case earnestForfeited = "EARNEST_FORFEITED"
  /// Customer deposits / bank, gift cards, or points and points deferral.
  case paymentRefunded = "PAYMENT_REFUNDED"
  /// Bank / bills receivable.
  case instrumentCleared = "INSTRUMENT_CLEARED"
  /// Customer deposits / bank, or bills receivable.
  case paymentDishonoured = "PAYMENT_DISHONOURED"
  /// Compensation expense / other payables.
  case compensationOwed = "COMPENSATION_OWED"
  /// Other payables / bank.
  case compensationPaid = "COMPENSATION_PAID"
  /// Other payables / compensation expense.
  case compensationWithdrawn = "COMPENSATION_WITHDRAWN"
  /// Receivable / revenue, compensation income, reminder fees or default interest; output VAT.
  case invoiceIssued = "INVOICE_ISSUED"
  /// Sales returns, reminder fees or default interest, output VAT / receivable.
  case creditNoteIssued = "CREDIT_NOTE_ISSUED"
  /// Bank / gift cards.
  case giftCardSold = "GIFT_CARD_SOLD"
  /// Gift cards / customer deposits.
  case giftCardRedeemed = "GIFT_CARD_REDEEMED"
  /// Gift cards / breakage.
  case giftCardExpired = "GIFT_CARD_EXPIRED"
  /// Points deferral / points.
  case pointsEarned = "POINTS_EARNED"
  /// Points and points deferral / customer deposits.
  case pointsRedeemed = "POINTS_REDEEMED"
  /// Points / points deferral: they were taken back, or their last day was over.
  case pointsLost = "POINTS_LOST"
  /// Receivable / customer deposits.
  case paymentReleased = "PAYMENT_RELEASED"
  /// Raw material or finished goods / goods received not invoiced.
  case goodsReceived = "GOODS_RECEIVED"
  /// Goods received not invoiced, input VAT, ± price variance / payable.
  case supplierBilled = "SUPPLIER_BILLED"
  /// Work in progress / raw material.
  case materialIssued = "MATERIAL_ISSUED"
  /// Raw material / work in progress.
  case materialReturned = "MATERIAL_RETURNED"
  /// Work in progress / labour absorbed.
  case labourAbsorbed = "LABOUR_ABSORBED"
  /// Finished goods / work in progress.
  case outputReceived = "OUTPUT_RECEIVED"
  /// Scrap loss / work in progress.
  case outputScrapped = "OUTPUT_SCRAPPED"
  /// Production variance / work in progress, or the other way round.
  case productionSettled = "PRODUCTION_SETTLED"
  /// Goods dispatched / finished goods.
  case goodsDispatched = "GOODS_DISPATCHED"
  /// Cost of sales / goods dispatched.
  case goodsDelivered = "GOODS_DELIVERED"
  /// Finished goods / cost of sales.
  case goodsReturned = "GOODS_RETURNED"
  /// Scrap loss / goods dispatched: they were lost on the way.
  case goodsLost = "GOODS_LOST"
  /// Goods dispatched or finished goods / scrap loss: what was lost has turned up.
  case goodsFound = "GOODS_FOUND"
  /// Scrap loss / finished goods.
  case returnScrapped = "RETURN_SCRAPPED"
  /// Stock / inventory difference, or the other way round.
  case stockAdjusted = "STOCK_ADJUSTED"
  /// Stock that came in without a purchase order, such as the opening stock.
  case stockOpened = "STOCK_OPENED"
  /// Any other movement of stock between accounts.
  case stockMoved = "STOCK_MOVED"
}
