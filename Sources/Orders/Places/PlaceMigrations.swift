extension OrdersMigrations {
  /// Where parts of lines go that go elsewhere than their order; the parts name them in their text.
  /// A shipment goes to one of them, or where the order goes.
  static let deliveryPlaces: StaticString = """
    CREATE TABLE sales_order_place (
      sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
      address_id INTEGER NOT NULL,
      zone TEXT NOT NULL,
      floor INTEGER NOT NULL CHECK (floor >= 0),
      has_lift INTEGER NOT NULL CHECK (has_lift IN (0, 1)),
      assembly INTEGER NOT NULL CHECK (assembly IN (0, 1)),
      label TEXT NOT NULL,
      country_code TEXT NOT NULL,
      region_code TEXT NOT NULL,
      street TEXT NOT NULL,
      postcode TEXT NOT NULL,
      contact_name TEXT NOT NULL,
      contact_phone TEXT NOT NULL,
      PRIMARY KEY (sales_order_id, address_id)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE shipment ADD COLUMN address_id INTEGER;
    """
}
