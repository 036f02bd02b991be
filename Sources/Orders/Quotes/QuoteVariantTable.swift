import Inventory
import MasterData
import Storage
import Values

/// All SQL of `quote_variant` and `quote_line`: what is offered, frozen.
enum QuoteVariantTable {
  static func insert(
    _ variant: QuoteVariant, of quote: ID<Quote>, revision: Int, in tx: Transaction
  ) throws {
    let order = variant.order
    try tx.execute(
      """
      INSERT INTO quote_variant (quote_id, revision, variant_number, title, channel, external_id,
        warehouse_code, requested_on, shortage_rule, note, discount_micros, discount_minor,
        coupon_codes, delivery_zone, delivery_floor, delivery_lift, delivery_assembly, net_days,
        tax_included, tax_scope, rounding, net_minor, tax_minor, gross_minor,
        deposit_required_minor, largest_discount_micros, approver_role, decided_by,
        approval_explanation, delivery_address_id, rate_micros, rate_units, base_currency,
        base_gross_minor, instructions, pricing_basis)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?, ?, ?, ?, ?)
      """, quote, revision, variant.number, variant.title, order.channel, order.externalID,
      order.warehouseCode, order.requestedOn, order.shortage.rawValue, order.note,
      order.discount?.rate, order.discount?.amount?.minor,
      order.couponCodes.joined(separator: " "), order.delivery?.zone, order.delivery?.floor,
      order.delivery?.hasLift, order.delivery?.needsAssembly, order.netDays,
      order.policy.isIncluded, order.policy.scope, order.policy.rounding, order.net.minor,
      order.tax.minor, order.gross.minor, order.depositRequired.minor, variant.largestDiscount,
      order.approval.requiredRole, order.approval.decidedBy,
      order.approval.explanation.storedText, order.delivery?.addressID, order.rate?.micros,
      order.rate?.units, order.rate?.base, try order.rate?.base(of: order.gross).minor,
      order.instructions?.storedText, order.storedBasis)
    for line in order.lines {
      try insert(line, of: quote, revision: revision, variant: variant.number, in: tx)
    }
  }

  private static func insert(
    _ line: SalesOrderLine, of quote: ID<Quote>, revision: Int, variant: Int, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO quote_line (quote_id, revision, variant_number, line_number, product_id, sku,
        description, unit, sourcing, quantity, unit_price_micros, discount_micros, net_minor,
        tax_rate_micros, tax_minor, note, charge, price_explanation, adjustments, model_version,
        settings, configuration, asked_quantity, asked_unit, instructions, schedules)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, quote, revision, variant, line.number, line.product, line.sku, line.description,
      line.unit, line.sourcing, line.ordered, line.unitPrice.micros, line.discount,
      line.net.minor, line.taxRate, line.tax.minor, line.note, line.charge,
      line.priceExplanation.storedText,
      StoredRow.text(
        line.adjustments.map {
          StoredRow($0.kind.rawValue, $0.code, String($0.amount.minor))
        }),
      line.choice?.modelVersion,
      line.choice?.storedText,
      line.configuration?.storedText, line.asked?.quantity, line.asked?.unit,
      line.instructions?.storedText, line.schedules.storedText)
  }

  /// Writes down who approved it.
  static func approve(
    _ variant: QuoteVariant, of quote: ID<Quote>, revision: Int, by actor: String,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE quote_variant SET decided_by = ?
      WHERE quote_id = ? AND revision = ? AND variant_number = ?
      """, actor, quote, revision, variant.number)
  }

  /// The variants of a revision with their lines, in their order.
  static func list(
    of quote: Quote, _ revision: QuoteRevision, in snapshot: Snapshot
  ) throws -> [QuoteVariant] {
    var variants = try headers(of: quote, revision, in: snapshot)
    let currency = quote.gross.currency
    let lines = try snapshot.all(
      """
      SELECT variant_number, line_number, product_id, sku, description, unit, sourcing, quantity,
        unit_price_micros, discount_micros, net_minor, tax_rate_micros, tax_minor, note, charge,
        price_explanation, adjustments, model_version, settings, configuration,
        asked_quantity, asked_unit, instructions, schedules
      FROM quote_line WHERE quote_id = ? AND revision = ? ORDER BY variant_number, line_number
      """, quote.id, revision.revision
    ) { (variant: $0.int(0), line: try line($0, currency)) }
    for (variant, line) in lines where variants.indices.contains(variant - 1) {
      variants[variant - 1].order.lines.append(line)
    }
    return variants
  }

  /// The variants of a revision without their lines, in their order.
  static func headers(
    of quote: Quote, _ revision: QuoteRevision, in snapshot: Snapshot
  ) throws -> [QuoteVariant] {
    try snapshot.all(
      """
      SELECT variant_number, title, channel, external_id, warehouse_code, requested_on,
        shortage_rule, note, discount_micros, discount_minor, coupon_codes, delivery_zone,
        delivery_floor, delivery_lift, delivery_assembly, net_days, tax_included, tax_scope,
        rounding, net_minor, tax_minor, gross_minor, deposit_required_minor,
        largest_discount_micros, approver_role, decided_by, approval_explanation,
        delivery_address_id, rate_micros, rate_units, base_currency, instructions,
        pricing_basis
      FROM quote_variant WHERE quote_id = ? AND revision = ? ORDER BY variant_number
      """, quote.id, revision.revision
    ) { row in
      QuoteVariant(
        number: row.int(0), title: row.text(1), order: try order(row, of: quote, revision),
        largestDiscount: row.rate(23))
    }
  }

  private static func order(
    _ row: Row, of quote: Quote, _ revision: QuoteRevision
  ) throws -> SalesOrder {
    let money = { (column: Int) in Money(minor: row.int64(column), currency: quote.gross.currency) }
    return SalesOrder(
      id: ID(0), number: "", version: 0, state: .draft, channel: try row.value(2),
      externalID: row.optionalText(3), customerCode: quote.customerCode,
      customerName: quote.customerName, warehouseCode: row.text(4),
      currency: quote.gross.currency, requestedOn: row.optionalDay(5),
      shortage: try row.value(6), note: row.text(7),
      discount: row.optionalRate(8).map { .share($0) }
        ?? row.optionalInt64(9).map { .amount(Money(minor: $0, currency: quote.gross.currency)) },
      couponCodes: row.text(10).split(separator: " ").map(String.init),
      delivery: row.optionalText(11).map {
        Delivery(
          zone: $0, floor: row.int(12), hasLift: row.bool(13), needsAssembly: row.bool(14),
          addressID: row.optionalID(27))
      },
      instructions: try row.instructions(31),
      blanketNumber: nil, createdBy: revision.createdBy, createdAt: revision.createdAt,
      createdOn: revision.createdOn,
      netDays: row.int(15),
      policy: TaxPolicy(
        isIncluded: row.bool(16), scope: try row.value(17), rounding: try row.value(18)),
      rate: row.isNull(28)
        ? nil
        : ExchangeRate(
          currency: quote.gross.currency, base: row.currency(30), micros: row.int64(28),
          units: row.int64(29)),
      storedBasis: row.optionalText(32),
      net: money(19), tax: money(20), gross: money(21), depositRequired: money(22),
      approval: Approval(
        requiredRole: row.optionalText(24), decidedBy: row.optionalText(25),
        explanation: Explanation(storedText: row.text(26))),
      lines: [])
  }

  private static func line(_ row: Row, _ currency: Currency) throws -> SalesOrderLine {
    var line = SalesOrderLine(
      number: row.int(1), product: row.optionalID(2), sku: row.text(3), description: row.text(4),
      unit: row.text(5), sourcing: try row.optionalValue(6), ordered: row.quantity(7),
      asked: row.optionalQuantity(20).map { GivenQuantity($0, unit: row.text(21)) },
      schedules: try row.schedules(23),
      unitPrice: UnitPrice(micros: row.int64(8), currency: currency), discount: row.rate(9),
      net: Money(minor: row.int64(10), currency: currency), taxRate: row.rate(11),
      tax: Money(minor: row.int64(12), currency: currency), note: row.text(13),
      instructions: try row.instructions(22), charge: row.text(14),
      priceExplanation: Explanation(storedText: row.text(15)))
    line.adjustments = try StoredRow.rows(row.text(16)).map { stored in
      guard let kind = Adjustment.Kind(rawValue: stored.tag) else { throw DamagedRow(row: stored) }
      return Adjustment(
        kind: kind, code: try stored.text(0),
        amount: Money(minor: try stored.int64(1), currency: currency))
    }
    if let version = row.optionalInt64(17), let settings = row.optionalText(18) {
      line.choice = try ChosenConfiguration(modelVersion: version, storedText: settings)
      line.configuration = try row.optionalText(19).map { try Configuration(storedText: $0) }
    }
    return line
  }
}
