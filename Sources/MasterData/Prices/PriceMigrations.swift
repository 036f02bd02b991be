extension MasterDataMigrations {
  /// What a list says about configured pieces, in place of a price of one: nothing else of such a
  /// row is a price.
  static let modelTerms: StaticString = """
    ALTER TABLE price ADD COLUMN model_terms TEXT;
    """
}
