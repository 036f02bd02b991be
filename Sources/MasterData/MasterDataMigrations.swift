package import Storage

/// Tables of master data. Entries are only ever appended.
package enum MasterDataMigrations {
  package static let all: [Migration] = [
    Migration(
      "masterdata-0001-company",
      """
      CREATE TABLE company (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        name TEXT NOT NULL,
        base_currency TEXT NOT NULL,
        time_zone TEXT NOT NULL
      ) STRICT;
      INSERT INTO company (id, name, base_currency, time_zone)
      VALUES (1, 'Joinery', 'CNY', 'Asia/Shanghai');

      CREATE TABLE document_number (
        kind TEXT NOT NULL,
        year INTEGER NOT NULL,
        last INTEGER NOT NULL CHECK (last > 0),
        PRIMARY KEY (kind, year)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE search_term (
        id INTEGER PRIMARY KEY,
        subject TEXT NOT NULL CHECK (subject IN ('PRODUCT', 'CUSTOMER')),
        term TEXT NOT NULL,
        code TEXT NOT NULL,
        UNIQUE (subject, term, code)
      ) STRICT;
      CREATE INDEX search_term_code ON search_term (subject, code);
      """),
    Migration(
      "masterdata-0002-product",
      """
      CREATE TABLE tax_rate (
        id INTEGER PRIMARY KEY,
        tax_class TEXT NOT NULL,
        valid_from INTEGER NOT NULL,
        rate_micros INTEGER NOT NULL CHECK (rate_micros BETWEEN 0 AND 1000000),
        UNIQUE (tax_class, valid_from)
      ) STRICT;
      -- Day 0: they hold for documents of any year until a company sets others.
      INSERT INTO tax_rate (tax_class, valid_from, rate_micros) VALUES
        ('STANDARD', 0, 130000), ('REDUCED', 0, 90000), ('SERVICE', 0, 60000), ('ZERO', 0, 0);

      CREATE TABLE product (
        id INTEGER PRIMARY KEY,
        sku TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        name_english TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (
          kind = 'STOCKED' OR kind = 'MADE_TO_ORDER' OR kind = 'RAW_MATERIAL' OR
          kind = 'SERVICE'),
        unit TEXT NOT NULL,
        tax_class TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;

      CREATE TABLE warehouse (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;
      """),
    Migration(
      "masterdata-0003-price",
      """
      CREATE TABLE price_list (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        customer_class TEXT,
        priority INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE price (
        id INTEGER PRIMARY KEY,
        product_id INTEGER NOT NULL REFERENCES product (id),
        price_list_id INTEGER NOT NULL REFERENCES price_list (id),
        minimum_quantity_micros INTEGER NOT NULL CHECK (minimum_quantity_micros >= 0),
        valid_from INTEGER NOT NULL,
        valid_until INTEGER CHECK (valid_until >= valid_from),
        unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
        currency TEXT NOT NULL,
        -- The product comes first: a price is looked up by product.
        UNIQUE (product_id, price_list_id, minimum_quantity_micros, valid_from)
      ) STRICT;
      """),
    Migration(
      "masterdata-0004-party",
      """
      CREATE TABLE customer (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        customer_class TEXT NOT NULL,
        phone TEXT NOT NULL,
        address TEXT NOT NULL,
        credit_limit_minor INTEGER NOT NULL CHECK (credit_limit_minor >= 0),
        currency TEXT NOT NULL,
        net_days INTEGER NOT NULL CHECK (net_days >= 0),
        deposit_micros INTEGER NOT NULL CHECK (deposit_micros BETWEEN 0 AND 1000000),
        price_list_code TEXT REFERENCES price_list (code),
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;

      CREATE TABLE supplier (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        lead_days INTEGER NOT NULL CHECK (lead_days >= 0),
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;
      """),
    // A contract is a list that names its customer, by the code that does so for ever.
    Migration(
      "masterdata-0005-price-kinds",
      """
      ALTER TABLE price_list ADD COLUMN customer_code TEXT REFERENCES customer (code);
      ALTER TABLE price_list ADD COLUMN channel TEXT;
      ALTER TABLE price_list ADD COLUMN breaks TEXT NOT NULL DEFAULT 'SLAB'
        CHECK (breaks = 'SLAB' OR breaks = 'GRADUATED');
      ALTER TABLE price_list ADD COLUMN across_lines INTEGER NOT NULL DEFAULT 0
        CHECK (across_lines IN (0, 1));
      ALTER TABLE price_list ADD COLUMN tax_included INTEGER NOT NULL DEFAULT 0
        CHECK (tax_included IN (0, 1));
      """),
    // Of one base unit, packed.
    Migration(
      "masterdata-0006-product-measures",
      """
      ALTER TABLE product ADD COLUMN weight_grams INTEGER CHECK (weight_grams >= 0);
      ALTER TABLE product ADD COLUMN volume_cm3 INTEGER CHECK (volume_cm3 >= 0);
      """),
    // A version is never changed. Its text is that of `ModelDraft`, formulas and all.
    Migration(
      "masterdata-0007-model",
      """
      CREATE TABLE model_version (
        id INTEGER PRIMARY KEY,
        product_id INTEGER NOT NULL REFERENCES product (id),
        version INTEGER NOT NULL CHECK (version > 0),
        currency TEXT NOT NULL,
        definition TEXT NOT NULL,
        published_by TEXT NOT NULL,
        published_at INTEGER NOT NULL,
        UNIQUE (product_id, version)
      ) STRICT;
      """),
    // Templates are never changed, and neither is what is attached; a draft is until it expires.
    Migration(
      "masterdata-0008-configuration",
      """
      CREATE TABLE configuration_template (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        name TEXT NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        model_version INTEGER NOT NULL,
        settings TEXT NOT NULL,
        saved_by TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        UNIQUE (code, version)
      ) STRICT;

      CREATE TABLE configuration_draft (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        product_id INTEGER NOT NULL REFERENCES product (id),
        model_version INTEGER NOT NULL,
        content TEXT NOT NULL,
        customer_code TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        started_by TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX configuration_draft_expiry ON configuration_draft (expires_at, id);
      CREATE INDEX configuration_draft_customer ON configuration_draft (customer_code)
        WHERE customer_code <> '';

      CREATE TABLE attachment (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
        media_type TEXT NOT NULL,
        content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 1048576),
        added_by TEXT NOT NULL,
        added_at INTEGER NOT NULL
      ) STRICT;
      """),
    // Whose customers they are. Other areas ask by the view whose a document is.
    Migration(
      "masterdata-0009-customer-owner",
      """
      ALTER TABLE customer ADD COLUMN owner TEXT NOT NULL DEFAULT '';
      ALTER TABLE customer ADD COLUMN store_code TEXT NOT NULL DEFAULT '';
      CREATE INDEX customer_owner ON customer (owner, code) WHERE owner <> '';
      CREATE INDEX customer_store ON customer (store_code, code) WHERE store_code <> '';
      -- Codes of customers that were merged into others: further names of those.
      CREATE TABLE customer_alias (
        code TEXT PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customer (id)
      ) STRICT;
      CREATE INDEX customer_alias_customer ON customer_alias (customer_id);
      CREATE VIEW view_customer_owner AS SELECT id, code, owner, store_code FROM customer;
      """),
    // Which terms rows were made of: those of an older server are made anew (SearchTerms).
    Migration(
      "masterdata-0010-search-terms",
      """
      CREATE TABLE search_term_version (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL
      ) STRICT;
      INSERT INTO search_term_version (id, version) VALUES (1, 1);
      """),
    // Whom to talk to at a customer's, where its goods go, and what it said about being contacted.
    Migration(
      "masterdata-0011-contact",
      """
      -- Numbers of contacts and addresses, of which none is given twice.
      CREATE TABLE customer_part_number (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        last INTEGER NOT NULL
      ) STRICT;
      INSERT INTO customer_part_number (id, last) VALUES (1, 0);

      CREATE TABLE customer_contact (
        id INTEGER PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        role TEXT NOT NULL CHECK (
          role = 'GENERAL' OR role = 'PURCHASING' OR role = 'ACCOUNTS' OR role = 'SITE' OR
          role = 'SERVICE'),
        name TEXT NOT NULL,
        phone TEXT NOT NULL,
        email TEXT NOT NULL,
        is_preferred INTEGER NOT NULL CHECK (is_preferred IN (0, 1)),
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;
      CREATE INDEX customer_contact_customer ON customer_contact (customer_id, id);
      CREATE UNIQUE INDEX customer_contact_preferred ON customer_contact (customer_id, role)
        WHERE is_preferred = 1;

      CREATE TABLE customer_address (
        id INTEGER PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        label TEXT NOT NULL,
        country_code TEXT NOT NULL,
        region_code TEXT NOT NULL,
        street TEXT NOT NULL,
        postcode TEXT NOT NULL,
        floor INTEGER NOT NULL CHECK (floor >= 0),
        has_lift INTEGER NOT NULL CHECK (has_lift IN (0, 1)),
        contact_id INTEGER REFERENCES customer_contact (id),
        is_delivery_default INTEGER NOT NULL CHECK (is_delivery_default IN (0, 1)),
        is_invoice_default INTEGER NOT NULL CHECK (is_invoice_default IN (0, 1)),
        is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
        version INTEGER NOT NULL CHECK (version > 0),
        CHECK (is_retired = 0 OR is_delivery_default + is_invoice_default = 0)
      ) STRICT;
      CREATE INDEX customer_address_customer ON customer_address (customer_id, id);
      CREATE INDEX customer_address_contact ON customer_address (contact_id)
        WHERE contact_id IS NOT NULL;
      CREATE UNIQUE INDEX customer_address_delivery ON customer_address (customer_id)
        WHERE is_delivery_default = 1;
      CREATE UNIQUE INDEX customer_address_invoice ON customer_address (customer_id)
        WHERE is_invoice_default = 1;

      CREATE TABLE delivery_zone (
        country_code TEXT NOT NULL,
        region_prefix TEXT NOT NULL,
        zone_code TEXT NOT NULL,
        PRIMARY KEY (country_code, region_prefix)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE customer_consent (
        id INTEGER PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        channel TEXT NOT NULL CHECK (
          channel = 'PHONE' OR channel = 'SMS' OR channel = 'EMAIL' OR channel = 'WECHAT' OR
          channel = 'POST' OR channel = 'APP'),
        purpose TEXT NOT NULL CHECK (
          purpose = 'ORDER' OR purpose = 'MARKETING' OR purpose = 'SURVEY' OR
          purpose = 'PROFILING'),
        is_given INTEGER NOT NULL CHECK (is_given IN (0, 1)),
        said_at INTEGER NOT NULL,
        source TEXT NOT NULL,
        text_version TEXT NOT NULL CHECK (is_given = 0 OR text_version <> ''),
        recorded_by TEXT NOT NULL,
        recorded_at INTEGER NOT NULL CHECK (recorded_at >= said_at)
      ) STRICT;
      CREATE INDEX customer_consent_customer ON customer_consent (customer_id, id);
      CREATE INDEX customer_consent_newest
        ON customer_consent (customer_id, channel, purpose, said_at, id);
      """),
    // Groups of customers.
    Migration(
      "masterdata-0012-segment",
      """
      CREATE TABLE customer_tag (
        tag TEXT NOT NULL,
        customer_code TEXT NOT NULL REFERENCES customer (code),
        PRIMARY KEY (tag, customer_code)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX customer_tag_customer ON customer_tag (customer_code, tag);

      CREATE TABLE customer_segment (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        classes TEXT NOT NULL,
        stores TEXT NOT NULL,
        tags TEXT NOT NULL,
        region_prefixes TEXT NOT NULL,
        turnover_at_least_minor INTEGER CHECK (turnover_at_least_minor >= 0),
        turnover_below_minor INTEGER CHECK (turnover_below_minor >= 0),
        currency TEXT NOT NULL,
        turnover_days INTEGER NOT NULL CHECK (turnover_days > 0),
        ordered_within_days INTEGER CHECK (ordered_within_days > 0),
        not_ordered_for_days INTEGER CHECK (not_ordered_for_days > 0),
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;
      """),
    // Customers that belong together, and how much they may owe together.
    Migration(
      "masterdata-0013-customer-group",
      """
      ALTER TABLE customer ADD COLUMN parent_code TEXT REFERENCES customer (code);
      ALTER TABLE customer ADD COLUMN group_limit_minor INTEGER CHECK (group_limit_minor >= 0);
      CREATE INDEX customer_parent ON customer (parent_code) WHERE parent_code IS NOT NULL;
      CREATE VIEW view_customer_group AS
        SELECT id, code, parent_code, group_limit_minor FROM customer;
      """),
    // What can stand in for a product that cannot be had.
    Migration(
      "masterdata-0014-substitute",
      """
      CREATE TABLE product_substitute (
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        substitute_id INTEGER NOT NULL REFERENCES product (id),
        substitute_sku TEXT NOT NULL,
        rank INTEGER NOT NULL CHECK (rank > 0),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        valid_from INTEGER NOT NULL,
        valid_until INTEGER CHECK (valid_until >= valid_from),
        note TEXT NOT NULL,
        PRIMARY KEY (product_id, substitute_id),
        CHECK (product_id <> substitute_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX product_substitute_rank
        ON product_substitute (product_id, rank, substitute_sku);
      """),
    // Above it a credit limit takes two people.
    Migration(
      "masterdata-0015-credit-alone",
      "ALTER TABLE company ADD COLUMN credit_alone_minor INTEGER CHECK (credit_alone_minor >= 0);"),
    // What products are counted in beside their base unit, what stands for them on their cartons,
    // and more to say about them. `has_units` spares the others the question.
    Migration(
      "masterdata-0016-product-unit",
      """
      ALTER TABLE product ADD COLUMN description TEXT NOT NULL DEFAULT '';
      ALTER TABLE product ADD COLUMN description_english TEXT NOT NULL DEFAULT '';
      ALTER TABLE product ADD COLUMN length_mm INTEGER CHECK (length_mm > 0);
      ALTER TABLE product ADD COLUMN width_mm INTEGER CHECK (width_mm > 0);
      ALTER TABLE product ADD COLUMN height_mm INTEGER CHECK (height_mm > 0);
      ALTER TABLE product ADD COLUMN has_units INTEGER NOT NULL DEFAULT 0
        CHECK (has_units IN (0, 1));

      CREATE TABLE product_unit (
        product_id INTEGER NOT NULL REFERENCES product (id),
        code TEXT NOT NULL,
        base_quantity INTEGER NOT NULL CHECK (base_quantity > 0),
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
        PRIMARY KEY (product_id, code)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE product_barcode (
        gtin TEXT PRIMARY KEY CHECK (length(gtin) = 14),
        product_id INTEGER NOT NULL REFERENCES product (id),
        unit TEXT NOT NULL,
        is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX product_barcode_product ON product_barcode (product_id, gtin);
      """),
    // Families of products and their variants. The row of an attribute itself has the value
    // position 0; its values follow.
    Migration(
      "masterdata-0017-product-family",
      """
      CREATE TABLE product_family (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        name_english TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0)
      ) STRICT;

      CREATE TABLE product_attribute (
        family_id INTEGER NOT NULL REFERENCES product_family (id),
        position INTEGER NOT NULL CHECK (position > 0),
        value_position INTEGER NOT NULL CHECK (value_position >= 0),
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        name_english TEXT NOT NULL,
        PRIMARY KEY (family_id, position, value_position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE product_variant (
        product_id INTEGER PRIMARY KEY REFERENCES product (id),
        sku TEXT NOT NULL,
        family_id INTEGER NOT NULL REFERENCES product_family (id),
        choices TEXT NOT NULL,
        UNIQUE (family_id, choices)
      ) STRICT;
      CREATE INDEX product_variant_family ON product_variant (family_id, sku);
      """),
    // What products come in. Weight and room of a product that has cartons are those of them.
    Migration(
      "masterdata-0018-product-carton",
      """
      ALTER TABLE product ADD COLUMN has_cartons INTEGER NOT NULL DEFAULT 0
        CHECK (has_cartons IN (0, 1));
      CREATE TABLE product_carton (
        product_id INTEGER NOT NULL REFERENCES product (id),
        number INTEGER NOT NULL CHECK (number > 0),
        weight_grams INTEGER NOT NULL CHECK (weight_grams > 0),
        length_mm INTEGER NOT NULL CHECK (length_mm > 0),
        width_mm INTEGER NOT NULL CHECK (width_mm > 0),
        height_mm INTEGER NOT NULL CHECK (height_mm > 0),
        contents TEXT NOT NULL,
        PRIMARY KEY (product_id, number)
      ) STRICT, WITHOUT ROWID;
      """),
    // The days of a product's life, what takes its place, and what goes with it.
    Migration(
      "masterdata-0019-product-lifecycle",
      """
      ALTER TABLE product ADD COLUMN announced_on INTEGER;
      ALTER TABLE product ADD COLUMN orderable_from INTEGER;
      ALTER TABLE product ADD COLUMN orderable_until INTEGER;
      ALTER TABLE product ADD COLUMN discontinued_on INTEGER;
      ALTER TABLE product ADD COLUMN served_until INTEGER;
      ALTER TABLE product ADD COLUMN successor_sku TEXT NOT NULL DEFAULT '';
      CREATE TABLE product_accessory (
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        accessory_id INTEGER NOT NULL REFERENCES product (id),
        accessory_sku TEXT NOT NULL,
        rank INTEGER NOT NULL CHECK (rank > 0),
        note TEXT NOT NULL,
        is_retired INTEGER NOT NULL CHECK (is_retired IN (0, 1)),
        PRIMARY KEY (product_id, accessory_id),
        CHECK (product_id <> accessory_id)
      ) STRICT, WITHOUT ROWID;
      """),
    // Who raised what one person alone may give does not profit by it alone.
    Migration(
      "masterdata-0020-credit-alone-raised",
      """
      ALTER TABLE company ADD COLUMN credit_alone_raised_by TEXT;
      ALTER TABLE company ADD COLUMN credit_alone_before_minor INTEGER
        CHECK ((credit_alone_raised_by IS NULL) = (credit_alone_before_minor IS NULL))
        CHECK (credit_alone_before_minor < credit_alone_minor);
      """),
    Migration(
      "masterdata-0021-product-class",
      "ALTER TABLE product ADD COLUMN product_class TEXT NOT NULL DEFAULT ''"),
    // Minutes of a day. A company begins with the usual week of an office.
    Migration(
      "masterdata-0022-business-hours",
      """
      CREATE TABLE business_hours (
        weekday INTEGER PRIMARY KEY CHECK (weekday BETWEEN 1 AND 7),
        opens INTEGER NOT NULL CHECK (opens BETWEEN 0 AND 1439),
        closes INTEGER NOT NULL CHECK (closes BETWEEN 1 AND 1440),
        CHECK (opens < closes)
      ) STRICT;
      INSERT INTO business_hours (weekday, opens, closes) VALUES
        (1, 540, 1080), (2, 540, 1080), (3, 540, 1080), (4, 540, 1080), (5, 540, 1080);

      CREATE TABLE business_special_day (
        day INTEGER PRIMARY KEY,
        opens INTEGER CHECK (opens BETWEEN 0 AND 1439),
        closes INTEGER CHECK (closes BETWEEN 1 AND 1440),
        name TEXT NOT NULL,
        CHECK ((opens IS NULL) = (closes IS NULL)),
        CHECK (opens IS NULL OR opens < closes)
      ) STRICT;
      """),
    // How long it takes to put a product together at the customer's.
    Migration(
      "masterdata-0023-assembly-time",
      """
      CREATE TABLE assembly_time (
        sku TEXT PRIMARY KEY,
        product_id INTEGER NOT NULL UNIQUE REFERENCES product (id),
        minutes INTEGER NOT NULL CHECK (minutes >= 0),
        cubic_metre_minutes INTEGER NOT NULL CHECK (cubic_metre_minutes >= 0)
      ) STRICT, WITHOUT ROWID;
      """),
    // A price for a pack that comes to no whole number of millionths for one base unit: as it was
    // said, with the ratio of then.
    Migration(
      "masterdata-0024-pack-price",
      """
      ALTER TABLE price ADD COLUMN pack_unit TEXT;
      ALTER TABLE price ADD COLUMN pack_price_micros INTEGER;
      ALTER TABLE price ADD COLUMN pack_base_micros INTEGER;
      ALTER TABLE price ADD COLUMN pack_quantity_micros INTEGER;
      """),
    // What other currencies are worth, who trades in them, and what is priced in them; without a
    // word it is all in that of the books.
    Migration(
      "masterdata-0025-currency",
      """
      CREATE TABLE exchange_rate (
        currency TEXT NOT NULL,
        valid_from INTEGER NOT NULL,
        base_currency TEXT NOT NULL,
        rate_micros INTEGER NOT NULL CHECK (rate_micros > 0),
        rate_units INTEGER NOT NULL CHECK (rate_units > 0),
        source TEXT NOT NULL,
        PRIMARY KEY (currency, valid_from),
        CHECK (currency <> base_currency)
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE company ADD COLUMN converts_prices INTEGER NOT NULL DEFAULT 0
        CHECK (converts_prices = 0 OR converts_prices = 1);
      ALTER TABLE customer ADD COLUMN trading_currency TEXT;
      ALTER TABLE price_list ADD COLUMN currency TEXT;
      """),
    // Zones by postcode, too.
    Migration(
      "masterdata-0026-zone-of-postcode",
      """
      CREATE TABLE delivery_zone_next (
        country_code TEXT NOT NULL,
        postcode_prefix TEXT NOT NULL,
        region_prefix TEXT NOT NULL,
        zone_code TEXT NOT NULL,
        PRIMARY KEY (country_code, postcode_prefix, region_prefix),
        CHECK (postcode_prefix = '' OR region_prefix = '')
      ) STRICT, WITHOUT ROWID;
      INSERT INTO delivery_zone_next (country_code, postcode_prefix, region_prefix, zone_code)
      SELECT country_code, '', region_prefix, zone_code FROM delivery_zone;
      DROP TABLE delivery_zone;
      ALTER TABLE delivery_zone_next RENAME TO delivery_zone;
      """),
    Migration("masterdata-0027-code-patterns", codePatterns),
    Migration("masterdata-0028-external-ids", externalIDs),
    Migration("masterdata-0029-model-terms", modelTerms),
    // What was said before breaks no more easily than anything else.
    Migration("masterdata-0030-fragile-cartons", fragileCartons),
    Migration("masterdata-0031-company-prefix", companyPrefix),
    Migration("masterdata-0032-product-customs", productCustoms),
    // By their class the orders of a group's customers count.
    Migration(
      "masterdata-0033-class-in-group",
      """
      DROP VIEW view_customer_group;
      CREATE VIEW view_customer_group AS
        SELECT id, code, parent_code, group_limit_minor, customer_class FROM customer;
      """),
  ]
}
