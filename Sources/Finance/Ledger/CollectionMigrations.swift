extension FinanceMigrations {
  /// Money that carriers collect at the door.
  static let collections: StaticString = """
    INSERT INTO account (code, name, name_english, type) VALUES
      ('1221.01', '其他应收款—代收货款', 'Collected by carriers', 'ASSET'),
      ('2241.01', '其他应付款—承运人', 'Owed to carriers', 'LIABILITY'),
      ('6601.01', '销售费用—代收手续费', 'Collection fees', 'EXPENSE'),
      ('6702', '信用减值损失', 'Credit losses', 'EXPENSE');
    """

  /// What carriers owe for what they lost or damaged.
  static let carrierClaims: StaticString = """
    INSERT INTO account (code, name, name_english, type) VALUES
      ('1221.02', '其他应收款—承运人索赔', 'Claims on carriers', 'ASSET');
    """

  /// What carriers are to have back of what they have paid.
  static let carrierClaimsPayable: StaticString = """
    INSERT INTO account (code, name, name_english, type) VALUES
      ('2241.02', '其他应付款—退还承运人赔款', 'Owed back to carriers for claims', 'LIABILITY');
    """
}
