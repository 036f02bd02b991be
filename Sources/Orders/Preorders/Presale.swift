package import Finance
package import Inventory
package import MasterData
package import Storage
package import Values

/// A product that is sold before it is there, and on what terms.
package struct Presale: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Presale>
  package let product: ID<Product>
  package let sku: String
  package let unit: String
  package let terms: PresaleTerms
  /// Pre-ordered and not cancelled.
  package let taken: Quantity
  /// Of it, with a deposit.
  package let secured: Quantity
}

/// The terms of a presale: for pre-orders that are placed while they hold.
package struct PresaleTerms: Hashable, Sendable {
  /// The first and the last day on which it can be pre-ordered.
  package let opensOn: Day
  package let closesOn: Day
  /// Before this day none of it leaves.
  package let releasesOn: Day
  /// In all.
  package let limit: Quantity
  /// Of one customer; nil for no limit of its own.
  package let customerLimit: Quantity?
  /// Of what is ordered, with tax; more than nothing.
  package let deposit: Rate
  package let depositKind: DepositKind
  /// Within which the deposit is to be here.
  package let depositDays: Int

  package init(
    opensOn: Day, closesOn: Day, releasesOn: Day, limit: Quantity, customerLimit: Quantity? = nil,
    deposit: Rate, depositKind: DepositKind, depositDays: Int
  ) {
    self.opensOn = opensOn
    self.closesOn = closesOn
    self.releasesOn = releasesOn
    self.limit = limit
    self.customerLimit = customerLimit
    self.deposit = deposit
    self.depositKind = depositKind
    self.depositDays = depositDays
  }
}

/// Questions about presales.
package enum Presales {
  /// In the order in which they were first offered, from the one after `id` on.
  package static func list(
    sku: String? = nil, after id: ID<Presale>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Presale] {
    try PresaleTable.list(sku: sku, after: id ?? ID(0), limit: limit, in: snapshot)
  }
}

/// Offers a product before it is there, or changes the terms. What is pre-ordered keeps its deposit
/// and the day until which that is awaited.
package struct SetPresale: Sendable {
  package let sku: String
  package let limit: GivenQuantity
  package let customerLimit: GivenQuantity?
  /// Its quantities are those of `limit` and `customerLimit`.
  package let terms: PresaleTerms
  /// Who asks.
  package let actor: String

  package init(
    sku: String, limit: GivenQuantity, customerLimit: GivenQuantity? = nil, terms: PresaleTerms,
    by actor: String
  ) {
    self.sku = sku
    self.limit = limit
    self.customerLimit = customerLimit
    self.terms = terms
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Presale {
    let product = try check(on: now.day, in: tx)
    try PresaleTable.set(product, terms, in: tx)
    try PricingRulesTable.set(hasPresales: true, in: tx)
    guard let stored = try PresaleTable.find(product.id, in: tx) else {
      throw MissingRow("presale", product.id.value)
    }
    guard stored.taken <= terms.limit else {
      throw PreorderRejection.limitBelowTaken(
        field: "presale.limit", sku: sku, limit: terms.limit, taken: stored.taken)
    }
    tx.record(
      DomainEvent(
        "presale.set", DocumentReference(.masterData, "presale/\(sku)"),
        [
          Fact("opens_on", terms.opensOn), Fact("closes_on", terms.closesOn),
          Fact("releases_on", terms.releasesOn), Fact("limit", terms.limit),
          Fact("deposit", terms.deposit), Fact("deposit_kind", terms.depositKind.rawValue),
          Fact("actor", actor),
        ]))
    return stored
  }

  private func check(on today: Day, in snapshot: Snapshot) throws -> Product {
    let product = try Products.require(sku: sku, field: "presale.sku", in: snapshot)
    var check = FieldCheck(FieldPath("presale"))
    if product.kind != .stocked {
      check.refuse(PreorderRejection.notStocked(field: check.path.field("sku"), sku: sku))
    }
    let years = 3_660
    check.range(
      terms.opensOn, "opens_on", today.adding(days: -years)...today.adding(days: years))
    check.range(
      terms.closesOn, "closes_on", terms.opensOn...terms.opensOn.adding(days: years))
    check.range(
      terms.releasesOn, "releases_on", terms.opensOn...terms.opensOn.adding(days: years))
    check.range(terms.deposit, "deposit_micros", Rate(micros: 1) ... .one)
    check.range(terms.depositDays, "deposit_days", 0...365)
    limit.check(&check, "limit", of: product)
    customerLimit?.check(&check, "customer_limit", of: product)
    try check.pass()
    return product
  }
}

/// All SQL of `presale`.
enum PresaleTable {
  private static let known = LookupCache<OnlyKey, [String: Day]>()

  /// When what is or was sold before it was there leaves, by sku: all of it, there is little.
  static func releases(in snapshot: Snapshot) throws -> [String: Day] {
    try snapshot.lookUp(in: known) {
      var found: [String: Day] = [:]
      try snapshot.forEach("SELECT sku, releases_on FROM presale") {
        found[$0.text(0)] = $0.day(1)
      }
      return found
    }
  }

  static func set(_ product: Product, _ terms: PresaleTerms, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO presale (product_id, sku, unit, opens_on, closes_on, releases_on, limit_micros,
        customer_limit_micros, deposit_micros, deposit_kind, deposit_days)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (product_id) DO UPDATE SET opens_on = excluded.opens_on,
        closes_on = excluded.closes_on, releases_on = excluded.releases_on,
        limit_micros = excluded.limit_micros,
        customer_limit_micros = excluded.customer_limit_micros,
        deposit_micros = excluded.deposit_micros, deposit_kind = excluded.deposit_kind,
        deposit_days = excluded.deposit_days
      """, product.id, product.sku, product.unit, terms.opensOn, terms.closesOn, terms.releasesOn,
      terms.limit, terms.customerLimit, terms.deposit, terms.depositKind, terms.depositDays)
  }

  static func find(_ product: ID<Product>, in snapshot: Snapshot) throws -> Presale? {
    try snapshot.first(
      """
      SELECT s.id, s.product_id, s.sku, s.unit, s.opens_on, s.closes_on, s.releases_on,
        s.limit_micros, s.customer_limit_micros, s.deposit_micros, s.deposit_kind, s.deposit_days,
        COALESCE(SUM(l.ordered - l.cancelled), 0),
        COALESCE(SUM(CASE WHEN o.state IN ('DRAFT', 'SUBMITTED') THEN 0
          ELSE l.ordered - l.cancelled END), 0)
      FROM presale AS s
      LEFT JOIN preorder_product AS p ON p.presale_id = s.id
      LEFT JOIN sales_order AS o ON o.id = p.sales_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = o.id AND l.product_id = s.product_id AND l.charge = ''
      WHERE s.product_id = ?
      GROUP BY s.id
      """, product, map: presale(_:))
  }

  static func list(
    sku: String?, after id: ID<Presale>, limit: Int, in snapshot: Snapshot
  ) throws -> [Presale] {
    try snapshot.all(
      """
      SELECT s.id, s.product_id, s.sku, s.unit, s.opens_on, s.closes_on, s.releases_on,
        s.limit_micros, s.customer_limit_micros, s.deposit_micros, s.deposit_kind, s.deposit_days,
        COALESCE(SUM(l.ordered - l.cancelled), 0),
        COALESCE(SUM(CASE WHEN o.state IN ('DRAFT', 'SUBMITTED') THEN 0
          ELSE l.ordered - l.cancelled END), 0)
      FROM presale AS s
      LEFT JOIN preorder_product AS p ON p.presale_id = s.id
      LEFT JOIN sales_order AS o ON o.id = p.sales_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = o.id AND l.product_id = s.product_id AND l.charge = ''
      WHERE s.id IN (
        SELECT c.id FROM presale AS c
        WHERE c.id > ? AND (? IS NULL OR c.sku = ?) ORDER BY c.id LIMIT ?)
      GROUP BY s.id ORDER BY s.id
      """, id, sku, sku, limit, map: presale(_:))
  }

  /// What of a product is pre-ordered by others than `order`, in all and by one customer.
  static func taken(
    of presale: ID<Presale>, without order: ID<SalesOrder>, by customer: String,
    in snapshot: Snapshot
  ) throws -> (all: Quantity, customer: Quantity) {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(l.ordered - l.cancelled), 0),
        COALESCE(SUM(CASE WHEN o.customer_code = ? THEN l.ordered - l.cancelled ELSE 0 END), 0)
      FROM preorder_product AS p
      JOIN presale AS s ON s.id = p.presale_id
      JOIN sales_order AS o ON o.id = p.sales_order_id
      JOIN sales_order_line AS l
        ON l.sales_order_id = o.id AND l.product_id = s.product_id AND l.charge = ''
      WHERE p.presale_id = ? AND p.sales_order_id <> ?
      """, customer, presale, order
    ) { ($0.quantity(0), $0.quantity(1)) } ?? (.zero, .zero)
  }

  private static func presale(_ row: Row) throws -> Presale {
    Presale(
      id: row.id(0), product: row.id(1), sku: row.text(2), unit: row.text(3),
      terms: PresaleTerms(
        opensOn: row.day(4), closesOn: row.day(5), releasesOn: row.day(6), limit: row.quantity(7),
        customerLimit: row.optionalQuantity(8), deposit: row.rate(9),
        depositKind: try row.value(10), depositDays: row.int(11)),
      taken: row.quantity(12), secured: row.quantity(13))
  }
}
