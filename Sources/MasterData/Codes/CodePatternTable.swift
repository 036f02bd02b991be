import Storage
import Values

/// All SQL of `code_pattern_version` and `code_pattern`. There is no update and no delete.
enum CodePatternTable {
  /// Each new code of master data asks for it.
  private static let known = LookupCache<OnlyKey, CodePatterns>()

  static func insert(
    _ patterns: [CodePattern], reason: String, by actor: String, at now: Moment,
    in tx: Transaction
  ) throws -> CodePatterns {
    let version: ID<CodePatterns> = try tx.insert(
      "INSERT INTO code_pattern_version (reason, made_by, made_at) VALUES (?, ?, ?)", reason,
      actor, now.instant)
    for (index, pattern) in patterns.enumerated() {
      try tx.execute(
        """
        INSERT INTO code_pattern (version, position, kind, class_code, pattern)
        VALUES (?, ?, ?, ?, ?)
        """, version, index + 1, pattern.kind, pattern.classCode, pattern.pattern)
    }
    return CodePatterns(
      version: version.value, patterns: patterns, reason: reason, madeBy: actor,
      madeAt: now.instant)
  }

  static func newest(in snapshot: Snapshot) throws -> CodePatterns {
    try snapshot.lookUp(in: known) {
      let version = try snapshot.first(
        "SELECT version FROM code_pattern_version ORDER BY version DESC LIMIT 1"
      ) { $0.int64(0) }
      guard let found = try version.flatMap({ try find($0, in: snapshot) }) else {
        throw MissingRow("code_pattern_version", 1)
      }
      return found
    }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> CodePatterns? {
    let patterns = try snapshot.all(
      "SELECT kind, class_code, pattern FROM code_pattern WHERE version = ? ORDER BY position",
      version
    ) { row in
      CodePattern(kind: try row.value(0), classCode: row.text(1), pattern: row.text(2))
    }
    return try snapshot.first(
      "SELECT version, reason, made_by, made_at FROM code_pattern_version WHERE version = ?",
      version
    ) { row in
      CodePatterns(
        version: row.int64(0), patterns: patterns, reason: row.text(1), madeBy: row.text(2),
        madeAt: row.instant(3))
    }
  }
}

/// The codes that there are, by kind.
enum CodeTable {
  /// The highest code of a series; nil where none was given yet. Others stand among them that are
  /// as long and hold something else than digits: those are passed over.
  static func highest(
    of kind: CodeKind, _ series: (prefix: String, digits: Int), in snapshot: Snapshot
  ) throws -> String? {
    let first = series.prefix + String(repeating: "0", count: series.digits)
    var last = series.prefix + String(repeating: "9", count: series.digits) + "~"
    while true {
      let page = try codes(of: kind, from: first, before: last, in: snapshot)
      let found = page.first { code in
        code.dropFirst(series.prefix.count).utf8.allSatisfy { (0x30...0x39).contains($0) }
      }
      if let found { return found }
      guard page.count == limit, let lowest = page.last else { return nil }
      last = lowest
    }
  }

  private static let limit = 100

  /// As long as `first`, the highest first.
  private static func codes(
    of kind: CodeKind, from first: String, before last: String, in snapshot: Snapshot
  ) throws -> [String] {
    let length = first.utf8.count
    switch kind {
    case .customer:
      return try snapshot.all(
        """
        SELECT code FROM (
          SELECT code FROM customer WHERE code >= ? AND code < ? AND length(code) = ?
          UNION ALL
          SELECT code FROM customer_alias WHERE code >= ? AND code < ? AND length(code) = ?
        ) AS known ORDER BY code DESC LIMIT ?
        """, first, last, length, first, last, length, limit
      ) { $0.text(0) }
    case .product:
      return try snapshot.all(
        """
        SELECT sku FROM product WHERE sku >= ? AND sku < ? AND length(sku) = ?
        ORDER BY sku DESC LIMIT ?
        """, first, last, length, limit
      ) { $0.text(0) }
    case .supplier:
      return try snapshot.all(
        """
        SELECT code FROM supplier WHERE code >= ? AND code < ? AND length(code) = ?
        ORDER BY code DESC LIMIT ?
        """, first, last, length, limit
      ) { $0.text(0) }
    case .warehouse:
      return try snapshot.all(
        """
        SELECT code FROM warehouse WHERE code >= ? AND code < ? AND length(code) = ?
        ORDER BY code DESC LIMIT ?
        """, first, last, length, limit
      ) { $0.text(0) }
    case .priceList:
      return try snapshot.all(
        """
        SELECT code FROM price_list WHERE code >= ? AND code < ? AND length(code) = ?
        ORDER BY code DESC LIMIT ?
        """, first, last, length, limit
      ) { $0.text(0) }
    }
  }
}
