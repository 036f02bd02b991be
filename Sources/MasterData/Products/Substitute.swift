package import Storage
package import Values

/// A product that can stand in for another one that cannot be had.
package struct Substitute: Hashable, Sendable {
  /// What cannot be had.
  package let product: ID<Product>
  package let sku: String
  /// What stands in for it.
  package let substitute: ID<Product>
  package let substituteSKU: String
  /// The smaller is offered first.
  package let rank: Int
  /// How much of it stands in for one unit of the other.
  package let quantity: Quantity
  package let validFrom: Day
  /// The last day; nil for ever.
  package let validUntil: Day?
  /// How it fits, for people.
  package let note: String

  package func holds(on day: Day) -> Bool {
    validFrom <= day && validUntil.map { day <= $0 } ?? true
  }
}

/// A substitute as a caller wants it to be, named by the two products.
package struct SubstituteDraft: BatchRow {
  package var sku: String
  package var substituteSKU: String
  package var rank: Int
  /// Nil for one to one.
  package var quantity: Quantity?
  /// Nil for today.
  package var validFrom: Day?
  package var validUntil: Day?
  package var note: String
  package var malformed: [any Rejection]

  package init(
    sku: String, substituteSKU: String, rank: Int, quantity: Quantity? = nil,
    validFrom: Day? = nil, validUntil: Day? = nil, note: String = "",
    malformed: [any Rejection] = []
  ) {
    self.sku = sku
    self.substituteSKU = substituteSKU
    self.rank = rank
    self.quantity = quantity
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.note = note
    self.malformed = malformed
  }

  package var code: String { sku }
  package static var codeField: String { "sku" }

  /// Codes have no blanks, so the parts cannot run into each other.
  package var identity: String { "\(sku) \(substituteSKU)" }

  /// The substitute, once both products are found.
  func substitute(at path: FieldPath, on today: Day, in snapshot: Snapshot) throws -> Substitute {
    var check = FieldCheck(path, malformed: malformed)
    let product = try Products.find(sku: sku, in: snapshot)
    let other = try Products.find(sku: substituteSKU, in: snapshot)
    for (found, given, name) in [(product, sku, "sku"), (other, substituteSKU, "substitute_sku")] {
      guard let found else {
        check.refuse(
          MasterDataRejection.unknownProduct(
            field: path.field(name), sku: String(given.prefix(60))
          ).ifNamed(given))
        continue
      }
      if found.kind == .rawMaterial || found.kind == .service {
        check.refuse(
          MasterDataRejection.cannotBeSubstituted(field: path.field(name), sku: found.sku))
      }
    }
    if sku == substituteSKU, product != nil {
      check.refuse(
        MasterDataRejection.cannotBeSubstituted(field: path.field("substitute_sku"), sku: sku))
    }
    check.range(rank, "rank", 1...1_000)
    let quantity = quantity ?? .one
    check.range(quantity, "quantity", Quantity(micros: 1)...Self.most)
    let from = validFrom ?? today
    if let validUntil { check.range(validUntil, "valid_until", from...from.adding(days: 36_600)) }
    check.text(note, "note", limit: 200)
    try check.pass()
    guard let product, let other else {
      preconditionFailure("a row that passed its checks is complete")
    }
    return Substitute(
      product: product.id, sku: product.sku, substitute: other.id, substituteSKU: other.sku,
      rank: rank, quantity: quantity, validFrom: from, validUntil: validUntil, note: note)
  }

  /// A thousand pieces for one.
  private static let most = Quantity(micros: 1_000_000_000)
}

/// Sets what can stand in for what, by the two products.
package struct UpsertSubstitutes: Sendable {
  package let rows: [SubstituteDraft]

  package init(_ rows: [SubstituteDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "substitutes", in: tx) { draft, path in
      var draft = draft
      let stored = try Substitutes.find(draft.sku, by: draft.substituteSKU, in: tx)
      // What has begun goes on from the day on which it began.
      draft.validFrom = draft.validFrom ?? stored?.validFrom
      let substitute = try draft.substitute(at: path, on: now.day, in: tx)
      guard substitute != stored else { return .unchanged }
      try SubstituteTable.upsert(substitute, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}

/// Questions about what can stand in for what.
package enum Substitutes {
  /// No product has more.
  package static let limit = 100

  /// For a product, those offered first in front; `day` nil for those of any day.
  package static func of(
    _ product: Product, on day: Day? = nil, in snapshot: Snapshot
  ) throws -> [Substitute] {
    try SubstituteTable.list(of: product.id, limit: limit, in: snapshot).filter { substitute in
      day.map { substitute.holds(on: $0) } ?? true
    }
  }

  static func find(
    _ sku: String, by substitute: String, in snapshot: Snapshot
  ) throws -> Substitute? {
    try SubstituteTable.find(sku, by: substitute, in: snapshot)
  }
}

/// All SQL of `product_substitute`.
private enum SubstituteTable {
  static func list(
    of product: ID<Product>, limit: Int, in snapshot: Snapshot
  ) throws -> [Substitute] {
    try snapshot.all(
      """
      SELECT product_id, sku, substitute_id, substitute_sku, rank, quantity, valid_from,
        valid_until, note
      FROM product_substitute WHERE product_id = ? ORDER BY rank, substitute_sku LIMIT ?
      """, product, limit, map: substitute)
  }

  static func find(
    _ sku: String, by substitute: String, in snapshot: Snapshot
  ) throws -> Substitute? {
    try snapshot.first(
      """
      SELECT s.product_id, s.sku, s.substitute_id, s.substitute_sku, s.rank, s.quantity,
        s.valid_from, s.valid_until, s.note
      FROM product AS p JOIN product_substitute AS s ON s.product_id = p.id
      WHERE p.sku = ? AND s.substitute_sku = ?
      """, sku, substitute, map: self.substitute)
  }

  static func upsert(_ row: Substitute, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO product_substitute (product_id, sku, substitute_id, substitute_sku, rank,
        quantity, valid_from, valid_until, note)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (product_id, substitute_id) DO UPDATE
      SET rank = excluded.rank, quantity = excluded.quantity,
        valid_from = excluded.valid_from, valid_until = excluded.valid_until, note = excluded.note
      """, row.product, row.sku, row.substitute, row.substituteSKU, row.rank, row.quantity,
      row.validFrom, row.validUntil, row.note)
  }

  private static func substitute(_ row: Row) -> Substitute {
    Substitute(
      product: row.id(0), sku: row.text(1), substitute: row.id(2), substituteSKU: row.text(3),
      rank: row.int(4), quantity: row.quantity(5), validFrom: row.day(6),
      validUntil: row.optionalDay(7), note: row.text(8))
  }
}
