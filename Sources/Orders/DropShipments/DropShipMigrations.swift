extension OrdersMigrations {
  /// Which lines suppliers bring straight to customers, and which shipments came of that; and that
  /// there are presales, which is asked of every order.
  static let dropShipments: StaticString = """
    ALTER TABLE sales_order_line ADD COLUMN drop_shipped INTEGER NOT NULL DEFAULT 0
      CHECK (drop_shipped IN (0, 1));
    CREATE TABLE drop_shipment (
      shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
      purchase_order_number TEXT NOT NULL,
      receipt_number TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE INDEX drop_shipment_purchase ON drop_shipment (purchase_order_number);
    ALTER TABLE pricing_rules ADD COLUMN has_presales INTEGER NOT NULL DEFAULT 0
      CHECK (has_presales IN (0, 1));
    UPDATE pricing_rules SET has_presales = 1 WHERE EXISTS (SELECT 1 FROM presale);
    """

  /// What all promotions of one order may take off together.
  static let promotionLimit: StaticString = """
    ALTER TABLE pricing_rules ADD COLUMN promotion_share_micros INTEGER
      CHECK (promotion_share_micros BETWEEN 1 AND 1000000);
    ALTER TABLE pricing_rules ADD COLUMN promotion_minor INTEGER CHECK (promotion_minor >= 0);
    ALTER TABLE pricing_rules ADD COLUMN promotion_currency TEXT;
    """
}
