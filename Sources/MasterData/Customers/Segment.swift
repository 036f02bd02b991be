package import Storage
package import Values

/// Criteria that are looked at anew each time: a customer belongs to the segment that meets all
/// that are given.
package struct Segment: Hashable, Sendable {
  /// Names the segment for ever.
  package let code: String
  package var name: String
  /// One of these; empty for any, as all lists here.
  package var classes: [String]
  /// At home in one of these.
  package var stores: [String]
  /// All of these.
  package var tags: [String]
  /// An address in use whose region begins with one of these ("33", "DE-BY").
  package var regionPrefixes: [String]
  /// Invoiced with tax within `turnoverDays`.
  package var turnoverAtLeast: Money?
  package var turnoverBelow: Money?
  package var turnoverDays: Int
  /// Nil for any.
  package var orderedWithinDays: Int?
  package var notOrderedForDays: Int?
  /// Counts the changes, from 1.
  package var version: Int64

  package var asksForTurnover: Bool { turnoverAtLeast != nil || turnoverBelow != nil }
  package var asksForOrders: Bool { orderedWithinDays != nil || notOrderedForDays != nil }

  /// Whether the customer meets what master data can say.
  package func holds(_ customer: Customer, in snapshot: Snapshot) throws -> Bool {
    guard !customer.isErased, classes.isEmpty || classes.contains(customer.customerClass),
      stores.isEmpty || stores.contains(customer.storeCode)
    else { return false }
    if !tags.isEmpty {
      let own = Set(try CustomerTagTable.list(of: customer.code, in: snapshot))
      guard own.isSuperset(of: tags) else { return false }
    }
    if regionPrefixes.isEmpty { return true }
    let prefixes = regionPrefixes.map(Self.region)
    return try AddressTable.list(of: customer.id, in: snapshot).contains { address in
      !address.isRetired
        && prefixes.contains {
          $0.country == address.region.country && address.region.code.hasPrefix($0.code)
        }
    }
  }

  /// What is invoiced within `turnoverDays` fits.
  package func fits(turnover: Money) -> Bool {
    (turnoverAtLeast.map { turnover.minor >= $0.minor } ?? true)
      && (turnoverBelow.map { turnover.minor < $0.minor } ?? true)
  }

  /// The day of the newest order (nil: never) fits on `today`.
  package func fits(lastOrdered: Day?, on today: Day) -> Bool {
    let days = lastOrdered.map { today.daysSinceEpoch - $0.daysSinceEpoch }
    if let within = orderedWithinDays, days.map({ $0 > Int32(within) }) ?? true { return false }
    if let since = notOrderedForDays, let days, days <= Int32(since) { return false }
    return true
  }

  /// "33" is of China, "DE-BY" begins with its country.
  static func region(_ prefix: String) -> Region {
    guard let first = prefix.utf8.first, !(0x30...0x39).contains(first) else {
      return Region(country: Region.china, code: prefix)
    }
    let parts = prefix.split(separator: "-", maxSplits: 1).map(String.init)
    return Region(country: parts[0], code: parts.count == 2 ? parts[1] : "")
  }
}

/// A segment as a caller wants it to be.
package struct SegmentDraft: BatchRow {
  package let code: String
  package var name: String
  package var classes: [String] = []
  package var stores: [String] = []
  package var tags: [String] = []
  package var regionPrefixes: [String] = []
  package var turnoverAtLeast: Money?
  package var turnoverBelow: Money?
  /// 0 for a year.
  package var turnoverDays = 0
  /// 0 for any.
  package var orderedWithinDays = 0
  /// 0 for any.
  package var notOrderedForDays = 0
  /// Nil or 0 for any.
  package var expectedVersion: Int64?
  package var malformed: [any Rejection] = []

  package init(code: String, name: String) {
    self.code = code
    self.name = name
  }

  package static var codeField: String { "code" }

  func segment(
    from stored: Segment?, at path: FieldPath, base: Currency
  ) throws -> Segment {
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.text(name, "name", required: true)
    for (field, codes) in [("customer_classes", classes), ("store_codes", stores)] {
      check.range(codes.count, field, 0...50)
      for (row, code) in codes.enumerated() { check.code(code, "\(field)[\(row)]") }
    }
    check.range(tags.count, "tags", 0...20)
    let spelt = tags.enumerated().compactMap { row, text in
      let tag = CustomerTags.normalised(text)
      if tag == nil {
        check.refuse(CustomerRejection.invalidTag(field: path.field("tags[\(row)]")))
      }
      return tag
    }
    check.range(regionPrefixes.count, "region_prefixes", 0...50)
    for (row, prefix) in regionPrefixes.enumerated() {
      let region = Segment.region(prefix)
      if prefix.isEmpty || !region.hasCountry || !region.hasFormOfPrefix {
        check.refuse(
          CustomerRejection.invalidRegion(
            field: path.field("region_prefixes[\(row)]"), country: region.country))
      }
    }
    for (field, amount) in [
      ("turnover_at_least", turnoverAtLeast), ("turnover_below", turnoverBelow),
    ] {
      if let amount { check.amount(amount, field, base: base) }
    }
    for (field, days) in [
      ("turnover_days", turnoverDays), ("ordered_within_days", orderedWithinDays),
      ("not_ordered_for_days", notOrderedForDays),
    ] { check.range(days, field, 0...3_650) }
    check.version(expectedVersion, stored: stored?.version, code: code)
    try check.pass()
    return Segment(
      code: code, name: name, classes: classes, stores: stores, tags: spelt,
      regionPrefixes: regionPrefixes, turnoverAtLeast: turnoverAtLeast,
      turnoverBelow: turnoverBelow, turnoverDays: turnoverDays == 0 ? 365 : turnoverDays,
      orderedWithinDays: orderedWithinDays == 0 ? nil : orderedWithinDays,
      notOrderedForDays: notOrderedForDays == 0 ? nil : notOrderedForDays,
      version: stored?.version ?? 1)
  }
}

/// Adds or changes segments by code.
package struct UpsertSegments: Sendable {
  package let rows: [SegmentDraft]

  package init(_ rows: [SegmentDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    return try Batch.run(rows, field: "segments", in: tx) { draft, path in
      let stored = try SegmentTable.find(draft.code, in: tx)
      let segment = try draft.segment(from: stored, at: path, base: base)
      guard let stored else {
        try SegmentTable.insert(segment, base, in: tx)
        return .created
      }
      guard segment != stored else { return .unchanged }
      try SegmentTable.update(segment, base, in: tx)
      return .updated
    }
  }
}

/// Questions about segments.
package enum Segments {
  package static func require(
    code: String, field: String, in snapshot: Snapshot
  ) throws -> Segment {
    guard let found = try SegmentTable.find(code, in: snapshot) else {
      throw CustomerRejection.unknownSegment(field: field, code: code).ifNamed(code)
    }
    return found
  }

  /// In the order of the code, from the one after `code` on (nil: from the first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Segment] {
    try SegmentTable.list(after: code ?? "", limit: limit, in: snapshot)
  }
}
