extension MasterDataMigrations {
  /// Which cartons break easily.
  static let fragileCartons: StaticString = """
    ALTER TABLE product_carton ADD COLUMN is_fragile INTEGER NOT NULL DEFAULT 0
      CHECK (is_fragile IN (0, 1));
    """

  /// What products are for customs.
  static let productCustoms: StaticString = """
    ALTER TABLE product ADD COLUMN hs_code TEXT NOT NULL DEFAULT '';
    ALTER TABLE product ADD COLUMN origin_country_code TEXT NOT NULL DEFAULT '';
    ALTER TABLE product ADD COLUMN net_weight_grams INTEGER CHECK (net_weight_grams > 0);
    """

  /// Under which GS1 prefix the company numbers its cartons.
  static let companyPrefix: StaticString = """
    ALTER TABLE company ADD COLUMN gs1_prefix TEXT NOT NULL DEFAULT '';
    """
}
