/// The accounts that the business events post to, by their code in the chart (Chinese accounting
/// standards for enterprises; the table `account` has the names). Every posting names its accounts
/// by these cases.
package enum Account: String, Hashable, Sendable, CaseIterable {
  case bank = "1002"
  /// Cheques and bank acceptances that the bank has not paid yet (应收票据).
  case billsReceivable = "1121"
  case receivable = "1122"
  /// Collected at the door by carriers for us, and not remitted yet (应收代收货款).
  case carrierReceivable = "1221.01"
  /// What carriers have accepted of our claims on them (应收承运人索赔款).
  case carrierClaims = "1221.02"
  case rawMaterial = "1403"
  case finishedGoods = "1405"
  /// Shipped, control not yet passed (发出商品).
  case goodsDispatched = "1406"
  /// Found missing or surplus and not yet explained (待处理财产损溢).
  case inventoryDifference = "1901"
  case payable = "2202"
  case goodsReceivedNotInvoiced = "2202.01"
  /// Money received and not yet earned: a contract liability (合同负债).
  case customerDeposits = "2204"
  /// What is on gift cards: a contract liability, too.
  case giftCards = "2204.01"
  /// What points are worth that customers have: a contract liability, too.
  case points = "2204.02"
  case outputVAT = "2221.01"
  case inputVAT = "2221.02"
  /// Owed to somebody for another reason than goods: compensation, say (其他应付款).
  case otherPayable = "2241"
  /// Remitted by carriers for nothing that they owed, or that is not known (其他应付款—承运人).
  case carrierPayable = "2241.01"
  /// Paid by carriers for goods that turned up after all (其他应付款—退还承运人赔款).
  case carrierClaimsPayable = "2241.02"
  case capital = "4001"
  case workInProgress = "5001"
  case labourAbsorbed = "5101"
  case revenue = "6001"
  case serviceRevenue = "6001.02"
  /// Goods that came back, against revenue (销售退回).
  case salesReturns = "6001.03"
  /// Against revenue: what of it points are owed for; and for it, when they are used or lost.
  case pointsDeferral = "6001.04"
  /// What is left on gift cards that nobody can use any more.
  case breakage = "6001.05"
  case costOfSales = "6401"
  /// Supplier's bill against the price of the receipt.
  case priceVariance = "6401.01"
  /// What is left in a work order when it is closed.
  case productionVariance = "6401.02"
  case scrapLoss = "6401.03"
  /// Earned by a breach of contract and not by goods: forfeited earnest money, cancellation fees.
  case compensationIncome = "6301"
  /// Claimed for reminding customers of what they owe (催收费).
  case reminderFees = "6051.01"
  /// Kept by carriers for collecting at the door (代收手续费).
  case collectionFees = "6601.01"
  /// Owed to us and given up (信用减值损失).
  case creditLosses = "6702"
  /// Claimed for paying late (逾期利息).
  case defaultInterest = "6603.03"
  /// Spent on a breach of contract of our own.
  case compensationExpense = "6711"
  /// What money in another currency became worth more, or a debt in it less (汇兑收益).
  case exchangeGain = "6603.01"
  /// What money in another currency became worth less, or a debt in it more (汇兑损失).
  case exchangeLoss = "6603.02"
}

/// What sort of account it is.
package enum AccountType: String, Hashable, Sendable, CaseIterable {
  case asset = "ASSET"
  case liability = "LIABILITY"
  case equity = "EQUITY"
  case income = "INCOME"
  case expense = "EXPENSE"
}
