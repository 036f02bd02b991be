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
  ]
}
