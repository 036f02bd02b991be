package import Storage
package import Values

/// What a code names.
package enum CodeKind: String, Hashable, Sendable, CaseIterable {
  case customer = "CUSTOMER"
  case product = "PRODUCT"
  case supplier = "SUPPLIER"
  case warehouse = "WAREHOUSE"
  case priceList = "PRICE_LIST"
}

extension CodeKind: Bindable {}

/// How codes of a kind may be written.
package struct CodePattern: Hashable, Sendable {
  package let kind: CodeKind
  /// Of the product or customer; empty for those whose class has no pattern of its own.
  package let classCode: String
  /// As `TextPattern` reads it.
  package let pattern: String

  package init(kind: CodeKind, classCode: String = "", pattern: String) {
    self.kind = kind
    self.classCode = classCode
    self.pattern = pattern
  }

  /// A code that fits.
  package var example: String {
    String(
      pattern.compactMap { symbol in
        switch symbol {
        case "#": "1"
        case "@": "A"
        case "?": "X"
        case "*": nil
        default: symbol
        }
      } as [Character])
  }

  /// Fixed signs and then nothing but digits: the codes that fit have an order, and so a next one.
  var series: (prefix: String, digits: Int)? {
    let prefix = String(pattern.prefix { $0 != "#" })
    let digits = pattern.count - prefix.count
    guard (1...18).contains(digits), pattern.dropFirst(prefix.count).allSatisfy({ $0 == "#" }),
      !prefix.contains(where: { "@?*".contains($0) })
    else { return nil }
    return (prefix, digits)
  }
}

/// A version of the patterns that new codes must fit. None is ever changed.
package struct CodePatterns: Hashable, Sendable {
  package let version: Int64
  package let patterns: [CodePattern]
  package let reason: String
  /// Empty for the one that a company begins with, which has none.
  package let madeBy: String
  package let madeAt: Instant

  /// Those of a class if it has any, or else those of no class; none where any code will do.
  package func patterns(for kind: CodeKind, _ classCode: String) -> [CodePattern] {
    let own = patterns.filter { $0.kind == kind && $0.classCode == classCode }
    return own.isEmpty ? patterns.filter { $0.kind == kind && $0.classCode.isEmpty } : own
  }

  package static func current(in snapshot: Snapshot) throws -> CodePatterns {
    try CodePatternTable.newest(in: snapshot)
  }

  /// 0 means the newest; refuses a version that there never was.
  package static func require(version: Int64, in snapshot: Snapshot) throws -> CodePatterns {
    if version == 0 { return try current(in: snapshot) }
    guard let found = try CodePatternTable.find(version, in: snapshot) else {
      throw CodeRejection.unknownPatterns(field: "version", version: version)
    }
    return found
  }

  /// What speaks against a new code: nothing where it fits one of its patterns, or where there are
  /// none. A code that is none is refused as such elsewhere.
  static func refusals(
    of code: String, _ kind: CodeKind, _ classCode: String = "", field: String,
    in snapshot: Snapshot
  ) throws -> [any Rejection] {
    let patterns = try current(in: snapshot).patterns(for: kind, classCode)
    guard let first = patterns.first, FieldCheck.isCode(code),
      !patterns.contains(where: { TextPattern.fits(code, $0.pattern) })
    else { return [] }
    return [
      CodeRejection.outsidePattern(
        field: field, code: code, patterns: patterns.map(\.pattern), example: first.example)
    ]
  }

  /// Whether a new code may be so.
  package static func accepts(
    _ code: String, _ kind: CodeKind, _ classCode: String = "", in snapshot: Snapshot
  ) throws -> Bool {
    try FieldCheck.isCode(code)
      && refusals(of: code, kind, classCode, field: "code", in: snapshot).isEmpty
  }

  /// The next code of the first series of a kind and class; nil where there is none, or where it
  /// is used up.
  package static func next(
    _ kind: CodeKind, _ classCode: String = "", in snapshot: Snapshot
  ) throws -> String? {
    let patterns = try current(in: snapshot).patterns(for: kind, classCode)
    guard let series = patterns.lazy.compactMap(\.series).first else { return nil }
    let last = try CodeTable.highest(of: kind, series, in: snapshot)
    let number = (last.flatMap { Int64($0.dropFirst(series.prefix.count)) } ?? 0) + 1
    let digits = String(number)
    guard digits.count <= series.digits else { return nil }
    return series.prefix + String(repeating: "0", count: series.digits - digits.count) + digits
  }

  /// Whether something of the kind has the code, or had it before it was merged into another.
  package static func isTaken(
    _ code: String, _ kind: CodeKind, in snapshot: Snapshot
  ) throws -> Bool {
    switch kind {
    case .customer: try CustomerTable.find(code, in: snapshot) != nil
    case .product: try ProductTable.find(code, in: snapshot) != nil
    case .supplier: try SupplierTable.find(code, in: snapshot) != nil
    case .warehouse: try WarehouseTable.find(code, in: snapshot) != nil
    case .priceList: try PriceListTable.find(code, in: snapshot) != nil
    }
  }
}

/// Makes a new version of the patterns. Codes that are there stay valid.
package struct SetCodePatterns: Sendable {
  package let patterns: [CodePattern]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(patterns: [CodePattern], reason: String, by actor: String) {
    self.patterns = patterns
    self.reason = reason
    self.actor = actor
  }

  static let limit = 100

  package func run(in tx: Transaction, at now: Moment) throws -> CodePatterns {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(patterns.count, "patterns", 0...Self.limit)
    var seen: Set<CodePattern> = []
    for (index, pattern) in patterns.prefix(Self.limit).enumerated() {
      var found = FieldCheck(FieldPath("patterns", row: index))
      if !pattern.classCode.isEmpty {
        found.code(pattern.classCode, "class_code")
        if pattern.kind != .customer, pattern.kind != .product {
          found.refuse(CodeRejection.noClasses(field: found.path.field("class_code")))
        }
      }
      if !TextPattern.isValid(pattern.pattern)
        || !pattern.pattern.utf8.allSatisfy({ FieldCheck.isPatternByte($0) })
      {
        found.refuse(CodeRejection.invalidPattern(field: found.path.field("pattern")))
      }
      if !seen.insert(pattern).inserted {
        found.refuse(
          CodeRejection.duplicatePattern(
            field: found.path.field("pattern"), pattern: pattern.pattern))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let made = try CodePatternTable.insert(patterns, reason: reason, by: actor, at: now, in: tx)
    tx.record(
      DomainEvent(
        "code-patterns.set", DocumentReference(.masterData, "code-patterns"),
        [
          Fact("version", made.version), Fact("patterns", patterns.count), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    return made
  }
}

extension FieldCheck {
  /// 1–40 of A–Z a–z 0–9 . _ - /.
  static func isCode(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count) && text.utf8.allSatisfy(isCodeByte)
  }

  /// Of a code, or one that stands for such.
  fileprivate static func isPatternByte(_ byte: UInt8) -> Bool {
    isCodeByte(byte) || "#@?*".utf8.contains(byte)
  }
}
