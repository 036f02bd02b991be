extension OrdersMigrations {
  /// What carriers ask for, in versions by day, and whom shipments were given to.
  static let carrierRates: StaticString = """
    CREATE TABLE carrier_tariff (
      id INTEGER PRIMARY KEY,
      carrier TEXT NOT NULL,
      mode TEXT NOT NULL CHECK (
        mode = 'OWN_TRUCK' OR mode = 'ROAD' OR mode = 'PARCEL' OR mode = 'EXPRESS' OR
        mode = 'RAIL' OR mode = 'AIR' OR mode = 'SEA'),
      version INTEGER NOT NULL CHECK (version > 0),
      valid_from INTEGER NOT NULL,
      currency TEXT NOT NULL,
      basis TEXT NOT NULL CHECK (basis = 'WEIGHT' OR basis = 'VOLUME'),
      rounded_up_to INTEGER NOT NULL CHECK (rounded_up_to > 0),
      ccm_per_kilogram INTEGER CHECK (ccm_per_kilogram > 0),
      minimum_minor INTEGER NOT NULL CHECK (minimum_minor >= 0),
      fuel_surcharge_micros INTEGER NOT NULL CHECK (fuel_surcharge_micros >= 0),
      max_carton_grams INTEGER CHECK (max_carton_grams > 0),
      max_carton_length_mm INTEGER CHECK (max_carton_length_mm > 0),
      max_carton_ccm INTEGER CHECK (max_carton_ccm > 0),
      takes_fragile INTEGER NOT NULL CHECK (takes_fragile IN (0, 1)),
      collects_cash INTEGER NOT NULL CHECK (collects_cash IN (0, 1)),
      reason TEXT NOT NULL,
      made_by TEXT NOT NULL,
      made_at INTEGER NOT NULL,
      UNIQUE (carrier, mode, version)
    ) STRICT;
    CREATE INDEX carrier_tariff_day ON carrier_tariff (carrier, mode, valid_from, version);

    CREATE TABLE carrier_tariff_zone (
      tariff_id INTEGER NOT NULL REFERENCES carrier_tariff (id),
      zone_code TEXT NOT NULL,
      transit_days INTEGER NOT NULL CHECK (transit_days >= 0),
      PRIMARY KEY (tariff_id, zone_code)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE carrier_tariff_step (
      tariff_id INTEGER NOT NULL,
      zone_code TEXT NOT NULL,
      position INTEGER NOT NULL CHECK (position > 0),
      up_to INTEGER CHECK (up_to > 0),
      base_minor INTEGER NOT NULL CHECK (base_minor >= 0),
      each_micros INTEGER NOT NULL CHECK (each_micros >= 0),
      currency TEXT NOT NULL,
      PRIMARY KEY (tariff_id, zone_code, position),
      FOREIGN KEY (tariff_id, zone_code) REFERENCES carrier_tariff_zone (tariff_id, zone_code)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE shipment_carrier_choice (
      shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
      tariff_id INTEGER NOT NULL REFERENCES carrier_tariff (id),
      cost_minor INTEGER NOT NULL CHECK (cost_minor >= 0),
      currency TEXT NOT NULL,
      arrives_on INTEGER,
      is_late INTEGER NOT NULL CHECK (is_late IN (0, 1)),
      explanation TEXT NOT NULL,
      better_offers INTEGER NOT NULL CHECK (better_offers >= 0),
      reason TEXT NOT NULL,
      chosen_by TEXT NOT NULL,
      chosen_at INTEGER NOT NULL
    ) STRICT;
    """
}
