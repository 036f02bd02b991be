extension OrdersMigrations {
  /// On what terms goods cross a border.
  static let tradeTerms: StaticString = """
    ALTER TABLE sales_order ADD COLUMN incoterm TEXT CHECK (
      incoterm = 'EXW' OR incoterm = 'FCA' OR incoterm = 'CPT' OR incoterm = 'CIP' OR
      incoterm = 'DAP' OR incoterm = 'DPU' OR incoterm = 'DDP' OR incoterm = 'FAS' OR
      incoterm = 'FOB' OR incoterm = 'CFR' OR incoterm = 'CIF');
    ALTER TABLE sales_order ADD COLUMN named_place TEXT NOT NULL DEFAULT '';
    """
}
