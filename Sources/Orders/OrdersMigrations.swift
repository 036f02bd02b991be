package import Storage

/// Tables of orders. Entries are only ever appended. Quantities are millionths of the product's
/// base unit.
package enum OrdersMigrations {
  package static let all: [Migration] = [
    // Customer and warehouse stand here with the codes that name them for ever: a draft may name
    // what does not exist yet, and reading an order needs no table of another area. Lists go by day
    // and id, hence the second half of every index; the pair of external id and channel is in this
    // order because lists look for external ids alone.
    Migration(
      "orders-0001-sales-order",
      """
      CREATE TABLE sales_order (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL CHECK (version > 0),
        state TEXT NOT NULL CHECK (
          state = 'DRAFT' OR state = 'SUBMITTED' OR state = 'CONFIRMED' OR
          state = 'PARTLY_SHIPPED' OR state = 'SHIPPED' OR state = 'DELIVERED' OR
          state = 'CLOSED' OR state = 'CANCELLED'),
        channel TEXT NOT NULL,
        external_id TEXT,
        customer_code TEXT NOT NULL,
        customer_name TEXT NOT NULL,
        warehouse_code TEXT NOT NULL,
        currency TEXT NOT NULL,
        requested_on INTEGER,
        shortage_rule TEXT NOT NULL CHECK (shortage_rule IN ('WAIT', 'REFUSE')),
        note TEXT NOT NULL,
        created_by TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        created_on INTEGER NOT NULL,
        net_days INTEGER NOT NULL CHECK (net_days >= 0),
        net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
        tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
        gross_minor INTEGER NOT NULL,
        deposit_required_minor INTEGER NOT NULL
          CHECK (deposit_required_minor BETWEEN 0 AND gross_minor),
        approver_role TEXT,
        decided_by TEXT,
        approval_explanation TEXT NOT NULL,
        CHECK (gross_minor = net_minor + tax_minor),
        CHECK (decided_by IS NULL OR approver_role IS NOT NULL)
      ) STRICT;
      CREATE UNIQUE INDEX sales_order_external_id ON sales_order (external_id, channel)
        WHERE external_id IS NOT NULL;
      CREATE INDEX sales_order_day ON sales_order (created_on, id);
      CREATE INDEX sales_order_customer ON sales_order (customer_code, created_on, id);
      CREATE INDEX sales_order_state ON sales_order (state, created_on, id);
      CREATE INDEX sales_order_channel ON sales_order (channel, created_on, id);

      CREATE TABLE sales_order_line (
        sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
        line_number INTEGER NOT NULL CHECK (line_number > 0),
        product_id INTEGER REFERENCES product (id),
        sku TEXT NOT NULL,
        description TEXT NOT NULL,
        unit TEXT NOT NULL,
        sourcing TEXT CHECK (
          sourcing = 'STOCK' OR sourcing = 'MAKE' OR sourcing = 'SERVICE'),
        ordered INTEGER NOT NULL CHECK (ordered > 0),
        cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
        shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped >= 0),
        delivered INTEGER NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND shipped),
        invoiced INTEGER NOT NULL DEFAULT 0 CHECK (invoiced BETWEEN 0 AND delivered),
        unit_price_micros INTEGER NOT NULL CHECK (unit_price_micros >= 0),
        discount_micros INTEGER NOT NULL CHECK (discount_micros BETWEEN 0 AND 1000000),
        net_minor INTEGER NOT NULL CHECK (net_minor >= 0),
        tax_rate_micros INTEGER NOT NULL CHECK (tax_rate_micros BETWEEN 0 AND 1000000),
        tax_minor INTEGER NOT NULL CHECK (tax_minor >= 0),
        currency TEXT NOT NULL,
        note TEXT NOT NULL,
        price_explanation TEXT NOT NULL,
        PRIMARY KEY (sales_order_id, line_number),
        CHECK (shipped + cancelled <= ordered)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sales_order_cancellation (
        id INTEGER PRIMARY KEY,
        sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
        line_number INTEGER NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        reason TEXT NOT NULL,
        comment TEXT NOT NULL,
        cancelled_by TEXT NOT NULL,
        cancelled_at INTEGER NOT NULL,
        FOREIGN KEY (sales_order_id, line_number)
          REFERENCES sales_order_line (sales_order_id, line_number)
      ) STRICT;
      CREATE INDEX sales_order_cancellation_line
        ON sales_order_cancellation (sales_order_id, line_number);
      """),
    // The company's example (FEATURES, figures of the sources): from 5,000 yuan the general
    // manager, VIP exempt.
    Migration(
      "orders-0002-approval-rule",
      """
      CREATE TABLE approval_rule (
        position INTEGER PRIMARY KEY CHECK (position > 0),
        customer_class TEXT,
        minimum_gross_minor INTEGER CHECK (minimum_gross_minor >= 0),
        currency TEXT,
        approver_role TEXT,
        CHECK ((minimum_gross_minor IS NULL) = (currency IS NULL))
      ) STRICT;
      INSERT INTO approval_rule
        (position, customer_class, minimum_gross_minor, currency, approver_role)
      VALUES (1, 'VIP', NULL, NULL, NULL), (2, NULL, 500000, 'CNY', 'GENERAL_MANAGER');
      """),
    Migration(
      "orders-0003-shipment",
      """
      CREATE TABLE shipment (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
        order_number TEXT NOT NULL,
        state TEXT NOT NULL CHECK (
          state = 'PREPARED' OR state = 'PICKED' OR state = 'PACKED' OR state = 'DISPATCHED' OR
          state = 'DELIVERED' OR state = 'CANCELLED'),
        cartons INTEGER NOT NULL DEFAULT 0 CHECK (cartons >= 0),
        carrier TEXT NOT NULL DEFAULT '',
        tracking_number TEXT NOT NULL DEFAULT '',
        dispatched_on INTEGER,
        delivered_on INTEGER,
        received_by TEXT NOT NULL DEFAULT ''
      ) STRICT;
      CREATE INDEX shipment_order ON shipment (sales_order_id, id);

      CREATE TABLE shipment_line (
        shipment_id INTEGER NOT NULL REFERENCES shipment (id),
        sales_order_id INTEGER NOT NULL,
        line_number INTEGER NOT NULL,
        product_id INTEGER NOT NULL REFERENCES product (id),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity > 0),
        cost_minor INTEGER CHECK (cost_minor >= 0),
        currency TEXT NOT NULL,
        PRIMARY KEY (shipment_id, line_number),
        FOREIGN KEY (sales_order_id, line_number)
          REFERENCES sales_order_line (sales_order_id, line_number)
      ) STRICT;
      """),
    // What prices follow from besides price lists. The one row of `pricing_rules` says which kinds
    // of rules there are at all, so that an order that meets none looks at nothing else.
    Migration(
      "orders-0004-pricing",
      """
      CREATE TABLE pricing_rules (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        has_tax_policies INTEGER NOT NULL DEFAULT 0 CHECK (has_tax_policies IN (0, 1))
      ) STRICT;
      INSERT INTO pricing_rules (id) VALUES (1);

      CREATE TABLE tax_policy_rule (
        position INTEGER PRIMARY KEY CHECK (position > 0),
        channel TEXT,
        customer_class TEXT,
        tax_included INTEGER NOT NULL CHECK (tax_included IN (0, 1)),
        tax_scope TEXT NOT NULL CHECK (tax_scope = 'LINE' OR tax_scope = 'DOCUMENT'),
        rounding TEXT NOT NULL CHECK (rounding = 'HALF_AWAY' OR rounding = 'HALF_EVEN')
      ) STRICT;

      ALTER TABLE sales_order ADD COLUMN tax_included INTEGER NOT NULL DEFAULT 0
        CHECK (tax_included IN (0, 1));
      ALTER TABLE sales_order ADD COLUMN tax_scope TEXT NOT NULL DEFAULT 'LINE'
        CHECK (tax_scope = 'LINE' OR tax_scope = 'DOCUMENT');
      ALTER TABLE sales_order ADD COLUMN rounding TEXT NOT NULL DEFAULT 'HALF_AWAY'
        CHECK (rounding = 'HALF_AWAY' OR rounding = 'HALF_EVEN');
      ALTER TABLE sales_order ADD COLUMN discount_micros INTEGER
        CHECK (discount_micros BETWEEN 0 AND 1000000);
      ALTER TABLE sales_order ADD COLUMN discount_minor INTEGER CHECK (discount_minor >= 0);
      ALTER TABLE sales_order_line ADD COLUMN reduction_minor INTEGER NOT NULL DEFAULT 0
        CHECK (reduction_minor >= 0);

      CREATE TABLE sales_order_adjustment (
        sales_order_id INTEGER NOT NULL,
        line_number INTEGER NOT NULL,
        position INTEGER NOT NULL CHECK (position > 0),
        kind TEXT NOT NULL,
        code TEXT NOT NULL,
        amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
        currency TEXT NOT NULL,
        PRIMARY KEY (sales_order_id, line_number, position),
        FOREIGN KEY (sales_order_id, line_number)
          REFERENCES sales_order_line (sales_order_id, line_number)
      ) STRICT, WITHOUT ROWID;
      """),
    Migration(
      "orders-0005-approval-bands",
      """
      ALTER TABLE approval_rule ADD COLUMN minimum_discount_micros INTEGER
        CHECK (minimum_discount_micros BETWEEN 0 AND 1000000);
      ALTER TABLE approval_rule ADD COLUMN margin_below_micros INTEGER
        CHECK (margin_below_micros BETWEEN -1000000 AND 1000000);
      ALTER TABLE approval_rule ADD COLUMN exempt_role TEXT;
      """),
    // A promotion without an end has a last day beyond all others, so that those that run are one
    // range of the index. Codes have no blanks: those of an order's coupons stand in one column.
    Migration(
      "orders-0006-promotion",
      """
      ALTER TABLE pricing_rules ADD COLUMN has_promotions INTEGER NOT NULL DEFAULT 0
        CHECK (has_promotions IN (0, 1));
      ALTER TABLE sales_order ADD COLUMN coupon_codes TEXT NOT NULL DEFAULT '';

      CREATE TABLE promotion (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        valid_from INTEGER NOT NULL,
        valid_until INTEGER CHECK (valid_until >= valid_from),
        last_day INTEGER NOT NULL,
        channel TEXT,
        customer_class TEXT,
        stacking_group TEXT NOT NULL,
        is_exclusive INTEGER NOT NULL CHECK (is_exclusive IN (0, 1)),
        priority INTEGER NOT NULL,
        full_price_only INTEGER NOT NULL CHECK (full_price_only IN (0, 1)),
        needs_coupon INTEGER NOT NULL CHECK (needs_coupon IN (0, 1)),
        is_set INTEGER NOT NULL CHECK (is_set IN (0, 1)),
        minimum_quantity INTEGER NOT NULL CHECK (minimum_quantity >= 0),
        minimum_amount_minor INTEGER CHECK (minimum_amount_minor >= 0),
        share_micros INTEGER CHECK (share_micros BETWEEN 1 AND 1000000),
        amount_minor INTEGER CHECK (amount_minor >= 0),
        set_price_minor INTEGER CHECK (set_price_minor >= 0),
        cap_minor INTEGER CHECK (cap_minor >= 0),
        currency TEXT,
        CHECK ((share_micros IS NULL) + (amount_minor IS NULL) + (set_price_minor IS NULL) = 2),
        CHECK (set_price_minor IS NULL OR is_set = 1)
      ) STRICT;
      CREATE INDEX promotion_last_day ON promotion (last_day, valid_from);

      CREATE TABLE promotion_item (
        promotion_id INTEGER NOT NULL REFERENCES promotion (id),
        position INTEGER NOT NULL CHECK (position > 0),
        sku TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity >= 0),
        PRIMARY KEY (promotion_id, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE coupon (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        promotion_code TEXT NOT NULL REFERENCES promotion (code),
        customer_code TEXT,
        valid_until INTEGER,
        usage_limit INTEGER NOT NULL CHECK (usage_limit > 0),
        customer_limit INTEGER CHECK (customer_limit > 0),
        redeemed INTEGER NOT NULL CHECK (redeemed BETWEEN 0 AND usage_limit)
      ) STRICT;

      CREATE TABLE coupon_redemption (
        coupon_id INTEGER NOT NULL REFERENCES coupon (id),
        sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
        customer_code TEXT NOT NULL,
        PRIMARY KEY (coupon_id, sales_order_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX coupon_redemption_customer ON coupon_redemption (coupon_id, customer_code);
      CREATE INDEX coupon_redemption_order ON coupon_redemption (sales_order_id);
      """),
    Migration(
      "orders-0007-charge",
      """
      ALTER TABLE pricing_rules ADD COLUMN has_charges INTEGER NOT NULL DEFAULT 0
        CHECK (has_charges IN (0, 1));

      CREATE TABLE charge_rule (
        position INTEGER PRIMARY KEY CHECK (position > 0),
        charge TEXT NOT NULL,
        sku TEXT NOT NULL,
        occasion TEXT NOT NULL CHECK (
          occasion = 'ALWAYS' OR occasion = 'DELIVERY' OR occasion = 'STAIRS' OR
          occasion = 'ASSEMBLY'),
        zone TEXT,
        channel TEXT,
        customer_class TEXT,
        below_minor INTEGER CHECK (below_minor >= 0),
        base_minor INTEGER CHECK (base_minor >= 0),
        kilogram_micros INTEGER CHECK (kilogram_micros >= 0),
        cubic_metre_micros INTEGER CHECK (cubic_metre_micros >= 0),
        piece_micros INTEGER CHECK (piece_micros >= 0),
        floor_micros INTEGER CHECK (floor_micros >= 0),
        share_micros INTEGER NOT NULL CHECK (share_micros BETWEEN 0 AND 1000000),
        cap_minor INTEGER CHECK (cap_minor >= 0),
        currency TEXT NOT NULL
      ) STRICT;

      ALTER TABLE sales_order ADD COLUMN delivery_zone TEXT;
      ALTER TABLE sales_order ADD COLUMN delivery_floor INTEGER CHECK (delivery_floor >= 0);
      ALTER TABLE sales_order ADD COLUMN delivery_lift INTEGER CHECK (delivery_lift IN (0, 1));
      ALTER TABLE sales_order ADD COLUMN delivery_assembly INTEGER
        CHECK (delivery_assembly IN (0, 1));
      ALTER TABLE sales_order_line ADD COLUMN charge TEXT NOT NULL DEFAULT '';
      """),
    // The choice as it was given, and once the order is submitted what it came to, as text of
    // `Configuration`.
    Migration(
      "orders-0008-configuration",
      """
      CREATE TABLE sales_order_configuration (
        sales_order_id INTEGER NOT NULL,
        line_number INTEGER NOT NULL,
        model_version INTEGER NOT NULL CHECK (model_version >= 0),
        settings TEXT NOT NULL,
        configuration TEXT,
        PRIMARY KEY (sales_order_id, line_number),
        FOREIGN KEY (sales_order_id, line_number)
          REFERENCES sales_order_line (sales_order_id, line_number)
      ) STRICT, WITHOUT ROWID;
      """),
    // For whoever asks whose an order is.
    Migration(
      "orders-0009-order-owner",
      """
      CREATE VIEW view_order_owner AS
        SELECT o.number, o.warehouse_code, c.owner, c.store_code,
          CASE o.state WHEN 'DRAFT' THEN o.created_by END AS author
        FROM sales_order AS o LEFT JOIN view_customer_owner AS c ON c.code = o.customer_code;
      """),
    // Revisions, variants and lines are written once; only who approved a variant is added. What an
    // expired quote is follows from the calendar.
    Migration("orders-0010-quote", quotes),
    // What was agreed from time to time, from the first change on, and what must not be done. The
    // prices of an order are those of `priced_on`, or else of the day of its creation.
    Migration(
      "orders-0011-change",
      """
      ALTER TABLE sales_order ADD COLUMN priced_on INTEGER;

      CREATE TABLE sales_order_version (
        id INTEGER PRIMARY KEY,
        sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
        version INTEGER NOT NULL CHECK (version > 0),
        made_by TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        reason TEXT NOT NULL,
        requested_on INTEGER,
        discount_micros INTEGER,
        discount_minor INTEGER,
        delivery_zone TEXT,
        delivery_floor INTEGER,
        delivery_lift INTEGER,
        delivery_assembly INTEGER,
        net_minor INTEGER NOT NULL,
        tax_minor INTEGER NOT NULL,
        gross_minor INTEGER NOT NULL,
        deposit_required_minor INTEGER NOT NULL,
        currency TEXT NOT NULL,
        UNIQUE (sales_order_id, version)
      ) STRICT;

      CREATE TABLE sales_order_version_line (
        version_id INTEGER NOT NULL REFERENCES sales_order_version (id),
        line_number INTEGER NOT NULL CHECK (line_number > 0),
        sku TEXT NOT NULL,
        unit TEXT NOT NULL,
        ordered INTEGER NOT NULL CHECK (ordered > 0),
        unit_price_micros INTEGER NOT NULL,
        discount_micros INTEGER NOT NULL,
        net_minor INTEGER NOT NULL,
        tax_minor INTEGER NOT NULL,
        currency TEXT NOT NULL,
        charge TEXT NOT NULL,
        PRIMARY KEY (version_id, line_number)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sales_order_hold (
        id INTEGER PRIMARY KEY,
        sales_order_id INTEGER NOT NULL REFERENCES sales_order (id),
        kind TEXT NOT NULL CHECK (
          kind = 'CREDIT' OR kind = 'PRICE' OR kind = 'ADDRESS' OR kind = 'FRAUD' OR
          kind = 'MATERIAL' OR kind = 'CUSTOMER'),
        reason TEXT NOT NULL,
        set_by TEXT NOT NULL,
        set_at INTEGER NOT NULL,
        released_by TEXT,
        released_at INTEGER,
        release_reason TEXT,
        CHECK ((released_by IS NULL) = (released_at IS NULL))
      ) STRICT;
      CREATE UNIQUE INDEX sales_order_hold_open ON sales_order_hold (sales_order_id, kind)
        WHERE released_at IS NULL;
      """),
    // What is called off is the sum over the orders that name it, and stands nowhere else. The
    // prices of a quote are those of the day of its revision.
    Migration("orders-0012-blanket", blankets),
    // Which of the customer's addresses an order names, and what that said when it was submitted.
    Migration(
      "orders-0014-delivery-address",
      """
      CREATE TABLE sales_order_address (
        sales_order_id INTEGER PRIMARY KEY REFERENCES sales_order (id),
        address_id INTEGER NOT NULL,
        label TEXT NOT NULL,
        country_code TEXT NOT NULL,
        region_code TEXT NOT NULL,
        street TEXT NOT NULL,
        postcode TEXT NOT NULL,
        contact_name TEXT NOT NULL,
        contact_phone TEXT NOT NULL
      ) STRICT;
      ALTER TABLE sales_order_version ADD COLUMN delivery_address_id INTEGER;
      ALTER TABLE quote_variant ADD COLUMN delivery_address_id INTEGER;
      """),
    // A company begins with a policy without rules: cancelling is free, and earnest money counts up
    // to the fifth of the law. What was cancelled before has no `cancellation`.
    Migration("orders-0015-cancellation", cancellation),
    // A company begins with a policy without rules. Holds say what validation found, and are of
    // more kinds; orders that came in before are not known by their content.
    Migration("orders-0016-validation", validation),
    Migration("orders-0017-marketplaces", marketplaces),
    // Lines that waited before are promised when something of what they wait for changes.
    Migration("orders-0018-promises", promises),
    Migration("orders-0019-allocation", allocation),
    Migration("orders-0020-shortage", shortage),
    Migration("orders-0021-exceptions", exceptions),
    Migration("orders-0022-preorders", preorders),
    Migration("orders-0023-schedules", schedules),
    Migration("orders-0024-asked-quantity", askedQuantity),
    // Rules of approval are versions, and approvals have steps.
    Migration("orders-0025-approvals", approvals),
    Migration(
      "orders-0026-cancellation-by-product",
      """
      ALTER TABLE cancellation_rule ADD COLUMN product_class TEXT;
      ALTER TABLE cancellation_rule ADD COLUMN is_forbidden INTEGER NOT NULL DEFAULT 0
        CHECK (is_forbidden IN (0, 1));
      """),
    Migration("orders-0027-appointments", appointments),
    Migration("orders-0028-carriers", carriers),
    Migration("orders-0029-loading", loading),
    Migration("orders-0030-coverage", coverage),
    Migration("orders-0031-drop-shipments", dropShipments),
    Migration("orders-0032-promotion-limit", promotionLimit),
    Migration("orders-0033-showroom", showroom),
    Migration("orders-0034-repairs", repairs),
    Migration("orders-0035-validation-payment", validationOfPayment),
    Migration("orders-0036-change-requests", changeRequests),
    Migration("orders-0037-currency", currency),
    Migration("orders-0038-order-views", orderViews),
    Migration("orders-0039-marketplace-stock", marketplaceStock),
    Migration("orders-0040-instructions", instructions),
    Migration("orders-0041-late-exceptions", lateExceptions),
    Migration("orders-0042-order-edits", orderEdits),
    Migration("orders-0043-opportunities", opportunities),
    Migration("orders-0044-stages", stages),
    Migration("orders-0045-invoiced-together", invoicedTogether),
    Migration("orders-0046-price-suggestions", priceSuggestions),
    Migration("orders-0047-assignment", assignment),
    Migration("orders-0048-reductions", reductions),
    Migration("orders-0049-pricing-editions", pricingEditions),
    Migration("orders-0050-validation-credit", validationOfCredit),
    Migration("orders-0051-cash-on-delivery", cashOnDelivery),
    Migration("orders-0052-line-schedules", lineSchedules),
    Migration("orders-0053-begun-work", begunWork),
    Migration("orders-0054-product-priority", productPriority),
    Migration("orders-0055-warnings", warnings),
    Migration("orders-0056-carrier-claims", carrierClaims),
    Migration("orders-0057-orders-paid-at-door", ordersPaidAtDoor),
    Migration("orders-0058-cancellation-steps", cancellationSteps),
    Migration("orders-0059-cancelled-schedules", cancelledSchedules),
    Migration("orders-0060-shipped-exposure", shippedExposure),
    Migration("orders-0061-carrier-rates", carrierRates),
    Migration("orders-0062-carton-numbers", cartonNumbers),
    Migration("orders-0063-trade-terms", tradeTerms),
    Migration("orders-0064-portal-links", portalLinks),
    Migration("orders-0065-short-picks", shortPicks),
    Migration("orders-0066-pick-waves", pickWaves),
    Migration("orders-0067-remittance-proposals", remittanceProposals),
    Migration("orders-0068-delivery-places", deliveryPlaces),
    Migration("orders-0069-wanted-exposure", wantedExposure),
    Migration("orders-0070-claims-owed-back", claimsOwedBack),
    Migration("orders-0071-rework", rework),
    Migration("orders-0072-appointment-places", appointmentPlaces),
  ]
}
