package import Storage
package import Values

/// What must hold of master data at every commit, beyond what its tables enforce by themselves.
package enum MasterDataInvariants {
  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try overlappingPrices(in: snapshot) + foreignPrices(in: snapshot)
      + foreignRates(in: snapshot) + foreignLimits(in: snapshot) + unknownTaxClasses(in: snapshot)
      + unfindable(in: snapshot) + foreignContacts(in: snapshot) + leftOfErased(in: snapshot)
      + circles(in: snapshot) + foreignParts(in: snapshot)
      + ProductInvariants.violations(in: snapshot)
  }

  private static func circles(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH RECURSIVE above AS (
        SELECT code AS member, parent_code AS code FROM customer WHERE parent_code IS NOT NULL
        UNION
        SELECT a.member, c.parent_code FROM above AS a JOIN customer AS c ON c.code = a.code
      )
      SELECT member FROM above WHERE code = member ORDER BY member
      """
    ) { row in
      InvariantViolation(
        "masterdata.group-is-not-above-itself", "A customer belongs to its own group",
        [Fact("customer", row.text(0))])
    }
  }

  /// An id of another system names a contact or an address of the customer that it is of, or one
  /// that is gone; and nobody who was erased.
  private static func foreignParts(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT e.id, u.code FROM external_id AS e JOIN customer AS u ON u.id = e.customer_id
      LEFT JOIN customer_contact AS c ON e.kind = 'CONTACT' AND c.id = e.part_id
      LEFT JOIN customer_address AS a ON e.kind = 'ADDRESS' AND a.id = e.part_id
      WHERE u.name = '' OR c.customer_id <> e.customer_id OR a.customer_id <> e.customer_id
      ORDER BY e.id
      """
    ) { row in
      InvariantViolation(
        "masterdata.external-id-names-its-customers",
        "Another system's id names somebody who was erased, or what is not the customer's",
        [Fact("id", row.int64(0)), Fact("customer", row.text(1))])
    }
  }

  private static func foreignContacts(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT a.id, u.code FROM customer_address AS a
      JOIN customer AS u ON u.id = a.customer_id
      LEFT JOIN customer_contact AS c ON c.id = a.contact_id AND c.customer_id = a.customer_id
      WHERE a.contact_id IS NOT NULL AND c.id IS NULL ORDER BY a.id
      """
    ) { row in
      InvariantViolation(
        "masterdata.contact-of-address-is-the-customers",
        "An address names a contact of another customer",
        [Fact("address", row.int64(0)), Fact("customer", row.text(1))])
    }
  }

  private static func leftOfErased(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT code FROM customer AS u
      WHERE u.name = '' AND (
        EXISTS (SELECT 1 FROM customer_contact AS c WHERE c.customer_id = u.id)
        OR EXISTS (SELECT 1 FROM customer_address AS a WHERE a.customer_id = u.id)
        OR EXISTS (SELECT 1 FROM customer_tag AS g WHERE g.customer_code = u.code)
        OR EXISTS (
          SELECT 1 FROM customer_consent AS s WHERE s.customer_id = u.id AND s.source <> ''))
      ORDER BY code
      """
    ) { row in
      InvariantViolation(
        "masterdata.erased-means-all", "Something is left of a person who was erased",
        [Fact("customer", row.text(0))])
    }
  }

  private static func overlappingPrices(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT l.code, p.sku, a.valid_from, b.valid_from
      FROM price AS a
      JOIN price AS b ON b.product_id = a.product_id AND b.price_list_id = a.price_list_id
        AND b.minimum_quantity_micros = a.minimum_quantity_micros AND b.valid_from > a.valid_from
        AND (a.valid_until IS NULL OR a.valid_until >= b.valid_from)
      JOIN price_list AS l ON l.id = a.price_list_id
      JOIN product AS p ON p.id = a.product_id
      ORDER BY a.id, b.id
      """
    ) { row in
      InvariantViolation(
        "masterdata.prices-do-not-overlap", "Two prices hold on the same day",
        [
          Fact("price_list", row.text(0)), Fact("sku", row.text(1)), Fact("from", row.day(2)),
          Fact("other_from", row.day(3)),
        ])
    }
  }

  private static func foreignPrices(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.sku, a.currency FROM price AS a
      JOIN product AS p ON p.id = a.product_id
      JOIN price_list AS l ON l.id = a.price_list_id
      WHERE a.currency <> COALESCE(l.currency, (SELECT base_currency FROM company)) ORDER BY a.id
      """
    ) { row in
      InvariantViolation(
        "masterdata.prices-in-currency-of-list", "A price is not in the currency of its list",
        [Fact("sku", row.text(0)), Fact("currency", row.text(1))])
    }
  }

  private static func foreignRates(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT currency, base_currency FROM exchange_rate
      WHERE base_currency <> (SELECT base_currency FROM company) ORDER BY currency, valid_from
      """
    ) { row in
      InvariantViolation(
        "masterdata.rates-to-base-currency",
        "An exchange rate does not say what a currency is worth in that of the books",
        [Fact("currency", row.text(0)), Fact("base_currency", row.text(1))])
    }
  }

  private static func foreignLimits(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT code, currency FROM customer
      WHERE currency <> (SELECT base_currency FROM company) ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "masterdata.limits-in-base-currency",
        "A credit limit is not in the currency of the books",
        [Fact("customer", row.text(0)), Fact("currency", row.text(1))])
    }
  }

  private static func unknownTaxClasses(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT sku, tax_class FROM product
      WHERE tax_class NOT IN (SELECT tax_class FROM tax_rate) ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "masterdata.tax-class-has-rate", "A product has a tax class without any rate",
        [Fact("sku", row.text(0)), Fact("tax_class", row.text(1))])
    }
  }

  private static func unfindable(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT 'product', sku FROM product AS p
      WHERE NOT EXISTS (
        SELECT 1 FROM search_term
        WHERE subject = 'PRODUCT' AND term = lower(p.sku) AND code = p.sku)
      UNION ALL
      SELECT 'customer', code FROM customer AS c
      WHERE NOT EXISTS (
        SELECT 1 FROM search_term
        WHERE subject = 'CUSTOMER' AND term = lower(c.code) AND code = c.code)
      ORDER BY 1, 2
      """
    ) { row in
      InvariantViolation(
        "masterdata.code-is-search-term", "A row cannot be found by its own code",
        [Fact("subject", row.text(0)), Fact("code", row.text(1))])
    }
  }
}
